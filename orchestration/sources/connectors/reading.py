"""Where a source that is read in order stands, so that it can be taken up anywhere and lands each record once.

Here: passes over a source, what of the next pass has landed already, the cursor that holds it, offers that move it.
Not here: how a page or a batch is asked for (http_*.py, sql.py).

A *pass* goes from a beginning to the end of the list. With a field that grows (`since`), the next pass begins at the
greatest value that landed, or where the field stood when this pass began (the `horizon`: what changed since may lie
behind the reader's back), less a lag; and leaves out the records that landed from there on. Those are told by a digest
of their content, so a record that changed at the same moment is not left out. Without such a field every pass reads
everything; a page that is as it was in the pass before is the same batch, and one that *returns* to an earlier state is
a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from typing import Any

import pyarrow as pa

from orchestration.sources.connectors import Cursor, Offer
from orchestration.sources.connectors.values import Value, before, decoded, encoded, greatest, not_after, rank


@dataclass(frozen=True)
class Record:
    """One record as a reading sees it: where it stands by the growing field (None: nowhere), and its content's hash."""

    value: Value | None
    digest: str


Marks = tuple[Record, ...]


@dataclass(frozen=True)
class Reading:
    """How far a source was read. Immutable: every step gives the next one.

    `lag`, `zone`: of the source's settings. `newest`: greatest value that landed. `horizon`: where the field stood when
    the last pass began. `seen`: what landed from the next pass's beginning on. `since`: where the pass
    under way began. `held`: what `seen` was then. `next`: the position within the pass, None between passes.
    `batches`: batches of the pass so far. `turn`: the number of the pass; `earlier` and `current`: in which turn each
    page of the last pass and of this one was first seen as it is.
    """

    lag: float = 0.0
    zone: tzinfo = UTC
    newest: Value | None = None
    horizon: Value | None = None
    seen: Marks = ()
    since: Value | None = None
    held: Marks = ()
    next: Any = None
    batches: int = 0
    turn: int = 0
    earlier: Mapping[str, int] = field(default_factory=dict[str, int])
    current: Mapping[str, int] = field(default_factory=dict[str, int])

    @classmethod
    def of(cls, cursor: Cursor, *, lag: float = 0.0, zone: tzinfo = UTC) -> Reading:
        """The reading that a cursor holds; an empty cursor is a source that was never read."""
        return cls(
            lag=lag,
            zone=zone,
            newest=decoded(cursor.get("newest")),
            horizon=decoded(cursor.get("horizon")),
            seen=_unpacked(cursor.get("seen", ())),
            since=decoded(cursor.get("since")),
            held=_unpacked(cursor.get("held", ())),
            next=[decoded(item) for item in cursor["next"]] if "next" in cursor else None,
            batches=cursor.get("batches", 0),
            turn=cursor.get("turn", 0),
            earlier=cursor.get("earlier", {}),
            current=cursor.get("current", {}),
        )

    def cursor(self) -> Cursor:
        """What the source's cursor says of this reading: what is empty is left out."""
        told = {
            "newest": None if self.newest is None else encoded(self.newest),
            "horizon": None if self.horizon is None else encoded(self.horizon),
            "seen": _packed(self.seen),
            "since": None if self.since is None else encoded(self.since),
            "held": _packed(self.held),
            "next": None if self.next is None else [encoded(item) for item in self.next],
            "batches": self.batches,
            "turn": self.turn,
            "earlier": dict(self.earlier),
            "current": dict(self.current),
        }
        return {name: value for name, value in told.items() if value or (name == "next" and value is not None)}

    @property
    def is_under_way(self) -> bool:
        """Whether a pass was begun and not ended."""
        return self.next is not None

    def begun(self, start: Value | None, horizon: Value | None) -> Reading:
        """The beginning of a pass, the field standing at `horizon`; a pass that is under way is gone on with."""
        if self.is_under_way:
            return self
        since = start if self.newest is None else self._next_begin(self.newest)
        return replace(self, since=since, held=self.seen, batches=0, horizon=horizon)

    def _next_begin(self, newest: Value) -> Value:
        return before(not_after(newest, self.horizon, self.zone), self.lag)

    def restarted(self) -> Reading:
        """The pass from its beginning again, its position being good for nothing any more.

        What landed in it is not left out: its pages are known batches as they were.
        """
        return replace(self, next=(), seen=self.held, batches=0)

    def fresh(self, records: Sequence[Record]) -> list[int]:
        """Places of the records that have not landed yet; equal records are told apart by their number.

        What lies before the pass's beginning landed in an earlier one: some APIs cut by the day and give it again.
        """
        left = Counter(self.held) | Counter(self.seen)
        found: list[int] = []
        for place, record in enumerate(records):
            if left[record] > 0:
                left[record] -= 1
            elif not self._is_before(record.value):
                found.append(place)
        return found

    def _is_before(self, value: Value | None) -> bool:
        if value is None or self.since is None:
            return False
        (kind, here), (begin_kind, begin) = rank(value), rank(self.since)
        return kind == begin_kind and here < begin

    def behind(
        self, landed: Sequence[Record], *, position: Sequence[Any] | None, content: str | None = None
    ) -> Reading:
        """The reading once these records have landed; `position` goes on from there, None where the pass has ended.

        `content`: hash of the page, for sources without a growing field.
        """
        dated = [record for record in landed if record.value is not None]
        newest = greatest([value for value in (self.newest, *(one.value for one in dated)) if value is not None])
        kept = self.seen if newest is None else _from(self._next_begin(newest), (*self.seen, *dated))
        pages = dict(self.current)
        if content is not None:
            pages.setdefault(content[:16], self.turn_of(content))
        step = replace(self, newest=newest, seen=kept, current=pages, batches=self.batches + bool(landed))
        if position is not None:
            return replace(step, next=list(position))
        step = replace(step, since=None, held=(), next=None, batches=0)
        return replace(step, turn=self.turn + 1, earlier=pages, current={}) if pages else step

    def turn_of(self, content: str) -> int:
        """In which pass a page of this content was first seen without having been otherwise since."""
        mark = content[:16]
        return self.current.get(mark, self.earlier.get(mark, self.turn))

    def digest_of(self, content: str) -> str:
        """The digest of a page's batch: its content, and the turn in which it became so."""
        turn = self.turn_of(content)
        return hashlib.sha256(f"{content}/{turn}".encode()).hexdigest() if turn else content


@dataclass
class Place:
    """The reading of a source under way. It moves only by landing.

    Who yields an offer looks whether it moved, and ends where it did not: a page that was refused is asked for again
    before anything behind it.
    """

    reading: Reading

    def offer(
        self,
        name: str,
        digest: str,
        *,
        read: Callable[[], pa.RecordBatchReader],
        count: Callable[[], int],
        behind: Reading,
    ) -> Offer:
        """An offer that moves the reading and the source's cursor `behind` it."""

        def advance(_: Cursor) -> Cursor:
            self.reading = behind
            return behind.cursor()

        return Offer(name=name, digest=digest, read=read, count=count, advance=advance)


def content_of(texts: Iterable[str]) -> str:
    """SHA-256 of a sequence of texts, in hex; the same for the same texts in the same order only."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(f"{len(text)}:".encode())
        digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def record_digest(content: Any, stable: Callable[[Any], str] = repr) -> str:
    """A short hash of a record: the same whatever the order of its fields; `stable` tells what JSON cannot."""
    text = json.dumps(content, sort_keys=True, default=stable)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _from(begin: Value, records: Iterable[Record]) -> Marks:
    lowest = rank(begin)
    return tuple(one for one in records if one.value is not None and rank(one.value) >= lowest)


def _packed(marks: Marks) -> list[Any]:
    """Values with the digests of their records: many records may share a value."""
    grouped: dict[Any, list[str]] = {}
    for mark in marks:
        grouped.setdefault(mark.value, []).append(mark.digest)
    return [[encoded(value), digests] for value, digests in grouped.items() if value is not None]


def _unpacked(stored: Iterable[Any]) -> Marks:
    return tuple(Record(decoded(value), digest) for value, digests in stored for digest in digests)
