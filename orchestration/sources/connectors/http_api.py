"""The connector for HTTP APIs that answer in JSON: every page with records is a batch.

Here: from answers to offers. Not here: paging (http_paging.py), requests (http_client.py), what has landed already
(reading.py). A page is landed as JSON lines; its digest is of what the records say, so a page that comes again is a
known batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from orchestration.brands import Brand, Source
from orchestration.source_settings import HttpSettings, present
from orchestration.sources import formats
from orchestration.sources.connectors import Cursor, Offer, SourceFailedError, json_text
from orchestration.sources.connectors.clock import Clock, SystemClock
from orchestration.sources.connectors.http_client import Api
from orchestration.sources.connectors.http_paging import STYLES, Lister
from orchestration.sources.connectors.reading import Place, Reading, Record, content_of, record_digest
from orchestration.sources.connectors.values import is_value
from orchestration.sources.file_format import FileFormat
from orchestration.sources.landing import scratch

LINES = FileFormat("jsonl", is_gzip=False)


def offers(brand: Brand, source: Source, cursor: Cursor, *, clock: Clock | None = None) -> Iterator[Offer]:
    """The pages behind the cursor; a pass that was broken off is ended first, then the next one is read."""
    how = present(source.http, "table http")
    lag, zone = how.since.lag if how.since else 0.0, ZoneInfo(source.time_zone or brand.file.time_zone)
    place, clock = Place(Reading.of(cursor, lag=lag, zone=zone)), clock or SystemClock()
    with scratch.folder(brand) as folder, Api(how, clock) as api:
        lister = Lister(api, how, began_at=clock.now())
        if place.reading.is_under_way:
            yield from _rest_of_pass(lister, place, folder)
        if not place.reading.is_under_way:
            yield from _pass(lister, place, folder)


def _rest_of_pass(lister: Lister, place: Place, folder: Path) -> Iterator[Offer]:
    """What a pass left behind; the whole of it again where the API no longer knows its position."""
    stood = place.reading
    try:
        yield from _pass(lister, place, folder)
    except SourceFailedError as error:
        if error.reason != "rejected" or place.reading is not stood or not stood.next:
            raise
        place.reading = stood.restarted()
        yield from _pass(lister, place, folder)


def _pass(lister: Lister, place: Place, folder: Path) -> Iterator[Offer]:
    """A pass from where the reading stands; ends early where a page was refused."""
    how = lister.how
    place.reading = place.reading.begun(how.since.start if how.since else None, lister.began_at if how.since else None)
    reads_everything = how.since is None and not how.paging.continues
    for page in STYLES[how.paging.by](lister, place):
        records = [_record(how, record) for record in page.records]
        fresh = place.reading.fresh(records)
        landing = [records[item] for item in fresh]
        content = content_of(record.digest for record in landing)
        told = content if landing and reads_everything else None
        behind = place.reading.behind(landing, position=page.position, content=told)
        if landing:
            path = folder / f"{place.reading.batches + 1}.jsonl"
            yield _offer(place, behind, how, [page.records[item] for item in fresh], content, path)
            path.unlink()
            if place.reading is not behind:
                return
        place.reading = behind


def _record(how: HttpSettings, record: Any) -> Record:
    value = json_text.at(record, how.since.field) if how.since else None
    return Record(value if is_value(value) else None, record_digest(record))


def _offer(place: Place, behind: Reading, how: HttpSettings, records: Sequence[Any], content: str, path: Path) -> Offer:
    """The page as a batch: counted as the API's list, read as lines."""
    path.write_text("".join(f"{json_text.written(record)}\n" for record in records), encoding="utf-8")
    return place.offer(
        _name(how, place.reading),
        place.reading.digest_of(content),
        read=lambda: formats.read_to_land(path, LINES),
        count=lambda: len(records),
        behind=behind,
    )


def _name(how: HttpSettings, reading: Reading) -> str:
    since = "" if reading.since is None else f" since {reading.since}"
    turn = f" pass {reading.turn + 1}" if how.since is None and not how.paging.continues else ""
    return f"{urlsplit(how.url).path or '/'}{since}{turn} page {reading.batches + 1}"
