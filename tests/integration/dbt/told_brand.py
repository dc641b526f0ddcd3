"""A season of a small shop, drawn from a seed: orders, campaigns, vouchers, members and what they consented to.

Here: rows as they are landed, each with the moment it happened. Not here: what must come out.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.scenarios.world import World

START = datetime(2025, 1, 1, 2, tzinfo=UTC)
MEMBERS = 30
CONTRACTS = ("pos.order_line", "crm.member", "crm.consent", "campaign.target", "voucher.redemption")


@dataclass(frozen=True)
class Landed:
    """One row, its contract, and the moment it tells of (None: it holds at any time)."""

    contract: str
    at: datetime | None
    row: Mapping[str, Any]


def season(seed: int, days: int = 60) -> list[Landed]:
    """Everything that happens in `days` days from 1 January 2025; the same for the same seed."""
    draw = random.Random(seed)
    moments = sorted(START + timedelta(hours=draw.randint(0, days * 24 - 1)) for _ in range(200))
    told = [item for number, at in enumerate(moments) for item in _receipt(draw, number, at)]
    told += [_member(draw, number) for number in range(MEMBERS)]
    told += [_consent(draw, START + timedelta(hours=draw.randint(0, days * 24 - 1))) for _ in range(60)]
    told += _campaigns(draw)
    told += [_redemption(draw, START + timedelta(days=draw.randint(0, days - 1))) for _ in range(30)]
    unique = {(item.contract, *sorted((k, str(v)) for k, v in item.row.items())): item for item in told}
    return list(unique.values())


def land(world: World, told: Sequence[Landed], *, at: str = "2025-01-01 00:00+00") -> None:
    """Land the rows, one batch for each contract."""
    for contract in {item.contract for item in told}:
        world.land(contract, [item.row for item in told if item.contract == contract], at=at)


def _receipt(draw: random.Random, number: int, at: datetime) -> list[Landed]:
    member = f"m{draw.randrange(MEMBERS):02}" if draw.random() < 0.85 else None
    shared = {"order_id": f"r{number:04}", "ordered_at": at.isoformat(), "store_id": f"s{draw.randrange(3)}"}
    return [
        Landed(
            "pos.order_line",
            at,
            {
                **shared,
                "member_id_key": member,
                "order_line_id": str(line),
                "product_id": f"p{draw.randrange(20)}",
                "quantity": draw.randint(0, 3),
                "sales_amount": f"{draw.randint(0, 9999) / 100:.2f}",
            },
        )
        for line in range(draw.randint(1, 4))
    ]


def _member(draw: random.Random, number: int) -> Landed:
    registered = START + timedelta(hours=draw.randint(0, 1400)) if draw.random() < 0.7 else None
    row = {
        "member_id_key": f"m{number:02}",
        "email_key": f"e{draw.randrange(MEMBERS):02}" if draw.random() < 0.7 else None,
        "registered_at": registered.isoformat() if registered else None,
        "age_band": draw.choice(("25-34", "35-44", None)),
    }
    return Landed("crm.member", registered, row)


def _consent(draw: random.Random, at: datetime) -> Landed:
    row = {
        "member_id_key": f"m{draw.randrange(MEMBERS):02}" if draw.random() < 0.6 else None,
        "email_key": f"e{draw.randrange(MEMBERS):02}",
        "channel": draw.choice(("email", "sms", "all")),
        "purpose": draw.choice(("marketing", "all")),
        "is_granted": draw.random() < 0.7,
        "changed_at": at.isoformat(),
    }
    return Landed("crm.consent", at, row)


def _campaigns(draw: random.Random) -> list[Landed]:
    told: list[Landed] = []
    for number in range(4):
        first = START + timedelta(days=12 * number)
        window = {"starts_on": str(first.date()), "ends_on": str((first + timedelta(days=20)).date())}
        told.append(Landed("campaign.campaign", None, {"campaign_id": str(number), "channel": "mail", **window}))
        told += [
            Landed(
                "voucher.offer",
                None,
                {"voucher_id": f"v{number}", "campaign_id": str(number), "product_id": f"p{item}"},
            )
            for item in range(3)
        ]
        for member in draw.sample(range(MEMBERS), k=12):
            delivered = first + timedelta(days=draw.randint(0, 3))
            row = {"campaign_id": str(number), "member_id_key": f"m{member:02}", "delivered_on": str(delivered.date())}
            told.append(Landed("campaign.target", delivered, row))
    return told


def _redemption(draw: random.Random, at: datetime) -> Landed:
    number = draw.randrange(4)
    row = {
        "member_id_key": f"m{draw.randrange(MEMBERS):02}",
        "voucher_id": f"v{number}",
        "campaign_id": str(number),
        "redeemed_on": str(at.date()),
    }
    return Landed("voucher.redemption", at, row)
