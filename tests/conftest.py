"""The workshop that all tests of a worker share: one home, one server, a database for every brand.

Files of tests are spread over workers in any order, so nothing else may set the environment for longer than a module.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workshop import Workshop, opened


@pytest.fixture(scope="session")
def workshop() -> Iterator[Workshop]:
    """Brands for this session."""
    with opened() as found:
        yield found
