"""One `touchstream dev` for all tests of a module: a server, a daemon and a build cost minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from orchestration.brands import Brand
from tests.integration.dagster_ui.kit import SOURCES, Served, catalogue, fill
from tests.workshop import Workshop, opened


@dataclass(frozen=True)
class Dev:
    """The brand, where it was made, and the address of its Dagster."""

    workshop: Workshop
    brand: Brand
    url: str


@pytest.fixture(scope="module")
def dev() -> Iterator[Dev]:
    """`touchstream dev` on a small brand."""
    with opened() as workshop:
        brand = workshop.brand(SOURCES)
        fill(brand)
        address = catalogue(workshop, "p0", "p1", "p2")
        with Served(workshop, brand, CATALOGUE_URL=address, EVENTS_SECRET="s" * 16) as url:
            yield Dev(workshop, brand, url)


@pytest.fixture(scope="module")
def ui(dev: Dev) -> tuple[str, Brand]:
    """Its address, and the brand."""
    return dev.url, dev.brand
