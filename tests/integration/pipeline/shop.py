"""A small shop's exports: a hundred and twenty members, a year of receipts, and mornings on which some are overdue.

Here: the brand file and the files of its drop folder, the same on every machine. Not here: running anything (kit.py).
Day 0 is the first delivery (a year); each later day brings that day's receipts, consents, members and redemptions. On
day d everybody of wave d becomes overdue on their own rhythm: who is overdue, reachable and willing is known in
advance, so the mail server's record has an oracle that no model computed.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from tests.integration.pipeline import exports

FIRST_DAY = date(2024, 1, 2)
DAY_ZERO = date(2024, 12, 20)
MEMBERS = 120
WAVES = 4
"""Days of overdue members: 0 to 3; every third member goes on buying and is in none."""

TOLERANCE, SILENCE = 2, 28
"""dbt's purchase_cycle_tolerance and purchase_cycle_minimum_silence_days: overdue is longer than both say."""

STORES = ("north", "south", "river")
PRODUCTS = 24
CAMPAIGNS = (("C1", date(2024, 3, 1), date(2024, 3, 31)), ("C2", date(2024, 9, 1), date(2024, 9, 30)))

BRAND = """\
title = "Corner shop"
time_zone = "America/New_York"
currency = "USD"

[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*.csv"
[sources.till.columns]
order_id = "receipt"
order_line_id = "line"
ordered_at = "closed_at"
member_id = "card"

[sources.products]
connector = "files"
contract = "catalogue.product"
path = "products/*.parquet"

[sources.members]
connector = "files"
contract = "crm.member"
path = "members/*.jsonl"

[sources.consents]
connector = "files"
contract = "crm.consent"
path = "consents/*.csv"

[sources.campaigns]
connector = "files"
contract = "campaign.campaign"
path = "campaigns/*.csv"
[sources.campaigns.columns]
channel = {{ constant = "mail" }}

[sources.targets]
connector = "files"
contract = "campaign.target"
path = "targets/*.csv.gz"

[sources.offers]
connector = "files"
contract = "voucher.offer"
path = "offers/*.csv"

[sources.redemptions]
connector = "files"
contract = "voucher.redemption"
path = "redemptions/*.parquet"

[destinations.email]
kind = "smtp"
host = "127.0.0.1"
port = {port}
from_address = "Corner shop <hello@corner.example>"
delivery = "live"
lease_seconds = 2
settle_seconds = 0.3
timeout_seconds = 1.5
rate_per_second = 500
batch_size = 4
accepted_log = "gateway/accepted.jsonl"
unsubscribe_url = "https://corner.example/unsubscribe"
"""


@dataclass(frozen=True)
class Member:
    """One member: a rhythm in days, and the wave in which they become overdue (None: they go on buying)."""

    number: int
    cycle_days: int
    wave: int | None

    @property
    def member_id(self) -> str:
        """The card's number."""
        return f"M{self.number:03}"

    @property
    def email(self) -> str | None:
        """The address; every tenth member has given none."""
        return None if self.number % 10 == 0 else f"member{self.number:03}@reader.example"

    @property
    def joins(self) -> int:
        """The day whose delivery brings the card: the last members join one by one, a day each, all others on day 0."""
        return max(0, MEMBERS + 1 - self.number) if self.number > MEMBERS - WAVES + 1 else 0

    @property
    def says_yes(self) -> bool:
        """Whether they agreed to marketing mail and have not withdrawn."""
        return self.number % 7 != 1

    @property
    def last_order(self) -> date | None:
        """The last purchase day of who stays away: the day of their wave is the first on which they are overdue."""
        if self.wave is None:
            return None
        return DAY_ZERO + timedelta(days=self.wave - max(TOLERANCE * self.cycle_days, SILENCE) - 1)


def members() -> list[Member]:
    """All members, in order."""
    found: list[Member] = []
    for number in range(1, MEMBERS + 1):
        wave = None if number % 3 == 0 else number % WAVES
        found.append(Member(number, 6 + number * 5 % 15, wave))
    return found


def overdue(day: int) -> set[str]:
    """The addresses that are written to for the first time on a day: overdue and known since, reachable and willing."""
    people = [item for item in members() if item.wave is not None and item.says_yes]
    return {item.email for item in people if item.email and max(item.wave or 0, item.joins) == day}


def day_of(number: int) -> date:
    """The business day of a delivery."""
    return DAY_ZERO + timedelta(days=number)


def deliver(drop: Path, number: int) -> list[Path]:
    """Put a day's files into the drop folder; gives them. Nothing in them depends on when that happens."""
    files = _first() if number == 0 else _later(number)
    written: list[Path] = []
    for name, content in files.items():
        path = drop / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def _first() -> dict[str, bytes]:
    people = members()
    joined = [item for item in people if item.joins == 0]
    return {
        "products/products.parquet": exports.parquet_bytes(
            {
                "product_id": [f"P{n:02}" for n in range(PRODUCTS)],
                "category": [f"shelf {n % 5}" for n in range(PRODUCTS)],
            }
        ),
        "members/2024.jsonl": exports.jsonl_bytes(_card(item) for item in joined),
        "consents/2024.csv": exports.csv_bytes(
            ("email", "channel", "purpose", "is_granted", "changed_at"),
            [row for item in people for row in _consent(item)],
        ),
        "campaigns/2024.csv": exports.csv_bytes(
            ("campaign_id", "campaign_name", "starts_on", "ends_on"),
            [(name, f"Campaign {name}", first, last) for name, first, last in CAMPAIGNS],
        ),
        "targets/2024.csv.gz": gzip.compress(
            exports.csv_bytes(
                ("campaign_id", "member_id"),
                [(name, item.member_id) for name, *_ in CAMPAIGNS for item in people if item.number % 2],
            ),
            mtime=0,
        ),
        "offers/2024.csv": exports.csv_bytes(
            ("voucher_id", "campaign_id", "product_id"),
            [(f"V{n % 4}", name, f"P{n:02}") for name, *_ in CAMPAIGNS for n in range(PRODUCTS)],
        ),
        "redemptions/2024.parquet": _redemptions(
            [
                (item, first + timedelta(days=item.number % 25), name, f"V{item.number % 4}")
                for name, first, _ in CAMPAIGNS
                for item in people
                if item.number % 6 == 1
            ]
        ),
        "till/2024.csv": _till([line for item in people for line in _year(item)]),
    }


def _later(number: int) -> dict[str, bytes]:
    """One morning: whoever goes on buying bought yesterday; one member joins; one says no."""
    day, people = day_of(number), members()
    buyers = [item for item in people if item.wave is None and item.number % WAVES == number % WAVES]
    joined = [item for item in people if item.joins == number]
    gone = Member(1000 + number, 7, None)
    return {
        f"till/{day}.csv": _till([line for item in buyers for line in _receipt(item, day)]),
        f"members/{day}.jsonl": exports.jsonl_bytes(_card(item) for item in joined),
        f"consents/{day}.csv": exports.csv_bytes(
            ("email", "channel", "purpose", "is_granted", "changed_at"),
            [(gone.email, "email", "marketing", "no", f"{day}T09:00:00-05:00")],
        ),
        f"redemptions/{day}.parquet": _redemptions([(buyers[0], CAMPAIGNS[1][2], "C2", f"V{number % 4}")]),
    }


def _card(item: Member) -> dict[str, str]:
    card = {"member_id": item.member_id, "full_name": f"Member Number {item.number}"}
    if item.email:
        card["email"] = item.email
    if item.number % 4 == 0:
        card["phone"] = f"+1212555{item.number:04}"
    return card


def _consent(item: Member) -> Iterable[tuple[object, ...]]:
    if item.email is None:
        return
    yield (item.email, "email", "marketing", "yes", "2024-01-01T08:00:00-05:00")
    if not item.says_yes:
        yield (item.email, "email", "marketing", "no", "2024-06-15T12:00:00-04:00")


def _year(item: Member) -> Iterable[tuple[object, ...]]:
    """Receipts backwards from the last one, a rhythm apart; who goes on buying bought on day 0."""
    day = item.last_order or DAY_ZERO - timedelta(days=item.number % 5)
    while day >= FIRST_DAY:
        yield from _receipt(item, day)
        day -= timedelta(days=item.cycle_days)


def _receipt(item: Member, day: date) -> Iterable[tuple[object, ...]]:
    chance = random.Random(f"{item.number} {day}")
    closed_at = datetime.combine(day, time(10 + item.number % 8, item.number % 60))
    for line in range(1, chance.randint(1, 3) + 1):
        product, quantity = chance.randrange(PRODUCTS), chance.randint(1, 3)
        price = f"{quantity * (100 + 35 * product) / 100:.2f}"
        yield (
            f"R{day:%y%m%d}-{item.number}",
            line,
            closed_at,
            STORES[item.number % 3],
            item.member_id,
            f"P{product:02}",
            quantity,
            price,
        )


def _till(lines: Sequence[tuple[object, ...]]) -> bytes:
    return exports.csv_bytes(
        ("receipt", "line", "closed_at", "store_id", "card", "product_id", "quantity", "sales_amount"), lines
    )


def _redemptions(rows: list[tuple[Member, date, str, str]]) -> bytes:
    return exports.parquet_bytes(
        {
            "member_id": [item.member_id for item, *_ in rows],
            "voucher_id": [voucher for *_, voucher in rows],
            "campaign_id": [campaign for _, _, campaign, _ in rows],
            "redeemed_on": [day for _, day, *_ in rows],
        }
    )
