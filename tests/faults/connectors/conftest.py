"""A workshop for tests of connectors that are killed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workshop import Workshop, opened


@pytest.fixture(scope="session")
def workshop() -> Iterator[Workshop]:
    """Brands for this session."""
    with opened() as found:
        yield found
