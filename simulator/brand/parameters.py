"""What a run is made from: size, days, seed, dirt, and Ms. Lin.

Here: the parameters and their checks; equal parameters give equal bytes. Not here: what is drawn from them.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date, timedelta

from simulator.brand.lin_story import Lin

ZONE_SECONDS = 8 * 3600
"""Shanghai is eight hours ahead of UTC, all year."""

DAY_SECONDS = 86_400


class ParameterError(ValueError):
    """Parameters that make no brand; the message says which and what would be valid."""


@dataclass(frozen=True)
class Parameters:
    """One run.

    `customers`: people, Ms. Lin among them. `days`: length of the brand's story from `start`. `dirt`: share of rows
    that come late, twice, out of order or broken (0 to 0.05). `until`: last day that is written at once (the last of
    all when None); days after it are written one by one. `daily_files`: how many days before it have a file of their
    own.
    """

    customers: int = 5000
    days: int = 400
    seed: int = 7
    start: date = date(2024, 12, 15)
    dirt: float = 0.002
    until: date | None = None
    daily_files: int = 7
    lin: Lin = field(default_factory=Lin)

    def __post_init__(self) -> None:
        checks = (
            (100 <= self.customers <= 20_000_000, f"customers: {self.customers} is not within 100 and 20,000,000"),
            (30 <= self.days <= 1500, f"days: {self.days} is not within 30 and 1,500"),
            (self.seed >= 0, f"seed: {self.seed} is negative"),
            (0 <= self.dirt <= 0.05, f"dirt: {self.dirt} is not within 0 and 0.05"),
            (0 <= self.daily_files <= 31, f"daily_files: {self.daily_files} is not within 0 and 31"),
            (self.start <= self.last_at_once <= self.end, f"until: {self.until} is not within the brand's days"),
        )
        for is_valid, what in checks:
            if not is_valid:
                raise ParameterError(what)

    @property
    def end(self) -> date:
        """The last day of the story."""
        return self.start + timedelta(days=self.days - 1)

    @property
    def last_at_once(self) -> date:
        """The last day of the exports that are written at once."""
        return self.until or self.end

    @property
    def start_at(self) -> int:
        """The story's first moment, in seconds since 1970."""
        return (self.start - date(1970, 1, 1)).days * DAY_SECONDS - ZONE_SECONDS

    @property
    def end_at(self) -> int:
        """The moment after the story's last, in seconds since 1970."""
        return self.start_at + self.days * DAY_SECONDS

    def day_of(self, day: date) -> int:
        """A date as the number of its day, the first of the story being 0; negative before it."""
        return (day - self.start).days

    def told(self) -> dict[str, object]:
        """The parameters as JSON can hold them."""
        return {name: _plain(value) for name, value in dataclasses.asdict(self).items()}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value
