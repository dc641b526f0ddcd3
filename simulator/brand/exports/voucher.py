"""Vouchers piece by piece and what they are good for, gift cards, campaigns and their targets, leads, partners."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.columns import dates, moments, numbers, only, picked, repeated, text, yuan
from simulator.brand.draws import Ints
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, passed, seen, spread, versions
from simulator.brand.exports.till import store_of
from simulator.brand.frames import NEVER, repeated_rows
from simulator.brand.messages import Messages
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.partners import known
from simulator.brand.people import CHANNELS
from simulator.brand.shopping import STORE, TMALL
from simulator.brand.story import Story
from simulator.brand.world import World

OFFER = Export("voucher_offers", "voucher.offer", is_daily=False)
REDEMPTION = Export(
    "voucher_redemptions", "voucher.redemption", required="voucher", typed="redeemed_on", is_daily=False
)
PIECE = Export("voucher_pieces", "voucher.piece", required="voucher", moment="issued_at", is_state=True)
SAMPLE = Export("samples", "voucher.piece", required="kind", moment="issued_at", is_state=True, is_daily=False)
GIFT_CARD = Export("gift_cards", "voucher.gift_card", required="card_no", typed="amount", is_daily=False)
CAMPAIGN = Export("campaigns", "campaign.campaign", is_daily=False)
TARGET = Export("campaign_targets", "campaign.target", required="member_no", is_daily=False)
LEAD = Export("leads", "lead.lead", required="source", listed="status", is_state=True, is_daily=False)
PARTNER = Export("partner_records", "partner.record", "jsonl", required="record_no", listed="owner", is_daily=False)

HUNTER_KIND = 1
LOST = ("price", "competitor", "no_reply", "not_suitable")


def export(story: Story) -> Batches:
    """What people were given, and what is known of them elsewhere."""
    issued, used_in = _issued(story)
    yield _pieces(story, issued, used_in)
    yield _samples(story)
    yield _redemptions(story, issued, used_in)
    yield _gift_cards(story)
    yield _targets(story)
    yield _leads(story)
    yield _partner(story)


def reference(world: World) -> Batches:
    """The campaigns and what their vouchers are good for."""
    yield _campaigns(world)
    yield _offers(world)


def _issued(story: Story) -> tuple[Messages, Ints]:
    """Messages that brought a voucher outside of Tmall, and the purchase each was used in (-1)."""
    messages, campaigns = story.reach.messages, story.world.campaigns.all
    has_voucher = np.array([bool(item.voucher_id) and item.channel != "tmall" for item in campaigns])
    rows = np.flatnonzero(has_voucher[messages.campaign] & messages.is_delivered)
    used_in = np.full(len(messages), -1, np.int64)
    uses = np.flatnonzero((story.amounts.campaign >= 0) & (story.bought.shop != TMALL))
    used_in[story.amounts.message[uses]] = uses
    return messages.rows(rows), used_in[rows]


def _pieces(story: Story, issued: Messages, used_in: Ints) -> Batch:
    campaigns = story.world.campaigns.all
    used_at = np.where(used_in >= 0, story.bought.at[used_in], NEVER)
    row, at = versions(issued.at, used_at)
    part, used_at, used_in = issued.rows(row), used_at[row], used_in[row]
    person = story.people.person[part.who]
    by_wechat = part.channel == CHANNELS.index("wechat")
    columns = {
        "code": numbers(spread(person, part.campaign, 512), 12, "VC"),
        "voucher": picked([item.voucher_id for item in campaigns], part.campaign),
        "type": picked(
            ["birthday" if item.campaign_type == "birthday" else "discount" for item in campaigns], part.campaign
        ),
        "campaign": picked([item.campaign_id for item in campaigns], part.campaign),
        "issued_at": moments(part.at),
        "through": picked(CHANNELS, part.channel),
        "expires_at": moments(part.at + 30 * DAY_SECONDS),
        "used_at": seen(used_at, at),
        "order_no": only(story.order_ids(used_in), used_at <= at),
        "value": yuan(np.array([item.offer_yuan * 100 for item in campaigns])[part.campaign]),
        "threshold": yuan(np.array([item.threshold_yuan * 100 for item in campaigns])[part.campaign]),
        "member_no": only(story.ids.member_id(part.who), story.people.signup_at[part.who] <= part.at),
        "appid": only(repeated("wx9c1a0000qinglan1", row.size), by_wechat),
        "openid": only(story.ids.openid(part.who), by_wechat),
    }
    return Batch(PIECE, columns, at, spread(person, part.campaign, 512))


def _samples(story: Story) -> Batch:
    """Samples asked for in the mini-program: one by some, a dozen by those who hunt for them and never buy."""
    people, parameters = story.people, story.world.parameters
    keys = Rows(parameters.seed, "sample", people.person)
    hunts = people.kind == HUNTER_KIND
    counts = np.where(hunts, 6 + keys.whole("many", 12), keys.some("asks", 0.08)) * (people.signup_at < NEVER)
    all_who, nth = repeated_rows(counts)
    chance = Rows(parameters.seed, "sample", spread(people.person[all_who], nth, 64))
    start = np.maximum(people.signup_at[all_who], parameters.start_at)
    issued = start + 600 + (chance.chance("when") * (parameters.end_at - start)).astype(np.int64)
    taken = np.where(chance.some("takes", 0.85), issued + 2 * DAY_SECONDS, NEVER)
    row, at = versions(issued, taken)
    who, number = all_who[row], spread(people.person[all_who], nth, 64)[row]
    columns = {
        "code": numbers(number, 12, "SM"),
        "kind": picked(["S-camellia", "S-jade", "S-snow"], number % 3),
        "type": repeated("sample", row.size),
        "issued_at": moments(issued[row]),
        "through": repeated("miniprogram", row.size),
        "store": picked(story.world.places.store_ids, story.world.places.city_store[people.city[who]]),
        "used_at": seen(taken[row], at),
        "member_no": story.ids.member_id(who),
        "phone": story.ids.phone(who, issued[row]),
    }
    return Batch(SAMPLE, columns, at, number)


def _redemptions(story: Story, issued: Messages, used_in: Ints) -> Batch:
    """The till's own list: vouchers of members, by day."""
    is_till = (used_in >= 0) & (story.people.signup_at[issued.who] <= issued.at)
    rows = np.flatnonzero(is_till & (story.bought.shop[used_in] == STORE))
    part, order = issued.rows(rows), used_in[rows]
    campaigns = story.world.campaigns.all
    columns = {
        "member_no": story.ids.member_id(part.who),
        "voucher": picked([item.voucher_id for item in campaigns], part.campaign),
        "campaign": picked([item.campaign_id for item in campaigns], part.campaign),
        "redeemed_on": dates(story.bought.at[order]),
        "receipt_no": story.order_ids(order),
    }
    return Batch(REDEMPTION, columns, story.bought.at[order])


def _gift_cards(story: Story) -> Batch:
    """Bought with some orders as a gift; used by another person later."""
    keys = Rows(story.world.parameters.seed, "gift card", story.order_numbers)
    order = np.flatnonzero(keys.some("sold", 0.03) & (story.bought.shop != TMALL))
    value = (1 + Rows(story.world.parameters.seed, "card", story.order_numbers[order]).whole("v", 5)) * 200_00
    is_used = Rows(story.world.parameters.seed, "card", story.order_numbers[order]).some("used", 0.7)
    used = np.flatnonzero(is_used)
    both = np.concatenate([order, order[used]])
    kind = np.repeat(np.arange(2), [order.size, used.size])
    amount = np.concatenate([value, -value[used]])
    at = story.bought.at[both] + 120 + kind * 20 * DAY_SECONDS
    user = np.where(kind == 0, story.bought.who[both], (story.bought.who[both] + 11) % len(story.people))
    plastic = story.bought.shop[both] == STORE
    number = story.order_numbers[both]
    columns = {
        "movement_no": numbers(number * 2 + kind, 13, "GM"),
        "card_no": numbers(number, 12, "GC"),
        "form": picked(["digital", "plastic"], plastic.astype(np.int64)),
        "movement": picked(["issue", "redeem"], kind),
        "moved_at": moments(at),
        "amount": yuan(amount),
        "order_no": only(story.order_ids(both), kind == 0),
        "store": only(picked(story.world.places.store_ids, store_of(story, both)), plastic),
        "member_no": only(story.ids.member_id(user), story.people.signup_at[user] <= at),
    }
    return Batch(GIFT_CARD, columns, at)


def _targets(story: Story) -> Batch:
    """Whom the leaflets went to: the post office tells nothing else."""
    sent = story.reach.messages
    sent = sent.rows(sent.channel == CHANNELS.index("mail"))
    columns = {
        "campaign": picked(story.world.campaigns.ids, sent.campaign),
        "member_no": story.ids.member_id(sent.who),
        "delivered_on": dates(sent.at + 2 * DAY_SECONDS),
    }
    return Batch(TARGET, columns, sent.at + 2 * DAY_SECONDS)


def _leads(story: Story) -> Batch:
    """Some leave a number before they join; those who join are won, the others lost."""
    people, start_at = story.people, story.world.parameters.start_at
    keys = Rows(story.world.parameters.seed, "lead", people.person)
    all_who = np.flatnonzero(keys.some("leaves", 0.09) & (people.entry_at >= start_at))
    created = people.entry_at[all_who] + 1800
    wins = people.signup_at[all_who] < created + 40 * DAY_SECONDS
    closed = np.where(wins, people.signup_at[all_who] + 60, created + 30 * DAY_SECONDS)
    taken = np.minimum(created + 5400, closed)
    row, at = versions(created, taken, np.maximum(closed, taken + 1))
    who, created, taken, closed = all_who[row], created[row], taken[row], np.maximum(closed, taken + 1)[row]
    state = passed(at, taken, closed)
    is_lost = (state == 2) & ~wins[row]
    chance = Rows(story.world.parameters.seed, "lead", people.person[who])
    store = story.world.places.city_store[people.city[who]]
    columns = {
        "lead_no": numbers(people.person[who], 9, "L"),
        "source": picked(["form", "event", "ad", "hotline"], chance.whole("source", 4)),
        "status": picked(["new", "working", "won", "lost"], state + is_lost),
        "created_at": moments(created),
        "assigned_at": seen(taken, at),
        "closed_at": seen(closed, at),
        "lost_reason": only(picked(LOST, chance.whole("lost", len(LOST))), is_lost),
        "sku": picked(story.world.catalogue.ids, chance.whole("product", 50)),
        "store": picked(story.world.places.store_ids, store),
        "staff": picked(story.world.places.staff_ids, store * 4),
        "phone": story.ids.phone(who, created),
        "cookie": only(story.ids.cookie(who, created), chance.some("web", 0.5)),
        "name": story.ids.full_name(who),
    }
    return Batch(LEAD, columns, at, people.person[who])


def _partner(story: Story) -> Batch:
    """What an agency and a hotel chain know about some people."""
    people, parameters, here = story.people, story.world.parameters, known(story)
    who, is_hotel, chance = here.who, here.is_hotel, here.chance
    at = parameters.start_at + (chance.chance("when") * parameters.days * DAY_SECONDS).astype(np.int64)
    columns = {
        "partner": here.partner,
        "record_no": numbers(people.person[who], 9, "PR"),
        "owner": picked(["brand", "partner"], is_hotel.astype(np.int64)),
        "basis": picked(["contract", "consent"], is_hotel.astype(np.int64)),
        "kind": picked(["score", "visit"], is_hotel.astype(np.int64)),
        "recorded_at": moments(at),
        "name": picked(["skincare_affinity", "spa_stay"], is_hotel.astype(np.int64)),
        "value": text(chance.whole("value", 100)),
        "phone": only(story.ids.phone(who, at), is_hotel),
        "unionid": only(story.ids.unionid(who), ~is_hotel),
        "partner_person": here.name,
    }
    return Batch(PARTNER, columns, at)


def _campaigns(world: World) -> Batch:
    campaigns, parameters = world.campaigns.all, world.parameters
    first = np.array([max(item.day, 0) for item in campaigns], np.int64) * DAY_SECONDS + parameters.start_at
    length = np.array([6 if item.day >= 0 else parameters.days - 1 for item in campaigns], np.int64) * DAY_SECONDS
    columns = {
        "campaign": pa.array(world.campaigns.ids, pa.large_string()),
        "name": pa.array([item.name for item in campaigns], pa.large_string()),
        "type": pa.array([item.campaign_type for item in campaigns], pa.large_string()),
        "channel": pa.array([item.channel for item in campaigns], pa.large_string()),
        "first_day": dates(first),
        "last_day": dates(first + length),
    }
    return Batch(CAMPAIGN, columns, first)


def _offers(world: World) -> Batch:
    """Each voucher is good for a handful of products."""
    campaigns = [item for item in world.campaigns.all if item.voucher_id]
    rows = [(item.voucher_id, item.campaign_id, n) for item in campaigns for n in range(0, 54, 9)]
    products = world.catalogue.ids
    columns = {
        "voucher": pa.array([voucher for voucher, _, _ in rows], pa.large_string()),
        "campaign": pa.array([campaign for _, campaign, _ in rows], pa.large_string()),
        "sku": pa.array([products[n] for _, _, n in rows], pa.large_string()),
    }
    return Batch(OFFER, columns, np.full(len(rows), world.parameters.start_at))
