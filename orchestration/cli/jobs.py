"""Commands that do something: `land`, `build`, `run`, `demo`, `dev`, `doctor`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from orchestration import settings
from orchestration.brands import Brand
from orchestration.cli import check, common, exits, gateway, output, summary
from orchestration.sources.landing import scratch
from orchestration.sources.landing.land import Landed
from orchestration.sources.landing.land import land as land_sources
from orchestration.warehouse.progress import say

Full = Annotated[bool, typer.Option("--full", help="Also sources marked only_full.")]
Force = Annotated[bool, typer.Option("--force", help="Build although nothing changed.")]
Live = Annotated[bool, typer.Option("--live", help="Really send, where the brand file says delivery = live too.")]
AsOf = Annotated[
    str, typer.Option("--as-of", help="Business day to build, YYYY-MM-DD; the newest of the data when left out.")
]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(land)
    app.command()(build)
    app.command()(run)
    app.command()(demo)
    app.command()(dev)
    app.command()(doctor)


def land(
    context: typer.Context,
    sources: Annotated[list[str] | None, typer.Argument(help="Sources of the brand file; all when left out.")] = None,
    is_full: Full = False,
    is_json: Json = False,
    file: Annotated[
        Path | None, typer.Option("--check", help="Land nothing: tell what would become of this file.")
    ] = None,
    as_: Annotated[str, typer.Option("--as", help="What --check takes the file for: a source or a contract.")] = "",
) -> None:
    """Land what the sources offer. Nothing twice, nothing half, nothing lost."""
    if as_ and file is None:
        raise typer.BadParameter("--as says what --check FILE is taken for: give the file too")
    if file is not None:
        raise typer.Exit(check.check(context, file, as_, is_json=is_json))
    brand = common.brand_of(context)
    if unknown := [name for name in sources or () if name not in brand.file.sources]:
        raise typer.BadParameter(f"no source {', '.join(unknown)}; there are {', '.join(brand.file.sources)}")
    common.prepare(brand)
    with output.progress():
        results = land_sources(
            brand, sources=sources or None, is_full=is_full, on_progress=lambda what: say("land", what)
        )
    if is_json:
        output.as_json([item.__dict__ for item in results])
    else:
        _tell_landed(results)
    is_whole = all(item.outcome in ("landed", "known") for item in results)
    raise typer.Exit(exits.OK if is_whole else exits.REFUSED)


def _tell_landed(results: list[Landed]) -> None:
    if not results:
        output.say("Nothing new.")
        return
    columns = ("contract", "file", "outcome", "landed", "accepted", "duplicate", "quarantined", "remark")
    output.table(
        columns,
        [
            (i.contract, i.name, i.outcome, i.landed, i.accepted, i.duplicate, i.quarantined, i.detail or _unmapped(i))
            for i in results
        ],
    )


def _unmapped(item: Landed) -> str:
    return f"columns nobody mapped: {', '.join(item.unmapped_columns)}" if item.unmapped_columns else ""


def build(context: typer.Context, as_of: AsOf = "", force: Force = False) -> None:
    """Build every model and judge the result; skipped, and said so, when nothing changed."""
    brand = common.ready_brand(context)
    story = summary.Story(brand)
    with output.progress():
        ran = _jobs(brand).run("build_job", switches={"as_of": as_of, "force": force})
    story.add(ran)
    story.tell()
    raise typer.Exit(exits.OK if ran.is_success else exits.FAILED)


def run(
    context: typer.Context,
    as_of: AsOf = "",
    is_full: Full = False,
    force: Force = False,
    live: Live = False,
    is_json: Json = False,
) -> None:
    """Land, build, judge, decide, send: the day's work. Sends are rehearsed unless --live."""
    brand = common.ready_brand(context)
    story = _work(brand, {"is_full": is_full, "force": force, "live": live}, as_of)
    story.tell(is_json=is_json)
    raise typer.Exit(story.exit_code)


def _jobs(brand: Brand) -> Any:
    from orchestration.cli.execute import Jobs

    say("start", "loading the graph")
    return Jobs(brand)


def _work(brand: Brand, switches: dict[str, Any], as_of: str) -> summary.Story:
    story = summary.Story(brand)
    with output.progress():
        jobs = _jobs(brand)
        story.add(jobs.run("land_job", switches=switches))
        if not story.is_success:
            return story
        from orchestration.defs.resources import Deployment

        day = Deployment(brand=brand.name, as_of=as_of).inputs().as_of.isoformat()
        story.add(jobs.run("daily_job", switches={**switches, "as_of": day}, day=day))
    return story


def demo(context: typer.Context, is_full: Full = False, force: Force = False) -> None:
    """Write the brand's demonstration input, start its stand-in gateways, and do the day's work, live."""
    brand = common.ready_brand(context)
    started = time.monotonic()
    prepared = _prepare_input(brand, is_full=is_full)
    with gateway.running(brand):
        story = _work(brand, {"is_full": is_full, "force": force, "live": True}, "")
    story.seconds = {"prepare": prepared, **story.seconds, "all": time.monotonic() - started}
    story.tell()
    if story.is_success:
        output.say(f"Look at it: make dev BRAND={brand.name}, or touchstream --brand {brand.name} status")
    raise typer.Exit(story.exit_code)


def _prepare_input(brand: Brand, *, is_full: bool) -> float:
    """Run the brand's own preparation; gives its seconds."""
    started = time.monotonic()
    if brand.file.demo.prepare:
        command = [
            sys.executable,
            *brand.file.demo.prepare,
            "--home",
            str(brand.home),
            *(["--full"] if is_full else []),
        ]
        subprocess.run(command, cwd=settings.project_root(), check=True)
    return time.monotonic() - started


def dev(context: typer.Context, port: Annotated[int, typer.Option(help="Port of the UI on 127.0.0.1.")] = 3000) -> None:
    """Open the Dagster UI on the brand's warehouse, with its daemon; ends with Ctrl-C."""
    brand = common.ready_brand(context)
    from orchestration.defs.instance import prepare
    from orchestration.warehouse import dbt

    dbt.prepare_manifest(brand)
    environment = {**os.environ, **prepare(brand)}
    program = Path(sys.executable).parent / "dagster"
    os.chdir(settings.project_root())
    output.say(f"http://127.0.0.1:{port}")
    os.execve(
        program,
        [str(program), "dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)],
        environment,
    )


def doctor(
    context: typer.Context,
    is_reaping: Annotated[bool, typer.Option("--reap", help="Report orphaned runs as failed.")] = False,
) -> None:
    """Look for what a crash left: runs whose process is gone, builds never closed, operations in flight."""
    brand = common.ready_brand(context)
    found = summary.ailments(brand)
    left = scratch.sweep(brand) if is_reaping else scratch.left_behind(brand)
    found += [(str(path), "removed" if is_reaping else "left by a killed landing: --reap removes it") for path in left]
    from orchestration.defs import instance as house

    os.environ.update(house.prepare(brand))
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        ids = house.reap(instance) if is_reaping else [item.run_id for item in house.orphans(instance)]
    found += [
        (f"run {item}", "reported as failed" if is_reaping else "its process is gone: --reap reports it as failed")
        for item in ids
    ]
    if not found:
        output.say("Nothing is wrong.")
        raise typer.Exit(exits.OK)
    output.table(("what", "how"), found)
    raise typer.Exit(exits.OK if is_reaping else exits.FAILED)
