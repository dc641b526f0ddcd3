"""Ms. Lin: who she is and when her six steps happen.

Here: her dates, amounts and identifiers, as parameters. Not here: the rows they become (lin/).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal


@dataclass(frozen=True)
class LaterPurchase:
    """One of the purchases after the eye cream: day, where, product, yuan paid."""

    on: date
    channel: Literal["store", "tmall", "miniprogram"]
    product_id: str
    yuan: int


@dataclass(frozen=True)
class Lin:
    """Her story; amounts are yuan paid. `messages`: who sent her the four messages.

    `brand`: the brand's earlier tools did, and their exports tell so. `platform`: nobody has yet; what she does in
    answer waits for a gateway's record that a message to her was accepted (day by day only).
    """

    member_id: str = "QL00000001"
    phone: str = "19200000001"
    openid: str = "oQLoa_Lin0000000000000000001"
    mini_openid: str = "oQLmp_Lin0000000000000000001"
    unionid: str = "oQLun_Lin0000000000000000001"
    ouid: str = "AAQLLin00000000000000001"
    omid: str = "AAQLMLin0000000000000001"
    xiaohongshu_id: str = "xhs-lin-0001"
    cookie_id: str = "ck-lin-0001"
    email: str = "lin@qinglan.example"
    external_userid: str = "wmQLLin000000000000000000001"
    full_name: str = "林清和"
    store_id: str = "SH01"

    seen_on: date = date(2025, 3, 1)
    followed_on: date = date(2025, 3, 2)
    invited_on: date = date(2025, 3, 3)
    booked_on: date = date(2025, 3, 5)
    tried_on: date = date(2025, 3, 8)
    oil_on: date = date(2025, 3, 15)
    cross_sell_on: date = date(2025, 4, 15)
    coupon_on: date = date(2025, 7, 15)
    reminder_on: date = date(2026, 1, 15)

    oil_product_id: str = "QL-OIL-01"
    set_product_id: str = "QL-SET-01"
    mini_product_id: str = "QL-CLE-09"
    eye_product_id: str = "QL-EYE-01"
    oil_yuan: int = 680
    set_yuan: int = 920
    eye_list_yuan: int = 600
    coupon_yuan: int = 50
    coupon_threshold_yuan: int = 500
    later: tuple[LaterPurchase, ...] = (
        LaterPurchase(date(2025, 8, 29), "store", "QL-MSK-01", 180),
        LaterPurchase(date(2025, 9, 26), "miniprogram", "QL-CLE-01", 160),
        LaterPurchase(date(2025, 11, 11), "tmall", "QL-TON-01", 260),
        LaterPurchase(date(2025, 12, 6), "store", "QL-CRM-01", 250),
    )
    messages: Literal["brand", "platform"] = "brand"

    def shifted(self, days: int) -> Lin:
        """The same story so many days later."""
        by = timedelta(days=days)
        dates = {
            item.name: getattr(self, item.name) + by for item in dataclasses.fields(self) if item.name.endswith("_on")
        }
        later = tuple(dataclasses.replace(item, on=item.on + by) for item in self.later)
        return dataclasses.replace(self, **dates, later=later)
