"""A first mapping is guessed from names and samples, and only where the samples can be read."""

from __future__ import annotations

import pytest

from orchestration.column_rule import ColumnRule
from orchestration.sources import guess
from orchestration.sources.contracts import CONTRACTS

ZONE = "Europe/Berlin"


def guessed(contract: str, samples: dict[str, list[str]]) -> dict[str, str]:
    found = guess.guesses(CONTRACTS[contract], samples, ZONE)
    return {name: item.column for name, item in found.items()}


def rule(contract: str, field: str, column: str, *samples: str) -> ColumnRule:
    return guess.guesses(CONTRACTS[contract], {column: list(samples)}, ZONE)[field].rule


def test_columns_are_known_by_name_vendor_name_and_other_languages() -> None:
    assert guessed(
        "shop.order",
        {
            "Bestellnummer": ["1"],
            "orderDate": ["2025-03-01"],
            "customer_email": ["a@b.example"],
            "手机号": ["13800138001"],
            "status": ["paid"],
            "Grand Total": ["12.50"],
            "mood": ["good"],
        },
    ) == {
        "order_id": "Bestellnummer",
        "ordered_at": "orderDate",
        "email": "customer_email",
        "phone": "手机号",
        "order_status": "status",
        "paid_amount": "Grand Total",
    }
    assert guessed("tmall.order", {"tid": ["1"], "sid": ["2"], "pay_time": ["2025-03-01"], "payment": ["1"]}) == {
        "order_id": "tid",
        "shop_id": "sid",
        "paid_at": "pay_time",
        "paid_amount": "payment",
    }


def test_fields_of_objects_are_known_by_their_last_name() -> None:
    held = {"messageId": ["1"], "originalTimestamp": ["2025-03-01T10:00:00Z"], "anonymousId": ["c"], "event": ["view"]}
    assert guessed("web.event", {**held, "properties.url": ["/a"], "context.traits.email": ["a@b.example"]}) == {
        "event_id": "messageId",
        "event_at": "originalTimestamp",
        "cookie_id": "anonymousId",
        "event_name": "event",
        "page_url": "properties.url",
        "email": "context.traits.email",
    }


def test_a_column_that_cannot_be_read_as_the_field_is_not_it() -> None:
    assert guessed("shop.order", {"paid_at": ["yes", "no", "yes"], "ordered_at": ["2025-03-01"]}) == {
        "ordered_at": "ordered_at"
    }
    assert guessed("crm.member", {"customer": ["a@b.example", "c@d.example"]}) == {}


def test_each_column_is_used_once() -> None:
    found = guessed("pos.order_line", {"date": ["2025-03-01"], "total": ["1.00"], "item": ["1"]})
    assert sorted(found.values()) == ["date", "item", "total"]


@pytest.mark.parametrize(
    ("samples", "format_"),
    [
        (["2025-03-01 10:00"], None),
        (["01.03.2025 10:00", "31.03.2025 11:00"], "%d.%m.%Y %H:%M"),
        (["03/31/2025 10:00", "03/01/2025 10:00"], "%m/%d/%Y %H:%M"),
        (["2025/03/01 10:00:00"], "%Y/%m/%d %H:%M:%S"),
        (["20250301100000"], "%Y%m%d%H%M%S"),
        (["1740823200"], "epoch_s"),
        (["1740823200123"], "epoch_ms"),
        (["2025年03月01日 10:00"], "%Y年%m月%d日 %H:%M"),
    ],
)
def test_the_notation_of_moments_is_guessed(samples: list[str], format_: str | None) -> None:
    assert rule("shop.order", "ordered_at", "date", *samples).format == format_


def test_two_notations_that_fit_are_both_told() -> None:
    found = guess.guesses(CONTRACTS["shop.order"], {"date": ["01/03/2025", "02/03/2025"]}, ZONE)["ordered_at"]
    assert (found.rule.format, found.also) == ("%d/%m/%Y", "%m/%d/%Y")


@pytest.mark.parametrize(
    ("samples", "number"),
    [
        (["12.50", "1234.5"], None),
        (["12,50", "1.234,50"], "1.234,56"),
        (["12.50", "1,234.50"], "1,234.56"),
        (["1 234,50"], "1 234,56"),
        (["1'234.50"], "1'234.56"),
    ],
)
def test_the_notation_of_numbers_is_guessed(samples: list[str], number: str | None) -> None:
    assert rule("shop.order", "paid_amount", "total", *samples).number == number


def test_words_for_true_and_false_are_mapped() -> None:
    assert rule("crm.consent", "is_granted", "是否同意", "是", "否").values == {"是": "true", "否": "false"}


def test_what_is_near_is_named() -> None:
    contract = CONTRACTS["shop.order"]
    assert guess.nearest_fields(contract, "orderNo")[0] == "order_id"
    assert guess.nearest_fields(contract, "xyzzy") == []
    assert guess.nearest_columns(contract.field("ordered_at"), ["Datum", "Preis"])[0] == "Datum"
