"""Proposals are off without their table; a wrong setting is refused with its line and what would be valid."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from orchestration import brands
from orchestration.brands import BrandError
from orchestration.modeling import proposals
from orchestration.modeling.errors import ModelingError

HEAD = 'title = "T"\ntime_zone = "Asia/Shanghai"\ncurrency = "CNY"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(tmp_path))
    return tmp_path


def brand(folder: Path, more: str) -> brands.Brand:
    (folder / "tea.toml").write_text(HEAD + more, encoding="utf-8")
    return brands.load("tea")


def test_an_empty_table_turns_them_on(folder: Path) -> None:
    setting = proposals.setting_of(brand(folder, "[proposals]\n"))
    assert (setting.threshold, setting.most, setting.cadence) == (0.95, 200, "weekly")


def test_without_the_table_the_command_says_what_to_add(folder: Path) -> None:
    with pytest.raises(ModelingError, match=r"tea.toml turns no proposals on: add the table \[proposals\]"):
        proposals.setting_of(brand(folder, ""))


def test_without_splink_the_command_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "splink" else found(name))
    with pytest.raises(ModelingError, match=r"uv pip install 'touchstream\[splink\]'"):
        proposals.setting_of(brand(folder, "[proposals]\n"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("threshold = 95", "95 must be a probability from 0.5 to below 1, like 0.95"),
        ("threshold = 1", "must be a probability from 0.5"),
        ("threshold = 0.2", "must be a probability from 0.5"),
        ("most = 0", "greater than or equal to 1"),
        ('cadence = "hourly"', "'daily', 'weekly' or 'monthly'"),
        ("treshold = 0.9", "valid here: cadence, most, threshold"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_line(folder: Path, line: str, said: str) -> None:
    with pytest.raises(BrandError) as refused:
        brand(folder, f"[proposals]\n{line}\n")
    assert f"tea.toml, line 5: proposals.{line.split(' ', maxsplit=1)[0]}" in str(refused.value)
    assert said in str(refused.value)
