"""`touchstream db`: the database server."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from orchestration.cli import common, output
from orchestration.warehouse import connect, server

app = typer.Typer(no_args_is_help=True, help="Start, stop and reach the database.")

Role = Annotated[str | None, typer.Option(help="bi, reader or support; the project's own user when left out.")]


@app.command()
def start(context: typer.Context) -> None:
    """Start the server and prepare the brand's databases; does nothing when they are ready."""
    brand = common.ready_brand(context)
    found = server.status()
    output.say(f"{brand.name}: PostgreSQL {found.version} on {found.host}:{found.port}")


@app.command()
def stop() -> None:
    """Stop the embedded server; an external one is left alone."""
    output.say("stopped" if server.stop() else "was not running")


@app.command()
def status(is_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Say whether the server runs, where, and what it is."""
    found = server.status()
    facts = {
        "running": found.running,
        "external": found.external,
        "host": found.host,
        "port": found.port,
        "version": found.version,
        "pid": found.pid,
        "data_folder": str(found.data_folder) if found.data_folder else None,
    }
    if is_json:
        output.as_json(facts)
    else:
        output.table(("what", "is"), facts.items())
    raise typer.Exit(0 if found.running else 1)


@app.command()
def url(context: typer.Context, role: Role = None) -> None:
    """Print the URL of the brand's database, password included: for BI tools take --role bi."""
    brand = common.ready_brand(context)
    output.say(connect.url(brand.name, role=role))


@app.command()
def psql(context: typer.Context, role: Role = None) -> None:
    """Open psql on the brand's database."""
    brand = common.ready_brand(context)
    program = server.program("psql")
    os.execv(program, [str(program), connect.url(brand.name, role=role)])
