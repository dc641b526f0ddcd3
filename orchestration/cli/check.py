"""`touchstream land --check FILE --as NAME`: what would be accepted and why not, without landing anything.

Here: what `--as` names, how the answer is shown. Not here: the answer (sources/landing/check.py). Values of the file
are shown to whoever asked, on their own terminal; they reach no log.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import typer

from orchestration import settings
from orchestration.brands import Brand, BrandFile
from orchestration.cli import common, exits, output
from orchestration.sources.contracts import CONTRACTS, nearest
from orchestration.sources.landing import check as checks
from orchestration.sources.landing.check import Checked


def check(context: typer.Context, file: Path, as_: str, *, is_json: bool) -> int:
    """Check the file, tell the answer, and give the exit code: 0 all rows land, 1 some would not, 5 none would."""
    if not file.is_file():
        raise typer.BadParameter(f"{file} is no file")
    with _brand(context) as brand:
        answer = _checked(brand, file, as_)
    if is_json:
        output.as_json(asdict(answer))
    else:
        _tell(answer, brand)
    if answer.refused:
        return exits.REFUSED
    return exits.FAILED if answer.quarantined else exits.OK


@contextlib.contextmanager
def _brand(context: typer.Context) -> Iterator[Brand]:
    """The chosen brand; without one a stand-in, of which nothing stays."""
    if context.find_root().obj or os.environ.get("BRAND"):
        yield common.brand_of(context)
        return
    output.complain("No brand chosen: moments without an offset are read as UTC, phone numbers need a country code.")
    file = BrandFile(title="Nobody", time_zone="UTC", currency="USD")
    brand = Brand("nobody", settings.brands_folder() / "nobody.toml", file)
    try:
        yield brand
    finally:
        with contextlib.suppress(OSError):
            (brand.home / "scratch").rmdir()
            brand.home.rmdir()


def _checked(brand: Brand, file: Path, as_: str) -> Checked:
    if as_ in brand.file.sources:
        return checks.check_source(brand, file, as_)
    if as_ in CONTRACTS:
        return checks.check_contract(brand, file, as_)
    if not as_:
        raise typer.BadParameter(
            "say with --as what the file is: a source of the brand, or a contract like pos.order_line"
        )
    near = nearest(as_, [*brand.file.sources, *CONTRACTS])
    raise typer.BadParameter(
        f"{as_!r} is neither a source of the brand nor a contract"
        + (f"; the nearest are {', '.join(near)}" if near else "; docs/contracts/README.md lists the contracts")
    )


def _tell(answer: Checked, brand: Brand) -> None:
    written = ", ".join(f"{key} {value!r}" for key, value in answer.settings.items())
    seems = f" ({'seems to have' if answer.source else 'read with'} {written})" if written else ""
    output.say(f"{answer.file} as {answer.source or answer.contract}{seems}")
    if answer.refused:
        output.say(f"The whole file would be refused: {answer.refused}: {answer.detail}")
    if not answer.refused or answer.landed:
        condition = " with the lines below in the brand file" if answer.is_guessed and answer.mapping else ""
        output.say(
            f"{answer.landed} rows: {answer.accepted} accepted, {answer.duplicate} duplicate, "
            f"{answer.quarantined} quarantined{condition}"
        )
    _tell_reasons(answer)
    _tell_columns(answer)
    if answer.mapping:
        file = brand.path.name if brand.path.exists() else "the brand file"
        output.say(f"\nFor {file}, to look over:\n\n{answer.mapping.rstrip()}")


def _tell_reasons(answer: Checked) -> None:
    for title, reasons in (("Quarantined", answer.reasons), ("Set aside, the row stands without it", answer.aside)):
        if reasons:
            output.say("")
            output.table(
                ("reason", "field", "rows", "in rows", "what stood there", "expected"),
                [_row(item) for item in reasons],
                title=title,
            )


def _row(reason: checks.Reason) -> tuple[str | int, ...]:
    more = " …" if reason.rows > len(reason.examples) else ""
    where = ", ".join(str(one.row) for one in reason.examples) + more
    stood = " | ".join(one.value for one in reason.examples)
    return reason.reason, reason.field, reason.rows, where, stood, reason.expected


def _tell_columns(answer: Checked) -> None:
    if answer.missing:
        output.say("")
        output.table(
            ("needed field", "meaning", "perhaps the column"),
            [(item.field, item.meaning, ", ".join(item.nearest)) for item in answer.missing],
            title="Needed fields without a column",
        )
    if answer.unmapped:
        output.say("")
        output.table(
            ("column nobody reads", "perhaps the field"),
            [(column, ", ".join(near)) for column, near in answer.unmapped.items()],
            title="Columns nobody reads (map them, or name them in ignore_columns)",
        )
