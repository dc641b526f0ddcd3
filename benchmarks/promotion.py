"""A grocery chain's real year as a brand's own data: what its mailers, displays and coupons did.

Here: landing the Parquet files of The Complete Journey (84.51°) in a warehouse of its own, building the promotions'
effects, printing them, and counting redemptions and promoted sales again from the files alone. The command ends
non-zero where a count differs. Not here: the files (the folder is given).
"""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import duckdb

from benchmarks import own_warehouse
from orchestration import settings
from orchestration.brands import Brand
from orchestration.sources.landing.land import land
from orchestration.warehouse import connect, dbt

TABLES = ("transactions", "products", "campaign_descriptions", "campaigns", "coupons", "coupon_redemptions")
PLACEMENTS = "promotions"
STORES = 20
"""Without --full, what so many stores show: those that sold most of all that tell it."""

_LARGEST = f"""
    select store_id from transactions semi join promotions using (store_id)
    group by store_id order by count(*) desc, store_id limit {STORES}
"""
_REDEEMED = """
    select campaign_id, count(*), count(distinct household_id) filter (
        where (campaign_id, household_id) in (select (campaign_id, household_id) from campaigns)
    ), (select count(distinct household_id) from campaigns as sent where sent.campaign_id = used.campaign_id)
    from coupon_redemptions as used group by campaign_id
"""
_PROMOTED = """
    with shown as (
        select
            product_id, store_id, week, max(cast(display_location as varchar) <> '0') as on_display,
            max(cast(mailer_location as varchar) <> '0') as in_mailer
        from promotions group by product_id, store_id, week
    )

    select
        case when on_display and in_mailer then 'display_and_mailer' when on_display then 'display' else 'mailer' end,
        sum(cast(sales_value as decimal(12, 2)))
    from transactions inner join shown using (product_id, store_id, week)
    where on_display or in_mailer group by 1
"""
_TOLD_REDEEMED = """
    select promotion_id, redemption_count, redeemer_count, exposed_count
    from marts.mart_promotion__effect where promotion_type = 'campaign' and redemption_count > 0
"""
_TOLD_PROMOTED = """
    select promotion_type, sum(sales_amount) from marts.mart_promotion__effect
    where promotion_type not in ('campaign', 'calendar') group by promotion_type having sum(sales_amount) > 0
"""
_TOOLS = """
    select
        promotion_type, count(*), count(incremental_sales_amount),
        coalesce(sum(case when reason is null then measured_sales_amount end), 0),
        coalesce(sum(incremental_sales_amount), 0),
        coalesce(sqrt(sum(power((incremental_sales_high_amount - incremental_sales_low_amount) / 2, 2))), 0),
        count(case when incremental_sales_low_amount > 0 then 1 end),
        count(case when incremental_sales_high_amount < 0 then 1 end)
    from marts.mart_promotion__effect group by promotion_type order by promotion_type
"""
_CAMPAIGNS = """
    select
        promotion_id, mechanism, exposed_count, measured_count, comparison_count, redemption_rate, sales_amount,
        incremental_sales_low_amount, incremental_sales_amount, incremental_sales_high_amount, net_sales_amount, reason
    from marts.mart_promotion__effect where promotion_type = 'campaign' order by start_date, promotion_id
"""
_REASONS = """
    select reason, count(*) from marts.mart_promotion__effect where reason is not null group by reason order by 2 desc
"""


def run(*, folder: Path, full: bool) -> None:
    """Print the effects; SystemExit when a count differs from the files', or a file is not in the folder."""
    if absent := [name for name in (*TABLES, PLACEMENTS) if not (folder / f"{name}.parquet").is_file()]:
        raise SystemExit(f"{folder} holds no {', '.join(f'{name}.parquet' for name in absent)}")
    text = (settings.project_root() / "brands/completejourney.toml").read_text(encoding="utf-8")
    with own_warehouse.opened(text) as (brand, _), duckdb.connect() as files:
        _lay_out(files, folder, brand.drop, is_full=full)
        began = time.monotonic()
        sources = ["transactions", "products", "campaigns", "campaign_targets", "coupons", "coupon_redemptions"]
        for landed in land(brand, sources=[*sources, "promotions"], is_full=True):
            print(f"  {landed.contract}: accepted {landed.accepted:,} of {landed.landed:,}")
        print(f"  landed in {time.monotonic() - began:.0f} s")
        _build(brand)
        _show(brand)
        differing = _differences(brand, files)
    if differing:
        raise SystemExit("\n".join(differing))
    print("  redemptions by campaign and sales of what was shown are those of the files")


def _lay_out(files: duckdb.DuckDBPyConnection, folder: Path, drop: Path, *, is_full: bool) -> None:
    """The files into the drop folder, and as relations of the other way to count."""
    for name in (*TABLES, PLACEMENTS):
        files.execute(f"create view {name} as select * from '{folder / name}.parquet'")
        (drop / name).mkdir(parents=True)
        if is_full or name != PLACEMENTS:
            shutil.copyfile(folder / f"{name}.parquet", drop / name / f"{name}.parquet")
    if not is_full:
        files.execute(f"create table largest as {_LARGEST}")
        files.execute(
            f"create or replace view promotions as select * from '{folder}/promotions.parquet' "
            "semi join largest using (store_id)"
        )
        files.execute(f"copy promotions to '{drop / PLACEMENTS}/promotions.parquet' (format parquet)")


def _build(brand: Brand) -> None:
    variables = {
        "brand": brand.name,
        "time_zone": brand.file.time_zone,
        "currency": brand.file.currency,
        "as_of": "",
        "known_at": "",
    }
    began = time.monotonic()
    kinds = ["--resource-type", "seed", "--resource-type", "model"]
    result = dbt.invoke(
        brand, ["build", *kinds, "--vars", json.dumps(variables), "--select", "+mart_promotion__effect"]
    )
    if result.returncode:
        raise SystemExit(result.stdout[-3000:] + result.stderr[-1000:])
    print(f"  built in {time.monotonic() - began:.0f} s")


def _show(brand: Brand) -> None:
    with connect.connect(brand.name) as connection:
        print(
            "\n  by tool: promotions, told, sales of the measured, beyond the comparison (as if independent), up, down"
        )
        for tool, count, told, sales, extra, error, ups, downs in connection.execute(_TOOLS.encode()).fetchall():
            print(f"  {tool:20}{count:8,}{told:8,}{sales:14,.0f}{extra:12,.0f} ± {error:,.0f}{ups:8,}{downs:8,}")
        print(
            "\n  not told: " + ", ".join(f"{why} {count:,}" for why, count in connection.execute(_REASONS).fetchall())
        )
        print(
            "\n  campaign, kind, reached, measured, compared, redemption, sales, beyond (low, told, high), net, reason"
        )
        for row in connection.execute(_CAMPAIGNS.encode()).fetchall():
            print("  " + "  ".join("-" if value is None else f"{value}" for value in row))


def _differences(brand: Brand, files: duckdb.DuckDBPyConnection) -> list[str]:
    """What the warehouse counts otherwise than the files do."""
    with connect.connect(brand.name) as connection:
        redeemed = sorted(connection.execute(_TOLD_REDEEMED.encode()).fetchall())
        promoted = {tool: float(sales) for tool, sales in connection.execute(_TOLD_PROMOTED.encode()).fetchall()}
    expected = sorted((str(name), *counts) for name, *counts in files.execute(_REDEEMED).fetchall())
    found = [] if redeemed == expected else [f"redemptions: {redeemed}, in the files {expected}"]
    sold = dict(files.execute(_PROMOTED).fetchall())
    if {tool: float(value) for tool, value in sold.items()} != promoted:
        found.append(f"sales of what was shown: {promoted}, in the files {sold}")
    return found
