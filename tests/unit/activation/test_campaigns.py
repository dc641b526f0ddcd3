"""Campaigns as files: what is generated from them is what the files say, and a wrong file is named."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
import yaml

from orchestration.activation import campaigns
from orchestration.activation.errors import ActivationError
from tests.integration.activation import stand_ins

BRANDS = ("one", "two")
META: dict[str, object] = {
    "brands": list(BRANDS),
    "purpose": "survey",
    "message_class": "survey",
    "channels": ["email"],
    "content_key": "ask",
    "priority": 10,
    "re_entry": "never",
    "cool_down_days": 0,
    "holdout_share": 0,
    "valid_for_days": 3,
}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of the activation models."""
    return Path(copytree(campaigns.models_folder(), tmp_path / "activation"))


def _add(models: Path, **meta: object) -> None:
    name = "ask"
    columns = [{"name": column} for column in ("customer_key", "occasion_key", "full_name_key", "days")]
    model = {"name": name, "columns": columns, "config": {"meta": {"campaign": META | meta}}}
    (models / "campaigns" / f"{name}.sql").write_text("select 1")
    (models / "campaigns" / f"{name}.yml").write_text(yaml.safe_dump({"models": [model]}))


def test_the_policy_models_are_what_the_campaigns_files_say() -> None:
    for path, text in campaigns.generated().items():
        assert path.read_text(encoding="utf-8") == text, f"run python -m {campaigns.__name__}"


def test_a_new_campaign_is_two_files_and_one_command(models: Path) -> None:
    assert campaigns.write(models) == []
    _add(models)
    assert {path.name for path in campaigns.write(models)} == {"act_candidate.sql", "act_campaign_channel.sql"}
    assert campaigns.write(models) == []
    candidate = (models / "policy" / "act_candidate.sql").read_text()
    assert "from {{ ref('ask') }}" in candidate
    assert "from {{ ref('win_back') }}" in candidate
    assert candidate.count("union all") == 1
    assert "'full_name_key',\n            'days',\n" in candidate
    channels = (models / "policy" / "act_campaign_channel.sql").read_text()
    for brand in BRANDS:
        assert f"\"'{brand}'\") }}}} as brand" in channels
    assert channels.count("union all") == 2
    assert max(map(len, (candidate + channels).splitlines())) <= 100


@pytest.mark.parametrize(
    ("meta", "told"),
    [
        ({"purpose": "spam"}, "purpose"),
        ({"channels": []}, "channels"),
        ({"channels": ["fax"]}, "channels"),
        ({"holdout_share": 0.1}, "holdout_share"),
        ({"valid_for_days": 0}, "valid_for_days"),
        ({"colour": "red"}, "colour"),
        ({"content_key": "../secrets"}, "content_key"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(models: Path, meta: dict[str, object], told: str) -> None:
    _add(models, **meta)
    with pytest.raises(ActivationError, match=rf"ask\.yml, config\.meta\.campaign: .*{told}"):
        campaigns.read(models / "campaigns")


def test_a_campaign_without_its_description_is_refused(models: Path) -> None:
    (models / "campaigns" / "ask.sql").write_text("select 1")
    with pytest.raises(ActivationError, match=r"no ask\.yml"):
        campaigns.read(models / "campaigns")


def test_markers_must_be_there_once() -> None:
    with pytest.raises(ValueError, match="markers"):
        campaigns.with_block("select 1", "x")


def test_the_plan_that_tests_make_by_hand_has_the_columns_of_the_models() -> None:
    for model in ("act_contact_plan", "act_contact_identifier", "act_campaign_channel"):
        described = yaml.safe_load((campaigns.models_folder() / "policy" / f"{model}.yml").read_text())["models"][0]
        columns = {column["name"] for column in described["columns"]}
        assert stand_ins.columns_of(model) <= columns
