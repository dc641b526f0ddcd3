"""Two connectors as they should not be, to show that the harness sees what they lose and double.

Here: the HTTP connector with its cursor in a file of its own, written before or after a page has landed. Run as
`python -m tests.faults.connectors.naive BRAND before|after`.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from orchestration import brands
from orchestration.brands import Brand, Source
from orchestration.sources.connectors import Cursor, Offer, http_api
from orchestration.sources.landing.land import CONNECTORS, land


def _file(brand: Brand) -> Path:
    return brand.home / "naive.json"


def _kept(brand: Brand) -> Cursor:
    return json.loads(_file(brand).read_text()) if _file(brand).is_file() else {}


def _keep(brand: Brand, offer: Offer) -> None:
    _file(brand).write_text(json.dumps(offer.advance({})))


def before(brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
    """Moves on when a page was fetched."""
    del cursor
    for offer in http_api.offers(brand, source, _kept(brand)):
        _keep(brand, offer)
        yield replace(offer, advance=dict)


def after(brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
    """Moves on when a page has landed, each as a new batch."""
    del cursor
    for offer in http_api.offers(brand, source, _kept(brand)):
        yield replace(offer, advance=dict, digest=uuid.uuid4().hex)
        _keep(brand, offer)


def main() -> None:
    """Land the brand's sources once."""
    name, when = sys.argv[1:]
    CONNECTORS["http"] = {"before": before, "after": after}[when]
    land(brands.load(name))


if __name__ == "__main__":
    main()
