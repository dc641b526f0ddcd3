"""Set-up of the environment, told with a Python, a pip and a uv that only write down what they are asked.

Not here: a real installation; `make demo` and `make test` on a bare machine are that.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "orchestration" / "bootstrap.py"
# Every call is a line of `calls`. A file `<tool>.fails` makes it fail with that text, a file `slow` slows uv down.
PYTHON = """#!/bin/sh
here="{here}"
case "$1 $2 $3 $4" in
    "-c "*) printf '%s\\n' "{python}" {version} {able}; exit 0 ;;
    "-m pip config list") cat "$here/pip.conf" 2>/dev/null; exit 0 ;;
    "-m venv "*) mkdir -p "$3/bin"; cp "{python}" "$3/bin/python"; echo venv >> "$here/calls"; exit 0 ;;
esac
echo "$2 $3 $6 $7 $8 $9" >> "$here/calls"
if [ -f "$here/pip.fails" ]; then cat "$here/pip.fails"; exit 1; fi
"""
UV = """#!/bin/sh
here="{here}"
echo "uv $1" >> "$here/calls"
if [ -f "$here/slow" ]; then sleep 1; echo "uv done" >> "$here/calls"; fi
if [ -f "$here/uv.fails" ]; then cat "$here/uv.fails"; exit 1; fi
if [ "$1" = venv ]; then for last; do :; done; mkdir -p "$last/bin"; cp "{python}" "$last/bin/python"; fi
"""


@dataclass(frozen=True)
class Checkout:
    """A checkout with a lock, a project file and the script, and the tools it finds."""

    root: Path
    tools: Path

    def tool(self, name: str, text: str, version: str = "3 11", able: int = 1) -> None:
        """Put a tool on the PATH."""
        path = self.tools / name
        path.write_text(text.format(here=self.root, python=self.tools / "python3.11", version=version, able=able))
        path.chmod(0o755)

    def command(self) -> tuple[list[str], dict[str, str]]:
        """The call of the script, as the Makefile makes it, and its environment."""
        kept = {name: value for name, value in os.environ.items() if name in {"HOME", "LANG"}}
        environment = {**kept, "PATH": str(self.tools), "TOUCHSTREAM_PYTHON": str(self.tools / "python3.11")}
        return [sys.executable, str(self.root / "orchestration" / "bootstrap.py")], environment

    def set_up(self) -> tuple[int, str]:
        """Run the script; its exit code and what it said."""
        command, environment = self.command()
        answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
        return answer.returncode, answer.stdout + answer.stderr

    def calls(self) -> list[str]:
        """What the tools were asked since the last look."""
        path = self.root / "calls"
        lines = [" ".join(line.split()) for line in path.read_text().splitlines()] if path.exists() else []
        path.unlink(missing_ok=True)
        return lines


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout on a machine with Python 3.11, uv, and what the stand-ins of these two need."""
    made = Checkout(tmp_path / "checkout", tmp_path / "tools")
    (made.root / "orchestration").mkdir(parents=True)
    made.tools.mkdir()
    for needed in ("cat", "cp", "mkdir", "sleep"):
        (made.tools / needed).symlink_to(shutil.which(needed) or needed)
    shutil.copy(SCRIPT, made.root / "orchestration")
    (made.root / "requirements.lock").write_text("setuptools==84.2.1\nuv==0.13.9\n")
    (made.root / "pyproject.toml").write_text("[project]\n")
    made.tool("python3.11", PYTHON)
    made.tool("uv", UV)
    return made


BY_UV = ["venv", "uv pip", "uv pip", "uv pip"]
BY_PIP = ["pip install --no-deps --no-build-isolation setuptools==84.2.1"]


def test_second_call_finds_everything_done(checkout: Checkout) -> None:
    assert checkout.set_up()[0] == 0
    assert checkout.calls() == BY_UV
    assert checkout.set_up() == (0, "")
    assert checkout.calls() == []


@pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml"])
def test_changed_lock_or_project_is_installed_into_the_same_environment(file: str, checkout: Checkout) -> None:
    checkout.set_up()
    checkout.calls()
    (checkout.root / ".venv" / "kept").touch()
    with (checkout.root / file).open("a") as text:
        text.write("# changed\n")
    assert checkout.set_up()[0] == 0
    assert checkout.calls() == BY_UV[1:]
    assert (checkout.root / ".venv" / "kept").exists()
    assert checkout.set_up() == (0, "")


def test_killed_set_up_is_waited_for_and_made_again(checkout: Checkout) -> None:
    (checkout.root / "slow").touch()
    command, environment = checkout.command()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as first:
        while not (checkout.root / "calls").exists() or "uv pip" not in (checkout.root / "calls").read_text():
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
    (checkout.root / ".venv" / "half").touch()
    (checkout.root / "slow").unlink()
    code, said = checkout.set_up()
    assert code == 0
    assert "waiting for it" in said
    assert not (checkout.root / ".venv" / "half").exists()
    assert checkout.calls() == ["venv", "uv pip", "uv done", *BY_UV]


def test_environment_made_by_hand_is_filled_and_kept(checkout: Checkout) -> None:
    python = checkout.root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    shutil.copy(checkout.tools / "python3.11", python)
    (checkout.root / ".venv" / "kept").touch()
    (checkout.root / "uv.fails").write_text("no")
    (checkout.root / "pip.fails").write_text("no")
    assert checkout.set_up()[0] == 1
    (checkout.root / "uv.fails").unlink()
    assert checkout.set_up()[0] == 0
    assert (checkout.root / ".venv" / "kept").exists()
    assert checkout.set_up() == (0, "")


def test_environment_of_another_folder_is_made_again(checkout: Checkout, tmp_path: Path) -> None:
    checkout.set_up()
    moved = Checkout(checkout.root.rename(tmp_path / "moved"), checkout.tools)
    (moved.root / ".venv" / "old").touch()
    moved.tool("python3.11", PYTHON)
    moved.tool("uv", UV)
    moved.calls()
    assert moved.set_up()[0] == 0
    assert moved.calls() == BY_UV
    assert not (moved.root / ".venv" / "old").exists()


def test_pip_installs_when_uv_cannot(checkout: Checkout) -> None:
    (checkout.root / "uv.fails").write_text("no such thing")
    assert checkout.set_up()[0] == 0
    assert checkout.calls()[:3] == ["venv", "uv pip", *BY_PIP]


def test_pip_alone_is_asked_when_it_was_told_of_another_index(checkout: Checkout) -> None:
    setting = "index-url"
    (checkout.root / "pip.conf").write_text(f"global.{setting}='https://packages.example/simple'\n")
    assert checkout.set_up()[0] == 0
    assert checkout.calls()[:2] == ["venv", *BY_PIP]


def test_no_network_is_said_in_words(checkout: Checkout) -> None:
    for tool in ("uv", "pip"):
        (checkout.root / f"{tool}.fails").write_text("Temporary failure in name resolution")
    code, said = checkout.set_up()
    assert code == 1
    assert "The package index cannot be reached" in said
    assert str(checkout.root / ".venv" / "setup.log") in said
    for tool in ("uv", "pip"):
        (checkout.root / f"{tool}.fails").unlink()
    assert checkout.set_up()[0] == 0


@pytest.mark.parametrize("version", ["3 10", "3 14"])
def test_unfitting_python_is_refused_by_name_before_anything_is_made(version: str, checkout: Checkout) -> None:
    checkout.tool("python3.11", PYTHON, version=version)
    code, said = checkout.set_up()
    assert code == 1
    assert f"needs Python 3.11 to 3.13; found: {checkout.tools}/python3.11 ({version.replace(' ', '.')})" in said
    assert not (checkout.root / ".venv").exists()


def test_python_without_venv_is_helped_by_uv_and_otherwise_told_what_to_install(checkout: Checkout) -> None:
    checkout.tool("python3.11", PYTHON, able=0)
    (checkout.tools / "uv").rename(checkout.tools / "not-uv")
    code, said = checkout.set_up()
    assert code == 1
    assert "apt-get install python3.11-venv" in said
    (checkout.tools / "not-uv").rename(checkout.tools / "uv")
    assert checkout.set_up()[0] == 0
    assert checkout.calls() == ["uv venv", *BY_UV[1:]]
