"""Day by day: the same people do the same, and answer what gateways took, nothing else."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from simulator.brand.accepted import RecordError, read
from simulator.brand.lin_story import Lin
from simulator.brand.parameters import Parameters
from simulator.brand.run import Home, RunError, write_at_once, write_day
from tests.unit.simulator.reading import files, rows

START, UNTIL = date(2025, 2, 20), date(2025, 3, 11)
SMALL = Parameters(customers=400, days=40, start=START, until=UNTIL, daily_files=2, dirt=0.01)


def digests(home: Path, day: date) -> dict[str, str]:
    """The files of one day, each with the hash of its bytes."""
    found = [path for path in files(home) if f"_{day.isoformat()}." in path.name and "_until_" not in path.name]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A brand whose first twenty days are written."""
    home = tmp_path_factory.mktemp("begun")
    write_at_once(Home(home), SMALL)
    return home


@pytest.fixture
def home(begun: Path, tmp_path: Path) -> Path:
    """The same, to go on with."""
    for path in begun.rglob("*"):
        target = tmp_path / path.relative_to(begun)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.write_bytes(path.read_bytes())
    return tmp_path


def days_after(count: int) -> list[date]:
    return [UNTIL + timedelta(days=number + 1) for number in range(count)]


def members(home: Path, channel: str, column: str) -> list[str]:
    """Addresses of members who agreed to a channel."""
    agreed = {row["member_no"] for row in rows(home, "consents") if row["channel"] == channel}
    return [row[column] for row in rows(home, "members") if row["member_no"] in agreed and row[column]]


def record(path: Path, recipients: list[str], wave: str) -> Path:
    """What the mail stand-in keeps."""
    lines = [
        {
            "message_id": f"<{wave}-{number}@qinglan.example>",
            "recipient": to,
            "received_at": "2026-11-01T08:00:00+00:00",
        }
        for number, to in enumerate(recipients)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_without_messages_a_day_alone_is_the_day_of_the_whole(home: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    write_at_once(Home(whole), dataclasses.replace(SMALL, until=UNTIL + timedelta(days=3), daily_files=3))
    for day in days_after(3):
        write_day(Home(home), SMALL, day, [])
        daily = digests(whole, day)
        assert len(daily) > 15
        assert {name: digest for name, digest in digests(home, day).items() if name in daily} == daily


def test_days_come_one_after_the_other(home: Path) -> None:
    with pytest.raises(RunError, match="newest is 2025-03-11"):
        write_day(Home(home), SMALL, UNTIL + timedelta(days=2), [])
    (first,) = days_after(1)
    write_day(Home(home), SMALL, first, [])
    before = digests(home, first)
    write_day(Home(home), SMALL, first, [])
    assert digests(home, first) == before
    with pytest.raises(RunError, match="newest is 2025-03-12"):
        write_day(Home(home), SMALL, UNTIL, [])


def test_a_story_may_begin_day_by_day(tmp_path: Path) -> None:
    assert write_day(Home(tmp_path), SMALL, START, []) > 0
    assert {path.parent.name for path in files(tmp_path)} >= {"catalogue", "members", "stores"}


def test_answers_arise_from_what_was_taken_and_change_nothing_else(home: Path, tmp_path: Path) -> None:
    first, second, third = days_after(3)
    quiet = tmp_path / "quiet"
    write_at_once(Home(quiet), dataclasses.replace(SMALL, until=third, daily_files=3))
    to = members(home, "email", "email")
    taken = record(tmp_path / "accepted.jsonl", to, "a")
    for day in (first, second, third):
        write_day(Home(home), SMALL, day, [taken])
    told = [row for row in rows(home, "email_events") if row["sg_message_id"].startswith("<a-")]
    kinds = [row["event"] for row in told]
    assert len(to) > 60
    assert kinds.count("delivered") + kinds.count("bounce") == len(to)
    assert 0.08 * len(to) < kinds.count("open") < 0.7 * len(to)
    assert kinds.count("click") <= kinds.count("open")
    touched = {
        "email_events",
        "consents",
        "shop_orders",
        "shop_order_items",
        "shop_payments",
        "shop_shipments",
        "points",
    }
    for day in (first, second, third):
        organic = {name: digest for name, digest in digests(quiet, day).items() if name.split("_20")[0] not in touched}
        assert {name: digests(home, day)[name] for name in organic} == organic


def test_the_same_record_is_answered_once_and_the_same_way(home: Path, tmp_path: Path) -> None:
    (first,) = days_after(1)
    taken = record(tmp_path / "accepted.jsonl", members(home, "email", "email"), "a")
    write_day(Home(home), SMALL, first, [taken])
    before, kept = digests(home, first), (home / "truth/state/answers.json").read_bytes()
    write_day(Home(home), SMALL, first, [taken])
    assert (digests(home, first), (home / "truth/state/answers.json").read_bytes()) == (before, kept)


def test_sms_and_wechat_are_answered_too_and_orders_are_in_every_book(home: Path, tmp_path: Path) -> None:
    phones = members(home, "sms", "phone")
    openids = [row["openid"] for row in rows(home, "wechat_followers") if "openid" in row]
    taken = tmp_path / "accepted.jsonl"
    lines = [{"biz_id": f"s{n}", "phone_number": phone, "link_id": f"k{n}"} for n, phone in enumerate(phones)]
    lines += [{"msgid": f"w{n}", "touser": openid} for n, openid in enumerate(openids)]
    taken.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    days = days_after(4)
    for day in days:
        write_day(Home(home), SMALL, day, [taken])
    reports = {row["biz_id"] for row in rows(home, "sms_receipts")}
    assert {f"s{n}" for n in range(len(phones))} <= reports
    assert {row["short_code"] for row in rows(home, "sms_clicks")} & {f"k{n}" for n in range(len(phones))}
    assert any(row.get("MsgID", "").startswith("w") for row in rows(home, "wechat_events"))
    orders = {row["order_no"] for row in rows(home, "shop_orders") if row["order_no"].startswith("WA")}
    assert orders
    for source in ("shop_order_items", "shop_payments"):
        assert {row["order_no"] for row in rows(home, source) if row["order_no"].startswith("WA")} == orders
    assert {row["order_no"] for row in rows(home, "points") if (row["order_no"] or "").startswith("WA")} <= orders


def test_lin_answers_the_platform_on_her_day_only(home: Path, tmp_path: Path) -> None:
    waiting = dataclasses.replace(SMALL, lin=Lin(messages="platform").shifted(10))
    fresh = tmp_path / "lin"
    write_at_once(Home(fresh), dataclasses.replace(waiting, until=date(2025, 3, 12)))
    taken = tmp_path / "accepted.jsonl"
    taken.write_text(json.dumps({"message_id": "x1", "openid": Lin().openid}) + "\n", encoding="utf-8")
    write_day(Home(fresh), waiting, date(2025, 3, 13), [taken])
    for number in range(14, 20):
        write_day(Home(fresh), waiting, date(2025, 3, number), [taken])
    booked = [row for row in rows(fresh, "store_appointments") if row["appointment_no"] == "A-LIN-1"]
    assert [row["status"] for row in booked] == ["booked", "kept"]


def test_a_record_that_names_nobody_is_refused_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "accepted.jsonl"
    path.write_text('{"message_id": "a", "recipient": "x@y.example"}\n{"message_id": "b"}\n', encoding="utf-8")
    with pytest.raises(RecordError, match="line 2"):
        read([path])
