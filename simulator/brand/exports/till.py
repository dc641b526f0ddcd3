"""The tills: receipts in GB18030, refunds, codes shown; and the tea room's tables.

A cashier in a hurry types a default number; employees ring up strangers' receipts under their own name.
"""

from __future__ import annotations

import numpy as np

from simulator.brand.aftermath import REASONS
from simulator.brand.columns import either, moments, numbers, only, picked, repeated, text, yuan
from simulator.brand.draws import Ints
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, spread
from simulator.brand.identifiers import DEFAULT_PHONE, OFFICIAL_APP
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.places import CITIES, STORES, TEA_ROOM
from simulator.brand.shopping import STORE, in_opening_hours
from simulator.brand.story import Story

LINE = Export("till_receipts", "pos.order_line", required="sku", typed="qty", moment="closed_at", encoding="gb18030")
REFUND = Export(
    "till_refunds", "pos.refund", required="receipt_no", typed="amount", moment="refunded_at", is_daily=False
)
SHOWN = Export(
    "till_identifications", "pos.identification", required="store", listed="means", moment="shown_at", phone="phone"
)
TABLE = Export("tea_room_sittings", "pos.dine_in", required="store", typed="guests", moment="seated_at", is_daily=False)

MEANS = ("member_qr", "phone", "card", "register")


def export(story: Story) -> Batches:
    """All exports of the tills and the tea room."""
    yield _lines(story)
    yield _refunds(story)
    yield _shown(story)
    yield _tables(story)


def store_of(story: Story, order: Ints) -> Ints:
    """The store of each of these purchases: mostly the nearest."""
    near = story.world.places.city_store[story.people.city[story.bought.who[order]]]
    keys = Rows(story.world.parameters.seed, "store", story.order_numbers[order])
    return np.where(keys.some("other", 0.1), keys.whole("which", len(STORES)), near)


def cashier_of(story: Story, order: Ints) -> Ints:
    """Who rang up each purchase, as a place among the staff."""
    return store_of(story, order) * 4 + 1 + story.order_numbers[order] % 2


def shows_card(story: Story, order: Ints) -> np.ndarray:
    """At which purchases the plastic card was shown."""
    return Rows(story.world.parameters.seed, "means", story.order_numbers[order]).chance("means") >= 0.82


def _lines(story: Story) -> Batch:
    line = np.flatnonzero(story.bought.shop[story.lines.order] == STORE)
    lines = story.lines.rows(line)
    order = lines.order
    at, credited = story.bought.at[order], story.membership.credited[order]
    campaign = story.amounts.campaign[order]
    columns = {
        "receipt_no": story.order_ids(order),
        "line_no": text(lines.place + 1),
        "closed_at": moments(at),
        "store": picked(story.world.places.store_ids, store_of(story, order)),
        "member_no": only(story.ids.member_id(credited), (credited >= 0) & ~shows_card(story, order)),
        "card_no": only(story.ids.card(credited), (credited >= 0) & shows_card(story, order)),
        "sku": picked(story.world.catalogue.ids, lines.product),
        "qty": text(lines.quantity),
        "paid": yuan(lines.sales_cents),
        "reduced": yuan(lines.discount_cents),
        "cashier": picked(story.world.places.staff_ids, cashier_of(story, order)),
        "voucher": picked([item.voucher_id for item in story.world.campaigns.all], campaign),
    }
    return Batch(LINE, columns, at)


def _refunds(story: Story) -> Batch:
    refunds = story.aftermath.refunds
    refunds = refunds.rows(story.bought.shop[refunds.order] == STORE)
    credited = story.membership.credited[refunds.order]
    at = in_opening_hours(refunds.refunded_at)
    columns = {
        "refund_no": numbers(story.line_numbers[refunds.line], 14, "TR"),
        "receipt_no": story.order_ids(refunds.order),
        "line_no": text(story.lines.place[refunds.line] + 1),
        "refunded_at": moments(at),
        "store": picked(story.world.places.store_ids, store_of(story, refunds.order)),
        "member_no": only(story.ids.member_id(credited), credited >= 0),
        "sku": picked(story.world.catalogue.ids, story.lines.product[refunds.line]),
        "qty": text(refunds.quantity),
        "amount": yuan(refunds.cents),
        "reason": picked(REASONS, refunds.reason),
    }
    return Batch(REFUND, columns, at)


def _shown(story: Story) -> Batch:
    order = np.flatnonzero((story.bought.shop == STORE) & (story.membership.credited >= 0))
    who, at = story.membership.credited[order], story.bought.at[order]
    keys = Rows(story.world.parameters.seed, "means", story.order_numbers[order])
    chance = keys.chance("means")
    follows = story.people.follow_at[who] <= at
    means = np.where(chance >= 0.82, 2, np.where((chance < 0.55) & follows, 0, 1))
    joins = (story.people.signup_where[who] == 0) & (np.abs(at - story.people.signup_at[who]) < 12 * 3600)
    means = np.where(joins, 3, means)
    gives_phone = (means == 1) | (means == 3) | ((means == 0) & keys.some("phone too", 0.5))
    is_default = keys.some("default", 0.015) & ((means == 1) | (means == 3))
    columns = {
        "scan_no": numbers(story.order_numbers[order], 12, "ID"),
        "shown_at": moments(at - 60),
        "store": picked(story.world.places.store_ids, store_of(story, order)),
        "receipt_no": story.order_ids(order),
        "means": picked(MEANS, means),
        "member_no": only(story.ids.member_id(who), means != 2),
        "card_no": only(story.ids.card(who), means == 2),
        "phone": either(
            only(repeated(DEFAULT_PHONE, order.size), is_default), only(story.ids.phone(who, at), gives_phone)
        ),
        "appid": only(repeated(OFFICIAL_APP, order.size), means == 0),
        "openid": only(story.ids.openid(who), means == 0),
        "cashier": picked(story.world.places.staff_ids, cashier_of(story, order)),
    }
    return Batch(SHOWN, columns, at - 60)


def _tables(story: Story) -> Batch:
    """Who lives near Hangzhou has tea there now and then."""
    people = story.people
    near = np.array([city in ("杭州", "绍兴", "上海") for city, *_ in CITIES])[people.city]
    asks = Rows(story.world.parameters.seed, "tea", people.person)
    visits = np.where(near & asks.some("likes tea", 0.16), 1 + asks.whole("times", 3), 0)
    who = np.repeat(np.arange(len(people)), visits)
    keys = Rows(story.world.parameters.seed, "tea", spread(people.person[who], np.arange(who.size) % 65_536))
    start = np.maximum(people.entry_at[who], story.world.parameters.start_at)
    day = (start + (keys.chance("when") * (story.world.parameters.end_at - start)).astype(np.int64)) // DAY_SECONDS
    at = day * DAY_SECONDS + 3 * 3600 + keys.whole("hour", 8 * 3600)
    left = at + 2400 + keys.whole("stays", 5400)
    names = people.signup_at[who] <= at
    columns = {
        "sitting_no": keys.id(14, "T"),
        "store": repeated(TEA_ROOM, who.size),
        "table_no": text(1 + keys.whole("table", 14)),
        "guests": text(1 + keys.whole("guests", 4)),
        "seated_at": moments(at),
        "left_at": moments(left),
        "member_no": only(story.ids.member_id(who), names & keys.some("shows", 0.6)),
        "phone": only(story.ids.phone(who, at), names & keys.some("phone", 0.3)),
    }
    return Batch(TABLE, columns, left)
