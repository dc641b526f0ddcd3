"""The landing door: each expectation green on sound deliveries, and red on the fault it is there for."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from expectations import limits
from expectations.verdicts import SuiteVerdict
from orchestration.sources.landing import land, replay
from tests.integration.expectations.kit import HEAD, ORDER_LINE, REDEMPTION, Desk, receipts
from tests.workshop import write


def failed(verdict: SuiteVerdict) -> list[str]:
    return [str(item["name"]) for item in verdict.evidence["failed"]]


def test_sound_days_are_green(desk: Desk) -> None:
    desk.history()
    verdict = desk.judge(ORDER_LINE)
    assert verdict.is_green, verdict.summary
    assert verdict.evidence["inputs"] == {"batches": 4, "refused_files": 0, "newest_refusal": None}
    assert {item["name"] for item in verdict.results} == {
        "columns",
        "refused_files",
        "volume_share",
        "quarantined_share",
        "mean of sales_amount in till",
        "filled share of member_id in till",
        "clock_lag_days",
    }


def test_verdict_is_kept(desk: Desk) -> None:
    desk.history(1)
    desk.judge(ORDER_LINE)
    kept = desk.rows("select door, subject, state, build_id, evidence -> 'inputs' ->> 'batches' from ops.check_result")
    assert kept == [("landing", ORDER_LINE, "green", None, "1")]


def test_channel_without_batch_is_green(desk: Desk) -> None:
    verdict = desk.judge(REDEMPTION)
    assert verdict.is_green, verdict.summary
    assert verdict.evidence["notes"] == ["nothing landed: this channel is not connected"]


def test_half_an_export_is_red_and_named(desk: Desk) -> None:
    desk.history()
    desk.deliver("till/05.csv", receipts(5, lines=25))
    verdict = desk.judge(ORDER_LINE)
    assert failed(verdict) == ["volume_share"]
    [row] = verdict.evidence["failed"][0]["rows"]
    assert (row["name"], row["accepted_rows"], row["usual_rows"]) == ("till/05.csv", 25, 60.0)
    assert "till/05.csv" in verdict.summary


def test_size_is_not_judged_before_there_is_a_usual_one(desk: Desk) -> None:
    desk.history(2)
    desk.deliver("till/03.csv", receipts(3, lines=25))  # two batches before it are no rhythm yet
    assert desk.judge(ORDER_LINE).is_green


def test_size_is_judged_by_the_source(desk: Desk) -> None:
    desk.history(3)
    desk.deliver("kiosk/01.csv", receipts(3, lines=25))  # small, and the first of its own
    assert desk.judge(ORDER_LINE).is_green
    desk.deliver("till/04.csv", receipts(4, lines=25))
    desk.deliver("kiosk/02.csv", receipts(4, lines=26))  # a good batch of another source hides nothing
    assert failed(desk.judge(ORDER_LINE)) == ["volume_share"]


def test_next_full_day_heals_the_size(desk: Desk) -> None:
    desk.history()
    desk.deliver("till/05.csv", receipts(5, lines=25))
    desk.deliver("till/06.csv", receipts(6))
    assert desk.judge(ORDER_LINE).is_green


def volume(desk: Desk) -> list[str]:
    """What the door says of the sizes, whatever else it says of batches that were only noted."""
    return [name for name in failed(desk.judge(ORDER_LINE)) if name == "volume_share"]


def test_an_empty_file_is_a_collapse(desk: Desk) -> None:
    desk.history()
    desk.deliver("till/05.csv", [])
    assert "volume_share" in failed(desk.judge(ORDER_LINE))


def test_files_of_one_business_day_count_together(desk: Desk) -> None:
    for day in range(1, 6):
        desk.deliver(f"till/{day:02d}-a.csv", receipts(day))
        assert desk.judge(ORDER_LINE).is_green, "the second file of the day is still to come"
        desk.deliver(f"till/{day:02d}-b.csv", [line.replace("-", "-b", 1) for line in receipts(day, lines=10)])
    assert desk.judge(ORDER_LINE).is_green
    desk.deliver("till/06-a.csv", receipts(6, lines=24))
    desk.deliver("till/06-b.csv", [line.replace("-", "-b", 1) for line in receipts(6, lines=10)])
    assert volume(desk) == ["volume_share"]


def test_a_short_last_page_is_no_collapse(desk: Desk) -> None:
    desk.pages(1, *[200] * 20, 3)  # the first landing reads all there is
    for day in range(2, 6):
        desk.pages(day, 200, 200, 7)
    assert volume(desk) == []


def test_a_first_landing_that_was_cut_short_fails_neither_itself_nor_the_next(desk: Desk) -> None:
    for day, sizes in enumerate(([200, 30], [200, 200, 7], [200, 180], [200, 200]), start=1):
        desk.pages(day, *sizes)
        assert volume(desk) == []


def test_a_day_of_few_pages_is_a_collapse(desk: Desk) -> None:
    for day in range(1, 5):
        desk.pages(day, 200, 200, 7)
    desk.pages(5, 200)  # every page is full, and yet half is missing
    [found] = [item for item in desk.judge(ORDER_LINE).evidence["failed"] if item["name"] == "volume_share"]
    [row] = found["rows"]
    assert (row["source"], row["batches"], row["accepted_rows"], row["usual_rows"]) == ("webshop", 1, 200, 407.0)


def test_micro_batches_are_judged_by_whole_days_at_any_hour(desk: Desk) -> None:
    for day in range(1, 6):
        for hour in range(0, 24, 4):
            desk.pages(day, 40, 5, hour=hour)
            assert volume(desk) == [], f"day {day}, {hour}:00"
    for hour in range(0, 24, 4):
        desk.pages(6, 8, hour=hour)
    assert volume(desk) == ["volume_share"]


def test_quarantined_share_is_red_until_replayed(desk: Desk) -> None:
    desk.history(1)
    desk.deliver("till/05.csv", [*receipts(5, lines=56), *receipts(5, lines=4, quantity="two")])
    verdict = desk.judge(ORDER_LINE)
    assert failed(verdict) == ["quarantined_share"]
    assert verdict.evidence["failed"][0]["rows"][0]["waiting_rows"] == 4
    with_vault = desk.rows(
        "select row.quarantine_id, convert_from(vlt.original, 'UTF8') from quarantine.row as row "
        "inner join vault.quarantined_row as vlt on vlt.quarantine_id = row.quarantine_id"
    )
    corrections = {
        str(key): json.dumps({**json.loads(str(text)), "order_id": f"5-late{place}", "quantity": "2"})
        for place, (key, text) in enumerate(with_vault)
    }
    replay.replay(desk.brand, corrections=corrections)
    assert desk.judge(ORDER_LINE).is_green


def test_a_bad_file_is_not_hidden_by_the_good_one_after_it(desk: Desk) -> None:
    desk.history(1)
    write(desk.brand, "till/05.csv", "\n".join([HEAD, *receipts(5, quantity="two"), ""]))
    write(desk.brand, "till/06.csv", "\n".join([HEAD, *receipts(6), ""]))
    land.land(desk.brand)
    assert "quarantined_share" in failed(desk.judge(ORDER_LINE))


def test_mean_outside_the_contract_is_red(desk: Desk) -> None:
    desk.history(1)
    desk.deliver("till/05.csv", receipts(5, amount="45000.00"))  # cents for dollars, and more
    verdict = desk.judge(ORDER_LINE)
    assert failed(verdict) == ["mean of sales_amount in till"]
    assert verdict.evidence["failed"][0]["observed"] == 45000.0


def test_emptied_field_is_red(desk: Desk) -> None:
    desk.history(1)
    desk.deliver("till/05.csv", receipts(5, member=""))
    assert failed(desk.judge(ORDER_LINE)) == ["filled share of member_id in till"]


def test_column_that_left_the_export_is_red(desk: Desk) -> None:
    desk.history(1)
    without = [line.replace(f",m{number % 20},", ",") for number, line in enumerate(receipts(5))]
    desk.deliver("till/05.csv", without, HEAD.replace("member_id,", ""))
    assert failed(desk.judge(ORDER_LINE)) == ["filled share of member_id in till"]


def test_source_that_never_brought_a_field_is_not_held_to_it(desk: Desk) -> None:
    desk.history(1)
    without = [line.replace(f",m{number % 20},", ",") for number, line in enumerate(receipts(4))]
    desk.deliver("kiosk/04.csv", without, HEAD.replace("member_id,", ""))
    verdict = desk.judge(ORDER_LINE)
    assert verdict.is_green, verdict.summary
    assert "kiosk does not bring member_id" in verdict.evidence["notes"]


def test_field_that_no_source_brings_is_red(desk: Desk) -> None:
    without = [line.replace(f",m{number % 20},", ",") for number, line in enumerate(receipts(4))]
    desk.deliver("till/04.csv", without, HEAD.replace("member_id,", ""))
    assert failed(desk.judge(ORDER_LINE)) == ["filled share of member_id in till"]


@pytest.mark.parametrize(
    "change", ["drop column currency", "add column surprise text", "rename column store_id to shop_id"]
)
def test_table_with_other_columns_is_red(desk: Desk, change: str) -> None:
    desk.history(1)
    desk.run(f"alter table {ORDER_LINE} {change}")
    try:
        assert failed(desk.judge(ORDER_LINE)) == ["columns"]
    finally:
        desk.new_raw_tables()


def test_refused_file_is_red_until_it_comes_again(desk: Desk) -> None:
    desk.history(1)
    whole = gzip.compress("\n".join([HEAD, *receipts(5), ""]).encode())
    write(desk.brand, "till/05.csv.gz", whole[: len(whole) // 2])
    land.land(desk.brand)
    verdict = desk.judge(ORDER_LINE)
    assert failed(verdict) == ["refused_files"]
    assert "till/05.csv.gz" in verdict.summary
    write(desk.brand, "till/05.csv.gz", whole)
    land.land(desk.brand)
    assert desk.judge(ORDER_LINE).is_green


def test_clock_left_behind_is_red(desk: Desk) -> None:
    desk.history(2)
    desk.deliver("redemptions/1.csv", ["m1,v1,c1,2024-02-01"], "member_id,voucher_id,campaign_id,redeemed_on")
    verdict = desk.judge(ORDER_LINE)
    assert failed(verdict) == ["clock_lag_days"]
    assert verdict.evidence["failed"][0]["rows"][0]["lag_days"] == 30
    assert desk.judge(REDEMPTION).is_green


def test_build_ahead_of_the_data_is_red(desk: Desk) -> None:
    desk.history(2)
    desk.build(as_of="2024-01-09")
    assert desk.judge(ORDER_LINE).is_green  # seven days are allowed
    desk.build(as_of="2024-01-10")
    assert failed(desk.judge(ORDER_LINE)) == ["clock_lag_days"]


def test_missing_table_is_red_with_the_reason(desk: Desk) -> None:
    desk.history(1)
    desk.run(f"drop table {ORDER_LINE}")
    try:
        verdict = desk.judge(ORDER_LINE)
    finally:
        desk.new_raw_tables()
    assert not verdict.is_green
    assert "raw_pos__order_line" in verdict.summary
    assert desk.rows("select state from ops.check_result") == [("red",)]


def test_unreadable_limits_are_red(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    desk.history(1)
    broken = tmp_path / "expectation_limits.csv"
    broken.write_text("brand,subject,limit_name,limit_value\n*,*,newest_batch_hours,soon\n", encoding="utf-8")
    monkeypatch.setattr(limits, "file", lambda: broken)
    verdict = desk.judge(ORDER_LINE)
    assert not verdict.is_green
    assert "line 2: limit_value 'soon' is no number" in verdict.summary


def test_unknown_subject_is_an_error(desk: Desk) -> None:
    with pytest.raises(KeyError, match=r"nothing named 'raw\.raw_nothing'"):
        desk.judge("raw.raw_nothing")
