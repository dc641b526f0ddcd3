"""Identity by the compiled SQL against an oracle that knows only the written rules."""

from __future__ import annotations

import pytest

from tests.scenarios.identity.conftest import EVENING, FIRST_EVENING, LAST_EVENING, Builds, expected, namespaces


@pytest.mark.parametrize("evening", [FIRST_EVENING, EVENING, LAST_EVENING])
def test_strong_identifiers_equal_the_oracle(builds: Builds, evening: int) -> None:
    assert builds.by_evening[evening].customer_of == expected(builds.facts, evening).customer_of


@pytest.mark.parametrize("evening", [FIRST_EVENING, EVENING, LAST_EVENING])
def test_devices_equal_the_oracle(builds: Builds, evening: int) -> None:
    assert builds.by_evening[evening].turns_of == expected(builds.facts, evening).turns_of


@pytest.mark.parametrize("evening", [FIRST_EVENING, EVENING, LAST_EVENING])
def test_links_left_out_equal_the_oracle(builds: Builds, evening: int) -> None:
    assert builds.by_evening[evening].left_out == expected(builds.facts, evening).left_out


def test_identity_is_the_same_when_records_come_shuffled_and_twice(builds: Builds) -> None:
    assert builds.shuffled == builds.at_the_end


def test_a_unique_namespace_never_has_two_values_in_one_customer(builds: Builds) -> None:
    rules = namespaces()
    held: dict[tuple[str, str], set[str]] = {}
    for key, customer in builds.at_the_end.customer_of.items():
        namespace = key.split(":")[1]
        if customer is not None and rules[namespace].is_unique:
            held.setdefault((customer, namespace), set()).add(key)
    assert len(held) > 300
    assert {place: keys for place, keys in held.items() if len(keys) > 1} == {}


def test_drawn_worlds_reach_every_rule(builds: Builds) -> None:
    """The comparisons would prove little if no world broke a rule, crossed a limit or changed between the evenings."""
    found, facts = builds.at_the_end, builds.facts
    assert len(found.left_out) > 100
    assert sum(customer is None for customer in found.customer_of.values()) > 50
    before = builds.by_evening[EVENING].customer_of
    moved = [key for key, customer in before.items() if customer is not None and found.customer_of[key] != customer]
    assert len(moved) > 50
    assert sum(len(turns) > 1 for turns in found.turns_of.values()) > 50
    assert sum(turns[0][2] == key for key, turns in found.turns_of.items()) > 20, "anonymous devices"
    kinds = [decision.kind for decision in facts.decisions]
    assert min(kinds.count(kind) for kind in ("release", "refuse", "withdraw")) > 30
    without = expected(type(facts)(facts.records, (), facts.blocked, facts.store_devices), LAST_EVENING)
    assert sum(found.customer_of[key] != customer for key, customer in without.customer_of.items()) > 50
