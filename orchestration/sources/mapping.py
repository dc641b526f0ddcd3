"""From a source's columns to a contract's fields, as DuckDB expressions.

Here: which column feeds which field, and how its text or typed value becomes the contract's type. Not here: verdicts
over rows (landing/judge.py), tokens (tokens.py). For every field there are two expressions: `given` (the cleaned text
or typed value, null where empty) and `value` (of the contract's type, null where `given` cannot be read as that). A
row breaks its contract where `given` is there and `value` is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.brands import ColumnRule, Source
from orchestration.sources.contracts.model import Contract, Field, FieldType
from orchestration.sources.formats import RESERVED, RefusedFileError

LINE_COLUMN = "_line"
FLOAT_DUST = "0.000001"
"""A float is read as a decimal when it is no further than this from one (binary floats cannot hold 1.43 exactly)."""

_FLOATS = ("DOUBLE", "FLOAT")
_TRUE = "'true', 't', 'yes', 'y', '1'"
_FALSE = "'false', 'f', 'no', 'n', '0'"
_DAY = r"\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?)?"
_MOMENT = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s*(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)?)?$"
_AS_DUCKDB_WRITES = (
    (r"^(.{10}[T ]\d{2}:\d{2})(\s*(Z|[+-]\d.*)?)$", r"\1:00\2"),  # seconds, where there are none
    (r"\s+(Z|[+-])", r"\1"),  # no blank before the offset
    (r"([+-]\d{2})(\d{2})$", r"\1:\2"),  # a colon within it
)
_EPOCHS = {"epoch_s": (r"\d{1,11}(\.\d{1,9})?", 1), "epoch_ms": (r"\d{1,14}", 1000)}
_NOT_OF_A_WORD = r"[\s.,!。，！]+"
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)$"


@dataclass(frozen=True)
class MappedField:
    """One field with its two DuckDB expressions over the source's columns.

    `source_column` is None for a constant or an absent field. `is_plain`: the field is that column's text and nothing
    but its type has to be read out of it. `is_absent`: no row has it.
    """

    field: Field
    given: str
    value: str
    source_column: str | None
    is_plain: bool = False
    is_absent: bool = False


@dataclass(frozen=True)
class ContractMapping:
    """How one source fills one contract: every field in contract order, and the columns that nobody asked for."""

    fields: tuple[MappedField, ...]
    unmapped_columns: tuple[str, ...]


def literal(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def build(contract: Contract, source: Source, column_types: Mapping[str, str], zone: str) -> ContractMapping:
    """Map the columns of an input (name → DuckDB type) to the contract.

    Raises RefusedFileError when a column that the brand file names is not there, or a required field has none.
    """
    is_lines = LINE_COLUMN in column_types
    _check_heading(contract, source, column_types)
    known = {column: kind for column, kind in column_types.items() if column not in RESERVED}
    fields: list[MappedField] = []
    for item in contract.fields:
        rule = _rule(source, item)
        mapped = _mapped(contract, item, rule, known, zone, is_lines=is_lines)
        fields.append(mapped)
    used = {mapped.source_column for mapped in fields if mapped.source_column is not None}
    if is_lines:
        used |= {column.partition(".")[0] for column in used.difference(known)}
    unmapped = tuple(column for column in known if column not in used and column not in source.ignore_columns)
    return ContractMapping(fields=tuple(fields), unmapped_columns=unmapped)


def line_columns(contract: Contract, source: Source) -> dict[str, str]:
    """The columns that the contract wants of JSON lines, whether or not a line has them; `properties.url` is one."""
    rules = [(item.name, _rule(source, item)) for item in contract.fields]
    wanted = [rule.column or name_ for name_, rule in rules if rule.constant is None]
    return {LINE_COLUMN: "VARCHAR", **dict.fromkeys(wanted, "VARCHAR")}


def line_paths(column: str) -> tuple[str, ...]:
    """Where a column may lie in a JSON line: a field of that very name, else one within an object."""
    whole = "$." + name(column)
    steps = "$." + ".".join(name(step) for step in column.split("."))
    return (whole,) if steps == whole else (whole, steps)


def _check_heading(contract: Contract, source: Source, columns: Mapping[str, str]) -> None:
    """A first row without any name we look for may be no heading: its values are not told."""
    rules = [(item.name, _rule(source, item)) for item in contract.fields]
    wanted = dict.fromkeys(rule.column or name_ for name_, rule in rules if rule.constant is None)
    if wanted and LINE_COLUMN not in columns and not set(wanted).intersection(columns):
        raise RefusedFileError(
            "missing_column",
            f"none of its {len(set(columns).difference(RESERVED))} columns is called like one that {contract.id} reads "
            f"({', '.join(wanted)}): is the heading there? If it is, map its names in the brand file",
        )


def _rule(source: Source, item: Field) -> ColumnRule:
    """The brand file's word on a field; without one, a field that is read from another has that one's column."""
    rule = source.columns.get(item.name)
    if rule is None and item.read_from:
        rule = source.columns.get(item.read_from, item.read_from)
    if rule is None:
        return ColumnRule()
    return ColumnRule(column=rule) if isinstance(rule, str) else rule


def _mapped(
    contract: Contract, item: Field, rule: ColumnRule, known: Mapping[str, str], zone: str, *, is_lines: bool
) -> MappedField:
    if rule.constant is not None:
        given, kind, column = literal(rule.constant), "VARCHAR", None
    else:
        column = rule.column or item.name
        if column not in known and not (is_lines and column.partition(".")[0] in known):
            _check_absent(contract, item, rule, known, is_lines=is_lines)
            nothing = f"cast(null as {duckdb_type(item)})"
            return MappedField(item, "cast(null as varchar)", nothing, None, is_absent=True)
        given, kind = name(column), known.get(column, "VARCHAR").upper()
    if kind == "VARCHAR":
        given = f"nullif(trim({given}, {literal(' ' + chr(9) + chr(13) + chr(10))}), '')"
        given = _replaced(_word(given, item.words), rule.values)
        is_plain = column is not None and not item.words and rule == ColumnRule(column=rule.column)
        return MappedField(item, given, from_text(item.type, given, rule, zone), column, is_plain=is_plain)
    if kind in _FLOATS:
        given = filled_float(given)
    return MappedField(item, given, _from_typed(item.type, given, kind, rule, zone), column)


def _check_absent(
    contract: Contract, item: Field, rule: ColumnRule, known: Mapping[str, str], *, is_lines: bool
) -> None:
    """RefusedFileError where a field may not be absent: the brand file names its column, or the contract needs it."""
    if rule.column is not None and not item.read_from and not (is_lines and not item.is_required):
        raise RefusedFileError(
            "missing_column", f"no column {rule.column!r} (mapped to {item.name}); there are {_listed(known)}"
        )
    if item.is_required:
        raise RefusedFileError(
            "missing_column",
            f"{contract.id} needs {item.name} ({item.meaning}): map it in the brand file; "
            f"the columns are {_listed(known)}",
        )


def _word(given: str, words: tuple[str, ...]) -> str:
    """The agreed word a text is, whatever its case, blanks and full stops; null for any other text."""
    if not words:
        return given
    bare = f"upper(regexp_replace({given}, {literal(_NOT_OF_A_WORD)}, '', 'g'))"
    return f"case when {bare} in ({', '.join(literal(word) for word in words)}) then {bare} end"


def filled_float(given: str) -> str:
    """A float column, null where it holds NaN: that is how data frames write an empty cell."""
    return f"case when isnan({given}) then null else {given} end"


def as_text(given: str, source_kind: str) -> str:
    """The expression that writes a typed column as text which reads back as the same value; other types stay."""
    return _text_of_typed(filled_float(given), is_float=True) if source_kind.upper() in _FLOATS else given


def _listed(known: Mapping[str, str]) -> str:
    return ", ".join(known) or "(none)"


def _replaced(given: str, values: Mapping[str, str]) -> str:
    if not values:
        return given
    whens = " ".join(f"when {literal(old)} then {literal(new)}" for old, new in values.items())
    return f"case {given} {whens} else {given} end"


def duckdb_type(item: Field) -> str:
    """The DuckDB type of a field's value before tokens replace it."""
    if item.type.kind == "decimal":
        return f"decimal({item.type.precision}, {item.type.scale})"
    return {
        "string": "varchar",
        "integer": "bigint",
        "boolean": "boolean",
        "date": "date",
        "timestamp": "timestamptz",
    }[item.type.kind]


def from_text(kind: FieldType, given: str, rule: ColumnRule, zone: str) -> str:
    """The expression that reads cleaned text as the type, null where it cannot be."""
    if kind.kind == "string":
        return given
    if kind.kind == "integer":
        is_whole = f"regexp_full_match({given}, '[+-]?\\d{{1,18}}(\\.0+)?')"
        return f"case when {is_whole} then cast(split_part({given}, '.', 1) as bigint) end"
    if kind.kind == "decimal":
        whole = kind.precision - kind.scale
        shape = f"[+-]?\\d{{1,{whole}}}(\\.\\d{{0,{kind.scale}}}0*)?"
        number = f"cast({given} as decimal({kind.precision}, {kind.scale}))"
        return f"case when regexp_full_match({given}, '{shape}') then {number} end"
    if kind.kind == "boolean":
        return f"case when lower({given}) in ({_TRUE}) then true when lower({given}) in ({_FALSE}) then false end"
    if kind.kind == "date":
        return _date_from_text(given, rule)
    return _moment_from_text(given, rule, zone)


def _date_from_text(given: str, rule: ColumnRule) -> str:
    if rule.week_one is not None:
        number = f"case when regexp_full_match({given}, '\\d{{1,4}}') then cast({given} as integer) end"
        return f"(date {literal(rule.week_one)} + (7 * ({number} - 1) + {rule.plus_days})::integer)"
    if rule.format is not None:
        day = f"cast(try_strptime({given}, {literal(rule.format)}) as date)"
    else:
        is_day = f"regexp_full_match({given}, {literal(_DAY)})"
        day = f"case when {is_day} then try_cast(left({given}, 10) as date) end"
    return f"({day} + {rule.plus_days})" if rule.plus_days else day


def _moment_from_text(given: str, rule: ColumnRule, zone: str) -> str:
    if rule.format in _EPOCHS:
        shape, per_second = _EPOCHS[rule.format]
        seconds = f"cast({given} as double) / {per_second}"
        return f"case when regexp_full_match({given}, {literal(shape)}) then to_timestamp({seconds}) end"
    if rule.format is not None:
        if "%z" in rule.format:
            return f"try_strptime({given}, {literal(rule.format)})"
        return f"timezone({literal(zone)}, try_strptime({given}, {literal(rule.format)}))"
    whole = f"replace({given}, ',', '.')"
    for pattern, replacement in _AS_DUCKDB_WRITES:
        whole = f"regexp_replace({whole}, {literal(pattern)}, {literal(replacement)})"
    with_offset = f"try_cast({whole} as timestamptz)"
    without = f"timezone({literal(zone)}, try_cast({whole} as timestamp))"
    has_offset = f"(length({given}) > 10 and regexp_matches({given}, {literal(':' + chr(92) + 'd{2}.*' + _OFFSET)}))"
    is_moment = f"regexp_full_match({given}, {literal(_MOMENT)})"
    return f"case when not {is_moment} then null when {has_offset} then {with_offset} else {without} end"


def _from_typed(kind: FieldType, given: str, source_kind: str, rule: ColumnRule, zone: str) -> str:
    is_float = source_kind in _FLOATS
    text = _text_of_typed(given, is_float=is_float)
    if rule.values:
        return from_text(kind, _replaced(text, rule.values), rule, zone)
    if kind.kind == "decimal" and is_float:
        rounded = f"round({given}, {kind.scale})"
        is_near = f"isfinite({given}) and abs({given} - {rounded}) <= {FLOAT_DUST}"
        fits = f"{is_near} and abs({given}) < 1e{kind.precision - kind.scale}"
        return f"case when {fits} then cast({rounded} as decimal({kind.precision}, {kind.scale})) end"
    if source_kind == "TIMESTAMP WITH TIME ZONE" and kind.kind == "timestamp":
        return given
    if source_kind.startswith("TIMESTAMP") or source_kind == "DATE":
        moment = f"cast({given} as timestamp)"
        if kind.kind == "timestamp":
            return f"timezone({literal(zone)}, {moment})"
        if kind.kind == "date" and rule.week_one is None:
            return (
                f"case when {moment} = date_trunc('day', {moment}) then cast({moment} as date) + {rule.plus_days} end"
            )
    return from_text(kind, text, rule, zone)


def _text_of_typed(given: str, *, is_float: bool) -> str:
    if is_float:
        is_whole = f"{given} = round({given}) and abs({given}) < 1e15"
        whole = f"cast(cast({given} as bigint) as varchar)"
        return f"case when {is_whole} then {whole} else cast({given} as varchar) end"
    return f"cast({given} as varchar)"
