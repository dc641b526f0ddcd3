"""kill -9 before and after each commit, from landing to sending: the next run ends as if nothing had happened."""

from __future__ import annotations

import signal

import pytest

from tests.faults.pipeline.mornings import Moment, Mornings
from tests.integration.pipeline.kit import Outcome, assert_as_undisturbed

POINTS: tuple[tuple[Moment, str, int], ...] = (
    ("delivered", "landing.after_copy", 1),
    ("delivered", "landing.before_commit", 2),
    ("delivered", "landing.after_commit", 3),
    ("delivered", "build.after_open_foundation", 1),
    ("delivered", "build.before_close_foundation", 1),
    ("delivered", "build.after_close_foundation", 1),
    ("founded", "build.after_open_serving", 1),
    ("founded", "build.before_close_serving", 1),
    ("founded", "build.after_close_serving", 1),
    ("built", "planning.before_commit", 1),
    ("built", "planning.after_commit", 1),
    ("built", "sending.before_intent_commit", 2),
    ("built", "sending.after_intent_commit", 1),
    ("built", "sending.after_connect", 2),
    ("built", "sending.after_data_sent", 6),
    ("built", "sending.before_ack_commit", 1),
    ("built", "sending.after_ack_commit", 2),
)


@pytest.mark.parametrize(("moment", "point", "passage"), POINTS, ids=[point for _, point, _ in POINTS])
def test_the_next_run_ends_as_if_nothing_had_happened(
    mornings: Mornings, expected: Outcome, moment: Moment, point: str, passage: int
) -> None:
    stall = mornings.at(moment)
    killed = stall.run(TOUCHSTREAM_FAILPOINT=f"{point}:kill", TOUCHSTREAM_FAILPOINT_HITS=str(passage))
    assert killed.returncode == -signal.SIGKILL, killed.said()
    stall.work()
    assert_as_undisturbed(stall.outcome(), expected)


def test_settling_what_a_killed_run_left_may_be_killed_too(mornings: Mornings, expected: Outcome) -> None:
    stall = mornings.at("built")
    for point, passage in (("sending.after_data_sent", 3), ("reconcile.before_commit", 1)):
        killed = stall.run(TOUCHSTREAM_FAILPOINT=f"{point}:kill", TOUCHSTREAM_FAILPOINT_HITS=str(passage))
        assert killed.returncode == -signal.SIGKILL, killed.said()
    stall.work()
    assert_as_undisturbed(stall.outcome(), expected)
