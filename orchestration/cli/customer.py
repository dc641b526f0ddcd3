"""`touchstream customer`: who is it that calls, writes, or stands at the counter."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from orchestration.cli import customer_text, timeline_text
from orchestration.cli.identity import AskedAs, Json, Role, asked, told
from orchestration.identity.card import card
from orchestration.identity.timeline import timeline

app = typer.Typer(no_args_is_help=True, help="Who one customer is, and what happened with them.")


@app.command()
def find(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    phone: Annotated[str | None, typer.Option(help="A mobile number, however it is written.")] = None,
    email: Annotated[str | None, typer.Option(help="An e-mail address.")] = None,
    member_id: Annotated[str | None, typer.Option(help="The customer master's number.")] = None,
    openid: Annotated[str | None, typer.Option(help="WeChat's name for the person: APPID:OPENID, or OPENID.")] = None,
    ouid: Annotated[str | None, typer.Option(help="Tmall's name for the buyer: SHOP:OUID, or OUID.")] = None,
    identifier: Annotated[str | None, typer.Option(help="NAMESPACE:VALUE, a token, or a customer key.")] = None,
    orders: Annotated[int, typer.Option(min=0, help="How many of the newest orders to show.")] = 5,
    role: AskedAs = Role.SUPPORT,
    is_json: Json = False,
) -> None:
    """Show who somebody is: identifiers, purchases, vouchers, consent, open cases, tier and points."""
    given = {
        "phone": phone,
        "email": email,
        "member_id": member_id,
        "wechat_openid": openid,
        "tmall_ouid": ouid,
        "": identifier,
    }
    named = [f"{namespace}:{value}".removeprefix(":") for namespace, value in given.items() if value is not None]
    if len(named) != 1:
        raise typer.BadParameter("give exactly one of --phone, --email, --member-id, --openid, --ouid, --identifier")
    with asked(context, role) as desk:
        found = card(desk, named[0], orders=orders)
        told(found, customer_text.card(desk, found), is_json=is_json)


@app.command()
def show(
    context: typer.Context,
    customer: Annotated[
        str, typer.Argument(metavar="ID", help="A customer key, namespace:value, a token, or the beginning of one.")
    ],
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="First business day that counts.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Last business day that counts.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest touches to show.")] = 20,
    role: AskedAs = Role.READER,
    is_json: Json = False,
) -> None:
    """Show a customer's timeline: where they stand, every touch, what it answered. Needs no clear values."""
    first, last = (None if day is None else day.date() for day in (since, until))
    if first and last and first > last:
        raise typer.BadParameter(f"--since {first} lies after --until {last}: nothing can be between")
    with asked(context, role) as desk:
        found = timeline(desk, customer, since=first, until=last, limit=limit)
        told(found, timeline_text.timeline(found), is_json=is_json)
