"""The corpus finds a lander out that is wrong in any of its ways, and agrees with one that is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orchestration.warehouse import connect
from tests.faults.landing.bad_landers import BAD
from tests.faults.landing.corpus import CASES
from tests.faults.landing.corpus.case import Case
from tests.faults.landing.harness import Outcome, clear_text_outside_the_vault, due, findings
from tests.workshop import Workshop


@pytest.mark.parametrize(("lander", "is_found_by"), BAD, ids=lambda item: getattr(item, "__name__", ""))
def test_a_bad_lander_is_found_out_by_every_case_it_spoils(
    lander: Callable[[Case], Outcome], is_found_by: Callable[[Case], bool]
) -> None:
    finders = {case.name for case in CASES if is_found_by(case)}
    assert len(finders) >= 5
    assert finders <= {case.name for case in CASES if findings(case, lander(case))}


def test_a_right_lander_has_no_findings() -> None:
    assert [told for case in CASES for told in findings(case, due(case))] == []


def test_every_case_can_be_put_right() -> None:
    for case in CASES:
        if case.broken or case.rows is None:
            assert case.mend is not None, case.name
            is_by_mapping = case.mend.columns is not None or case.mend.settings is not None
            assert is_by_mapping or case.mend.content is not None or case.mend.rows, case.name


def test_clear_text_is_found_wherever_it_stands(workshop: Workshop) -> None:
    brand = workshop.brand("")
    assert clear_text_outside_the_vault(brand) == []
    with connect.connect(brand.name, application_name="test") as connection:
        connection.execute("insert into ops.setting (name, value) values ('planted', 'a Canary sings')")
    assert clear_text_outside_the_vault(brand) == ["ops.setting: canary"]
