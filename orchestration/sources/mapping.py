"""From a source's columns to a contract's fields, as DuckDB expressions.

Here: which column feeds which field, and where in a JSON line a field lies. Not here: how a text or typed value becomes
the contract's type (reading.py), verdicts over rows (landing/judge.py), tokens (tokens.py). For every field there are
two expressions: `given` (the cleaned text or typed value, null where empty) and `value` (of the contract's type, null
where `given` cannot be read as that). A row breaks its contract where `given` is there and `value` is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from orchestration.brands import Source
from orchestration.column_rule import ColumnRule
from orchestration.sources.contracts.model import Contract, Field
from orchestration.sources.headings import LONGEST_NAME, MOST_LISTED, RESERVED, RefusedFileError, listed
from orchestration.sources.reading import (
    cleaned,
    duckdb_type,
    filled_float,
    from_text,
    from_typed,
    is_float,
    is_nested,
    literal,
    name,
    replaced,
    text_of_bytes,
)

LINE_COLUMN = "_line"
_PLAIN_KINDS = ("VARCHAR", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL", "BOOLEAN", "DATE", "TIMESTAMP")
_NOT_OF_A_WORD = r"[\s.,!。，！]+"


@dataclass(frozen=True)
class MappedField:
    """One field with its two DuckDB expressions over the source's columns.

    `source_column` is None for a constant or an absent field. `plain`: the column that holds the field as it is, in
    text or a type of its own, so that only the contract's type has to be read out of it; `nested`: a column that says
    where that is no value. `is_absent`: no row has the field.
    """

    field: Field
    given: str
    value: str
    source_column: str | None
    plain: str | None = None
    nested: str | None = None
    is_absent: bool = False


@dataclass(frozen=True)
class LineColumn:
    """What is taken out of each JSON line for one or more fields, as two columns of a chunk.

    `text`: what stands at the first of `paths` (JSON pointers) that has something; where `is_whole`, a whole number has
    no `.0`. `nested`: whether that is an object or a list, which is no value. `is_plain`: the text is only read as a
    number, a day or the like, so that `0.50` is as good as `0.5`.
    """

    text: str
    nested: str
    paths: tuple[str, ...]
    is_whole: bool
    is_plain: bool = False

    def of_key(self, key: str) -> bool:
        """Whether the value of that key of an object without inner objects is meant."""
        return _pointer([key]) in self.paths


@dataclass(frozen=True)
class ContractMapping:
    """How one source fills one contract: every field in contract order, and the columns that nobody asked for.

    `unmapped_columns` is a list for people (headings.listed). `kept_columns` are those of the source that a replay
    finds again: all of a file with a heading; of JSON, whose sender may invent keys without end, those that are read
    and the first of the others.
    """

    fields: tuple[MappedField, ...]
    unmapped_columns: tuple[str, ...]
    kept_columns: tuple[str, ...]


def build(contract: Contract, source: Source, column_types: Mapping[str, str], zone: str) -> ContractMapping:
    """Map the columns of an input (name → DuckDB type) to the contract.

    Raises RefusedFileError when a column that the brand file names is not there, or a required field has none.
    """
    is_lines = LINE_COLUMN in column_types
    _check_heading(contract, source, column_types)
    known = {column: kind for column, kind in column_types.items() if column not in RESERVED}
    if source.push is not None:
        known = _known_of_pushes(contract, source, known)
    fields: list[MappedField] = []
    for item in contract.fields:
        rule = rule_of(source, item)
        mapped = _mapped(contract, item, rule, known, zone, is_lines=is_lines)
        fields.append(mapped)
    used = {mapped.source_column for mapped in fields if mapped.source_column is not None}
    if is_lines:
        used |= {column.partition(".")[0] for column in used}
    unmapped = tuple(column for column in known if column not in used and column not in source.ignore_columns)
    columns = [column for column in column_types if column not in RESERVED]
    if is_lines:
        short = [column for column in columns if column not in used and len(column) <= LONGEST_NAME]
        kept = used.union(short[:MOST_LISTED])
        columns = [column for column in columns if column in kept]
    return ContractMapping(fields=tuple(fields), unmapped_columns=listed(unmapped), kept_columns=tuple(columns))


def _check_heading(contract: Contract, source: Source, columns: Mapping[str, str]) -> None:
    """A first row without any name we look for may be no heading: its values are not told."""
    rules = [(item.name, rule_of(source, item)) for item in contract.fields]
    wanted = dict.fromkeys(rule.column or name_ for name_, rule in rules if rule.constant is None)
    if wanted and LINE_COLUMN not in columns and not set(wanted).intersection(columns):
        raise RefusedFileError(
            "missing_column",
            f"none of its {len(set(columns).difference(RESERVED))} columns is called like one that {contract.id} reads "
            f"({', '.join(wanted)}): is the heading there? If it is, map its names in the brand file",
        )


def _known_of_pushes(contract: Contract, source: Source, keys: Mapping[str, str]) -> dict[str, str]:
    """The columns of pushed records, each of which stands alone, whatever others came in the same batch.

    What none of them has is empty and no wrong heading; a name with dots is a path, though one has a key called so.
    """
    rules = [(item.name, rule_of(source, item)) for item in contract.fields]
    wanted = {rule.column or name_ for name_, rule in rules if rule.constant is None}
    paths = {column for column in wanted if "." in column}
    looked_for = dict.fromkeys(sorted(column.partition(".")[0] for column in wanted), "VARCHAR")
    return looked_for | {column: kind for column, kind in keys.items() if column not in paths}


def rule_of(source: Source, item: Field) -> ColumnRule:
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
        if is_lines:
            return _from_line(item, column, rule, zone)
        given, kind = name(column), known[column].upper()
    is_single = kind.startswith(_PLAIN_KINDS) and not is_nested(kind)
    plain = column if is_single and _is_plain(item, rule) else None
    return MappedField(item, *_expressions(item, given, kind, rule, zone), column, plain)


def _is_plain(item: Field, rule: ColumnRule) -> bool:
    return not item.words and rule == ColumnRule(column=rule.column)


def _expressions(item: Field, given: str, kind: str, rule: ColumnRule, zone: str) -> tuple[str, str]:
    """`given` and `value` of a cell of that DuckDB type."""
    if is_nested(kind):
        return f"cast({given} as varchar)", f"cast(null as {duckdb_type(item)})"
    if kind == "BLOB":
        text = _text(item, text_of_bytes(given), rule)
        unreadable = f"case when octet_length({given}) > 0 and {text_of_bytes(given)} is null then '?' end"
        return f"coalesce({text}, {unreadable})", from_text(item.type, text, rule, zone)
    if kind == "VARCHAR":
        text = _text(item, given, rule)
        return text, from_text(item.type, text, rule, zone)
    given = filled_float(given) if is_float(kind) else given
    return given, from_typed(item.type, given, kind, rule, zone)


def _text(item: Field, given: str, rule: ColumnRule) -> str:
    return replaced(_word(cleaned(given), item.words), rule.values)


def _from_line(item: Field, column: str, rule: ColumnRule, zone: str) -> MappedField:
    """A field of a JSON line: an object or a list is no value."""
    taken = _line_column(item, column, is_path=False)
    given, value = _expressions(item, name(taken.text), "VARCHAR", rule, zone)
    value = f"case when not {name(taken.nested)} then {value} end"
    return MappedField(item, given, value, column, taken.text if _is_plain(item, rule) else None, taken.nested)


def _line_column(item: Field, column: str, *, is_path: bool) -> LineColumn:
    is_whole = item.type.kind == "string"
    text = f"{column}\x1f{'text' if is_whole else 'value'}"
    path, whole = (_pointer(steps) for steps in (column.split("."), [column]))
    paths = (path,) if is_path or path == whole else (whole, path)
    return LineColumn(text, f"{text}\x1fnested", paths, is_whole)


def _pointer(steps: Sequence[str]) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def line_columns(contract: Contract, source: Source) -> dict[str, LineColumn]:
    """What the contract wants of JSON lines, by the name of the column of text; whether or not a line has it.

    `properties.url` is the field of that very name, or else the `url` of an object; in pushes the latter alone.
    """
    found: dict[str, LineColumn] = {}
    for item in contract.fields:
        rule = rule_of(source, item)
        if rule.constant is None:
            taken = _line_column(item, rule.column or item.name, is_path=source.push is not None)
            others = found.get(taken.text)
            is_plain = not taken.is_whole and _is_plain(item, rule) and (others is None or others.is_plain)
            found[taken.text] = replace(taken, is_plain=is_plain)
    return found


def wanted_keys(contract: Contract, source: Source) -> dict[str, str]:
    """The columns of JSON lines as if every line had all that the contract wants."""
    rules = [(item.name, rule_of(source, item)) for item in contract.fields]
    wanted = [rule.column or name_ for name_, rule in rules if rule.constant is None]
    return {LINE_COLUMN: "VARCHAR", **dict.fromkeys(wanted, "VARCHAR")}


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


def _listed(known: Mapping[str, str]) -> str:
    return ", ".join(listed(known)) or "(none)"
