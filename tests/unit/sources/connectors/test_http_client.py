"""An API is asked at its pace and as often as the settings say; what fails is told, without its secrets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.http_api import CLIENT, Api, Behaviour
from tests.shelf import PatientClock, Shelf, brand_of, failure_of, orders, truth

ShelfOf = Callable[[str], Shelf]


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
