"""Pages of an API are landed once each, whatever the API does on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from orchestration.sources.connectors import SourceFailedError
from simulator.http_api import CLIENT, FIRST, Api, Behaviour, Kind
from tests.shelf import PAGING, SINCE, PatientClock, Shelf, brand_of, orders, truth

ShelfOf = Callable[[str], Shelf]


def failure_of(shelf: Shelf) -> SourceFailedError:
    shelf.land()
    assert shelf.failure is not None
    return shelf.failure


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


@pytest.mark.parametrize("retry_after", ["Sat, 02 Mar 2024 01:00:00 GMT", "3600"])
def test_a_wait_beyond_the_limit_ends_the_reading(
    shelf: ShelfOf, api: Api, clock: PatientClock, retry_after: str
) -> None:
    api.behaviour.faults, api.behaviour.retry_after = {1: "throttle"}, retry_after
    told = failure_of(shelf(orders(api, "cursors")))
    assert told.reason == "throttled"
    assert "asks to wait 3600 s, longer than 300 s: the next landing goes on from here" in str(told)
    assert max(clock.waited, default=0.0) < 1


def test_tries_end(shelf: ShelfOf, api: Api) -> None:
    api.behaviour.faults = dict.fromkeys(range(1, 10), "drop")
    told = failure_of(shelf(orders(api, "cursors", more="attempts = 3")))
    assert (told.reason, len(api.asked), "3 tries in a row" in str(told)) == ("unreachable", 3, True)


def test_waits_double(shelf: ShelfOf, api: Api, clock: PatientClock) -> None:
    api.behaviour.faults = dict.fromkeys(range(1, 10), "busy")
    toml = orders(api, "cursors", more="attempts = 5").replace("backoff_seconds = 0.01", "backoff_seconds = 10")
    failure_of(shelf(toml))
    waits = [seconds for seconds in clock.waited if seconds > 1]
    assert [int(seconds // 10) for seconds in waits][:1] == [1]
    assert all(10 * 2**step <= seconds < 10 * 2**step + 5 for step, seconds in enumerate(waits))
    assert len(waits) == 4


def test_requests_keep_the_pace(shelf: ShelfOf, api: Api, clock: PatientClock) -> None:
    shelf(orders(api, "cursors").replace("rate_per_second = 1000", "rate_per_second = 0.5")).land()
    assert clock.waited == [2.0] * 4, "a token and four pages"


def test_a_slow_answer_is_asked_for_again(shelf: ShelfOf, api: Api) -> None:
    api.behaviour.faults, api.behaviour.seconds = {1: "slow"}, 0.6
    found = shelf(orders(api, "cursors", more="timeout_seconds = 0.3"))
    found.land()
    assert (found.failure, found.values("order_id")) == (None, truth(api))


def test_nobody_at_home(shelf: ShelfOf, api: Api) -> None:
    toml = orders(api, "cursors", token="").replace(api.url, "http://127.0.0.1:1")
    told = failure_of(shelf(toml))
    assert (told.reason, "GET http://127.0.0.1:1/cursors" in str(told)) == ("unreachable", True)


def test_credentials_that_are_wrong_or_missing_are_told(
    shelf: ShelfOf, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shelf(orders(api, "cursors"))
    monkeypatch.setenv("SHOP_SECRET", "wrong-secret")
    told = failure_of(found)
    assert (told.reason, f"POST {api.url}/token refuses" in str(told)) == ("not_allowed", True)
    assert "wrong-secret" not in str(told)
    monkeypatch.delenv("SHOP_SECRET")
    told = failure_of(found)
    assert (told.reason, "variable SHOP_SECRET is not set" in str(told)) == ("missing_secret", True)


def test_a_token_that_is_always_refused_is_fetched_anew_once_only(shelf: ShelfOf, api: Api) -> None:
    api.behaviour.token_uses = 0
    told = failure_of(shelf(orders(api, "cursors")))
    assert (told.reason, len(api.asked), len(api.tokens)) == ("not_allowed", 2, 2)


@pytest.mark.parametrize("sent", ["body", "basic"])
def test_a_token_is_fetched_anew_before_it_ends(shelf: ShelfOf, api: Api, sent: str) -> None:
    api.behaviour.token_seconds, api.behaviour.faults, api.behaviour.retry_after = 100, {2: "throttle"}, "90"
    found = shelf(
        orders(api, "cursors").replace("[sources.orders.http.token]", f"[sources.orders.http.token]\nsent = '{sent}'")
    )
    found.land()
    assert found.values("order_id") == truth(api)
    assert len(api.tokens) == 2
    assert 401 not in [asked.status for asked in api.asked]


def test_an_api_that_always_answers_200(shelf: ShelfOf, api: Api) -> None:
    api.behaviour = Behaviour(is_code_only=True, token_uses=2, faults={2: "throttle"})
    errors = '[sources.orders.http.errors]\ncode = "code"\nexpired = [42001]\nbusy = [-1, 45009]\n'
    token = (
        '[sources.orders.http.token]\nurl = "{url}/token"\nclient_id_env = "SHOP_CLIENT"\nsent = "query"\n'
        'client_secret_env = "SHOP_SECRET"\nparameter = "access_token"\n'
    )
    found = shelf(orders(api, "links", token=errors + token))
    found.land(at_most=2)
    assert "cursor=" in json.dumps(found.cursor)
    assert "token" not in json.dumps(found.cursor), "the link's own token is not kept"
    found.land()
    assert found.values("order_id") == truth(api)
    api.behaviour.faults = {len(api.asked) + 1: "refuse"}
    assert "answered code 40003" in str(failure_of(found))


def test_post_with_keys_in_header_and_body(shelf: ShelfOf, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "k1")
    monkeypatch.setenv("SHOP_TOKEN", "Bearer k2")
    api.tokens["k2"] = 100
    more = (
        'method = "POST"\nheader_env = { Authorization = "SHOP_TOKEN" }\nparameter_env = { key = "SHOP_KEY" }\n'
        'parameters = { state = "paid" }'
    )
    found = shelf(orders(api, "cursors", more=more, token=""))
    found.land()
    assert found.values("order_id") == truth(api)
    assert {asked.parameters["key"] for asked in api.asked} == {"k1"}
    assert {asked.parameters["state"] for asked in api.asked} == {"paid"}


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


def test_credentials_do_not_follow_to_another_server(shelf: ShelfOf, api: Api) -> None:
    with Api(records=5) as other:
        api.behaviour.links_to = other.url
        told = failure_of(shelf(orders(api, "links")))
        assert (told.reason, other.asked) == ("moved", [])


def test_no_secret_is_in_a_message_or_a_cursor(
    home: Path, shelf: ShelfOf, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_KEY", "k1-secret")
    found = shelf(orders(api, "links", more='parameter_env = { key = "SHOP_KEY" }'))
    for fault in ("refuse", "drop", "throttle", "garble"):
        api.behaviour = replace(
            api.behaviour, faults=dict.fromkeys(range(len(api.asked) + 2, 99), fault), retry_after="900"
        )
        told = str(failure_of(found)) + json.dumps(found.cursor)
        assert [word for word in ("k1-secret", "token-", CLIENT[1]) if word in told] == []
    assert brand_of(home, orders(api, "links")).name == found.brand.name
