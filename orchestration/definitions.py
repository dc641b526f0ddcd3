"""The Dagster code location of the brand that `BRAND` names."""

from __future__ import annotations

from orchestration.defs import build_defs

defs = build_defs()
