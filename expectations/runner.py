"""Judging: a suite is put to Great Expectations, and its verdict is kept.

Here: the one context of this process, its connections, the translation of rules and results. Not here: which rules
(suites.py), what a red verdict stops (gates.py). Great Expectations is imported when the first suite runs: its import
takes seconds. Whatever goes wrong while a suite is made or run is a red verdict that says so; only a warehouse that
cannot keep the verdict raises.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import psycopg

from expectations import limits, situation, suites
from expectations.model import Part, Rule, Subject, Suite
from expectations.situation import BuildFacts
from expectations.verdicts import Evidence, SuiteVerdict, as_json, record
from orchestration.warehouse import connect
from orchestration.warehouse.migrate import Connection

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
    from great_expectations.datasource.fluent.postgres_datasource import PostgresDatasource
    from great_expectations.expectations.expectation import Expectation

APPLICATION = "touchstream expectations"
ROWS_KEPT = 20
"""Rows that the evidence keeps of what failed or was figured; Great Expectations gives no more."""

MESSAGE_KEPT = 400
"""Characters that the evidence keeps of an error."""

# Suites read and never write, whatever they are made of.
_SESSION = "-c default_transaction_read_only=on -c timezone=UTC"
_one_at_a_time = threading.Lock()


def run(brand: str, subject: str) -> SuiteVerdict:
    """Judge a subject (`schema.table`) of a brand now, and append the verdict to `ops.check_result`.

    Raises KeyError for a subject there is none of, WarehouseError when the warehouse does not answer.
    """
    about = suites.subject(subject)
    with connect.connect(brand, autocommit=True, application_name=APPLICATION) as connection:
        build = situation.newest_build(connection)
        verdict = _judged(connection, brand, about, build)
        record(connection, verdict)
    return verdict


def run_door(brand: str, door: str) -> list[SuiteVerdict]:
    """Judge everything that stands at a door (`landing`, `marts`, `payload`), in order."""
    return [run(brand, name) for name in suites.subjects() if suites.subject(name).door == door]


def _judged(connection: Connection, brand: str, subject: Subject, build: BuildFacts | None) -> SuiteVerdict:
    evidence: Evidence = {"build": None if build is None else as_json(vars(build)), "error": None, "inputs": {}}
    evidence |= {"notes": [], "facts": [], "failed": [], "observed": {}}
    try:
        with connection.transaction():
            connection.execute("set transaction read only")
            chosen = limits.read(brand, subject.name)
            suite = suites.suite(situation.Situation(connection, brand, subject, chosen, build))
            facts = _facts(connection, suite)
        validations = _validations(brand, suite)
    except Exception as error:  # noqa: BLE001 - whatever stops a suite is a red verdict; the gate must not stay as it was
        what = _told(brand, error)
        evidence |= {"summary": f"could not be judged: {what}", "error": what}
        return SuiteVerdict(subject.name, subject.door, is_green=False, evidence=evidence, results=[], validations=[])
    results = [
        result for part, found in zip(suite.parts, validations, strict=True) for result in _results(part, found, brand)
    ]
    evidence |= {"inputs": dict(suite.inputs), "notes": list(suite.notes), "facts": facts, **_summed_up(results)}
    is_green = all(result["is_met"] for result in results)
    return SuiteVerdict(subject.name, subject.door, is_green, as_json(evidence), as_json(results), as_json(validations))


def _facts(connection: Connection, suite: Suite) -> list[Evidence]:
    """The figures that small parts are judged on: for each part its columns and rows."""
    found: list[Evidence] = []
    for part in suite.parts:
        if part.is_small:
            with connection.cursor() as cursor:
                rows = cursor.execute(part.query.encode()).fetchmany(ROWS_KEPT)
                columns = [column.name for column in cursor.description or []]
            found.append({"part": part.name, "columns": columns, "rows": rows})
    return found


def _summed_up(results: list[Evidence]) -> Evidence:
    failed = [result for result in results if not result["is_met"]]
    summary = f"{len(results)} of {len(results)} expectations met"
    if failed:
        told = "; ".join(
            f"{item['name']}: expected that {_lowered(item['meaning'])}, {item['found']}" for item in failed
        )
        summary = f"{len(failed)} of {len(results)} expectations not met: {told}"
    observed = {item["name"]: item["observed"] for item in results if isinstance(item["observed"], (int, float))}
    return {"summary": summary, "failed": failed, "observed": observed}


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _results(part: Part, validation: Evidence, brand: str) -> list[Evidence]:
    """One entry per rule; Great Expectations gives its results in another order than it was given the rules."""
    by_name = {item["expectation_config"]["meta"]["rule"]: item for item in validation["results"]}
    return [_result(part, rule, by_name.get(rule.name), brand) for rule in part.rules]


def _result(part: Part, rule: Rule, found: Evidence | None, brand: str) -> Evidence:
    expected = {key: value for key, value in rule.arguments.items() if value is not None}
    entry: Evidence = {"part": part.name, "name": rule.name, "meaning": rule.meaning, "expected": expected}
    if found is None:
        return {**entry, "is_met": False, "observed": None, "rows": [], "found": "Great Expectations gave no result"}
    result = cast(Evidence, found.get("result") or {})
    rows = list(result.get("partial_unexpected_index_list") or [])[:ROWS_KEPT]
    observed = result.get("observed_value")
    if mismatched := (result.get("details") or {}).get("mismatched"):
        observed = mismatched
    error = _exception(found)
    what = _redacted(brand, error) if error else f"found {rows or observed if rows else observed}"
    return {**entry, "is_met": bool(found["success"]) and not error, "observed": observed, "rows": rows, "found": what}


def _exception(found: Evidence) -> str:
    """What went wrong inside one expectation; empty when nothing did. The information comes flat or by metric."""
    info = cast(Evidence, found.get("exception_info") or {})
    entries = [info] if "raised_exception" in info else [item for item in info.values() if isinstance(item, dict)]
    told = [str(item.get("exception_message")) for item in entries if item.get("raised_exception")]
    return "; ".join(dict.fromkeys(told))


def _validations(brand: str, suite: Suite) -> list[Evidence]:
    """Each part, judged by Great Expectations; its results as JSON."""
    with _one_at_a_time, _source(brand) as source:
        return [as_json(_validate(source, suite.subject, part).to_json_dict()) for part in suite.parts]


def _validate(source: PostgresDatasource, subject: Subject, part: Part) -> ExpectationSuiteValidationResult:
    from great_expectations.core import ExpectationSuite

    name = f"{subject.name} {part.name}"
    rows = f"({part.query})" if part.query else subject.name
    asset = source.add_query_asset(name=name, query=f"select * from {rows} as found")
    suite = ExpectationSuite(name=name, expectations=[_expectation(rule) for rule in part.rules])
    shown: dict[str, Any] = {"result_format": "SUMMARY"}
    if part.row_names:
        shown["unexpected_index_column_names"] = list(part.row_names)
    return asset.add_batch_definition_whole_table("all").get_batch().validate(suite, result_format=shown)


def _expectation(rule: Rule) -> Expectation:
    import great_expectations.expectations as known

    kind = getattr(known, rule.expectation)
    return kind(**rule.arguments, description=rule.meaning, meta={"rule": rule.name})


@cache
def _context() -> EphemeralDataContext:
    """The context of this process: in memory, silent, telling nobody anything."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    # After every change it would write its settings as YAML, to nowhere: a third of a suite's time.
    vars(context)["_save_project_config"] = lambda: None
    return context


@contextmanager
def _source(brand: str) -> Generator[PostgresDatasource]:
    """A data source for one suite: the address is asked for each time, and no connection outlives it."""
    where = connect.connection_parts(brand)
    options = f"{where.parameters.get('options', '')} {_SESSION}".strip()
    address = where.url(options=options, application_name=APPLICATION)
    source = _context().data_sources.add_or_update_postgres(
        name=brand, connection_string=address.replace("postgresql://", "postgresql+psycopg://", 1)
    )
    try:
        yield source
    finally:
        source.get_execution_engine().engine.dispose()
        source.get_engine().dispose()


def _told(brand: str, error: BaseException) -> str:
    """An error in one line, with what caused it, and without credentials."""
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    told = f"{type(error).__name__}: {' '.join((primary or str(error)).split())[:MESSAGE_KEPT]}"
    if error.__cause__ is not None:
        told = f"{told} ({_told(brand, error.__cause__)})"
    return _redacted(brand, told)


def _redacted(brand: str, text: str) -> str:
    where = connect.connection_parts(brand)
    for secret in (where.url(), where.password):
        if secret:
            text = text.replace(secret, "***")
    return text
