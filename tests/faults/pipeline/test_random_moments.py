"""kill -9 at moments nobody chose: of a run, of its dbt, of the database server. The next run ends as if nothing was.

Each seed draws from which moment of the morning the run starts, after which share of its usual time it is hit, and who
is. How long the machine takes decides only where in the run the blow falls, never what must come out.
"""

from __future__ import annotations

import random
import time

import pytest

from tests.faults.pipeline.killers import KILLERS
from tests.faults.pipeline.mornings import MOMENTS, Moment, Mornings
from tests.integration.pipeline.forge import Command
from tests.integration.pipeline.kit import Outcome, assert_as_undisturbed

SEEDS = range(20)


@pytest.fixture(scope="module")
def usual(mornings: Mornings) -> dict[Moment, float]:
    """Seconds that an undisturbed run takes from each moment on this machine."""
    found: dict[Moment, float] = {}
    for moment in MOMENTS:
        stall = mornings.at(moment)
        started = time.monotonic()
        stall.work()
        found[moment] = time.monotonic() - started
    return found


def _running_after(mornings: Mornings, moment: Moment, seconds: float) -> Command:
    """A run that began at the moment so long ago and has not ended; one that has is begun again and left less time."""
    while True:
        run = mornings.at(moment).start_run()
        time.sleep(seconds)
        if run.is_running():
            return run
        run.wait()
        seconds *= 0.8


@pytest.mark.parametrize("seed", SEEDS)
def test_the_next_run_ends_as_if_nothing_had_happened(
    mornings: Mornings, expected: Outcome, usual: dict[Moment, float], seed: int
) -> None:
    chance = random.Random(f"moment {seed}")
    moment, killer, share = MOMENTS[seed % len(MOMENTS)], chance.choice(KILLERS), chance.random()
    run = _running_after(mornings, moment, share * usual[moment])
    killer(mornings.stall, run)
    mornings.stall.work()
    assert_as_undisturbed(mornings.stall.outcome(), expected)
