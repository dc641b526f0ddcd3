"""What every adapter to a destination is: its capabilities, and the outcomes of a message.

Here: the types that the dispatcher and the adapters share. Not here: any destination (one module each beside this one),
states of the ledger (ledger.py). An adapter sends what it is given or refuses; it never retries, never widens, and
keeps no state: what may be sent again is decided by the ledger alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from orchestration.activation.content import Content

Outcome = Literal["accepted", "retry", "rejected", "unknown", "not_sent"]
"""What became of one message.

accepted: the destination has it. retry: it surely has not, try later. rejected: it never will. unknown: the answer was
lost after the message could have been taken. not_sent: this message was not begun.
"""


@dataclass(frozen=True)
class Capabilities:
    """What a destination can promise.

    `channel`: whom it serves. `idempotency`: whether it drops a second message of the same key by itself. `reconcile`:
    how a lost answer is found again. `partial`: how it reports on single messages. `batch_max`: messages claimed at
    once.
    """

    channel: str
    idempotency: Literal["natural", "key", "none"]
    reconcile: Literal["query", "event", "none"]
    partial: Literal["per_row", "all_or_nothing", "async_job"]
    batch_max: int

    def as_json(self) -> Mapping[str, str | int]:
        """The capabilities as `ops.destination.capabilities` keeps them."""
        return asdict(self)


@dataclass(frozen=True)
class Message:
    """One message to one address. `op_id` names it everywhere, also to the destination."""

    op_id: UUID
    address: str
    content: Content

    def __repr__(self) -> str:
        return f"Message({self.op_id})"  # never the address


@dataclass(frozen=True)
class RowResult:
    """What became of one message. `error_text` holds no address."""

    op_id: UUID
    outcome: Outcome
    provider_id: str | None = None
    error_class: str | None = None
    error_code: str | None = None
    error_text: str | None = None


@dataclass(frozen=True)
class SendReport:
    """What became of a batch, a row per message.

    `trouble`: what is wrong with the destination itself, when the rest of the batch was not begun because of it; the
    destination is then left alone for a while.
    """

    rows: tuple[RowResult, ...]
    trouble: str | None = None


Permission = Callable[[], float]
"""Asked right before a message can no longer be called back.

The seconds left to finish it, or 0 when it may not be sent any more.
"""


class Adapter(Protocol):
    """A destination as the dispatcher sees it."""

    @property
    def capabilities(self) -> Capabilities:
        """What the destination can promise."""
        ...

    def check_settings(self) -> tuple[str, ...]:
        """What is wrong with its settings, each with what to do; empty when it could be used."""
        ...

    def refusal(self, address: str) -> str | None:
        """Why an address cannot be one of this channel, or None. Asks nobody."""
        ...

    def links(self, op_id: UUID) -> Mapping[str, str]:
        """Values that templates may print beside the campaign's own, such as `unsubscribe_url`."""
        ...

    def send(self, messages: Sequence[Message], permission: Permission) -> SendReport:
        """Send each message at most once and report on every one of them. Never raises for what a destination does."""
        ...

    def accepted(self, op_ids: AbstractSet[UUID], *, since: datetime) -> frozenset[UUID]:
        """Those of `op_ids` that the destination says it took.

        ReconcileUnavailable when its record from `since` on cannot be read.
        """
        ...
