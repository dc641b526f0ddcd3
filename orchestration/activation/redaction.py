"""No address in logs, errors or the ledger.

Here: cutting addresses and numbers out of what a server answered. Not here: tokens (sources/ makes them at landing).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 300
"""Characters of an answer that are kept."""

_MAIL = re.compile(r'("[^"\r\n]*"|[^\s<>"\'(),;:\[\]]+)@[^\s<>"\'(),;\[\]]+')
_NUMBER = re.compile(r"\+?\d[\d \-]{6,}\d")


def redact(text: str, addresses: Iterable[str] = ()) -> str:
    """`text` on one line, at most LONGEST characters, without `addresses` and what looks like an address or number."""
    told = text
    for address in sorted(filter(None, addresses), key=len, reverse=True):
        told = re.sub(re.escape(address), "<address>", told, flags=re.IGNORECASE)
    told = _MAIL.sub("<address>", told)
    told = _NUMBER.sub("<number>", told)
    told = " ".join("".join(character if character.isprintable() else " " for character in told).split())
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"
