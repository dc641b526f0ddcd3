"""`touchstream source`: a new source in the brand file, and the first lines of an own connector.

Here: what is asked and told. Not here: the entry itself (sources/scaffold.py), the connector's text
(sources/own_connector.py).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from orchestration.brands import NAME, Brand
from orchestration.cli import common, output
from orchestration.sources import guess, own_connector, samples, scaffold
from orchestration.sources.contracts import CONTRACTS, nearest
from orchestration.sources.contracts.model import Contract
from orchestration.sources.formats import recognise
from orchestration.sources.headings import RefusedFileError
from orchestration.sources.scaffold import Entry

app = typer.Typer(no_args_is_help=True, help="Connect a new source.")

Name = Annotated[str, typer.Argument(help="Its name: lower-case letters, digits and _.")]


@app.command()
def new(
    context: typer.Context,
    name: Name,
    as_: Annotated[str, typer.Option("--as", help="The contract it fills, like shop.order.")],
    connector: Annotated[str, typer.Option("--connector", help="How it is reached.")] = "files",
    file: Annotated[
        Path | None, typer.Option("--from", help="A file of it: delimiter, encoding and columns are guessed.")
    ] = None,
) -> None:
    """Add a source to the brand file: its columns guessed from a file, every other field as a comment."""
    brand = common.brand_of(context)
    _check_name(name)
    contract = _contract(as_)
    if connector not in scaffold.connectors():
        raise typer.BadParameter(f"{connector!r} is no connector; there are {', '.join(scaffold.connectors())}")
    ending = ".jsonl" if connector.startswith("own.") else ".csv"
    path = scaffold.path_like(name, file, otherwise=ending)
    entry = Entry(name, contract, connector=connector, path=path)
    if file is not None:
        entry = _looked_into(brand, entry, file)
    scaffold.add(brand.path, entry)
    output.say(f"{brand.path}: source {name} added.\n\n{scaffold.text_of(entry)}")
    output.say(_next(brand, entry, file))


@app.command("connector")
def connector_(name: Name) -> None:
    """Write the first lines of an own connector and of its test, for a system that nobody else has."""
    _check_name(name)
    try:
        module, test = own_connector.write(name)
    except FileExistsError as error:
        raise typer.BadParameter(str(error)) from None
    output.say(f"{module}\n{test}\n")
    output.say(
        f"Next: make pages() ask your system, and see that its test still holds: .venv/bin/python -m pytest {test}\n"
        f"Then: touchstream source new NAME --as CONTRACT --connector own.{name}"
    )


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise typer.BadParameter(f"{name!r}: names are lower-case letters, digits and _, a letter first, at most 31")


def _contract(name: str) -> Contract:
    if name not in CONTRACTS:
        near = nearest(name, CONTRACTS)
        raise typer.BadParameter(
            f"{name!r} is no contract"
            + (f"; the nearest are {', '.join(near)}" if near else "; docs/contracts/README.md lists them")
        )
    return CONTRACTS[name]


def _looked_into(brand: Brand, entry: Entry, file: Path) -> Entry:
    """The entry with what the file shows: how it is written, which columns it has and what they probably are."""
    if not file.is_file():
        raise typer.BadParameter(f"{file} is no file")
    try:
        settings = samples.settings_of(file)
        how = recognise(file, "auto", settings.get("delimiter", ","), settings.get("encoding", "utf-8"))
        held = samples.samples_of(file, how)
    except RefusedFileError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error}") from error
    guesses = guess.guesses(entry.contract, held, brand.file.time_zone)
    used = {found.column for found in guesses.values()}
    return replace(entry, settings=settings, guesses=guesses, unread=[column for column in held if column not in used])


def _next(brand: Brand, entry: Entry, file: Path | None) -> str:
    call = f"touchstream --brand {brand.name}"
    needed = [item.name for item in entry.contract.fields if item.is_required and item.name not in entry.guesses]
    table = "own" if entry.connector.startswith("own.") else entry.connector
    steps = [
        f"look the entry over in {brand.path}" + (f"; still without a column: {', '.join(needed)}" if needed else ""),
        f"{call} land --check {file or 'FILE'} --as {entry.name}",
        f"put files into {brand.drop / entry.path}"
        if entry.connector == "files"
        else f"fill in [sources.{entry.name}.{table}] and set the variables it names",
        f"{call} serve" if entry.connector == "push" else f"{call} land {entry.name}",
    ]
    return "Next:\n" + "\n".join(f"  {number}. {step}" for number, step in enumerate(steps, start=1))
