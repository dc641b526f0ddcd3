"""An HTTP API with a list of records, which misbehaves when told to and keeps its own record of what it handed out.

Here: a real HTTP server on this machine; the list by cursor, page number, link and moment of change, behind OAuth2
tokens; faults by number of request. Every answer that left whole is noted before the next request is served. Imports
no product code; run as `python -m simulator.http_api [--port 8026] [--records N]`. Nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import base64
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

CLIENT = ("shop", "not-a-secret")
FIRST = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)

Kind = Literal["throttle", "busy", "drop", "hang_up", "garble", "repeat", "refuse", "slow"]
KINDS: tuple[Kind, ...] = ("throttle", "busy", "drop", "hang_up", "garble", "repeat", "refuse", "slow")


@dataclass
class Behaviour:
    """How the API behaves.

    `page_size`: most records of a page. `faults`: number of the list request (from 1) → what happens to it: `throttle`
    (429 with `retry_after`), `busy` (503), `drop` (half the answer), `hang_up` (none), `garble` (no JSON), `repeat`
    (the same page comes again under another cursor), `refuse` (422), `slow` (`seconds` late). `token_uses`: list
    requests a token is good for. `token_seconds`: how long it says it lasts. `grows_by`: records that are added behind
    each answer, until there are `grows_to`. `same_moment`: records in a row that changed at one moment.
    `is_code_only`: failures are told by a code in an answer 200, as WeChat does. `links_to`: the server that links lead
    to, in place of this one.
    """

    page_size: int = 10
    faults: dict[int, Kind] = field(default_factory=dict[int, Kind])
    retry_after: str = "0"
    seconds: float = 1.0
    token_uses: int = 1_000_000
    token_seconds: int = 7200
    grows_by: int = 0
    grows_to: int = 0
    same_moment: int = 3
    is_code_only: bool = False
    links_to: str | None = None


@dataclass
class Asked:
    """One list request, and what became of it: the status, the records of an answer that left whole."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str]
    status: int = 0
    handed_out: tuple[str, ...] = ()


class Api:
    """The server, in threads of its own. `records`: all there is, in order of change; the truth to be judged by."""

    def __init__(self, *, records: int = 0, port: int = 0, behaviour: Behaviour | None = None) -> None:
        self.behaviour = behaviour or Behaviour()
        self.records: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.tokens: dict[str, int] = {}
        self.lock = threading.Lock()
        self.add(records)
        self._server = _Server(port, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="http api", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def add(self, count: int) -> None:
        """Add till lines at the end of the list."""
        for number in range(len(self.records) + 1, len(self.records) + count + 1):
            changed = FIRST + timedelta(seconds=(number - 1) // self.behaviour.same_moment)
            self.records.append(
                {
                    "order_id": f"o{number}",
                    "order_line_id": "1",
                    "ordered_at": FIRST.isoformat(),
                    "store_id": "s1",
                    "member_id": f"m{number % 7}",
                    "product_id": "p1",
                    "quantity": 1,
                    "sales_amount": number / 4,
                    "changed_at": changed.isoformat().replace("+00:00", "Z"),
                }
            )

    def handed_out(self) -> list[str]:
        """The orders of all answers that left whole, in order."""
        return [order for asked in self.asked for order in asked.handed_out]

    def grow(self) -> None:
        """What happens to the list behind an answer."""
        told = self.behaviour
        self.add(max(0, min(told.grows_by, told.grows_to - len(self.records))))

    def token(self) -> str:
        """A new token."""
        made = f"token-{len(self.tokens) + 1}"
        self.tokens[made] = self.behaviour.token_uses
        return made

    def takes(self, token: str) -> bool:
        """Whether the token is good for one more request; uses it up."""
        left = self.tokens.get(token, 0)
        self.tokens[token] = left - 1
        return left > 0


def _slice(api: Api, path: str, told: dict[str, str]) -> tuple[list[dict[str, Any]], int]:
    """The records of a request, and the place in the list behind them."""
    size = min(api.behaviour.page_size, int(told.get("limit", api.behaviour.page_size)))
    begin = next((at for at, one in enumerate(api.records) if one["changed_at"] >= told.get("since", "")), 10**9)
    if path == "/pages":
        begin += (int(told.get("page", 1)) - 1) * size
    elif path in ("/cursors", "/links", "/feed") and "cursor" in told:
        begin = int(told["cursor"].partition("-")[0])
    found = api.records[begin : begin + size]
    return found, begin + len(found)


def _answer(api: Api, asked: Asked, fault: Kind | None) -> tuple[dict[str, Any], dict[str, str]]:
    """Body and headers of a sound answer."""
    found, behind = _slice(api, asked.path, asked.parameters)
    follows = behind < len(api.records)
    cursor: str | None = f"{behind}-{len(api.asked)}"
    if fault == "repeat":
        cursor, follows = f"{behind - len(found)}-{len(api.asked)}", True
    if asked.path == "/feed":
        cursor = str(behind)
    elif not follows:
        cursor = None
    body = {"data": {"items": found}, "paging": {"next": cursor, "more": follows}, "code": 0}
    if asked.path == "/links" and cursor is not None:
        query = urlencode({**asked.parameters, "cursor": cursor})
        return body, {"Link": f'<{api.behaviour.links_to or api.url}/links?{query}>; rel="next"'}
    return body, {}


class _Server(ThreadingHTTPServer):
    """A server that knows whose it is."""

    def __init__(self, port: int, api: Api) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.api = api


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def api(self) -> Api:
        """The API that is served."""
        return cast("_Server", self.server).api

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer a list request."""
        parts = urlsplit(self.path)
        self._route(parts.path, dict(parse_qsl(parts.query)))

    def do_POST(self) -> None:
        """Answer a request for a token, or a list request with a JSON body."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        parts = urlsplit(self.path)
        if self.headers.get("Content-Type", "").startswith("application/json"):
            sent = {name: str(value) for name, value in json.loads(body).items()}
        else:
            sent = dict(parse_qsl(body))
        self._route(parts.path, {**dict(parse_qsl(parts.query)), **sent})

    def _route(self, path: str, told: dict[str, str]) -> None:
        with self.api.lock:
            if path == "/token":
                self._give_token(told)
            else:
                self._list(path, told)

    def _give_token(self, told: dict[str, str]) -> None:
        pair = (told.get("client_id", ""), told.get("client_secret", ""))
        if self.headers.get("Authorization", "").startswith("Basic "):
            name, _, word = base64.b64decode(self.headers["Authorization"][6:]).decode().partition(":")
            pair = (name, word)
        if pair == CLIENT:
            self._send(200, {"access_token": self.api.token(), "expires_in": self.api.behaviour.token_seconds})
        else:
            self._fail(401, 40001)

    def _list(self, path: str, told: dict[str, str]) -> None:
        api, asked = self.api, Asked(path, told, dict(self.headers.items()))
        api.asked.append(asked)
        token = told.get("access_token") or self.headers.get("Authorization", "").removeprefix("Bearer ")
        fault = api.behaviour.faults.get(len(api.asked))
        if not api.takes(token):
            asked.status = 401
            self._fail(401, 42001)
        elif fault is None or fault == "repeat":
            body, headers = _answer(api, asked, fault)
            self._send(200, body, headers)
            asked.status, asked.handed_out = 200, tuple(one["order_id"] for one in body["data"]["items"])
            api.grow()
        else:
            self._misbehave(fault, asked)

    def _misbehave(self, fault: Kind, asked: Asked) -> None:
        failures = {"throttle": (429, 45009), "busy": (503, -1), "refuse": (422, 40003)}
        if fault in failures:
            asked.status = failures[fault][0]
            self._fail(*failures[fault])
        elif fault == "drop":
            body, _ = _answer(self.api, asked, None)
            self._send_bytes(200, json.dumps(body).encode(), {}, part=0.5)
        elif fault == "garble":
            self._send_bytes(200, b"<html>Sorry</html>", {})
        else:
            time.sleep(self.api.behaviour.seconds if fault == "slow" else 0.0)
            self.close_connection = True

    def _fail(self, status: int, code: int) -> None:
        """Tell a failure as this API does: by its status, or by a code in an answer that looks sound."""
        told = self.api.behaviour
        if told.is_code_only:
            self._send(200, {"code": code})
        else:
            headers = {"Retry-After": told.retry_after} if status == 429 else {}
            self._send(status, {"error": status}, headers)

    def _send(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self._send_bytes(status, json.dumps(body).encode(), headers or {})

    def _send_bytes(self, status: int, content: bytes, headers: dict[str, str], *, part: float = 1.0) -> None:
        """Send an answer, or a part of it and then nothing."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: int(len(content) * part)])
        self.wfile.flush()
        self.close_connection = part < 1.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator.http_api", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--port", type=int, default=8026, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--records", type=int, default=1000, help="records of the list")
    chosen = parser.parse_args(arguments)
    with Api(records=chosen.records, port=chosen.port, behaviour=Behaviour(page_size=100)) as api:
        print(f"http api ready on {api.url}; client {CLIENT[0]}, secret {CLIENT[1]}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
