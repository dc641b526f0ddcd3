"""Hundreds of drawn customers with visits, messages, purchases and goodbyes; and Ms. Lin, whose story is written out.

Here: rows as landing leaves them. Not here: what must come of them (oracle.py, the tests).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.scenarios.identity_commands.people import clear_values, key
from tests.scenarios.world import World

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2024, 6, 1, 8, tzinfo=ZONE)
LAST_DAY = date(2025, 6, 30)
LIN, PHONE, COOKIE = "member_id:lin", "phone:13917001234", "cookie_id:lins-browser"
BLOCKED = "phone:13800138000"
Told = tuple[str, dict[str, Any]]
_CARD = {"member_id_key": key(LIN)}
_NUMBER = {"phone_key": key(PHONE)}
_BROWSER = {"cookie_id_key": key(COOKIE)}
_LINE = {"order_line_id": "1", "product_id": "oil", "quantity": 1}

OF_LIN: list[Told] = [
    ("catalogue.product", {"product_id": "oil", "product_name": "Essential oil"}),
    (
        "web.event",
        {"event_id": "l1", "event_name": "view_item", "event_at": "2025-03-01 20:00+08", "product_id": "oil"}
        | _BROWSER,
    ),
    ("crm.member", {"registered_at": "2025-03-02 10:00+08", **_CARD, **_NUMBER}),
    ("web.event", {"event_id": "l2", "event_name": "login", "event_at": "2025-03-02 10:05+08", **_BROWSER, **_CARD}),
    ("sms.send", {"message_id": "m1", "sent_at": "2025-04-15 10:00+08", "campaign_id": "oil-set", **_NUMBER}),
    ("sms.receipt", {"message_id": "m1", "is_delivered": True, "reported_at": "2025-04-15 10:01+08", **_NUMBER}),
    (
        "sms.click",
        {"click_id": "k1", "link_id": "L1", "message_id": "m1", "clicked_at": "2025-04-15 11:00+08", **_NUMBER},
    ),
    (
        "pos.order_line",
        {"order_id": "lin-1", "ordered_at": "2025-04-16 15:00+08", "store_id": "s1", "sales_amount": "680.00"}
        | {**_LINE, **_CARD},
    ),
    ("voucher.redemption", {"voucher_id": "v1", "campaign_id": "spa", "redeemed_on": "2025-04-20", **_CARD}),
    (
        "sms.receipt",
        {"message_id": "m9", "is_delivered": False, "reported_at": "2025-04-20 10:00+08"} | {"phone_key": key(BLOCKED)},
    ),
]
"""A page before anybody knows her; card and login; a message, its link, the purchase it led to; a voucher."""


def drawn(seed: int, *, customers: int) -> list[Told]:
    """Customers who come and go: some in one evening, some with pauses of months, some only written to."""
    chance = random.Random(seed)
    told: list[Told] = []
    for number in range(customers):
        who = f"customer-{number}"
        at = FIRST + timedelta(days=chance.randrange(360), minutes=chance.randrange(900))
        joined = {"registered_at": at.isoformat()} if chance.random() < 0.3 else {}
        told.append(("crm.member", {"member_id_key": who, "phone_key": f"phone-{number}", **joined}))
        pause = chance.choice((0.02, 1, 30, 80))
        habits = chance.choice((_ALL, _ALL, _ALL, ("message",), ("till",), ("page", "message")))
        for _ in range(chance.randint(1, 14)):
            told += _TOUCHES[chance.choice(habits)](chance, number, len(told), at)
            if chance.random() < 0.85:
                at += timedelta(minutes=int(chance.expovariate(1 / (pause * 1440))))
    return told


def _page(chance: random.Random, who: int, number: int, at: datetime) -> list[Told]:
    name = chance.choice(("page_view", "search", "add_to_cart", "logout", "remove_from_cart"))
    return [("web.event", {"event_id": f"e{number}", "event_name": name, "event_at": at.isoformat(), **_member(who)})]


def _message(chance: random.Random, who: int, number: int, at: datetime) -> list[Told]:
    del chance
    row = {"message_id": f"m{number}", "is_delivered": True, "reported_at": at.isoformat(), **_phone(who)}
    return [("sms.receipt", row)]


def _click(chance: random.Random, who: int, number: int, at: datetime) -> list[Told]:
    del chance
    return [("sms.click", {"click_id": f"k{number}", "link_id": "L", "clicked_at": at.isoformat(), **_phone(who)})]


def _no_more(chance: random.Random, who: int, number: int, at: datetime) -> list[Told]:
    del chance
    row = {"reply_id": f"y{number}", "replied_at": at.isoformat(), "opt_out_word": "TD", **_phone(who)}
    return [("sms.reply", row)]


def _till(chance: random.Random, who: int, number: int, at: datetime) -> list[Told]:
    del chance
    row = {"order_id": f"r{number}", "ordered_at": at.isoformat(), "store_id": "s1", "sales_amount": "10.00"}
    return [("pos.order_line", {**row, **_LINE, **_member(who)})]


def _checkout(chance: random.Random, who: int, number: int, at: datetime) -> list[Told]:
    del chance
    moment = at.isoformat()
    order = {"order_id": f"o{number}", "order_status": "paid", "ordered_at": moment, "paid_at": moment}
    line = {"order_id": f"o{number}", "sales_amount": "10.00", **_LINE}
    return [("shop.order", {**order, "paid_amount": "10.00", **_member(who)}), ("shop.order_item", line)]


def _letter(chance: random.Random, who: int, number: int, at: datetime) -> list[Told]:
    del chance
    day = at.date().isoformat()
    campaign = {"campaign_id": f"c{number}", "channel": "mail", "starts_on": day, "ends_on": day}
    target = {"campaign_id": f"c{number}", "delivered_on": day, **_member(who)}
    return [("campaign.campaign", campaign), ("campaign.target", target)]


def _voucher(chance: random.Random, who: int, number: int, at: datetime) -> list[Told]:
    del chance
    row = {"voucher_id": f"v{number}", "campaign_id": "any", "redeemed_on": at.date().isoformat(), **_member(who)}
    return [("voucher.redemption", row)]


_TOUCHES: dict[str, Callable[[random.Random, int, int, datetime], list[Told]]] = {
    "page": _page,
    "message": _message,
    "click": _click,
    "no more": _no_more,
    "till": _till,
    "checkout": _checkout,
    "letter": _letter,
    "voucher": _voucher,
}
_ALL = ("page", "page", "page", *_TOUCHES)


def _member(who: int) -> dict[str, str]:
    return {"member_id_key": f"customer-{who}"}


def _phone(who: int) -> dict[str, str]:
    return {"phone_key": f"phone-{who}"}


def land(world: World, told: Sequence[Told]) -> None:
    """Land everything, one batch for each contract, with what is behind Ms. Lin's tokens."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for contract, row in told:
        rows[contract].append(row)
    for contract, found in rows.items():
        world.land(contract, found, at="2025-07-01 00:00+00")
    clear_values(world, (LIN, PHONE, COOKIE, BLOCKED))
