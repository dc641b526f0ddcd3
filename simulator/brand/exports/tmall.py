"""The Tmall store: buyers, bindings, trades, items, refunds, messages, coupons.

Columns as on the open platform; CSV in GB18030, moments in Beijing time. Names and numbers come masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from simulator.brand.aftermath import REASONS
from simulator.brand.columns import moments, numbers, only, picked, repeated, text, yuan
from simulator.brand.draws import Ints
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, passed, seen, spread, versions
from simulator.brand.exports.digital import link_of
from simulator.brand.frames import NEVER, first_of_each
from simulator.brand.identifiers import SHOP
from simulator.brand.messages import Messages
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.people import CHANNELS
from simulator.brand.places import CITIES
from simulator.brand.shopping import TMALL
from simulator.brand.stimuli import CAMPAIGN
from simulator.brand.story import Story
from simulator.brand.wording import WECHAT_IN, WECHAT_OUT

BUYER = Export(
    "tmall_buyers", "tmall.buyer", encoding="gb18030", required="ouid", typed="first_trade_time", is_daily=False
)
BINDING = Export(
    "tmall_bindings", "tmall.member_binding", "jsonl", required="ouid", listed="bind_status", is_daily=False
)
ORDER = Export(
    "tmall_orders", "tmall.order", required="ouid", typed="payment", moment="created", is_state=True, encoding="gb18030"
)
ITEM = Export("tmall_order_items", "tmall.order_item", required="outer_sku_id", typed="num", encoding="gb18030")
REFUND = Export(
    "tmall_refunds", "tmall.refund", required="oid", typed="refund_fee", moment="created", is_state=True, is_daily=False
)
MESSAGE = Export("tmall_messages", "tmall.message", "jsonl", required="ouid", listed="direction", is_daily=False)
COUPON = Export("tmall_coupons", "tmall.coupon", required="ouid", typed="discount", moment="send_time", is_state=True)


@dataclass(frozen=True)
class _Trades:
    """The Tmall orders of a story; `order` are their rows among the purchases."""

    story: Story

    @cached_property
    def order(self) -> Ints:
        return np.flatnonzero(self.story.bought.shop == TMALL)

    @cached_property
    def who(self) -> Ints:
        return self.story.bought.who[self.order]

    @cached_property
    def at(self) -> Ints:
        return self.story.bought.at[self.order]

    @cached_property
    def paid_at(self) -> Ints:
        """When the whole is paid: a deposit's balance comes on the balance days."""
        wait = np.where(self.story.bought.is_deposit[self.order], 11 * DAY_SECONDS, 90)
        return self.at + wait

    @cached_property
    def shipped_at(self) -> Ints:
        parcels = self.story.aftermath.parcels
        return parcels.shipped_at[np.searchsorted(parcels.order, self.order)]

    @cached_property
    def ended_at(self) -> Ints:
        parcels = self.story.aftermath.parcels
        return parcels.delivered_at[np.searchsorted(parcels.order, self.order)] + 7 * DAY_SECONDS


def export(story: Story) -> Batches:
    """All exports of the Tmall store."""
    trades = _Trades(story)
    yield _buyers(trades)
    yield _bindings(story)
    yield _orders(trades)
    yield _items(story)
    yield _refunds(trades)
    yield _messages(trades)
    yield _coupons(story)


def _omid(story: Story, who: Ints, at: Ints) -> pa.Array:
    """The member's name at Tmall, known from the binding on."""
    return only(story.ids.omid(who), story.membership.bound_at[who] <= at)


def _buyers(trades: _Trades) -> Batch:
    story = trades.story
    first = np.flatnonzero(first_of_each(trades.who))
    who, at = trades.who[first], trades.at[first]
    city = story.people.city[who]
    columns = {
        "ouid": story.ids.ouid(who),
        "omid": _omid(story, who, at),
        "buyer_nick": picked([f"{letter}**{n}" for letter in "青小月阿天" for n in range(8)], who % 40),
        "mobile": story.ids.masked_phone(who, at),
        "first_trade_time": moments(at),
        "grade": picked(["店铺客户", "普通会员", "高级会员"], who % 3),
        "state": picked([province for _, province, _, _ in CITIES], city),
        "city": picked([name for name, *_ in CITIES], city),
    }
    return Batch(BUYER, columns, at)


def _bindings(story: Story) -> Batch:
    bound_at = story.membership.bound_at
    bound = np.flatnonzero(bound_at < NEVER)
    leaves = bound[Rows(story.world.parameters.seed, "unbind", story.people.person[bound]).some("leaves", 0.02)]
    who = np.concatenate([bound, leaves])
    kind = np.repeat(np.arange(2), [bound.size, leaves.size])
    at = bound_at[who] + kind * 120 * DAY_SECONDS
    columns = {
        "seller_id": repeated(SHOP, who.size),
        "ouid": story.ids.ouid(who),
        "omid": story.ids.omid(who),
        "member_no": story.ids.member_id(who),
        "mobile": only(story.ids.phone(who, at), Rows(story.world.parameters.seed, "bind", who).some("told", 0.6)),
        "bind_status": picked(["bind", "unbind"], kind),
        "bind_time": moments(at),
    }
    return Batch(BINDING, columns, at)


def _orders(trades: _Trades) -> Batch:
    story = trades.story
    row, at = versions(trades.at, trades.paid_at, trades.shipped_at, trades.ended_at)
    order, who = trades.order[row], trades.who[row]
    bought, amounts = story.bought.rows(order), story.amounts.rows(order)
    paid_at, shipped_at, ended_at = trades.paid_at[row], trades.shipped_at[row], trades.ended_at[row]
    state = passed(at, paid_at, shipped_at, ended_at)
    city = story.people.city[who]
    is_gift = bought.is_gift
    recipient = np.where(is_gift, np.maximum(who - 1, 0), who)
    columns = {
        "tid": story.order_ids(order),
        "ouid": story.ids.ouid(who),
        "omid": _omid(story, who, bought.at),
        "status": picked(
            ["WAIT_BUYER_PAY", "WAIT_SELLER_SEND_GOODS", "WAIT_BUYER_CONFIRM_GOODS", "TRADE_FINISHED"], state
        ),
        "created": moments(bought.at),
        "pay_time": seen(paid_at, at),
        "consign_time": seen(shipped_at, at),
        "end_time": seen(ended_at, at),
        "payment": yuan(amounts.goods_cents),
        "post_fee": yuan(amounts.postage_cents),
        "discount_fee": yuan(amounts.discount_cents),
        "step_trade_status": only(
            picked(["FRONT_PAID_FINAL_NOPAID", "FRONT_PAID_FINAL_PAID"], (state > 0).astype(np.int64)),
            bought.is_deposit,
        ),
        "step_paid_fee": only(yuan(amounts.deposit_cents), bought.is_deposit),
        "coupon_number": only(story.coupon_ids(order), amounts.campaign >= 0),
        "track_id": only(link_of(story, np.where(bought.cause == CAMPAIGN, bought.ref, 0)), bought.cause == CAMPAIGN),
        "receiver_name": story.ids.masked_name(recipient),
        "receiver_mobile": story.ids.masked_phone(recipient, at),
        "receiver_state": picked([province for _, province, _, _ in CITIES], city),
        "receiver_city": picked([name for name, *_ in CITIES], city),
    }
    return Batch(ORDER, columns, at, story.order_numbers[order])


def _items(story: Story) -> Batch:
    line = np.flatnonzero(story.bought.shop[story.lines.order] == TMALL)
    lines = story.lines.rows(line)
    at = story.bought.at[lines.order]
    catalogue = story.world.catalogue
    columns = {
        "oid": story.line_ids(line),
        "tid": story.order_ids(lines.order),
        "outer_sku_id": picked(catalogue.ids, lines.product),
        "num_iid": numbers(lines.product + 700_000, 12),
        "title": picked([item.name for item in catalogue.products], lines.product),
        "num": text(lines.quantity),
        "total_fee": yuan(lines.list_cents),
        "discount_fee": yuan(lines.discount_cents),
        "divide_order_fee": yuan(lines.sales_cents),
        "refund_status": repeated("NO_REFUND", line.size),
        "is_gift": picked(["false", "true"], lines.is_free.astype(np.int64)),
    }
    return Batch(ITEM, columns, at)


def _refunds(trades: _Trades) -> Batch:
    story = trades.story
    refunds = story.aftermath.refunds
    refunds = refunds.rows(story.bought.shop[refunds.order] == TMALL)
    row, at = versions(refunds.requested_at, refunds.refunded_at)
    part = refunds.rows(row)
    columns = {
        "refund_id": numbers(story.line_numbers[part.line], 15, "R"),
        "tid": story.order_ids(part.order),
        "oid": story.line_ids(part.line),
        "refund_fee": yuan(part.cents),
        "status": picked(["WAIT_SELLER_AGREE", "SUCCESS"], passed(at, part.refunded_at)),
        "reason": picked(REASONS, part.reason),
        "created": moments(part.requested_at),
        "modified": seen(part.refunded_at, at),
        "has_good_return": picked(["false", "true"], part.has_goods.astype(np.int64)),
    }
    return Batch(REFUND, columns, at, story.line_numbers[part.line])


def _messages(trades: _Trades) -> Batch:
    story = trades.story
    asks = np.flatnonzero(
        Rows(story.world.parameters.seed, "tmall asks", story.order_numbers[trades.order]).some("a", 0.25)
    )
    order, who = np.tile(trades.order[asks], 2), np.tile(trades.who[asks], 2)
    kind = np.repeat(np.arange(2), asks.size)
    number = story.order_numbers[order]
    keys = Rows(story.world.parameters.seed, "tmall talks", number)
    at = story.bought.at[order] - 900 + keys.whole("when", 600) + kind * (30 + keys.whole("reply", 240))
    agents = story.world.places.staff_ids[story.world.places.agents :]
    said = keys.whole("text", len(WECHAT_IN))
    columns = {
        "seller_id": repeated(SHOP, order.size),
        "msg_id": numbers(number * 2 + kind, 14, "tm"),
        "ouid": story.ids.ouid(who),
        "omid": _omid(story, who, at),
        "direction": picked(["inbound", "outbound"], kind),
        "time": moments(at),
        "content": picked([*WECHAT_IN, *WECHAT_OUT], said + kind * len(WECHAT_IN)),
        "waiter": only(picked(agents, keys.whole("agent", len(agents))), kind == 1),
        "tid": only(story.order_ids(order), keys.some("about", 0.4)),
    }
    return Batch(MESSAGE, columns, at)


def _coupons(story: Story) -> Batch:
    """Coupons are given to bound members and to earlier buyers."""
    messages = story.reach.messages
    given = np.flatnonzero(messages.channel == CHANNELS.index("tmall"))
    first_at = np.full(len(story.people), NEVER, np.int64)
    orders = np.flatnonzero(story.bought.shop == TMALL)
    np.minimum.at(first_at, story.bought.who[orders], story.bought.at[orders])
    first_at = np.minimum(first_at, story.membership.bound_at)
    given = given[first_at[messages.who[given]] < messages.at[given]]
    used_at = np.full(len(messages), NEVER, np.int64)
    used_in = np.full(len(messages), -1, np.int64)
    uses = np.flatnonzero((story.amounts.campaign >= 0) & (story.bought.shop == TMALL))
    used_at[story.amounts.message[uses]] = story.bought.at[uses]
    used_in[story.amounts.message[uses]] = uses
    row, at = versions(messages.at[given], used_at[given])
    message = given[row]
    return _coupon_rows(story, messages.rows(message), at, used_at[message], used_in[message])


def _coupon_rows(story: Story, part: Messages, at: Ints, used_at: Ints, used_in: Ints) -> Batch:
    campaigns = story.world.campaigns.all
    person = story.people.person[part.who]
    columns = {
        "coupon_number": numbers(spread(person, part.campaign, 512), 12, "CP"),
        "coupon_id": picked([f"TC-{item.content_key}" for item in campaigns], part.campaign),
        "ouid": story.ids.ouid(part.who),
        "omid": _omid(story, part.who, part.at),
        "send_time": moments(part.at),
        "end_time": moments(part.at + 30 * DAY_SECONDS),
        "use_time": seen(used_at, at),
        "tid": only(story.order_ids(used_in), used_at <= at),
        "discount": yuan(np.array([item.offer_yuan * 100 for item in campaigns])[part.campaign]),
        "threshold": yuan(np.array([item.threshold_yuan * 100 for item in campaigns])[part.campaign]),
        "campaign": picked([item.campaign_id for item in campaigns], part.campaign),
    }
    return Batch(COUPON, columns, at, spread(person, part.campaign, 512))
