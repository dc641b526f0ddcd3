"""The brand's calendar: public holidays, lunar festivals, big sales with their deposit and balance days.

Here: the days of 2024 to 2026 and how they lift sales. Dates are those the State Council announced and those of the
lunar calendar. Not here: what is offered on them (catalogue.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from simulator.brand.draws import Floats
from simulator.brand.parameters import Parameters

HOLIDAYS: tuple[tuple[str, date, int], ...] = (
    ("元旦", date(2024, 1, 1), 1), ("春节", date(2024, 2, 10), 8), ("清明节", date(2024, 4, 4), 3),
    ("劳动节", date(2024, 5, 1), 5), ("端午节", date(2024, 6, 8), 3), ("中秋节", date(2024, 9, 15), 3),
    ("国庆节", date(2024, 10, 1), 7), ("元旦", date(2025, 1, 1), 1), ("春节", date(2025, 1, 28), 8),
    ("清明节", date(2025, 4, 4), 3), ("劳动节", date(2025, 5, 1), 5), ("端午节", date(2025, 5, 31), 3),
    ("国庆节", date(2025, 10, 1), 8), ("元旦", date(2026, 1, 1), 3), ("春节", date(2026, 2, 15), 9),
    ("清明节", date(2026, 4, 4), 3), ("劳动节", date(2026, 5, 1), 5), ("端午节", date(2026, 6, 19), 3),
    ("中秋节", date(2026, 9, 25), 3), ("国庆节", date(2026, 10, 1), 7),
)  # fmt: skip
"""Name, first day, days."""

WORKDAYS = (
    date(2024, 2, 4), date(2024, 2, 18), date(2024, 4, 7), date(2024, 4, 28), date(2024, 5, 11), date(2024, 9, 14),
    date(2024, 9, 29), date(2024, 10, 12), date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28),
    date(2025, 10, 11), date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20),
    date(2026, 10, 10),
)  # fmt: skip
"""Weekend days that are worked for a holiday."""

FESTIVALS: tuple[tuple[str, date], ...] = (
    ("春节", date(2024, 2, 10)), ("元宵节", date(2024, 2, 24)), ("端午节", date(2024, 6, 10)),
    ("七夕", date(2024, 8, 10)), ("中秋节", date(2024, 9, 17)), ("重阳节", date(2024, 10, 11)),
    ("春节", date(2025, 1, 29)), ("元宵节", date(2025, 2, 12)), ("端午节", date(2025, 5, 31)),
    ("七夕", date(2025, 8, 29)), ("中秋节", date(2025, 10, 6)), ("重阳节", date(2025, 10, 29)),
    ("春节", date(2026, 2, 17)), ("元宵节", date(2026, 3, 3)), ("端午节", date(2026, 6, 19)),
    ("七夕", date(2026, 8, 19)), ("中秋节", date(2026, 9, 25)), ("重阳节", date(2026, 10, 18)),
)  # fmt: skip

GIFT_DAYS = ("七夕", "春节")
"""Festivals at which skincare is given away."""


@dataclass(frozen=True)
class Sale:
    """One big sale: main days, share taken off, and how strongly it pulls (1 is an ordinary brand day).

    A sale with a deposit takes it from `deposit_from` on and is paid in full from `balance_from` on, at Tmall.
    """

    period_id: str
    name: str
    first: date
    last: date
    discount_rate: float
    pull: float
    deposit_from: date | None = None
    balance_from: date | None = None


def _sales_of(year: int) -> tuple[Sale, ...]:
    return (
        Sale(f"{year}-01-nianhuo", "年货节", date(year, 1, 6), date(year, 1, 12), 0.10, 0.8),
        Sale(f"{year}-03-08", "女神节", date(year, 3, 5), date(year, 3, 8), 0.15, 1.0),
        Sale(f"{year}-05-20", "520 礼遇季", date(year, 5, 18), date(year, 5, 20), 0.08, 0.7),
        Sale(
            f"{year}-06-18", "618", date(year, 6, 15), date(year, 6, 18), 0.20, 2.2,
            deposit_from=date(year, 5, 26), balance_from=date(year, 5, 31),
        ),
        Sale(f"{year}-09-09", "99 会员日", date(year, 9, 7), date(year, 9, 9), 0.12, 0.8),
        Sale(
            f"{year}-11-11", "双11", date(year, 11, 8), date(year, 11, 11), 0.25, 3.2,
            deposit_from=date(year, 10, 20), balance_from=date(year, 10, 31),
        ),
        Sale(f"{year}-12-12", "双12", date(year, 12, 10), date(year, 12, 12), 0.15, 1.0),
    )  # fmt: skip


SALES = tuple(sale for year in (2024, 2025, 2026) for sale in _sales_of(year))


@dataclass(frozen=True)
class SpecialDay:
    """One row of the brand's calendar."""

    on: date
    name: str
    day_type: str
    period_id: str = ""


def special_days() -> list[SpecialDay]:
    """Every special day of 2024 to 2026, in order of date; a day may be several things."""
    found = [
        SpecialDay(first + timedelta(days=n), name, "holiday")
        for name, first, length in HOLIDAYS
        for n in range(length)
    ]
    found += [SpecialDay(day, "调休上班", "workday") for day in WORKDAYS]
    found += [SpecialDay(day, f"农历{name}", "festival") for name, day in FESTIVALS]
    for sale in SALES:
        length = (sale.last - sale.first).days + 1
        kind = "big_sale" if sale.pull >= 2 else "brand_day"
        found += [SpecialDay(sale.first + timedelta(days=n), sale.name, kind, sale.period_id) for n in range(length)]
        if sale.deposit_from and sale.balance_from:
            found += [
                SpecialDay(sale.deposit_from + timedelta(days=n), f"{sale.name}定金", "deposit", sale.period_id)
                for n in range((sale.balance_from - sale.deposit_from).days)
            ]
            found += [
                SpecialDay(sale.balance_from + timedelta(days=n), f"{sale.name}尾款", "balance", sale.period_id)
                for n in range(4)
            ]
    return sorted(found, key=lambda day: (day.on, day.name))


def sales_within(parameters: Parameters) -> list[Sale]:
    """The big sales that lie wholly within the run, in order."""
    return [
        sale for sale in SALES if (sale.deposit_from or sale.first) >= parameters.start and sale.last <= parameters.end
    ]


def daily_lift(parameters: Parameters) -> Floats:
    """How busy each day of the run is, 1 being an ordinary Tuesday: weekends, holidays, the lull of Spring Festival."""
    days = [parameters.start + timedelta(days=n) for n in range(parameters.days)]
    free = {day.on for day in special_days() if day.day_type == "holiday"}
    worked = set(WORKDAYS)
    lift = [1.35 if day.weekday() >= 5 and day not in worked else 1.0 for day in days]
    lift = [max(value, 1.3) if day in free else value for day, value in zip(days, lift, strict=True)]
    spring = {first + timedelta(days=n) for name, first, _ in HOLIDAYS if name == "春节" for n in range(4)}
    return np.array([0.6 if day in spring else value for day, value in zip(days, lift, strict=True)])
