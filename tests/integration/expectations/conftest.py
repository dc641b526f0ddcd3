"""One brand for all tests of this folder, emptied before each: a server and Great Expectations cost seconds."""

from __future__ import annotations

import pytest

from tests.integration.expectations.kit import TOML, Desk
from tests.workshop import Workshop


@pytest.fixture(scope="session")
def shared_desk(workshop: Workshop) -> Desk:
    return Desk(workshop.brand(TOML), workshop)


@pytest.fixture
def desk(shared_desk: Desk) -> Desk:
    shared_desk.empty()
    return shared_desk
