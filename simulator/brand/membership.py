"""Which of a person's acts the brand could put a member's name to.

Here: binding of Tmall buyers, members who show their code at the till, those who are logged in. Not here: identifiers
as text (identifiers.py).
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


LENT_SHARE = 0.04
"""Receipts of strangers for which an employee shows an own code."""

STAFF_KIND = 4


@dataclass(frozen=True)
class Membership:
    """Who is known where.

    `bound_at`: when a person bound their Tmall name (people). The others say of each purchase. `is_known`: the buyer is
    known as a member. `credited`: whose code was shown, -1 for nobody's; an employee now and
    then shows an own one for a stranger, and gets the points.
    """

    bound_at: Ints
    is_known: Bools
    credited: Ints


def membership(seed: int, people: People, bought: Purchases) -> Membership:
    """Who is known where."""
    bound_at = _bound(seed, people, bought)
    is_member = people.signup_at[bought.who] <= bought.at + 3600
    shows = unit(people.person[bought.who] * 997 + bought.number, seed, "shows") < SHOWN_SHARE
    at_till = is_member & (shows | (bought.at - people.signup_at[bought.who] < 7200))
    is_known = np.where(
        bought.shop == STORE, at_till, np.where(bought.shop == TMALL, bound_at[bought.who] <= bought.at, is_member)
    )
    is_known &= people.signup_at[bought.who] < NEVER
    return Membership(bound_at, is_known, _credited(seed, people, bought, is_known))


def _credited(seed: int, people: People, bought: Purchases, is_known: Bools) -> Ints:
    credited = np.where(is_known, bought.who, -1)
    employees = np.flatnonzero((people.kind == STAFF_KIND) & (people.signup_at < NEVER))
    if employees.size:
        key = people.person[bought.who] * 997 + bought.number
        lent = (bought.shop == STORE) & ~is_known & (unit(key, seed, "lends") < LENT_SHARE)
        lender = employees[(unit(key, seed, "lender") * employees.size).astype(np.int64)]
        lent &= people.signup_at[lender] <= bought.at
        credited = np.where(lent, lender, credited)
    return credited


def _bound(seed: int, people: People, bought: Purchases) -> Ints:
    """At the first Tmall order as a member, before paying; who joined through Tmall is bound at once."""
    bound_at = np.full(len(people), NEVER, np.int64)
    binds = unit(people.person, seed, "binds") < BINDING_SHARE
    rows = np.flatnonzero((bought.shop == TMALL) & (people.signup_at[bought.who] <= bought.at) & binds[bought.who])
    firsts = rows[first_of_each(bought.who[rows])]
    bound_at[bought.who[firsts]] = bought.at[firsts] - 300
    joined_there = (people.signup_where == 3) & (people.signup_at < NEVER)
    return np.where(joined_there, people.signup_at + 60, bound_at)
