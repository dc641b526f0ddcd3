"""docs/push.md says every answer and every setting there is, and its brand files can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration import brands, settings
from orchestration.push_settings import PushSetting

ROOT = settings.project_root()
PAGE = (ROOT / "docs" / "push.md").read_text(encoding="utf-8")
CODE = re.compile(r'(?:Refusal\(\s*\d+,|NotRecordsError\()\s*"(\w+)"')


def codes() -> set[str]:
    modules = (ROOT / "orchestration/endpoint/app.py", ROOT / "orchestration/sources/push/records.py")
    return {code for path in modules for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_answer_is_in_the_table() -> None:
    table = PAGE[PAGE.index("## Answers") : PAGE.index("## Landing")]
    told = set(
        re.findall(r"`(\w+)`", "".join(line.split("|")[2] for line in table.splitlines() if line.startswith("| ")))
    )
    assert codes() == told - {"error"}
    assert len(codes()) > 9


def test_every_setting_is_in_the_table() -> None:
    assert {name for name in PushSetting.model_fields if f"| `{name}` |" not in PAGE} == set()


def test_the_brand_files_of_the_page_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(tmp_path))
    head = 'title = "Tea House"\ntime_zone = "Asia/Shanghai"\ncurrency = "CNY"\n'
    (tmp_path / "tea_house.toml").write_text(head + "\n".join(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)))
    assert set(brands.load("tea_house").file.sources) == {"web_events", "sms_receipts", "sms_replies"}
