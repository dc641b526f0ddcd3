"""What a brand file says of probable links: `[proposals]`.

Here: the settings and their checks. Not here: the rest of a brand file (brands.py), how pairs are found and scored
(modeling/).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Cadence = Literal["daily", "weekly", "monthly"]


def _probability(value: float) -> float:
    if not 0.5 <= value < 1:
        raise ValueError(f"{value:g} must be a probability from 0.5 to below 1, like 0.95")
    return value


class ProposalSetting(BaseModel):
    """That links without a shared identifier are proposed, and which; without the table there are none.

    `threshold`: a pair is proposed when it is one person with at least this probability. `most`: how many proposals
    wait at a time, the most probable first; the next ones follow when these are decided. `cadence`: how often Dagster
    looks for them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    threshold: Annotated[float, AfterValidator(_probability)] = 0.95
    most: Annotated[int, Field(ge=1, le=10_000)] = 200
    cadence: Cadence = "weekly"
