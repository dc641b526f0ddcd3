"""Entries of the brand file, written for a person to look over.

Here: the text of a source's tables, and putting it into a brand file without touching another line. Not here: what the
columns are (guess.py), whether the entry is right (brands.py reads it before it is written).
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tomlkit
from pydantic import ValidationError

from orchestration import settings
from orchestration.brands import CONNECTORS, READ_FILES, BrandError, BrandFile
from orchestration.sources.contracts.model import Contract, Field
from orchestration.sources.guess import Guess
from orchestration.sources.scaffold_parts import EVERY, PATH_ELSEWHERE, TABLES

WITHIN_DROP = "within the brand's drop folder"
PATHLESS = [name for name in CONNECTORS if name not in READ_FILES]


@dataclass(frozen=True)
class Entry:
    """A source as it will stand in the brand file.

    `settings`: keys of the source beside connector, contract and path. `guesses`: fields with their columns. `unread`:
    columns that feed none. `has_rest`: whether the fields without a column are listed as comments.
    """

    name: str
    contract: Contract
    connector: str = "files"
    path: str = ""
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    guesses: Mapping[str, Guess] = field(default_factory=dict[str, Guess])
    unread: Sequence[str] = ()
    has_rest: bool = True


def _settings(entry: Entry) -> str:
    """What a source says before the table of its connector."""
    lines: list[str] = []
    if entry.connector not in PATHLESS:
        lines.append(f"path = {_toml(entry.path)}  # {PATH_ELSEWHERE.get(entry.connector, WITHIN_DROP)}")
        lines += [f"{key} = {_toml(value)}" for key, value in entry.settings.items()]
    if entry.unread:
        unread = ", ".join(_toml(column) for column in entry.unread)
        lines.append(f"# ignore_columns = [{unread}]  # read by nobody yet: map them below, or take the # away")
    return "".join(line + "\n" for line in lines)


def _table(entry: Entry) -> str:
    """The table of the entry's connector; a source of the drop folder has none."""
    if entry.connector in TABLES:
        return TABLES[entry.connector](entry.name, entry.contract)
    if entry.connector == "files":
        return ""
    return f"{EVERY}\n[sources.{entry.name}.own]  # whatever the connector asks for; secrets by variable name\n"


def connectors() -> list[str]:
    """The connectors that an entry can be written for."""
    return [*CONNECTORS, *settings.own_connectors()]


def text_of(entry: Entry) -> str:
    """The TOML of the entry: the source's table, then the mapping of its columns."""
    head = (
        f"[sources.{entry.name}]  # {entry.contract.title}\n"
        f"connector = {_toml(entry.connector)}\ncontract = {_toml(entry.contract.id)}\n"
    )
    return head + _settings(entry) + _table(entry) + "\n" + mapping_text(entry)


def mapping_text(entry: Entry) -> str:
    """The TOML of the mapping alone: contract field = column."""
    lines = [f"[sources.{entry.name}.columns]  # contract field = column of the source"]
    for item in entry.contract.fields:
        guess = entry.guesses.get(item.name)
        if guess is not None:
            lines.append(_mapped(guess))
        elif item.is_required:
            lines.append(f'# {item.name} = "?"  # needed: {_meaning(item)}')
    if entry.has_rest:
        rest = [item for item in entry.contract.fields if item.name not in entry.guesses and not item.is_required]
        lines += [f'# {item.name} = ""  # {_meaning(item)}' for item in rest if not item.read_from]
    return "\n".join(lines) + "\n"


def _mapped(guess: Guess) -> str:
    rule = guess.rule
    given = {key: value for key, value in rule.model_dump().items() if value not in (None, {}, 0)}
    if set(given) == {"column"}:
        is_same = guess.column == guess.field
        return f"{guess.field} = {_toml(guess.column)}" + ("  # called the same: needs no line" if is_same else "")
    also = f"  # {guess.also} fits its first rows too: which is it?" if guess.also else ""
    return f"{guess.field} = {_toml(given)}{also}"


def _meaning(item: Field) -> str:
    allowed = f" ({', '.join(item.allowed)})" if item.allowed else ""
    return f"{item.meaning}{allowed}"


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(str(key))} = {_toml(item)}" for key, item in value.items()) + " }"
    return tomlkit.item(value).as_string()


def _key(text: str) -> str:
    return text if text.isascii() and text.replace("_", "").replace("-", "").isalnum() else _toml(text)


def add(brand_path: Path, entry: Entry) -> None:
    """Put the entry behind the brand file's other sources; every other line stays as it is.

    Raises BrandError where a source of that name is there, or the file would not be valid with the entry.
    """
    before = brand_path.read_text(encoding="utf-8")
    known = tomllib.loads(before).get("sources", {})
    if entry.name in known:
        raise BrandError(
            f"{brand_path.name} has a source {entry.name!r}: choose another name, or change that one by hand"
        )
    after = _inserted(before, text_of(entry))
    try:
        BrandFile.model_validate(tomllib.loads(after))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BrandError(f"{brand_path.name} would not be valid with this entry: {error}") from error
    _replace(brand_path, after)


def _inserted(text: str, entry: str) -> str:
    """Behind the last line of the last source with its comments, or at the end; a comment behind a blank line stays."""
    lines = text.splitlines()
    last, is_source = len(lines) - 1, False
    found = -1
    for number, line in enumerate(lines):
        stripped = line.strip()
        if stripped.startswith("["):
            is_source = stripped.lstrip("[ ").startswith("sources.")
        is_comment = stripped.startswith("#")
        if is_source and stripped and (not is_comment or found == number - 1):
            found = number
    place = (found if found >= 0 else last) + 1
    head, tail = "\n".join(lines[:place]).rstrip("\n"), "\n".join(lines[place:]).strip("\n")
    return head + "\n\n" + entry.rstrip("\n") + "\n" + (f"\n{tail}\n" if tail else "")


def _replace(path: Path, text: str) -> None:
    """All or nothing: a reader sees the old file or the new one."""
    descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
    Path(scratch).chmod(path.stat().st_mode & 0o777)
    Path(scratch).replace(path)


def path_like(name: str, file: Path | None, *, otherwise: str = ".csv") -> str:
    """A pattern for the drop folder that takes every file like that one, or with the ending `otherwise`."""
    if file is None:
        return f"{name}/*{otherwise}"
    packed = file.suffix.lower() == ".gz"
    return f"{name}/*{''.join(file.suffixes[-2:] if packed else file.suffixes[-1:])}"
