"""Places in a TOML text: on which line a setting stands, and what may stand there.

Here: the way from a setting's path to its line and to its table's valid names. Not here: what is wrong with a setting
(the models say), what a brand file is (brands.py).
"""

from __future__ import annotations

from typing import Any, get_args, get_origin

from pydantic import BaseModel


def valid_names(root: type[BaseModel], location: tuple[str, ...]) -> list[str]:
    """The settings that may stand in the table at a place of a file of this shape, in order."""
    model = root
    is_key = False
    for part in location:
        field = None if is_key else model.model_fields.get(part)
        is_key = field is not None and get_origin(field.annotation) is dict
        if field is not None and (inner := _tables_in(field.annotation)):
            model = inner[0]
    return sorted(model.model_fields)


def _tables_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _tables_in(part)]


def line_of(text: str, location: tuple[str, ...]) -> int:
    """The line of a setting in a TOML text: of its key, else of the nearest table around it, else 1."""
    best, depth = 1, 0
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            table = tuple(part.strip().strip('"') for part in stripped.strip("[]").split("."))
            here = table
        elif "=" in stripped and not stripped.startswith("#"):
            key = tuple(part.strip().strip('"') for part in stripped.split("=", 1)[0].split("."))
            here = (*table, *key)
        else:
            continue
        if len(here) > depth and location[: len(here)] == here:
            best, depth = number, len(here)
    return best
