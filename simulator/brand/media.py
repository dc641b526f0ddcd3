"""What the brand says in public and pays for: posts, livestreams, ads with their daily budget.

Here: when it happens, what it costs, how strongly it draws people on which day. Not here: whom it draws (stimuli.py).
The budget of a day really decides how many click that day, so what an ad earned can be judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.calendar import daily_lift, sales_within
from simulator.brand.catalogue import Catalogue
from simulator.brand.draws import Floats, Ints, chosen, generator
from simulator.brand.parameters import DAY_SECONDS, Parameters

SOCIAL = ("xiaohongshu", "weibo", "douyin", "kuaishou", "wechat_channels")
SOCIAL_WEIGHT = np.array([0.42, 0.2, 0.22, 0.08, 0.08])
AUTHORS = ("brand", "kol", "koc", "media")
REFERENCE_CUSTOMERS = 5000
"""Budgets and fees are those of a brand with so many people; they grow with `customers`."""

POST_HALF_LIFE_DAYS = 4.0


@dataclass(frozen=True)
class Ad:
    """One campaign at an ad platform. `share`: of a full day's clicks. `cpc_cents`, `cpm_cents`: in its currency."""

    platform: str
    campaign_id: str
    name: str
    objective: str
    first_day: int
    last_day: int
    share: float
    cpc_cents: int
    cpm_cents: int
    currency: str
    content_key: str
    lands_on: str


ADS_BY_PLATFORM: tuple[tuple[str, str, float, int, int, str, str, str], ...] = (
    ("tencent_ads", "朋友圈新客", 0.24, 260, 4200, "CNY", "moments_camellia", "miniprogram"),
    ("tencent_ads", "小程序直购", 0.10, 320, 5200, "CNY", "mini_hydration", "miniprogram"),
    ("ocean_engine", "抖音信息流", 0.20, 180, 2600, "CNY", "feed_camellia", "web"),
    ("alimama", "直通车搜索", 0.18, 150, 3000, "CNY", "search_serum", "tmall"),
    ("alimama", "万相台拉新", 0.10, 210, 3600, "CNY", "new_serum", "tmall"),
    ("baidu", "品牌专区", 0.08, 120, 2400, "CNY", "brand_zone", "web"),
    ("weibo_ads", "粉丝通", 0.06, 140, 1800, "CNY", "weibo_mask", "web"),
    ("meta", "Overseas Chinese", 0.04, 55, 640, "USD", "overseas_gift", "web"),
)
"""Platform, name, share of clicks, cost of a click and of a thousand impressions in hundredths, currency, content."""


class Media:
    """All of it, with the strength of each day as arrays of days."""

    def __init__(self, parameters: Parameters, catalogue: Catalogue) -> None:
        self.parameters = parameters
        self.scale = parameters.customers / REFERENCE_CUSTOMERS
        self._lift = daily_lift(parameters)
        self.ads = self._made_ads()
        self.ad_strength = self._made_ad_strength()
        self._draw_posts(catalogue)
        self._draw_livestreams()

    def _made_ads(self) -> list[Ad]:
        """Each platform's campaign runs in flights of about 100 days, with pauses between them."""
        found: list[Ad] = []
        for place, (platform, name, share, cpc, cpm, currency, content, lands_on) in enumerate(ADS_BY_PLATFORM):
            for flight, first in enumerate(range(place * 3, self.parameters.days, 100)):
                last = min(first + 79 + 3 * place, self.parameters.days - 1)
                found.append(
                    Ad(
                        platform, f"{platform[:2].upper()}{place + 1:02d}{flight + 1:02d}", f"{name} {flight + 1}",
                        "conversion" if lands_on == "tmall" else "traffic", first, last, share, cpc, cpm, currency,
                        content, lands_on,
                    )
                )  # fmt: skip
        return found

    def _made_ad_strength(self) -> Floats:
        """How strongly each ad draws on each day (ads × days); its budget of the day is in proportion.

        Some weeks are dark on purpose, platform by platform: what an ad causes shows in the difference.
        """
        rng = generator(self.parameters.seed, "ads")
        days = np.arange(self.parameters.days)
        season = np.ones(self.parameters.days)
        for sale in sales_within(self.parameters):
            first = self.parameters.day_of(sale.deposit_from or sale.first)
            season[max(first - 5, 0) : self.parameters.day_of(sale.last) + 1] += 0.35 * sale.pull
        strength = np.zeros((len(self.ads), self.parameters.days))
        for place, ad in enumerate(self.ads):
            is_on = (days >= ad.first_day) & (days <= ad.last_day)
            weeks = rng.random(self.parameters.days // 7 + 1) > 0.18
            noise = rng.uniform(0.75, 1.25, self.parameters.days)
            strength[place] = ad.share * is_on * weeks[days // 7] * noise * season
        return strength

    def spend_cents(self, ad: int) -> Ints:
        """What an ad costs on each day, in hundredths of its currency."""
        clicks = self.ad_strength[ad] * CLICKS_PER_DAY * self.scale
        return np.round(clicks * self.ads[ad].cpc_cents).astype(np.int64)

    def _draw_posts(self, catalogue: Catalogue) -> None:
        rng = generator(self.parameters.seed, "posts")
        count = max(12, round(self.parameters.days * 0.4))
        self.post_day: Ints = np.sort(rng.integers(0, max(self.parameters.days - 3, 1), count))
        seconds = rng.integers(9 * 3600, 22 * 3600, count)
        self.post_at: Ints = self.parameters.start_at + self.post_day * DAY_SECONDS + seconds
        self.post_platform: Ints = chosen(rng, SOCIAL_WEIGHT, count)
        self.post_author_type: Ints = chosen(rng, np.array([0.35, 0.4, 0.2, 0.05]), count)
        self.post_author: Ints = rng.integers(1, 40, count)
        on_sale = catalogue.popularity * (catalogue.launched < 0)
        self.post_product: Ints = chosen(rng, on_sale, count)
        draw = rng.lognormal(0.0, 0.7, count) * np.array([0.5, 1.6, 0.5, 0.8])[self.post_author_type]
        self.post_draw: Floats = draw
        is_paid = self.post_author_type == 1
        fee = np.where(is_paid, 900_00 * draw, 0) * self.scale
        self.post_fee_cents: Ints = (np.round(fee / 100) * 100).astype(np.int64)
        days = np.arange(self.parameters.days)
        age = days[None, :] - self.post_day[:, None]
        fades = np.where(age >= 0, 0.5 ** (np.maximum(age, 0) / POST_HALF_LIFE_DAYS), 0.0)
        self.post_strength: Floats = fades * (age < 28) * draw[:, None] * self._lift[None, :] * 0.12

    def _draw_livestreams(self) -> None:
        rng = generator(self.parameters.seed, "livestreams")
        self.live_day: Ints = np.arange(4, self.parameters.days, 7, dtype=np.int64)
        count = self.live_day.size
        self.live_at: Ints = self.parameters.start_at + self.live_day * DAY_SECONDS + 20 * 3600
        self.live_minutes: Ints = rng.integers(90, 240, count)
        self.live_platform: Ints = rng.choice(np.array([2, 3, 4]), count, p=[0.6, 0.2, 0.2]).astype(np.int64)
        self.live_host_type: Ints = (rng.random(count) < 0.35).astype(np.int64)
        self.live_draw: Floats = rng.lognormal(0, 0.4, count) * np.where(self.live_host_type == 1, 2.0, 1.0)
        self.live_fee_cents: Ints = np.round(self.live_host_type * 5_000_00 * self.live_draw * self.scale).astype(
            np.int64
        )

    def post_ids(self) -> list[str]:
        """The posts as their platforms name them."""
        return [f"{SOCIAL[p][:3]}{n + 10_001}" for n, p in enumerate(self.post_platform.tolist())]

    def live_ids(self) -> list[str]:
        """The livestreams as their platforms name them."""
        return [f"live{n + 501}" for n in range(self.live_day.size)]


CLICKS_PER_DAY = 40.0
"""Clicks of a full day over all ads, at REFERENCE_CUSTOMERS people."""
