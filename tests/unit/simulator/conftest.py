"""Small brands, written once for all tests that only look."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from simulator.brand.parameters import Parameters
from simulator.brand.run import Home, write_at_once

START = date(2025, 2, 20)
SPRING = Parameters(customers=300, days=60, start=START, dirt=0.02, daily_files=3)
"""Two months that hold Ms. Lin's first four steps."""

YEAR = Parameters(customers=300, dirt=0.0, daily_files=1)


@pytest.fixture(scope="session")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a brand of 300 people and 60 days, rather dirty."""
    home = tmp_path_factory.mktemp("spring")
    write_at_once(Home(home), SPRING)
    return home


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a clean brand of 300 people over the whole story."""
    home = tmp_path_factory.mktemp("year")
    write_at_once(Home(home), YEAR)
    return home
