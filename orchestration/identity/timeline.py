"""What happened between one customer and the brand, touch by touch, newest first.

Here: the stream of one customer (core.fct_event) with what each touch answered (core.fct_response), read by key; no
personal data is in it, so no role needs the vault for it. Not here: where the customer stands (standing.py), identity
itself (show.py), which touches there are (dbt_project/models/intermediate/event).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.identity import names
from orchestration.identity.customers import last_customer, places_of, places_of_customer
from orchestration.identity.desk import Desk, Name
from orchestration.identity.standing import Standing, standing
from orchestration.warehouse.errors import WarehouseError

_STREAM = ("core.fct_event", "core.fct_response", "core.dim_product", "staging.int_time__clock")
_WITHIN = """
    eve.customer_key = %(customer)s
    and (%(since)s::date is null or eve.event_date >= %(since)s::date)
    and (%(until)s::date is null or eve.event_date <= %(until)s::date)
"""
_TOUCHES = f"""
    select eve.event_at, eve.has_time_of_day, eve.event_date, eve.channel, eve.touchpoint, eve.direction,
        eve.event_type, eve.campaign_id, eve.content_key,
        coalesce(pro.product_name, pro.product_type, eve.product_id), eve.store_id, eve.value_amount, eve.currency,
        eve.journey_stage, res.message_at, res.message_channel, res.campaign_id, res.matched_by
    from core.fct_event as eve
    left join core.fct_response as res on res.event_id = eve.event_id
    left join core.dim_product as pro on pro.product_id = eve.product_id
    where {_WITHIN}
    order by eve.event_at desc, eve.event_id desc limit %(limit)s
"""
_TOTAL = f"select count(*) from core.fct_event as eve where {_WITHIN}"
_CLOCK = "select as_of_date from staging.int_time__clock"


@dataclass(frozen=True)
class Message:
    """The message that a touch answered; `matched_by`: what ties the two, `nothing` where it only followed."""

    sent_at: datetime
    channel: str
    campaign_id: str | None
    matched_by: str


@dataclass(frozen=True)
class Touch:
    """One touch; `at` is in the brand's zone, None where only the day is known. `direction`: inbound, outbound.

    `stage`: the stage of the journey that it is a sign of. `value` in `currency`.
    """

    at: datetime | None
    on: date
    channel: str
    touchpoint: str | None
    direction: str
    event_type: str
    campaign_id: str | None
    content_key: str | None
    product: str | None
    store_id: str | None
    value: Decimal | None
    currency: str | None
    stage: str | None
    answered: Message | None


@dataclass(frozen=True)
class Timeline:
    """One customer's touches, the newest `limit` of `total` between two days (None: any).

    `customer` is the founding identifier, None where the one asked for names nobody, with the `reason`; `known_since`
    the first day of any identifier (None: all undated), `identifiers` how many of each namespace, the best first.
    """

    asked: Name
    customer: Name | None
    reason: str | None
    known_since: date | None
    identifiers: dict[str, int]
    standing: Standing | None
    since: date | None
    until: date | None
    total: int
    touches: tuple[Touch, ...]
    as_of: date


def timeline(desk: Desk, text: str, *, since: date | None, until: date | None, limit: int) -> Timeline:
    """The touches of the customer that an identifier, or a customer key, names now (a device: else last).

    Raises NameProblem (names.py), and WarehouseError where the stream was never built.
    """
    if not desk.has(*_STREAM):
        brand = desk.brand.name
        raise WarehouseError(
            f"brand {brand} has no event stream yet, so there is nothing to show of anybody: "
            f"run `touchstream --brand {brand} build`"
        )
    asked = names.identifier(desk, text)
    own = places_of(desk, [asked.identifier_key])
    as_of = desk.rows(_CLOCK)[0][0]
    key = last_customer(own)
    if key is None:
        reason = next((place.unusable_reason for place in own), None)
        return Timeline(asked, None, reason, None, {}, None, since, until, 0, (), as_of)
    places = places_of_customer(desk, key)
    wanted = {"customer": key, "since": since, "until": until, "limit": limit}
    return Timeline(
        asked,
        desk.names([key])[key],
        None,
        min((day for place in places if (day := desk.day(place.first_at))), default=None),
        dict(Counter({place.identifier_key: place.namespace for place in places}.values())),
        standing(desk, key),
        since,
        until,
        desk.rows(_TOTAL, wanted)[0][0],
        tuple(_touch(row, ZoneInfo(desk.brand.file.time_zone)) for row in desk.rows(_TOUCHES, wanted)),
        as_of,
    )


def _touch(row: tuple[Any, ...], zone: ZoneInfo) -> Touch:
    at, has_time, *told = row[:-4]
    sent_at, channel, campaign_id, matched_by = row[-4:]
    message = Message(sent_at.astimezone(zone), channel, campaign_id, matched_by) if matched_by else None
    return Touch(at.astimezone(zone) if has_time else None, *told, answered=message)
