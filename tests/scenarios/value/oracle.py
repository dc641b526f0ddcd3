"""What RFM and cohorts should be, told by pandas and numpy from the story itself.

Here: the definitions of docs/value.md over again, for the default rules. Not here: any SQL, any seed; the numbers of
the rules stand here once more, so that a changed default is seen.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from tests.scenarios.value.told import Story

WINDOW_DAYS = 365
BINS = 5
TIE_STEPS = {"recency": 1, "orders": 1, "cents": 100}
DORMANT_AFTER_DAYS = 180

RfmRow = tuple[str, date, int, int, int, int | None, int | None, int | None]
"""Customer, month's end, recency days, orders, cents, and the three scores."""


def frame(story: Story) -> pd.DataFrame:
    """One row per receipt (orders 1) or refund (orders 0): customer, day, orders, cents."""
    rows = [(one.customer, one.day, 1, one.cents) for one in story.receipts]
    rows += [(one.receipt.customer, one.day, 0, -one.cents) for one in story.refunds]
    customers, days, orders, cents = zip(*rows, strict=True)
    return pd.DataFrame({"customer": customers, "day": pd.to_datetime(list(days)), "orders": orders, "cents": cents})


def month_ends(story: Story, last_day: date) -> list[pd.Timestamp]:
    """Ends of the months that were over by the last day, from that of the first receipt."""
    first = min(one.day for one in story.receipts)
    return list(pd.date_range(first, last_day, freq="ME"))


def measures(told: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Per customer who had bought by the day: recency, orders and cents of the window."""
    past = told.query("day <= @day")
    last = past.query("orders == 1").groupby("customer")["day"].max()
    inside = past.assign(age=[(day - then).days for then in past["day"]]).query(f"age < {WINDOW_DAYS}")
    sums = inside.groupby("customer")[["orders", "cents"]].sum().reindex(last.index, fill_value=0)
    return sums.assign(recency=[(day - newest).days for newest in last])


def cuts(measured: pd.DataFrame) -> dict[str, list[float]] | None:
    """Cuts of those who bought within the window; none without anybody."""
    buyers = measured.query("orders > 0")
    if buyers.empty:
        return None
    shares = [number / BINS for number in range(1, BINS)]
    return {name: (np.round(np.quantile(buyers[name], shares), 4) + step).tolist() for name, step in TIE_STEPS.items()}


def rfm_history(story: Story, last_day: date) -> set[RfmRow]:
    """Every customer at every month's end, scored by the cuts of the month before."""
    told = frame(story.until(last_day))
    found: set[RfmRow] = set()
    in_force: dict[str, list[float]] | None = None
    for day in month_ends(story, last_day):
        measured = measures(told, day)
        for customer, row in measured.iterrows():
            recency, orders, cents = int(row["recency"]), int(row["orders"]), int(row["cents"])
            scores: tuple[int | None, int | None, int | None] = (None, None, None)
            if in_force is not None:
                scores = (
                    BINS - _passed(in_force["recency"], recency),
                    1 + _passed(in_force["orders"], orders),
                    1 + _passed(in_force["cents"], cents),
                )
            found.add((str(customer), day.date(), recency, orders, cents, scores[0], scores[1], scores[2]))
        in_force = cuts(measured) or in_force
    return found


def _passed(limits: list[float], value: int) -> int:
    return sum(limit <= value for limit in limits)


def cohorts(story: Story, last_day: date) -> dict[tuple[date, int], tuple[int, int]]:
    """By cohort month and months since: active customers, and cents of the month."""
    told = frame(story.until(last_day))
    bought = told[told["orders"] == 1]
    first = bought.groupby("customer")["day"].min().dt.to_period("M")
    told = told.assign(month=told["day"].dt.to_period("M"), cohort=told["customer"].map(first))
    found: dict[tuple[date, int], tuple[int, int]] = {}
    for cohort in sorted(set(first)):
        for since, month in enumerate(pd.period_range(cohort, pd.Period(last_day, "M"))):
            here = told[(told["cohort"] == cohort) & (told["month"] == month)]
            active = here.loc[here["orders"] == 1, "customer"].nunique()
            found[cohort.start_time.date(), since] = (int(active), int(here["cents"].sum()))
    return found


def activity(story: Story, last_day: date) -> dict[date, tuple[int, int, int, int]]:
    """By month: new, returning, resurrected customers, and those dormant at its end (or on the last day)."""
    receipts = story.until(last_day).receipts
    days: dict[str, list[date]] = {}
    for one in receipts:
        days.setdefault(one.customer, []).append(one.day)
    found: dict[date, tuple[int, int, int, int]] = {}
    for month in pd.period_range(min(one.day for one in receipts), last_day, freq="M"):
        begin, end = month.start_time.date(), min(month.end_time.date(), last_day)
        kinds = [_kind(sorted(set(theirs)), begin, end) for theirs in days.values()]
        asleep = sum(
            (end - max(day for day in theirs if day <= end)).days > DORMANT_AFTER_DAYS
            for theirs in days.values()
            if min(theirs) <= end
        )
        found[begin] = (kinds.count("new"), kinds.count("returning"), kinds.count("resurrected"), asleep)
    return found


def _kind(days: list[date], begin: date, end: date) -> str | None:
    inside = [day for day in days if begin <= day <= end]
    if not inside:
        return None
    before = [day for day in days if day < begin]
    if not before:
        return "new"
    return "resurrected" if (inside[0] - before[-1]).days > DORMANT_AFTER_DAYS else "returning"


def second_purchases(story: Story, last_day: date, window_days: int) -> dict[date, tuple[int, int, int]]:
    """By cohort month: customers, those whose window was over, and of these who bought again within it."""
    days: dict[str, set[date]] = {}
    for one in story.until(last_day).receipts:
        days.setdefault(one.customer, set()).add(one.day)
    found: dict[date, tuple[int, int, int]] = {}
    for theirs in days.values():
        first, *rest = sorted(theirs)
        matured = (last_day - first).days >= window_days
        converted = matured and bool(rest) and (rest[0] - first).days <= window_days
        before = found.get(first.replace(day=1), (0, 0, 0))
        found[first.replace(day=1)] = (before[0] + 1, before[1] + matured, before[2] + converted)
    return found
