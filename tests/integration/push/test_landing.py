"""What was pushed is in raw within seconds, once, and every record of it is accounted for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

from orchestration.brands import Brand
from orchestration.sources.connectors import push
from orchestration.sources.landing import land, replay
from orchestration.sources.push import inbox, records
from orchestration.warehouse import query
from tests.integration.push.kit import SECRET, Endpoint, event, landed_events, mac, put, serving, until, until_landed
from tests.workshop import Workshop, rows

RECEIPTS: list[dict[str, Any]] = [
    {
        "phone_number": phone,
        "send_time": "2025-03-01 10:00:00",
        "report_time": "2025-03-01 10:00:05",
        "success": success,
        "err_code": code,
        "err_msg": "用户接收成功" if success else "空号",
        "sms_size": "1",
        "biz_id": f"biz-{number}",
        "out_id": f"out-{number}",
    }
    for number, (phone, success, code) in enumerate(
        [("13800138000", True, "DELIVERED"), ("13800138001", False, "MK:0001")]
    )
]
REPLIES = [
    {
        "phone_number": phone,
        "send_time": "2025-03-01 11:00:00",
        "content": content,
        "sign_name": "青岚",
        "dest_code": "1069",
        "sequence_id": number,
    }
    for number, (phone, content) in enumerate([("13800138000", " td。"), ("13800138001", "谢谢, TD 是什么")])
]


def test_receipts_in_the_shape_of_aliyun_are_answered_as_it_expects_and_land(endpoint: Endpoint) -> None:
    body = json.dumps(RECEIPTS, ensure_ascii=False).encode()
    answer = endpoint.post("sms_receipts", body, headers={}, params={"token": SECRET})
    assert (answer.status_code, answer.json()) == (200, {"code": 0, "msg": "received"})
    until_landed(endpoint.brand)
    assert rows(
        endpoint.brand,
        "select rec.message_id, rec.out_id, clr.value, rec.is_delivered, cast(rec.reported_at as text), rec.error_code,"
        " rec.segment_count from raw.raw_sms__receipt as rec"
        " inner join vault.clear_value as clr on clr.value_key = rec.phone_key order by 1",
    ) == [
        ("biz-0", "out-0", "+8613800138000", True, "2025-03-01 02:00:05+00", "DELIVERED", 1),
        ("biz-1", "out-1", "+8613800138001", False, "2025-03-01 02:00:05+00", "MK:0001", 1),
    ]


def test_a_refused_receipt_is_told_in_the_same_shape(endpoint: Endpoint) -> None:
    answer = endpoint.post("sms_receipts", b"[]", headers={}, params={"token": "x"})
    assert (answer.status_code, answer.json()["code"]) == (401, 401)


def test_an_opt_out_by_reply_holds_from_the_commit_that_lands_it(endpoint: Endpoint) -> None:
    body = json.dumps(REPLIES, ensure_ascii=False).encode()
    assert endpoint.post("sms_replies", body, headers={"X-Signature": f"Bearer {SECRET}"}).json()["code"] == 0
    until_landed(endpoint.brand)
    assert rows(
        endpoint.brand,
        "select clr.value, sup.channel, sup.purpose, sup.is_suppressed from ops.suppression as sup"
        " inner join vault.clear_value as clr on clr.value_key = sup.identifier_key",
    ) == [("+8613800138000", "sms", "marketing", True)]


def test_mail_events_of_a_vendor_land_and_unsubscriptions_suppress(workshop: Workshop, brand: Brand) -> None:
    told = [
        {"sg_event_id": name, "sg_message_id": "m", "email": "L@tea.example", "event": name, "timestamp": 1_740_794_400}
        for name in ("delivered", "open", "unsubscribe", "processed")
    ]
    body = json.dumps(told).encode()
    with serving(workshop, brand, "--land-every", "0.1") as endpoint:
        answer = endpoint.post("mail_events", body, headers={"X-Signature": f"sha256={mac(body)}"})
        assert answer.json() == {"received": 4, "known": False}
        until_landed(brand)
    assert rows(brand, "select event_id, event_type from raw.raw_email__event order by event_type") == [
        ("delivered", "delivered"),
        ("open", "opened"),
        ("unsubscribe", "unsubscribed"),
    ]
    assert rows(brand, "select reason, field from quarantine.row") == [("not_allowed", "event_type")]
    assert rows(brand, "select count(*) from ops.suppression where is_suppressed") == [(1,)]


def test_records_may_lie_within_the_body_and_fields_within_a_record(endpoint: Endpoint) -> None:
    one = {
        "messageId": "s-1",
        "event": "page",
        "originalTimestamp": "2025-03-01T02:00:00.123Z",
        "anonymousId": "c-9",
        "context": {"page": {"url": "https://tea.example/oil"}},
    }
    body = json.dumps({"batch": [one], "sentAt": "2025-03-01T02:00:01Z", "writeKey": "k"}).encode()
    assert endpoint.post("batches", body, headers={"X-Hub-Signature-256": mac(body)}).json()["received"] == 1
    until_landed(endpoint.brand)
    found = rows(endpoint.brand, "select page_url from raw.raw_web__event where _source = 'batches'")
    assert found == [("https://tea.example/oil",)]


def test_the_same_delivery_again_is_known_and_lands_once_also_after_landing(workshop: Workshop, brand: Brand) -> None:
    with serving(workshop, brand, "--no-land") as endpoint:
        first = [endpoint.send("events", [event("a"), event("b")]).json() for _ in range(3)]
        assert [answer["known"] for answer in first] == [False, True, True]
        assert endpoint.send("events", [event("b"), event("c")]).json()["known"] is False
        assert [(item.landed, item.accepted, item.duplicate) for item in land.land(brand)] == [(4, 3, 1)]
        assert endpoint.send("events", [event("a"), event("b")]).json()["known"] is True
        assert land.land(brand) == []
    assert landed_events(brand) == {"a": 1, "b": 1, "c": 1}
    assert rows(brand, "select count(body), count(*) from vault.inbox") == [(0, 2)]


def test_a_broken_record_waits_in_quarantine_and_the_others_land(workshop: Workshop, brand: Brand) -> None:
    sent = [
        [event("a"), 7, {"event_id": "no more"}, event("b", value_amount="much")],
        {"nothing": "known"},
        [event("c", **{"a\0b": 1}), event("d", page_url="x\0y"), event("e")],
        [event("f", event_at="2999-01-01T00:00:00Z")],
    ]
    with serving(workshop, brand, "--no-land") as endpoint:
        received = sum(endpoint.send("events", body).json()["received"] for body in sent)
        lines = json.dumps(event("g")) + "\nbroken " + json.dumps(event("h"))
        received += endpoint.post("events", lines.encode()).json()["received"]
    assert received == 11
    land.land(brand)
    assert rows(brand, "select sum(landed), sum(accepted), sum(duplicate), sum(quarantined) from ops.batch") == [
        (11, 3, 0, 8)
    ]
    assert landed_events(brand) == {"a": 1, "e": 1, "g": 1}
    assert rows(brand, "select row_number, reason, field from quarantine.row order by row_number") == [
        (2, "malformed_row", None),
        (3, "missing_value", "event_name"),
        (4, "wrong_type", "value_amount"),
        (5, "missing_value", "event_id"),
        (6, "malformed_row", None),
        (7, "nul_byte", None),
        (9, "event_in_future", "event_at"),
        (11, "malformed_row", None),
    ]


def test_a_record_taken_out_of_quarantine_lands(brand: Brand) -> None:
    put(brand, "events", [event("a", value_amount="12,50")])
    land.land(brand)
    (waiting,) = rows(brand, "select quarantine_id from quarantine.row")
    corrected = {str(waiting[0]): json.dumps(event("a", value_amount="12.50"))}
    assert [item.accepted for item in replay.replay(brand, corrections=corrected)] == [1]
    assert landed_events(brand) == {"a": 1}


def test_a_record_is_read_alike_whatever_came_with_it(brand: Brand) -> None:
    """A key that looks like a path, or a field that none of a batch has, changes nothing for the others."""
    one = {"messageId": "1", "event": "page", "originalTimestamp": "2025-03-01", "anonymousId": "c"}
    deep = {**one, "context": {"page": {"url": "https://tea.example/"}}}
    put(brand, "batches", {"batch": [deep, {**one, "messageId": "2", "context.page.url": "elsewhere"}]})
    put(brand, "events", {"strange": 1})
    results = {item.source: item for item in land.land(brand)}
    assert (results["events"].outcome, results["events"].quarantined) == ("landed", 1)
    assert rows(brand, "select event_id, page_url from raw.raw_web__event order by 1") == [
        ("1", "https://tea.example/"),
        ("2", None),
    ]


def test_a_large_push_lands_whole(workshop: Workshop, brand: Brand) -> None:
    many = [event(f"e-{number}", page_url="https://tea.example/" + "x" * 150) for number in range(6_000)]
    with serving(workshop, brand, "--land-every", "0.1") as endpoint:
        assert endpoint.send("events", many).json()["received"] == 6_000
        until_landed(brand)
    assert landed_events(brand) == {f"e-{number}": 1 for number in range(6_000)}
    assert rows(brand, "select landed, accepted from ops.batch") == [(6_000, 6_000)]


@pytest.mark.parametrize("part", ["its rows", "its body"])
def test_a_push_that_cannot_be_landed_keeps_no_other_one_waiting(
    brand: Brand, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Batches with it fail, by a refusal or by an error; each new pass finds it in smaller company, at last alone."""
    split, bodies = records.split, inbox.bodies

    def broken_rows(body: bytes, path: str, layout: records.Layout) -> Any:
        if b"poison" in body:
            raise ZeroDivisionError
        return split(body, path, layout)

    def broken_bodies(connection: inbox.Connection, pushes: Sequence[inbox.Waiting]) -> list[inbox.Body]:
        found = bodies(connection, pushes)
        if any(b"poison" in item.body for item in found):
            raise ZeroDivisionError
        return found

    monkeypatch.setattr(push, "PUSHES", 64)
    monkeypatch.setattr(records, "split", broken_rows if part == "its rows" else split)
    monkeypatch.setattr(inbox, "bodies", broken_bodies if part == "its body" else bodies)
    names = [f"e-{number}" for number in range(20)]
    for name in [*names[:10], "poison", *names[10:]]:
        put(brand, "events", [event(name)])
    passes = 0
    while landed_events(brand).keys() != set(names):
        assert passes < 10
        names.append(f"new-{passes}")
        put(brand, "events", [event(names[-1])])
        with suppress(ZeroDivisionError):
            land.land(brand, sources=["events"])
        assert landed_events(brand).get(names[-1], 0) == (passes > 0), "new pushes do not wait for failing ones"
        passes += 1
    assert passes > 2
    assert rows(brand, "select record_count from ops.push where batch_id is null") == [(1,)]
    monkeypatch.setattr(records, "split", split)
    monkeypatch.setattr(inbox, "bodies", bodies)
    land.land(brand)
    assert landed_events(brand) == dict.fromkeys([*names, "poison"], 1)


def test_the_endpoint_goes_on_after_a_landing_that_failed_and_its_log_repeats_nothing(
    workshop: Workshop, brand: Brand
) -> None:
    broken = {"TOUCHSTREAM_FAILPOINT": "landing.before_commit:raise"}
    with serving(workshop, brand, "--land-every", "0.1", environment=broken) as endpoint:
        endpoint.send("events", event("canary-7", page_title="canary-8"))
        until_landed(brand)
        assert "landing failed: FailpointError" in endpoint.told()
        until(lambda: endpoint.client.get(f"{endpoint.url}/health").json()["landing"] == "ok")
        assert "canary" not in endpoint.told()
    assert landed_events(brand) == {"canary-7": 1}
    assert rows(brand, "select attempts from ops.push") == [(2,)]


def test_clear_text_leaves_the_inbox_with_the_landing_and_readers_see_none_of_it(brand: Brand) -> None:
    put(brand, "sms_replies", REPLIES)
    assert rows(brand, "select convert_from(body, 'UTF8') like '%%13800138000%%' from vault.inbox") == [(True,)]
    with pytest.raises(Exception, match="permission denied for schema vault"):
        query.read_only(brand.name, "select * from vault.inbox")
    _, seen = query.read_only(brand.name, "select source, record_count, batch_id from ops.push")
    assert list(seen) == [("sms_replies", 2, None)]
    land.land(brand)
    assert rows(brand, "select body from vault.inbox") == [(None,)]
    for table in ("ops.push", "ops.batch", "quarantine.row", "raw.raw_sms__reply"):
        assert "1380013800" not in str(rows(brand, f"select * from {table}"))
