"""A wrong setting is refused with its line and what would be valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration import brands, settings
from orchestration.brands import BrandError

GOOD = """\
title = "T"
time_zone = "Asia/Shanghai"
currency = "CNY"

[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*.csv"

[sources.till.columns]
order_id = "receipt"

[destinations.email]
kind = "smtp"
from_address = "a@b.example"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(tmp_path))
    return tmp_path


def test_a_good_file_is_read(folder: Path) -> None:
    (folder / "tea.toml").write_text(GOOD, encoding="utf-8")
    brand = brands.load("tea")
    assert brand.file.sources["till"].columns == {"order_id": "receipt"}
    assert brand.file.destinations["email"].delivery == "dry_run"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('"Asia/Shanghai"', '"Asia/Shangai"', 2, "is no time zone"),
        ('"CNY"', '"yuan"', 3, "currency"),
        ('connector = "files"', 'connector = "ftp"', 6, "'files'"),
        ('contract = "pos.order_line"', 'contract = "pos.orders"', 7, "there are ads.campaign"),
        ('path = "till/*.csv"', 'paht = "till/*.csv"', 8, "no such setting; valid here: columns, connector"),
        ('order_id = "receipt"', 'oder_id = "receipt"', 11, "its fields are order_id"),
        ('order_id = "receipt"', 'order_id = { colum = "receipt" }', 11, "valid here: column, constant"),
        ('order_id = "receipt"', 'order_id = { column = "w", week_one = "1.1.2017" }', 11, "is no day"),
        ('order_id = "receipt"', 'order_id = { column = "w", format = "dd.mm.yyyy" }', 11, "no strptime pattern"),
        ('path = "till/*.csv"', 'path = "/etc/*"', 8, "within the brand's drop folder"),
        ('path = "till/*.csv"', 'path = "../*"', 8, "within the brand's drop folder"),
        ('path = "till/*.csv"', 'path = "till/*"\ndelimiter = "；"', 9, "cannot separate columns"),
        ('path = "till/*.csv"', 'path = "till/*"\ndelimiter = "\\""', 9, "cannot separate columns"),
        ('path = "till/*.csv"', 'path = "till/*"\nencoding = "hex"', 9, "is no text encoding"),
        ('contract = "pos.order_line"', 'contract = "order_line"', 7, "The nearest: pos.order_line"),
        ('order_id = "receipt"', 'order_id = { column = "r", number = "1.234,56" }', 11, "does not apply"),
        ('order_id = "receipt"', 'quantity = { column = "r", number = "1.234" }', 11, "1.234,56"),
        ('kind = "smtp"', 'kind = "pigeon"', 14, "'smtp'"),
        ('kind = "smtp"', 'kind = "smtp"\nport = 99999', 15, "65535"),
        ("[destinations.email]", "[destinations.E-mail]", 13, "lower-case"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(folder: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    (folder / "tea.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrandError) as refused:
        brands.load("tea")
    assert f"tea.toml, line {line}:" in str(refused.value)
    assert said in str(refused.value)


def test_broken_toml_and_missing_files_are_named(folder: Path) -> None:
    (folder / "tea.toml").write_text('title = "T\n', encoding="utf-8")
    with pytest.raises(BrandError, match=r"tea\.toml: not valid TOML.*line 1"):
        brands.load("tea")
    with pytest.raises(BrandError, match="there are tea"):
        brands.load("coffee")
    with pytest.raises(BrandError, match="is no brand name"):
        brands.load("../tea")


def test_every_brand_of_the_repository_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOUCHSTREAM_BRANDS", raising=False)
    assert brands.names()
    for name in brands.names():
        assert brands.load(name).path.parent == settings.project_root() / "brands"
