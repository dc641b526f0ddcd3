"""What a sender is told, and what of a push is kept: by status, by shape, and never in the log."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Callable

import pytest

from orchestration.brands import Brand
from tests.integration.push.kit import SECRET, Endpoint, event, mac, serving, timed, until_landed
from tests.workshop import Workshop, rows

CANARY = "canary-13800138000"


def kept(brand: Brand) -> int:
    return int(str(rows(brand, "select count(*) from ops.push")[0][0]))


def body_of(*events: str) -> bytes:
    return json.dumps([event(name) for name in events]).encode()


def test_a_signed_push_is_taken_and_counted(endpoint: Endpoint) -> None:
    answer = endpoint.send("events", [event("a-1"), event("a-2")])
    assert (answer.status_code, answer.json()) == (200, {"received": 2, "known": False})


def test_one_object_and_json_lines_are_taken_too(endpoint: Endpoint) -> None:
    assert endpoint.send("events", event("b-1")).json()["received"] == 1
    lines = "\n".join(json.dumps(event(name)) for name in ("b-2", "b-3"))
    assert endpoint.post("events", lines.encode()).json()["received"] == 2


def test_a_packed_push_is_signed_as_it_is_sent(endpoint: Endpoint) -> None:
    body = gzip.compress(body_of("c-1"))
    answer = endpoint.post("events", body, headers=packed(body))
    assert answer.json() == {"received": 1, "known": False}
    assert endpoint.post("events", body_of("c-1")).json()["known"], "packed or not, it is the same delivery"


def test_an_empty_array_is_no_mistake_and_nothing_to_keep(endpoint: Endpoint) -> None:
    before = kept(endpoint.brand)
    assert endpoint.post("events", b"[]").json() == {"received": 0, "known": False}
    assert kept(endpoint.brand) == before


def renewed(body: bytes) -> dict[str, str]:
    """An old signature under the time of now."""
    signature = timed(body, age=301)["X-Signature"].partition(",")[2]
    return {"X-Signature": f"{timed(body)['X-Signature'].partition(',')[0]},{signature}"}


def packed(body: bytes, encoding: str = "gzip") -> dict[str, str]:
    return {**timed(body), "Content-Encoding": encoding}


BODY, LARGE = body_of(CANARY), b" " * 2_000_001
ZIPPED, BOMB = gzip.compress(BODY), gzip.compress(b" " * 50_000_000)
FORM, CHINESE = f"phone={CANARY}&text=TD".encode(), f"退订 {CANARY}".encode("gb18030")
ELSEWHERE = json.dumps({"events": [event(CANARY)]}).encode()
# Signed when sent: a signature is good for five minutes, and collecting is long before.
WRONG: dict[str, tuple[str, bytes, Callable[[], dict[str, str]], int, str]] = {
    "no signature": ("events", BODY, dict, 401, "bad_signature"),
    "another secret": (
        "events",
        BODY,
        lambda: timed(BODY, secret="not-the-secret-of-this-source"),
        401,
        "bad_signature",
    ),
    "another body": ("events", BODY, lambda: timed(BODY + b" "), 401, "bad_signature"),
    "an old request again": ("events", BODY, lambda: timed(BODY, age=301), 401, "bad_signature"),
    "an old one with a new time": ("events", BODY, lambda: renewed(BODY), 401, "bad_signature"),
    "no such source": (f"events-{CANARY}", BODY, lambda: timed(BODY), 404, "unknown_source"),
    "a source of files": ("till", BODY, lambda: timed(BODY), 404, "unknown_source"),
    "too large": ("events", LARGE, lambda: timed(LARGE), 413, "too_large"),
    "too large unpacked": ("events", BOMB, lambda: packed(BOMB), 413, "too_large"),
    "cut gzip": ("events", ZIPPED[:-9], lambda: packed(ZIPPED[:-9]), 400, "broken_gzip"),
    "no gzip": ("events", BODY, lambda: packed(BODY), 400, "broken_gzip"),
    "brotli": ("events", BODY, lambda: packed(BODY, "br"), 415, "unknown_encoding"),
    "a form": ("events", FORM, lambda: timed(FORM), 400, "not_json"),
    "nothing": ("events", b"", lambda: timed(b""), 400, "empty_body"),
    "another encoding": ("events", CHINESE, lambda: timed(CHINESE), 400, "not_utf8"),
    "records elsewhere": ("batches", ELSEWHERE, lambda: {"X-Hub-Signature-256": mac(ELSEWHERE)}, 400, "no_records"),
}


@pytest.mark.parametrize(
    ("source", "body", "headers", "status", "code"),
    [pytest.param(*case, id=name) for name, case in WRONG.items()],
)
def test_a_wrong_request_is_refused_with_its_reason_and_nothing_of_it_is_kept_or_repeated(
    endpoint: Endpoint, source: str, body: bytes, headers: Callable[[], dict[str, str]], status: int, code: str
) -> None:
    before = kept(endpoint.brand)
    answer = endpoint.post(source, body, headers=headers())
    assert (answer.status_code, answer.json()["error"]) == (status, code), answer.text
    assert kept(endpoint.brand) == before
    assert CANARY not in answer.text + endpoint.told()
    assert SECRET not in answer.text + endpoint.told()


def test_a_body_without_a_length_is_cut_off_at_the_limit(endpoint: Endpoint) -> None:
    answer = endpoint.client.post(f"{endpoint.url}/push/events", content=iter([b" " * 500_000] * 5), headers=timed(b""))
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


def test_a_sender_who_goes_away_in_the_middle_leaves_nothing(endpoint: Endpoint) -> None:
    before = kept(endpoint.brand)
    body = body_of(CANARY)
    with socket.create_connection(("127.0.0.1", endpoint.port)) as line:
        head = f"POST /push/events HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
        head += f"X-Signature: {timed(body)['X-Signature']}\r\n\r\n"
        line.sendall(head.encode() + body[:-5])
    assert endpoint.send("events", event("d-1")).status_code == 200
    assert kept(endpoint.brand) == before + 1


def test_other_methods_and_addresses_are_not_there(endpoint: Endpoint) -> None:
    assert endpoint.client.get(f"{endpoint.url}/push/events").status_code == 405
    assert endpoint.client.get(f"{endpoint.url}/").status_code == 404


def test_health_says_how_it_goes(endpoint: Endpoint) -> None:
    answer = endpoint.client.get(f"{endpoint.url}/health")
    assert (answer.status_code, answer.json()) == (200, {"receiving": "ok", "landing": "ok"})


def test_when_too_much_waits_senders_are_told_to_come_back(workshop: Workshop, brand: Brand) -> None:
    with serving(workshop, brand, "--no-land", "--max-waiting", "3") as endpoint:
        answers = [endpoint.send("events", event(f"e-{number}")) for number in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 3 + [503] * 3
        assert answers[-1].headers["Retry-After"] == "5"
        assert answers[-1].json()["error"] == "inbox_full"
        assert kept(brand) == 3
        health = endpoint.client.get(f"{endpoint.url}/health")
        assert (health.status_code, health.json()) == (503, {"receiving": "inbox_full", "landing": "off"})
    with serving(workshop, brand, "--max-waiting", "3", "--land-every", "0.1") as endpoint:
        until_landed(brand)
        assert endpoint.send("events", event("e-5")).status_code == 200


def test_when_nobody_writes_any_more_the_sender_is_told_and_the_process_ends_as_failed(
    workshop: Workshop, brand: Brand
) -> None:
    broken = {"TOUCHSTREAM_FAILPOINT": "inbox.before_commit:raise"}
    with serving(workshop, brand, environment=broken) as endpoint:
        answer = endpoint.send("events", event("g-1"))
        assert (answer.status_code, answer.json()["error"]) == (503, "not_written")
        assert endpoint.process.wait(timeout=60) == 1
        assert "pushes could not be written any more" in endpoint.told()
    assert kept(brand) == 0


def test_told_to_end_it_answers_what_it_took_and_ends_well(workshop: Workshop, brand: Brand) -> None:
    with serving(workshop, brand, "--no-land") as endpoint:
        assert endpoint.send("events", event("f-1")).status_code == 200
        assert endpoint.stop() == 0
    assert kept(brand) == 1


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"PUSH_SECRET": ""}, "PUSH_SECRET holds no secret"),
        ({"PUSH_SECRET": "short"}, "fewer than 16 characters"),
        ({"PUSH_SECRET": SECRET, "TOUCHSTREAM_PII_KEY": "77" * 32}, "is not the one that brand"),
    ],
)
def test_without_the_secrets_it_needs_it_does_not_open(
    workshop: Workshop, endpoint: Endpoint, environment: dict[str, str], said: str
) -> None:
    name = endpoint.brand.name
    ended = workshop.python("-m", "orchestration.cli", "--brand", name, "serve", "--port", "0", **environment)
    assert (ended.returncode, said in ended.stderr) == (2, True), ended.stderr


def test_a_brand_that_nobody_pushes_to_is_told_so(workshop: Workshop) -> None:
    brand = workshop.brand("")
    ended = workshop.python("-m", "orchestration.cli", "--brand", brand.name, "serve", "--port", "0")
    assert (ended.returncode, "is pushed to: docs/push.md" in ended.stderr) == (2, True), ended.stderr


def test_a_taken_port_is_told(workshop: Workshop, endpoint: Endpoint) -> None:
    arguments = ("-m", "orchestration.cli", "--brand", endpoint.brand.name, "serve", "--port", str(endpoint.port))
    ended = workshop.python(*arguments, PUSH_SECRET=SECRET)
    assert ended.returncode == 1
    assert f"127.0.0.1:{endpoint.port} cannot be listened on" in ended.stderr
