"""Ms. Lin's six steps are in the exports, on her dates, with her amounts."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

from simulator.brand.export import Told
from simulator.brand.lin import story as lin_story
from simulator.brand.lin_story import Lin
from simulator.brand.parameters import Parameters
from simulator.brand.run import Home, write_at_once
from tests.unit.simulator.reading import rows, truth

LIN = Lin()


def hers(home: Path, source: str, **named: str) -> list[dict[str, Any]]:
    """The rows of a source that name her."""
    (column, value), *_ = named.items()
    return [row for row in rows(home, source) if row.get(column) == value]


def test_first_only_an_openid_is_known(year: Path) -> None:
    (follow,) = hers(year, "wechat_events", FromUserName=LIN.openid)
    assert (follow["Event"], "unionid" in follow) == ("subscribe", False)
    said = hers(year, "wechat_messages", openid=LIN.openid)
    assert [row["opercode"] for row in said] == ["2003", "2002"]
    seen = hers(year, "social_engagements", note_id="xiaolin01")
    assert [row["action"] for row in seen] == ["exposure", "click"]
    assert seen[1]["cookie"] == LIN.cookie_id
    assert {row["event"] for row in hers(year, "web_events", anonymousId=LIN.cookie_id)} >= {"search", "login"}


def test_she_tries_before_she_buys_and_the_voucher_is_given_on_the_spot(year: Path) -> None:
    trial, given = hers(year, "store_interactions", openid=LIN.openid)
    assert (trial["kind"], trial["outcome"], trial["pleased"]) == ("trial", "not_bought", "5")
    assert trial["happened_at"][:10] == given["happened_at"][:10] == "2025-03-08"
    (voucher,) = hers(year, "voucher_pieces", code="VC-LIN-SPA")
    assert (voucher["through"], voucher["used_at"][:10]) == ("store", "2025-03-15")
    (answer,) = hers(year, "survey_answers", openid=LIN.openid)
    assert answer["score"] == "5"


def test_at_the_till_openid_phone_and_member_become_one(year: Path) -> None:
    (shown,) = [row for row in hers(year, "till_identifications", member_no=LIN.member_id) if row["phone"]]
    assert (shown["openid"], shown["phone"], shown["means"]) == (LIN.openid, LIN.phone, "member_qr")
    assert shown["shown_at"][:10] == "2025-03-15"
    (consent,) = hers(year, "consents", member_no=LIN.member_id)
    assert (consent["channel"], consent["granted"], consent["changed_at"][:10]) == ("sms", "true", "2025-03-15")


def test_the_sms_brings_the_set_and_binds_her_at_tmall(year: Path) -> None:
    (click,) = hers(year, "sms_clicks", phone=LIN.phone)
    orders = hers(year, "tmall_orders", ouid=LIN.ouid)
    assert [(row["created"][:10], row["payment"]) for row in orders] == [
        ("2025-04-15", "920.00"),
        ("2025-07-15", "550.00"),
        ("2025-11-11", "260.00"),
    ]
    assert orders[0]["track_id"] == click["short_code"]
    (binding,) = hers(year, "tmall_bindings", ouid=LIN.ouid)
    assert (binding["member_no"], binding["bind_time"][:10]) == (LIN.member_id, "2025-04-15")
    gifts = [row for row in hers(year, "tmall_order_items", tid=orders[0]["tid"]) if row["is_gift"] == "true"]
    assert [(row["outer_sku_id"], row["divide_order_fee"]) for row in gifts] == [(LIN.mini_product_id, "0.00")]


def test_her_points_and_tiers_are_those_of_the_story(year: Path) -> None:
    entries = sorted(hers(year, "points", member_no=LIN.member_id), key=lambda row: row["posted_at"])
    total, balance = 0, {}
    for row in entries:
        assert row["type"] == "earn"
        total += row["points"]
        balance[row["posted_at"][:10]] = total
    assert (balance["2025-03-15"], balance["2025-04-15"], balance["2025-07-15"]) == (680, 1600, 2150)
    assert total == 3000
    tiers = [
        (row["tier"], row["changed_at"][:10], row["spend"]) for row in hers(year, "tiers", member_no=LIN.member_id)
    ]
    assert tiers == [("Bronze", "2025-03-15", "680.00"), ("Silver", "2025-07-15", "2150.00")]
    assert not hers(year, "rewards", member_no=LIN.member_id)
    assert [row["send_time"][:10] for row in hers(year, "sms_sends", phone_number=LIN.phone)] == [
        "2025-04-15",
        "2026-01-15",
    ]


def test_the_truth_knows_her_and_her_stages(year: Path) -> None:
    names = {(row["namespace"], row["value"]) for row in truth(year, "identifier") if row["person"] == 0}
    assert {("phone", "+8619200000001"), ("tmall_omid", LIN.omid), ("member_id", LIN.member_id)} <= names
    stages = [(row["stage"], row["valid_from"]) for row in truth(year, "stage") if row["person"] == 0]
    assert stages == [
        ("aware", date(2025, 3, 1)),
        ("attempt", date(2025, 3, 2)),
        ("adopt", date(2025, 3, 8)),
        ("abandon", date(2025, 7, 14)),
        ("adopt", date(2025, 7, 15)),
        ("advocate", date(2025, 8, 29)),
    ]


def moved(told: list[Told], days: int) -> list[int]:
    return [row.at + days * 86_400 for row in told]


def test_her_story_moves_as_a_whole() -> None:
    assert [row.at for row in lin_story.rows(LIN.shifted(10), frozenset())] == moved(
        lin_story.rows(LIN, frozenset()), 10
    )


def test_without_the_brands_messages_each_step_waits_for_the_platforms() -> None:
    lin = dataclasses.replace(LIN, messages="platform")
    so_far = [len(lin_story.rows(lin, frozenset(lin_story.AWAITED[:count]))) for count in range(4)]
    assert so_far == sorted(set(so_far))
    first = lin_story.rows(lin, frozenset())
    assert {row.export for row in first} == {
        "social_engagements",
        "web_events",
        "wechat_followers",
        "wechat_events",
    } | {"wechat_messages"}
    everything = lin_story.rows(lin, frozenset(lin_story.AWAITED))
    assert not {row.export for row in everything} & {"sms_sends", "sms_clicks", "tmall_coupons"}


def test_what_comes_after_the_last_day_is_not_told(tmp_path: Path) -> None:
    until = Parameters(customers=100, until=date(2025, 4, 14), daily_files=0, dirt=0.0)
    write_at_once(Home(tmp_path), until)
    assert [row["paid"] for row in hers(tmp_path, "till_receipts", member_no=LIN.member_id)] == ["680.00"]
    assert not hers(tmp_path, "sms_sends", phone_number=LIN.phone)
    assert not hers(tmp_path, "tmall_orders", ouid=LIN.ouid)
