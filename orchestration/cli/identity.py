"""`touchstream identity`: who is who, why, what waits for a person, and what a person decides.

Here: the commands. Not here: their words (identity_text.py), what they find (orchestration/identity).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any

import typer

from orchestration.cli import common, identity_text, output
from orchestration.identity import approval, decisions, desk
from orchestration.identity.decisions import Word
from orchestration.identity.desk import Desk
from orchestration.identity.explain import explain as explained
from orchestration.identity.impact import impact as impact_of
from orchestration.identity.review import review as waiting
from orchestration.identity.show import show as shown
from orchestration.modeling import proposals

app = typer.Typer(no_args_is_help=True, help="Who is who, why, and what a person decides about it.")


class Role(StrEnum):
    """The brand's roles on the database."""

    SUPPORT = "support"
    READER = "reader"
    BI = "bi"


AskedAs = Annotated[Role, typer.Option("--role", help="Ask as: support sees clear values, reader tokens.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
One = Annotated[str, typer.Argument(metavar="ID1", help="namespace:value, a token, or the beginning of one.")]
Other = Annotated[str, typer.Argument(metavar="ID2", help="Likewise.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, so that others understand it later.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides; the operating system's user when left out.")]


@contextmanager
def asked(context: typer.Context, role: Role) -> Iterator[Desk]:
    """A desk on the chosen brand."""
    brand = common.ready_brand(context)
    with desk.opened(brand, role=role.value) as found:
        yield found


def told(found: Any, lines: Iterable[str], *, is_json: bool, **more: object) -> None:
    """Say what was found (a dataclass) in words, or as JSON with `more` beside its own fields."""
    if is_json:
        output.as_json({**asdict(found), **more})
        return
    for line in lines:
        output.say(line)


@app.command()
def explain(
    context: typer.Context, one: One, other: Other, role: AskedAs = Role.SUPPORT, is_json: Json = False
) -> None:
    """Say whether two identifiers are one customer, and why or why not."""
    with asked(context, role) as found:
        result = explained(found, one, other)
        told(result, identity_text.explanation(found, result), is_json=is_json)


@app.command()
def show(
    context: typer.Context,
    customer: Annotated[str, typer.Argument(help="A customer key or any identifier, as for explain.")],
    role: AskedAs = Role.SUPPORT,
    is_json: Json = False,
) -> None:
    """Show a customer's identifiers, devices, former keys, and what is in quarantine."""
    with asked(context, role) as found:
        result = shown(found, customer)
        told(result, identity_text.customer(found, result), is_json=is_json)


@app.command()
def review(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="Items of each kind at most.")] = 20,
    role: AskedAs = Role.SUPPORT,
    is_json: Json = False,
) -> None:
    """List what waits for a person, each with the commands that settle it."""
    with asked(context, role) as found:
        result = waiting(found, limit=limit)
        told(result, identity_text.review(result), is_json=is_json)


@app.command()
def propose(context: typer.Context, is_json: Json = False) -> None:
    """Look for customers who are probably one person; what is found waits in `review`, and links nothing."""
    brand = common.brand_of(context)
    proposals.setting_of(brand)
    common.prepare(brand)
    with output.progress():
        found = proposals.propose(brand)
    told(found, identity_text.proposed(brand.name, found), is_json=is_json)


@app.command()
def release(context: typer.Context, one: One, other: Other, reason: Reason, by: By = None) -> None:
    """Decide that two identifiers are one person, from the next build on."""
    _decide(context, "release", one, other, reason, by)


@app.command()
def refuse(
    context: typer.Context,
    one: One,
    other: Other,
    reason: Reason,
    by: By = None,
    are_customers: Annotated[
        bool, typer.Option("--customers", help="Of the two customers that these name, not of the identifiers alone.")
    ] = False,
) -> None:
    """Decide that two identifiers (or the customers they name) are not one person, from the next build on."""
    if not are_customers:
        _decide(context, "refuse", one, other, reason, by)
        return
    brand = common.ready_brand(context)
    done = decisions.refuse_customers(brand, one, other, reason=reason, by=by)
    for line in identity_text.decided(brand.name, done):
        output.say(line)


@app.command()
def withdraw(context: typer.Context, one: One, other: Other, reason: Reason, by: By = None) -> None:
    """Take back what records said of two identifiers until now; what later records say counts again."""
    _decide(context, "withdraw", one, other, reason, by)


def _decide(context: typer.Context, word: Word, one: str, other: str, reason: str, by: str | None) -> None:
    brand = common.ready_brand(context)
    done = decisions.decide(brand, word, one, other, reason=reason, by=by)
    for line in identity_text.decided(brand.name, done):
        output.say(line)


@app.command()
def impact(
    context: typer.Context,
    largest: Annotated[int, typer.Option(min=0, help="How many of the largest customers to name.")] = 10,
    role: AskedAs = Role.SUPPORT,
    is_json: Json = False,
) -> None:
    """Say what the tables of identity change against what is published."""
    with asked(context, role) as found:
        result = impact_of(found, largest=largest)
        told(result, identity_text.impact(result), is_json=is_json, is_published=result.is_published)


@app.command()
def approve(context: typer.Context, reason: Reason, by: By = None) -> None:
    """Let the newest build publish, although it changes unusually much: look at `impact` first."""
    brand = common.ready_brand(context)
    done = approval.approve(brand, reason=reason, by=decisions.said_by(by))
    output.say(f"{done.approved_by} lets the build of {done.as_of} pass: {done.reason}")
    output.say(f"Build again (`touchstream --brand {brand.name} build`): then it is published.")
