"""A workshop for the own-data page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workshop import Workshop, opened


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    """A home of its own, in which the page's paths are true."""
    with opened() as found:
        yield found
