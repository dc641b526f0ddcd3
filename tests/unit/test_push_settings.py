"""A wrong setting of a pushed source is refused with its line and what would be valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration import brands
from orchestration.brands import BrandError

GOOD = """\
title = "T"
time_zone = "Asia/Shanghai"
currency = "CNY"

[sources.events]
connector = "push"
contract = "web.event"

[sources.events.push]
secret_env = "EVENTS_SECRET"
scheme = "sha256"
records = "batch"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(tmp_path))
    return tmp_path


def test_a_pushed_source_is_read(folder: Path) -> None:
    (folder / "tea.toml").write_text(GOOD, encoding="utf-8")
    setting = brands.load("tea").file.sources["events"].push
    assert setting is not None
    assert (setting.records, setting.answer, setting.tolerance_seconds) == ("batch", "plain", 300)
    assert setting.keep_days == 30


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('connector = "push"', 'connector = "files"', 5, "needs path, a file or pattern"),
        ('connector = "push"', 'connector = "files"\npath = "a/*.csv"', 10, "this table goes with connector = 'push'"),
        ('connector = "push"', 'connector = "push"\npath = "a/*.csv"', 7, "has no path"),
        (GOOD[GOOD.index("[sources.events.push]") :], "", 5, "needs its table: [sources.<name>.push]"),
        (
            'secret_env = "EVENTS_SECRET"',
            'secret = "EVENTS_SECRET"',
            10,
            "valid here: answer, keep_days, max_body_bytes, records",
        ),
        ('secret_env = "EVENTS_SECRET"', 'secret_env = "s3cr3t-of-mine"', 10, "pattern"),
        ('scheme = "sha256"', 'scheme = "md5"', 11, "'hmac-sha256', 'sha256' or 'token'"),
        ('records = "batch"', 'records = "batch..x"', 12, "pattern"),
        ('records = "batch"', "max_body_bytes = 0", 12, "greater than or equal to 1"),
        ('records = "batch"', 'answer = "twilio"', 12, "'plain' or 'aliyun'"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(folder: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    (folder / "tea.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrandError) as refused:
        brands.load("tea")
    assert f"tea.toml, line {line}:" in str(refused.value)
    assert said in str(refused.value)
