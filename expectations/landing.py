"""Suites at the landing door: one per contract, on its raw table.

Here: volume, quarantined share, refused files, drift, columns and freshness of what was landed. Not here: single
rows, which the lander judges. A contract without a batch is a channel that is not connected: only its columns are
looked at.
"""

from __future__ import annotations

from expectations import landing_sql
from expectations.model import (
    Part,
    Rule,
    Subject,
    Suite,
    columns_are,
    each_between,
    filled_between,
    mean_between,
    subject,
)
from expectations.situation import NewestBatch, Situation, seen
from orchestration import brands
from orchestration.brands import READ_FILES
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.contracts.model import Contract, Field
from orchestration.sources.raw_tables import SCHEMA, all_columns

_NUMERIC = ("integer", "decimal")


def subject_of(contract: Contract) -> Subject:
    """The contract's subject: its raw table."""
    description = f"{contract.title}: size, quarantine, drift, columns and age of what was landed"
    return subject(SCHEMA, contract.raw_table, "landing", description)


def contract_of(name: str) -> Contract:
    """The contract of a subject's name; KeyError for any other name."""
    return {subject_of(item).name: item for item in CONTRACTS.values()}[name]


def suite(situation: Situation) -> Suite:
    """The suite of one contract, as its situation wants it."""
    contract = contract_of(situation.subject.name)
    facts = seen(situation.connection, contract.id)
    parts = [_columns(contract)]
    notes: list[str] = []
    if facts["batches"] or facts["refused_files"]:
        parts.append(_refused(contract, situation))
    if facts["batches"]:
        parts += [_volume(contract, situation), _quarantine(contract, situation)]
        drift, notes = _drift(contract, situation)
        parts += drift
        if contract.advances_clock:
            parts.append(_clock(contract, situation))
    else:
        notes.append("nothing landed: this channel is not connected")
    return Suite(situation.subject, tuple(parts), tuple(notes), facts)


def _columns(contract: Contract) -> Part:
    names = [name for name, _ in all_columns(contract)]
    return Part("columns", (columns_are("columns", names, "The raw table has the contract's columns and no other"),))


def _refused(contract: Contract, situation: Situation) -> Part:
    """A refused file is open until a file of that name is landed, or its source has gone on for a while without it."""
    limits = situation.limits
    query = landing_sql.REFUSED.format(contract=contract.id, hours=limits.count("newest_batch_hours"))
    meaning = "Files of the newest delivery could be read"
    rule = each_between("refused_files", "refused_files", meaning, maximum=limits.value("refused_files_maximum"))
    return Part("refused", (rule,), query, is_small=True, row_names=("files",))


def _volume(contract: Contract, situation: Situation) -> Part:
    """What each source brought in its newest day against the median of its days before.

    Files are summed by the business day they reach, where the contract tells it: a history is landed in one go. A day
    of fewer files than usual is not over. All else comes in pages or micro-batches of any size and is summed by days
    of landing, which end with the source's newest batch: so today is as long as the days before, at any hour.
    """
    limits = situation.limits
    sources = brands.load(situation.brand).file.sources
    whole = [name for name, item in sources.items() if item.contract == contract.id and item.connector in READ_FILES]
    query = landing_sql.VOLUME.format(
        contract=contract.id,
        whole_files=", ".join(f"'{name}'" for name in whole) or "''",
        oldest=1 + limits.count("volume_history_days"),
        days=limits.count("volume_minimum_days"),
        rows=limits.count("judged_rows_minimum"),
    )
    meaning = "The newest day of each source brought not much less than those before it"
    rule = each_between("volume_share", "volume_share", meaning, minimum=limits.value("volume_share_minimum"))
    names = ("source", "name", "batches", "accepted_rows", "usual_rows")
    return Part("volume", (rule,), query, is_small=True, row_names=names)


def _quarantine(contract: Contract, situation: Situation) -> Part:
    """Rows of each source's newest delivery that wait in quarantine; what a replay took out waits no more."""
    limits = situation.limits
    query = landing_sql.QUARANTINE.format(contract=contract.id, hours=limits.count("newest_batch_hours"))
    meaning = "Few rows of each newest batch wait in quarantine"
    most = limits.value("quarantined_share_maximum")
    rule = each_between("quarantined_share", "quarantined_share", meaning, maximum=most)
    names = ("source", "name", "landed_rows", "waiting_rows")
    return Part("quarantine", (rule,), query, is_small=True, row_names=names)


def _drift(contract: Contract, situation: Situation) -> tuple[list[Part], list[str]]:
    """The contract's bounds on the newest batch of each source, for the fields that source brings."""
    parts: list[Part] = []
    notes: list[str] = []
    if not contract.drift:
        return parts, notes
    batches = situation.newest_batches(contract.id)
    brings = _brings(contract, situation, {batch.source for batch in batches})
    minimum = situation.limits.count("judged_rows_minimum")
    for batch in batches:
        if batch.accepted < minimum:
            notes.append(
                f"{batch.source} {batch.name}: {batch.accepted} rows are too few to judge distributions ({minimum})"
            )
            continue
        judged = [name for name in contract.drift if batch.source in brings[name]]
        notes += [f"{batch.source} does not bring {name}" for name in contract.drift if name not in judged]
        if judged:
            parts.append(_drift_part(contract, batch, judged))
    return parts, notes


def _brings(contract: Contract, situation: Situation, landed: set[str]) -> dict[str, set[str]]:
    """Which of the landed sources bring each field that may drift.

    A source brings what the brand's file maps, and what it once offered under the field's name. A field that no source
    brings is judged in all of them: the contract says it should be there.
    """
    sources = brands.load(situation.brand).file.sources
    delivered = situation.delivered(contract.id)
    found: dict[str, set[str]] = {}
    for name in contract.drift:
        mapped = {key for key, item in sources.items() if item.contract == contract.id and name in item.columns}
        offered = {source for source, column in delivered if column == name}
        found[name] = ((mapped | offered) & landed) or landed
    return found


def _drift_part(contract: Contract, batch: NewestBatch, names: list[str]) -> Part:
    rules = tuple(drift_rule(contract.field(name), contract.drift[name], batch.source) for name in names)
    table = f"{SCHEMA}.{contract.raw_table}"
    query = f"select * from {table} where _batch_id = '{batch.batch_id}'"
    return Part(f"drift of {batch.source}", rules, query)


def drift_rule(field: Field, bounds: tuple[float, float], source: str) -> Rule:
    """What a contract's bounds mean: on the mean of a number, on the filled share of any other field (tokens too)."""
    least, most = bounds
    if field.type.kind in _NUMERIC and not field.pii.is_token:
        meaning = f"The mean of {field.name} lies where the contract says"
        return mean_between(f"mean of {field.name} in {source}", field.column, meaning, minimum=least, maximum=most)
    meaning = f"{field.name} is filled as often as the contract says"
    return filled_between(
        f"filled share of {field.name} in {source}", field.column, meaning, minimum=least, maximum=most
    )


def _clock(contract: Contract, situation: Situation) -> Part:
    """How far the contract's newest day lies behind the brand's clock.

    The clock is the newest day of all contracts that move it, or the last day of the newest build.
    """
    limits = situation.limits
    query = landing_sql.CLOCK.format(
        contract=contract.id,
        clocks=", ".join(f"'{item.id}'" for item in CONTRACTS.values() if item.advances_clock),
        as_of=f"cast('{situation.build.as_of}' as date)" if situation.build else "cast(null as date)",
        rows=limits.count("table_rows_minimum"),
    )
    meaning = "The newest day landed is not far behind the brand's clock"
    rule = each_between("clock_lag_days", "lag_days", meaning, maximum=limits.value("clock_lag_days_maximum"))
    return Part("clock", (rule,), query, is_small=True, row_names=("newest_date", "clock_date"))
