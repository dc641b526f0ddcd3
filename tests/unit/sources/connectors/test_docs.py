"""The brand-file examples of docs/connectors.md are valid as printed, and say everything there is to set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration import settings
from orchestration.source_settings import HttpPaging, S3Settings, SftpSettings, SqlSettings
from tests.shelf import brand_of

PAGE = settings.project_root() / "docs" / "connectors.md"
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.splitlines()[0] for example in EXAMPLES])
def test_an_example_is_a_valid_source(home: Path, example: str) -> None:
    (source,) = brand_of(home, example.replace("AAAAIB…", "AAAAIB")).file.sources.values()
    assert source.contract


def test_each_pulling_connector_has_an_example() -> None:
    assert [kind for kind in ("http", "sql", "sftp", "s3") if f'connector = "{kind}"' not in "".join(EXAMPLES)] == []


def test_each_way_of_paging_and_each_setting_that_must_be_there_is_told() -> None:
    text = PAGE.read_text(encoding="utf-8")
    ways = HttpPaging.model_fields["by"].annotation
    assert [way for way in getattr(ways, "__args__", ()) if f"`{way}`" not in text] == []
    for model in (SqlSettings, SftpSettings, S3Settings):
        assert [name for name, field in model.model_fields.items() if field.is_required() and name not in text] == []
