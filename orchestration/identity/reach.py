"""How one customer may be reached: per channel an address, the word given, and what stops messages.

Here: the same reading of consent as the contact policy's (dbt_project/models/activation/policy), for a person who asks.
Not here: deciding about a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.identity.desk import Desk

_CHANNELS = """
    with own_row as (
        select channel, channel_name, can_message,
            row_number() over (partition by channel order by case when brand = '*' then 1 else 0 end) as brand_rank
        from staging.channels where brand in ('*', %(brand)s)
    ),
    address as (
        select channel, namespace,
            row_number() over (partition by channel order by case when brand = '*' then 1 else 0 end) as brand_rank
        from staging.channel_addresses where brand in ('*', %(brand)s)
    )
    select own_row.channel, own_row.channel_name, address.namespace
    from own_row
    left join address on address.channel = own_row.channel and address.brand_rank = 1
    where own_row.brand_rank = 1 and own_row.can_message
    order by own_row.channel
"""
_CONSENTS = """
    select channel, purpose, bool_and(is_granted)
    from core.fct_consent_interval
    where identifier_key = any(%(keys)s) and valid_to is null
    group by channel, purpose order by channel, purpose
"""
_STOPPED = """
    select distinct channel, purpose from (
        select distinct on (identifier_key, channel, purpose) channel, purpose, is_suppressed
        from ops.suppression where identifier_key = any(%(keys)s)
        order by identifier_key, channel, purpose, occurred_at desc, is_suppressed desc
    ) as newest
    where is_suppressed order by channel, purpose
"""
_ADDRESSES = """
    select distinct namespace from identity.int_identity__customer_identifier
    where identifier_key = any(%(keys)s) and is_usable and is_held and valid_to is null
"""


@dataclass(frozen=True)
class Channel:
    """A channel that can carry messages.

    `has_address`: one that was not last seen with somebody else; None where no list says which identifier is an address
    there. `consents`: purposes about which
    something was said; the most restrictive word of all identifiers. `stopped`: purposes (or `all`) whose messages
    an opt-out stops.
    """

    channel: str
    channel_name: str
    has_address: bool | None
    consents: tuple[tuple[str, bool], ...]
    stopped: tuple[str, ...]

    def can_get(self, purpose: str) -> bool:
        """Whether a message of this purpose may go there: an address, a yes, and no stop."""
        is_stopped = purpose in self.stopped or "all" in self.stopped
        return bool(self.has_address) and dict(self.consents).get(purpose, False) and not is_stopped


def channels(desk: Desk, keys: Sequence[str]) -> tuple[Channel, ...] | None:
    """Every channel that can carry messages, as it stands for a customer's identifiers; None where nothing is known."""
    if not desk.has("staging.channels", "staging.channel_addresses", "core.fct_consent_interval"):
        return None
    wanted = {"keys": [*keys]}
    held = {row[0] for row in desk.rows(_ADDRESSES, wanted)}
    consents: dict[str, list[tuple[str, bool]]] = {}
    for channel, purpose, is_granted in desk.rows(_CONSENTS, wanted):
        consents.setdefault(channel, []).append((purpose, is_granted))
    stops = desk.rows(_STOPPED, wanted)
    return tuple(
        Channel(
            channel,
            channel_name,
            None if namespace is None else namespace in held,
            tuple(consents.get(channel, ())),
            tuple(purpose for stopped, purpose in stops if stopped in (channel, "all")),
        )
        for channel, channel_name, namespace in desk.rows(_CHANNELS, {"brand": desk.brand.name})
    )
