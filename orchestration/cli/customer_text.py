"""What `touchstream customer find` says. Here: lines from a card. Not here: what is on it (orchestration/identity)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from orchestration.cli import identity_text
from orchestration.identity.card import Card, Case, Purchases, Voucher
from orchestration.identity.desk import Desk
from orchestration.identity.reach import Channel

T = TypeVar("T")
NOT_KNOWN = "not known: no table of this warehouse says"


def card(desk: Desk, found: Card) -> Iterator[str]:
    """One customer, as far as the warehouse knows."""
    yield from identity_text.customer(desk, found.identity)
    if not desk.sees_clear:
        yield "(identifiers are shown by token: clear values need a role that may read the vault, --role support)"
    if found.identity.customer is None:
        return
    yield from _purchases(found.purchases)
    yield from _list("vouchers", found.vouchers, _voucher, "none")
    yield from _list("reachable", found.channels, _channel, "no channel can carry messages")
    yield from _list("open cases", found.cases, _case, "none")
    tiers = None if found.tiers is None else [f"{item.tier} since {item.since}" for item in found.tiers]
    yield from _list("tier", tiers, str, "none")
    yield f"points: {NOT_KNOWN if found.points is None else found.points}"
    yield f"as of {found.as_of or 'an unknown day'}"


def _purchases(found: Purchases | None) -> Iterator[str]:
    if found is None:
        yield f"purchases: {NOT_KNOWN}"
        return
    if not found.count:
        yield "purchases: none"
        return
    yield (
        f"purchases: {found.count}, {found.amount} {found.currency} (refunded {found.refunded}, net {found.net}), "
        f"{found.first_date} to {found.last_date}"
    )
    for order in found.newest:
        items = ", ".join(f"{item.quantity} × {item.product}" for item in order.items)
        yield f"     {order.order_date} {order.channel} {order.order_id}: {order.amount} {order.currency}: {items}"


def _voucher(item: Voucher) -> str:
    kind = f" ({item.kind})" if item.kind else ""
    return f"{item.voucher_id}{kind}, issued {item.issued_date}: {item.state}"


def _channel(item: Channel) -> str:
    address = {True: "address known", False: "no address", None: "address: not known"}[item.has_address]
    said = [f"{purpose}: {'yes' if is_granted else 'no'}" for purpose, is_granted in item.consents]
    stopped = [f"{purpose}: stopped by an opt-out" for purpose in item.stopped]
    if item.has_address is None:
        return "; ".join([f"{item.channel_name}: {address}", *(said or ["nothing said"]), *stopped])
    marketing = "may get advertising" if item.can_get("marketing") else "may not get advertising"
    return "; ".join([f"{item.channel_name}: {address}", *(said or ["nothing said"]), *stopped, marketing])


def _case(item: Case) -> str:
    about = f"{item.channel}, {item.category}" if item.category else item.channel
    told = f", told to {item.told_count} agents" if item.told_count is not None else ""
    return f"{item.case_id} ({about}), {item.status} since {item.opened_date}{told}"


def _list(title: str, items: Sequence[T] | None, told: Callable[[T], str], nothing: str) -> Iterator[str]:
    if items is None:
        yield f"{title}: {NOT_KNOWN}"
    elif not items:
        yield f"{title}: {nothing}"
    else:
        yield f"{title}:"
        yield from (f"     {told(item)}" for item in items)
