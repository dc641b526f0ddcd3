"""What a build changes about who is who, against what is published.

Here: plain figures, for the command, for a guard and for whoever shows them elsewhere. Not here: publishing
(publication.py), what is unusual. Until a foundation is published the figures tell what publishing it will change;
after it they are those it was logged with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from orchestration.brands import Brand
from orchestration.identity.desk import UNIDENTIFIED, Desk, Name, opened
from orchestration.identity.publication import KIND_OF_CHANGE

BUCKETS: tuple[tuple[int, int | None], ...] = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, 30), (31, None))
"""Sizes of the histogram: from, to (None: open)."""

_NOW = """
    now_customer as (
        select identifier_key, customer_key from identity.int_identity__customer_identifier where is_first and is_usable
    )
"""
_CHANGES = f"""
    with {_NOW},
    changed as (
        select {KIND_OF_CHANGE} as change, before.customer_key as old_key, after.customer_key as new_key
        from ops.published_customer as before
        left join now_customer as after on after.identifier_key = before.identifier_key
        where after.customer_key is distinct from before.customer_key
    )
    select change, count(*), count(distinct old_key), count(distinct new_key) from changed group by change
    union all
    select 'any', count(*), count(distinct old_key), count(distinct new_key) from changed
"""
_TOTALS = f"""
    with {_NOW}
    select
        (select count(distinct customer_key) from ops.published_customer),
        (select count(distinct customer_key) from now_customer),
        (select count(*) from now_customer),
        (select count(*) from now_customer where not exists (
            select 1 from ops.published_customer as before where before.identifier_key = now_customer.identifier_key
        )),
        (select count(*) from identity.int_identity__quarantined_link),
        (select count(*) from identity.int_identity__customer_identifier where is_first and not is_usable)
"""
_LARGEST = """
    with now_size as (
        select customer_key, count(*) as size from identity.int_identity__customer_identifier
        where is_first and is_usable and customer_key <> %(nobody)s
        group by customer_key order by count(*) desc, customer_key limit %(largest)s
    )
    select now_size.customer_key, now_size.size, (
        select count(*) from ops.published_customer as before where before.customer_key = now_size.customer_key
    )
    from now_size order by now_size.size desc, now_size.customer_key
"""
_SIZES = """
    select size, count(*) from (
        select count(*) as size from identity.int_identity__component group by component_key
    ) as component group by size
"""
_LOGGED = """
    select bui.build_id, bui.as_of, log.change, count(log.log_id)
    from ops.build as bui
    left join ops.customer_key_log as log on log.build_id = bui.build_id
    where bui.build_id = (select max(build_id) from ops.build where phase = 'foundation' and state = 'done')
    group by bui.build_id, bui.as_of, log.change
"""


@dataclass(frozen=True)
class Large:
    """A customer with many identifiers, now and as published (0: new under this key)."""

    customer: Name
    identifiers: int
    identifiers_before: int


@dataclass(frozen=True)
class Logged:
    """What the newest finished foundation changed when it was published: identifiers by kind of change."""

    build_id: int
    as_of: date
    changes: Mapping[str, int]


@dataclass(frozen=True)
class Impact:
    """The tables of identity as they stand, against `ops.published_customer`.

    Identifiers: `merged` into a customer that was there, `split` away from one that stays, `renamed` with their
    customer, `left` to nobody, `new`. Customers: `merges` that lose themselves to another, `splits` that come of one,
    `rekeyed` of which some identifier has another customer, `rekeyed_share` of `customers_before`. `histogram`: raw
    components by number of identifiers.
    """

    customers_before: int
    customers: int
    identifiers: int
    merged: int
    split: int
    renamed: int
    left: int
    new: int
    merges: int
    splits: int
    rekeyed: int
    rekeyed_share: float
    quarantined_links: int
    unusable_identifiers: int
    largest_component: int
    largest: tuple[Large, ...]
    histogram: Mapping[str, int]
    logged: Logged | None

    @property
    def is_published(self) -> bool:
        """Whether publishing these tables would change nothing."""
        return not (self.merged or self.split or self.renamed or self.left or self.new)


def figures(brand: Brand) -> Impact:
    """The figures of a brand, read as the project's own user: for a guard, and for metadata of a run."""
    with opened(brand, role=None) as desk:
        return impact(desk)


def impact(desk: Desk, *, largest: int = 10) -> Impact:
    """The figures; `largest` is how many of the customers with most identifiers are named."""
    found = {change: (ids, old, new) for change, ids, old, new in desk.rows(_CHANGES)}
    identifiers = {kind: found.get(kind, (0, 0, 0))[0] for kind in ("merged", "split", "renamed", "left")}
    before, customers, usable, new, quarantined, unusable = desk.rows(_TOTALS)[0]
    sizes = dict(desk.rows(_SIZES))
    rekeyed = found["any"][1]
    return Impact(
        customers_before=before,
        customers=customers,
        identifiers=usable,
        **identifiers,
        new=new,
        merges=found.get("merged", (0, 0, 0))[1],
        splits=found.get("split", (0, 0, 0))[2],
        rekeyed=rekeyed,
        rekeyed_share=rekeyed / before if before else 0.0,
        quarantined_links=quarantined,
        unusable_identifiers=unusable,
        largest_component=max(sizes, default=0),
        largest=_largest(desk, largest),
        histogram=_histogram(sizes),
        logged=_logged(desk),
    )


def _largest(desk: Desk, count: int) -> tuple[Large, ...]:
    rows = desk.rows(_LARGEST, {"largest": count, "nobody": UNIDENTIFIED})
    called = desk.names(row[0] for row in rows)
    return tuple(Large(called[key], now, before) for key, now, before in rows)


def _histogram(sizes: Mapping[int, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for low, high in BUCKETS:
        label = str(low) if low == high else f"{low}-{high}" if high else f"{low}+"
        found[label] = sum(count for size, count in sizes.items() if size >= low and (high is None or size <= high))
    return found


def _logged(desk: Desk) -> Logged | None:
    rows = desk.rows(_LOGGED)
    if not rows:
        return None
    return Logged(rows[0][0], rows[0][1], {change: count for _, _, change, count in rows if change})
