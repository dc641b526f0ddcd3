"""The story of a chunk of people, whole: who they are, what reached them, what they did, what came of it.

Here: the order in which it is drawn. Not here: any of the drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.brand import aftermath, journeys, loyalty, membership, messages, orders, people, sessions, stimuli
from simulator.brand.identifiers import Identifiers
from simulator.brand.world import World

CHUNK = 10_000
"""People whose story is held in memory at a time."""


@dataclass(frozen=True)
class Story:
    """The people numbered `first` to `last` - 1 and everything about them; each part is drawn once."""

    world: World
    first: int
    last: int

    @cached_property
    def people(self) -> people.People:
        """Who they are."""
        return people.draw(self.world, self.first, self.last)

    @cached_property
    def ids(self) -> Identifiers:
        """What they are called."""
        return Identifiers(self.world, self.people)

    @cached_property
    def reach(self) -> messages.Reach:
        """The brand's messages to them."""
        return messages.reach(self.world, self.people, self.first)

    @cached_property
    def stimuli(self) -> stimuli.Stimuli:
        """What moved them."""
        return stimuli.stimuli(self.world, self.people, self.reach.messages, self.first)

    @cached_property
    def lives(self) -> journeys.Lives:
        """What they decided."""
        return journeys.live(self.world, self.people, self.reach.messages, self.stimuli, self.first)

    @property
    def bought(self) -> journeys.Purchases:
        """What they bought, by person and time."""
        return self.lives.purchases

    @cached_property
    def membership(self) -> membership.Membership:
        """Where the brand knew them."""
        return membership.membership(self.world.parameters.seed, self.people, self.bought)

    @cached_property
    def _filled(self) -> tuple[orders.Lines, orders.Amounts]:
        return orders.fill(self.world, self.people, self.reach.messages, self.bought, self.first)

    @property
    def lines(self) -> orders.Lines:
        """The lines of their orders."""
        return self._filled[0]

    @property
    def amounts(self) -> orders.Amounts:
        """What their orders cost."""
        return self._filled[1]

    @cached_property
    def aftermath(self) -> aftermath.Aftermath:
        """What their orders led to."""
        return aftermath.aftermath(self.world, self.people, self.bought, self.lines, self.first)

    @cached_property
    def visits(self) -> sessions.Visits:
        """Their visits online."""
        return sessions.visits(
            self.world, self.people, self.reach.messages, self.stimuli, self.bought, self.lines, self.first
        )

    @cached_property
    def events(self) -> sessions.Events:
        """What they did in them."""
        return sessions.events(self.world, self.visits, self.first)

    @cached_property
    def spend(self) -> loyalty.Spend:
        """Their orders as the member system sees them."""
        rows = np.flatnonzero(self.membership.is_known)
        rows = rows[self.amounts.goods_cents[rows] > 0]
        return loyalty.Spend(self.bought.who[rows], self.bought.at[rows], self.amounts.goods_cents[rows], rows)

    @cached_property
    def ledger(self) -> loyalty.Ledger:
        """Their points and tiers."""
        return loyalty.ledger(self.world.parameters, self.people.person, self.spend, self.aftermath.refunds)


def chunks(customers: int) -> list[tuple[int, int]]:
    """First and last of each chunk. Person 0 is Ms. Lin, who is told apart."""
    return [(first, min(first + CHUNK, customers)) for first in range(1, customers, CHUNK)]
