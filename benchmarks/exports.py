"""Files to land, made from a retailer's year and from numbers alone: the same ones in every run.

Here: what they hold, in the formats that landing reads. Not here: measuring (landing.py).
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.sources.contracts import contract

TILL = "pos.order_line"
WEB = "web.event"
PLACEMENT = "promotion.placement"

_TILL_LINE = {
    "order_id": "basket_id",
    "order_line_id": "product_id",
    "ordered_at": "transaction_timestamp",
    "store_id": "store_id",
    "member_id": "household_id",
    "product_id": "product_id",
    "quantity": "quantity",
    "sales_amount": "cast(sales_value as decimal(12, 2))",
    "retail_discount_amount": "cast(retail_disc as decimal(12, 2))",
    "coupon_discount_amount": "cast(coupon_disc as decimal(12, 2))",
    "coupon_match_amount": "cast(coupon_match_disc as decimal(12, 2))",
}
_PLACED = {
    "product_id": "product_id",
    "store_id": "store_id",
    "starts_on": "cast(date '2016-12-26' + cast(week as integer) * 7 as date)",
    "ends_on": "cast(date '2016-12-26' + cast(week as integer) * 7 + 6 as date)",
    "display_location": "display_location",
    "mailer_location": "mailer_location",
}
# Seven events a visit; a fifth of the visitors are members, one in 350 events is a form with address and number.
_WEB_EVENT = {
    "event_id": "md5(cast(number as varchar))",
    "event_name": "case when chance < 0.6 then 'page_view' when chance < 0.8 then 'view_item' "
    "when chance < 0.9 then 'search' else 'add_to_cart' end",
    "event_at": "strftime(timestamp '2024-03-01' + to_milliseconds(2000 * number + number % 997), "
    "'%Y-%m-%dT%H:%M:%S.%gZ')",
    "received_at": "strftime(timestamp '2024-03-01' + to_seconds(2 * number + 1), '%Y-%m-%dT%H:%M:%SZ')",
    "cookie_id": "'c' || visitor",
    "member_id": "case when visitor % 5 = 0 then 'm' || visitor end",
    "email": "case when number % 350 = 0 then 'visitor' || visitor || '@example.com' end",
    "phone": "case when number % 350 = 0 then cast(2015550000 + visitor % 10000 as varchar) end",
    "session_id": "'s' || number // 7",
    "page_url": "'https://shop.example/p/' || product || '?size=50,100'",
    "page_path": "'/p/' || product",
    "page_title": "'Facial oil No. ' || product || ', \"the gentle one\"'",
    "referrer": "case when number % 2 = 0 then 'https://www.search.example/' end",
    "utm_source": "case when number % 2 = 0 then 'search' end",
    "utm_medium": "case when number % 2 = 0 then 'cpc' end",
    "utm_campaign": "case when number % 2 = 0 then 'spring' end",
    "search_term": "case when chance between 0.8 and 0.9 then 'oil ' || product % 500 end",
    "product_id": "case when chance >= 0.6 then 'p' || product end",
    "quantity": "case when chance >= 0.9 then 1 end",
    "value_amount": "case when chance >= 0.9 then cast(product / 100 as decimal(12, 2)) end",
    "currency": "case when chance >= 0.9 then 'USD' end",
    "dwell_seconds": "number % 90",
    "device_category": "case when visitor % 3 = 0 then 'desktop' else 'mobile' end",
    "user_agent": "'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'",
}
_WEB_ROWS = """
    select number, hash(number // 7) % 150000 as visitor, (hash(number) % 1000) / 1000 as chance,
           hash(number + 1) % 3000 as product
    from range({rows}) as numbers (number)
"""


def till_lines(data: Path, folder: Path) -> dict[str, Path]:
    """The year's till lines as `csv`, `csv.gz`, `jsonl` and `parquet`."""
    return _written(TILL, _TILL_LINE, f"from '{data}/transactions.parquet'", folder / "till")


def placements(data: Path, folder: Path) -> dict[str, Path]:
    """The year's 20.9 million places of products in stores and mailers as `csv` and `parquet`."""
    source = f"from '{data}/promotions.parquet'"
    return _written(PLACEMENT, _PLACED, source, folder / "placements", endings=("csv", "parquet"))


def web_events(folder: Path, rows: int) -> dict[str, Path]:
    """Events of a website as `csv`."""
    query = f"from ({_WEB_ROWS.format(rows=rows)}) as events order by number"
    return _written(WEB, _WEB_EVENT, query, folder / "web", endings=("csv",))


def _written(
    contract_id: str,
    told: Mapping[str, str],
    source: str,
    stem: Path,
    endings: tuple[str, ...] = ("csv", "csv.gz", "jsonl", "parquet"),
) -> dict[str, Path]:
    columns = ", ".join(f"{told.get(item.name, 'null')} as {item.name}" for item in contract(contract_id).fields)
    files = {ending: stem.with_suffix(f".{ending}") for ending in endings}
    formats = {"csv": "(header)", "jsonl": "(format json)", "parquet": "(format parquet)"}
    with duckdb.connect() as connection:
        connection.execute(f"create table rows as select {columns} {source}")
        for ending in files.keys() & formats.keys():
            connection.execute(f"copy rows to '{files[ending]}' {formats[ending]}")
    if "csv.gz" in files:
        with files["csv"].open("rb") as plain, gzip.open(files["csv.gz"], "wb", compresslevel=6) as packed:
            shutil.copyfileobj(plain, packed)
    for path in files.values():
        path.chmod(0o644)  # the server may run as somebody else
    return files
