"""Campaigns as files: what each says of itself, and the two policy models made from all of them.

Here: reading `models/activation/campaigns/<campaign>.sql` with its YAML, checking it, writing the generated blocks. Not
here: who is in a campaign (its SQL), who may be written to (models/activation/policy). `python -m
orchestration.activation.campaigns` writes the blocks; a test refuses a checkout in which they differ from the files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestration import settings
from orchestration.activation.errors import ActivationError

OWN_COLUMNS = ("customer_key", "occasion_key")
"""Columns of every campaign.

All others are what its messages say (a name ending in `_key` is a token of a personal value).
"""

_BEGIN = "-- generated from campaigns/*.yml: begin"
_END = "-- generated from campaigns/*.yml: end"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")
_INDENT = "    "


class CampaignMeta(BaseModel):
    """The `meta.campaign` of a campaign's YAML: all of its configuration.

    `brands`: the brands that run it, or `*`. `purpose`: what consent must cover and which caps count. `message_class`:
    marketing, service or survey. `channels`: in order of preference. `content_key`:
    content/<content_key>.<language>.j2. `priority`: 1 goes first. `re_entry`: `every_occasion`, or `never` for once in
    a lifetime. `cool_down_days`: silence of this campaign after its last message. `holdout_share`: 0, since holdouts
    are not drawn yet. `valid_for_days`: after that a message not sent is not sent any more.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    brands: Annotated[list[str], Field(min_length=1)]
    purpose: Literal["marketing", "service", "survey"]
    message_class: Literal["marketing", "service", "survey"]
    channels: Annotated[list[Literal["email"]], Field(min_length=1)]
    content_key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    priority: Annotated[int, Field(ge=1, le=999)]
    re_entry: Literal["every_occasion", "never"]
    cool_down_days: Annotated[int, Field(ge=0, le=3650)]
    holdout_share: Annotated[float, Field(ge=0, le=0)]
    valid_for_days: Annotated[int, Field(ge=1, le=366)]


@dataclass(frozen=True)
class Campaign:
    """One campaign: its name (the model's), what it says of itself, and the columns its messages are made from."""

    campaign_id: str
    meta: CampaignMeta
    payload_columns: tuple[str, ...]


def models_folder() -> Path:
    """The activation models of the checkout."""
    return settings.project_root() / "dbt_project" / "models" / "activation"


def read(folder: Path | None = None) -> list[Campaign]:
    """The campaigns of a folder (default.

    The project's), by name; ActivationError names the file that cannot be used and why.
    """
    folder = folder or models_folder() / "campaigns"
    found = [_read_one(path) for path in sorted(folder.glob("*.sql"))]
    if not found:
        raise ActivationError(f"{folder} holds no campaign: a campaign is <name>.sql and <name>.yml there")
    return found


def _read_one(sql_file: Path) -> Campaign:
    yaml_file = sql_file.with_suffix(".yml")
    if not _NAME.fullmatch(sql_file.stem):
        raise ActivationError(f"{sql_file.name}: a campaign's name is lower-case letters, digits and _, a letter first")
    if not yaml_file.is_file():
        raise ActivationError(f"{sql_file.name} has no {yaml_file.name} beside it, which says what the campaign is")
    document = cast("dict[str, object]", yaml.safe_load(yaml_file.read_text(encoding="utf-8")) or {})
    models = cast("list[dict[str, object]]", document.get("models") or [])
    model = next((item for item in models if item.get("name") == sql_file.stem), None)
    if model is None:
        raise ActivationError(f"{yaml_file.name} describes no model {sql_file.stem!r}")
    config = cast("dict[str, dict[str, object]]", model.get("config") or {})
    try:
        meta = CampaignMeta.model_validate((config.get("meta") or {}).get("campaign") or {})
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise ActivationError(f"{yaml_file.name}, config.meta.campaign: {told}") from error
    columns = [str(column["name"]) for column in cast("list[dict[str, object]]", model.get("columns") or [])]
    if missing := [name for name in OWN_COLUMNS if name not in columns]:
        raise ActivationError(
            f"{yaml_file.name} describes no column {', '.join(missing)}: every campaign gives {', '.join(OWN_COLUMNS)}"
        )
    return Campaign(sql_file.stem, meta, tuple(column for column in columns if column not in OWN_COLUMNS))


def candidate_block(campaigns: list[Campaign]) -> str:
    """The lines of act_candidate.sql between its markers.

    Every campaign's customers, with what its messages say as JSON text.
    """
    return "\nunion all\n".join(_candidates_of(campaign) for campaign in campaigns)


def _candidates_of(campaign: Campaign) -> str:
    pairs = "".join(f"\n{_INDENT * 3}'{column}'," for column in campaign.payload_columns)
    return "\n".join(
        (
            f"{_INDENT}select",
            f"{_INDENT * 2}{{{{ cast_text(\"'{campaign.campaign_id}'\") }}}} as campaign_id,",
            f"{_INDENT * 2}customer_key,",
            f"{_INDENT * 2}occasion_key,",
            f"{_INDENT * 2}{{{{ json_text([{pairs}\n{_INDENT * 2}]) }}}} as payload",
            f"{_INDENT}from {{{{ ref('{campaign.campaign_id}') }}}}",
        )
    )


def channel_block(campaigns: list[Campaign]) -> str:
    """The lines of act_campaign_channel.sql between its markers.

    A row per campaign, brand and channel, with the campaign's meta.
    """
    rows = [
        _channel_row(campaign, brand, channel, rank)
        for campaign in campaigns
        for brand in campaign.meta.brands
        for rank, channel in enumerate(campaign.meta.channels, start=1)
    ]
    return "\nunion all\n".join(rows)


def _channel_row(campaign: Campaign, brand: str, channel: str, rank: int) -> str:
    meta = campaign.meta
    texts = {
        "campaign_id": campaign.campaign_id,
        "brand": brand,
        "channel": channel,
        "purpose": meta.purpose,
        "message_class": meta.message_class,
        "content_key": meta.content_key,
        "re_entry": meta.re_entry,
    }
    numbers = {
        "channel_rank": rank,
        "priority": meta.priority,
        "cool_down_days": meta.cool_down_days,
        "valid_for_days": meta.valid_for_days,
    }
    columns = [f"{{{{ cast_text(\"'{value}'\") }}}} as {name}" for name, value in texts.items()]
    columns += [f"{value} as {name}" for name, value in numbers.items()]
    return f"{_INDENT}select\n" + ",\n".join(f"{_INDENT * 2}{column}" for column in columns)


def with_block(text: str, block: str) -> str:
    """`text` with the lines between its two markers replaced; ValueError when it has not exactly one pair of them."""
    if text.count(_BEGIN) != 1 or text.count(_END) != 1:
        raise ValueError(f"expected one pair of markers: {_BEGIN!r} and {_END!r}")
    head, _, rest = text.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    return f"{head}{_BEGIN}\n{block}\n{_END}{tail}"


def generated(folder: Path | None = None) -> dict[Path, str]:
    """The policy models that hold a generated block, each with its text as the campaigns of `folder` want it."""
    folder = folder or models_folder()
    campaigns = read(folder / "campaigns")
    blocks = {"act_candidate.sql": candidate_block(campaigns), "act_campaign_channel.sql": channel_block(campaigns)}
    paths = {folder / "policy" / name: block for name, block in blocks.items()}
    return {path: with_block(path.read_text(encoding="utf-8"), block) for path, block in paths.items()}


def write(folder: Path | None = None) -> list[Path]:
    """Bring the generated blocks up to date and return the files that changed."""
    changed = [(path, text) for path, text in generated(folder).items() if path.read_text(encoding="utf-8") != text]
    for path, text in changed:
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in changed]


if __name__ == "__main__":
    for changed_path in write():
        print(changed_path.relative_to(settings.project_root()))  # the command's output
