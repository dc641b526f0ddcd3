"""Pages of an API are landed once each, whatever the API does on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from simulator.http_api import FIRST, Api, Behaviour, Kind
from tests.shelf import PAGING, SINCE, PatientClock, Shelf, failure_of, orders, truth

ShelfOf = Callable[[str], Shelf]


@pytest.mark.parametrize("style", list(PAGING))
@pytest.mark.parametrize("at_most", [1, 1000])
def test_every_record_lands_once_and_growth_is_read_on(shelf: ShelfOf, api: Api, style: str, at_most: int) -> None:
    found = shelf(orders(api, style))
    api.behaviour.grows_by, api.behaviour.grows_to = 4, 52
    outcomes = found.land(at_most=at_most)
    assert set(outcomes) == {"landed"}
    for _ in range(15 if at_most == 1 else 2):
        found.land(at_most=at_most)
    api.add(9)
    found.land()
    assert found.values("order_id") == truth(api)
    requests = len(api.asked)
    assert found.land() == [], "nothing new"
    assert len(api.asked) - requests <= 2


@pytest.mark.parametrize("style", list(PAGING))
def test_faults_on_the_way_change_nothing(shelf: ShelfOf, api: Api, clock: PatientClock, style: str) -> None:
    kinds: list[Kind] = ["throttle", "busy", "drop", "hang_up", "garble"]
    api.behaviour = Behaviour(
        faults={2 * number: kind for number, kind in enumerate(kinds, start=1)}, retry_after="7", token_uses=3
    )
    found = shelf(orders(api, style))
    assert set(found.land()) == {"landed"}
    assert found.values("order_id") == truth(api)
    assert 7.0 in clock.waited, "waits as long as it is asked to"
    assert sum(seconds for seconds in clock.waited if seconds != 7.0) < 1, "and else only as the settings say"
    assert len(api.tokens) > 1, "tokens ran out on the way"


@pytest.mark.parametrize("style", ["cursors", "links"])
def test_a_page_that_comes_again_is_a_known_batch(shelf: ShelfOf, api: Api, style: str) -> None:
    api.behaviour.faults = {2: "repeat"}
    found = shelf(orders(api, style, since=""))
    assert found.land() == ["landed", "landed", "known", "landed", "landed"]
    assert len(api.handed_out()) == len(truth(api)) + 10
    assert found.values("order_id") == truth(api)


@pytest.mark.parametrize("style", ["cursors", "links", "pages"])
def test_after_a_failure_the_next_landing_goes_on(shelf: ShelfOf, api: Api, style: str) -> None:
    found = shelf(orders(api, style).replace('by = "page"', 'by = "page"\nsize = 10'))
    api.behaviour.faults = {3: "refuse"}
    told = failure_of(found)
    assert told.reason == "rejected"
    assert str(told).startswith(f"GET {api.url}/{style} answered 422 Unprocessable")
    assert len(found.rows) == 20, "what came before has landed"
    found.land()
    assert (found.failure, found.values("order_id")) == (None, truth(api))


def test_numbered_pages_of_unknown_size_are_read_again_when_the_list_grew(shelf: ShelfOf, api: Api) -> None:
    api.records = api.records[:7]
    api.behaviour.grows_by, api.behaviour.grows_to = 5, 12
    found = shelf(orders(api, "pages"))
    found.land()
    assert found.values("order_id") == truth(api)
    assert [asked.parameters["page"] for asked in api.asked][:3] == ["1", "2", "1"]


def test_a_stale_position_begins_the_pass_again(shelf: ShelfOf, api: Api) -> None:
    found = shelf(orders(api, "cursors"))
    api.behaviour.faults = {3: "refuse", 4: "refuse"}
    failure_of(found)
    found.land()
    assert (found.failure, found.values("order_id")) == (None, truth(api))
    assert [asked.parameters.get("cursor") for asked in api.asked][3:5] == [api.asked[2].parameters["cursor"], None]


def test_a_wrong_path_is_told_with_what_there_is(shelf: ShelfOf, api: Api) -> None:
    told = failure_of(shelf(orders(api, "cursors").replace('"data.items"', '"data.orders"')))
    assert "no list of records at data.orders of the answer (it has: code, data, paging)" in str(told)


def test_what_stands_behind_a_refused_page_waits_for_it(shelf: ShelfOf, api: Api) -> None:
    found = shelf(orders(api, "cursors"))
    found.refuses = lambda row: row["order_id"] == "o15"
    assert found.land() == ["landed", "refused"]
    assert found.land() == ["refused"], "it is offered again, and nothing behind it"
    found.refuses = lambda _: False
    found.land()
    assert found.values("order_id") == truth(api)


def test_without_a_growing_field_unchanged_pages_are_known_and_a_return_is_news(shelf: ShelfOf, api: Api) -> None:
    found = shelf(orders(api, "pages", since=""))

    def quantity(change: int) -> list[str]:
        api.records[0]["quantity"] = change
        return found.land()

    assert quantity(1) == ["landed"] * 4
    assert quantity(1) == ["known"] * 4
    assert quantity(2) == ["landed", "known", "known", "known"]
    assert quantity(2) == ["known"] * 4
    assert quantity(1) == ["landed", "known", "known", "known"], "back as it was: that is news"
    assert [row["quantity"] for row in found.rows if row["order_id"] == "o1"] == [1, 2, 1]


@pytest.mark.parametrize(("lag", "missed"), [("lag = 5\n", None), ("", "o36")])
def test_a_lag_catches_what_shows_up_late(shelf: ShelfOf, api: Api, lag: str, missed: str | None) -> None:
    found = shelf(orders(api, "cursors", since=SINCE + lag))
    found.land()
    api.add(1)
    api.records.insert(30, {**api.records.pop(), "changed_at": api.records[29]["changed_at"]})
    found.land()
    assert found.values("order_id") == [order for order in truth(api) if order != missed]


@pytest.mark.parametrize(("second", "missed"), [(5, None), (59, "o36")])
def test_what_changes_behind_the_reader_since_the_pass_began_is_read_by_the_next(
    shelf: ShelfOf, api: Api, clock: PatientClock, second: int, missed: str | None
) -> None:
    clock.moment = FIRST + timedelta(seconds=second)
    found = shelf(orders(api, "cursors"))
    found.land(at_most=3)
    api.add(1)
    api.records.insert(20, {**api.records.pop(), "changed_at": api.records[20]["changed_at"]})
    for _ in range(3):
        found.land()
    assert found.values("order_id") == [order for order in truth(api) if order != missed]


def test_a_record_that_changes_within_one_moment_lands_again(shelf: ShelfOf, api: Api) -> None:
    found = shelf(orders(api, "cursors"))
    found.land()
    api.records[-1]["quantity"] = 2
    found.land()
    assert [row["quantity"] for row in found.rows if row["order_id"] == "o35"] == [1, 2]
    assert len(found.rows) == 36


def test_one_moment_that_fills_a_page_is_told(shelf: ShelfOf, api: Api) -> None:
    api.records.clear()
    api.behaviour.same_moment = 20
    api.add(25)
    told = failure_of(shelf(orders(api, "since")))
    assert (told.reason, "set a larger size" in str(told)) == ("stuck", True)


@pytest.mark.parametrize(
    ("style", "wrong", "told"),
    [
        ("pages", 'parameter = "seite"', "gives a page again"),
        ("feed", 'next = "paging.following"', "no cursor at paging.following"),
        ("cursors", 'parameter = "position"', "gives a page again"),
    ],
)
def test_wrong_settings_of_paging_are_told(shelf: ShelfOf, api: Api, style: str, wrong: str, told: str) -> None:
    name = wrong.partition(" ")[0]
    toml = "\n".join(
        wrong if line.startswith(f"{name} =") and "since" not in line else line
        for line in orders(api, style, since="").splitlines()
    )
    assert told in str(failure_of(shelf(toml)))
    assert len(api.asked) < 10
