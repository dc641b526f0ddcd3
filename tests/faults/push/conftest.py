"""A workshop on an embedded server of its own, which may be killed, and a brand with pushed sources."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orchestration.brands import Brand
from tests.integration.push.kit import SOURCES, emptied
from tests.workshop import Workshop, opened


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    """Brands on a server that the tests of a module may kill."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TOUCHSTREAM_DATABASE_URL", raising=False)
        with opened() as found:
            yield found


@pytest.fixture(scope="module")
def shared_brand(workshop: Workshop) -> Brand:
    return workshop.brand(SOURCES)


@pytest.fixture
def brand(shared_brand: Brand) -> Brand:
    """A brand into which nothing was pushed or landed."""
    return emptied(shared_brand)
