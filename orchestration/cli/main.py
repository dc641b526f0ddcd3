"""The command line's root: which brand, which command, and one place where errors become words and exit codes."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.activation.errors import ActivationError, GateClosed
from orchestration.brands import BrandError
from orchestration.cli import customer, db, exits, identity, jobs, look, output, quarantine, serve, source
from orchestration.endpoint.errors import EndpointError
from orchestration.identity.errors import IdentityError
from orchestration.modeling.errors import ModelingError
from orchestration.sources.landing.write import AccountingError
from orchestration.sources.raw_tables import RawTableError
from orchestration.sources.tokens import PiiKeyError
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.locks import LockHeld

app = typer.Typer(
    name="touchstream",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A warehouse-native customer-data platform: land, build, decide, send, see.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 3 busy, 4 gate closed, 5 files refused.",
)
app.add_typer(customer.app, name="customer")
app.add_typer(db.app, name="db")
app.add_typer(identity.app, name="identity")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(source.app, name="source")
jobs.register(app)
look.register(app)
serve.register(app)

_EXITS: tuple[tuple[type[Exception], int], ...] = (
    (LockHeld, exits.BUSY),
    (GateClosed, exits.CLOSED),
    (BrandError, exits.USAGE),
    (PiiKeyError, exits.USAGE),
    (RawTableError, exits.USAGE),
    (IdentityError, exits.USAGE),
    (ModelingError, exits.USAGE),
    (WarehouseError, exits.FAILED),
    (AccountingError, exits.FAILED),
    (ActivationError, exits.FAILED),
    (EndpointError, exits.FAILED),
)


@app.callback()
def root(
    context: typer.Context,
    brand: Annotated[
        str | None, typer.Option("--brand", "-b", help="The brand to work on; else the BRAND variable.")
    ] = None,
) -> None:
    """Choose the brand; a command asks for it when it needs one."""
    context.obj = brand


def main() -> None:
    """Run the command line and end the process with its exit code; wrong usage is told by typer, with code 2."""
    try:
        app()
    except tuple(kind for kind, _ in _EXITS) as error:
        output.complain(str(error))
        raise SystemExit(next(code for kind, code in _EXITS if isinstance(error, kind))) from None
