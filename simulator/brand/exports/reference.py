"""Reference data: catalogue, prices, promotions, placements, calendar, stores, hierarchy, staff, QR codes, stock."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from simulator.brand.calendar import special_days
from simulator.brand.columns import dates, picked
from simulator.brand.draws import Ints, generator
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.places import AREAS, REGIONS, STORES, qr_codes
from simulator.brand.world import World

PRODUCT = Export("catalogue", "catalogue.product", is_daily=False)
PRICE = Export("prices", "catalogue.price", is_daily=False)
PROMOTION = Export("promotions", "promotion.promotion", is_daily=False)
PLACEMENT = Export("placements", "promotion.placement", is_daily=False)
DAY = Export("calendar", "calendar.day", is_daily=False)
STORE = Export("stores", "store.store", is_daily=False)
NODE = Export("store_nodes", "store.node", is_daily=False)
STAFF = Export("staff", "store.staff", is_daily=False)
CODE = Export("qr_codes", "store.qr_code", is_daily=False)
MOVED_SHARE = 0.08
STOCK = Export("store_stock", "store.stock", "parquet", required="store")


def reference(world: World) -> Batches:
    """All of it."""
    yield _products(world)
    yield _prices(world)
    yield _promotions(world)
    yield _placements(world)
    yield _days(world)
    yield from _stores(world)
    yield _stock(world)


def _texts(values: list[str | None]) -> pa.Array:
    return pa.array([value or None for value in values], pa.large_string())


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _whole(value: float | None) -> str | None:
    return None if value is None else f"{value}"


def _at_start(world: World, count: int) -> Ints:
    return np.full(count, world.parameters.start_at, np.int64)


def _products(world: World) -> Batch:
    items = world.catalogue.products
    columns = {
        "sku": _texts([item.product_id for item in items]),
        "name": _texts([item.name for item in items]),
        "brand": _texts(["青岚"] * len(items)),
        "department": _texts([item.kind.department for item in items]),
        "category": _texts([item.kind.category for item in items]),
        "type": _texts([item.kind.product_type for item in items]),
        "size": _texts([item.kind.size for item in items]),
        "list_price": _texts([f"{item.list_yuan}.00" for item in items]),
        "cost": _texts([f"{item.cost_yuan}.00" for item in items]),
        "usage_days": _texts([str(item.kind.usage_days) for item in items]),
        "style": _texts([item.style for item in items]),
        "launched_on": _texts([_day(item.launched_on) for item in items]),
        "withdrawn_on": _texts([_day(item.withdrawn_on) for item in items]),
        "page": _texts([f"https://www.qinglan.example/p/{item.product_id}" for item in items]),
    }
    return Batch(PRODUCT, columns, _at_start(world, len(items)))


def _prices(world: World) -> Batch:
    rows = world.catalogue.price_changes()
    columns = {
        "sku": _texts([row[0] for row in rows]),
        "channel": _texts([row[1] for row in rows]),
        "from_day": _texts([_day(row[2]) for row in rows]),
        "price": _texts([f"{row[3]}.00" for row in rows]),
        "currency": _texts(["CNY"] * len(rows)),
    }
    return Batch(PRICE, columns, _at_start(world, len(rows)))


def _promotions(world: World) -> Batch:
    items = world.catalogue.promotions()
    columns = {
        "promotion": _texts([item.promotion_id for item in items]),
        "name": _texts([item.name for item in items]),
        "mechanism": _texts([item.mechanism for item in items]),
        "starts_at": _texts([f"{item.first} 00:00:00" for item in items]),
        "ends_at": _texts([f"{item.last} 23:59:59" for item in items]),
        "channel": _texts([item.channel for item in items]),
        "sku": _texts([item.product_id for item in items]),
        "category": _texts([item.category for item in items]),
        "rate": _texts([_whole(item.discount_rate) for item in items]),
        "amount": _texts([_whole(item.discount_yuan) for item in items]),
        "threshold": _texts([_whole(item.threshold_yuan) for item in items]),
        "campaign": _texts([item.campaign_id for item in items]),
    }
    return Batch(PROMOTION, columns, _at_start(world, len(items)))


def _placements(world: World) -> Batch:
    """Every four weeks each store shows other products."""
    parameters = world.parameters
    rows: list[tuple[str, str, date, int]] = []
    for number in range(0, parameters.days, 28):
        first = parameters.start + timedelta(days=number)
        for place, store in enumerate(STORES):
            rows += [
                (world.catalogue.ids[(number // 28 * 7 + place + n * 11) % 54], store.store_id, first, n + 1)
                for n in range(4)
            ]
    columns = {
        "sku": _texts([row[0] for row in rows]),
        "store": _texts([row[1] for row in rows]),
        "first_day": _texts([_day(row[2]) for row in rows]),
        "last_day": _texts([_day(row[2] + timedelta(days=27)) for row in rows]),
        "shelf": _texts([str(row[3]) for row in rows]),
        "leaflet": _texts([str(row[3] % 2) for row in rows]),
    }
    return Batch(PLACEMENT, columns, _at_start(world, len(rows)))


def _days(world: World) -> Batch:
    days = special_days()
    columns = {
        "day": _texts([_day(item.on) for item in days]),
        "name": _texts([item.name for item in days]),
        "type": _texts([item.day_type for item in days]),
        "country": _texts(["CN"] * len(days)),
        "period": _texts([item.period_id for item in days]),
    }
    return Batch(DAY, columns, _at_start(world, len(days)))


def _stores(world: World) -> Batches:
    nodes = [("CN", "全国", "country", "")]
    nodes += [(f"R-{region}", region, "region", "CN") for region in REGIONS]
    nodes += [(f"A-{area}", area, "area", f"R-{region}") for area, region in AREAS.items()]
    yield Batch(
        STORE,
        {
            "store": _texts([item.store_id for item in STORES]),
            "name": _texts([item.name for item in STORES]),
            "city": _texts([item.city for item in STORES]),
            "region": _texts([item.region for item in STORES]),
            "opened_on": _texts([_day(item.opened_on) for item in STORES]),
            "node": _texts([f"A-{item.area}" for item in STORES]),
            "type": _texts([item.store_type for item in STORES]),
            "latitude": _texts([f"{item.latitude:.6f}" for item in STORES]),
            "longitude": _texts([f"{item.longitude:.6f}" for item in STORES]),
        },
        _at_start(world, len(STORES)),
    )
    yield Batch(
        NODE,
        {
            "node": _texts([node[0] for node in nodes]),
            "name": _texts([node[1] for node in nodes]),
            "level": _texts([node[2] for node in nodes]),
            "parent": _texts([node[3] for node in nodes]),
            "team": _texts([f"{node[1]}零售组" for node in nodes]),
        },
        _at_start(world, len(nodes)),
    )
    yield _staff(world)
    codes = qr_codes()
    names = ("code", "scene", "purpose", "store", "staff")
    columns = {name: _texts([code[n] for code in codes]) for n, name in enumerate(names)}
    yield Batch(CODE, columns, _at_start(world, len(codes)))


def _staff(world: World) -> Batch:
    staff = world.places.staff
    columns = {
        "staff": _texts([item.staff_id for item in staff]),
        "store": _texts([item.store_id for item in staff]),
        "role": _texts([item.role for item in staff]),
        "hired_on": _texts([_day(item.hired_on) for item in staff]),
        "left_on": _texts([_day(item.left_on) for item in staff]),
        "name": _texts([item.full_name for item in staff]),
        "mobile": _texts([item.phone for item in staff]),
        "tablet": _texts([item.tablet for item in staff]),
    }
    return Batch(STAFF, columns, _at_start(world, len(staff)))


def _stock(world: World) -> Batch:
    """Everything is counted on Sundays; on other evenings what has moved."""
    parameters = world.parameters
    rng = generator(parameters.seed, "stock")
    shape = (parameters.days, len(STORES), len(world.catalogue.products))
    weekday = (np.arange(parameters.days) + parameters.start.weekday()) % 7
    moved = rng.random(shape) < MOVED_SHARE
    day, store, product = np.nonzero(moved | (weekday == 6)[:, None, None])
    quantity = np.maximum(rng.poisson(14, day.size) - 7, 0)
    at = parameters.start_at + (day + 1) * DAY_SECONDS - 600
    columns = {
        "store": picked(world.places.store_ids, store),
        "sku": picked(world.catalogue.ids, product),
        "counted_on": dates(at),
        "units": pa.array(quantity),
    }
    return Batch(STOCK, columns, at)
