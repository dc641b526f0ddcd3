"""What a suite is built from: the limits in force, the newest build, what was landed, what earlier verdicts observed.

Here: reading those facts. Not here: which of them matter to whom (landing.py, marts.py, payload.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import LiteralString

from psycopg import sql

from expectations.limits import Limits
from expectations.model import Subject
from orchestration.warehouse.migrate import Connection

_NEWEST_BUILD: LiteralString = """
    select build_id, phase, state, as_of from ops.build order by build_id desc limit 1
"""
# Replays bring back rows of an earlier batch: they say nothing about a source's size or its newest delivery.
_NEWEST_BATCHES: LiteralString = """
    with ranked as (
        select
            source,
            batch_id,
            name,
            accepted,
            row_number() over (partition by source order by loaded_at desc, batch_id desc) as recency
        from ops.batch
        where contract = %s and replayed_from is null
    )
    select source, batch_id, name, accepted from ranked where recency = 1 order by source
"""
_SEEN: LiteralString = """
    select
        (select count(*) from ops.batch where contract = %(contract)s) as batches,
        (select count(*) from ops.refused_file where contract = %(contract)s) as refused_files,
        (select cast(max(refused_at) as text) from ops.refused_file where contract = %(contract)s) as newest_refusal
"""
_DELIVERED: LiteralString = """
    select distinct source, col.name
    from ops.batch as bat
    cross join lateral unnest(bat.source_columns) as col (name)
    where contract = %s
"""
# Earlier builds of days up to this one: rows that a later day had are not expected of an earlier one.
_EARLIER: LiteralString = """
    with judged as (
        select
            build_id,
            cast(evidence -> 'observed' ->> %(name)s as double precision) as observed,
            row_number() over (partition by build_id order by check_result_id desc) as recency
        from ops.check_result
        where
            subject = %(subject)s
            and state = 'green'
            and build_id < %(build_id)s
            and cast(evidence -> 'build' ->> 'as_of' as date) <= %(as_of)s
            and evidence -> 'observed' ->> %(name)s is not null
    )
    select observed from judged where recency = 1 order by build_id desc limit %(builds)s
"""


@dataclass(frozen=True)
class BuildFacts:
    """The newest build when a suite was made: its id, phase, state and last business day."""

    build_id: int
    phase: str
    state: str
    as_of: date


@dataclass(frozen=True)
class NewestBatch:
    """The newest batch of one source; `accepted` are rows."""

    source: str
    batch_id: str
    name: str
    accepted: int


@dataclass(frozen=True)
class Situation:
    """A connection to the brand's warehouse with everything a suite of one subject depends on."""

    connection: Connection
    brand: str
    subject: Subject
    limits: Limits
    build: BuildFacts | None

    def is_empty(self) -> bool:
        """Whether the subject's table has no row; psycopg's UndefinedTable when there is no such table."""
        table = sql.Identifier(self.subject.schema, self.subject.table)
        row = self.connection.execute(sql.SQL("select not exists (select 1 from {})").format(table)).fetchone()
        return row is not None and row[0] is True

    def earlier(self, name: str) -> list[float]:
        """What green verdicts on earlier builds observed under that name; newest first.

        Earlier is a build with a smaller number, as of this build's last day or before.
        """
        if self.build is None:
            return []
        facts = {
            "name": name,
            "subject": self.subject.name,
            "build_id": self.build.build_id,
            "as_of": self.build.as_of,
            "builds": self.limits.count("row_history_builds"),
        }
        return [float(row[0]) for row in self.connection.execute(_EARLIER, facts)]

    def usual(self, name: str) -> float | None:
        """The median of `earlier`; None without any."""
        found = self.earlier(name)
        return median(found) if found else None

    def has_history(self) -> bool:
        """Whether the table usually has rows enough to compare its figures with earlier ones."""
        return (self.usual("rows") or 0) >= self.limits.value("table_rows_minimum")

    def newest_batches(self, contract: str) -> list[NewestBatch]:
        """The newest batch of each source of a contract, replays left out."""
        return [NewestBatch(*row) for row in self.connection.execute(_NEWEST_BATCHES, (contract,))]

    def delivered(self, contract: str) -> set[tuple[str, str]]:
        """Which source ever offered which column: pairs of source and column of the source."""
        return {(row[0], row[1]) for row in self.connection.execute(_DELIVERED, (contract,))}


def newest_build(connection: Connection) -> BuildFacts | None:
    """The newest row of `ops.build`, or None before the first."""
    row = connection.execute(_NEWEST_BUILD).fetchone()
    return None if row is None else BuildFacts(*row)


def seen(connection: Connection, contract: str) -> Mapping[str, int | str | None]:
    """What was landed and refused of a contract so far.

    A verdict holds while this stays equal; no clock is compared.
    """
    row = connection.execute(_SEEN, {"contract": contract}).fetchone()
    batches, refused_files, newest_refusal = row or (0, 0, None)
    return {"batches": batches, "refused_files": refused_files, "newest_refusal": newest_refusal}
