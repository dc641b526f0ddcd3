"""The oracle of `python -m benchmarks public`: its rules on cases small enough to be told by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import declared_keys
from benchmarks.declared_keys import Identifier, Row, Score

LIMITS = {"mdm_id": 4, "email": 2, "member_id": 8}


def _row(number: int, *others: Identifier) -> Row:
    return Row(number, (("mdm_id", f"m:{number}"), *others), "somebody")


@pytest.mark.parametrize(
    ("namespace", "text", "expected"),
    [
        ("email", " Lin@Example.COM ", "lin@example.com"),
        ("email", "o.b-@smith.net", "o.b-@smith.net"),
        ("email", "r..m51@leonard.net", None),
        ("email", "em@aosn@ware.com", None),
        ("email", "j.t@pierceeib.z", "j.t@pierceeib.z"),
        ("email", "a@10.0.0.1", None),
        ("email", "awt.thompson@com", None),
        ("email", "ao24@green.@net", None),
        ("email", "l**@example.com", None),
        ("phone", "(847) 245-6715", "+18472456715"),
        ("phone", "(847)\n245-6715", None),
        ("phone", "2456715", None),
        ("member_id", " 6988048", "6988048"),
        ("member_id", "\n", None),
        ("member_id", "12**48", None),
    ],
)
def test_a_value_has_its_normal_form_or_none(namespace: str, text: str, expected: str | None) -> None:
    assert declared_keys.normal(namespace, text) == expected


def test_limits_are_the_strong_namespaces_of_every_brand(tmp_path: Path) -> None:
    seed = tmp_path / "namespaces.csv"
    lines = ("*,phone,true,4", "*,cookie_id,false,4", "tea_house,phone,true,9")
    seed.write_text("brand,namespace,is_strong,maximum_neighbours\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert declared_keys.limits(seed) == {"phone": 4}


def test_a_value_is_over_its_limit_by_distinct_others_of_one_namespace() -> None:
    shared, member = ("email", "desk@example.com"), ("member_id", "7")
    allowed = [_row(1, shared), _row(1, shared), _row(2, shared, member)]
    assert declared_keys.over_limit(allowed, LIMITS) == {}
    assert declared_keys.over_limit([*allowed, _row(3, shared)], LIMITS) == {shared: 3}


def test_what_is_blocked_is_nobodys_neighbour() -> None:
    shared = ("email", "desk@example.com")
    rows = [_row(number, shared) for number in (1, 2, 3)]
    assert declared_keys.over_limit(rows, LIMITS, {("mdm_id", "m:3")}) == {}


def test_limits_are_counted_in_one_round() -> None:
    """The address stays over its limit although two of those it was seen with are over theirs."""
    shared, crowd = ("email", "desk@example.com"), [("member_id", str(number)) for number in range(3)]
    rows = [_row(1, shared, *crowd), _row(2, shared), _row(3, shared)]
    assert declared_keys.over_limit(rows, {**LIMITS, "mdm_id": 2}) == {shared: 3, ("mdm_id", "m:1"): 3}


def test_components_are_chains_of_rows_and_what_is_unusable_joins_nothing() -> None:
    one, two, alone = ("email", "a@example.com"), ("member_id", "7"), ("mdm_id", "m:4")
    rows = [_row(1, one), _row(2, one, two), _row(3, two), _row(4)]
    first, second, third = (row.identifiers[0] for row in rows[:3])
    assert declared_keys.components(rows, ()) == {frozenset({first, second, third, one, two}), frozenset({alone})}
    assert declared_keys.components(rows, {one}) == {
        frozenset({first}),
        frozenset({second, third, two}),
        frozenset({alone}),
    }


def test_precision_and_recall_are_over_pairs_of_rows() -> None:
    told = [("c1", "lin"), ("c1", "lin"), ("c1", "wu"), ("c2", "wu"), ("c3", "lin")]
    assert declared_keys.score(told) == Score(precision=1 / 3, recall=1 / 4)
    assert declared_keys.score([("c1", "lin"), ("c2", "wu")]) == Score(1.0, 1.0)
