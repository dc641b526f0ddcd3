"""Whose an identifier is: the intervals of the bridge, by identifier or by customer.

Here: reading them. Not here: why they are so (explain.py, obstacles.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from orchestration.identity.desk import UNIDENTIFIED, Desk

_COLUMNS = """
    identifier_key, namespace, is_strong, customer_key, first_at, valid_from, valid_to, assigned_to_key, is_usable,
    unusable_reason
"""
_OF_IDENTIFIERS = f"""
    select {_COLUMNS} from identity.int_identity__customer_identifier
    where identifier_key = any(%s) order by identifier_key, valid_from
"""
_OF_CUSTOMER = f"""
    select {_COLUMNS} from identity.int_identity__customer_identifier
    where customer_key = %s order by is_strong desc, priority, first_at, identifier_key, valid_from
"""


@dataclass(frozen=True)
class Place:
    """An interval in which an identifier is one customer's; a strong one has a single interval for all time.

    `assigned_to_key`: of a device, the identifier that logged in on it. `unusable_reason`: why it names nobody.
    """

    identifier_key: str
    namespace: str
    is_strong: bool
    customer_key: str
    first_at: datetime
    valid_from: datetime
    valid_to: datetime | None
    assigned_to_key: str | None
    is_usable: bool
    unusable_reason: str | None

    @property
    def is_somebodys(self) -> bool:
        """Whether it names a customer in this interval."""
        return self.customer_key != UNIDENTIFIED

    @property
    def is_current(self) -> bool:
        """Whether the interval is still open."""
        return self.valid_to is None

    @property
    def anchor(self) -> str:
        """The identifier by which the customer holds it: itself, or who logged in."""
        return self.assigned_to_key or self.identifier_key


def places_of(desk: Desk, keys: Iterable[str]) -> list[Place]:
    """The intervals of these identifiers, oldest first."""
    return [Place(*row) for row in desk.rows(_OF_IDENTIFIERS, (sorted(set(keys)),))]


def places_of_customer(desk: Desk, customer_key: str) -> list[Place]:
    """All that is a customer's, the best identifiers first."""
    return [Place(*row) for row in desk.rows(_OF_CUSTOMER, (customer_key,))]


def current_customer(places: Iterable[Place]) -> str | None:
    """Whose these intervals of one identifier are now; None for nobody's."""
    return next((place.customer_key for place in places if place.is_current and place.is_somebodys), None)


def last_customer(places: Iterable[Place]) -> str | None:
    """Whose these intervals of one identifier, oldest first, are now, else were last; None for nobody's."""
    return next((place.customer_key for place in reversed([*places]) if place.is_somebodys), None)
