"""Rules on the READMEs: every command they print exists, in both languages the same. Not here: running them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.structure.house.tree import Finding

READMES = ("README.md", "README.zh-CN.md")
# The two commands that continuous integration runs as printed.
PROMISED = ("make demo", "make test")
# A block is code to run when its first line says so: ```sh
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def commands(readme: Path) -> list[str]:
    """The commands of a README's `sh` blocks, without comments, continued lines joined."""
    lines = (line for block in BLOCK.findall(readme.read_text()) for line in block.replace("\\\n", " ").splitlines())
    stripped = (re.sub(r"\s+#.*$", "", line.removeprefix("$ ")).strip() for line in lines)
    return [" ".join(line.split()) for line in stripped if line and not line.startswith("#")]


def make_targets(root: Path) -> set[str]:
    """The targets of the Makefile, those of a list of layers included."""
    text = (root / "Makefile").read_text()
    layers = re.search(r"^LAYERS := (.*)$", text, re.MULTILINE)
    named = set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))
    return named | set(layers.group(1).split() if layers else ())


def unknown_make_targets(root: Path) -> list[Finding]:
    """A `make` command of a README names a target that is there."""
    known = make_targets(root)
    found: list[Finding] = []
    for name in READMES:
        for command in commands(root / name):
            words = shlex.split(command)
            targets = [word for word in words[1:] if "=" not in word and not word.startswith("-")]
            unknown = [target for target in targets if target not in known] if words[0] == "make" else []
            found += [Finding(name, "unknown-target", f"`{command}`: make knows no {target}") for target in unknown]
    return found


def touchstream_commands(root: Path) -> list[list[str]]:
    """The words behind `touchstream` of every such command of the READMEs, once each."""
    found = [shlex.split(command) for name in READMES for command in commands(root / name)]
    ours = (words for words in found if words[0].removeprefix(".venv/bin/") == "touchstream")
    return [list(words) for words in dict.fromkeys(tuple(words[1:]) for words in ours)]


def readmes_disagree(root: Path) -> list[Finding]:
    """Both languages print the same commands, the two promised ones among them."""
    printed = {name: commands(root / name) for name in READMES}
    found = [
        Finding(name, "promised-command", f"`{promise}` is not among its sh blocks")
        for name, lines in printed.items()
        for promise in PROMISED
        if promise not in lines
    ]
    first, second = READMES
    only = set(printed[first]) ^ set(printed[second])
    return [
        *found,
        *(Finding(second, "readmes-disagree", f"`{line}` is in one language only") for line in sorted(only)),
    ]


def ci_leaves_out(root: Path) -> list[Finding]:
    """Continuous integration runs the promised commands as printed."""
    script = (root / ".ci" / "run").read_text()
    return [
        Finding(".ci/run", "promised-command", f"does not run `{promise}`")
        for promise in PROMISED
        if not re.search(rf"^run {re.escape(promise)}$", script, re.MULTILINE)
    ]
