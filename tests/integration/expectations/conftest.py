"""One brand for all tests of this folder, emptied before each: a server and Great Expectations cost seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.expectations.kit import TOML, Desk
from tests.workshop import opened


@pytest.fixture(scope="session")
def shared_desk() -> Iterator[Desk]:
    with opened() as workshop:
        yield Desk(workshop.brand(TOML), workshop)


@pytest.fixture
def desk(shared_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name, value in shared_desk.workshop.environment.items():
        monkeypatch.setenv(name, value)
    shared_desk.empty()
    return shared_desk
