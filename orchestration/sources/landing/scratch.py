"""Scratch folders of landings: in the brand's home, for its owner alone, swept when their process is gone.

Here: making and sweeping them. They hold clear values while a batch is judged; a process that was killed leaves its own
behind, and the next landing, or `touchstream doctor --reap`, removes it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.brands import Brand


def _root(brand: Brand) -> Path:
    return brand.home / "scratch"


@contextmanager
def folder(brand: Brand) -> Iterator[Path]:
    """A new folder that only this user can enter, gone afterwards; what dead processes left is swept first."""
    sweep(brand)
    _root(brand).mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=_root(brand)) as made:
        yield Path(made)


def left_behind(brand: Brand) -> list[Path]:
    """Scratch folders whose process is gone."""
    return [path for path in sorted(_root(brand).glob("*-*")) if not _is_alive(path.name.partition("-")[0])]


def sweep(brand: Brand) -> list[Path]:
    """Remove the folders of dead processes, and name them."""
    found = left_behind(brand)
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    return found


def _is_alive(pid: str) -> bool:
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
