"""What each turn of an SMTP conversation proves, and how a message looks on the wire."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from aiosmtpd.smtp import Envelope

from orchestration.activation.adapters import mail
from orchestration.activation.adapters.interface import Message, Outcome
from orchestration.activation.adapters.smtp import SmtpAdapter, outcome_of
from orchestration.activation.clock import SystemClock
from orchestration.activation.content import Content
from orchestration.brands import Destination
from simulator.smtp_gateway import Fault, Gateway, Kind

OPS = [UUID(int=number) for number in range(1, 6)]


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    with Gateway(tmp_path / "accepted.jsonl") as running:
        yield running


def _adapter(gateway: Gateway, **settings: object) -> SmtpAdapter:
    chosen = {
        "kind": "smtp",
        "port": gateway.port,
        "from_address": "Brand <hello@brand.example>",
        "accepted_log": str(gateway.record),
        "timeout_seconds": 2,
    } | settings
    return SmtpAdapter(Destination.model_validate(chosen), home=Path("/"), clock=SystemClock())


def _messages(*addresses: str) -> list[Message]:
    content = Content({"subject": "Hello", "text": "Line one\n.dot first\n"})
    return [Message(op_id, address, content) for op_id, address in zip(OPS, addresses, strict=False)]


def _outcomes(adapter: SmtpAdapter, *addresses: str) -> list[Outcome]:
    return [row.outcome for row in adapter.send(_messages(*addresses), lambda: 60.0).rows]


@pytest.mark.parametrize(
    ("step", "code", "outcome"),
    [
        ("message", 250, "accepted"),
        ("message", 451, "retry"),
        ("message", 554, "rejected"),
        ("message", -1, "unknown"),
        ("message", 354, "unknown"),
        ("recipient", 450, "retry"),
        ("recipient", 550, "rejected"),
        ("recipient", -1, "retry"),
        ("command", 250, "retry"),
        ("command", 451, "retry"),
        ("command", 554, "rejected"),
    ],
)
def test_a_reply_proves_what_the_standard_says(step: str, code: int, outcome: Outcome) -> None:
    assert outcome_of(step, code) == outcome


def test_one_bad_recipient_costs_the_others_nothing(gateway: Gateway) -> None:
    gateway.faults = [Fault("refuse", "b@x.example", code=550), Fault("refuse", "c@x.example", code=451)]
    assert _outcomes(_adapter(gateway), "a@x.example", "b@x.example", "c@x.example", "d@x.example") == [
        "accepted",
        "rejected",
        "retry",
        "accepted",
    ]
    assert [entry["recipient"] for entry in gateway.accepted()] == ["a@x.example", "d@x.example"]


@pytest.mark.parametrize("kind", ["drop", "lose"])
def test_what_follows_a_lost_answer_was_not_begun(gateway: Gateway, kind: Kind) -> None:
    gateway.faults = [Fault(kind, "b@x.example")]
    assert _outcomes(_adapter(gateway), "a@x.example", "b@x.example", "c@x.example") == [
        "accepted",
        "unknown",
        "not_sent",
    ]


def test_nobody_at_the_port_means_nothing_was_sent(gateway: Gateway) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    report = _adapter(gateway, port=port).send(_messages("a@x.example", "b@x.example"), lambda: 60.0)
    assert [row.outcome for row in report.rows] == ["retry", "retry"]
    assert report.trouble is not None
    assert report.trouble.startswith("connection ConnectionRefusedError")


def test_a_server_that_refuses_us_is_in_trouble_and_no_recipient_is_to_blame(gateway: Gateway) -> None:
    gateway.faults = [Fault("refuse_sender", code=553)]
    report = _adapter(gateway).send(_messages("a@x.example", "b@x.example"), lambda: 60.0)
    assert [row.outcome for row in report.rows] == ["retry", "retry"]
    assert report.trouble == "sender 553: <<address>> may not send"


def test_a_server_that_falls_silent_before_the_message_has_not_taken_it(gateway: Gateway) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        adapter = _adapter(gateway, port=silent.getsockname()[1], timeout_seconds=0.2)
        report = adapter.send(_messages("a@x.example"), lambda: 60.0)
    assert [row.outcome for row in report.rows] == ["retry"]


def test_without_permission_nothing_more_leaves(gateway: Gateway) -> None:
    answers = iter([60.0, 0.0])
    report = _adapter(gateway).send(_messages("a@x.example", "b@x.example", "c@x.example"), lambda: next(answers))
    assert [row.outcome for row in report.rows] == ["accepted", "not_sent", "not_sent"]
    assert len(gateway.accepted()) == 1


def test_a_conversation_ends_before_the_lease_does(gateway: Gateway) -> None:
    gateway.faults = [Fault("slow", "a@x.example", seconds=5)]
    before = datetime.now(UTC)
    report = _adapter(gateway, timeout_seconds=30).send(_messages("a@x.example"), lambda: 0.3)
    assert [row.outcome for row in report.rows] == ["unknown"]
    assert (datetime.now(UTC) - before).total_seconds() < 3


def test_the_servers_log_says_what_it_took(gateway: Gateway) -> None:
    adapter = _adapter(gateway)
    adapter.send(_messages("a@x.example", "b@x.example"), lambda: 60.0)
    assert adapter.accepted(frozenset(OPS), since=datetime.now(UTC)) == frozenset(OPS[:2])


def test_without_a_log_one_message_is_claimed_at_a_time(gateway: Gateway) -> None:
    without = _adapter(gateway, accepted_log=None, batch_size=50).capabilities
    assert (without.reconcile, without.batch_max) == ("none", 1)
    assert _adapter(gateway, batch_size=50).capabilities.batch_max == 50


def test_settings_that_cannot_work_are_named(gateway: Gateway) -> None:
    wrong = _adapter(
        gateway, username_env="NO_SUCH_VARIABLE", from_address="me", unsubscribe_url="a b"
    ).check_settings()
    assert [told.partition(":")[0] for told in wrong] == [
        "from_address",
        "username_env",
        "username_env and password_env",
        "security",
        "unsubscribe_url",
    ]
    assert _adapter(gateway).check_settings() == ()


@pytest.mark.parametrize("address", ["a@b.example", "first.last+tag@sub.reader-shop.example", "o'neil@x.example"])
def test_addresses_that_can_be_mailed_to(address: str) -> None:
    assert mail.refusal(address) is None


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b", "a b@c.example", "a@b.example\nBcc: x@y.example", "a@@b.example", ".a@b.example", "a..b@c.example",
     "<a@b.example>", "张@b.example", "a@-b.example", f"{'a' * 65}@b.example", f"a@{'b' * 250}.example"],
)  # fmt: skip
def test_texts_that_are_no_address(address: str) -> None:
    assert mail.refusal(address) is not None


LONG_PAGE = f"https://brand.example/{'long/' * 20}no?l=1"


def _parsed(message: Message, *, url: str | None = LONG_PAGE) -> EmailMessage:
    link = mail.unsubscribe_link(message.op_id, url=url, sender="品牌 <hello@brand.example>")
    wire = mail.as_bytes(
        message,
        sender="品牌 <hello@brand.example>",
        link=link,
        is_one_click=link.startswith("https:"),
        sent_at=datetime(2026, 1, 2, tzinfo=UTC),
    )
    assert wire.isascii()
    assert b"\n" not in wire.replace(b"\r\n", b"")
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    return message_from_bytes(wire, policy=policy.default)


def test_a_message_has_one_recipient_a_lasting_id_and_a_way_out() -> None:
    parsed = _parsed(
        Message(OPS[0], "a@x.example", Content({"subject": "好久不见", "text": "您好", "html": "<p>您好</p>"}))
    )
    assert parsed["To"] == "a@x.example"
    assert parsed["Subject"] == "好久不见"
    assert parsed["Message-ID"] == f"<{OPS[0]}@brand.example>"
    assert parsed["List-Unsubscribe"] == f"<{LONG_PAGE}&m={OPS[0]}>"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, markup = parsed.iter_parts()
    assert (text.get_content_type(), markup.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().strip() == "您好"


def test_without_a_page_the_way_out_is_a_mail() -> None:
    parsed = _parsed(Message(OPS[0], "a@x.example", Content({"subject": "s", "text": "t"})), url=None)
    assert parsed["List-Unsubscribe"] == f"<mailto:hello@brand.example?subject=unsubscribe%20{OPS[0]}>"
    assert parsed["List-Unsubscribe-Post"] is None


def test_a_line_that_begins_with_a_dot_arrives_whole(tmp_path: Path) -> None:
    class Keeps(Gateway):
        contents: tuple[bytes, ...] = ()

        def _append(self, envelope: Envelope) -> None:
            self.contents = (*self.contents, cast("bytes", envelope.original_content))

    with Keeps(tmp_path / "record") as keeps:
        assert _outcomes(_adapter(keeps), "a@x.example") == ["accepted"]
        assert b"\r\n.dot first\r\n" in keeps.contents[0]
