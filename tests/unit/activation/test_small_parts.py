"""Redaction, delivery, pace, days, the record of accepted messages, what a closed gate says."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from orchestration.activation.adapters.accepted_log import accepted_ids
from orchestration.activation.delivery import Delivery, allowed, requested
from orchestration.activation.errors import ReconcileUnavailable
from orchestration.activation.gate import REQUIRED_GATES, GateState
from orchestration.activation.pace import Pace
from orchestration.activation.planning import end_of_day
from orchestration.activation.redaction import LONGEST, redact
from tests.integration.activation.stand_ins import MovedClock

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("550 <lin@reader.example> unknown", "550 <<address>> unknown"),
        ('no mailbox "Lin Wu"@reader.example here', "no mailbox <address> here"),
        ("LIN@READER.EXAMPLE, wu@x.example", "<address>, <address>"),
        ("call +86 138-0013-8000 or 13800138000", "call <number> or <number>"),
        ("5.1.1 user unknown (in reply to RCPT TO)", "5.1.1 user unknown (in reply to RCPT TO)"),
        ("line one\r\nline\x00 two", "line one line two"),
    ],
)
def test_nothing_that_names_a_person_is_left(text: str, told: str) -> None:
    assert redact(text) == told


def test_the_very_address_is_cut_out_whatever_its_shape() -> None:
    assert redact("unknown: lin at reader", ["lin at reader"]) == "unknown: <address>"


def test_what_is_kept_is_short() -> None:
    assert len(redact("x " * 1000)) == LONGEST


@pytest.mark.parametrize(
    ("configured", "asked", "given"),
    [
        ("live", "live", "live"),
        ("live", "dry_run", "dry_run"),
        ("dry_run", "live", "dry_run"),
        ("test", "live", "test"),
        ("live", "test", "test"),
        ("dry_run", "test", "dry_run"),
    ],
)
def test_the_shorter_of_two_keys_opens(configured: Delivery, asked: Delivery, given: Delivery) -> None:
    assert allowed(configured, asked) == given


def test_the_commands_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOUCHSTREAM_DELIVERY", raising=False)
    assert requested() == "dry_run"
    assert requested(live=True) == "live"
    monkeypatch.setenv("TOUCHSTREAM_DELIVERY", "test")
    assert requested() == "test"
    monkeypatch.setenv("TOUCHSTREAM_DELIVERY", "yes")
    with pytest.raises(ValueError, match="dry_run, test, live"):
        requested()


def test_steps_are_even_and_rest_is_not_made_up_for() -> None:
    clock = MovedClock()
    pace = Pace(10, clock)
    for _ in range(5):
        pace.wait()
    assert clock.ahead == pytest.approx(timedelta(seconds=0.4), abs=timedelta(seconds=0.1))
    clock.sleep(10)
    before = clock.ahead
    pace.wait()
    assert clock.ahead == before
    pace.wait()
    assert clock.ahead > before


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        (date(2017, 12, 31), "America/New_York", datetime(2018, 1, 1, 5, tzinfo=UTC)),
        (date(2017, 3, 12), "America/New_York", datetime(2017, 3, 13, 4, tzinfo=UTC)),
        (date(2025, 3, 1), "Asia/Shanghai", datetime(2025, 3, 1, 16, tzinfo=UTC)),
    ],
)
def test_a_day_ends_in_the_brands_zone(day: date, zone: str, end: datetime) -> None:
    assert end_of_day(day, zone) == end - timedelta(microseconds=1)


def _log(path: Path, *ids: str) -> Path:
    path.write_text("".join(json.dumps({"message_id": item, "size": 1}) + "\n" for item in ids))
    return path


def test_the_record_is_searched_for_what_is_wanted(tmp_path: Path) -> None:
    log = _log(tmp_path / "log", "<1@b>", "<2@b>", "<3@b>")
    assert accepted_ids(log, {"<2@b>", "<9@b>"}, since=LONG_AGO) == {"<2@b>"}


def test_a_record_turned_over_since_is_read_too(tmp_path: Path) -> None:
    log = _log(tmp_path / "log", "<2@b>")
    old = _log(tmp_path / "log.1", "<1@b>")
    assert accepted_ids(log, {"<1@b>", "<2@b>"}, since=LONG_AGO) == {"<1@b>", "<2@b>"}
    os.utime(old, (0, 0))
    assert accepted_ids(log, {"<1@b>", "<2@b>"}, since=LONG_AGO) == {"<2@b>"}


def test_a_line_still_being_written_is_not_read(tmp_path: Path) -> None:
    log = _log(tmp_path / "log", "<1@b>")
    with log.open("a") as stream:
        stream.write('{"message_id": "<2@')
    assert accepted_ids(log, {"<1@b>", "<2@b>"}, since=LONG_AGO) == {"<1@b>"}


@pytest.mark.parametrize("content", [None, "not json\n", '{"id": 1}\n', "[1]\n"])
def test_a_record_that_cannot_be_read_proves_nothing(tmp_path: Path, content: str | None) -> None:
    log = tmp_path / "log"
    if content is not None:
        log.write_text(content)
    with pytest.raises(ReconcileUnavailable):
        accepted_ids(log, {"<1@b>"}, since=LONG_AGO)


GREEN = dict.fromkeys(REQUIRED_GATES, "green")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (GateState(), "Nothing was built yet"),
        (GateState(7, "serving", "running", None, GREEN), "build 7 .* is running"),
        (GateState(7, "serving", "done", None, {}), "landing, dbt_tests, marts, payload not judged"),
        (GateState(7, "serving", "done", None, GREEN | {"marts": "red"}), "build 7 .* marts red"),
        (GateState(7, "serving", "done", None, GREEN | {"another": "red"}), "another red"),
    ],
)
def test_a_closed_gate_says_why_and_what_to_do(state: GateState, told: str) -> None:
    assert not state.is_open
    assert re.search(told, state.reason)
    assert "touchstream" in state.reason


def test_an_open_gate_has_nothing_to_say() -> None:
    assert GateState(7, "serving", "done", None, GREEN).is_open
    assert GateState(7, "serving", "done", None, GREEN).reason == ""
