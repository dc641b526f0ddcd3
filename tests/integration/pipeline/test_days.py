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
