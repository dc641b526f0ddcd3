"""Where questions about people are asked: a connection as some role, what that role may see, how things are called.

Here: opening it, names of identifiers (clear where the role may read the vault, else shortened tokens), days in the
brand's zone. Not here: what is asked (the modules beside this one), what identity is (dbt_project/models/identity).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.brands import Brand
from orchestration.warehouse.connect import connect
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.migrate import Connection
from orchestration.warehouse.roles import READABLE

UNIDENTIFIED = "unidentified"
"""The customer that owns what nobody can be named for: dbt's variable unidentified_customer_key."""
UNDATED = date(1970, 1, 1)
"""The day that stands for "nobody knows when": dbt's variable undated_at."""
SHORT = 12
"""Digits of a token that are shown, and are enough to name it again."""

_MAY = "select has_schema_privilege('identity', 'usage'), has_schema_privilege('vault', 'usage')"
_IS_BUILT = "select to_regclass('identity.int_identity__customer_identifier') is not null"
_NAMESPACES = "select identifier_key, namespace from identity.int_identity__identifier where identifier_key = any(%s)"
_CLEAR = "select value_key, value from vault.clear_value where value_key = any(%s)"


@dataclass(frozen=True)
class Name:
    """An identifier as it may be shown; `value` is its clear value, empty for who may not read the vault."""

    identifier_key: str
    namespace: str
    value: str | None = None

    def __str__(self) -> str:
        """`phone +8613917001234`, or `phone 3f9a1c02b7d4…`."""
        return f"{self.namespace} {self.value or self.short + '…'}"

    @property
    def short(self) -> str:
        """The beginning of the token: the commands take it in the place of the identifier."""
        return self.identifier_key[:SHORT]


@dataclass(frozen=True)
class Desk:
    """An open connection that only reads, the brand, and whether clear values may be shown."""

    brand: Brand
    connection: Connection
    sees_clear: bool

    def rows(self, statement: str, parameters: Mapping[str, Any] | tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """What a statement gives."""
        return self.connection.execute(statement.encode(), parameters).fetchall()

    def has(self, *relations: str) -> bool:
        """Whether these tables or views were built."""
        return all(self.rows("select to_regclass(%s) is not null", (relation,))[0][0] for relation in relations)

    def names(self, keys: Iterable[str]) -> dict[str, Name]:
        """How these identifiers are called; one that was never seen has the namespace `unknown`."""
        wanted = sorted(set(keys))
        namespaces = dict(self.rows(_NAMESPACES, (wanted,)))
        values = self.clear(wanted)
        return {key: Name(key, namespaces.get(key, "unknown"), values.get(key)) for key in wanted}

    def clear(self, keys: Iterable[str]) -> dict[str, str]:
        """Clear values by token; none for who may not read the vault."""
        return dict(self.rows(_CLEAR, (sorted(set(keys)),))) if self.sees_clear else {}

    def day(self, at: datetime) -> date | None:
        """The business day of a moment; None for the one that stands for "nobody knows when"."""
        return dated(at.astimezone(ZoneInfo(self.brand.file.time_zone)).date())


def dated(day: date) -> date | None:
    """The day, or None where it stands for "nobody knows when"."""
    return None if day <= UNDATED else day


@contextmanager
def opened(brand: Brand, *, role: str | None) -> Iterator[Desk]:
    """A desk for one question; `role` is one of the brand's (warehouse/roles.py), None the project's own user.

    Raises WarehouseError when the role may not read identity, or nothing was built.
    """
    with connect(brand.name, role=role, application_name="touchstream identity") as connection:
        connection.read_only = True
        may_read, sees_clear = connection.execute(_MAY).fetchall()[0]
        if not may_read:
            readers = [name for name, schemas in READABLE.items() if "identity" in schemas]
            raise WarehouseError(
                f"{connection.info.user} may not read who is who: ask as {' or '.join(readers)} (--role). "
                "reader sees tokens, support clear values too."
            )
        if not connection.execute(_IS_BUILT).fetchall()[0][0]:
            raise WarehouseError(
                f"brand {brand.name} was never built, so nobody is known: run `touchstream --brand {brand.name} build`"
            )
        yield Desk(brand, connection, sees_clear)
