"""A mail server that takes messages, keeps its own record of them, and misbehaves when told to.

Here: a real SMTP server (aiosmtpd) on this machine; every accepted message is a line of JSON on disk before the server
answers, so the record says what was taken whatever became of the answer. Imports no product code; run as
`python -m simulator.smtp_gateway --home BRAND_HOME [--port 8025]` or with `--record FILE`. Nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal, Self, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

RECORD_IN_HOME = Path("gateway") / "accepted.jsonl"
IDLE_SECONDS = 60.0

Kind = Literal["refuse", "refuse_sender", "refuse_message", "drop", "lose", "slow"]
KINDS: tuple[Kind, ...] = ("refuse", "refuse_sender", "refuse_message", "drop", "lose", "slow")


@dataclass
class Fault:
    """One way to misbehave towards recipients like `pattern` (as in file names), `times` times (None: always).

    `refuse`: answer RCPT with `code`. `refuse_sender`: answer MAIL so (`pattern` is then the sender's).
    `refuse_message`: answer the message itself with `code`. `drop`: take the message, then close the connection instead
    of answering. `lose`: close it without taking the message. `slow`: take the message and answer `seconds` later.
    """

    kind: Kind
    pattern: str = "*"
    code: int = 0
    times: int | None = None
    seconds: float = 0.0

    def applies(self, recipient: str) -> bool:
        """Whether it happens to this recipient now; uses up one of `times` when so."""
        if self.times == 0 or not fnmatch(recipient.lower(), self.pattern.lower()):
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Gateway:
    """The server, in a thread of its own. `record`: file of accepted messages, made when it is not there."""

    def __init__(self, record: Path, *, port: int = 0, faults: Sequence[Fault] = ()) -> None:
        self.record = record
        self.port = port
        self.faults = list(faults)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp gateway", daemon=True)
        self._server: asyncio.Server | None = None

    def start(self) -> Self:
        """Listen on 127.0.0.1; afterwards `port` is the real one. OSError when the port is taken."""
        self.record.parent.mkdir(parents=True, exist_ok=True)
        self.record.touch()
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def stop(self) -> None:
        """Stop listening and end the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        if self._server is not None:
            self._server.close()
        self._loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(self._conversation, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def _conversation(self) -> SMTP:
        return SMTP(self, hostname="gateway.example", ident="gateway", timeout=IDLE_SECONDS, loop=self._loop)

    def accepted(self) -> list[dict[str, Any]]:
        """The record: one entry per accepted message, in order."""
        return [json.loads(line) for line in self.record.read_text(encoding="utf-8").splitlines()]

    def _fault(self, recipient: str, *kinds: Kind) -> Fault | None:
        return next((fault for fault in self.faults if fault.kind in kinds and fault.applies(recipient)), None)

    async def handle_MAIL(  # noqa: N802 - called by aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        """Answer a sender."""
        fault = self._fault(address, "refuse_sender")
        if fault is not None:
            return f"{fault.code} <{address}> may not send"
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - likewise
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Answer a recipient."""
        fault = self._fault(address, "refuse")
        if fault is not None:
            return f"{fault.code} <{address}> is not taken"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        """Take a message: record first, answer then."""
        recipient = envelope.rcpt_tos[0]
        fault = self._fault(recipient, "refuse_message", "drop", "lose", "slow")
        if fault is not None and fault.kind == "refuse_message":
            return f"{fault.code} the message for <{recipient}> is not taken"
        if fault is None or fault.kind != "lose":
            self._append(envelope)
        if fault is not None and fault.kind in {"drop", "lose"} and server.transport is not None:
            cast("asyncio.Transport", server.transport).abort()
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        return "250 taken"

    def _append(self, envelope: Envelope) -> None:
        content = cast("bytes", envelope.original_content)
        mail = message_from_bytes(content, policy=policy.default)
        entry = {
            "message_id": str(mail["Message-ID"]),
            "recipient": envelope.rcpt_tos[0],
            "received_at": datetime.now(UTC).isoformat(),
            "size": len(content),
            "subject": str(mail["Subject"]),
        }
        handle = os.open(self.record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, (json.dumps(entry, ensure_ascii=False) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)


def read_faults(path: Path) -> list[Fault]:
    """The faults of a JSON file: a list of objects with the fields of `Fault`. ValueError names a kind that is none."""
    faults = [Fault(**item) for item in json.loads(path.read_text(encoding="utf-8"))]
    for fault in faults:
        if fault.kind not in KINDS:
            raise ValueError(f"{path}: {fault.kind!r} is no kind of fault; there are {', '.join(KINDS)}")
    return faults


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator.smtp_gateway", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--port", type=int, default=8025, help="port on 127.0.0.1; 0 takes a free one")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--home", type=Path, help=f"a brand's home: the record is {RECORD_IN_HOME} in it")
    where.add_argument("--record", type=Path, help="file of accepted messages, JSON lines")
    parser.add_argument("--faults", type=Path, help="JSON file: a list of faults, as the class Fault says")
    chosen = parser.parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    record = chosen.record or chosen.home / RECORD_IN_HOME
    with Gateway(record, port=chosen.port, faults=read_faults(chosen.faults) if chosen.faults else ()) as gateway:
        print(f"smtp gateway ready on 127.0.0.1:{gateway.port}", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
