"""What is in an order and what it costs, to the hundredth of a yuan.

Here: products, quantities, discounts, postage. Sums hold: list less discount is sales, line by line, and an order's
lines are its amount. Not here: whether and where one buys (journeys.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.catalogue import MINI_PRODUCT
from simulator.brand.draws import Bools, Floats, Ints, chosen, generator, unit
from simulator.brand.frames import Frame, looked_up, repeated_rows
from simulator.brand.journeys import Purchases
from simulator.brand.messages import Messages
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.people import CHANNELS, People
from simulator.brand.shopping import STORE, TMALL
from simulator.brand.stimuli import CAMPAIGN, NEED, POST
from simulator.brand.world import World

FREE_POSTAGE_CENTS = 199_00
POSTAGE_CENTS = 12_00
COUPON_SECONDS = 30 * DAY_SECONDS
SPARE_COUPON_SHARE = 0.5
"""Orders that nobody asked for, with which a coupon that lies about is used all the same."""


@dataclass(frozen=True)
class Lines(Frame):
    """One row a line, by order. `order`: row of the purchase. Amounts in hundredths of a yuan."""

    order: Ints
    place: Ints
    product: Ints
    quantity: Ints
    list_cents: Ints
    discount_cents: Ints
    sales_cents: Ints
    is_free: Bools


@dataclass(frozen=True)
class Amounts(Frame):
    """One row a purchase, in their order. `message`: whose coupon was used and its `campaign`, -1 for none."""

    goods_cents: Ints
    discount_cents: Ints
    coupon_cents: Ints
    postage_cents: Ints
    deposit_cents: Ints
    message: Ints
    campaign: Ints


def fill(world: World, people: People, messages: Messages, bought: Purchases, chunk: int) -> tuple[Lines, Amounts]:
    """The lines and amounts of all purchases."""
    rng = generator(world.parameters.seed, "orders", chunk)
    order, place = repeated_rows(_line_counts(people, bought, rng))
    product = _products(world, people, bought, rng, order, place)
    quantity = _quantities(people, bought, rng, order)
    list_cents = world.catalogue.price_cents[product] * quantity
    rate = _rates(world, people, bought)[order]
    off = np.floor(list_cents * rate / 100).astype(np.int64) * 100
    total = np.bincount(order, list_cents - off, len(bought)).astype(np.int64)
    coupon, message = _coupons(world, messages, bought, total, rng)
    share = np.floor(coupon[order] * (list_cents - off) / np.maximum(total[order], 1)).astype(np.int64)
    missing = coupon - np.bincount(order, share, len(bought)).astype(np.int64)
    share += np.where(place == 0, missing[order], 0)
    paid = list_cents - off - share
    lines = Lines(order, place, product, quantity, list_cents, off + share, paid, np.zeros(order.size, np.bool_))
    lines = _with_gifts(world, bought, lines, rng)
    goods = np.bincount(lines.order, lines.sales_cents, len(bought)).astype(np.int64)
    discount = np.bincount(lines.order, lines.discount_cents, len(bought)).astype(np.int64)
    pays_post = (bought.shop != STORE) & (bought.shop != TMALL) & (goods < FREE_POSTAGE_CENTS)
    deposit = np.where(bought.is_deposit, np.minimum(goods // 1000 * 100, 200_00), 0)
    postage = np.where(pays_post, POSTAGE_CENTS, 0)
    campaign = np.where(message >= 0, messages.campaign[message], -1)
    return lines, Amounts(goods, discount, coupon, postage, deposit, message, campaign)


def _line_counts(people: People, bought: Purchases, rng: np.random.Generator) -> Ints:
    mean = 0.45 + 0.5 * (bought.sale >= 0) + 0.3 * (people.income[bought.who] >= 2)
    return 1 + np.minimum(rng.poisson(mean), 4)


def _quantities(people: People, bought: Purchases, rng: np.random.Generator, order: Ints) -> Ints:
    resells = people.kind[bought.who[order]] == 3
    usual = 1 + (rng.random(order.size) < 0.08)
    return np.where(resells, rng.integers(6, 24, order.size), usual)


def _products(
    world: World, people: People, bought: Purchases, rng: np.random.Generator, order: Ints, place: Ints
) -> Ints:
    """What somebody used up is bought again; a post's reader buys what it showed; the rest as it is popular."""
    catalogue = world.catalogue
    who = bought.who[order]
    favourite = _favourites(world, people, place % 3, who)
    repeats = rng.random(order.size) < np.where(bought.cause[order] == NEED, 0.72, 0.3)
    product = np.where(repeats, favourite, chosen(rng, catalogue.popularity, order.size))
    shown = (bought.cause[order] == POST) & (place == 0)
    product = looked_up(world.media.post_product, bought.ref[order], shown, product)
    day = (bought.at[order] - world.parameters.start_at) // DAY_SECONDS
    withdrawn = np.array([item.withdrawn_on is not None for item in catalogue.products])
    is_there = (catalogue.launched[product] <= day) & ~withdrawn[product]
    return np.where(is_there, product, catalogue.index("QL-CLE-01"))


def _favourites(world: World, people: People, nth: Ints, who: Ints) -> Ints:
    """The three products each person keeps to."""
    weight = np.cumsum(world.catalogue.popularity)
    draw = unit(people.person[who] * 3 + nth, world.parameters.seed, "favourite")
    return np.minimum(np.searchsorted(weight, draw * weight[-1], side="right"), weight.size - 1)


def _rates(world: World, people: People, bought: Purchases) -> Floats:
    """Share taken off by the shop itself: sales, in full at Tmall; staff and resellers have terms of their own."""
    rates = np.array([*(sale.discount_rate for sale in world.sales), 0.0])
    rate = rates[bought.sale] * np.where(bought.shop == TMALL, 1.0, 0.6)
    kind = people.kind[bought.who]
    return np.where(kind == 4, 0.4, np.where(kind == 3, np.maximum(rate, 0.2), rate))


def _coupons(
    world: World, messages: Messages, bought: Purchases, total: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """The coupon used with each order, large enough for it, and the message it came with; a coupon is used once.

    It is the one of the message that was answered, else now and then one that was lying about.
    """
    campaigns = world.campaigns.all
    offer = np.array([item.offer_yuan * 100 for item in campaigns], np.int64)
    threshold = np.array([item.threshold_yuan * 100 for item in campaigns], np.int64)
    message = np.where(rng.random(len(bought)) < SPARE_COUPON_SHARE, _lying_about(messages, bought, offer), -1)
    answered = np.flatnonzero(bought.cause == CAMPAIGN)
    message[answered] = bought.ref[answered]
    campaign = messages.campaign[message]
    at_tmall = (messages.channel[message] == CHANNELS.index("tmall")) == (bought.shop == TMALL)
    counts = (message >= 0) & (offer[campaign] > 0) & (total >= threshold[campaign]) & at_tmall
    rows = np.flatnonzero(counts)
    _, first = np.unique(message[rows], return_index=True)
    used = np.full(len(bought), -1, np.int64)
    used[rows[first]] = message[rows[first]]
    return np.where(used >= 0, offer[messages.campaign[used]], 0), used


def _lying_about(messages: Messages, bought: Purchases, offer: Ints) -> Ints:
    """The newest message with a coupon that each buyer got in the month before, -1 for none."""
    rows = np.flatnonzero((offer[messages.campaign] > 0) & messages.is_delivered)
    span = 1 << 40
    given = messages.who[rows] * span + messages.at[rows]
    place = np.searchsorted(given, bought.who * span + bought.at) - 1
    if not rows.size:
        return np.full(len(bought), -1, np.int64)
    row = rows[np.maximum(place, 0)]
    age = bought.at - messages.at[row]
    return np.where((place >= 0) & (messages.who[row] == bought.who) & (age < COUPON_SECONDS), row, -1)


def _with_gifts(world: World, bought: Purchases, lines: Lines, rng: np.random.Generator) -> Lines:
    """A free travel size with some larger orders, as a line that costs nothing."""
    product = world.catalogue.index(MINI_PRODUCT)
    goods = np.bincount(lines.order, lines.sales_cents, len(bought))
    order = np.flatnonzero((goods >= 900_00) & (rng.random(len(bought)) < 0.3))
    price = np.full(order.size, world.catalogue.price_cents[product])
    counts = np.bincount(lines.order, minlength=len(bought))[order]
    one, nothing = np.ones(order.size, np.int64), np.zeros(order.size, np.int64)
    gifts = Lines(order, counts, one * product, one, price, price, nothing, np.ones(order.size, np.bool_))
    both = lines.joined([gifts])
    return both.rows(np.lexsort((both.place, both.order)))
