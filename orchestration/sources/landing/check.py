"""What landing a file would make of it, told without landing it.

Here: the same verdict that landing gives, counts and first examples, columns nobody reads, fields without a column and
a mapping that would fit better. Nothing is written: no database, no key, no cursor; only scratch that is gone
afterwards. Not here: how it is shown (cli/). What is told holds values of the file: for whoever asked, and for no log.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from orchestration.brands import Brand, Source
from orchestration.column_rule import ColumnRule
from orchestration.sources import formats, guess, samples
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.contracts.model import Contract
from orchestration.sources.guess import Guess
from orchestration.sources.headings import RefusedFileError
from orchestration.sources.landing import write
from orchestration.sources.landing.counted import agree
from orchestration.sources.landing.judge import judging
from orchestration.sources.landing.reasons import Reason, reasons_of, values_of
from orchestration.sources.mapping import rule_of
from orchestration.sources.scaffold import Entry, mapping_text, path_like, text_of


@dataclass(frozen=True)
class Missing:
    """A needed field without a column: what it means, the columns whose names are most like it."""

    field: str
    meaning: str
    nearest: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What would become of a file.

    Counts are rows. `refused` and `detail`: why the whole file would be. `aside`: identifiers that would be set aside
    in rows that stand. `unmapped`: column → the fields most like it. `settings`: how the file seems to be written,
    where the source says otherwise. `mapping`: lines for the brand file. `is_guessed`: the counts hold with these lines
    only.
    """

    file: str
    contract: str
    source: str
    landed: int = 0
    accepted: int = 0
    duplicate: int = 0
    quarantined: int = 0
    refused: str = ""
    detail: str = ""
    reasons: tuple[Reason, ...] = ()
    aside: tuple[Reason, ...] = ()
    unmapped: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    missing: tuple[Missing, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    mapping: str = ""
    is_guessed: bool = False


def check_source(brand: Brand, path: Path, name: str) -> Checked:
    """Judge a file as a source of the brand file would land it.

    A file that would be refused is looked into once more as it seems to be written, and with guessed columns for what
    is missing, where there are such; the refusal stands.
    """
    source = brand.file.sources[name]
    found = _as_source(brand, path, name, source)
    settings = _otherwise(path, source) if found.refused else {}
    if not settings:
        return found
    again = _as_source(brand, path, name, source.model_copy(update=settings))
    return replace(again, refused=found.refused, detail=found.detail, settings=settings, is_guessed=True)


def _as_source(brand: Brand, path: Path, name: str, source: Source) -> Checked:
    contract = CONTRACTS[source.contract]
    told = Checked(file=str(path), contract=contract.id, source=name)
    held = _held(path, source)
    if isinstance(held, RefusedFileError):
        return _refused(told, held)
    columns = {item.name: rule_of(source, item).column or item.name for item in contract.fields}
    there = [item for item, column in columns.items() if column in held or _is_constant(source, item)]
    guesses = guess.guesses(contract, held, _zone(brand, source), taken=[*there, *(columns[item] for item in there)])
    told = replace(told, missing=_missing(contract, held, there), mapping=_lines(name, contract, guesses))
    found = _judged(brand, contract, source, path, told)
    if found.refused != "missing_column":
        return found
    needed = {item: told for item, told in guesses.items() if contract.field(item).is_required}
    again = _judged(brand, contract, _with(source, needed), path, replace(told, is_guessed=True))
    return found if again.refused else replace(again, refused=found.refused, detail=found.detail)


def check_contract(brand: Brand, path: Path, contract_id: str) -> Checked:
    """Judge a file as a new source of a contract: its settings and its mapping are guessed."""
    contract = CONTRACTS[contract_id]
    name = contract.channel + "_" + contract.entity
    told = Checked(file=str(path), contract=contract.id, source="", is_guessed=True)
    try:
        told = replace(told, settings=samples.settings_of(path))
    except RefusedFileError as error:
        return _refused(told, error)
    source = Source.model_validate(
        {"connector": "files", "contract": contract_id, "path": f"{name}/*", **told.settings}
    )
    held = _held(path, source)
    if isinstance(held, RefusedFileError):
        return _refused(told, held)
    guesses = guess.guesses(contract, held, _zone(brand, source))
    path_ = path_like(name, path)
    entry = Entry(name, contract, path=path_, settings=told.settings, guesses=guesses, has_rest=False)
    told = replace(told, missing=_missing(contract, held, list(guesses)), mapping=text_of(entry))
    return _judged(brand, contract, _with(source, guesses), path, told)


def _held(path: Path, source: Source) -> dict[str, list[str]] | RefusedFileError:
    try:
        how = formats.recognise(path, source.format, source.delimiter, source.encoding)
        formats.count_records(path, how)
        return samples.samples_of(path, how)
    except RefusedFileError as error:
        return error


def _judged(brand: Brand, contract: Contract, source: Source, path: Path, told: Checked) -> Checked:
    how = formats.recognise(path, source.format, source.delimiter, source.encoding)
    try:
        landed = formats.count_records(path, how)
        opened = judging(
            brand,
            contract,
            source,
            lambda: formats.read_to_land(path, how),
            loaded_at=write.now(),
            key=secrets.token_bytes(32),
        )
        with opened as judged:
            agree(landed, judged.counts)
            return replace(
                told,
                landed=landed,
                accepted=judged.counts.accepted,
                duplicate=judged.counts.duplicate,
                quarantined=judged.counts.quarantined,
                reasons=reasons_of(judged, source),
                aside=values_of(judged),
                unmapped={column: guess.nearest_fields(contract, column) for column in judged.mapping.unmapped_columns},
            )
    except RefusedFileError as error:
        return _refused(told, error)


def _refused(told: Checked, error: RefusedFileError) -> Checked:
    return replace(told, refused=error.reason, detail=str(error))


def _missing(contract: Contract, held: Mapping[str, Sequence[str]], there: Sequence[str]) -> tuple[Missing, ...]:
    return tuple(
        Missing(item.name, item.meaning, tuple(guess.nearest_columns(item, list(held))))
        for item in contract.fields
        if item.is_required and item.name not in there
    )


def _lines(name: str, contract: Contract, guesses: Mapping[str, Guess]) -> str:
    return mapping_text(Entry(name, contract, guesses=guesses, has_rest=False)) if guesses else ""


def _with(source: Source, guesses: Mapping[str, Guess]) -> Source:
    columns = {name: told.rule for name, told in guesses.items()}
    return source.model_copy(update={"columns": {**source.columns, **columns}})


def _otherwise(path: Path, source: Source) -> dict[str, str]:
    """The encoding and delimiter that the file seems to have, where the source says another."""
    try:
        seen = {"encoding": "utf-8", "delimiter": ",", **samples.settings_of(path)}
    except RefusedFileError:
        return {}
    said = {"encoding": source.encoding, "delimiter": source.delimiter}
    return {key: value for key, value in seen.items() if said[key] != value}


def _is_constant(source: Source, item: str) -> bool:
    rule = source.columns.get(item)
    return isinstance(rule, ColumnRule) and rule.constant is not None


def _zone(brand: Brand, source: Source) -> str:
    return source.time_zone or brand.file.time_zone
