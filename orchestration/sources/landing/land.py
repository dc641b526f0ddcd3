"""What is landed when: a brand's sources, one batch after the other.

Here: walking over sources and offers, refusing files by name, going on where a source cannot be read, reporting. Not
here: the verdict on rows (judge.py), the transaction (write.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from orchestration.brands import AT_HAND, Brand, Source
from orchestration.failpoints import failpoint
from orchestration.sources import connectors, tokens
from orchestration.sources.connectors import Connector, Offer, SourceFailedError, files, lazily, push
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.headings import RefusedFileError
from orchestration.sources.landing import write
from orchestration.sources.landing.ahead import Meanwhile
from orchestration.sources.landing.copying import Cursor
from orchestration.sources.landing.judge import judging
from orchestration.sources.landing.write import Connection
from orchestration.warehouse import connect

CONNECTORS: dict[str, Connector] = {
    "files": files.offers,
    "http": lazily("http_api"),
    "sql": lazily("sql"),
    "sftp": lazily("sftp"),
    "s3": lazily("s3"),
    "push": push.offers,
}

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Landed:
    """What became of one offer, or of a source that could not be read on (`failed`; its name is the source's).

    Counts are rows; `detail` says why a file was refused or a source failed.
    """

    source: str
    contract: str
    name: str
    outcome: Literal["landed", "known", "refused", "failed"]
    batch_id: str
    landed: int = 0
    accepted: int = 0
    duplicate: int = 0
    quarantined: int = 0
    unmapped_columns: tuple[str, ...] = ()
    reason: str = ""
    detail: str = ""


def land(
    brand: Brand, *, sources: list[str] | None = None, is_full: bool = False, on_progress: Progress | None = None
) -> list[Landed]:
    """Land whatever the brand's sources (or the named ones) offer beyond their cursors.

    Sources marked `only_full` need `is_full`. Refused files, and sources that cannot be read, are reported and
    remembered, and do not keep the others from landing. Raises KeyError for an unknown source.
    """
    chosen = (
        sources
        if sources is not None
        else [name for name, item in brand.file.sources.items() if is_full or not item.only_full]
    )
    if unknown := [name for name in chosen if name not in brand.file.sources]:
        raise KeyError(
            f"brand {brand.name} has no source {', '.join(unknown)}; there are {', '.join(brand.file.sources)}"
        )
    key = tokens.pii_key(brand.name)
    with connect.connect(brand.name, application_name="touchstream land") as control:
        write.prepare(control, brand.name, key)
    results: list[Landed] = []
    with write.session(brand.name, application_name="touchstream land") as connection:
        for name in chosen:
            results += _land_source(connection, brand, name, key, on_progress or (lambda _: None))
    return results


def _land_source(connection: Connection, brand: Brand, name: str, key: bytes, on_progress: Progress) -> list[Landed]:
    source = brand.file.sources[name]
    results: list[Landed] = []
    with connection.cursor() as cursor:
        _lock_reading(cursor, name, "pg_advisory_lock")
        position = write.position(cursor, name)
        if source.connector not in AT_HAND:
            write.note_attempt(cursor, name)
    connection.commit()
    try:
        for offer in _connector(source.connector)(brand, source, position):
            on_progress(f"{source.contract} ← {offer.name}")
            results.append(_land_offer(connection, brand, name, source, offer, key))
    except SourceFailedError as error:
        _remember_refusal(connection, name, source, name, "", error)
        results.append(Landed(name, source.contract, name, "failed", "", reason=error.reason, detail=str(error)))
    with connection.cursor() as cursor:
        if not (results and results[-1].outcome == "failed"):
            cursor.execute(
                "delete from ops.refused_file where source = $1 and name = $1 and content_digest = ''", (name,)
            )
        _lock_reading(cursor, name, "pg_advisory_unlock")
    connection.commit()
    return results


def _lock_reading(cursor: Cursor, source: str, what: str) -> None:
    """Let one process at a time read a source from its cursor to its end; the lock goes with the connection."""
    cursor.execute(f"select {what}(hashtextextended('touchstream.read.' || $1, 0))".encode(), (source,))
    cursor.fetchall()


def _connector(name: str) -> Connector:
    return connectors.own_connector(name) if name.startswith("own.") else CONNECTORS[name]


def batch_id_of(source: str, contract: str, digest: str) -> str:
    """The batch's id: equal content of one source and contract is the same batch, whatever its name."""
    return hashlib.sha256(f"{source}/{contract}/{digest}".encode()).hexdigest()[:24]


def _land_offer(connection: Connection, brand: Brand, name: str, source: Source, offer: Offer, key: bytes) -> Landed:
    batch_id = batch_id_of(name, source.contract, offer.digest)
    try:
        with connection.cursor() as cursor:
            loaded_at = write.lock_source(cursor, name)
            known = Landed(name, source.contract, offer.name, "known", batch_id)
            is_landed = write.is_landed(cursor, batch_id)
            if not offer.take(cursor, batch_id):
                connection.rollback()
                return known
            if is_landed:
                write.move(cursor, name, offer.advance)
                connection.commit()
                return known
        batch = write.Batch(batch_id, name, CONTRACTS[source.contract], offer.name, Meanwhile(offer.count), loaded_at)
        result = _write_offer(connection, brand, source, offer, batch, key)
        with connection.cursor() as cursor:
            write.move(cursor, name, offer.advance)
        failpoint("landing.before_commit")
        connection.commit()
        failpoint("landing.after_commit")
        return result
    except RefusedFileError as error:
        connection.rollback()
        _remember_refusal(connection, name, source, offer.name, offer.digest, error)
        return Landed(name, source.contract, offer.name, "refused", batch_id, reason=error.reason, detail=str(error))
    except BaseException:
        connection.rollback()
        raise


def _write_offer(
    connection: Connection, brand: Brand, source: Source, offer: Offer, batch: write.Batch, key: bytes
) -> Landed:
    try:
        opened = judging(brand, batch.contract, source, offer.read, loaded_at=batch.loaded_at, key=key)
        with opened as judged:
            write.write(connection, batch, judged, brand.file.time_zone)
            counts = judged.counts
            return Landed(
                source=batch.source,
                contract=batch.contract.id,
                name=offer.name,
                outcome="landed",
                batch_id=batch.batch_id,
                landed=batch.landed(),
                accepted=counts.accepted,
                duplicate=counts.duplicate,
                quarantined=counts.quarantined,
                unmapped_columns=judged.mapping.unmapped_columns,
            )
    except Exception:
        batch.landed()  # what cannot be decoded at all is said first
        raise


def _remember_refusal(
    connection: Connection,
    name: str,
    source: Source,
    what: str,
    digest: str,
    error: RefusedFileError | SourceFailedError,
) -> None:
    """Note a refusal; one that stands unchanged keeps its moment, so that trying again changes nothing.

    A source that failed is noted under its own name without a digest, until it is read to its end.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ops.refused_file (source, contract, name, content_digest, reason, detail, refused_at) "
            "values ($1, $2, $3, $4, $5, $6, now()) on conflict (source, contract, name, content_digest) "
            "do update set reason = excluded.reason, detail = excluded.detail, refused_at = excluded.refused_at "
            "where (refused_file.reason, refused_file.detail) is distinct from (excluded.reason, excluded.detail) "
            "or exists (select 1 from ops.batch as bat where bat.source = excluded.source and bat.name = excluded.name "
            "and bat.loaded_at > refused_file.refused_at)",
            (name, source.contract, what, digest, error.reason, str(error)),
        )
    connection.commit()
