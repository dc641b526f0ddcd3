"""The brand's own shop (website, mini-program, app): orders, items, payments, refunds; parcels of all shops; ads.

Buyer and recipient are two people: a gift goes to somebody else, with their name and number.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.aftermath import REASONS
from simulator.brand.columns import (
    dates,
    decimals,
    joined,
    moments,
    numbers,
    only,
    picked,
    repeated,
    stamps,
    text,
    yuan,
)
from simulator.brand.draws import Ints, generator
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, passed, seen, versions
from simulator.brand.exports.digital import click_of, link_of
from simulator.brand.identifiers import MINI_APP
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.places import CITIES
from simulator.brand.shopping import MINI, STORE, TMALL, WEB
from simulator.brand.stimuli import AD, CAMPAIGN
from simulator.brand.story import Story
from simulator.brand.world import World

ORDER = Export(
    "shop_orders", "shop.order", "parquet", required="order_no", moment="created_at", phone="phone", is_state=True
)
ITEM = Export("shop_order_items", "shop.order_item", "parquet", required="sku")
PAYMENT = Export(
    "shop_payments", "shop.payment", required="order_no", typed="amount", listed="result", moment="tried_at"
)
REFUND = Export("shop_refunds", "shop.refund", required="order_no", typed="amount", is_state=True, is_daily=False)
SHIPMENT = Export("shop_shipments", "shop.shipment", required="order_no", listed="status", is_state=True)
CAMPAIGN_EXPORT = Export("ad_campaigns", "ads.campaign", is_daily=False)
DAILY = Export("ad_daily", "ads.daily", required="campaign_id", typed="cost")
CLICK = Export("ad_clicks", "ads.click", required="campaign_id", moment="clicked_at")


def export(story: Story) -> Batches:
    """All exports of the own shop, of carriers, and the clicks on ads."""
    own = np.flatnonzero((story.bought.shop != STORE) & (story.bought.shop != TMALL))
    yield _orders(story, own)
    yield _items(story)
    yield _payments(story, own)
    yield _refunds(story)
    yield _shipments(story)
    yield _clicks(story)


def reference(world: World) -> Batches:
    """The ads, and what each cost and reached by day."""
    yield _ad_campaigns(world)
    yield _ad_daily(world)


def _orders(story: Story, own: Ints) -> Batch:
    parcels = story.aftermath.parcels
    place = np.searchsorted(parcels.order, own)
    paid_at, shipped_at, done_at = story.bought.at[own] + 75, parcels.shipped_at[place], parcels.delivered_at[place]
    row, at = versions(story.bought.at[own], paid_at, shipped_at, done_at)
    order = own[row]
    bought, amounts, who = story.bought.rows(order), story.amounts.rows(order), story.bought.who[order]
    is_member = story.people.signup_at[who] <= bought.at + 600
    city = story.people.city[who]
    is_message = bought.cause == CAMPAIGN
    columns = {
        "order_no": story.order_ids(order),
        "state": picked(
            ["pending", "paid", "shipped", "completed"], passed(at, paid_at[row], shipped_at[row], done_at[row])
        ),
        "created_at": stamps(bought.at),
        "paid_at": only(stamps(np.minimum(paid_at[row], at)), paid_at[row] <= at),
        "member_no": only(story.ids.member_id(who), is_member),
        "email": only(story.ids.email(who), story.people.has_email[who]),
        "phone": story.ids.phone(who, bought.at),
        "cookie": only(story.ids.cookie(who, bought.at - 420), bought.shop == WEB),
        "appid": only(repeated(MINI_APP, order.size), bought.shop == MINI),
        "openid": only(story.ids.mini_openid(who), bought.shop == MINI),
        **_recipient(story, who, bought.at, bought.is_gift),
        "receiver_province": picked([province for _, province, _, _ in CITIES], city),
        "receiver_city": picked([name for name, *_ in CITIES], city),
        "is_gift": pa.array(bought.is_gift),
        "paid_amount": decimals(amounts.goods_cents + amounts.postage_cents),
        "postage": decimals(amounts.postage_cents),
        "discount": decimals(amounts.discount_cents),
        "coupon_code": only(story.coupon_ids(order), amounts.campaign >= 0),
        "link_id": only(link_of(story, np.where(is_message, bought.ref, 0)), is_message),
        "utm_campaign": only(
            picked([ad.campaign_id for ad in story.world.media.ads], np.where(bought.cause == AD, bought.ref, 0)),
            bought.cause == AD,
        ),
        "version_at": stamps(at),
    }
    return Batch(ORDER, columns, at, story.order_numbers[order])


def _recipient(story: Story, who: Ints, at: Ints, is_gift: np.ndarray) -> dict[str, pa.Array]:
    """Whoever it goes to: the buyer, or with a gift somebody else, who may be a customer too."""
    other = (who * 7 + 3) % len(story.people)
    recipient = np.where(is_gift, other, who)
    return {
        "receiver_name": story.ids.full_name(recipient),
        "receiver_phone": story.ids.phone(recipient, at),
    }


def _items(story: Story) -> Batch:
    shop = story.bought.shop[story.lines.order]
    line = np.flatnonzero((shop != STORE) & (shop != TMALL))
    lines = story.lines.rows(line)
    columns = {
        "order_no": story.order_ids(lines.order),
        "item_no": text(lines.place + 1),
        "sku": picked(story.world.catalogue.ids, lines.product),
        "qty": pa.array(lines.quantity),
        "list_amount": decimals(lines.list_cents),
        "discount": decimals(lines.discount_cents),
        "paid": decimals(lines.sales_cents),
    }
    return Batch(ITEM, columns, story.bought.at[lines.order])


def _payments(story: Story, own: Ints) -> Batch:
    """Every order is paid; some need a second try."""
    number = story.order_numbers[own]
    fails = own[Rows(story.world.parameters.seed, "pays", number).some("fails", 0.06)]
    order = np.concatenate([fails, own])
    kind = np.repeat(np.arange(2), [fails.size, own.size])
    at = story.bought.at[order] + 20 + 55 * kind
    keys = Rows(story.world.parameters.seed, "pays", story.order_numbers[order] * 2 + kind)
    amounts = story.amounts.rows(order)
    columns = {
        "payment_no": keys.id(16, "P"),
        "order_no": story.order_ids(order),
        "method": picked(["wechat_pay", "alipay", "card"], keys.whole("how", 3)),
        "result": picked(["failed", "paid"], kind),
        "amount": yuan(amounts.goods_cents + amounts.postage_cents),
        "tried_at": moments(at),
    }
    return Batch(PAYMENT, columns, at)


def _refunds(story: Story) -> Batch:
    refunds = story.aftermath.refunds
    shop = story.bought.shop[refunds.order]
    refunds = refunds.rows((shop != STORE) & (shop != TMALL))
    row, at = versions(refunds.requested_at, refunds.refunded_at)
    part = refunds.rows(row)
    number = story.line_numbers[part.line]
    columns = {
        "refund_no": numbers(number, 14, "WR"),
        "order_no": story.order_ids(part.order),
        "item_no": text(story.lines.place[part.line] + 1),
        "amount": yuan(part.cents),
        "state": picked(["requested", "refunded"], passed(at, part.refunded_at)),
        "reason": picked(REASONS, part.reason),
        "requested_at": moments(part.requested_at),
        "refunded_at": seen(part.refunded_at, at),
    }
    return Batch(REFUND, columns, at, number)


def _shipments(story: Story) -> Batch:
    parcels = story.aftermath.parcels
    row, at = versions(parcels.shipped_at, parcels.delivered_at)
    part = parcels.rows(row)
    number = story.order_numbers[part.order]
    columns = {
        "waybill": numbers(number, 13, "SF"),
        "order_no": story.order_ids(part.order),
        "carrier": picked(["顺丰", "中通", "京东"], number % 3),
        "status": picked(["shipped", "delivered"], passed(at, part.delivered_at)),
        "shipped_at": moments(part.shipped_at),
        "promised_at": moments(part.promised_at),
        "signed_at": seen(part.delivered_at, at),
    }
    return Batch(SHIPMENT, columns, at, number)


def _clicks(story: Story) -> Batch:
    """Clicks that led to the brand's own pages; those to the Tmall store are Tmall's."""
    ads = story.world.media.ads
    is_own = np.array([ad.lands_on != "tmall" for ad in ads])
    clicks = story.stimuli.rows(story.stimuli.kind == AD)
    clicks = clicks.rows(is_own[clicks.ref])
    to_web = np.array([ad.lands_on == "web" for ad in ads])[clicks.ref]
    oaid = Rows(story.world.parameters.seed, "ad oaid", clicks.at).some("oaid", 0.5)
    columns = {
        "click_id": click_of(story, clicks.who, clicks.at),
        "platform": picked([ad.platform for ad in ads], clicks.ref),
        "campaign_id": picked([ad.campaign_id for ad in ads], clicks.ref),
        "ad_id": picked([f"{ad.campaign_id}-1" for ad in ads], clicks.ref),
        "content_key": picked([ad.content_key for ad in ads], clicks.ref),
        "clicked_at": moments(clicks.at),
        "cookie": only(story.ids.cookie(clicks.who, clicks.at + 8), to_web),
        "oaid": only(story.ids.oaid(clicks.who, clicks.at), oaid),
        "landing_url": joined("https://m.qinglan.example/", picked([ad.content_key for ad in ads], clicks.ref)),
    }
    return Batch(CLICK, columns, clicks.at)


def _ad_campaigns(world: World) -> Batch:
    ads = world.media.ads
    start_at = world.parameters.start_at
    first = np.array([ad.first_day for ad in ads], np.int64) * DAY_SECONDS + start_at
    last = np.array([ad.last_day for ad in ads], np.int64) * DAY_SECONDS + start_at
    budget = np.array([int(world.media.spend_cents(n).sum()) for n in range(len(ads))], np.int64)
    columns = {
        "platform": pa.array([ad.platform for ad in ads], pa.large_string()),
        "account_id": pa.array([f"acct-{ad.platform}" for ad in ads], pa.large_string()),
        "campaign_id": pa.array([ad.campaign_id for ad in ads], pa.large_string()),
        "name": pa.array([ad.name for ad in ads], pa.large_string()),
        "objective": pa.array([ad.objective for ad in ads], pa.large_string()),
        "start_date": dates(first),
        "end_date": dates(last),
        "budget": yuan(budget // 1_000_00 * 1_000_00 + 1_000_00),
        "currency": pa.array([ad.currency for ad in ads], pa.large_string()),
    }
    return Batch(CAMPAIGN_EXPORT, columns, first)


def _ad_daily(world: World) -> Batch:
    """Spend decides how many clicks are to be expected; the platform's own counts scatter about that."""
    media, rng = world.media, generator(world.parameters.seed, "ad daily")
    spend = np.stack([media.spend_cents(n) for n in range(len(media.ads))])
    ad, day = np.nonzero(spend > 0)
    cents = spend[ad, day]
    cpc = np.array([item.cpc_cents for item in media.ads])[ad]
    cpm = np.array([item.cpm_cents for item in media.ads])[ad]
    clicks = rng.poisson(cents / cpc * 1.08)
    at = world.parameters.start_at + (day + 1) * DAY_SECONDS - 1
    columns = {
        "platform": picked([item.platform for item in media.ads], ad),
        "campaign_id": picked([item.campaign_id for item in media.ads], ad),
        "ad_id": picked([f"{item.campaign_id}-1" for item in media.ads], ad),
        "date": dates(at),
        "impressions": text(rng.poisson(cents / cpm * 1000) + clicks),
        "clicks": text(clicks),
        "cost": yuan(cents),
        "currency": picked([item.currency for item in media.ads], ad),
    }
    return Batch(DAILY, columns, at)
