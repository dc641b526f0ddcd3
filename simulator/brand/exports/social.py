"""Social platforms: posts, what they reached, single exposures and clicks, livestreams."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.columns import dates, moments, only, picked, repeated, stamps, text, yuan
from simulator.brand.draws import Ints, generator
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, spread
from simulator.brand.media import AUTHORS, SOCIAL
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.stimuli import LIVE, POST
from simulator.brand.story import Story
from simulator.brand.world import World

POSTS = Export("social_posts", "social.post", is_daily=False, quoted=("title",))
POST_DAILY = Export("social_post_daily", "social.post_daily", required="note_id", typed="impressions")
ENGAGEMENT = Export("social_engagements", "social.engagement", "parquet", required="platform", listed="action")
LIVESTREAM = Export("livestreams", "social.livestream", is_daily=False)

ACTIONS = ("exposure", "click", "like", "save", "comment", "share", "live_view", "live_click")


def export(story: Story) -> Batches:
    """What platforms report of single people."""
    yield _engagements(story)


def reference(world: World) -> Batches:
    """What is the same for everybody."""
    yield _posts(world)
    yield _post_daily(world)
    yield _livestreams(world)


def _reactions(story: Story) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Every exposure, click and reaction: who, when, action, post or livestream, seconds."""
    seen, clicks = story.seen_posts, story.stimuli.rows(story.stimuli.kind == POST)
    lives = story.stimuli.rows(story.stimuli.kind == LIVE)
    keys = Rows(story.world.parameters.seed, "reacts", spread(story.people.person[clicks.who], clicks.at % 65_536))
    liked = np.flatnonzero(keys.some("like", 0.3))
    action = np.where(keys.chance("which")[liked] < 0.55, 2, np.where(keys.chance("which")[liked] < 0.85, 3, 4))
    bought = np.flatnonzero(
        Rows(story.world.parameters.seed, "live", spread(lives.who, lives.at % 65_536)).some("c", 0.3)
    )
    who = np.concatenate([seen.who, clicks.who, clicks.who[liked], lives.who, lives.who[bought]])
    at = np.concatenate([seen.at, clicks.at, clicks.at[liked] + 45, lives.at, lives.at[bought] + 240])
    what = np.concatenate(
        [
            np.zeros(len(seen), np.int64),
            np.ones(len(clicks), np.int64),
            action,
            np.full(len(lives), 6),
            np.full(bought.size, 7),
        ]
    )
    ref = np.concatenate([seen.ref, clicks.ref, clicks.ref[liked], lives.ref, lives.ref[bought]])
    dwell = np.concatenate([seen.dwell, np.full(who.size - len(seen), 30)])
    return who, at, what, ref, dwell


def _engagements(story: Story) -> Batch:
    world = story.world
    who, at, what, ref, dwell = _reactions(story)
    is_live = what >= 6
    platform = np.where(is_live, world.media.live_platform[np.where(is_live, ref, 0)], 0)
    platform = np.where(is_live, platform, world.media.post_platform[np.where(is_live, 0, ref)])
    person = story.people.person[who]
    keys = Rows(world.parameters.seed, "engagement", spread(person, np.arange(who.size) % 65_536))
    user = story.ids.social(who, "platform")
    products = [world.catalogue.ids[n] for n in world.media.post_product]
    columns = {
        "click_id": keys.id(20, "e"),
        "platform": picked(SOCIAL, platform),
        "note_id": only(picked(world.media.post_ids(), np.where(is_live, 0, ref)), ~is_live),
        "room_id": only(picked(world.media.live_ids(), np.where(is_live, ref, 0)), is_live),
        "action": picked(ACTIONS, what),
        "event_time": stamps(at),
        "user_open_id": only(user, keys.some("named", 0.75)),
        "oaid": only(story.ids.oaid(who, at), keys.some("oaid", 0.5)),
        "cookie": only(story.ids.cookie(who, at), what == 1),
        "content_key": only(repeated("kol_note", who.size), ~is_live),
        "sku": only(picked(products, np.where(is_live, 0, ref)), ~is_live),
        "landing_url": only(repeated("https://m.qinglan.example/note", who.size), what == 1),
        "view_seconds": pa.array(dwell),
    }
    return Batch(ENGAGEMENT, columns, at)


def _posts(world: World) -> Batch:
    media = world.media
    count = media.post_at.size
    kol = [f"{AUTHORS[kind]}_{n:03d}" for kind, n in zip(media.post_author_type, media.post_author, strict=True)]
    names = [f"我的{world.catalogue.products[n].name}使用笔记" for n in media.post_product]
    columns = {
        "platform": picked(SOCIAL, media.post_platform),
        "note_id": pa.array(media.post_ids(), pa.large_string()),
        "author_id": pa.array(kol, pa.large_string()),
        "author_type": picked(AUTHORS, media.post_author_type),
        "publish_time": moments(media.post_at),
        "note_type": picked(["image", "video"], media.post_author % 2),
        "title": pa.array(names, pa.large_string()),
        "campaign_id": only(repeated("KOL-SEEDING", count), media.post_author_type == 1),
        "sku": picked(world.catalogue.ids, media.post_product),
        "fee": yuan(media.post_fee_cents),
        "currency": repeated("CNY", count),
        "url": pa.array([f"https://social.example/{n}" for n in media.post_ids()], pa.large_string()),
    }
    return Batch(POSTS, columns, media.post_at)


def _post_daily(world: World) -> Batch:
    """What each post reached on each of its days; the platform counts more people than it names."""
    media, rng = world.media, generator(world.parameters.seed, "post daily")
    post, day = np.nonzero(media.post_strength > 0)
    reach = rng.poisson(media.post_strength[post, day] * 2200 * media.scale)
    clicks = rng.binomial(reach, 0.03)
    kept = np.flatnonzero(reach > 0)
    post, day, reach, clicks = post[kept], day[kept], reach[kept], clicks[kept]
    at = world.parameters.start_at + (day + 1) * DAY_SECONDS - 1
    likes = rng.binomial(reach, 0.05)
    columns = {
        "platform": picked(SOCIAL, media.post_platform[post]),
        "note_id": picked(media.post_ids(), post),
        "date": dates(at),
        "impressions": text(reach + rng.binomial(reach, 0.3)),
        "reach": text(reach),
        "clicks": text(clicks),
        "likes": text(likes),
        "comments": text(rng.binomial(likes, 0.12)),
        "shares": text(rng.binomial(likes, 0.08)),
        "saves": text(rng.binomial(likes, 0.3)),
    }
    return Batch(POST_DAILY, columns, at)


def _livestreams(world: World) -> Batch:
    media, rng = world.media, generator(world.parameters.seed, "live totals")
    viewers = rng.poisson(media.live_draw * 900 * media.scale) + 1
    orders = rng.binomial(viewers, 0.012)
    ends = media.live_at + media.live_minutes * 60
    columns = {
        "platform": picked(SOCIAL, media.live_platform),
        "room_id": pa.array(media.live_ids(), pa.large_string()),
        "host_id": picked(["qinglan_official", "kol_007"], media.live_host_type),
        "host_type": picked(["brand", "kol"], media.live_host_type),
        "start_time": moments(media.live_at),
        "end_time": moments(ends),
        "viewers": text(viewers),
        "orders": text(orders),
        "gmv": yuan(orders * 420_00),
        "fee": yuan(media.live_fee_cents),
        "currency": repeated("CNY", viewers.size),
    }
    return Batch(LIVESTREAM, columns, ends)
