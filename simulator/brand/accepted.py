"""What the stand-in gateways took: their own records, whatever each calls its fields.

Here: JSON lines to one shape. Not here: what people answer (reactions.py). The product's ledger is never looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECIPIENT = (
    "recipient",
    "phone_number",
    "phone",
    "touser",
    "openid",
    "external_userid",
    "app_instance_id",
    "ouid",
    "to",
)
MESSAGE = ("message_id", "biz_id", "msgid", "id")
LINK = ("link_id", "short_code")
CAMPAIGN = ("campaign_id", "campaign")
COUNTRY = "+86"


@dataclass(frozen=True)
class Record:
    """One message a gateway took. `channel`: as people are written to on; `recipient`: as the gateway calls them."""

    message_id: str
    channel: str
    recipient: str
    link_id: str = ""
    campaign_id: str = ""


class RecordError(ValueError):
    """A line of a gateway's record that names no message or nobody; the message says which."""


def read(paths: Sequence[Path]) -> list[Record]:
    """All records of these files, each message once, in order. RecordError for a line that cannot be one."""
    found: dict[str, Record] = {}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                record = _record(json.loads(line), f"{path}, line {number}")
                found.setdefault(record.message_id, record)
    return list(found.values())


def _record(entry: Mapping[str, Any], where: str) -> Record:
    message_id, recipient = _first(entry, MESSAGE), _first(entry, RECIPIENT)
    if not message_id or not recipient:
        raise RecordError(f"{where}: needs a message (one of {', '.join(MESSAGE)}) and one of {', '.join(RECIPIENT)}")
    channel = str(entry.get("channel") or _channel(recipient))
    number = recipient.removeprefix(COUNTRY) if channel == "sms" else recipient
    return Record(message_id, channel, number, _first(entry, LINK), _first(entry, CAMPAIGN))


def _first(entry: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((str(entry[name]) for name in names if entry.get(name)), "")


def _channel(recipient: str) -> str:
    if "@" in recipient:
        return "email"
    if recipient.removeprefix(COUNTRY).isdigit():
        return "sms"
    if recipient.startswith("oQL"):
        return "wechat"
    return "wecom" if recipient.startswith("wm") else "tmall" if recipient.startswith("AAQL") else "push"


def fresh(records: Sequence[Record], known: frozenset[str]) -> Iterator[Record]:
    """The records of messages that nothing was made of yet."""
    return (record for record in records if record.message_id not in known)
