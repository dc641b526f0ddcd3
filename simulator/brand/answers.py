"""What people did with messages that gateways took, as it is kept from day to day.

Here: the answers and their JSON. Not here: how they come about (reactions.py), the rows they become (answer_rows.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Answer:
    """One message and what its reader did; moments in seconds since 1970, 0 where nothing came.

    `order_at`: when they bought, `product`: a place in the catalogue, `cents`: what they paid.
    """

    person: int
    day: int
    channel: str
    message_id: str
    link_id: str
    campaign_id: str
    at: int
    is_delivered: bool
    opened_at: int = 0
    clicked_at: int = 0
    no_at: int = 0
    order_at: int = 0
    product: int = -1
    cents: int = 0


@dataclass(frozen=True)
class Answers:
    """All answers so far. `lin_steps`: the messages of Ms. Lin's story that came, with the day each came on."""

    all: tuple[Answer, ...] = ()
    lin_steps: tuple[tuple[str, int], ...] = ()
    strangers: tuple[tuple[str, int], ...] = ()

    def among(self, first: int, last: int) -> Self:
        """The answers of the people numbered `first` to `last` - 1."""
        return dataclasses.replace(self, all=tuple(item for item in self.all if first <= item.person < last))

    def before(self, day: int) -> Self:
        """The answers to messages of earlier days."""
        return dataclasses.replace(
            self,
            all=tuple(item for item in self.all if item.day < day),
            lin_steps=tuple(item for item in self.lin_steps if item[1] < day),
            strangers=tuple(item for item in self.strangers if item[1] < day),
        )

    @property
    def messages(self) -> frozenset[str]:
        """The messages something was made of."""
        return frozenset(item.message_id for item in self.all) | frozenset(name for name, _ in self.strangers)

    def told(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return dataclasses.asdict(self)

    @classmethod
    def kept(cls, told: Mapping[str, Any]) -> Self:
        """From what `told` gave; nothing from nothing."""
        return cls(
            tuple(Answer(**item) for item in told.get("all", ())),
            tuple((str(name), int(day)) for name, day in told.get("lin_steps", ())),
            tuple((str(name), int(day)) for name, day in told.get("strangers", ())),
        )
