"""All that is known of one customer's identity.

Here: identifiers, devices with their intervals, what was set aside, former keys with their log, links in quarantine.
Not here: what the customer did (card.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from orchestration.identity import names
from orchestration.identity.customers import Place, last_customer, places_of, places_of_customer
from orchestration.identity.desk import Desk, Name

_LOG = """
    select log.as_of, log.build_id, log.change, log.identifier_key, log.old_customer_key, log.new_customer_key
    from ops.customer_key_log as log
    where
        log.identifier_key = any(%(keys)s)
        or log.new_customer_key = %(customer)s
        or log.old_customer_key = %(customer)s
    order by log.log_id
"""
_QUARANTINED = """
    select left_key, right_key, reason, first_at, left_customer_key, right_customer_key
    from identity.int_identity__quarantined_link
    where left_customer_key = %(customer)s or right_customer_key = %(customer)s
    order by first_at, left_key, right_key
"""
_SET_ASIDE = """
    with loose as (
        select right_key as identifier_key from identity.int_identity__link
        where not is_usable and left_key = any(%(keys)s)
        union
        select left_key from identity.int_identity__link where not is_usable and right_key = any(%(keys)s)
    )
    select ide.identifier_key, ide.unusable_reason
    from identity.int_identity__identifier as ide
    inner join loose on loose.identifier_key = ide.identifier_key
    where not ide.is_usable
    order by ide.namespace, ide.identifier_key
"""


_LAST_HOLDER = """
    select identifier_key, holder_customer_key from identity.int_identity__holder
    where identifier_key = any(%s) and not is_of_its_customer
"""


@dataclass(frozen=True)
class Held:
    """An identifier of the customer, first seen on `first_date` (None: undated).

    `now_held_by`: of a number or address, another customer with whom it was last seen; it is not written to any more.

    Of a device: `since` and `until` it is the customer's (None: from the beginning, still), and who logged in.
    """

    name: Name
    is_strong: bool
    first_date: date | None
    since: date | None = None
    until: datetime | None = None
    assigned_to: Name | None = None
    now_held_by: Name | None = None


@dataclass(frozen=True)
class SetAside:
    """An identifier seen with the customer's that names nobody, and why."""

    name: Name
    reason: str


@dataclass(frozen=True)
class Change:
    """What a published build changed about whom an identifier names."""

    as_of: date
    build_id: int
    change: str
    name: Name
    old_customer: Name
    new_customer: Name | None


@dataclass(frozen=True)
class LeftOut:
    """A link in quarantine between this customer and another one."""

    one: Name
    other: Name
    reason: str
    first_date: date | None
    other_customer: Name


@dataclass(frozen=True)
class Customer:
    """A customer's identity. `customer` is its founding identifier, None where the one asked for names nobody."""

    asked: Name
    customer: Name | None
    identifiers: tuple[Held, ...]
    set_aside: tuple[SetAside, ...]
    former_keys: tuple[Name, ...]
    log: tuple[Change, ...]
    quarantine: tuple[LeftOut, ...]


def show(desk: Desk, text: str) -> Customer:
    """Everything about the customer that an identifier or a customer key, also a former one, names now.

    A device belongs to who has it now, else to the last who had it. Raises NameProblem (names.py).
    """
    asked = names.identifier(desk, text)
    own = places_of(desk, [asked.identifier_key])
    key = last_customer(own)
    if key is None:
        aside = tuple(SetAside(asked, place.unusable_reason or "") for place in own[:1])
        log = _log(desk, {"keys": [asked.identifier_key], "customer": asked.identifier_key})
        return Customer(asked, None, (), aside, (), log, ())
    places = places_of_customer(desk, key)
    wanted = {"keys": sorted({place.identifier_key for place in places}), "customer": key}
    log = _log(desk, wanted)
    former = sorted({change.old_customer.identifier_key for change in log} & {*wanted["keys"]} - {key})
    called = desk.names([key, *former])
    return Customer(
        asked,
        called[key],
        _held(desk, places),
        _set_aside(desk, wanted),
        tuple(called[one] for one in former),
        log,
        _left_out(desk, wanted),
    )


def _held(desk: Desk, places: Sequence[Place]) -> tuple[Held, ...]:
    own = [place.identifier_key for place in places]
    holders = dict(desk.rows(_LAST_HOLDER, (own,)))
    called = desk.names([*own, *(place.anchor for place in places), *holders.values()])
    return tuple(
        Held(
            called[place.identifier_key],
            place.is_strong,
            desk.day(place.first_at),
            desk.day(place.valid_from),
            place.valid_to,
            called[place.assigned_to_key] if place.assigned_to_key else None,
            called[holders[place.identifier_key]] if place.identifier_key in holders else None,
        )
        for place in places
    )


def _set_aside(desk: Desk, wanted: Mapping[str, object]) -> tuple[SetAside, ...]:
    rows = desk.rows(_SET_ASIDE, wanted)
    called = desk.names(key for key, _ in rows)
    return tuple(SetAside(called[key], reason) for key, reason in rows)


def _log(desk: Desk, wanted: Mapping[str, object]) -> tuple[Change, ...]:
    rows = desk.rows(_LOG, wanted)
    called = desk.names(key for row in rows for key in row[3:] if key)
    return tuple(
        Change(as_of, build, change, called[key], called[old], called[new] if new else None)
        for as_of, build, change, key, old, new in rows
    )


def _left_out(desk: Desk, wanted: Mapping[str, object]) -> tuple[LeftOut, ...]:
    rows = desk.rows(_QUARANTINED, wanted)
    called = desk.names(key for row in rows for key in (row[0], row[1], row[4], row[5]))
    return tuple(
        LeftOut(
            called[left],
            called[right],
            reason,
            desk.day(at),
            called[right_customer if left_customer == wanted["customer"] else left_customer],
        )
        for left, right, reason, at, left_customer, right_customer in rows
    )
