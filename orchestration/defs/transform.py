"""dbt's models as assets: `foundation` before scores, `serving` after them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, DbtCliResource, DbtProject, dbt_assets
from dagster_dbt.compat import DBT_PYTHON_VERSION
from psycopg import sql

from orchestration.brands import Brand
from orchestration.defs import identity
from orchestration.defs.resources import Deployment
from orchestration.identity import block_list, impact, publication
from orchestration.warehouse import builds, dbt, restating, touched
from orchestration.warehouse.builds import Build, Phase
from orchestration.warehouse.connect import connect
from orchestration.warehouse.migrate import Connection
from orchestration.warehouse.progress import say
from orchestration.warehouse.restating import Cut
from orchestration.warehouse.touched import Leave

RESULTS = "run_results.json"
FAILED = ("error", "fail", "runtime error")
TOLD = 5
SELECTIONS: dict[Phase, str] = {"foundation": dbt.FOUNDATION, "serving": dbt.SERVING}


class HouseTranslator(DagsterDbtTranslator):
    """Asset keys are schema and table; groups are domains; owners come from dbt's meta."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Schema and table, for models, seeds and sources alike.

        The ledger is external: policy reads what earlier days sent.
        """
        if dbt_resource_props["resource_type"] == "source" and dbt_resource_props["schema"] == "ops":
            return dg.AssetKey(["ledger", dbt_resource_props["name"]])
        relation = dbt_resource_props.get("alias") or dbt_resource_props.get("identifier") or dbt_resource_props["name"]
        return dg.AssetKey([dbt_resource_props["schema"], relation])

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """dbt's tests as checks that need not block: one that fails makes its whole phase fail."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and dg.AssetCheckSpec(
            name=spec.name,
            asset=spec.asset_key,
            description=spec.description,
            additional_deps=spec.additional_deps,
            metadata=spec.metadata,
        )

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The schema, and within staging the channel."""
        schema = str(dbt_resource_props["schema"])
        folders = list(dbt_resource_props.get("fqn", []))[1:-1]
        return "_".join(folders[:2]) if schema == "staging" and folders else schema

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The team named in dbt's meta."""
        meta = dbt_resource_props.get("config", {}).get("meta", {})
        return [f"team:{meta.get('owner', 'data-platform')}"]


class HouseDbt(DbtCliResource):
    """dbt's command line, without two things Dagster does before each command and nobody here asks for."""

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        """No second dbt inside this process: `measured` asks the warehouse itself."""
        del args

    @cached_property
    def _cli_version(self) -> Any:
        """The version of the package beside us, not of a process started to print it."""
        return DBT_PYTHON_VERSION


def resource() -> DbtCliResource:
    """The dbt command that ends with its parent."""
    return HouseDbt(
        project_dir=str(dbt.project_dir()), profiles_dir=str(dbt.project_dir()), dbt_executable=str(dbt.executable())
    )


def assets(brand: Brand, manifest: Path) -> list[dg.AssetsDefinition]:
    """Both asset sets of dbt."""
    return [_assets(phase, selection, brand, manifest) for phase, selection in SELECTIONS.items()]


def _assets(phase: Phase, selection: str, brand: Brand, manifest: Path) -> dg.AssetsDefinition:
    @dbt_assets(
        manifest=manifest,
        select=selection,
        name=phase,
        dagster_dbt_translator=HouseTranslator(),
        op_tags={"brand": brand.name, "phase": phase},
    )
    def models(context: dg.AssetExecutionContext, dbt_cli: DbtCliResource, deployment: Deployment) -> Iterator[Any]:
        if phase == "foundation":
            block_list.apply(brand)
        wanted = deployment.inputs(context.partition_key if context.has_partition_key else "")
        is_whole = not context.is_subset
        since = builds.unchanged_since(brand, wanted, phase=phase) if is_whole and not deployment.force else None
        if since is not None:
            say(phase, f"unchanged since build {since}: skipped")
            yield from _unchanged(context, since, context.selected_asset_keys)
            return
        with builds.recorded(brand, phase if is_whole else "partial", wanted) as build:
            nodes = json.loads(manifest.read_text(encoding="utf-8"))
            is_forced = deployment.force or not is_whole
            left = touched.untouched(brand, build, nodes, is_forced=is_forced)
            cut = None if is_forced or phase != "foundation" else restating.standing_cut(brand, build)
            yield from _build(context, dbt_cli, build, Work(brand, left, nodes["nodes"], cut))

    return models


def _unchanged(
    context: dg.AssetExecutionContext, since: int | None, keys: AbstractSet[dg.AssetKey]
) -> Iterator[dg.MaterializeResult[None]]:
    order = TopologicalSorter({key: context.assets_def.asset_deps[key] for key in keys}).static_order()
    for key in (item for item in order if item in keys):
        yield dg.MaterializeResult(asset_key=key, value=None, metadata={"touchstream/unchanged_since_build": since})


@dataclass(frozen=True)
class Work:
    """A build's task: for whom, the models it leaves as they are, dbt's nodes, the cut its tables are restated from."""

    brand: Brand
    left: Leave
    nodes: Mapping[str, Mapping[str, Any]]
    cut: Cut | None


def _build(context: dg.AssetExecutionContext, dbt_cli: DbtCliResource, build: Build, work: Work) -> Iterator[Any]:
    brand, wanted = work.brand, build.inputs
    more = work.cut.variables if work.cut else None
    arguments = dbt.build_arguments(brand, as_of=wanted.as_of, known_at=wanted.known_at, more=more)
    if work.cut:
        say(build.phase, f"staging and identity are restated from build {work.cut.build_id} by what is new since")
    names = {
        key: node["name"]
        for node in (work.nodes[item] for item in work.left.models)
        if (key := dg.AssetKey([node["schema"], node["alias"]])) in context.selected_asset_keys
    }
    if names:
        say(build.phase, f"{len(names)} models are left as they are: nothing they read has changed")
        arguments += ["--exclude", " ".join(sorted(names.values()))]  # one value: Dagster takes it apart
        yield from _unchanged(context, work.left.since, names.keys())
    with (
        connect(brand.name, autocommit=True, application_name="touchstream row counts") as connection,
        dbt.in_environment(dbt.build_environment(brand)),
    ):
        results = dbt.target_path(brand) / RESULTS
        results.unlink(missing_ok=True)  # a dbt that fails early writes none: those of the build before are not its own
        invocation = dbt_cli.cli(arguments, context=context, raise_on_error=False, target_path=dbt.target_path(brand))
        try:
            yield from _told(context, connection, build.phase, invocation)
        finally:
            invocation.process.terminate()  # one that has ended does not mind; no other may outlive this
            invocation.process.wait()
    found = json.loads(results.read_text(encoding="utf-8"))["results"] if results.is_file() else []
    build.counts |= _counts(found)
    build.counts |= {"left": len(names), "since": work.left.since, "ground": work.left.ground}
    build.counts |= {"restated_from": work.cut and work.cut.build_id}
    if not invocation.is_successful():
        build.counts["failures"] = build.counts["failures"] or 1
        raise dg.Failure(description=f"dbt: {_why(found) or invocation.get_error()}", allow_retries=False)
    if build.phase == "foundation":
        yield identity.observed(impact.figures(brand))
        published = publication.publish(brand, build.build_id, wanted.as_of)
        build.counts |= {"identity": published and asdict(published)}


def _told(
    context: dg.AssetExecutionContext, connection: Connection, phase: Phase, invocation: DbtCliInvocation
) -> Iterator[Any]:
    for event in invocation.stream():
        if not isinstance(event, dg.Output):
            yield event
            continue
        say(phase, context.asset_key_for_output(event.output_name).to_user_string())
        node = invocation.manifest["nodes"][event.metadata["unique_id"].value]
        yield event.with_metadata({**event.metadata, **measured(connection, node)})


def measured(connection: Connection, node: Mapping[str, Any]) -> dict[str, int | dg.TableSchema]:
    """Metadata of the table or view that dbt made of a node of its manifest: rows, counted, and columns as they are.

    A view of staging is not counted: its rows were counted when they landed, and it may be the largest of all.

    Dagster's own counting leaves views out, and its columns have no types where the YAML names none.
    """
    relation = sql.Identifier(node["schema"], node["alias"])
    columns = connection.execute(sql.SQL("select * from {} limit 0").format(relation)).description or []
    told = {name: item.get("description") or None for name, item in node["columns"].items()}
    schema = [dg.TableColumn(item.name, item.type_display, description=told.get(item.name)) for item in columns]
    found: dict[str, int | dg.TableSchema] = {"dagster/column_schema": dg.TableSchema(schema)}
    if node["schema"] != "staging" or node["config"]["materialized"] != "view":
        rows = connection.execute(sql.SQL("select count(*) from {}").format(relation)).fetchall()
        found["dagster/row_count"] = rows[0][0]
    return found


def _counts(results: list[dict[str, Any]]) -> dict[str, Any]:
    kinds: dict[str, int] = {}
    for item in results:
        kind = str(item["unique_id"]).partition(".")[0]
        kinds[kind] = kinds.get(kind, 0) + 1
    failed = [item["unique_id"] for item in results if item["status"] in FAILED]
    tests = kinds.get("test", 0) + kinds.get("unit_test", 0)
    return {
        "models": kinds.get("model", 0),
        "seeds": kinds.get("seed", 0),
        "tests": tests,
        "failures": len(failed),
        "failed": failed[:20],
    }


def _why(results: list[dict[str, Any]]) -> str:
    """What failed and what dbt says of it, the first few; empty when it failed before anything ran."""
    told = [f"{item['unique_id']}: {item['message']}" for item in results if item["status"] in FAILED]
    more = [f"and {len(told) - TOLD} more"] if len(told) > TOLD else []
    return "; ".join(told[:TOLD] + more)
