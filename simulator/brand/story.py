"""The story of a chunk of people, whole: who they are, what reached them, what they did, what came of it.

Here: the order in which it is drawn. Not here: any of the drawing.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from simulator.brand import (
    aftermath,
    exposures,
    instore,
    journeys,
    loyalty,
    membership,
    messages,
    orders,
    people,
    sessions,
    stimuli,
)
from simulator.brand.answers import Answers
from simulator.brand.columns import computed, numbers
from simulator.brand.draws import Ints
from simulator.brand.identifiers import Identifiers
from simulator.brand.world import World

NO_ANSWERS = Answers()
CHUNK = 10_000
"""People whose story is held in memory at a time."""


@dataclass(frozen=True)
class Story:
    """The people numbered `first` to `last` - 1 and everything about them; each part is drawn once.

    `answers`: what they did with messages that gateways took; what they buy then is in their books, not in `bought`.
    """

    world: World
    first: int
    last: int
    answers: Answers = NO_ANSWERS

    def answering(self, answers: Answers) -> Story:
        """The same story with these answers; what does not depend on them is not drawn again."""
        other = Story(self.world, self.first, self.last, answers)
        own = ("answers", "spend", "ledger")
        vars(other).update({name: value for name, value in vars(self).items() if name not in own})
        return other

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
    def seen_posts(self) -> exposures.Exposures:
        """Posts they saw."""
        return exposures.seen_posts(self.world, self.people, self.stimuli, self.first)

    @cached_property
    def seen_ads(self) -> exposures.Exposures:
        """Moments ads they saw."""
        return exposures.seen_moments_ads(self.world, self.people, self.stimuli, self.first)

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
    def appointments(self) -> instore.Appointments:
        """What they booked."""
        return instore.appointments(self.world, self.people, self.visits, self.first)

    @cached_property
    def calls(self) -> instore.Calls:
        """Their visits to stores."""
        return instore.calls(self.world, self.people, self.stimuli, self.bought, self.appointments, self.first)

    def appointment_ids(self, row: Ints) -> pa.Array:
        """What the stores call these appointments; empty for -1."""
        every = numbers(
            self.people.person[self.appointments.who] * 4096 + np.arange(len(self.appointments)) % 4096, 12, "A"
        )
        return every.take(pa.array(row, mask=row < 0))

    @cached_property
    def events(self) -> sessions.Events:
        """What they did in them."""
        return sessions.events(self.world, self.visits, self.first)

    @cached_property
    def order_numbers(self) -> Ints:
        """A number for each purchase, unique among all people's."""
        return self.people.person[self.bought.who] * 256 + self.bought.number

    def order_ids(self, order: Ints) -> pa.Array:
        """What the shops call these purchases: Tmall its trade, the till its receipt, the own shop its order.

        Empty for -1.
        """
        return self._every_order_id.take(pa.array(order, mask=order < 0))

    @cached_property
    def _every_order_id(self) -> pa.Array:
        number, shop = self.order_numbers, self.bought.shop
        by_shop = (numbers(number, 11, "POS"), numbers(number, 14, "41720"), numbers(number, 11, "WS"))
        kind = np.array([0, 1, 2, 2, 2])[shop]
        return computed("choose", pa.array(kind), *by_shop)

    def goods_of(self, order: Ints) -> Ints:
        """What was paid for the goods of these purchases; nothing for -1."""
        return np.append(self.amounts.goods_cents, 0)[order]

    @cached_property
    def line_numbers(self) -> Ints:
        """A number for each line, unique among all people's."""
        return self.order_numbers[self.lines.order] * 8 + self.lines.place

    def line_ids(self, line: Ints) -> pa.Array:
        """What Tmall calls these lines."""
        return numbers(self.line_numbers[line], 14, "41730")

    def coupon_ids(self, order: Ints) -> pa.Array:
        """The coupon each of these purchases used; without meaning where none was."""
        return numbers(self.people.person[self.bought.who[order]] * 512 + self.amounts.campaign[order] % 512, 12, "CP")

    @cached_property
    def spend(self) -> loyalty.Spend:
        """Their orders as the member system sees them."""
        credited = self.membership.credited
        rows = np.flatnonzero((credited >= 0) & (self.amounts.goods_cents > 0))
        own = loyalty.Spend(credited[rows], self.bought.at[rows], self.amounts.goods_cents[rows], rows)
        spend = own.joined([self._answered()])
        return spend.rows(np.lexsort((spend.at, spend.who)))

    def _answered(self) -> loyalty.Spend:
        """Orders that answer messages, of members; numbered after the others."""
        orders = [item for item in self.answers.all if item.order_at]
        table = np.array([(item.person - self.first, item.order_at, item.cents) for item in orders], np.int64).reshape(
            -1, 3
        )
        found = loyalty.Spend(table[:, 0], table[:, 1], table[:, 2], len(self.bought) + np.arange(len(orders)))
        return found.rows(self.people.signup_at[found.who] <= found.at)

    @cached_property
    def ledger(self) -> loyalty.Ledger:
        """Their points and tiers."""
        return loyalty.ledger(self.world.parameters, self.people, self.spend, self.aftermath.refunds)


def chunks(customers: int) -> list[tuple[int, int]]:
    """First and last of each chunk, all of about a size. Person 0 is Ms. Lin, who is told apart."""
    count = -(-(customers - 1) // CHUNK)
    edges = [1 + (customers - 1) * n // count for n in range(count + 1)]
    return list(itertools.pairwise(edges))
