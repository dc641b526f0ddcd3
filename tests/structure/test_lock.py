"""requirements.lock names one version of everything, for every Python the project runs on, and knows no machine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from orchestration import bootstrap

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LINES = [
    line for line in (ROOT / "requirements.lock").read_text().splitlines() if line and not line.lstrip().startswith("#")
]
LOCKED = [Requirement(line) for line in LINES]
PYTHONS = ("3.11", "3.12", "3.13")


def versions_for(name: str, python: str) -> list[str]:
    """The versions that the lock has of a package for one Python on a Linux machine."""
    machine = {"python_version": python, "python_full_version": f"{python}.5", "sys_platform": "linux"}
    machine |= {"platform_python_implementation": "CPython", "implementation_name": "cpython"}
    machine |= {"platform_machine": "x86_64", "os_name": "posix", "platform_system": "Linux"}
    fitting = (one for one in LOCKED if canonicalize_name(one.name) == canonicalize_name(name))
    return [str(one.specifier).removeprefix("==") for one in fitting if not one.marker or one.marker.evaluate(machine)]


def declared() -> list[Requirement]:
    """What pyproject.toml asks for, extras included."""
    extras = PROJECT["optional-dependencies"].values()
    return [Requirement(line) for line in (*PROJECT["dependencies"], *(line for extra in extras for line in extra))]


def test_each_line_pins_one_version_and_nothing_else() -> None:
    pinned = re.compile(r"[a-z0-9][a-z0-9.-]*==[0-9][A-Za-z0-9.+!]*( ; [\w .'\"=!<>()]+)?")
    assert [line for line in LINES if not pinned.fullmatch(line)] == []


@pytest.mark.parametrize("python", PYTHONS)
def test_every_declared_package_is_locked_within_its_bounds(python: str) -> None:
    outside = {
        str(one): found
        for one in declared()
        if not all(map(one.specifier.contains, found := versions_for(one.name, python)))
    }
    missing = [str(one) for one in declared() if not versions_for(one.name, python)]
    twice = [one.name for one in LOCKED if len(versions_for(one.name, python)) > 1]
    assert (outside, missing, twice) == ({}, [], [])


def test_set_up_accepts_the_pythons_that_the_project_declares() -> None:
    wanted = SpecifierSet(PROJECT["requires-python"])
    accepted = {f"3.{minor}" for minor in range(8, 20) if bootstrap.OLDEST <= (3, minor) <= bootstrap.NEWEST}
    assert accepted == {f"3.{minor}" for minor in range(8, 20) if wanted.contains(f"3.{minor}.1")} == set(PYTHONS)
