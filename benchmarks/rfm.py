"""A public order file as a brand's own data: its RFM cuts must be the published ones.

Here: landing `rfm_data_orders.csv` of the R package rfm (MIT) in a warehouse of its own, building the cuts of the month
after its last day, comparing. The command ends non-zero where a cut differs. Not here: the file (the folder is given).
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import own_warehouse
from orchestration.brands import Brand
from orchestration.sources.landing.land import land
from orchestration.warehouse import connect, dbt

FILE = "rfm_data_orders.csv"
PUBLISHED = {
    "recency": (115.0, 181.0, 297.4, 482.0),
    "frequency": (4.0, 5.0, 6.0, 8.0),
    "monetary": (255.8, 382.0, 506.4, 666.0),
}
"""Of the package's vignette: five bins of equal size on 2006-12-31, all history."""
_BRAND = f"""title = "{FILE}"
time_zone = "UTC"
currency = "USD"
country = "US"

[sources.orders]
connector = "files"
contract = "pos.order_line"
path = "orders/*.csv"
ignore_columns = ["first_name", "last_name", "email"]
[sources.orders.columns]
order_id = "order_id"
order_line_id = {{ constant = "1" }}
ordered_at = {{ column = "order_date", format = "%Y-%m-%d" }}
store_id = {{ constant = "1" }}
member_id = "customer_id"
product_id = {{ constant = "1" }}
quantity = {{ constant = "1" }}
sales_amount = "revenue"
"""
_CUTS = """
    select measure, cut_number, cut_value
    from features.ftr_brand__rfm_cut
    where valid_from = date '2007-01-01'
    order by measure, cut_number
"""


def run(*, folder: Path) -> None:
    """Compare the file's cuts; SystemExit when one differs, or the file is not in the folder."""
    if not (folder / FILE).is_file():
        raise SystemExit(f"{folder} holds no {FILE}")
    with own_warehouse.opened(_BRAND) as (brand, _):
        _land(brand, folder)
        _build(brand)
        found = _cuts(brand)
    different = [measure for measure, cuts in PUBLISHED.items() if found.get(measure) != cuts]
    for measure, cuts in PUBLISHED.items():
        print(f"  {measure}: {found.get(measure)}; published {cuts}")
    if different:
        raise SystemExit(f"cuts differ from the published ones: {', '.join(different)}")
    print("  all cuts are the published ones")


def _land(brand: Brand, folder: Path) -> None:
    """The file with a number before each line: its orders have none of their own."""
    target = brand.drop / "orders"
    target.mkdir(parents=True)
    head, *lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    numbered = [f"order_id,{head}", *(f"{number},{line}" for number, line in enumerate(lines, start=1))]
    (target / FILE).write_text("\n".join(numbered) + "\n", encoding="utf-8")
    (landed,) = land(brand)
    print(f"\n{FILE}: accepted {landed.accepted:,} of {landed.landed:,}")


def _build(brand: Brand) -> None:
    """The cuts over all history, as the package has them; nothing else differs from the default rules."""
    variables = {"brand": brand.name, "time_zone": "UTC", "currency": "USD", "as_of": "2007-01-31", "known_at": ""}
    arguments = ["--vars", json.dumps(variables), "--select"]
    for step in (
        [
            "build",
            "--resource-type",
            "seed",
            "--resource-type",
            "model",
            *arguments,
            "+ftr_customer__purchase_standing",
        ],
        ["seed", *arguments, "rfm_rules", "rfm_cuts"],
    ):
        _dbt(brand, step)
    with connect.connect(brand.name) as connection:
        connection.execute("update staging.rfm_rules set window_days = null")
    models = ["ftr_brand__measuring_day", "ftr_customer__rfm_measure", "ftr_brand__rfm_cut"]
    _dbt(brand, ["run", *arguments, "dim_date", *models])


def _dbt(brand: Brand, arguments: list[str]) -> None:
    result = dbt.invoke(brand, arguments)
    if result.returncode:
        raise SystemExit(result.stdout[-3000:] + result.stderr[-1000:])


def _cuts(brand: Brand) -> dict[str, tuple[float, ...]]:
    found: dict[str, list[float]] = {}
    with connect.connect(brand.name) as connection:
        for measure, _, value in connection.execute(_CUTS.encode()).fetchall():
            found.setdefault(measure, []).append(float(value))
    return {measure: tuple(values) for measure, values in found.items()}
