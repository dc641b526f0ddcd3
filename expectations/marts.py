"""Suites of what the builds expose: customers, identity, orders, events, the single customer view and its marts.

Here: sizes against earlier builds, distributions, the identity result. Not here: grain, relations and sums, which dbt
tests hold. A table is compared only with green verdicts on earlier builds, so that a bad day never becomes the
measure of the next.
"""

from __future__ import annotations

from collections.abc import Callable

from expectations import journey
from expectations.model import (
    Part,
    Rule,
    Subject,
    Suite,
    at_least,
    at_most,
    each_between,
    mean_between,
    row_count,
    subject,
)
from expectations.situation import Situation

UNIDENTIFIED = "unidentified"
"""The fixed customer of events nobody can be named for (dbt variable `unidentified_customer_key`)."""

BRIDGE = subject(
    "core",
    "bridge_customer_identifier",
    "marts",
    "The identity result: identifiers per customer, identifiers of no use",
)
CUSTOMER = subject("core", "dim_customer", "marts", "Customers: their number against earlier builds")
ORDER = subject("core", "fct_order", "marts", "Receipts: their number and mean against earlier builds")
EVENT = subject(
    "core", "fct_event", "marts", "The event stream: its size and kinds against earlier builds, events of nobody"
)
SINGLE_VIEW = subject(
    "marts",
    "mart_customer__single_view",
    "marts",
    "The customer view: sales of nobody, newest purchase, purchase cycles, share of overdue buyers",
)
CONTACTABILITY = subject(
    "marts",
    "mart_customer__contactability",
    "marts",
    "Who can be reached on which channel: their number against earlier builds",
)
PRODUCT = subject("marts", "mart_customer__product", "marts", "Bought items: their number against earlier builds")
TRAIT = subject(
    "marts", "mart_customer__trait", "marts", "What is known of customers: how much, against earlier builds"
)
MEMBER = subject(
    "marts",
    "mart_loyalty__member",
    "marts",
    "Members: their number and points against earlier builds, who is overdrawn",
)
PROMOTION = subject("marts", "mart_promotion__effect", "marts", "Promotions: their number against earlier builds")


def suite(situation: Situation) -> Suite:
    """The suite of one exposed table, as its situation wants it.

    An empty table, before anything was landed, is only counted.
    """
    counted, notes = row_band(situation)
    parts = [Part("rows", (counted,))]
    if situation.is_empty():
        notes.append("the table is empty: there is nothing to judge")
    else:
        parts += _PARTS[situation.subject](situation, notes)
    return Suite(situation.subject, tuple(parts), tuple(notes))


def row_band(situation: Situation) -> tuple[Rule, list[str]]:
    """The table's rows against the median of earlier builds; without a history they are counted for the next time."""
    limits = situation.limits
    usual = situation.usual("rows")
    least = limits.value("table_rows_minimum")
    if usual is None or usual < least:
        why = "no earlier build" if usual is None else f"usually {usual:g} rows, below {least:g}"
        return row_count("rows", "Rows are counted, to compare later builds with", minimum=0), [f"rows: {why}"]
    meaning = f"Rows are near the {usual:g} of earlier builds"
    low, high = limits.value("row_share_minimum") * usual, limits.value("row_share_maximum") * usual
    return row_count("rows", meaning, minimum=int(low), maximum=int(high)), []


_IDENTITY_FACTS = """
    with customers as (
        select customer_key, count(*) as identifiers
        from core.bridge_customer_identifier
        where is_usable and is_current and customer_key <> '{nobody}'
        group by customer_key
    ),

    held as (
        select
            coalesce(max(identifiers), 0) as largest_customer,
            cast(coalesce(avg(identifiers), 0) as double precision) as mean_identifiers
        from customers
    )

    select
        held.largest_customer,
        held.mean_identifiers,
        case
            when count(*) filter (where {names_somebody}) >= {minimum}
                then avg(case when bridge.is_usable then 0.0 else 1.0 end) filter (where {names_somebody})
        end as unusable_share
    from core.bridge_customer_identifier as bridge
    cross join held
    group by held.largest_customer, held.mean_identifiers
"""

_NAMES_SOMEBODY = "coalesce(bridge.unusable_reason, '') not like 'weak%'"
"""Browsers and devices name no person by themselves: most of them are of no use, and that is no fault."""


def _bridge(situation: Situation, notes: list[str]) -> list[Part]:
    """The identity result: strangers that were glued, and identifiers that name nobody."""
    del notes
    limits = situation.limits
    facts = _IDENTITY_FACTS.format(
        nobody=UNIDENTIFIED, minimum=limits.count("table_rows_minimum"), names_somebody=_NAMES_SOMEBODY
    )
    largest = limits.value("identifiers_per_customer_maximum")
    mean = limits.value("identifiers_per_customer_mean_maximum")
    unusable = limits.value("unusable_identifier_share_maximum")
    rules = (
        at_most(
            "largest_customer", "largest_customer", largest, "No customer holds more identifiers than a person can"
        ),
        at_most("mean_identifiers", "mean_identifiers", mean, "Customers hold a few identifiers on average"),
        each_between("unusable_share", "unusable_share", "Few identifiers are of no use", maximum=unusable),
    )
    return [Part("identity", rules, facts, is_small=True)]


def _only_counted(situation: Situation, notes: list[str]) -> list[Part]:
    """Nothing beyond its size: what customers tell of themselves and what each buys is sparse by nature."""
    del situation, notes
    return []


def _order(situation: Situation, notes: list[str]) -> list[Part]:
    usual = situation.usual("mean_receipt") if situation.has_history() else None
    if usual is None:
        notes.append("mean_receipt: no earlier build to compare with")
        rule = mean_between("mean_receipt", "sales_amount", "The mean receipt is not negative", minimum=0)
    else:
        factor = situation.limits.value("mean_share_maximum")
        meaning = f"The mean receipt is near the {usual:.2f} of earlier builds"
        rule = mean_between("mean_receipt", "sales_amount", meaning, minimum=usual / factor, maximum=usual * factor)
    return [Part("receipts", (rule,))]


def _event(situation: Situation, notes: list[str]) -> list[Part]:
    limits = situation.limits
    before = situation.usual("event_types") if situation.has_history() else None
    if before is None:
        notes.append("event_types: no earlier build to compare with")
    facts = f"""
        select
            count(distinct event_type) as event_types,
            case
                when count(*) >= {limits.count("table_rows_minimum")}
                    then avg(case when customer_key = '{UNIDENTIFIED}' then 1.0 else 0.0 end)
            end as unidentified_share
        from core.fct_event
    """
    silent = "No kind of event has fallen silent since earlier builds"
    nobody = "Events of nobody are not nearly all there is"
    share = limits.value("unidentified_event_share_maximum")
    rules = (
        at_least("event_types", "event_types", before or 1, silent),
        each_between("unidentified_event_share", "unidentified_share", nobody, maximum=share),
    )
    return [Part("stream", rules, facts, is_small=True)]


_CUSTOMER_FACTS = """
    with totals as (
        select
            cast(
                coalesce(sum(case when is_unidentified then sales_amount end), 0)
                / nullif(sum(sales_amount), 0) as double precision
            ) as unidentified_share,
            min(recency_days) as newest_purchase_days,
            cast(avg(purchase_cycle_days) as double precision) as mean_cycle_days,
            avg(case when order_count = 0 then null when is_overdue then 1.0 else 0.0 end) as overdue_share,
            coalesce(sum(order_count), 0) as orders,
            sum(case when order_count > 0 then 1 else 0 end) as buyers
        from marts.mart_customer__single_view
    )

    select
        case when orders >= {minimum} then unidentified_share end as unidentified_share,
        case when orders >= {minimum} or newest_purchase_days < 0 then newest_purchase_days end as newest_purchase_days,
        case when orders >= {minimum} then mean_cycle_days end as mean_cycle_days,
        case when buyers >= {minimum} then overdue_share end as overdue_share
    from totals
"""


def _single_view(situation: Situation, notes: list[str]) -> list[Part]:
    del notes
    limits = situation.limits
    nobody = limits.value("unidentified_sales_share_maximum")
    newest = limits.value("newest_purchase_days_maximum")
    cycle = limits.value("purchase_cycle_days_maximum")
    overdue = limits.value("overdue_share_maximum")
    sales = "Sales of nobody are not nearly all there is"
    bought = "Somebody bought lately, and nobody after the build's last day"
    rules = (
        each_between("unidentified_sales_share", "unidentified_share", sales, maximum=nobody),
        each_between("newest_purchase_days", "newest_purchase_days", bought, minimum=0, maximum=newest),
        each_between("mean_cycle_days", "mean_cycle_days", "Purchase cycles last days to months", maximum=cycle),
        each_between("overdue_share", "overdue_share", "Not nearly every buyer is overdue", maximum=overdue),
    )
    facts = _CUSTOMER_FACTS.format(minimum=limits.count("table_rows_minimum"))
    return [Part("customers", rules, facts, is_small=True)]


_REACHED = """
    select count(distinct case when is_reachable then customer_key end) as reached
    from marts.mart_customer__contactability
"""


def _contactability(situation: Situation, notes: list[str]) -> list[Part]:
    """Consents or addresses that were lost at once: people take theirs back one by one."""
    limits = situation.limits
    usual = situation.usual("reached_customers") if situation.has_history() else None
    if usual is None:
        notes.append("reached_customers: no earlier build to compare with")
    least = limits.value("row_share_minimum") * usual if usual else 0
    meaning = "Nearly as many customers can be reached as in earlier builds"
    return [Part("reach", (at_least("reached_customers", "reached", least, meaning),), _REACHED, is_small=True)]


_OVERDRAWN = """
    select
        case
            when count(*) >= {minimum} then avg(case when balance_points < 0 then 1.0 else 0.0 end)
        end as overdrawn_share
    from marts.mart_loyalty__member
"""


def _member(situation: Situation, notes: list[str]) -> list[Part]:
    """Points that lost a source (what was spent without what was earned), or a rule that lost a zero."""
    limits = situation.limits
    usual = situation.usual("mean_points") if situation.has_history() else None
    if usual is None or usual <= 0:
        notes.append("mean_points: no earlier build to compare with")
        mean = mean_between("mean_points", "balance_points", "The mean balance is no debt", minimum=0)
    else:
        factor = limits.value("mean_share_maximum")
        meaning = f"The mean balance is near the {usual:.0f} points of earlier builds"
        mean = mean_between("mean_points", "balance_points", meaning, minimum=usual / factor, maximum=usual * factor)
    few = "Few members spent more points than they have"
    share = limits.value("overdrawn_member_share_maximum")
    facts = _OVERDRAWN.format(minimum=limits.count("table_rows_minimum"))
    rule = each_between("overdrawn_share", "overdrawn_share", few, maximum=share)
    return [Part("points", (mean,)), Part("overdrawn", (rule,), facts, is_small=True)]


_PARTS: dict[Subject, Callable[[Situation, list[str]], list[Part]]] = {
    BRIDGE: _bridge,
    CUSTOMER: _only_counted,
    ORDER: _order,
    EVENT: _event,
    SINGLE_VIEW: _single_view,
    CONTACTABILITY: _contactability,
    PRODUCT: _only_counted,
    TRAIT: _only_counted,
    MEMBER: _member,
    **journey.PARTS,
    PROMOTION: _only_counted,
}

SUBJECTS: tuple[Subject, ...] = tuple(_PARTS)
"""What stands at the marts door, in the order of the build. Tags do not: who changes a rule changes their number."""
