"""What the brand sells: sixty products, their prices over time, and promotions.

Here: reference data, the same for every seed. Not here: who buys what (orders.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from simulator.brand.calendar import sales_within
from simulator.brand.draws import Floats, Ints
from simulator.brand.parameters import Parameters

STYLES = ("山茶", "白毫", "竹沥", "雪莲", "茉莉", "龙井", "玉竹", "桂花", "兰叶")


@dataclass(frozen=True)
class Kind:
    """A category: code, names, units on sale, cheapest price and step in yuan, days one unit lasts, size."""

    code: str
    category: str
    product_type: str
    department: str
    count: int
    base_yuan: int
    step_yuan: int
    usage_days: int
    size: str


KINDS = (
    Kind("CLE", "洁面", "洁面乳", "护肤", 9, 160, 15, 60, "120g"),
    Kind("TON", "水", "精华水", "护肤", 8, 260, 25, 75, "150ml"),
    Kind("SER", "精华", "精华液", "护肤", 9, 480, 60, 60, "30ml"),
    Kind("CRM", "面霜", "面霜", "护肤", 8, 250, 70, 60, "50g"),
    Kind("EYE", "眼部", "眼霜", "护肤", 5, 600, 40, 75, "15g"),
    Kind("MSK", "面膜", "面膜", "护肤", 8, 180, 20, 30, "5 片"),
    Kind("OIL", "精油", "护肤精油", "护肤", 4, 680, 50, 90, "30ml"),
    Kind("SUN", "防晒", "防晒乳", "护肤", 4, 220, 20, 50, "50ml"),
    Kind("SET", "套装", "礼盒", "礼赠", 3, 920, 260, 90, "1 套"),
    Kind("TEA", "茶", "茶席", "茶室", 2, 68, 60, 1, "1 位"),
)
MINI_PRODUCT = "QL-CLE-09"
"""The cleanser in travel size, given with purchases."""


@dataclass(frozen=True)
class Product:
    """One product; prices in yuan."""

    product_id: str
    name: str
    kind: Kind
    list_yuan: int
    cost_yuan: int
    style: str
    launched_on: date
    withdrawn_on: date | None


def _launched(code: str, place: int) -> date:
    """Most are old; a few come while the story runs."""
    if code == "SET" and place == 0:
        return date(2025, 4, 10)
    if code == "SER" and place == 8:
        return date(2025, 2, 20)
    return date(2021 + place % 4, 1 + (place * 5) % 12, 8)


def _product(kind: Kind, place: int) -> Product:
    yuan = kind.base_yuan + place * kind.step_yuan
    is_mini = f"QL-{kind.code}-{place + 1:02d}" == MINI_PRODUCT
    if is_mini:
        yuan = 58
    style = STYLES[(place * 2 + len(kind.code) + KINDS.index(kind)) % len(STYLES)]
    return Product(
        product_id=f"QL-{kind.code}-{place + 1:02d}",
        name=f"青岚{style}{'旅行装' if is_mini else ''}{kind.product_type}",
        kind=kind,
        list_yuan=yuan,
        cost_yuan=round(yuan * 0.22) + 4,
        style=style,
        launched_on=_launched(kind.code, place),
        withdrawn_on=date(2025, 9, 30) if kind.code == "MSK" and place == 7 else None,
    )


@dataclass(frozen=True)
class Promotion:
    """One promotion of the calendar; days in Shanghai, first and last included."""

    promotion_id: str
    name: str
    mechanism: str
    first: date
    last: date
    channel: str = ""
    product_id: str = ""
    category: str = ""
    discount_rate: float | None = None
    discount_yuan: int | None = None
    threshold_yuan: int | None = None
    campaign_id: str = ""


class Catalogue:
    """The products as a list, and as arrays in the same order."""

    def __init__(self, parameters: Parameters) -> None:
        self.products = [_product(kind, place) for kind in KINDS for place in range(kind.count)]
        self.ids = [item.product_id for item in self.products]
        self._parameters = parameters

    def index(self, product_id: str) -> int:
        """A product's place in the list; ValueError when there is none."""
        return self.ids.index(product_id)

    @cached_property
    def price_cents(self) -> Ints:
        """List prices, in hundredths of a yuan."""
        return np.array([item.list_yuan * 100 for item in self.products], np.int64)

    @cached_property
    def category(self) -> Ints:
        """Each product's category, as its place in KINDS."""
        return np.array([KINDS.index(item.kind) for item in self.products], np.int64)

    @cached_property
    def usage_days(self) -> Ints:
        """Days one unit lasts."""
        return np.array([item.kind.usage_days for item in self.products], np.int64)

    @cached_property
    def launched(self) -> Ints:
        """First day on sale, as a day of the run (negative before it)."""
        return np.array([self._parameters.day_of(item.launched_on) for item in self.products], np.int64)

    @cached_property
    def popularity(self) -> Floats:
        """How often each is chosen when nothing else speaks for it; tea and travel sizes never are."""
        weight = np.array([1.0 / (1 + int(item.product_id[-2:])) ** 0.6 for item in self.products])
        weight *= np.array([0.35 if item.kind.code in ("SET", "OIL") else 1.0 for item in self.products])
        sellable = [item.kind.code != "TEA" and item.product_id != MINI_PRODUCT for item in self.products]
        return weight * np.array(sellable)

    def promotions(self) -> list[Promotion]:
        """Every promotion that touches the run."""
        sales = [
            Promotion(
                f"PR-{sale.period_id}", sale.name, "discount", sale.first, sale.last,
                discount_rate=sale.discount_rate, campaign_id=f"C-{sale.period_id}",
            )
            for sale in sales_within(self._parameters)
        ]  # fmt: skip
        oil = Promotion(
            "PR-oil-set", "精油礼盒赠旅行装洁面", "gift_with_purchase", date(2025, 4, 10), date(2025, 5, 31),
            channel="tmall", product_id="QL-SET-01", threshold_yuan=900,
        )  # fmt: skip
        eye = Promotion(
            "PR-eye-cream", "主推眼霜满 500 减 50", "threshold", date(2025, 7, 1), date(2025, 7, 31),
            channel="tmall", category="眼部", discount_yuan=50, threshold_yuan=500,
        )  # fmt: skip
        double = Promotion("PR-double-points", "会员双倍积分周", "double_points", date(2025, 9, 15), date(2025, 9, 21))
        first, last = self._parameters.start, self._parameters.end
        return [item for item in (*sales, oil, eye, double) if item.last >= first and item.first <= last]

    def price_changes(self) -> list[tuple[str, str, date, int]]:
        """Prices as product, channel (empty: everywhere), first day, yuan: launches, sales, the way back."""
        rows = [(item.product_id, "", item.launched_on, item.list_yuan) for item in self.products]
        for sale in sales_within(self._parameters):
            for item in self.products:
                if item.kind.code in ("SER", "CRM", "MSK", "SET"):
                    reduced = round(item.list_yuan * (1 - sale.discount_rate))
                    rows.append((item.product_id, "tmall", sale.first, reduced))
                    rows.append((item.product_id, "tmall", sale.last + timedelta(days=1), item.list_yuan))
        return rows
