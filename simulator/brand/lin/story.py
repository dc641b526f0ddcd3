"""Her whole story, as far as it has come: which steps happen, and the truth about her.

Here: the order of steps and what each waits for. Not here: their rows (steps.py, purchases.py).
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from simulator.brand.export import Told
from simulator.brand.exports.common import NEVER
from simulator.brand.identifiers import CORP, MINI_APP, OFFICIAL_APP, SHOP
from simulator.brand.lin import purchases, steps
from simulator.brand.lin.telling import Teller
from simulator.brand.lin_story import Lin

AWAITED = ("invited", "cross_sold", "given_coupon")
"""The messages that something of hers waits for, in order."""

PERSON = 0


def rows(lin: Lin, accepted: frozenset[str]) -> list[Told]:
    """Every row about her. `accepted`: which of AWAITED a gateway took; the brand's own messages always are."""
    teller = Teller(lin)
    by_brand = lin.messages == "brand"
    steps.seen_and_followed(teller)
    if by_brand:
        steps.invited(teller)
    if not by_brand and "invited" not in accepted:
        return teller.rows
    steps.booked(teller)
    steps.tried(teller)
    steps.bought_oil(teller)
    if by_brand:
        purchases.cross_sold(teller)
    if not by_brand and "cross_sold" not in accepted:
        return teller.rows
    purchases.bought_set(teller, is_by_brand=by_brand)
    if by_brand:
        purchases.given_coupon(teller)
    if not by_brand and "given_coupon" not in accepted:
        return teller.rows
    purchases.bought_eye_cream(teller, is_by_brand=by_brand)
    for item in lin.later:
        purchases.bought_later(teller, item)
    if by_brand:
        purchases.reminded(teller)
    return teller.rows


def awaited(lin: Lin, day: date) -> str | None:
    """Which message she would answer if it came on that day; None when none."""
    named = dict(zip(AWAITED, (lin.invited_on, lin.cross_sell_on, lin.coupon_on), strict=True))
    return next((name for name, on in named.items() if on == day), None)


def names(lin: Lin, step: str) -> frozenset[str]:
    """What a gateway may call her for the message of a step."""
    by_step = {
        "invited": (lin.openid, lin.mini_openid, lin.unionid),
        "cross_sold": (lin.phone, f"+86{lin.phone}"),
        "given_coupon": (lin.ouid, lin.omid, lin.member_id),
    }
    return frozenset(by_step[step])


def posts(lin: Lin) -> list[Told]:
    """The opinion leader's post that she saw."""
    from simulator.brand.lin.telling import local, moment

    at = moment(lin.seen_on, "09:00") - 86_400
    row: dict[str, str | int | bool | None] = {
        "platform": "xiaohongshu",
        "note_id": steps.POST,
        "author_id": "kol_007",
        "author_type": "kol",
        "publish_time": local(at),
        "note_type": "image",
        "title": "干皮冬天的一瓶精油",
        "campaign_id": "KOL-SEEDING",
        "sku": lin.oil_product_id,
        "fee": "3000.00",
        "currency": "CNY",
        "url": f"https://social.example/{steps.POST}",
    }
    return [Told("social_posts", at, row)]


def identifiers(lin: Lin) -> dict[str, pa.Array]:
    """Her names, as in the truth's table of identifiers."""
    values = (
        ("member_id", lin.member_id), ("phone", f"+86{lin.phone}"), ("wechat_openid", f"{OFFICIAL_APP}:{lin.openid}"),
        ("wechat_openid", f"{MINI_APP}:{lin.mini_openid}"), ("wechat_unionid", lin.unionid),
        ("tmall_ouid", f"{SHOP}:{lin.ouid}"), ("tmall_omid", lin.omid), ("cookie_id", lin.cookie_id),
        ("platform_user_id", f"xiaohongshu:{lin.xiaohongshu_id}"), ("email", lin.email),
        ("wecom_external_userid", f"{CORP}:{lin.external_userid}"),
    )  # fmt: skip
    never = pa.nulls(len(values), pa.timestamp("ms", "UTC"))
    return {
        "namespace": pa.array([name for name, _ in values], pa.large_string()),
        "value": pa.array([value for _, value in values], pa.large_string()),
        "person": pa.array([PERSON] * len(values), pa.int64()),
        "relation": pa.array(["own"] * len(values), pa.large_string()),
        "valid_from": never,
        "valid_to": never,
    }


def stage_rows(lin: Lin) -> dict[str, pa.Array]:
    """Where she stands; ninety days after the set she has stayed away, until the coupon brings her back."""
    silent = lin.cross_sell_on + timedelta(days=90)
    starts = [("aware", lin.seen_on), ("attempt", lin.followed_on), ("adopt", lin.tried_on)]
    if silent < lin.coupon_on:
        starts += [("abandon", silent), ("adopt", lin.coupon_on)]
    starts += [("advocate", item.on) for item in lin.later[:1]]
    days = np.array([(day - date(1970, 1, 1)).days for _, day in starts], np.int64)
    ends = np.append(days[1:], NEVER)
    return {
        "person": pa.array([PERSON] * len(starts), pa.int64()),
        "stage": pa.array([stage for stage, _ in starts], pa.large_string()),
        "valid_from": pa.array(days, pa.int32()).cast(pa.date32()),
        "valid_to": pa.array([None if end >= NEVER else int(end) for end in ends], pa.int32()).cast(pa.date32()),
    }
