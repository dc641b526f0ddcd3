"""What stands in for other rooms in these tests: a brand file, the plan's tables, a clock that can be moved.

The plan's tables have columns of the dbt models that they stand in for; a unit test compares them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import md5

AS_OF = date(2017, 12, 31)
BRAND_FILE = """
title = "Test brand"
time_zone = "America/New_York"
currency = "USD"

[destinations.email]
kind = "smtp"
{settings}
"""
PLAN_TABLES = """
    create table if not exists activation.act_contact_plan (
        campaign_id text, customer_key text, occasion_key text, as_of date, outcome text, reason text, channel text,
        identifier_key text, purpose text, content_key text, valid_for_days integer, payload text
    );
    create table if not exists activation.act_contact_identifier (customer_key text, identifier_key text);
    create table if not exists activation.act_campaign_channel (campaign_id text, channel text);
    delete from activation.act_contact_plan;
    delete from activation.act_contact_identifier;
    delete from activation.act_campaign_channel;
    insert into activation.act_campaign_channel values ('win_back', 'email');
"""
LEDGER_TABLES = (
    "ops.desired_member",
    "ops.operation_identifier",
    "ops.operation",
    "ops.send_batch",
    "ops.decision",
    "ops.sync_run",
    "ops.sync",
    "ops.destination",
    "ops.suppression",
    "ops.gate",
    "ops.build",
    "vault.clear_value",
    "ops.batch",
)
PAYLOAD = {"purchase_cycle_days": 21, "last_order_date": "2017-10-01", "days_since_last_order": 91}


class MovedClock:
    """The machine's clock, ahead by what was slept or moved."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The moved moment."""
        return datetime.now(UTC) + self.ahead

    def sleep(self, seconds: float) -> None:
        """Move on without waiting."""
        self.ahead += timedelta(seconds=seconds)


def key_of(text: str) -> str:
    """A stand-in for the token of a clear value."""
    return md5(text.encode()).hexdigest()


def address_of(number: int) -> str:
    """The e-mail address of a made-up customer."""
    return f"customer{number}@reader.example"


def columns_of(table: str) -> set[str]:
    """The columns of one of the plan's stand-in tables."""
    body = PLAN_TABLES.partition(f"activation.{table} (")[2].partition(")")[0]
    return {column.split()[0] for column in body.split(",")}
