"""The own-data page as a script: the files it shows, the lines it changes, the commands it prints and their answers.

Here: reading the page and doing what it says, step by step. Not here: what must be true afterwards (test_page.py).
A fenced block is meant as the words before it say: a backticked path and a colon make it that file; `has now, among
others` claims its lines; `change these lines` puts them in. A `sh` block is run line by line, and a `text` block is
what the last line said.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_FILE = re.compile(r"`([\w./-]+)`:$")
_CODE = re.compile(r"\s+# ends with code (\d)\b.*$")


@dataclass(frozen=True)
class Step:
    """One fenced block, and the last words before it."""

    before: str
    kind: str
    text: str


def steps(page: Path, *, until: str) -> list[Step]:
    """The fenced blocks of the page before a heading."""
    text = page.read_text(encoding="utf-8").partition(f"\n## {until}")[0]
    found: list[Step] = []
    place = 0
    for block in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        before = text[place : block.start()].strip().rpartition("\n\n")[2]
        found.append(Step(" ".join(before.split()), block[1], block[2]))
        place = block.end()
    return found


class Follower:
    """Does what the page says, in a folder that stands for the checkout."""

    def __init__(self, folder: Path, environment: Mapping[str, str], *, replaced: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = environment
        self._replaced = replaced
        self._said = ""

    def follow(self, step: Step) -> None:
        """Do one step; AssertionError where the page does not hold."""
        if step.kind == "sh":
            for line in step.text.replace("\\\n", " ").splitlines():
                self._run(line)
        elif step.kind == "text":
            assert _words(step.text) in _words(self._said), (
                f"the page shows\n{step.text}\nthe command said\n{self._said}"
            )
        elif step.before.endswith("has now, among others:"):
            self._claim(step)
        elif step.before.endswith("change these lines:"):
            self._change(step)
        else:
            named = _FILE.search(step.before)
            assert named, f"nothing says what this block is: {step.before!r}"
            path = self.folder / named[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, encoding="utf-8")

    def _run(self, line: str) -> None:
        code = _CODE.search(line)
        ran = subprocess.run(
            ["/bin/sh", "-c", _CODE.sub("", line)],
            cwd=self.folder,
            env=dict(self._environment),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == int(code[1] if code else 0), f"{line}\n{ran.stdout}{ran.stderr}"
        self._said = ran.stdout

    def _claim(self, step: Step) -> None:
        lines = self._brand_file(step).read_text(encoding="utf-8").splitlines()
        place = 0
        for line in step.text.splitlines():
            assert line in lines[place:], f"not in the brand file: {line}"
            place = lines.index(line, place) + 1

    def _change(self, step: Step) -> None:
        path = self._brand_file(step)
        lines = path.read_text(encoding="utf-8").splitlines()
        for told, line in _by_table(step.text):
            here = next(place for place, old in enumerate(lines) if old.partition("#")[0].strip() == told)
            end = next((place for place, old in enumerate(lines) if place > here and old.startswith("[")), len(lines))
            key = line.partition("=")[0].strip()
            own = (place for place in range(here, end) if re.match(rf"(# )?{re.escape(key)} =", lines[place]))
            place = next(own, None)
            if place is None:
                lines.insert(here + 1, line)
            else:
                lines[place] = line
        text = "\n".join(lines) + "\n"
        for shown, real in self._replaced.items():
            text = text.replace(shown, real)
        path.write_text(text, encoding="utf-8")

    def _brand_file(self, step: Step) -> Path:
        named = re.findall(r"`(brands/\w+\.toml)`", step.before)
        return self.folder / named[-1]


def _by_table(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    table = ""
    for line in text.splitlines():
        if line.startswith("["):
            table = line
        elif line:
            found.append((table, line))
    return found


def _words(text: str) -> str:
    return " ".join(text.split())
