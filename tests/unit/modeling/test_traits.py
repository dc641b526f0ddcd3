"""One value written in several ways is one; what names nobody is nobody."""

from __future__ import annotations

from datetime import date

import pytest

from orchestration.modeling import traits
from orchestration.modeling.traits import Person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("林 美", "林美"),
        ("林美女士", "林美"),
        ("Lin, Mei", "mei LIN"),
        ("Ｌｉｎ　Ｍｅｉ", "Lin Mei"),
        ("Dr. José Núñez", "Jose Nunez"),
    ],
)
def test_a_name_is_one_however_it_is_written(one: str, other: str) -> None:
    assert traits.plain_name(one) == traits.plain_name(other) is not None


@pytest.mark.parametrize("text", ["", "张*", "张＊＊", "林女士", "林", "Mr Lin", "Mei", "123", "…"])
def test_a_name_that_names_nobody_is_none(text: str) -> None:
    assert traits.plain_name(text) is None


def test_different_names_stay_different() -> None:
    assert len({traits.plain_name(name) for name in ("王芳", "芳王", "王方", "Foxx Maxxi", "Fox Maxi")}) == 5


@pytest.mark.parametrize(
    ("one", "other"), [("徐汇区衡山路 12 号", "徐汇区衡山路12号"), ("Nanjing Road 77-5", "NANJING ROAD, 77 / 5")]
)
def test_an_address_is_one_however_it_is_written(one: str, other: str) -> None:
    assert traits.plain_address(one) == traits.plain_address(other) is not None


def test_numbers_of_an_address_do_not_run_together() -> None:
    assert traits.plain_address("Road 12, 3 left") != traits.plain_address("Road 1, 23 left")
    assert traits.plain_address("Nanjing 1 2") != traits.plain_address("Nanjing 12")
    assert traits.plain_address("上海") is traits.plain_address("上海市徐汇区衡山路**号") is None


def told(birthday: date | None, *, is_lunar: bool = False) -> Person:
    return traits.person("key", name="林美", birthday=birthday, is_lunar=is_lunar, address=None, city="上海市")


def test_a_birthday_keeps_its_calendar_and_1900_is_no_year() -> None:
    assert (told(date(1991, 8, 19)).birthday, told(date(1991, 8, 19)).month_day) == ("s1991-08-19", "s08-19")
    assert told(date(1991, 8, 19), is_lunar=True).month_day == "l08-19"
    assert (told(date(1900, 8, 19)).birthday, told(date(1900, 8, 19)).month_day) == (None, "s08-19")
    assert (told(None).birthday, told(None).month_day, told(None).city) == (None, None, "上海")
