"""The push endpoint as senders meet it: a real process, real HTTP, and what they keep of what they sent.

Here: brand files of pushed sources, the endpoint in a process of its own, a client that signs. Not here: brands and
their server (tests/workshop.py).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from psycopg import sql

from orchestration import settings
from orchestration.brands import Brand
from orchestration.sources.push import inbox, records
from orchestration.warehouse import connect
from tests.workshop import Workshop, rows

KEPT = ("batch", "source_cursor", "landing_attempt", "refused_file", "suppression")
"""Tables of ops that a landing fills."""
SECRET = "only-the-sender-and-the-brand-know"
ENVIRONMENT = {"PUSH_SECRET": SECRET}
SOURCES = """
title = "Tea House"
time_zone = "Asia/Shanghai"
currency = "CNY"
country = "CN"

[sources.events]
connector = "push"
contract = "web.event"
push = { secret_env = "PUSH_SECRET", max_body_bytes = 2000000 }

[sources.batches]
connector = "push"
contract = "web.event"
push = { secret_env = "PUSH_SECRET", scheme = "sha256", signature_header = "X-Hub-Signature-256", records = "batch" }
[sources.batches.columns]
event_id = "messageId"
event_name = "event"
event_at = "originalTimestamp"
cookie_id = "anonymousId"
page_url = "context.page.url"

[sources.sms_receipts]
connector = "push"
contract = "sms.receipt"
push = { secret_env = "PUSH_SECRET", scheme = "token", answer = "aliyun" }
[sources.sms_receipts.columns]
message_id = "biz_id"
phone = "phone_number"
is_delivered = "success"
sent_at = "send_time"
reported_at = "report_time"
error_code = "err_code"
error_text = "err_msg"
segment_count = "sms_size"

[sources.sms_replies]
connector = "push"
contract = "sms.reply"
push = { secret_env = "PUSH_SECRET", scheme = "token", answer = "aliyun" }
[sources.sms_replies.columns]
reply_id = "sequence_id"
phone = "phone_number"
replied_at = "send_time"
text = "content"

[sources.mail_events]
connector = "push"
contract = "email.event"
push = { secret_env = "PUSH_SECRET", scheme = "sha256" }
[sources.mail_events.columns]
event_id = "sg_event_id"
message_id = "sg_message_id"
event_type = { column = "event", values = { open = "opened", click = "clicked", unsubscribe = "unsubscribed" } }
event_at = { column = "timestamp", format = "epoch_s" }

[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*.csv"
"""


def event(event_id: str, **more: Any) -> dict[str, Any]:
    """An event of the website."""
    return {
        "event_id": event_id,
        "event_name": "page_view",
        "event_at": "2025-03-01T10:00:00+08:00",
        "cookie_id": "c-1",
        **more,
    }


def mac(signed: bytes, secret: str = SECRET) -> str:
    """The signature in hex."""
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def timed(body: bytes, *, secret: str = SECRET, age: float = 0) -> dict[str, str]:
    """The header of `hmac-sha256`, made `age` seconds ago."""
    moment = int(time.time() - age)
    return {"X-Signature": f"t={moment},v1={mac(f'{moment}.'.encode() + body, secret)}"}


def plain_client() -> httpx.Client:
    """A client for plain HTTP, which does not read the machine's certificates first."""
    return httpx.Client(verify=False, timeout=60)


class Endpoint:
    """`touchstream serve` in a process of its own."""

    def __init__(
        self,
        workshop: Workshop,
        brand: Brand,
        *options: str,
        port: int = 0,
        program: Sequence[str] = ("-m", "orchestration.cli"),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.brand = brand
        self.client = plain_client()
        self.log = Path(workshop.folder) / f"{brand.name}-{time.monotonic_ns()}.log"
        with self.log.open("w", encoding="utf-8") as told:
            self.process = subprocess.Popen(
                [sys.executable, *program, "--brand", brand.name, "serve", "--port", str(port), *options],
                cwd=settings.project_root(),
                env={**os.environ, **workshop.environment, **ENVIRONMENT, "COLUMNS": "200", **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
            )
        self.url = self._opened()
        self.port = int(self.url.rpartition(":")[2])

    def _opened(self) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            if found := re.search(r"(http://[\d.]+:\d+)/push/", self.told()):
                return found[1]
            time.sleep(0.05)
        raise AssertionError(self.told())

    def told(self) -> str:
        """Everything it wrote."""
        return self.log.read_text(encoding="utf-8")

    def post(self, source: str, body: bytes, **options: Any) -> httpx.Response:
        """One request; signed as `hmac-sha256` when no headers are given."""
        headers = options.pop("headers", None)
        return self.client.post(
            f"{self.url}/push/{source}", content=body, headers=timed(body) if headers is None else headers, **options
        )

    def send(self, source: str, records: Any) -> httpx.Response:
        """Records as JSON, signed as `hmac-sha256`."""
        return self.post(source, json.dumps(records, ensure_ascii=False).encode())

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def close(self) -> None:
        """End it, whatever it does."""
        self.client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=30)


@contextmanager
def serving(workshop: Workshop, brand: Brand, *options: str, **more: Any) -> Iterator[Endpoint]:
    """The endpoint while the body runs."""
    endpoint = Endpoint(workshop, brand, *options, **more)
    try:
        yield endpoint
    finally:
        endpoint.close()


def until(happened: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"not after {seconds} s"
        time.sleep(0.1)


def until_landed(brand: Brand) -> None:
    """Wait until nothing lies in the inbox."""
    until(lambda: rows(brand, "select count(*) from ops.push where batch_id is null") == [(0,)])


def until_some_landed(brand: Brand) -> None:
    """Wait until the first batch is there."""
    until(lambda: bool(rows(brand, "select 1 from ops.batch limit 1")))


def landed_events(brand: Brand) -> dict[str, int]:
    """How often each event of the website is in raw."""
    found = rows(brand, "select event_id, count(*) from raw.raw_web__event group by event_id")
    return {str(name): int(str(count)) for name, count in found}


def put(brand: Brand, source: str, content: Any) -> None:
    """Put a push into the inbox without an endpoint."""
    with connect.connect(brand.name, application_name="test") as connection:
        inbox.insert(connection, [as_push(brand, source, content)])


def as_push(brand: Brand, source: str, content: Any) -> inbox.Push:
    """Some records as the inbox takes them."""
    body = json.dumps(content).encode()
    setting = brand.file.sources[source].push
    assert setting is not None
    found = records.inspect(body, setting.records)
    return inbox.Push(
        push_id=inbox.push_id(b"test", source, body),
        source=source,
        received_at=datetime.now(UTC),
        content_type="application/json",
        layout=found.layout,
        records_path=setting.records,
        record_count=found.count,
        body=body,
    )


def emptied(brand: Brand) -> Brand:
    """The brand, with nothing in its inbox and nothing landed."""
    with connect.connect(brand.name, application_name="test") as connection:
        raw = connection.execute("select tablename from pg_catalog.pg_tables where schemaname = 'raw'").fetchall()
        kept = [sql.Identifier("raw", str(row[0])) for row in raw]
        kept += [sql.Identifier("vault", name) for name in ("inbox", "clear_value", "quarantined_row")]
        kept += [sql.Identifier("ops", name) for name in KEPT]
        connection.execute(sql.SQL("truncate {} restart identity cascade").format(sql.SQL(", ").join(kept)))
    return brand
