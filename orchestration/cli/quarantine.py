"""`touchstream quarantine`: rows that broke their contract, and their second try."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from orchestration.brands import Brand
from orchestration.cli import common, exits, output
from orchestration.sources.landing import replay as replays
from orchestration.sources.landing import write
from orchestration.sources.landing.replay import ID_COLUMN, LINE_COLUMN, Quarantined

app = typer.Typer(no_args_is_help=True, help="See and replay rows that broke their contract.")

Which = Annotated[str | None, typer.Argument(help="A quarantine id or a batch id; everything when left out.")]


def _waiting(brand: Brand, which: str | None) -> list[Quarantined]:
    with write.session(brand.name, application_name="touchstream quarantine") as connection:
        found = replays.waiting(connection)
    return [
        row for row in found if which is None or row.quarantine_id.startswith(which) or row.batch_id.startswith(which)
    ]


@app.command("list")
def list_(context: typer.Context, is_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Count the waiting rows by contract, file and reason; no value of a row is shown."""
    brand = common.ready_brand(context)
    counts: dict[tuple[str, str, str, str, str], int] = {}
    for row in _waiting(brand, None):
        key = (row.contract, row.file_name, row.batch_id, row.reason, row.field or "")
        counts[key] = counts.get(key, 0) + 1
    columns = ("contract", "file", "batch", "reason", "field", "rows")
    rows = [(*key, count) for key, count in counts.items()]
    if is_json:
        output.as_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    if not rows:
        output.say("Nothing is in quarantine.")
        return
    output.table(columns, rows)


@app.command()
def show(
    context: typer.Context,
    which: Which = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="The rows themselves, to correct and give to replay --with.")
    ] = False,
    limit: Annotated[int, typer.Option(help="Rows at most.")] = 50,
) -> None:
    """Tell each waiting row's story: file, row, column, and what to do. Shows clear text of the vault."""
    brand = common.ready_brand(context)
    rows = _waiting(brand, which)
    if as_csv:
        _show_csv(brand, rows)
        return
    for row in rows[:limit]:
        output.say(row.told(brand))
        output.say(f"    {row.original}")
    if len(rows) > limit:
        output.say(f"… and {len(rows) - limit} more (--limit)")
    if not rows:
        output.say("Nothing of that is in quarantine.")


def _show_csv(brand: Brand, rows: list[Quarantined]) -> None:
    """A line of the file that was no row has empty cells, and stands beside them as it came."""
    if len({row.source for row in rows}) > 1:
        raise typer.BadParameter("rows of several sources have different columns: name one batch")
    with write.session(brand.name, application_name="touchstream quarantine") as connection:
        batches = dict.fromkeys(row.batch_id for row in rows)
        of_files = [column for batch in batches for column in replays.source_columns(connection, batch)]
    given = [json.loads(row.original or "{}") if row.form == "json" else {} for row in rows]
    columns = list(dict.fromkeys([*of_files, *(column for item in given for column in item)]))
    broken = [row.original if row.form != "json" else "" for row in rows]
    head = [ID_COLUMN, *([LINE_COLUMN] if any(broken) else [])]
    output.csv_rows(
        [*head, *columns],
        [
            [*(row.quarantine_id, line)[: len(head)], *(_cell(item.get(column)) for column in columns)]
            for row, line, item in zip(rows, broken, given, strict=True)
        ],
    )


def _cell(value: object) -> object:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@app.command()
def replay(
    context: typer.Context,
    which: Which = None,
    with_: Annotated[Path | None, typer.Option("--with", help="A corrected CSV from `quarantine show --csv`.")] = None,
) -> None:
    """Try waiting rows again through the present mapping, or with corrected text."""
    brand = common.ready_brand(context)
    try:
        corrections = replays.read_corrections(with_) if with_ else None
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error)) from None
    wanted = list(
        dict.fromkeys(
            (row.batch_id, None if which is None or row.batch_id.startswith(which) else row.quarantine_id)
            for row in _waiting(brand, which)
        )
    )
    done = [
        item
        for batch, row_id in wanted
        for item in replays.replay(brand, batch_id=batch, quarantine_id=row_id, corrections=corrections)
    ]
    columns = ("contract", "batch", "tried", "accepted", "duplicate", "still in quarantine", "remark")
    output.table(
        columns,
        [(i.contract, i.batch_id, i.tried, i.accepted, i.duplicate, i.still_quarantined, i.detail) for i in done],
    )
    raise typer.Exit(exits.FAILED if any(item.still_quarantined for item in done) else exits.OK)
