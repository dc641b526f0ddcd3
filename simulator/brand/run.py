"""Writing the brand: everything up to a day at once, then one day after the other.

Here: what is written when, the manifest that makes a second run of the same a matter of looking, the state between
days. Not here: the story (story.py), answers to messages (reactions.py).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from simulator.brand import accepted as gateways
from simulator.brand import known_as, truth
from simulator.brand.accepted import Record
from simulator.brand.answer_rows import rows_of
from simulator.brand.answers import Answer, Answers
from simulator.brand.export import Told, with_told
from simulator.brand.exports.all import of_people, of_world
from simulator.brand.files import PART, Drop, Period, periods_at_once
from simulator.brand.lin import story as lin_story
from simulator.brand.parameters import Parameters
from simulator.brand.reactions import react
from simulator.brand.story import Story, chunks
from simulator.brand.world import World


class RunError(RuntimeError):
    """A day that cannot be written now; the message says which can."""


@dataclass(frozen=True)
class Home:
    """The folders of one brand."""

    path: Path

    @property
    def drop(self) -> Path:
        """Exports."""
        return self.path / "drop"

    @property
    def truth(self) -> Path:
        """What the product never reads."""
        return self.path / "truth"

    @property
    def state(self) -> Path:
        """What one day leaves for the next."""
        return self.truth / "state"

    def read(self, name: str) -> dict[str, Any]:
        """A file of the state; empty when there is none."""
        path = self.state / name
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    def keep(self, name: str, content: dict[str, Any]) -> None:
        """Write a file of the state, whole or not at all."""
        self.state.mkdir(parents=True, exist_ok=True)
        part = self.state / f"{name}{PART}"
        part.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8")
        part.replace(self.state / name)


def fingerprint(parameters: Parameters) -> str:
    """What the exports depend on: the parameters and the code that writes them."""
    digest = hashlib.sha256(json.dumps(parameters.told(), sort_keys=True).encode())
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def write_at_once(home: Home, parameters: Parameters) -> int:
    """Write all exports up to the last day at once, and the truth; gives the rows written, 0 when all was there."""
    mark = fingerprint(parameters)
    manifest = home.read("manifest.json")
    if manifest.get("fingerprint") == mark and _are_there(home, manifest["files"]):
        return 0
    _clear(home, manifest.get("files", {}))
    drop = Drop(home.drop, parameters, *periods_at_once(parameters))
    _write(home, parameters, drop, lin_story.rows(parameters.lin, frozenset()), _Answering(Answers()))
    dirt = truth.Writer(home.truth)
    dirt.add({"dirt": dirt_table(drop.planted)})
    dirt.close()
    last = parameters.last_at_once.isoformat()
    home.keep("parameters.json", parameters.told())
    home.keep("manifest.json", {"fingerprint": mark, "files": _sizes(home, drop), "last_day": last})
    return sum(drop.counts.values())


def _are_there(home: Home, files: dict[str, list[int]]) -> bool:
    return all(
        (home.drop / name).is_file() and (home.drop / name).stat().st_size == size for name, (size, _) in files.items()
    )


def _sizes(home: Home, drop: Drop) -> dict[str, list[int]]:
    return {name: [(home.drop / name).stat().st_size, rows] for name, rows in sorted(drop.counts.items())}


def _clear(home: Home, files: dict[str, list[int]]) -> None:
    """Remove what an earlier run wrote, and nothing else."""
    for name in files:
        (home.drop / name).unlink(missing_ok=True)
    for path in [*home.drop.glob(f"*/*{PART}"), *home.truth.glob("**/*.parquet*")]:
        path.unlink()
    shutil.rmtree(home.state, ignore_errors=True)


def _write(home: Home, parameters: Parameters, drop: Drop, lin_rows: Sequence[Told], answering: _Answering) -> None:
    """Write the drop's files, and the truth where it is not there yet."""
    world = World(parameters)
    tables = None if (home.truth / "person.parquet").is_file() else truth.Writer(home.truth)
    for batch in of_world(world):
        drop.write(with_told(batch, lin_story.posts(parameters.lin)))
    for number, (first, last) in enumerate(chunks(parameters.customers)):
        story = answering.of(Story(world, first, last))
        rows = [*(lin_rows if number == 0 else ()), *rows_of(story)]
        for batch in of_people(story):
            drop.write(with_told(batch, rows), first)
        if tables is not None:
            tables.add(truth.tables(story))
    drop.close()
    if tables is not None:
        lin = parameters.lin
        tables.add({"identifier": known_as.shared()})
        tables.add({"identifier": lin_story.identifiers(lin), "stage": lin_story.stage_rows(lin)})
        tables.close()


@dataclass
class _Answering:
    """Gathers what people answer while their stories pass by. `kept`: the answers of earlier days."""

    kept: Answers
    records: Sequence[Record] = ()
    day: int = 0
    new: list[Answer] = field(default_factory=list[Answer])

    def of(self, story: Story) -> Story:
        """The story with its earlier answers and the new ones."""
        earlier = self.kept.among(story.first, story.last)
        before = story.answering(earlier)
        found = react(before, self.records, self.day) if self.records else []
        self.new += found
        return before.answering(dataclasses.replace(earlier, all=(*earlier.all, *found)))


def dirt_table(planted: dict[str, list[str | int]]) -> dict[str, pa.Array]:
    """The record of dirt as columns."""
    names = ("source", "contract", "file", "kind", "verdict")
    columns = {name: pa.array(planted.get(name, []), pa.large_string()) for name in names}
    return {**columns, "row_number": pa.array(planted.get("row_number", []), pa.int64())}


def write_day(home: Home, parameters: Parameters, day: date, accepted: Sequence[Path]) -> int:
    """Write one day's exports, with the answers to what gateways took by then; gives the rows written.

    RunError when the day before it is not written, or it is written already and others follow it.
    """
    manifest = home.read("manifest.json")
    number = parameters.day_of(day)
    written = parameters.day_of(date.fromisoformat(manifest["last_day"])) if manifest else -1
    if number not in (written, written + 1) or not 0 <= number < parameters.days:
        can = parameters.start if written < 0 else date.fromisoformat(manifest["last_day"])
        raise RunError(f"{day}: days are written one after the other; the newest is {can if manifest else 'none yet'}")
    kept = Answers.kept(home.read("answers.json")).before(number)
    records = list(gateways.fresh(gateways.read(accepted), kept.messages))
    lin_steps = [*kept.lin_steps, *_lin_steps(parameters, day, records)]
    only = [Period(number, number, day.isoformat())]
    drop = Drop(home.drop, parameters, only, only)
    answering = _Answering(kept, records, number)
    lin_rows = lin_story.rows(parameters.lin, frozenset(name for name, _ in lin_steps))
    _write(home, parameters, drop, lin_rows, answering)
    reached = {answer.message_id for answer in answering.new}
    strangers = [(item.message_id, number) for item in records if item.message_id not in reached]
    answers = Answers((*kept.all, *answering.new), tuple(lin_steps), (*kept.strangers, *strangers))
    home.keep("answers.json", answers.told())
    home.keep("parameters.json", parameters.told())
    _keep_truth(home, day, drop, answers)
    files = {**manifest.get("files", {}), **_sizes(home, drop)}
    home.keep("manifest.json", {"fingerprint": "", "files": files, "last_day": day.isoformat()})
    return sum(drop.counts.values())


def _lin_steps(parameters: Parameters, day: date, records: Sequence[Record]) -> list[tuple[str, int]]:
    """The step of Ms. Lin's story whose message came today, if it is the day for it."""
    step = lin_story.awaited(parameters.lin, day)
    if step is None or not any(item.recipient in lin_story.names(parameters.lin, step) for item in records):
        return []
    return [(step, parameters.day_of(day))]


def _keep_truth(home: Home, day: date, drop: Drop, answers: Answers) -> None:
    """The day's dirt, and all answers so far."""
    tables = truth.Writer(home.truth / "daily")
    tables.add({f"dirt_{day.isoformat()}": dirt_table(drop.planted), "answer": truth.answers(answers)})
    tables.close()


def parameters_of(home: Home, given: Parameters) -> Parameters:
    """The parameters the home was begun with, for its further days; those given when it was not begun."""
    told = home.read("parameters.json")
    if not told:
        return given
    same = {name: told[name] for name in ("customers", "days", "seed", "dirt", "daily_files")}
    lin = dataclasses.replace(given.lin, messages=told["lin"]["messages"]).shifted(
        (date.fromisoformat(told["lin"]["seen_on"]) - given.lin.seen_on).days
    )
    until = None if told["until"] is None else date.fromisoformat(told["until"])
    return Parameters(**same, start=date.fromisoformat(told["start"]), until=until, lin=lin)
