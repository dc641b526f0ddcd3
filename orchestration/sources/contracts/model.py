"""The landing contract: what one row of one entity must look like.

Here: the types a contract is written in. Not here: the contracts themselves (one module per channel beside this one),
what is made from them (sources/artifacts/, expectations/), how rows are judged (sources/landing/).
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Literal

Kind = Literal["string", "integer", "decimal", "boolean", "date", "timestamp"]
Presence = Literal["required", "optional"]
Person = Literal["actor", "recipient", "staff"]

AUDIT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("_batch_id", "text"),
    ("_source", "text"),
    ("_loaded_at", "timestamptz"),
    ("_row_number", "bigint"),
    ("_content_hash", "bigint"),
    ("_version_at", "timestamptz"),
)
"""Columns every raw table ends with, and their PostgreSQL types."""


@dataclass(frozen=True)
class FieldType:
    """A contract type. `precision` and `scale` are digits and only set for decimals."""

    kind: Kind
    precision: int = 0
    scale: int = 0

    @property
    def postgres(self) -> str:
        """The PostgreSQL type of the raw column."""
        if self.kind == "decimal":
            return f"numeric({self.precision},{self.scale})"
        return {
            "string": "text",
            "integer": "bigint",
            "boolean": "boolean",
            "date": "date",
            "timestamp": "timestamptz",
        }[self.kind]

    @property
    def words(self) -> str:
        """What a value must be, as an error message says it."""
        if self.kind == "decimal":
            return f"a number with at most {self.scale} decimals and {self.precision - self.scale} digits before them"
        return {
            "string": "text",
            "integer": "a whole number",
            "boolean": "true or false",
            "date": "a date (YYYY-MM-DD)",
            "timestamp": "a moment (YYYY-MM-DD HH:MM:SS, with or without offset)",
        }[self.kind]


string = FieldType("string")
integer = FieldType("integer")
boolean = FieldType("boolean")
date = FieldType("date")
timestamp = FieldType("timestamp")


def decimal(precision: int, scale: int) -> FieldType:
    """A decimal of `precision` digits in all, `scale` of them after the point."""
    return FieldType("decimal", precision, scale)


@dataclass(frozen=True)
class Pii:
    """How a field touches a person.

    `none`: nobody. `identifier`: names a person in `namespace`; landed as a token. `personal`: says something only
    about one person (a name, an address, what they wrote); landed as a token. `attribute`: a coarse trait (an age
    band); landed as it is, kept from BI roles. `person`: who of the record is meant; only the actor's identifiers are
    linked and own the event, a gift's recipient and the staff are other people. `scope`: the field whose value the
    identifier is only valid in (an openid in its app), which becomes a part of what is named.
    """

    kind: Literal["none", "identifier", "personal", "attribute"]
    namespace: str = ""
    person: Person = "actor"
    scope: str = ""

    @property
    def is_token(self) -> bool:
        """Whether the field is landed as a token and its clear value goes to the vault."""
        return self.kind in ("identifier", "personal")


no_pii = Pii("none")
attribute = Pii("attribute")


def identifier(namespace: str, *, of: Person = "actor", scope: str = "") -> Pii:
    """A value that names a person in `namespace` (seeds/identifier_namespaces.csv), within the value of `scope`."""
    return Pii("identifier", namespace, of, scope)


def personal(namespace: str) -> Pii:
    """A value only about one person; `namespace` keeps equal texts of different meaning apart."""
    return Pii("personal", namespace)


@dataclass(frozen=True)
class Field:
    """One field of a contract: name, type, whether it may be empty, meaning with unit, PII class, allowed values.

    `words` and `read_from`: the field is one of these words (upper case) where the other field's text is just that, and
    empty otherwise; so an agreed reply is known without the text of any other reply.
    """

    name: str
    type: FieldType
    is_required: bool
    meaning: str
    pii: Pii = no_pii
    allowed: tuple[str, ...] = ()
    read_from: str = ""
    words: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """The raw column: the field's name, with `_key` where a token stands for the value."""
        return f"{self.name}_key" if self.pii.is_token else self.name

    @property
    def postgres(self) -> str:
        """The raw column's PostgreSQL type."""
        return "text" if self.pii.is_token else self.type.postgres


required: Presence = "required"
optional: Presence = "optional"


def field(
    name: str,
    kind: FieldType,
    presence: Presence,
    meaning: str,
    *,
    pii: Pii = no_pii,
    allowed: tuple[str, ...] = (),
    read_from: str = "",
    words: tuple[str, ...] = (),
) -> Field:
    """One line of a contract; the meaning, with its unit, comes last in reading order."""
    return Field(name, kind, presence == "required", meaning, pii, allowed, read_from, words)


@dataclass(frozen=True)
class OptOut:
    """How landing a row changes what may be sent, in the same transaction.

    `channel`, `purpose`: a field's name in braces, or the value itself (`all` for every one). `at`: the field that says
    when. `field` with one of `withdrawn` stops messages to every identifier of the row's actor, with one of `given`
    lifts an earlier stop of the same channel and purpose; any other value says nothing.
    """

    channel: str
    purpose: str
    at: str
    field: str
    withdrawn: tuple[str, ...]
    given: tuple[str, ...] = ()

    @property
    def fields(self) -> set[str]:
        """The fields it reads."""
        named = {text[1:-1] for text in (self.channel, self.purpose) if text.startswith("{")}
        return {self.at, self.field, *named}


@dataclass(frozen=True)
class Contract:
    """What one entity's rows must look like.

    `key`: the fields that name a row within its source; empty where the source has none (then the position in the
    batch does). `any_of`: groups of fields of which each row must fill at least one. `event_at`: the field that dates
    the row, if any. `advances_clock`: whether its newest day moves the brand's `as_of`. `opt_out`: how landing a row
    stops messages in the same transaction. `drift`: least and most that a field
    may show in the newest batch of each source: the mean of a numeric field, the filled share (0 to 1) of any other,
    tokens included. Judged at the landing door from 20 rows on; a source that never brought the field is not held to
    it, unless none does.
    """

    id: str
    title: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    event_at: str | None = None
    advances_clock: bool = False
    any_of: tuple[tuple[str, ...], ...] = ()
    opt_out: OptOut | None = None
    drift: dict[str, tuple[float, float]] = dataclass_field(default_factory=dict[str, tuple[float, float]])

    def __post_init__(self) -> None:
        names = {item.name for item in self.fields}
        referred = {*self.key, *(name for group in self.any_of for name in group), *self.drift}
        referred |= ({item.pii.scope for item in self.fields} | {item.read_from for item in self.fields}) - {""}
        referred |= self.opt_out.fields if self.opt_out else set()
        if self.event_at is not None:
            referred.add(self.event_at)
        if unknown := referred - names:
            raise ValueError(f"contract {self.id}: {sorted(unknown)} are no fields of it")
        actors = [item.pii.namespace for item in self.identifiers]
        if len(actors) > len(set(actors)):
            raise ValueError(f"contract {self.id} names its actor twice in one namespace: {actors}")

    @property
    def channel(self) -> str:
        """The part before the dot."""
        return self.id.partition(".")[0]

    @property
    def entity(self) -> str:
        """The part after the dot."""
        return self.id.partition(".")[2]

    @property
    def raw_table(self) -> str:
        """The raw table's name, without its schema: also the dbt source table and the Dagster asset."""
        return f"raw_{self.channel}__{self.entity}"

    @property
    def staging_model(self) -> str:
        """The name of the model that reads the raw table."""
        return f"stg_{self.channel}__{self.entity}"

    @property
    def identifiers(self) -> tuple[Field, ...]:
        """The fields that name the row's actor."""
        return tuple(item for item in self.fields if item.pii.kind == "identifier" and item.pii.person == "actor")

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when the contract has none."""
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(f"contract {self.id} has no field {name!r}")
