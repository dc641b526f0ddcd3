"""Every `touchstream` command that the READMEs print exists, with its options."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.structure.house.readme_rules import touchstream_commands
from tests.structure.planting import plant

ROOT = Path(__file__).resolve().parents[2]


def unknown(commands: list[list[str]]) -> list[str]:
    """Those commands that `touchstream` refuses; `--help` behind each lets it say so without doing anything."""
    touchstream = str(Path(sys.executable).parent / "touchstream")
    refused: list[str] = []
    for words in commands:
        answer = subprocess.run([touchstream, *words, "--help"], capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            refused.append(f"{' '.join(words)}: {answer.stderr.strip()[-300:]}")
    return refused


def test_every_touchstream_command_of_the_readmes_exists() -> None:
    assert not unknown(touchstream_commands(ROOT))


def test_a_command_or_option_that_is_not_there_is_found(tmp_path: Path) -> None:
    block = "```sh\n.venv/bin/touchstream db status\ntouchstream db fly\ntouchstream db status --wings\n```\n"
    commands = touchstream_commands(plant(tmp_path, {"README.md": block, "README.zh-CN.md": block}))
    assert commands == [["db", "status"], ["db", "fly"], ["db", "status", "--wings"]]
    assert [one.partition(":")[0] for one in unknown(commands)] == ["db fly", "db status --wings"]
