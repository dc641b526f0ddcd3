"""What several commands need: the chosen brand, ready to use."""

from __future__ import annotations

import typer

from orchestration import brands
from orchestration.brands import Brand
from orchestration.sources import raw_tables
from orchestration.warehouse import connect


def brand_of(context: typer.Context) -> Brand:
    """The brand this call works on, its file checked; BrandError when none was chosen or the file is wrong."""
    return brands.load(brands.chosen(context.find_root().obj))


def ready_brand(context: typer.Context) -> Brand:
    """The same, with its server up and its database prepared."""
    brand = brand_of(context)
    prepare(brand)
    return brand


def prepare(brand: Brand) -> None:
    """Make sure that the brand's server runs and that control and raw tables are there."""
    connect.ensure_brand(brand.name)
    with connect.connect(brand.name, application_name="touchstream prepare") as connection:
        raw_tables.ensure(connection)
