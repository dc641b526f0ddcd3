"""Who is it: what the shop assistant or the hotline must know of one customer, in one look-up.

Here: purchases, vouchers, tier and points, open cases, read by key from the tables that are there. What no table
knows is None, which is not the same as nothing. Not here: identity itself (show.py), how a customer may be written to
(reach.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from orchestration.identity import reach, show
from orchestration.identity.desk import Desk
from orchestration.identity.reach import Channel
from orchestration.identity.show import Customer

_TOTALS = """
    select order_count, sales_amount, refund_amount, net_sales_amount, currency, first_order_date, last_order_date
    from marts.mart_customer__single_view where customer_key = %s
"""
_ORDERS = """
    select source, order_id, channel, order_date, store_id, sales_amount, currency
    from core.fct_order where customer_key = %s order by ordered_at desc, source, order_id limit %s
"""
_ITEMS = """
    select lin.source, lin.order_id, coalesce(pro.product_name, pro.product_type, lin.product_id), lin.quantity,
        lin.sales_amount
    from core.fct_order_line as lin
    left join core.dim_product as pro on pro.product_id = lin.product_id
    where lin.customer_key = %(customer)s and (lin.source, lin.order_id) in (
        select source, order_id from unnest(%(sources)s::text[], %(orders)s::text[]) as wanted (source, order_id)
    )
    order by lin.source, lin.order_id, lin.order_line_id
"""
_VOUCHERS = """
    select voucher_id, coalesce(voucher_type, ''), issued_date, expires_at, redeemed_at, value_amount
    from staging.stg_voucher__piece
    where member_id_key = any(%(keys)s) or phone_key = any(%(keys)s) or openid_key = any(%(keys)s)
    order by issued_at desc, piece_id
"""
_CASES = """
    select case_id, channel, coalesce(category, ''), status, opened_date, told_count
    from staging.stg_service__case
    where status in ('open', 'pending') and (
        member_id_key = any(%(keys)s) or phone_key = any(%(keys)s) or email_key = any(%(keys)s)
        or openid_key = any(%(keys)s) or ouid_key = any(%(keys)s)
    )
    order by opened_at, case_id
"""
_TIER = """
    select tier, changed_date, valid_until from staging.stg_loyalty__tier
    where member_id_key = any(%(keys)s) order by changed_at desc, source limit 1
"""
_POINTS = "select sum(points) from staging.stg_loyalty__points where member_id_key = any(%(keys)s)"


@dataclass(frozen=True)
class Item:
    """A product bought: its name, else its type, else its id."""

    product: str
    quantity: Decimal | int
    amount: Decimal


@dataclass(frozen=True)
class Order:
    """An order, with what was in it."""

    order_id: str
    channel: str
    order_date: date
    store_id: str | None
    amount: Decimal
    currency: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Purchases:
    """All purchases in figures, the newest ones with their items; amounts in the brand's currency."""

    count: int
    amount: Decimal
    refunded: Decimal
    net: Decimal
    currency: str
    first_date: date | None
    last_date: date | None
    newest: tuple[Order, ...]


@dataclass(frozen=True)
class Voucher:
    """A voucher the customer was given; `state`: open, redeemed or expired, on the warehouse's last business day."""

    voucher_id: str
    kind: str
    issued_date: date
    expires_at: datetime | None
    redeemed_at: datetime | None
    value: Decimal | None
    state: str


@dataclass(frozen=True)
class Case:
    """A case of customer service that is not solved; `told_count`: how many agents heard the story (None: unknown)."""

    case_id: str
    channel: str
    category: str
    status: str
    opened_date: date
    told_count: int | None


@dataclass(frozen=True)
class Tier:
    """The tier the customer system granted last."""

    tier: str
    since: date
    valid_until: date | None


@dataclass(frozen=True)
class Card:
    """One customer. None: no table knows (the channel is not connected, or its model was not built)."""

    identity: Customer
    purchases: Purchases | None
    vouchers: tuple[Voucher, ...] | None
    channels: tuple[Channel, ...] | None
    cases: tuple[Case, ...] | None
    tiers: tuple[Tier, ...] | None
    points: int | None
    as_of: date | None


def card(desk: Desk, text: str, *, orders: int) -> Card:
    """The customer that an identifier names, with the newest `orders` orders; NameProblem (names.py)."""
    identity = show.show(desk, text)
    keys = sorted({held.name.identifier_key for held in identity.identifiers})
    as_of = _as_of(desk)
    if identity.customer is None:
        return Card(identity, None, None, None, None, None, None, as_of)
    wanted = {"keys": keys}
    return Card(
        identity,
        _purchases(desk, identity.customer.identifier_key, orders),
        _vouchers(desk, wanted, as_of),
        reach.channels(desk, keys),
        _cases(desk, wanted),
        _tiers(desk, wanted),
        _points(desk, wanted),
        as_of,
    )


def _as_of(desk: Desk) -> date | None:
    """The last business day of the tables at hand."""
    if not desk.has("staging.int_time__clock"):
        return None
    return desk.rows("select as_of_date from staging.int_time__clock")[0][0]


def _is_known(desk: Desk, relation: str) -> bool:
    """Whether a staging table is there and anything was ever landed for it."""
    return desk.has(relation) and bool(desk.rows(f"select 1 from {relation} limit 1"))


def _purchases(desk: Desk, customer_key: str, count: int) -> Purchases | None:
    if not desk.has("marts.mart_customer__single_view", "core.fct_order", "core.fct_order_line", "core.dim_product"):
        return None
    found = desk.rows(_TOTALS, (customer_key,))
    return Purchases(*found[0], newest=_orders(desk, customer_key, count)) if found else None


def _orders(desk: Desk, customer_key: str, count: int) -> tuple[Order, ...]:
    rows = desk.rows(_ORDERS, (customer_key, count))
    asked = {"customer": customer_key, "sources": [row[0] for row in rows], "orders": [row[1] for row in rows]}
    items: dict[tuple[str, str], list[Item]] = {}
    for source, order_id, product, quantity, amount in desk.rows(_ITEMS, asked):
        items.setdefault((source, order_id), []).append(Item(product, quantity, amount))
    return tuple(
        Order(order_id, channel, day, store, amount, currency, tuple(items.get((source, order_id), ())))
        for source, order_id, channel, day, store, amount, currency in rows
    )


def _vouchers(desk: Desk, wanted: dict[str, list[str]], as_of: date | None) -> tuple[Voucher, ...] | None:
    if not _is_known(desk, "staging.stg_voucher__piece"):
        return None
    return tuple(Voucher(*row, state=_state(desk, row, as_of)) for row in desk.rows(_VOUCHERS, wanted))


def _state(desk: Desk, row: Sequence[Any], as_of: date | None) -> str:
    _, _, _, expires_at, redeemed_at, _ = row
    if redeemed_at is not None:
        return "redeemed"
    last_day = desk.day(expires_at) if expires_at else None
    return "expired" if last_day and as_of and last_day <= as_of else "open"


def _cases(desk: Desk, wanted: dict[str, list[str]]) -> tuple[Case, ...] | None:
    if not _is_known(desk, "staging.stg_service__case"):
        return None
    return tuple(Case(*row) for row in desk.rows(_CASES, wanted))


def _tiers(desk: Desk, wanted: dict[str, list[str]]) -> tuple[Tier, ...] | None:
    """The tier granted last; empty for who never had one."""
    if not _is_known(desk, "staging.stg_loyalty__tier"):
        return None
    return tuple(Tier(*row) for row in desk.rows(_TIER, wanted))


def _points(desk: Desk, wanted: dict[str, list[str]]) -> int | None:
    if not _is_known(desk, "staging.stg_loyalty__points"):
        return None
    return int(desk.rows(_POINTS, wanted)[0][0] or 0)
