"""A waiver is data: it holds until its day, for its object and rule only, and an idle one is a finding."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.structure.house.tree import Finding
from tests.structure.house.waivers import Waiver, judge, read_waivers
from tests.structure.planting import plant

LAST_DAY = date(2027, 3, 31)
WAIVER = Waiver("a.py", "long-module", "being split", "platform", LAST_DAY)
FINDING = Finding("a.py", "long-module", "310 lines")
HEADER = "object,rule,reason,owner,expires_on\n"


def test_waiver_holds_on_its_last_day_and_not_after() -> None:
    assert judge([FINDING], [WAIVER], LAST_DAY) == []
    [expired] = judge([FINDING], [WAIVER], date(2027, 4, 1))
    assert (expired.object, expired.rule) == ("a.py", "expired-waiver")
    assert "platform" in expired.detail


def test_waiver_covers_neither_another_object_nor_another_rule() -> None:
    others = [Finding("b.py", "long-module", "310 lines"), Finding("a.py", "secret", "looks like a token")]
    assert judge([FINDING, *others], [WAIVER], LAST_DAY) == others


def test_waiver_of_nothing_is_a_finding() -> None:
    [idle] = judge([], [WAIVER], LAST_DAY)
    assert (idle.object, idle.rule) == ("a.py", "idle-waiver")


def test_waivers_are_read_from_the_seed(tmp_path: Path) -> None:
    row = "a.py,long-module,being split,platform,2027-03-31\n"
    assert read_waivers(plant(tmp_path, {"seeds/structure_waivers.csv": HEADER + row})) == [WAIVER]


@pytest.mark.parametrize("row", ["a.py,long-module,,platform,2027-03-31\n", "a.py,long-module,split,platform,soon\n"])
def test_waiver_without_reason_or_end_is_refused(row: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"line 2: every column|soon"):
        read_waivers(plant(tmp_path, {"seeds/structure_waivers.csv": HEADER + row}))
