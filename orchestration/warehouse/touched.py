"""Which models a build may leave as they are, because nothing they read has changed since they were built.

Here: from the inputs of the last build of a phase and those of the next to the models that need not run. Not here: a
build's record (builds.py), dbt's command line (dbt.py).

A model is left alone where it reads landed tables only, each with the batches it had then, under the same code and
variables; and a staging model whose contract has never had a batch, whatever the day. All else runs. A build that was
killed or failed, or a build of some models, leaves tables nobody vouches for: then everything runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.brands import Brand
from orchestration.warehouse.builds import Build
from orchestration.warehouse.connect import connect

STAGING = "staging"


@dataclass(frozen=True)
class Standing:
    """The last build of a phase that stands: its number, and what it recorded."""

    build_id: int
    fingerprint: str
    counts: Mapping[str, Any]

    @property
    def inputs(self) -> Mapping[str, Any]:
        """Its inputs as it recorded them: code, settings, batches."""
        return self.counts["inputs"]


@dataclass(frozen=True)
class Leave:
    """Models (by unique id) that need not run.

    `since`: the build whose work they are. `ground`: the foundation that the phase stands on, where it was made from
    the same inputs. Both None where nobody knows: then everything runs.
    """

    models: frozenset[str] = frozenset()
    since: int | None = None
    ground: int | None = None


def untouched(brand: Brand, build: Build, manifest: Mapping[str, Any], *, is_forced: bool = False) -> Leave:
    """The models that a build, whose row is open, may leave as they are; none when it is forced."""
    wanted, standing = build.inputs, _standing(brand, build.build_id)
    foundation, last = standing.get("foundation"), standing.get(build.phase)
    ground = foundation.build_id if foundation and foundation.fingerprint == wanted.fingerprint else None
    if is_forced or last is None or last.inputs["code"] != wanted.code:
        return Leave(ground=ground)
    if build.phase == "serving" and not _is_same_ground(foundation, last):
        return Leave(ground=ground)
    before: Mapping[str, int] = last.inputs["batches"]
    changed = {name for name in {*before, *wanted.batches} if before.get(name) != wanted.batches.get(name)}
    is_same_day = last.inputs["settings"] == wanted.settings
    left = {
        model
        for model, found in sources_read(manifest).items()
        if (is_same_day and None not in found and not changed.intersection(map(str, found)))
        or (_is_staging(manifest, model) and not any(wanted.batches.get(str(name)) for name in found))
    }
    return Leave(frozenset(left), last.build_id, ground)


def _is_staging(manifest: Mapping[str, Any], model: str) -> bool:
    node = manifest["nodes"][model]
    return node["schema"] == STAGING and node["name"].startswith("stg_")


def sources_read(manifest: Mapping[str, Any]) -> dict[str, frozenset[str | None]]:
    """For every model and seed of a manifest the contracts it is told from; None among them for any other source."""
    found: dict[str, frozenset[str | None]] = {}

    def read(unique_id: str) -> frozenset[str | None]:
        if unique_id in manifest["sources"]:
            return frozenset({manifest["sources"][unique_id]["config"]["meta"].get("contract")})
        if unique_id not in found:
            parents = manifest["nodes"][unique_id]["depends_on"].get("nodes", [])
            found[unique_id] = frozenset(name for parent in parents for name in read(parent))
        return found[unique_id]

    for unique_id, node in manifest["nodes"].items():
        if node["resource_type"] in ("model", "seed"):
            read(unique_id)
    return found


def _standing(brand: Brand, before: int) -> dict[str, Standing]:
    """The newest earlier build of each phase, where it ended well and no build of some models came after it."""
    with connect(brand.name, application_name="touchstream builds") as connection:
        rows = connection.execute(
            "select distinct on (phase) phase, build_id, state, input_fingerprint, counts from ops.build "
            "where build_id < %s order by phase, build_id desc",
            (before,),
        ).fetchall()
    partial = max((int(build_id) for phase, build_id, *_ in rows if phase == "partial"), default=0)
    return {
        phase: Standing(int(build_id), fingerprint, counts)
        for phase, build_id, state, fingerprint, counts in rows
        if phase != "partial" and state == "done" and build_id > partial and "inputs" in counts
    }


def _is_same_ground(foundation: Standing | None, serving: Standing) -> bool:
    """Whether the foundation now is the serving's own, or was made from that one by leaving the rest alone.

    A table that was made anew has lost the views of the serving that stood on it.
    """
    ground = serving.counts.get("ground")
    return foundation is not None and ground is not None and ground in (foundation.build_id, foundation.counts["since"])
