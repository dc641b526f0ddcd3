"""From the text or the typed value of one cell to a contract's type, as DuckDB expressions.

Here: which notations are a number, a day, a moment; what counts as empty; columns that come with a type of their own.
Not here: which column feeds which field (mapping.py), verdicts over rows (landing/judge.py). Every expression is null
where its input cannot be read as the type, and fails for no input.
"""

from __future__ import annotations

from orchestration.column_rule import ColumnRule
from orchestration.sources.contracts.model import Field, FieldType

BLANKS = (
    " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What is cut off at both ends of a text; a text of nothing else is empty."""
_ENDS = f"^[{BLANKS}]+|[{BLANKS}]+$"
FLOAT_DUST = "0.000001"
"""A float is read as a decimal when it is no further than this from one (binary floats cannot hold 1.43 exactly)."""
FIRST_DAY = "1900-01-01"
"""Nothing a brand knows of is older: an earlier day is a default value of some software (year 1, 1753, 1899-12-30)."""
LAST_DAY = "9999-12-31"

_FLOATS = ("DOUBLE", "FLOAT")
_NESTED = ("STRUCT", "MAP", "UNION")
_TRUE = "'true', 't', 'yes', 'y', '1'"
_FALSE = "'false', 'f', 'no', 'n', '0'"
_YEAR = r"(19|[2-9]\d)\d{2}"
_DAY = _YEAR + r"-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?)?"
_MOMENT = f"^{_YEAR}" + r"-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s*(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)?)?$"
_AS_DUCKDB_WRITES = (
    (r"^(.{10}[T ]\d{2}:\d{2})(\s*(Z|[+-]\d.*)?)$", r"\1:00\2"),  # seconds, where there are none
    (r"\s+(Z|[+-])", r"\1"),  # no blank before the offset
    (r"([+-]\d{2})(\d{2})$", r"\1:\2"),  # a colon within it
)
# From 1973 on: fewer digits are the other unit, or a default value.
_EPOCHS = {"epoch_s": (r"\d{9,11}(\.\d{1,9})?", 1), "epoch_ms": (r"\d{12,14}", 1000)}
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)$"
_NUMBERS = {  # notation → what stands between thousands, what before the decimals
    "1,234.56": (",", "."),
    "1.234,56": (r"\.", ","),
    "1 234,56": ("[ \u00a0\u202f]", ","),
    "1'234.56": ("['’]", "."),
}


def literal(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def cleaned(text: str) -> str:
    """The text without blanks at its ends, null where nothing is left."""
    return f"nullif(regexp_replace({text}, {literal(_ENDS)}, '', 'g'), '')"  # six times as fast as trim()


def filled_float(given: str) -> str:
    """A float column, null where it holds NaN: that is how data frames write an empty cell."""
    return f"case when isnan({given}) then null else {given} end"


def is_float(kind: str) -> bool:
    """Whether a DuckDB type is a binary float."""
    return kind in _FLOATS


def is_nested(kind: str) -> bool:
    """Whether a DuckDB type holds several values."""
    return kind.startswith(_NESTED) or kind.endswith("]")


def text_of_bytes(given: str) -> str:
    """A column of bytes as UTF-8 text; null where it is none, or holds a NUL byte."""
    decoded = f"try(decode({given}))"
    return f"case when not contains({decoded}, chr(0)) then {decoded} end"


def as_text(given: str, source_kind: str) -> str:
    """The expression that writes a typed column as text which reads back as the same value; other types stay."""
    kind = source_kind.upper()
    if is_float(kind):
        return _text_of_typed(filled_float(given), kind)
    if kind == "BLOB":
        return f"coalesce({text_of_bytes(given)}, cast({given} as varchar))"
    return f"try(cast({given} as varchar))" if kind.startswith("TIMESTAMP") or kind == "DATE" else given


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
    if kind.kind in ("integer", "decimal"):
        return _number_from_text(kind, _plain_number(given, rule))
    if kind.kind == "boolean":
        return f"case when lower({given}) in ({_TRUE}) then true when lower({given}) in ({_FALSE}) then false end"
    if kind.kind == "date":
        return _date_from_text(given, rule)
    return _moment_from_text(given, rule, zone)


def _plain_number(given: str, rule: ColumnRule) -> str:
    """A number as the brand file says it is written, without its thousands and with a point."""
    if rule.number is None:
        return given
    thousands, point = _NUMBERS[rule.number]
    before = r"\." if point == "." else point
    shape = rf"[+-]?(\d+|\d{{1,3}}({thousands}\d{{3}})+)({before}\d*)?"
    bare = f"replace(regexp_replace({given}, {literal(thousands)}, '', 'g'), {literal(point)}, '.')"
    return f"case when regexp_full_match({given}, {literal(shape)}) then {bare} end"


def _number_from_text(kind: FieldType, number: str) -> str:
    if kind.kind == "integer":
        is_whole = f"regexp_full_match({number}, '[+-]?0*\\d{{1,18}}(\\.0+)?')"
        return f"case when {is_whole} then cast(split_part({number}, '.', 1) as bigint) end"
    whole = kind.precision - kind.scale
    shape = f"[+-]?(0*\\d{{1,{whole}}}(\\.\\d{{0,{kind.scale}}}0*)?|\\.\\d{{1,{kind.scale}}}0*)"
    value = f"cast({number} as decimal({kind.precision}, {kind.scale}))"
    return f"case when regexp_full_match({number}, '{shape}') then {value} end"


def _date_from_text(given: str, rule: ColumnRule) -> str:
    if rule.week_one is not None:
        number = f"case when regexp_full_match({given}, '\\d{{1,4}}') then cast({given} as integer) end"
        return f"(date {literal(rule.week_one)} + (7 * ({number} - 1) + {rule.plus_days})::integer)"
    if rule.format is not None:
        day = _known_day(f"cast(try_strptime({given}, {literal(rule.format)}) as date)", "date")
    else:
        is_day = f"regexp_full_match({given}, {literal(_DAY)})"
        day = f"case when {is_day} then try_cast(left({given}, 10) as date) end"
    return f"({day} + {rule.plus_days})" if rule.plus_days else day


def _known_day(value: str, kind: str) -> str:
    """A day or moment within the years that are believed."""
    first, after = f"{kind} {literal(FIRST_DAY)}", f"{kind} {literal(LAST_DAY)}"
    return f"case when {value} >= {first} and {value} <= {after} then {value} end"


def _moment_from_text(given: str, rule: ColumnRule, zone: str) -> str:
    if rule.format in _EPOCHS:
        shape, per_second = _EPOCHS[rule.format]
        seconds = f"cast({given} as double) / {per_second}"
        return f"case when regexp_full_match({given}, {literal(shape)}) then to_timestamp({seconds}) end"
    if rule.format is not None:
        if "%z" in rule.format:
            return _known_day(f"try_strptime({given}, {literal(rule.format)})", "timestamptz")
        return f"timezone({literal(zone)}, {_known_day(f'try_strptime({given}, {literal(rule.format)})', 'timestamp')})"
    whole = f"replace({given}, ',', '.')"
    for pattern, replacement in _AS_DUCKDB_WRITES:
        whole = f"regexp_replace({whole}, {literal(pattern)}, {literal(replacement)})"
    with_offset = f"try_cast({whole} as timestamptz)"
    without = f"timezone({literal(zone)}, try_cast({whole} as timestamp))"
    has_offset = f"(length({given}) > 10 and regexp_matches({given}, {literal(':' + chr(92) + 'd{2}.*' + _OFFSET)}))"
    is_moment = f"regexp_full_match({given}, {literal(_MOMENT)})"
    return f"case when not {is_moment} then null when {has_offset} then {with_offset} else {without} end"


def from_typed(kind: FieldType, given: str, source_kind: str, rule: ColumnRule, zone: str) -> str:
    """The expression that reads a column with a DuckDB type of its own as the contract's type."""
    text = _text_of_typed(given, source_kind)
    if rule.values:
        return from_text(kind, replaced(text, rule.values), rule, zone)
    if is_float(source_kind):
        return _from_float(kind, given, text, rule, zone)
    if source_kind == "TIMESTAMP WITH TIME ZONE" and kind.kind == "timestamp":
        return _known_day(given, "timestamptz")
    if source_kind.startswith("TIMESTAMP") or source_kind == "DATE":
        moment = _known_day(f"try(cast({given} as timestamp))", "timestamp")
        if kind.kind == "timestamp":
            return f"timezone({literal(zone)}, {moment})"
        if kind.kind == "date" and rule.week_one is None:
            is_day = f"{moment} = date_trunc('day', {moment})"
            return f"case when {is_day} then cast({moment} as date) + {rule.plus_days} end"
    return from_text(kind, text, rule, zone)


def _from_float(kind: FieldType, given: str, text: str, rule: ColumnRule, zone: str) -> str:
    if kind.kind == "decimal":
        rounded = f"round({given}, {kind.scale})"
        is_near = f"isfinite({given}) and abs({given} - {rounded}) <= {FLOAT_DUST}"
        fits = f"{is_near} and abs({given}) < 1e{kind.precision - kind.scale}"
        return f"case when {fits} then cast({rounded} as decimal({kind.precision}, {kind.scale})) end"
    return from_text(kind, f"case when isfinite({given}) then {text} end", rule, zone)


def replaced(given: str, values: dict[str, str]) -> str:
    """The text after the brand file's replacements; one that is replaced by nothing is empty."""
    if not values:
        return given
    whens = " ".join(f"when {literal(old)} then {literal(new)}" for old, new in values.items())
    return f"nullif(case {given} {whens} else {given} end, '')"


def _text_of_typed(given: str, source_kind: str) -> str:
    if is_float(source_kind):
        is_whole = f"{given} = round({given}) and abs({given}) < 1e15"
        whole = f"cast(cast({given} as bigint) as varchar)"
        return f"case when {is_whole} then {whole} else cast({given} as varchar) end"
    return f"try(cast({given} as varchar))"
