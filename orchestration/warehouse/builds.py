"""Builds: what is computed from what, when it can be left out, and what came of it.

Here: the inputs of a build, its record in `ops.build`, the brand's lock around it. Not here: dbt's command line
(dbt.py), who may send from a build (activation/gate.py). A build that was killed stays `running` in its row: no
finished build, whatever its tables look like.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from orchestration.brands import Brand
from orchestration.failpoints import failpoint
from orchestration.warehouse import dbt
from orchestration.warehouse.connect import connect
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.locks import brand_lock
from orchestration.warehouse.migrate import Connection

Phase = Literal["foundation", "serving", "partial"]


@dataclass(frozen=True)
class Inputs:
    """What a build's result depends on.

    `as_of`: the last business day. `known_at`: the last load that counts. `code`, `settings`: hashes of the project and
    of the variables but for `known_at`. `batches`: landed batches by contract. `decisions`: how many people took about
    identifiers. `fingerprint`: hash of all of it, and of the block list.
    """

    as_of: date
    known_at: datetime
    code: str
    settings: str
    batches: Mapping[str, int]
    decisions: int
    fingerprint: str


@dataclass
class Build:
    """A build under way; whoever runs dbt fills `counts` (models, tests, failures)."""

    build_id: int
    phase: Phase
    inputs: Inputs
    counts: dict[str, Any] = field(default_factory=dict[str, Any])


def inputs(
    brand: Brand, clock_contracts: Sequence[str], *, as_of: date | None = None, known_at: datetime | None = None
) -> Inputs:
    """The inputs of a build now.

    `as_of` defaults to the newest event day of `clock_contracts`, `known_at` to the newest load or decision about
    identifiers. Raises WarehouseError when nothing was landed and no `as_of` is given.
    """
    with connect(brand.name, application_name="touchstream inputs") as connection:
        newest = connection.execute(
            "select greatest(max(loaded_at), (select max(decided_at) from ops.identity_decision)) from ops.batch "
            "having count(*) > 0"
        ).fetchone()
        known = known_at or (newest[0] if newest else None)
        if known is None:
            raise WarehouseError(
                f"brand {brand.name} has nothing landed yet: put files into {brand.drop} and run `touchstream land`"
            )
        row = connection.execute(
            "select max(last_event_date) from ops.batch where contract = any(%s) and loaded_at <= %s",
            (list(clock_contracts), known),
        ).fetchone()
        day = as_of or (row[0] if row else None)
        if day is None:
            raise WarehouseError(f"no landed row moves the clock of brand {brand.name} yet: give --as-of YYYY-MM-DD")
        said = _said(connection, known)
        batches = connection.execute(
            "select batch_id, contract from ops.batch where loaded_at <= %s order by batch_id", (known,)
        ).fetchall()
    told, code = dbt.variables(brand, as_of=day, known_at=known), dbt.code_fingerprint()
    return Inputs(
        as_of=day,
        known_at=known,
        code=code,
        settings=settings_hash(brand, as_of=day),
        batches=Counter(row[1] for row in batches),
        decisions=said[0],
        fingerprint=_digest([told, [row[0] for row in batches], code, said]),
    )


def settings_hash(brand: Brand, *, as_of: date) -> str:
    """Hash of the variables that a build as of a day is told, but for `known_at`."""
    told = dbt.variables(brand, as_of=as_of, known_at=datetime.min.replace(tzinfo=UTC))
    return _digest({name: value for name, value in told.items() if name != "known_at"})


def _said(connection: Connection, known: datetime) -> tuple[int, str | None]:
    """What people said of identifiers by then: how many decisions, and the block list."""
    ((decisions, blocked),) = connection.execute(
        "select (select count(*) from ops.identity_decision where decided_at <= %s), ("
        "select md5(string_agg(identifier_key || reason, ',' order by identifier_key)) from ops.blocked_identifier"
        ")",
        (known,),
    ).fetchall()
    return int(decisions), blocked


def _digest(facts: object) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def unchanged_since(brand: Brand, wanted: Inputs, *, phase: Phase = "serving") -> int | None:
    """The build that already holds what a phase would make of these inputs, when nothing went over it since; else None.

    A foundation stands while only servings of the same inputs came after it, finished or not: they leave it alone.
    """
    with connect(brand.name, application_name="touchstream inputs") as connection:
        rows = connection.execute(
            "select build_id, phase, state, input_fingerprint from ops.build "
            "where build_id >= (select max(build_id) from ops.build where phase <> 'serving') order by build_id desc"
        ).fetchall()
    if not rows or rows[-1][1:3] != ("foundation", "done") or any(found != wanted.fingerprint for *_, found in rows):
        return None
    standing = rows[-1] if phase == "foundation" else rows[0]
    return int(standing[0]) if standing[1:3] == (phase, "done") else None


def not_built_from(brand: Brand, sources: Sequence[str]) -> list[str]:
    """Batches of these sources that were landed since the newest serving was asked for, by id."""
    with connect(brand.name, application_name="touchstream builds") as connection:
        rows = connection.execute(
            "select batch_id from ops.batch where source = any(%s) and loaded_at > coalesce("
            "(select known_at from ops.build where phase = 'serving' and state = 'done' "
            "order by build_id desc limit 1), '-infinity') order by batch_id",
            (list(sources),),
        ).fetchall()
    return [str(row[0]) for row in rows]


@dataclass(frozen=True)
class Newest:
    """The newest build's row."""

    build_id: int
    phase: Phase
    as_of: date
    state: str


def has_any(brand: Brand) -> bool:
    """Whether the brand was ever built."""
    with connect(brand.name, application_name="touchstream builds") as connection:
        return connection.execute("select 1 from ops.build limit 1").fetchone() is not None


def newest(brand: Brand) -> Newest:
    """The newest build of the brand; WarehouseError when there is none."""
    with connect(brand.name, application_name="touchstream builds") as connection:
        row = connection.execute(
            "select build_id, phase, as_of, state from ops.build order by build_id desc limit 1"
        ).fetchone()
    if row is None:
        raise WarehouseError(f"brand {brand.name} was never built: run `touchstream --brand {brand.name} build`")
    return Newest(*row)


@contextmanager
def recorded(brand: Brand, phase: Phase, wanted: Inputs) -> Generator[Build]:
    """Hold the brand's lock and open a build's row; close it as `failed` when the body fails, else as `done`.

    The body fails when it raises or reports failures. What an earlier dbt left running in this database is ended
    first: with the lock held, nobody else's can be meant.
    """
    with (
        brand_lock(brand.name, name="dbt", what=f"touchstream build {phase}") as lock,
        connect(brand.name, autocommit=True, application_name="touchstream build") as connection,
    ):
        _end_orphans(connection)
        told = {"inputs": {name: getattr(wanted, name) for name in ("code", "settings", "batches", "decisions")}}
        build = Build(_open(connection, phase, wanted, told), phase, wanted, told)
        failpoint(f"build.after_open_{phase}")
        try:
            yield build
            lock.check()
        except BaseException as error:
            build.counts["error"] = type(error).__name__
            _close(connection, build, "failed")
            raise
        failpoint(f"build.before_close_{phase}")
        _close(connection, build, "failed" if build.counts.get("failures") else "done")
        failpoint(f"build.after_close_{phase}")


def _open(connection: Connection, phase: Phase, wanted: Inputs, counts: Mapping[str, Any]) -> int:
    owner = f"process {os.getpid()} on {socket.gethostname()}"
    row = connection.execute(
        "insert into ops.build (phase, as_of, known_at, input_fingerprint, state, owner, started_at, counts) "
        "values (%s, %s, %s, %s, 'running', %s, now(), %s) returning build_id",
        (phase, wanted.as_of, wanted.known_at, wanted.fingerprint, owner, json.dumps(counts)),
    ).fetchone()
    if row is None:
        raise WarehouseError("the build's row was not written")
    return int(row[0])


def _close(connection: Connection, build: Build, state: Literal["done", "failed"]) -> None:
    connection.execute(
        "update ops.build set state = %s, counts = %s, finished_at = now() where build_id = %s",
        (state, json.dumps(build.counts), build.build_id),
    )


def _end_orphans(connection: Connection) -> None:
    connection.execute(
        "select pg_terminate_backend(pid, 10000) from pg_stat_activity "
        "where datname = current_database() and application_name = 'touchstream dbt' and usename = current_user"
    )
