"""The block list becomes tokens in `ops`, and is kept equal to what the list says now."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.brands import Brand
from orchestration.identity import block_list
from orchestration.sources import tokens
from orchestration.sources.landing import land
from orchestration.warehouse.errors import WarehouseError
from tests.workshop import Workshop, rows, write

TOML = """
country = "CN"
time_zone = "Asia/Shanghai"
currency = "CNY"
title = "Test"
[sources.members]
connector = "files"
contract = "crm.member"
path = "members/*"
"""
MEMBERS = """member_id,email,phone
m1,lin@mailinator.com,13800138000
m2,wu@qq.com,+86 138 0013 8000
m3,mei@163.com,13917001234
"""
HEAD = "brand,namespace,kind,value,reason\n"


@pytest.fixture
def brand(workshop: Workshop) -> Brand:
    made = workshop.brand(TOML)
    write(made, "members/a.csv", MEMBERS)
    land.land(made)
    return made


def blocked(brand: Brand) -> dict[str, str]:
    """Reasons by clear value, of what was landed."""
    found = rows(
        brand,
        "select value, reason from ops.blocked_identifier inner join vault.clear_value on value_key = identifier_key",
    )
    return {str(value): str(reason) for value, reason in found}


def test_default_numbers_and_throw_away_addresses_are_blocked(brand: Brand) -> None:
    assert block_list.apply(brand) > 0
    assert blocked(brand) == {
        "+8613800138000": "a default number: the example of every form in China",
        "lin@mailinator.com": block_list.THROW_AWAY,
    }
    assert block_list.apply(brand) == 0, "nothing changed since"


def test_a_value_taken_off_the_list_is_free_again_and_a_brands_own_line_is_its_own(
    brand: Brand, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    block_list.apply(brand)
    listed = tmp_path / "identifier_block_list.csv"
    monkeypatch.setattr(block_list, "path", lambda: listed)
    listed.write_text(HEAD + f"{brand.name},email,value,Wu@QQ.com,the till\nanother,phone,value,13917001234,theirs\n")
    assert block_list.apply(brand) > 0
    assert blocked(brand) == {"wu@qq.com": "the till", "lin@mailinator.com": block_list.THROW_AWAY}


def test_a_listed_value_is_blocked_before_it_ever_comes(brand: Brand) -> None:
    block_list.apply(brand)
    write(brand, "members/b.csv", "member_id,email,phone\nm4,,13888888888\n")
    land.land(brand)
    token = tokens.token(tokens.pii_key(brand.name), "phone", "+8613888888888")
    assert rows(brand, "select 1 from ops.blocked_identifier where identifier_key = %(key)s", {"key": token}) == [(1,)]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("*,phone,prefix,138,no", "line 2: kind 'prefix' is none of value, domain"),
        ("*,phone,domain,138,no", "line 2: namespace phone has no domains"),
        ("*,phone,value,12,no", "line 2: '12' is no phone"),
    ],
)
def test_a_line_that_can_block_nothing_is_named(
    brand: Brand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str, told: str
) -> None:
    listed = tmp_path / "identifier_block_list.csv"
    listed.write_text(HEAD + line + "\n")
    monkeypatch.setattr(block_list, "path", lambda: listed)
    with pytest.raises(WarehouseError, match=told.replace("(", r"\(")):
        block_list.apply(brand)
