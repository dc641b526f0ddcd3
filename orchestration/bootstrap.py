"""Set-up of `.venv` from nothing but a Python and a package index; `make` calls it before everything else.

Here: the choice of an interpreter, the environment, the locked packages, the project itself, and what to do when one
of them fails. Not here: the warehouse and its data (`touchstream` makes those), and nothing that has to be installed
first: this is a plain script of the standard library, written so that a Python too old can still run it and say so.

A mark inside `.venv` says `building` or `complete`, and for which lock. A complete one costs a hash; one that was
interrupted is thrown away and made again; one that somebody made by hand is filled, never removed.

Environment: `TOUCHSTREAM_PYTHON` (the interpreter), `TOUCHSTREAM_INSTALLER` (`uv` or `pip`; default: uv, then pip).
Exit codes: 0 ready, 1 could not be set up (said why), 130 interrupted.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

OLDEST, NEWEST = (3, 11), (3, 13)
TRIED_NAMES = ("python3.11", "python3.12", "python3.13", "python3", "python")
# What would lead pip or the new interpreter away from `.venv`.
MISLEADING = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
NO_NETWORK = re.compile(r"name resolution|NewConnection|refused|dns error|timed out|sending request|No route to")
PROBE = """
import importlib.util, sys
able = importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")
print(sys.executable, sys.version_info[0], sys.version_info[1], int(bool(able)), sep="\\n")
"""


class SetupError(Exception):
    """Set-up cannot go on; the message says what, where, and what to do."""


class Display:
    """Progress of the set-up: one living line on a terminal, plain lines otherwise."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.living = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self.title, self.said = "", 0.0

    def begin(self, title: str) -> None:
        """Close the step before, if any, and start the next one."""
        self.end()
        self.title, self.said = f"Set-up: {title}", time.monotonic()
        print(self.title, end="" if self.living else "\n", flush=True)

    def tick(self, detail: str) -> None:
        """Show how far the step is: at once on a terminal, every fifteen seconds otherwise."""
        now = time.monotonic()
        if self.living:
            line = f"{self.title}  {now - self.started:.0f} s, {detail}"
            print("\r\033[K" + line[: shutil.get_terminal_size().columns - 1], end="", flush=True)
        elif now - self.said >= 15:
            self.said = now
            print(f"      {now - self.started:.0f} s, {detail}", flush=True)

    def end(self) -> None:
        """Close the living line of the step."""
        if self.living and self.title:
            print(f"\r\033[K{self.title}  done", flush=True)


class Setup:
    """One checkout and its environment."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.python = self.venv / "bin" / "python"
        self.lock = root / "requirements.lock"
        self.mark = self.venv / ".touchstream-setup"
        self.log = self.venv / "setup.log"

    def digest(self) -> str:
        """What the environment is for: this lock and this project file."""
        return hashlib.sha256(self.lock.read_bytes() + (self.root / "pyproject.toml").read_bytes()).hexdigest()

    def state(self) -> str:
        """One of missing, building (interrupted), complete, outdated, moved (made for another folder), foreign."""
        if not self.venv.exists():
            return "missing"
        if not self.mark.exists():
            return "foreign"
        state, root, digest = self.mark.read_text().splitlines()
        if state != "complete" or not self.python.exists():
            return "building"
        if root != str(self.root):
            return "moved"
        return "complete" if digest == self.digest() else "outdated"

    def write_mark(self, state: str, digest: str) -> None:
        """Say in `.venv` how far it is; a reader sees the old mark or the new one, never a half."""
        self.venv.mkdir(exist_ok=True)
        fresh = self.mark.with_suffix(".new")
        fresh.write_text("\n".join((state, str(self.root), digest)))
        fresh.replace(self.mark)

    def locked(self, package: str) -> str:
        """`package==version` as the lock has it."""
        found = re.search(rf"^{re.escape(package)}==\S+", self.lock.read_text(), re.MULTILINE)
        if not found:
            raise SetupError(f"requirements.lock does not name {package}: make it again with `make lock`.")
        return found.group()


class Interpreter(NamedTuple):
    """A Python that answered: its path, its version, and whether it can make environments by itself."""

    path: str
    version: tuple[int, int]
    able: bool

    @property
    def fits(self) -> bool:
        """Whether the project runs on it."""
        return OLDEST <= self.version <= NEWEST


def probe(python: str) -> Interpreter | None:
    """What an interpreter says of itself, or None when it does not run."""
    try:
        answer = subprocess.run(
            [python, "-c", PROBE], capture_output=True, check=False, text=True, timeout=30, env=clean_environment()
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if answer.returncode != 0:
        return None
    path, major, minor, able = answer.stdout.splitlines()
    return Interpreter(path, (int(major), int(minor)), able == "1")


def clean_environment() -> dict[str, str]:
    """The environment without what would lead an installer elsewhere."""
    kept = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    if not os.access(os.environ.get("HOME", "/"), os.W_OK):
        kept.setdefault("UV_NO_CACHE", "1")
    return kept


def maker() -> list[str]:
    """The command that makes an environment (its folder is to be appended), from the first interpreter that fits.

    Debian and Ubuntu ship Python without `ensurepip`; then uv or virtualenv make the environment.
    """
    wanted = os.environ.get("TOUCHSTREAM_PYTHON")
    names = [wanted] if wanted else [getattr(sys, "_base_executable", "") or sys.executable, *TRIED_NAMES]
    found = [one for one in map(probe, dict.fromkeys(names)) if one is not None]
    fitting = sorted((one for one in found if one.fits), key=lambda one: not one.able)
    if not fitting:
        seen = ", ".join(dict.fromkeys(f"{one.path} ({one.version[0]}.{one.version[1]})" for one in found)) or "none"
        raise SetupError(
            f"Touchstream needs Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}; found: {seen}.\n"
            "Install one of them, or name it: TOUCHSTREAM_PYTHON=/path/to/python make test"
        )
    best = fitting[0]
    if best.able:
        return [best.path, "-m", "venv"]
    if shutil.which("uv"):
        return ["uv", "venv", "--allow-existing", "--python", best.path]
    if shutil.which("virtualenv"):
        return ["virtualenv", "--python", best.path]
    raise SetupError(
        f"{best.path} cannot make environments: its modules venv and ensurepip are missing.\n"
        f"On Debian and Ubuntu: apt-get install python{best.version[0]}.{best.version[1]}-venv. Or: uv, or virtualenv."
    )


def run(setup: Setup, display: Display, command: list[str], lock: int) -> str | None:
    """Run one command into the log, with progress. Returns None when it succeeds, else the end of what it said.

    The child holds the descriptor `lock` as long as it lives: if this process is killed, the next one waits for it.
    """
    total = sum(1 for line in setup.lock.read_text().splitlines() if line[:1].isalnum())
    with setup.log.open("a+") as log:
        print("$", " ".join(command), file=log, flush=True)
        start = log.tell()
        child = subprocess.Popen(
            command, cwd=setup.root, env=clean_environment(), stdout=log, stderr=log, pass_fds=[lock]
        )
        try:
            while child.poll() is None:
                time.sleep(0.2)
                installed = sum(1 for _ in setup.venv.glob("lib/python*/site-packages/*.dist-info"))
                display.tick(f"{min(installed, total)} of {total} packages")
        finally:
            child.kill()
            child.wait()
        log.seek(start)
        said = log.read().strip().splitlines()
    return None if child.returncode == 0 else "\n".join(said[-6:]) or f"exit code {child.returncode}"


def installers(setup: Setup, display: Display, lock: int) -> list[list[str]]:
    """The installers to try, best first: uv (fetched when it is not there), then pip.

    uv does not read pip's settings: where pip was told of another index and uv was not, pip alone is asked.
    """
    python = str(setup.python)
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    ask = [*pip[:3], "config", "list"]
    settings = subprocess.run(ask, capture_output=True, text=True, check=False, env=clean_environment())
    has_pip = settings.returncode == 0 or not run(setup, display, [python, "-m", "ensurepip"], lock)
    told = re.search(r"\.index-url=", settings.stdout) and not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & set(os.environ)
    wanted = os.environ.get("TOUCHSTREAM_INSTALLER") or ("pip" if told and has_pip else "uv pip")
    uv = shutil.which("uv")
    if "uv" in wanted and not uv and has_pip:
        fetch = run(setup, display, [*pip, "--retries", "1", setup.locked("uv")], lock)
        uv = None if fetch else str(setup.venv / "bin" / "uv")
    found: list[list[str]] = []
    if "uv" in wanted and uv:
        found.append([uv, "pip", "install", "--compile-bytecode", "--python", python])
    if "pip" in wanted and has_pip:
        found.append(pip)
    return found


def install(setup: Setup, display: Display, lock: int) -> None:
    """Bring the locked packages and the project into `.venv`, with the first installer that can."""
    display.begin("installer")
    choices = installers(setup, display, lock)
    display.begin(f"packages of {setup.lock.name}")
    said: str | None = "neither uv nor pip can be had"
    for command in choices:
        for part in ([setup.locked("setuptools")], ["-r", str(setup.lock)], ["--editable", str(setup.root)]):
            said = run(setup, display, [*command, "--no-deps", "--no-build-isolation", *part], lock)
            if said:
                break
        if not said:
            return
    advice = "The packages could not be installed."
    if NO_NETWORK.search(said or ""):
        advice = "The package index cannot be reached: check the network, or pip's settings (PIP_INDEX_URL, pip.conf)."
    raise SetupError(f"{advice} Everything that was said is in {setup.log}; its end:\n{said}")


def make(setup: Setup, state: str, lock: int) -> None:
    """Bring the environment from `state` to complete."""
    display, digest = Display(), setup.digest()
    if state in {"building", "moved"}:
        shutil.rmtree(setup.venv)
        state = "missing"
    command = maker() if state == "missing" else []
    if state == "foreign":
        found = probe(str(setup.python))
        if found is None or not found.fits:
            raise SetupError(f"{setup.venv}, made by other means, holds no fitting Python: remove it and call again.")
    else:
        setup.write_mark("building", digest)
    display.begin(f"environment {setup.venv.name}")
    said = run(setup, display, [*command, str(setup.venv)], lock) if command else None
    if said:
        raise SetupError(f"{' '.join(command)} failed:\n{said}")
    install(setup, display, lock)
    display.end()
    setup.write_mark("complete", digest)
    print(f"Set up in {time.monotonic() - display.started:.0f} s.", flush=True)


def ready(setup: Setup) -> None:
    """Make the environment if it is not complete, alone: a second caller waits for the first and its installer."""
    if setup.state() == "complete":
        return
    lock = os.open(setup.root, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another set-up of this checkout is running; waiting for it.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    state = setup.state()
    if state != "complete":
        make(setup, state, lock)
    os.close(lock)


def main() -> int:
    """Make the environment of this checkout ready; returns the exit code."""
    try:
        ready(Setup(Path(__file__).resolve().parent.parent))
    except (SetupError, OSError) as error:
        print(f"\nSet-up failed. {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next call starts the environment afresh.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
