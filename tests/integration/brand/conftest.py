"""A workshop for the demo brand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workshop import Workshop, opened


@pytest.fixture(scope="session")
def workshop() -> Iterator[Workshop]:
    """Brands for this session."""
    with opened() as found:
        yield found
