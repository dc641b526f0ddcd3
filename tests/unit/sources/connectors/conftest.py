"""A home without a database, the stand-in's client, and a clock that need not be waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from orchestration.sources.connectors import http_api
from simulator.http_api import Api
from tests.shelf import ENVIRONMENT, PatientClock, Shelf, brand_of


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(tmp_path))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def clock() -> PatientClock:
    return PatientClock()


@pytest.fixture
def api() -> Iterator[Api]:
    with Api(records=35) as made:
        yield made


@pytest.fixture
def shelf(home: Path, clock: PatientClock) -> Callable[[str], Shelf]:
    """Makes a shelf for the source `orders` of a brand file, on the patient clock."""
    return lambda toml: Shelf(brand_of(home, toml), partial(http_api.offers, clock=clock), "orders")
