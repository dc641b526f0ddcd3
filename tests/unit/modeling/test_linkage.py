"""The model on people made up in memory: it finds who came twice, rules out who cannot be, and never leaves memory."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.modeling import linkage
from orchestration.modeling.linkage import Likely
from orchestration.modeling.traits import Person, person

FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚"
COUNT = 700
DROP = ("birthday", "address", "")


Facts = Mapping[str, str | date | bool | None]


def drawn() -> list[Facts]:
    """What is known of people of a crowd, every one another."""
    dice = random.Random(3)
    return [
        {
            "name": dice.choice(FAMILY) + dice.choice(GIVEN) + dice.choice(GIVEN),
            "birthday": date(1960, 1, 1) + timedelta(days=dice.randrange(16_000)),
            "address": f"中山路{dice.randrange(900)}号{dice.randrange(30)}室",
            "city": dice.choice(("上海", "北京", "广州", "杭州", "成都")),
        }
        for _ in range(COUNT)
    ]


def known(key: str, facts: Facts, **other: str | date | bool | None) -> Person:
    told: dict[str, Any] = {"is_lunar": False, **facts, **other}
    return person(key, **told)


@pytest.fixture(scope="module")
def crowd() -> list[Person]:
    """Everybody; the first 30 came twice (some with less), the next 30 have a son of their name at home."""
    people = drawn()
    return [
        *(known(f"a{number:03}", facts) for number, facts in enumerate(people)),
        *(
            known(f"b{number:03}", facts, **({DROP[number % 3]: None} if DROP[number % 3] else {}))
            for number, facts in enumerate(people[:30])
        ),
        *(
            known(f"b{number:03}", facts, birthday=date(1995, 1, 1) + timedelta(days=53 * number))
            for number, facts in enumerate(people[30:60], start=30)
        ),
    ]


@pytest.fixture(scope="module")
def found(crowd: list[Person]) -> list[Likely]:
    return linkage.likely_pairs(crowd, threshold=0.95)


def test_who_came_twice_is_found_and_no_son(found: list[Likely]) -> None:
    assert [(pair.left_key, pair.right_key) for pair in sorted(found, key=lambda pair: pair.left_key)] == [
        (f"a{number:03}", f"b{number:03}") for number in range(30)
    ]


def test_the_training_ran_and_changed_what_an_agreement_is_worth(
    crowd: list[Person],
    found: list[Likely],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(linkage, "FEWEST_PAIRS", 20)
    learnt = linkage.likely_pairs(crowd, threshold=0.95)
    assert linkage.likely_pairs(crowd[::-1], threshold=0.95) == learnt
    assert not caplog.messages
    assert {pair.left_key for pair in learnt} == {pair.left_key for pair in found}
    weakest = min(pair.probability for pair in found), min(pair.probability for pair in learnt)
    assert weakest[0] != weakest[1]


def test_the_order_of_people_changes_nothing(crowd: list[Person], found: list[Likely]) -> None:
    assert linkage.likely_pairs(crowd[::-1], threshold=0.95) == found
    assert all(one.probability >= other.probability for one, other in pairwise(found))


def test_a_higher_threshold_keeps_the_best_of_the_same(crowd: list[Person], found: list[Likely]) -> None:
    strict = linkage.likely_pairs(crowd, threshold=0.9999)
    assert strict == [pair for pair in found if pair.probability >= 0.9999]
    assert 0 < len(strict) < len(found)


LIN: Facts = {"name": "林晓美", "birthday": date(1991, 8, 19), "address": "徐汇区衡山路12号3室", "city": "上海"}


SAME_BUT: list[tuple[Facts, Mapping[str, str] | None]] = [
    ({}, {"name": "the same", "birthday": "the same", "address": "the same"}),
    ({"name": "林小美"}, {"name": "nearly the same", "birthday": "the same", "address": "the same"}),
    ({"name": "Lin Xiaomei"}, {"birthday": "the same", "address": "the same"}),
    (
        {"birthday": date(1900, 8, 19)},
        {"name": "the same", "birthday": "the same day of a year not known", "address": "the same"},
    ),
    (
        {"birthday": date(1991, 8, 9)},
        {"name": "the same", "birthday": "a slip of the pen apart", "address": "the same"},
    ),
    ({"address": "徐汇区衡山路12号楼3室"}, {"name": "the same", "birthday": "the same", "address": "nearly the same"}),
    ({"address": "徐汇区衡山路12号4室"}, {"name": "the same", "birthday": "the same", "address": "in the same city"}),
    ({"address": None, "city": "北京"}, {"name": "the same", "birthday": "the same", "address": "another"}),
    ({"is_lunar": True}, {"name": "the same", "address": "the same"}),
    ({"name": "林大海"}, None),  # a twin brother
    ({"birthday": date(1965, 2, 3)}, None),  # mother and daughter of one name
    ({"birthday": None, "address": None, "city": None}, None),  # a namesake, and nothing else
]
SCHNEIDER: Facts = {"name": "Katharina Schneider", "birthday": date(1980, 5, 5), "address": None, "city": None}
ALIKE: list[tuple[Facts, Mapping[str, str] | None]] = [
    ({"name": "Katarina Schneider"}, {"name": "nearly the same", "birthday": "the same"}),
    ({"name": "Robert Schneider"}, None),
    ({"birthday": date(1980, 5, 15)}, {"name": "the same", "birthday": "a slip of the pen apart"}),
]


@pytest.fixture(scope="module")
def agreements() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """How each pair agrees, among strangers, that is one person with any probability worth a look."""
    people = [known(f"s{number:03}", facts) for number, facts in enumerate(drawn()[:300])]
    for key, one, others in (("a", LIN, SAME_BUT), ("b", SCHNEIDER, ALIKE)):
        people.append(known(key, one))
        people += [known(f"{key}{number}", {**one, **other}) for number, (other, _) in enumerate(others)]
    pairs = linkage.likely_pairs(people, threshold=0.001)
    return {(pair.left_key, pair.right_key): pair.agreement for pair in pairs}


@pytest.mark.parametrize("number", range(len(SAME_BUT)))
def test_how_two_agree_is_told_in_words_and_who_cannot_be_one_is_no_pair(
    agreements: Mapping[tuple[str, str], Mapping[str, str]], number: int
) -> None:
    assert agreements.get(("a", f"a{number}")) == SAME_BUT[number][1]


@pytest.mark.parametrize("number", range(len(ALIKE)))
def test_a_latin_name_is_alike_by_its_letters(
    agreements: Mapping[tuple[str, str], Mapping[str, str]], number: int
) -> None:
    assert agreements.get(("b", f"b{number}")) == ALIKE[number][1]


def test_nobody_or_one_alone_is_no_pair() -> None:
    assert linkage.likely_pairs([], threshold=0.95) == linkage.likely_pairs([known("x", LIN)], threshold=0.95) == []


def test_the_database_touches_no_disk_and_no_network(tmp_path: Path) -> None:
    connection = linkage.in_memory().duckdb_con
    for statement in (
        f"copy (select 1) to '{tmp_path / 'out.csv'}'",
        "install httpfs",
        f"attach '{tmp_path / 'x.db'}'",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(statement)
    settings = connection.execute("select current_setting('temp_directory'), current_setting('threads')").fetchall()
    assert settings == [("", 1)]
    assert not [*tmp_path.iterdir()]
