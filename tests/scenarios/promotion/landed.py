"""The rows that tell of a drawn story, as its systems would export them.

Here: landing. Not here: what is in the story (told.py).
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.scenarios.promotion.told import FIRST_DAY, HOLIDAY, STORES, Line, Promotion, Story
from tests.scenarios.world import World

_LOADED = "2025-08-20 00:00+00"


def land(world: World, story: Story) -> None:
    """Put the story into raw."""
    world.clear()
    world.land("calendar.day", [{"calendar_on": HOLIDAY, "name": "a holiday", "day_type": "holiday"}])
    world.land("catalogue.product", [row for one in story.promotions for row in _products(one)])
    till = [line for line in story.lines if line.place != "tmall"]
    web = [line for line in story.lines if line.place == "tmall"]
    world.land("pos.order_line", [_receipt(number, line) for number, line in enumerate(till)], at=_LOADED)
    world.land("tmall.order", [_trade(number, line) for number, line in enumerate(web)], at=_LOADED)
    world.land("tmall.order_item", [_item(number, line) for number, line in enumerate(web)], at=_LOADED)
    campaigns = [one for one in story.promotions if not one.is_placed]
    world.land("campaign.campaign", [_campaign(one) for one in campaigns])
    world.land(
        "campaign.target",
        [
            {"campaign_id": one.name, "member_id_key": name, "delivered_on": one.start}
            for one in campaigns
            for name in sorted(one.exposed)
        ],
    )
    offers = [{"voucher_id": "v", "campaign_id": one.name, "product_id": one.own} for one in campaigns]
    world.land("voucher.offer", offers)
    starts = {one.name: one.start for one in campaigns}
    world.land(
        "voucher.redemption",
        [
            {"member_id_key": who, "voucher_id": "v", "campaign_id": name, "redeemed_on": starts[name]}
            for name, who in story.redemptions
        ],
    )
    placed = [one for one in story.promotions if one.is_placed]
    world.land("promotion.promotion", [_calendar(one) for one in placed if not one.name.startswith("shown")])
    shown = [row for one in placed if one.name.startswith("shown") for row in _shown(one)]
    shown += [_row("bread", store, FIRST_DAY, 3) for store in STORES]
    world.land("promotion.placement", shown)


def _products(one: Promotion) -> list[dict[str, str | None]]:
    cost = "4.00" if one.is_costed else None
    return [{"product_id": name, "category": one.name, "cost_amount": cost} for name in (one.own, one.neighbour)]


def _receipt(number: int, line: Line) -> dict[str, str | None]:
    return {
        "order_id": f"r{number}",
        "order_line_id": "1",
        "ordered_at": f"{line.day} 10:00+08",
        "store_id": line.place,
        "member_id_key": line.customer or None,
        "product_id": line.product,
        "quantity": "1",
        "sales_amount": _yuan(line.cents),
        "retail_discount_amount": "1.00",
    }


def _trade(number: int, line: Line) -> dict[str, str]:
    paid = f"{line.day} 10:00+08"
    return {
        "order_id": f"t{number}",
        "shop_id": "shop",
        "ouid_key": line.customer,
        "order_status": "TRADE_FINISHED",
        "ordered_at": paid,
        "paid_at": paid,
        "paid_amount": _yuan(line.cents),
    }


def _item(number: int, line: Line) -> dict[str, str]:
    return {
        "order_line_id": f"t{number}-1",
        "order_id": f"t{number}",
        "product_id": line.product,
        "quantity": "1",
        "sales_amount": _yuan(line.cents),
    }


def _campaign(one: Promotion) -> dict[str, object]:
    return {"campaign_id": one.name, "channel": "mail", "starts_on": one.start, "ends_on": one.end}


def _calendar(one: Promotion) -> dict[str, str | None]:
    return {
        "promotion_id": one.name,
        "promotion_name": one.name,
        "mechanism": "discount",
        "starts_at": f"{one.start} 00:00+08",
        "ends_at": f"{one.end} 23:59:59+08",
        "channel": None if one.name == "everywhere" else "tmall",
        "product_id": one.own,
    }


def _shown(one: Promotion) -> list[dict[str, object]]:
    """Four stores show it; a fifth did so shortly before too. The sixth showed it then only, the seventh before the
    weeks compared, the eighth long ago and long after."""
    length = (one.end - one.start).days + 1
    recent, older = one.start - timedelta(days=40), one.start - timedelta(days=70)
    once, later = date(2025, 1, 6), date(2025, 8, 4)
    return [
        *(_row(one.own, store, one.start, length) for store in STORES[:5]),
        _row(one.own, STORES[4], recent, 7),
        _row(one.own, STORES[5], recent, 7),
        _row(one.own, STORES[6], older, 7),
        _row(one.own, STORES[7], once, 7),
        _row(one.own, STORES[7], later, 7),
    ]


def _row(product: str, store: str, first: date, days: int) -> dict[str, object]:
    return {
        "product_id": product,
        "store_id": store,
        "starts_on": first,
        "ends_on": first + timedelta(days=days - 1),
        "display_location": "3",
        "mailer_location": "0",
    }


def _yuan(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
