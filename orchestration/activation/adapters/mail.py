"""A message as an e-mail: headers, parts, and what an address may look like.

Here: RFC 5322 text. Not here: talking to a server (smtp.py), wording (content/).
"""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from uuid import UUID

from orchestration.activation.adapters.interface import Message

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
_LONGEST_ADDRESS = 254
_LINK = re.compile(r"https?://[!-;=?-~]{1,800}")


def refusal(address: str) -> str | None:
    """Why a text cannot be an address that any SMTP server takes (ASCII, one @, a domain), or None when it can."""
    local = address.partition("@")[0]
    if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST_ADDRESS:
        return "not the shape of an e-mail address"
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return "the part before the @ begins or ends with a dot or doubles one"
    return None


def domain_of(from_address: str) -> str:
    """The domain of the sender's address; empty when there is none."""
    return parseaddr(from_address)[1].rpartition("@")[2]


def message_id(op_id: UUID, domain: str) -> str:
    """The `Message-ID` of an operation.

    The same for every attempt, so that a log finds it and a receiver may drop a copy.
    """
    return f"<{op_id}@{domain}>"


def is_link(url: str) -> bool:
    """Whether a text can stand in a header as a web address: ASCII, no space, short enough for one line."""
    return _LINK.fullmatch(url) is not None


def unsubscribe_link(op_id: UUID, *, url: str | None, sender: str) -> str:
    """Where a reader says no.

    The brand's page with the operation's id, which names the reader to us alone, else a mail to the sender.
    """
    if url is None:
        return f"mailto:{parseaddr(sender)[1]}?subject=unsubscribe%20{op_id}"
    return f"{url}{'&' if '?' in url else '?'}m={op_id}"


def as_bytes(message: Message, *, sender: str, link: str, is_one_click: bool, sent_at: datetime) -> bytes:
    """The message as it goes over the wire (CRLF, 7 bit), to one recipient.

    `is_one_click`: the link takes a POST (RFC 8058).
    """
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"] = sender
    mail["To"] = message.address
    mail["Subject"] = message.content.parts["subject"]
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = message_id(message.op_id, domain_of(sender))
    mail.set_content(message.content.parts["text"])
    if "html" in message.content.parts:
        mail.add_alternative(message.content.parts["html"], subtype="html")
    wire = _way_out(link, is_one_click=is_one_click) + mail.as_bytes()
    return wire if wire.endswith(b"\r\n") else wire + b"\r\n"


def _way_out(link: str, *, is_one_click: bool) -> bytes:
    """The unsubscribe headers. `email` would fold a long link into encoded words, which no mail program follows."""
    lines = [f"List-Unsubscribe: <{link}>"]
    if is_one_click:
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")
