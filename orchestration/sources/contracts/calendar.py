"""Contracts of the calendar."""

from orchestration.sources.contracts.model import Contract, date, field, optional, required, string

DAY = Contract(
    id="calendar.day",
    title="Holidays and big sales days",
    description="One row per special day and what it is: public holidays, 618, 双11 with its deposit and balance days, "
    "lunar festivals. A day may be several things.",
    fields=(
        field("calendar_on", date, required, "the day, in the brand's zone"),
        field("name", string, required, "what it is called"),
        field(
            "day_type",
            string,
            required,
            "what kind of day it is",
            allowed=("holiday", "big_sale", "deposit", "balance", "festival", "brand_day", "workday"),
        ),
        field("country", string, optional, "ISO 3166 code of the country it holds in; everywhere when empty"),
        field("period_id", string, optional, "the season it belongs to, like 2025-11-11"),
    ),
    key=("calendar_on", "name", "country"),
)

CONTRACTS = (DAY,)
