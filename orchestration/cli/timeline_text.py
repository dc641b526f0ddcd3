"""What `touchstream customer show` says.

Here: lines from a timeline. Not here: what is on it (orchestration/identity).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from orchestration.cli.customer_text import NOT_KNOWN
from orchestration.identity.standing import Standing
from orchestration.identity.timeline import Message, Timeline, Touch

_TIES = {
    "message": "which it names",
    "link": "by its link",
    "voucher": "by its voucher",
    "campaign": "by its campaign",
    "nothing": "the latest before it",
}


def timeline(found: Timeline) -> Iterator[str]:
    """Who it is, where they stand, then a line for each touch, newest first."""
    if found.customer is None:
        yield f"{found.asked} names nobody: {found.reason or 'no reason known'}"
        return
    yield f"customer {found.customer} (key {found.customer.identifier_key})"
    held = ", ".join(f"{count} {namespace}" for namespace, count in found.identifiers.items())
    yield f"known since {found.known_since or 'an unknown day'}; identifiers: {held}"
    if found.standing is not None:
        yield from _standing(found.standing)
    yield from _touches(found)
    yield f"as of {found.as_of}"


def _standing(found: Standing) -> Iterator[str]:
    journey, loyalty, segments = found.journey, found.loyalty, found.segments
    if journey is None:
        yield f"journey: {NOT_KNOWN}"
    elif journey.stage is None:
        yield "journey: none under way"
    else:
        yield f"journey: {journey.stage} since {journey.since} (journey {journey.number})"
    if loyalty is None:
        yield f"points and tier: {NOT_KNOWN}"
    elif loyalty.points is None:
        yield "points and tier: not a member"
    else:
        tier = f"{loyalty.tier} since {loyalty.since}" if loyalty.tier else "no tier"
        yield f"points and tier: {loyalty.points}, {tier}"
    if segments is None:
        yield f"segments: {NOT_KNOWN}"
    else:
        yield f"segments: RFM {segments.rfm or 'none'}, VAP {segments.vap or 'none'}"


def _touches(found: Timeline) -> Iterator[str]:
    within = "".join(
        [f" since {found.since}" if found.since else "", f" until {found.until}" if found.until else ""],
    )
    if not found.total:
        yield f"touches{within}: none"
        return
    yield f"touches{within}: {found.total}, newest first"
    yield from (f"     {_touch(item)}" for item in found.touches)
    if len(found.touches) < found.total:
        yield f"… and {found.total - len(found.touches)} older ones (--limit, --until)"


def _touch(item: Touch) -> str:
    arrow = {"inbound": "←", "outbound": "→"}[item.direction]
    where = f"{item.channel} {item.touchpoint}" if item.touchpoint else item.channel
    more = [
        f"campaign {item.campaign_id}" if item.campaign_id else "",
        f"about {item.content_key}" if item.content_key else "",
        item.product or "",
        f"store {item.store_id}" if item.store_id else "",
        f"{item.value} {item.currency or ''}".rstrip() if item.value is not None else "",
        f"stage {item.stage}" if item.stage else "",
        _answered(item.answered) if item.answered else "",
    ]
    return "; ".join([f"{_moment(item)} {arrow} {where}: {item.event_type}", *filter(None, more)])


def _answered(message: Message) -> str:
    campaign = f" of campaign {message.campaign_id}" if message.campaign_id else ""
    return (
        f"answers the {message.channel} message{campaign} of {_minute(message.sent_at)} ({_TIES[message.matched_by]})"
    )


def _moment(item: Touch) -> str:
    return _minute(item.at) if item.at else f"{item.on} --:--"


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
