"""What one published build changed against the one before: the log that no model reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from orchestration.brands import Brand
from orchestration.identity import publication
from orchestration.identity.publication import Published
from orchestration.warehouse import connect
from tests.workshop import Workshop, rows

BRIDGE = """
create schema if not exists core;
create table core.bridge_customer_identifier (
    customer_key text, identifier_key text, namespace text, is_first boolean, is_usable boolean
)
"""
BEFORE = {"a1": "a1", "a2": "a1", "b1": "b1", "c1": "c1", "c2": "c1", "d1": "d1", "d2": "d1", "e1": "e1", "f1": "f1"}
AFTER = {"a1": "a1", "a2": "a1", "b1": "a1", "c1": "c1", "c2": "c2", "d1": "d0", "d2": "d0", "d0": "d0", "f1": None}


@pytest.fixture
def brand(workshop: Workshop) -> Brand:
    made = workshop.brand("")
    with connect.connect(made.name) as connection:
        connection.execute(BRIDGE.encode())
    return made


def built(brand: Brand, customer_of: Mapping[str, str | None], as_of: str = "2025-03-01") -> int:
    """A foundation that is done, and the bridge it made; its number."""
    with connect.connect(brand.name) as connection, connection.cursor() as cursor:
        cursor.execute("truncate core.bridge_customer_identifier")
        cursor.executemany(
            "insert into core.bridge_customer_identifier values (coalesce(%s, 'unidentified'), %s, 'phone', true, %s)",
            [(customer, key, customer is not None) for key, customer in customer_of.items()],
        )
        cursor.execute(
            "insert into ops.build (phase, as_of, known_at, input_fingerprint, state, owner, started_at)"
            " values ('foundation', %s, now(), 'x', 'done', 'test', now()) returning build_id",
            (as_of,),
        )
        return int(str(cursor.fetchall()[0][0]))


def publish(brand: Brand, customer_of: Mapping[str, str | None], as_of: str = "2025-03-01") -> Published | None:
    return publication.publish(brand, built(brand, customer_of, as_of), date.fromisoformat(as_of))


def log(brand: Brand) -> dict[str, tuple[str, str, str | None]]:
    found = rows(brand, "select identifier_key, change, old_customer_key, new_customer_key from ops.customer_key_log")
    return {str(key): (str(change), str(old), None if new is None else str(new)) for key, change, old, new in found}


def test_first_build_founds_and_logs_nothing(brand: Brand) -> None:
    assert publish(brand, BEFORE) == Published(merged=0, split=0, renamed=0, left=0, new=9, customers=6)
    assert log(brand) == {}


def test_merges_splits_and_renamings_are_logged_once(brand: Brand) -> None:
    publish(brand, BEFORE)
    told = Published(merged=1, split=1, renamed=2, left=2, new=1, customers=4)
    assert publish(brand, AFTER, "2025-03-02") == told
    assert log(brand) == {
        "b1": ("merged", "b1", "a1"),
        "c2": ("split", "c1", "c2"),
        "d1": ("renamed", "d1", "d0"),
        "d2": ("renamed", "d1", "d0"),
        "e1": ("left", "e1", None),
        "f1": ("left", "f1", None),
    }
    assert set(rows(brand, "select identifier_key, customer_key from ops.published_customer")) == {
        (key, customer) for key, customer in AFTER.items() if customer
    }
    assert publish(brand, AFTER, "2025-03-02") == Published(merged=0, split=0, renamed=0, left=0, new=0, customers=4)
    assert len(log(brand)) == 6


def test_a_build_of_a_past_day_publishes_nothing(brand: Brand) -> None:
    publish(brand, BEFORE, "2025-03-02")
    assert publish(brand, AFTER, "2025-03-01") is None
    assert log(brand) == {}
