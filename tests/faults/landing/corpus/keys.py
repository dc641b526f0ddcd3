"""Keys: equal rows, rows of one key that differ, keys of persons, keys with gaps. Not here: single values."""

from __future__ import annotations

from tests.faults.landing.corpus.case import ACCEPTED, CANARY, DUPLICATE, Case, Mend, Row, lines, parquet, sheet

TILL = "pos.order_line"


def case(
    name: str, contract: str, changes: list[Row], *verdicts: str, mended: dict[int, dict[str, str]] | None = None
) -> Case:
    """Rows of a CSV file whose keys are judged."""
    return Case(name, contract, sheet(contract, *changes).encode(), rows=verdicts, mend=Mend(rows=mended or {}))


def differ(field: str) -> str:
    return f"duplicate_key|{field}"


EQUAL = case("equal_rows", TILL, [{"order_id": "1"}] * 3, ACCEPTED, DUPLICATE, DUPLICATE)
WRITTEN_OTHERWISE = case(
    "equal_rows_written_otherwise",
    TILL,
    [
        {"order_id": "1", "sales_amount": "12.5"},
        {"order_id": " 1 ", "sales_amount": "12.50", "quantity": "2.0"},
        {"order_id": "1", "ordered_at": "2024-03-01T15:00:00Z", "sales_amount": "+012.500"},
    ],
    *(ACCEPTED, DUPLICATE, DUPLICATE),
)
DIFFERENT = case(
    "rows_that_differ",
    TILL,
    [{"order_id": CANARY}, {"order_id": CANARY, "quantity": "3"}, {"order_id": "3"}],
    *(differ("order_id"), differ("order_id"), ACCEPTED),
    mended={1: {"order_id": "1"}, 2: {"order_id": "2"}},
)
TWO_AGREE = case(
    "two_agree_and_one_differs",
    TILL,
    [{"order_id": CANARY}, {"order_id": CANARY}, {"order_id": CANARY, "quantity": "3"}],
    *[differ("order_id")] * 3,
    mended={3: {"order_id": "3"}},
)
ONE_BROKEN = case(
    "the_other_row_is_broken",
    TILL,
    [{"order_id": "1", "quantity": CANARY}, {"order_id": "1"}],
    *("wrong_type|quantity", ACCEPTED),
    mended={1: {"order_id": "again", "quantity": "2"}},
)
LETTERS = case(
    "keys_of_other_letters",
    TILL,
    [{"order_id": "a"}, {"order_id": "A"}, {"order_id": "ａ"}, {"order_id": "á"}, {"order_id": "a\u0301"}],
    *[ACCEPTED] * 5,
)
PARTS = case(
    "keys_of_two_parts",
    TILL,
    [{"order_id": "1", "order_line_id": "12"}, {"order_id": "11", "order_line_id": "2"}, {"order_id": "1"}],
    *[ACCEPTED] * 3,
)
GAPS = case(
    "keys_with_gaps",
    "ads.daily",
    [
        {"campaign_id": "1"},
        {"campaign_id": "1"},
        {"campaign_id": "1", "ad_id": "a"},
        {"campaign_id": "1", "ad_id": " "},
    ],
    *(ACCEPTED, DUPLICATE, ACCEPTED, DUPLICATE),
)
PERSONS = case(
    "keys_of_persons",
    "crm.member",
    [
        {"member_id": f"{CANARY} 7"},
        {"member_id": f"{CANARY} ７"},
        {"member_id": f"{CANARY} 8", "email": f"{CANARY}@b.example"},
        {"member_id": f"{CANARY} 8", "email": f"{CANARY.upper()}@B.example"},
        {"member_id": f"{CANARY} 9", "email": f"{CANARY}@b.example"},
        {"member_id": f"{CANARY} 9", "email": f"{CANARY}2@b.example"},
    ],
    *(ACCEPTED, DUPLICATE, ACCEPTED, DUPLICATE, differ("member_id"), differ("member_id")),
    mended={5: {"member_id": "5"}, 6: {"member_id": "6"}},
)
FAR_APART = case(
    "equal_rows_far_apart",
    TILL,
    [{}, *({} for _ in range(600)), {"order_id": "n1"}, {"order_id": "n2", "quantity": "3"}],
    *(ACCEPTED, differ("order_id"), *[ACCEPTED] * 599, DUPLICATE, differ("order_id")),
    mended={2: {"order_id": "second"}, 603: {"order_id": "last"}},
)
WECHAT = Case(
    "event_told_three_times",
    "wechat.event",
    lines(
        "wechat.event", *[{"openid": f"{CANARY} fan"}] * 3, {"openid": f"{CANARY} fan", "event_name": "view"}
    ).encode(),
    rows=(ACCEPTED, DUPLICATE, DUPLICATE, ACCEPTED),
    file="a.jsonl",
    columns='event_at = { column = "event_at", format = "epoch_s" }',
)
REPEATED = Case(
    "equal_rows_of_parquet",
    "crm.member",
    parquet({"member_id": ["1", "2", "1", "2"], "home_city": ["a", "b", "a", "c"]}),
    rows=(ACCEPTED, differ("member_id"), DUPLICATE, differ("member_id")),
    file="a.parquet",
    mend=Mend(rows={4: {"member_id": "4"}}),
)

CASES: tuple[Case, ...] = (
    *(EQUAL, WRITTEN_OTHERWISE, DIFFERENT, TWO_AGREE, ONE_BROKEN, LETTERS, PARTS, GAPS, PERSONS, FAR_APART),
    *(WECHAT, REPEATED),
)
