"""HTTP: one address per source, an answer for each way a push can end, and the state of the endpoint.

Here: reading a request within its limits, the order of the checks, the shapes of answers. Not here: how a signature is
computed (signature.py), writing (writer.py). A push is answered with a 2xx only when it is durable. No answer and no
line of the log repeats what was in a body, an address or a header.

`POST /push/<source>`: 200 taken · 400 no JSON · 401 signature · 404 no such source · 408 too slow · 413 too large · 415
unknown encoding · 503 full or not writable, with Retry-After. `GET /health`: 200 or 503.
"""

from __future__ import annotations

import asyncio
import logging
import time
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orchestration.brands import Brand
from orchestration.endpoint import signature
from orchestration.endpoint.writer import InboxFullError, InboxUnavailableError, Writer
from orchestration.push_settings import PushSetting
from orchestration.sources.push import inbox, records
from orchestration.sources.push.inbox import Push

LOGGER = logging.getLogger("touchstream.endpoint")
BODY_SECONDS = 30.0
"""How long a sender may take for a body."""
WRITE_SECONDS = 30.0
RETRY_SECONDS = 5
SMALL_BODY = 1 << 16
"""A larger body is looked through beside the loop, so that others are not kept waiting."""


class Refusal(Exception):
    """Why a push was not taken: the HTTP status, a code, and words for whoever connects the sender."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class House:
    """What the answers need: the brand, its secrets, where pushes go.

    `key` names deliveries; `told_landing` says how landing goes; `woken` is called when something new is in the inbox.
    """

    brand: Brand
    secrets: Mapping[str, tuple[bytes, ...]]
    key: bytes
    writer: Writer
    told_landing: Callable[[], str]
    woken: Callable[[], None]

    def setting(self, source: str) -> PushSetting | None:
        """How a source is pushed to; None for one that is not there or is not pushed to."""
        found = self.brand.file.sources.get(source)
        return found.push if found else None


@dataclass(frozen=True)
class Taken:
    """A push that is durable: its number of records, and whether it had been delivered before."""

    count: int
    is_known: bool


def make_app(house: House) -> Starlette:
    """The application of a brand."""

    async def push(request: Request) -> Response:
        source = str(request.path_params["source"])
        setting = house.setting(source)
        if setting is None:
            return _told(None, Refusal(404, "unknown_source", "no source of this name is pushed to"))
        try:
            return _taken(setting, await _take(house, source, setting, request))
        except Refusal as refusal:
            if refusal.status != 503:  # what the writer has said already
                LOGGER.warning("%s: refused, %s %s", source, refusal.status, refusal.code)
            return _told(setting, refusal)

    async def health(_: Request) -> Response:
        try:
            await _written(house.writer.probe)
            receiving, status = "ok", 200
        except Refusal as refusal:
            receiving, status = refusal.code, refusal.status
        return JSONResponse({"receiving": receiving, "landing": house.told_landing()}, status_code=status)

    return Starlette(
        routes=[Route("/push/{source}", push, methods=["POST"]), Route("/health", health, methods=["GET"])]
    )


async def _take(house: House, source: str, setting: PushSetting, request: Request) -> Taken:
    """Check a request and have it written."""
    sent = await _body(request, setting.max_body_bytes)
    try:
        signature.verify(
            setting,
            house.secrets[source],
            headers=request.headers,
            token=request.query_params.get("token"),
            body=sent,
            now=time.time(),
        )
    except signature.SignatureError as error:
        raise Refusal(401, "bad_signature", str(error)) from None
    body = _unpacked(sent, request.headers.get("content-encoding", "identity"), setting.max_body_bytes)
    try:
        looking = asyncio.to_thread(records.inspect, body, setting.records) if len(body) > SMALL_BODY else None
        found = records.inspect(body, setting.records) if looking is None else await looking
    except records.NotRecordsError as error:
        raise Refusal(400, error.reason, str(error)) from None
    if found.count == 0:
        return Taken(0, is_known=False)  # an empty array: nothing to keep, and nothing wrong
    item = Push(
        push_id=inbox.push_id(house.key, source, body),
        source=source,
        received_at=datetime.now(UTC),
        content_type=request.headers.get("content-type", "")[:200],
        layout=found.layout,
        records_path=setting.records,
        record_count=found.count,
        body=body,
    )
    is_new = await _written(lambda: house.writer.put(item))
    house.woken()
    return Taken(found.count, is_known=not is_new)


async def _written(post: Callable[[], Future[bool]]) -> bool:
    """Wait for the writer's answer; Refusal when it could not write."""
    try:
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(post())), WRITE_SECONDS)
    except InboxFullError as error:
        raise Refusal(503, "inbox_full", f"{error}: try again later") from None
    except InboxUnavailableError as error:
        raise Refusal(503, "not_written", f"{error}: try again, it will not be doubled") from None
    except TimeoutError:
        raise Refusal(503, "not_written", "the inbox does not answer: try again, it will not be doubled") from None


async def _body(request: Request, limit: int) -> bytes:
    """The body as it was sent; Refusal when it is too large or does not come."""
    announced = request.headers.get("content-length", "0")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            if announced.isdigit() and int(announced) > limit:
                raise _too_large(limit)
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise _too_large(limit)
                parts.append(part)
    except TimeoutError:
        raise Refusal(408, "too_slow", f"the body was not there after {BODY_SECONDS:.0f} s") from None
    except ClientDisconnect:
        raise Refusal(400, "cut_off", "the sender went away before the body was there") from None
    return b"".join(parts)


def _too_large(limit: int) -> Refusal:
    return Refusal(413, "too_large", f"the body has more than {limit} bytes: send fewer records at a time")


def _unpacked(sent: bytes, encoding: str, limit: int) -> bytes:
    """The body without its packing; it may not be larger than a plain one could be."""
    if encoding.strip().lower() in ("", "identity"):
        return sent
    if encoding.strip().lower() != "gzip":
        raise Refusal(415, "unknown_encoding", "the Content-Encoding is neither gzip nor identity")
    stream = zlib.decompressobj(wbits=31)
    try:
        body = stream.decompress(sent, limit + 1)
    except zlib.error:
        raise Refusal(400, "broken_gzip", "the body is not the gzip that its Content-Encoding says") from None
    if len(body) > limit:
        raise _too_large(limit)
    if not stream.eof or stream.unused_data:
        raise Refusal(400, "broken_gzip", "the gzip of the body is cut off, or something follows it")
    return body


def _taken(setting: PushSetting, taken: Taken) -> Response:
    if setting.answer == "aliyun":
        return JSONResponse({"code": 0, "msg": "received"})
    return JSONResponse({"received": taken.count, "known": taken.is_known})


def _told(setting: PushSetting | None, refusal: Refusal) -> Response:
    content: dict[str, Any] = {"error": refusal.code, "detail": refusal.detail}
    if setting is not None and setting.answer == "aliyun":
        content = {"code": refusal.status, "msg": f"{refusal.code}: {refusal.detail}"}
    headers = {"Retry-After": str(RETRY_SECONDS)} if refusal.status == 503 else {}
    return JSONResponse(content, status_code=refusal.status, headers=headers)
