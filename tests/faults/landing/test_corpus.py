"""Every malformed input is accounted for, row by row, with the right reason; put right, it lands and nothing waits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from orchestration.brands import Brand
from orchestration.sources.landing import land, replay
from orchestration.sources.landing.land import Landed
from orchestration.sources.landing.write import session
from tests.faults.landing.corpus import CASES
from tests.faults.landing.corpus.case import DUPLICATE, Case
from tests.faults.landing.harness import Outcome, clear_text_outside_the_vault, findings, outcomes, sources
from tests.workshop import Workshop, rows, write

MENDED = [case for case in CASES if case.mend is not None]


@dataclass(frozen=True)
class Story:
    """The corpus landed, and landed again after every input was put right."""

    brand: Brand
    told: list[Landed]
    first: Mapping[str, Outcome]
    leaks: list[str]
    second: Mapping[str, Outcome]
    told_again: list[Landed]
    waiting: Mapping[str, int]


@pytest.fixture(scope="module")
def story(workshop: Workshop) -> Story:
    brand = workshop.brand(sources(CASES, is_mended=False))

    def batches(names: list[str]) -> list[str]:
        found = rows(brand, "select batch_id from ops.batch where source = any(%(names)s)", {"names": names})
        return [str(batch_id) for (batch_id,) in found]

    for case in CASES:
        write(brand, f"{case.name}/{case.file}", case.content)
    told = land.land(brand)
    first = outcomes(brand, CASES)
    leaks = clear_text_outside_the_vault(brand)
    mended = workshop.brand(sources(CASES, is_mended=True), name=brand.name)
    for case in CASES:
        if case.mend is not None and case.mend.content is not None:
            write(brand, f"{case.name}/{case.file}", case.mend.content)
    told_again = land.land(mended)
    for batch_id in batches([case.name for case in MENDED if case.mend and not case.mend.rows]):
        replay.replay(mended, batch_id=batch_id)
    replay.replay(mended, corrections=corrections(brand))
    for batch_id in batches(["two_agree_and_one_differs", "equal_rows_of_parquet"]):
        replay.replay(mended, batch_id=batch_id)  # their rows no longer differ
    with session(brand.name, application_name="test") as connection:
        names = [row.source for row in replay.waiting(connection)]
    waiting = {name: names.count(name) for name in names}
    return Story(mended, told, first, leaks, outcomes(mended, CASES), told_again, waiting)


def corrections(brand: Brand) -> dict[str, str]:
    """The rows as a person corrects them, by their quarantine id."""
    rows_of = {case.name: case.mend for case in MENDED}
    found: dict[str, str] = {}
    with session(brand.name, application_name="test") as connection:
        for row in replay.waiting(connection):
            mend = rows_of.get(row.source)
            if mend is None or row.row_number not in mend.rows:
                continue
            before = json.loads(row.original or "{}") if row.form == "json" and not mend.is_whole else {}
            found[row.quarantine_id] = json.dumps({**before, **mend.rows[row.row_number]})
    return found


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert sum(1 for case in CASES if not case.is_harmless) >= 150
    assert sum(case.inputs for case in CASES) >= 600
    assert len({case.contract for case in CASES}) >= 15


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_row_is_accounted_for_with_its_reason(story: Story, case: Case) -> None:
    assert findings(case, story.first[case.name]) == []


def test_what_the_command_tells_is_what_is_stored(story: Story) -> None:
    told = {item.source: item for item in story.told}
    assert set(told) == {case.name for case in CASES}
    for name, outcome in story.first.items():
        item = told[name]
        counts = (item.landed, item.accepted, item.duplicate, item.quarantined)
        assert (item.outcome == "refused", item.reason) == (bool(outcome.refused), outcome.refused)
        assert counts == (outcome.counts or (0, 0, 0, 0))


def test_no_clear_text_stands_outside_the_vault(story: Story) -> None:
    assert story.leaks == []
    assert "canary" not in str(story.told).lower()
    assert [table for table in clear_text_outside_the_vault(story.brand) if not table.startswith("raw.")] == []
    assert rows(story.brand, "select count(*) > 0 from vault.clear_value where value like '%canary%'") == [(True,)]


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case.is_harmless and case.inputs], ids=lambda case: case.name
)
def test_put_right_nothing_waits_and_every_row_is_there(story: Story, case: Case) -> None:
    outcome = story.second[case.name]
    assert case.name not in story.waiting
    if case.rows is None:
        assert case.mend is not None
        assert (outcome.refused, outcome.counts) == ("", (case.mend.accepted, case.mend.accepted, 0, 0))
        return
    repeated = {number for number, verdict in enumerate(case.rows, start=1) if verdict == DUPLICATE}
    missing = set(range(1, len(case.rows) + 1)) - set(outcome.stored)
    assert missing >= repeated
    twice = rows(
        story.brand,
        "select coalesce(sum(duplicate), 0) from ops.batch where source = %(name)s and replayed_from is not null",
        {"name": case.name},
    )
    assert len(missing) == len(repeated) + int(str(twice[0][0]))


def test_only_what_was_refused_is_landed_again(story: Story) -> None:
    refused = {name for name, outcome in story.first.items() if outcome.refused}
    assert {item.source for item in story.told_again} == refused
    assert {item.outcome for item in story.told_again} == {"landed"}
