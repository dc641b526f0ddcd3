"""Hundreds of drawn customers, their receipts and refunds, and the rows that tell of them.

Here: what is drawn and how it is landed. Not here: what should come of it (oracle.py).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.scenarios.world import World

FIRST_DAY = date(2023, 11, 20)
LAST_DAY = date(2025, 6, 20)
CATEGORIES = ("care", "soap", "mask")
_LOADED = "2025-06-21 00:00+00"


@dataclass(frozen=True)
class Receipt:
    """A receipt of one line."""

    number: int
    customer: str
    day: date
    product: str
    quantity: int
    cents: int


@dataclass(frozen=True)
class Refund:
    """A part of a receipt, given back on a later day."""

    receipt: Receipt
    day: date
    cents: int


@dataclass(frozen=True)
class Story:
    """Everything that happened, up to some day."""

    receipts: Sequence[Receipt]
    refunds: Sequence[Refund]

    def until(self, day: date) -> Story:
        """What had happened by the end of that day."""
        return Story([one for one in self.receipts if one.day <= day], [one for one in self.refunds if one.day <= day])


def draw(seed: int, *, customers: int) -> Story:
    """Customers with rhythms of their own; some buy twice a day, some sleep for a year, some give things back."""
    chance = random.Random(seed)
    receipts: list[Receipt] = []
    refunds: list[Refund] = []
    for number in range(customers):
        day = FIRST_DAY + timedelta(days=chance.randrange((LAST_DAY - FIRST_DAY).days))
        rhythm = chance.choice((5, 30, 90, 250))
        while day <= LAST_DAY:
            for _ in range(chance.choice((1, 1, 1, 2))):
                receipt = Receipt(
                    len(receipts),
                    f"customer-{number}",
                    day,
                    f"{chance.choice(CATEGORIES)}-{chance.randrange(2)}",
                    chance.choice((1, 1, 2)),
                    chance.choice((0, 1000, 1999, 25050, 99999)),
                )
                receipts.append(receipt)
                if receipt.cents and chance.random() < 0.15:
                    refunds.append(_refund(chance, receipt))
            if chance.random() < 0.2:
                break
            day += timedelta(days=1 + int(chance.expovariate(1 / rhythm)))
    return Story(receipts, [one for one in refunds if one.day <= LAST_DAY])


def _refund(chance: random.Random, receipt: Receipt) -> Refund:
    cents = receipt.cents if chance.random() < 0.5 else chance.randrange(1, receipt.cents + 1)
    return Refund(receipt, receipt.day + timedelta(days=chance.randrange(60)), cents)


def land(world: World, story: Story) -> None:
    """Put the story into raw; one product of each category has a cost, the other has none."""
    world.clear()
    products = [
        {"product_id": f"{category}-{number}", "category": category, "cost_amount": ("6.50", None)[number]}
        for category in CATEGORIES
        for number in range(2)
    ]
    world.land("catalogue.product", products)
    world.land("pos.order_line", [_line(one) for one in story.receipts], at=_LOADED)
    world.land("pos.refund", [_given_back(one) for one in story.refunds], at=_LOADED)


def _line(one: Receipt) -> dict[str, str]:
    return {
        "order_id": str(one.number),
        "order_line_id": "1",
        "ordered_at": f"{one.day} 10:00+08",
        "store_id": "s1",
        "member_id_key": one.customer,
        "product_id": one.product,
        "quantity": str(one.quantity),
        "sales_amount": _yuan(one.cents),
    }


def _given_back(one: Refund) -> dict[str, str]:
    return {
        "refund_id": f"of {one.receipt.number}",
        "order_id": str(one.receipt.number),
        "refunded_at": f"{one.day} 20:00+08",
        "store_id": "s1",
        "refund_amount": _yuan(one.cents),
    }


def _yuan(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
