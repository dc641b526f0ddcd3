"""Which probable pairs are put before a person: nobody's settled ones, those first that a release can join."""

from __future__ import annotations

from orchestration.modeling import proposals
from orchestration.modeling.linkage import Likely
from orchestration.modeling.people import People

FOUND = People(
    people=[],
    customers={key: f"customer of {key}" for key in "abcd"},
    unique_held={"customer of a": {"member_id"}, "customer of b": {"member_id"}, "customer of c": {"tmall_omid"}},
    settled={frozenset({"customer of c", "customer of d"})},
)


def likely(pair: str, probability: float) -> Likely:
    return Likely(pair[0], pair[1], probability, {"name": "the same", "birthday": "the same"})


def test_settled_pairs_are_left_out_and_what_no_release_joins_comes_last() -> None:
    pairs = [likely("ab", 0.99), likely("cd", 0.98), likely("ac", 0.97), likely("bd", 0.96)]
    told = [(item.pair.left_key + item.pair.right_key, item.both_hold) for item in proposals.allowed(FOUND, pairs)]
    assert told == [("ac", None), ("bd", None), ("ab", "member_id")]
