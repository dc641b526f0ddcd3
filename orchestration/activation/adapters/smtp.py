"""E-mail over SMTP, one recipient per message.

Here: the conversation with a mail server and what each turn of it proves. DATA is sent in two steps, because the answer
after the message's last byte is the only one whose loss leaves the outcome open; everything lost before it was never
sent, everything refused is refused. Not here: the text (mail.py), the record of accepted messages (accepted_log.py),
when to try again (ledger.py).
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import time
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from uuid import UUID

from orchestration.activation.adapters import mail
from orchestration.activation.adapters.accepted_log import accepted_ids
from orchestration.activation.adapters.interface import (
    Capabilities,
    Message,
    Outcome,
    Permission,
    RowResult,
    SendReport,
)
from orchestration.activation.clock import Clock
from orchestration.activation.errors import ReconcileUnavailable
from orchestration.activation.redaction import redact
from orchestration.brands import Destination
from orchestration.failpoints import failpoint

_LEAST_TIMEOUT = 0.05


class _Trouble(Exception):
    """The server cannot be used now.

    Nothing of the present message was sent. Holds the error's class, code and redacted text.
    """

    def __init__(self, error_class: str, code: str, text: str) -> None:
        super().__init__(text)
        self.error_class, self.code, self.text = error_class, code, text


class SmtpAdapter:
    """One mail server. Opens a connection per batch."""

    def __init__(self, destination: Destination, *, home: Path, clock: Clock) -> None:
        self._to = destination
        self._clock = clock
        self._log = None if destination.accepted_log is None else home / destination.accepted_log
        self._sender = parseaddr(destination.from_address)[1]

    @property
    def capabilities(self) -> Capabilities:
        """Without a log of accepted messages a lost answer stays lost.

        Then one message is claimed at a time, so that a crash costs one.
        """
        return Capabilities(
            channel="email",
            idempotency="none",
            reconcile="none" if self._log is None else "query",
            partial="per_row",
            batch_max=1 if self._log is None else self._to.batch_size,
        )

    def check_settings(self) -> tuple[str, ...]:
        """What is wrong with the settings, each with what to do."""
        wrong: list[str] = []
        if problem := mail.refusal(self._sender):
            wrong.append(f"from_address: {problem}; write it like Brand <hello@brand.example>")
        for setting, name in (("username_env", self._to.username_env), ("password_env", self._to.password_env)):
            if name is not None and not os.environ.get(name):
                wrong.append(f"{setting}: the environment has no {name}")
        if (self._to.username_env is None) != (self._to.password_env is None):
            wrong.append("username_env and password_env: set both or none")
        if self._to.username_env is not None and self._to.security == "none":
            wrong.append("security: a password never goes over a plain connection; use starttls or tls")
        if self._to.unsubscribe_url is not None and not mail.is_link(self._to.unsubscribe_url):
            wrong.append("unsubscribe_url: write it like https://brand.example/unsubscribe, in ASCII")
        return tuple(wrong)

    def refusal(self, address: str) -> str | None:
        """Why an address cannot be mailed to, or None."""
        return mail.refusal(address)

    def links(self, op_id: UUID) -> Mapping[str, str]:
        """`unsubscribe_url` of one message."""
        return {"unsubscribe_url": self._link(op_id)}

    def _link(self, op_id: UUID) -> str:
        return mail.unsubscribe_link(op_id, url=self._to.unsubscribe_url, sender=self._to.from_address)

    def accepted(self, op_ids: AbstractSet[UUID], *, since: datetime) -> frozenset[UUID]:
        """Those operations whose message the server's log holds."""
        if self._log is None:
            raise ReconcileUnavailable("this mail server has no accepted_log in the brand file")
        domain = mail.domain_of(self._to.from_address)
        wanted = {mail.message_id(op_id, domain): op_id for op_id in op_ids}
        return frozenset(wanted[found] for found in accepted_ids(self._log, wanted.keys(), since=since))

    def send(self, messages: Sequence[Message], permission: Permission) -> SendReport:
        """Send each message at most once over one connection.

        What follows a broken connection is reported as not begun.
        """
        rows: list[RowResult] = []
        trouble: _Trouble | None = None
        try:
            server = self._open()
        except _Trouble as met:
            return self._report(rows, messages, met)
        try:
            for message in messages:
                row = self._send_one(server, message, permission)
                rows.append(row)
                if row.outcome in ("unknown", "not_sent") or server.sock is None:
                    break
        except _Trouble as met:
            trouble = met
        finally:
            self._close(server)
        return self._report(rows, messages, trouble)

    def _report(self, rows: list[RowResult], messages: Sequence[Message], trouble: _Trouble | None) -> SendReport:
        rest = messages[len(rows) :]
        if trouble is None:
            return SendReport((*rows, *(RowResult(message.op_id, "not_sent") for message in rest)))
        told = [
            RowResult(message.op_id, "retry", None, trouble.error_class, trouble.code, trouble.text) for message in rest
        ]
        return SendReport((*rows, *told), trouble=f"{trouble.error_class} {trouble.code}: {trouble.text}")

    def _open(self) -> smtplib.SMTP:
        timeout = self._to.timeout_seconds
        try:
            if self._to.security == "tls":
                server = smtplib.SMTP_SSL(
                    self._to.host, self._to.port, timeout=timeout, context=ssl.create_default_context()
                )
            else:
                server = smtplib.SMTP(self._to.host, self._to.port, timeout=timeout)
        except smtplib.SMTPResponseException as error:
            raise _Trouble("connection", str(error.smtp_code), redact(_text(error.smtp_error))) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _Trouble("connection", type(error).__name__, redact(str(error))) from error
        try:
            self._introduce(server)
        except smtplib.SMTPResponseException as error:
            self._close(server)
            raise _Trouble("login", str(error.smtp_code), redact(_text(error.smtp_error))) from error
        except (smtplib.SMTPException, OSError) as error:
            self._close(server)
            raise _Trouble("connection", type(error).__name__, redact(str(error))) from error
        failpoint("sending.after_connect")
        return server

    def _introduce(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self._to.security == "starttls":
            server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
        if self._to.username_env and self._to.password_env:
            server.login(os.environ[self._to.username_env], os.environ[self._to.password_env])

    def _close(self, server: smtplib.SMTP) -> None:
        with suppress(
            smtplib.SMTPException, OSError
        ):  # every message has its answer already; a lost goodbye changes none
            if server.sock is not None:
                server.sock.settimeout(_LEAST_TIMEOUT * 10)
                server.quit()
        server.close()

    def _send_one(self, server: smtplib.SMTP, message: Message, permission: Permission) -> RowResult:
        wire = self._wire(message)
        try:
            refused = self._envelope(server, message)
            if refused is not None:
                return refused
            seconds = permission()
            if seconds <= 0:
                return self._reset(server, RowResult(message.op_id, "not_sent"))
            deadline = time.monotonic() + seconds
            self._limit(server, deadline)
            code, said = server.docmd("DATA")
            if code != 354:
                return self._answered(message, "command", code, said)
        except (smtplib.SMTPException, OSError) as error:
            server.close()
            return RowResult(
                message.op_id, "retry", None, "connection", type(error).__name__, redact(str(error), [message.address])
            )
        return self._body(server, message, wire, deadline)

    def _wire(self, message: Message) -> bytes:
        link = self._link(message.op_id)
        wire = mail.as_bytes(
            message,
            sender=self._to.from_address,
            link=link,
            is_one_click=link.startswith("https:"),
            sent_at=self._clock.now(),
        )
        return re.sub(rb"(?m)^\.", b"..", wire)

    def _envelope(self, server: smtplib.SMTP, message: Message) -> RowResult | None:
        code, said = server.mail(self._sender)
        if code != 250:  # about us, not about this reader
            raise _Trouble("sender", str(code), redact(_text(said)))
        code, said = server.rcpt(message.address)
        if code in (250, 251):
            return None
        return self._reset(server, self._answered(message, "recipient", code, said))

    def _reset(self, server: smtplib.SMTP, row: RowResult) -> RowResult:
        try:
            server.rset()
        except (smtplib.SMTPException, OSError):
            server.close()  # the row's own answer stands; the batch ends here
        return row

    def _body(self, server: smtplib.SMTP, message: Message, wire: bytes, deadline: float) -> RowResult:
        try:
            self._limit(server, deadline)
            server.send(wire + b".\r\n")
            failpoint("sending.after_data_sent")
            self._limit(server, deadline)
            code, said = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            server.close()
            return RowResult(
                message.op_id,
                "unknown",
                None,
                "answer_lost",
                type(error).__name__,
                redact(str(error), [message.address]),
            )
        return self._answered(message, "message", code, said)

    def _answered(self, message: Message, step: str, code: int, said: bytes) -> RowResult:
        outcome = outcome_of(step, code)
        if outcome == "accepted":
            return RowResult(
                message.op_id,
                outcome,
                provider_id=mail.message_id(message.op_id, mail.domain_of(self._to.from_address)),
            )
        return RowResult(message.op_id, outcome, None, step, str(code), redact(_text(said), [message.address]))

    def _limit(self, server: smtplib.SMTP, deadline: float) -> None:
        if server.sock is not None:
            server.sock.settimeout(max(_LEAST_TIMEOUT, min(self._to.timeout_seconds, deadline - time.monotonic())))


def outcome_of(step: str, code: int) -> Outcome:
    """What a reply code proves about one message.

    `step`: `recipient` (RCPT TO), `command` (DATA), `message` (after its last byte).

    After the message 2xx is acceptance, 4xx a refusal for now, 5xx for ever (RFC 5321 §4.2.1), and anything else says
    nothing. Before it nothing was handed over, so what is no refusal for ever may be tried again.
    """
    if step == "message" and 200 <= code < 300:
        return "accepted"
    if 500 <= code < 600:
        return "rejected"
    if step == "message" and not 400 <= code < 500:
        return "unknown"
    return "retry"


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
