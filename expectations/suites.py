"""The doors and what stands at each.

Here: the registry of subjects, and which module makes a subject's suite. Not here: the suites themselves.
"""

from __future__ import annotations

from expectations import landing, marts, payload
from expectations.model import Door, Subject, Suite
from expectations.situation import Situation
from orchestration.sources.contracts import CONTRACTS

_SUBJECTS: dict[str, Subject] = {
    item.name: item
    for item in (*(landing.subject_of(contract) for contract in CONTRACTS.values()), *marts.SUBJECTS, *payload.SUBJECTS)
}
_SUITES = {"landing": landing.suite, "marts": marts.suite, "payload": payload.suite}


def subjects(door: Door | None = None) -> list[str]:
    """The names (`schema.table`) of what is judged at a door, or at all of them, in the order of the data's way."""
    return [name for name, item in _SUBJECTS.items() if door is None or item.door == door]


def subject(name: str) -> Subject:
    """The subject of that name, with its asset key and description; KeyError with the known names for another."""
    try:
        return _SUBJECTS[name]
    except KeyError:
        raise KeyError(f"nothing named {name!r} is judged; there are {', '.join(_SUBJECTS)}") from None


def suite(situation: Situation) -> Suite:
    """The suite of a subject as its situation wants it."""
    return _SUITES[situation.subject.door](situation)
