"""The command `serve`: the HTTP endpoint for what others push to us."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from orchestration.cli import common, output


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(serve)


def _seconds(text: str) -> float:
    try:
        found = float(text.strip().removesuffix("s"))
    except ValueError:
        found = 0.0
    if not 0.05 <= found <= 3600:
        raise typer.BadParameter(f"{text!r}: give seconds, like 2s, from 0.05 to 3600")
    return found


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on; put a proxy with TLS before it.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8750,
    land_every: Annotated[
        str, typer.Option(metavar="SECONDS", help="How long pushes gather before they are landed.")
    ] = "2s",
    is_landing: Annotated[
        bool, typer.Option("--land/--no-land", help="Land here, or leave it to the sensor and to `land`.")
    ] = True,
    max_waiting: Annotated[
        int, typer.Option(min=1, help="Pushes that may wait to be landed; beyond, senders are told to try later.")
    ] = 20_000,
) -> None:
    """Take what others push to us (events, receipts, webhooks) and land it within seconds."""
    every = _seconds(land_every)
    brand = common.ready_brand(context)
    from orchestration.endpoint import server
    from orchestration.endpoint.writer import Limits

    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    server.serve(
        brand,
        host=host,
        port=port,
        land_every=every if is_landing else None,
        limits=Limits(pushes=max_waiting),
        on_open=lambda address: output.say(f"{address}/push/<source> takes pushes for {brand.name}; Ctrl-C ends it"),
    )
