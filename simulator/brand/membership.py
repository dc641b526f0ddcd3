"""Which of a person's acts the brand could put a member's name to.

Here: binding of Tmall buyers, members who show their code at the till, those who are logged in. Not here: identifiers as
text (identifiers.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.draws import Bools, Ints, unit
from simulator.brand.frames import NEVER, first_of_each
from simulator.brand.journeys import Purchases
from simulator.brand.people import People
from simulator.brand.shopping import STORE, TMALL

BINDING_SHARE = 0.55
"""Members who buy at Tmall and bind themselves there (会员通)."""

SHOWN_SHARE = 0.88
"""Receipts on which a member shows card, code or number."""


@dataclass(frozen=True)
class Membership:
    """`bound_at`: when a person bound their Tmall name (people). `is_known`: the member is known (purchases)."""

    bound_at: Ints
    is_known: Bools


def membership(seed: int, people: People, bought: Purchases) -> Membership:
    """Who is known where."""
    bound_at = _bound(seed, people, bought)
    is_member = people.signup_at[bought.who] <= bought.at + 3600
    shows = unit(people.person[bought.who] * 997 + bought.number, seed, "shows") < SHOWN_SHARE
    at_till = is_member & (shows | (bought.at - people.signup_at[bought.who] < 7200))
    is_known = np.where(
        bought.shop == STORE, at_till, np.where(bought.shop == TMALL, bound_at[bought.who] <= bought.at, is_member)
    )
    return Membership(bound_at, is_known & (people.signup_at[bought.who] < NEVER))


def _bound(seed: int, people: People, bought: Purchases) -> Ints:
    """At the first Tmall order as a member, before paying; who joined through Tmall is bound at once."""
    bound_at = np.full(len(people), NEVER, np.int64)
    binds = unit(people.person, seed, "binds") < BINDING_SHARE
    rows = np.flatnonzero((bought.shop == TMALL) & (people.signup_at[bought.who] <= bought.at) & binds[bought.who])
    firsts = rows[first_of_each(bought.who[rows])]
    bound_at[bought.who[firsts]] = bought.at[firsts] - 300
    joined_there = (people.signup_where == 3) & (people.signup_at < NEVER)
    return np.where(joined_there, people.signup_at + 60, bound_at)
