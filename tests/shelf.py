"""What tests of connectors have in common: a shelf that lands in memory, brand files for the stand-in API, a clock.

Here: the landing's side of the agreement between landing and connectors, without a database. Not here: landing itself
(tests/integration/connectors, tests/faults/connectors).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestration import brands
from orchestration.brands import Brand, Source
from orchestration.sources.connectors import Cursor, Offer, SourceFailedError
from orchestration.sources.headings import RESERVED, RefusedFileError
from simulator.http_api import CLIENT, Api
from tests.workshop import HEAD

Offers = Callable[[Brand, Source, Cursor], Iterator[Offer]]

ENVIRONMENT = {"SHOP_CLIENT": CLIENT[0], "SHOP_SECRET": CLIENT[1]}
TOKEN = """
[sources.orders.http.token]
url = "{url}/token"
client_id_env = "SHOP_CLIENT"
client_secret_env = "SHOP_SECRET"
"""
SINCE = """
[sources.orders.http.since]
parameter = "since"
field = "changed_at"
"""
PAGING = {
    "cursors": 'by = "cursor"\nparameter = "cursor"\nnext = "paging.next"\n',
    "feed": 'by = "cursor"\nparameter = "cursor"\nnext = "paging.next"\ncontinues = true\n',
    "pages": 'by = "page"\nparameter = "page"\n',
    "links": 'by = "link"\n',
    "since": 'by = "since"\nsize = 10\nsize_parameter = "limit"\n',
}


def orders(api: Api, style: str, *, more: str = "", since: str | None = None, token: str = TOKEN) -> str:
    """A brand file with one source, `orders`, on the stand-in API; `more` are further settings of its table `http`."""
    settings = SINCE if since is None and style != "feed" else since or ""
    return f"""
[sources.orders]
connector = "http"
contract = "pos.order_line"
ignore_columns = ["changed_at"]
[sources.orders.http]
url = "{api.url}/{style}"
records = "data.items"
rate_per_second = 1000
backoff_seconds = 0.01
{more}
{token.format(url=api.url)}
[sources.orders.http.paging]
{PAGING[style]}
{settings}
"""


def brand_of(folder: Path, toml: str) -> Brand:
    """A brand whose file lies in `folder` (where TOUCHSTREAM_BRANDS points to), without a database."""
    (folder / "shelf.toml").write_text(HEAD + toml, encoding="utf-8")
    return brands.load("shelf")


@dataclass
class Shelf:
    """Lands what one source offers as landing does: a batch and the cursor behind it together, a known batch once.

    `rows`: the rows of all batches, in order. `failure`: what ended the last landing. `refuses`: rows it refuses.
    """

    brand: Brand
    offers: Offers
    name: str
    cursor: Mapping[str, Any] = field(default_factory=dict[str, Any])
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    batches: dict[str, str] = field(default_factory=dict[str, str])
    failure: SourceFailedError | None = None
    refuses: Callable[[dict[str, Any]], bool] = lambda _: False

    def land(self, *, at_most: int = 1_000_000) -> list[str]:
        """Land once and say what became of each offer; `at_most`: offers after which the process is ended."""
        self.failure = None
        outcomes: list[str] = []
        try:
            for offer in self.offers(self.brand, self.brand.file.sources[self.name], self.cursor):
                outcomes.append(self._take(offer))
                if len(outcomes) >= at_most:
                    break
        except SourceFailedError as error:
            self.failure = error
        return outcomes

    def _take(self, offer: Offer) -> str:
        if offer.digest not in self.batches:
            try:
                count, rows = offer.count(), list(_rows(offer))
            except RefusedFileError as error:
                return error.reason
            assert rows == list(_rows(offer)), "read again, it is the same"
            assert count == len(rows)
            if any(self.refuses(row) for row in rows):
                return "refused"
            self.rows += rows
        outcome = "known" if offer.digest in self.batches else "landed"
        self.batches.setdefault(offer.digest, offer.name)
        self.cursor = json.loads(json.dumps(dict(offer.advance(self.cursor))))
        return outcome

    def values(self, column: str) -> list[Any]:
        """One column of all rows, sorted."""
        return sorted(row[column] for row in self.rows)


def failure_of(found: Shelf) -> SourceFailedError:
    """What a landing that fails says."""
    found.land()
    assert found.failure is not None
    return found.failure


def _rows(offer: Offer) -> Iterator[dict[str, Any]]:
    for batch in offer.read():
        for row in batch.to_pylist():
            line = row.pop("_line", None)
            kept = {name: value for name, value in row.items() if name not in RESERVED}
            yield kept if line is None else json.loads(line)


def truth(api: Api) -> list[str]:
    """The orders that the stand-in has, as `values` sorts them."""
    return sorted(record["order_id"] for record in api.records)


class PatientClock:
    """A clock that moves only by being waited for; `waited`: every wait, in seconds."""

    def __init__(self) -> None:
        self.moment = datetime(2024, 3, 2, tzinfo=UTC)
        self.waited: list[float] = []

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.moment += timedelta(seconds=seconds)
