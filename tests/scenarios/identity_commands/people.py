"""People with real identifiers, landed as the lander would leave them, and the command line that is asked about them.

Here: records told in clear, tokens and vault made from them, one run of a command. Not here: what is to come out.
"""

from __future__ import annotations

import io
import json
import re
import shlex
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import pytest

from orchestration import settings
from orchestration.cli import main
from orchestration.sources import tokens
from orchestration.warehouse import connect
from tests.scenarios.identity import told_worlds
from tests.scenarios.identity.facts import Decision, Facts, Record
from tests.scenarios.identity.told_worlds import FIRST_DAY, UNDATED, ZONE
from tests.scenarios.world import World
from tests.workshop import PII_KEY

COUNTRY = "CN"
LAST_DAY = told_worlds.day(6)


def key(identifier: str) -> str:
    """The token of `namespace:value`, as landing makes it."""
    namespace, _, value = identifier.partition(":")
    normal = tokens.normaliser(namespace, COUNTRY)(value)
    assert normal is not None, identifier
    return tokens.token(bytes.fromhex(PII_KEY), namespace, normal)


def seen(day: int | None, *identifiers: str, rule: str = "crm.consent", hour: float = 0) -> Record:
    """A record of day 0, 1, 2 … (None: undated) that holds these identifiers."""
    at = UNDATED if day is None else FIRST_DAY + timedelta(days=day, hours=hour)
    named = {identifier.partition(":")[0]: key(identifier) for identifier in identifiers}
    return Record(at, at.astimezone(ZONE).date(), named, "crm.member" if day is None else rule)


def decided(day: int, kind: Literal["release", "refuse", "withdraw"], one: str, other: str) -> Decision:
    """What a person decided on a day."""
    left, right = sorted((key(one), key(other)))
    return Decision(kind, (left, right), told_worlds.day(day), FIRST_DAY + timedelta(days=day))


def clear_values(world: World, identifiers: Iterable[str]) -> None:
    """Put what is behind the tokens into the vault."""
    rows: list[tuple[str, str, str]] = []
    for identifier in identifiers:
        namespace, _, value = identifier.partition(":")
        rows.append((key(identifier), namespace, tokens.normaliser(namespace, COUNTRY)(value) or ""))
    with connect.connect(world.brand.name) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into vault.clear_value values (%s, %s, %s, 'told', '2025-01-01 00:00+00') on conflict do nothing",
            rows,
        )


def land(world: World, facts: Facts, identifiers: Iterable[str]) -> None:
    """Land the facts, and the clear values of all that they name."""
    told_worlds.land(world, facts)
    clear_values(world, identifiers)


def done_build(world: World, as_of: date = LAST_DAY) -> None:
    """Note that the foundation as it stands is done."""
    with connect.connect(world.brand.name) as connection:
        connection.execute(
            "insert into ops.build (phase, as_of, known_at, input_fingerprint, state, owner, started_at)"
            " values ('foundation', %s, now(), 'told', 'done', 'a test', now())",
            (as_of,),
        )


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said."""

    code: int
    out: str

    @property
    def lines(self) -> list[str]:
        """Its lines, without the indent."""
        return [line.strip() for line in self.out.splitlines()]

    @property
    def json(self) -> Any:
        """Its one document."""
        return json.loads(self.out)


def touchstream(world: World, *words: str) -> Ran:
    """Run the command line on the world's brand."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.setattr("sys.argv", ["touchstream", "--brand", world.brand.name, *words])
        try:
            main.main()
            code: object = 0
        except SystemExit as ended:
            code = ended.code
    return Ran(int(str(code or 0)), said.getvalue())


def printed(subject: str, *, page: str = "identity.md") -> list[tuple[list[str], list[str]]]:
    """The commands about `subject` (`identity`, `customer`) that a page of docs/ prints, each with its output."""
    text = (settings.project_root() / "docs" / page).read_text(encoding="utf-8")
    blocks = [block.splitlines() for block in re.findall(r"```console\n\$ touchstream (.*?)```", text, re.DOTALL)]
    return [(words, block[1:]) for block in blocks if (words := shlex.split(block[0]))[0] == subject]
