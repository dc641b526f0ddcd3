"""What would become of a file is told without a database, and nothing stays behind."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from orchestration import brands
from orchestration.brands import Brand, BrandFile
from orchestration.sources.landing import check
from orchestration.sources.landing.check import Checked
from orchestration.sources.landing.reasons import Example, Reason

BRAND = """\
title = "T"
time_zone = "Europe/Berlin"
currency = "EUR"
country = "DE"

[sources.web_orders]
connector = "files"
contract = "shop.order"
path = "web_orders/*.csv"
delimiter = ";"
ignore_columns = ["MwSt"]

[sources.web_orders.columns]
order_id = "Nr"
order_status = { constant = "paid" }
ordered_at = { column = "Datum", format = "%d.%m.%Y %H:%M" }
paid_amount = { column = "Brutto", number = "1.234,56" }
phone = "Mobil"
"""
SHEET = """\
Nr;Datum;Brutto;MwSt;Mobil;E-Mail
1;01.03.2025 10:00;1.234,50;0,19;0151 23456789;a@b.example
2;01.03.2025 10:00;neun;0,19;;
3;32.03.2025 10:00;9,50;0,19;;
4;01.03.2025 10:00;9,50;0,19;nobody;
4;01.03.2025 10:00;9,50;0,19;nobody;
5;01.03.2025
6;01.03.2025 10:00;zehn;0,19;;
"""


@pytest.fixture
def brand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Brand:
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(tmp_path))
    monkeypatch.setenv("TOUCHSTREAM_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.setenv("TOUCHSTREAM_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    (tmp_path / "tea.toml").write_text(BRAND, encoding="utf-8")
    return brands.load("tea")


def sheet(tmp_path: Path, text: str = SHEET, encoding: str = "utf-8") -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(text, encoding=encoding)
    return path


def counts(answer: Checked) -> tuple[int, int, int, int]:
    return answer.landed, answer.accepted, answer.duplicate, answer.quarantined


def test_a_source_of_the_brand_is_judged_as_it_would_land(brand: Brand, tmp_path: Path) -> None:
    answer = check.check_source(brand, sheet(tmp_path), "web_orders")
    assert counts(answer) == (7, 2, 1, 4)
    assert (answer.refused, answer.is_guessed, answer.missing) == ("", False, ())
    amount, *others = answer.reasons
    assert (amount.reason, amount.field, amount.rows) == ("wrong_type", "paid_amount", 2)
    assert amount.examples == (Example(2, "neun"), Example(7, "zehn"))
    assert amount.expected.startswith("a number with at most 2 decimals")
    assert [(item.reason, item.field, item.examples) for item in others] == [
        ("malformed_row", "", (Example(6, "5;01.03.2025"),)),
        ("wrong_type", "ordered_at", (Example(3, "32.03.2025 10:00"),)),
    ]
    assert answer.aside == (
        Reason(
            *("malformed_identifier", "phone", 1, "a phone that names one person, not masked", (Example(4, "nobody"),))
        ),
    )
    assert answer.unmapped == {"E-Mail": ["email"]}
    assert tomllib.loads(answer.mapping)["sources"]["web_orders"]["columns"] == {"email": "E-Mail"}


def test_nothing_is_written_and_nothing_stays(brand: Brand, tmp_path: Path) -> None:
    check.check_source(brand, sheet(tmp_path), "web_orders")
    left = {path.name for path in (tmp_path / "home").rglob("*") if path.is_file()}
    assert left == set()
    assert not (tmp_path / "secrets").exists()


def test_a_new_file_of_a_contract_is_judged_with_a_guessed_entry(brand: Brand, tmp_path: Path) -> None:
    text = "Bestellnummer;Datum;Status;Gesamtbetrag;mood\n7;01.03.2025 10:00;paid;1.234,50;good\n8;x;paid;1,00;bad\n"
    answer = check.check_contract(brand, sheet(tmp_path, text, "cp1252"), "shop.order")
    assert counts(answer) == (2, 1, 0, 1)
    assert answer.is_guessed
    assert answer.unmapped == {"mood": []}
    entry = tomllib.loads(answer.mapping)["sources"]["shop_order"]
    assert entry["delimiter"] == ";"
    assert entry["columns"]["paid_amount"] == {"column": "Gesamtbetrag", "number": "1.234,56"}
    head = {"title": "T", "time_zone": "UTC", "currency": "EUR"}
    assert BrandFile.model_validate({**head, "sources": {"shop_order": entry}}).sources["shop_order"].path


def test_a_needed_field_without_a_column_is_named_with_what_is_near(brand: Brand, tmp_path: Path) -> None:
    answer = check.check_contract(brand, sheet(tmp_path, "order_number,when,total\n1,2025-03-01,1.00\n"), "shop.order")
    assert (answer.refused, answer.accepted) == ("missing_column", 0)
    assert {item.field: item.meaning for item in answer.missing} == {
        "order_status": "its state: pending, paid, shipped, completed, cancelled …",
        "ordered_at": "when it was placed",
    }
    assert '# ordered_at = "?"' in answer.mapping


def test_a_changed_heading_is_refused_and_what_would_help_is_told(brand: Brand, tmp_path: Path) -> None:
    text = SHEET.replace("Nr;", "Bestellnummer;", 1)
    answer = check.check_source(brand, sheet(tmp_path, text), "web_orders")
    assert answer.refused == "missing_column"
    assert counts(answer) == (7, 2, 1, 4)
    assert answer.is_guessed
    assert [(item.field, item.nearest[0]) for item in answer.missing] == [("order_id", "Bestellnummer")]
    assert tomllib.loads(answer.mapping)["sources"]["web_orders"]["columns"]["order_id"] == "Bestellnummer"


@pytest.mark.parametrize(
    ("encoding", "change", "settings"),
    [("utf-16", (";", ";"), {"encoding": "utf-16"}), ("utf-8", (";", "\t"), {"delimiter": "\t"})],
)
def test_a_file_written_otherwise_is_refused_and_how_is_told(
    brand: Brand, tmp_path: Path, encoding: str, change: tuple[str, str], settings: dict[str, str]
) -> None:
    answer = check.check_source(brand, sheet(tmp_path, SHEET.replace(*change), encoding), "web_orders")
    assert answer.refused in ("wrong_encoding", "missing_column")
    assert answer.settings == settings
    assert counts(answer) == (7, 2, 1, 4)


def test_an_unreadable_file_is_refused(brand: Brand, tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(b"no gzip")
    for answer in (
        check.check_contract(brand, tmp_path / "a.csv.gz", "shop.order"),
        check.check_source(brand, tmp_path / "a.csv.gz", "web_orders"),
    ):
        assert (answer.refused, answer.landed) == ("broken_gzip", 0)


def test_fields_of_json_lines_are_shown_where_they_lie(brand: Brand, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    sound = (
        '{"messageId": "%s", "event": "view", "originalTimestamp": "2025-03-01", "anonymousId": "c", '
        '"properties": %s}\n'
    )
    path.write_text(
        sound % (1, '{"quantity": 1}') + sound % (2, '{"quantity": "two"}') + sound % (3, '{"quantity": 3}'),
        encoding="utf-8",
    )
    answer = check.check_contract(brand, path, "web.event")
    assert counts(answer) == (3, 2, 0, 1)
    assert answer.reasons[0].examples == (Example(2, "two"),)
    assert 'quantity = "properties.quantity"' in answer.mapping
