"""The shop's days: what was delivered is built, decided and sent; an unchanged morning costs nothing and sends nothing.

The tests of this module are one story and need each other's order.
"""

from __future__ import annotations

from tests.integration.pipeline import shop
from tests.integration.pipeline.kit import Stall, assert_as_undisturbed


def test_the_first_day_writes_to_everybody_who_is_overdue_reachable_and_willing(stall: Stall) -> None:
    stall.deliver(0)
    told = stall.work()
    assert told["as of"] == "2024-12-20"
    assert stall.mail() == dict.fromkeys(shop.overdue(0), 1)
    assert len(shop.overdue(0)) >= 10


def test_a_second_run_skips_the_build_says_so_and_sends_nothing(stall: Stall) -> None:
    before, builds = stall.outcome(), stall.rows("select build_id from ops.build order by 1")
    told = stall.work()
    assert told["built"] == f"skipped: nothing changed since build {builds[-1][0]}"
    assert told["messages"] == "none sent"
    assert stall.rows("select build_id from ops.build order by 1") == builds
    assert_as_undisturbed(stall.outcome(), before)


def test_a_forced_run_rebuilds_to_the_same_and_sends_nothing(stall: Stall) -> None:
    before, builds = stall.outcome(), stall.rows("select count(*) from ops.build")
    told = stall.work("--force")
    assert "models" in told["built"]
    assert told["messages"] == "none sent"
    assert stall.rows("select count(*) from ops.build") == [(builds[0][0] + 2,)]
    assert_as_undisturbed(stall.outcome(), before)


def test_files_of_another_day_are_built_and_sent_on_top(stall: Stall) -> None:
    stall.deliver(1)
    told = stall.work()
    assert told["as of"] == "2024-12-21"
    assert stall.mail() == dict.fromkeys(shop.overdue(0) | shop.overdue(1), 1)


def test_a_late_file_of_a_day_already_built_builds_it_again(stall: Stall) -> None:
    late = stall.brand.drop / "till" / "late.csv"
    late.write_text(
        "receipt,line,closed_at,store_id,card,product_id,quantity,sales_amount\n"
        "R-late,1,2024-12-20 18:00:00,north,M003,P01,1,9.99\n"
    )
    told = stall.work()
    assert "models" in told["built"]
    assert told["as of"] == "2024-12-21"
    assert stall.rows("select count(*) from core.fct_order where order_id = 'R-late'") == [(1,)]
    assert stall.mail() == dict.fromkeys(shop.overdue(0) | shop.overdue(1), 1)


def test_models_left_alone_are_what_a_whole_rebuild_makes(stall: Stall) -> None:
    left = stall.rows("select cast(counts ->> 'left' as integer) from ops.build where phase = 'foundation' order by 1")
    assert left[0] == (0,), "the first build makes everything"
    assert left[-1][0] > 50, "channels that are not connected are built once"
    restated = (
        "select counts ->> 'restated_from' is not null from ops.build where phase = 'foundation' order by build_id"
    )
    told = [row[0] for row in stall.rows(restated)]
    assert told == [False, False, True, True], "the first one and the forced one make identity whole"
    before = stall.outcome()
    assert "models" in stall.work("--force")["built"]
    assert stall.rows("select cast(counts ->> 'left' as integer) from ops.build order by build_id desc limit 2") == [
        (0,),
        (0,),
    ]
    assert_as_undisturbed(stall.outcome(), before)


def test_the_same_day_again_builds_only_what_a_new_file_touches(stall: Stall) -> None:
    (stall.brand.drop / "offers" / "more.csv").write_text("voucher_id,campaign_id,product_id\nV9,C2,P01\n")
    stall.work()
    foundation, serving = stall.rows("select phase, counts from ops.build order by build_id desc limit 2")[::-1]
    assert foundation[1]["models"] < foundation[1]["left"], (
        "orders and their customers have nothing to do with an offer"
    )
    assert serving[1]["left"] > 0
    before = stall.outcome()
    stall.work("--force")
    assert_as_undisturbed(stall.outcome(), before)
