"""The brand's website and app: events as Segment and GA4 report them, push tokens, receipts of messages in the app."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.columns import (
    decimals,
    either,
    joined,
    moments,
    only,
    picked,
    repeated,
    stamps,
    text,
    utc_moments,
    yuan,
)
from simulator.brand.draws import Bools, Ints
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, spread
from simulator.brand.frames import NEVER
from simulator.brand.people import CHANNELS
from simulator.brand.places import STORES
from simulator.brand.sessions import BOUGHT, EVENTS, FORM, IDENTIFY, LOGIN, SEARCHED, VIDEO, Events, Visits
from simulator.brand.shopping import APP, WEB
from simulator.brand.stimuli import AD, CAMPAIGN, CAUSES, POST, SEARCH
from simulator.brand.story import Story
from simulator.brand.wording import SEARCHES

WEB_EVENT = Export(
    "web_events", "web.event", "jsonl", required="event", typed="originalTimestamp", moment="originalTimestamp",
    far="2099-01-01T00:00:00.000Z",
)  # fmt: skip
APP_EVENT = Export(
    "app_events", "app.event", "parquet", required="user_pseudo_id", moment="event_timestamp", far="4070908800000"
)
TOKEN = Export("push_tokens", "app.push_token", required="registration_id", listed="vendor", is_daily=False)
PUSH = Export("push_receipts", "app.push_receipt", required="msg_id", listed="status", moment="time")
IN_APP = Export(
    "in_app_receipts", "app.in_app_receipt", required="msg_id", listed="action", moment="time", is_daily=False
)

AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15",
    "Mozilla/5.0 (Linux; Android 14; HUAWEI) AppleWebKit/537.36 Chrome/125.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/125.0",
)
SOURCES = {AD: ("feed", "cpc"), POST: ("kol", "social"), CAMPAIGN: ("crm", "message"), SEARCH: ("baidu", "organic")}


def export(story: Story) -> Batches:
    """All exports of website and app."""
    yield _web(story)
    yield _app(story)
    yield _tokens(story)
    yield _push(story)
    yield _in_app(story)


def link_of(story: Story, message: Ints) -> pa.Array:
    """The tracked link in each message (rows of the messages)."""
    messages = story.reach.messages.rows(message)
    keys = spread(story.people.person[messages.who], messages.campaign, 512)
    return Rows(story.world.parameters.seed, "link", keys).id(8, "l")


def click_of(story: Story, who: Ints, at: Ints) -> pa.Array:
    """The ad platform's name of a click by somebody at a moment."""
    return Rows(story.world.parameters.seed, "ad click", spread(story.people.person[who], at % (1 << 30), 1 << 30)).id(
        18, "adc"
    )


def _split(story: Story, place: int) -> tuple[Events, Visits]:
    events = story.events.rows(story.visits.place[story.events.visit] == place)
    return events, story.visits.rows(events.visit)


def _campaign_word(story: Story, visit: Visits) -> pa.Array:
    """The campaign a visit's address names: an ad's, or a message's."""
    ads = [ad.campaign_id for ad in story.world.media.ads]
    is_ad, is_message = visit.cause == AD, visit.cause == CAMPAIGN
    campaign = story.reach.messages.campaign[np.where(is_message, visit.ref, 0)]
    return either(
        only(picked(ads, np.where(is_ad, visit.ref, 0)), is_ad),
        only(picked(story.world.campaigns.ids, campaign), is_message),
    )


def _web(story: Story) -> Batch:
    events, visit = _split(story, WEB)
    who = visit.who
    person = story.people.person[who]
    keys = Rows(story.world.parameters.seed, "web", spread(person, events.visit % 4096, 4096) * 64 + events.place)
    is_first, is_message = events.place == 0, visit.cause == CAMPAIGN
    knows = visit.logs_in & (events.place >= 1)
    gives = (events.name == LOGIN) | (events.name == IDENTIFY) | (events.name == FORM)
    has_email = story.people.has_email[who] & gives & visit.logs_in
    source = [SOURCES.get(kind, ("", ""))[0] or None for kind in range(len(CAUSES))]
    medium = [SOURCES.get(kind, ("", ""))[1] or None for kind in range(len(CAUSES))]
    is_about = (events.name >= 2) & (events.name <= 7)
    path = [f"/{name.replace('_', '-')}" for name in EVENTS]
    columns = {
        "messageId": keys.id(18, "ajs-"),
        "event": picked(EVENTS, events.name),
        "anonymousId": story.ids.cookie(who, visit.at),
        "userId": only(story.ids.member_id(who), knows),
        "originalTimestamp": utc_moments(events.at, millisecond=keys.whole("ms", 1000)),
        "receivedAt": utc_moments(events.at + 1 + keys.whole("late", 3)),
        "properties.path": picked(path, events.name),
        "properties.url": joined("https://www.qinglan.example", picked(path, events.name)),
        "properties.title": only(picked([f"青岚 {name}" for name in EVENTS], events.name), is_first),
        "properties.query": only(picked(SEARCHES, keys.whole("words", len(SEARCHES))), events.name == SEARCHED),
        "properties.sku": only(picked(story.world.catalogue.ids, events.product), is_about),
        "properties.quantity": only(pa.array(np.ones(who.size, np.int64)), (events.name == 4) | (events.name == 5)),
        "properties.order_id": only(story.order_ids(visit.order), events.name == BOUGHT),
        "properties.value": only(yuan(story.goods_of(visit.order)), events.name == BOUGHT),
        "properties.video_id": only(picked(["v-camellia", "v-ritual"], keys.whole("video", 2)), events.name == VIDEO),
        "properties.percent": only(pa.array(25 * (1 + keys.whole("percent", 4))), events.name == VIDEO),
        "properties.form_id": only(repeated("join", who.size), events.name == FORM),
        "properties.link_id": only(link_of(story, np.where(is_message, visit.ref, 0)), is_message & is_first),
        "properties.dwell": pa.array(events.dwell),
        **_context(story, visit, source, medium, is_first, keys),
        "traits.source": repeated("site", who.size),
        "traits.email": only(story.ids.email(who), has_email),
        "traits.phone": only(story.ids.phone(who, events.at), gives & visit.logs_in),
    }
    return Batch(WEB_EVENT, columns, events.at)


def _context(
    story: Story, visit: Visits, source: list[str | None], medium: list[str | None], is_first: Bools, keys: Rows
) -> dict[str, pa.Array]:
    """What the browser tells of itself, and the campaign the first page was opened with."""
    agent = visit.who % len(AGENTS)
    return {
        "context.sessionId": joined("ws", text(story.people.person[visit.who]), "-", text(visit.at)),
        "context.referrer": only(
            repeated("https://www.baidu.example/", visit.who.size), (visit.cause == SEARCH) & is_first
        ),
        "context.campaign.medium": picked([item or "direct" for item in medium], visit.cause),
        "context.campaign.source": picked([item or "direct" for item in source], visit.cause),
        "context.campaign.name": only(_campaign_word(story, visit), is_first),
        "context.campaign.click_id": only(click_of(story, visit.who, visit.at - 8), (visit.cause == AD) & is_first),
        "context.device": picked(["mobile", "mobile", "desktop"], agent),
        "context.userAgent": only(picked(AGENTS, agent), is_first & keys.some("agent", 0.5)),
    }


def _tablet(story: Story, who: Ints, visit: Visits) -> tuple[pa.Array, pa.Array, Bools]:
    """Some visits of members near a store run on the store's tablet, which everybody there shares."""
    store = story.world.places.city_store[story.people.city[who]]
    on_tablet = Rows(story.world.parameters.seed, "tablet", spread(who, visit.at % 65_536)).some("tablet", 0.015)
    device = picked([f"tab-{item.store_id}-1" for item in STORES], store)
    installation = picked([f"QLTABLET{item.store_id}000000000001" for item in STORES], store)
    return device, installation, on_tablet


def _app(story: Story) -> Batch:
    events, visit = _split(story, APP)
    who = visit.who
    keys = Rows(
        story.world.parameters.seed,
        "app",
        spread(story.people.person[who], events.visit % 4096, 4096) * 64 + events.place,
    )
    device, installation, on_tablet = _tablet(story, who, visit)
    knows, gives = visit.logs_in & (events.place >= 1), (events.name == LOGIN) | (events.name == IDENTIFY)
    is_message, is_first = visit.cause == CAMPAIGN, events.place == 0
    names = ["screen_view" if name == "page_view" else name for name in EVENTS]
    columns = {
        "event_id": keys.id(18, "ga"),
        "event_name": picked(names, events.name),
        "event_timestamp": pa.array(events.at * 1000 + keys.whole("ms", 1000)),
        "received_at": stamps(events.at + 2),
        "user_pseudo_id": either(only(installation, on_tablet), story.ids.installation(who)),
        "device_id": either(only(device, on_tablet), story.ids.device(who)),
        "oaid": only(story.ids.oaid(who, events.at), keys.some("oaid", 0.3) & ~on_tablet),
        "user_id": only(story.ids.member_id(who), knows),
        "email": only(story.ids.email(who), gives & knows & story.people.has_email[who]),
        "phone": only(story.ids.phone(who, events.at), gives & knows),
        "ga_session_id": joined("as", text(story.people.person[who]), "-", text(visit.at)),
        "screen": picked([f"{name}_screen" for name in EVENTS], events.name),
        "utm_campaign": only(_campaign_word(story, visit), is_first),
        "link_id": only(link_of(story, np.where(is_message, visit.ref, 0)), is_message & is_first),
        "search_term": only(picked(SEARCHES, keys.whole("words", len(SEARCHES))), events.name == SEARCHED),
        "item_id": only(picked(story.world.catalogue.ids, events.product), (events.name >= 2) & (events.name <= 7)),
        "transaction_id": only(story.order_ids(visit.order), events.name == BOUGHT),
        "value": only(decimals(story.goods_of(visit.order)), events.name == BOUGHT),
        "engagement_seconds": pa.array(events.dwell),
        "app_version": picked(
            ["5.1.0", "5.2.1", "5.3.0"], np.minimum((events.at - story.world.parameters.start_at) // 12_000_000, 2)
        ),
        "os": picked(["iOS", "Android"], who % 2),
    }
    return Batch(APP_EVENT, columns, events.at)


def _tokens(story: Story) -> Batch:
    people, start_at = story.people, story.world.parameters.start_at
    all_who = np.flatnonzero(people.app_at < NEVER)
    again = all_who[Rows(story.world.parameters.seed, "token", people.person[all_who]).some("again", 0.4)]
    who = np.concatenate([all_who, again])
    nth = np.repeat(np.arange(2), [all_who.size, again.size])
    at = np.maximum(people.app_at[who], start_at) + nth * 95 * 86_400 + 5 + people.person[who] % 4096
    keys = Rows(story.world.parameters.seed, "token", people.person[who] * 2 + nth)
    allowed = story.reach.has_consent[who, CHANNELS.index("push")] & (
        story.reach.no_at[who, CHANNELS.index("push")] > at
    )
    columns = {
        "user_pseudo_id": story.ids.installation(who),
        "member_no": story.ids.member_id(who),
        "registration_id": keys.id(24, "1a0"),
        "vendor": picked(["jpush", "apns", "huawei", "xiaomi"], keys.whole("vendor", 4)),
        "is_enabled": picked(["false", "true"], allowed.astype(np.int64)),
        "registered_at": moments(at),
    }
    return Batch(TOKEN, columns, at)


def _push(story: Story) -> Batch:
    sent = story.reach.messages
    sent = sent.rows(sent.channel == CHANNELS.index("push"))
    arrived = np.where(sent.is_delivered, sent.at + 4, NEVER)
    table = np.stack([sent.at, arrived, np.where(sent.is_delivered, NEVER, sent.at + 4), sent.open_at], axis=1)
    row, status = np.nonzero(table < NEVER)
    part, at = sent.rows(row), table[row, status]
    campaigns = story.world.campaigns.all
    columns = {
        "msg_id": text(spread(story.people.person[part.who], part.campaign, 512) + 58_000_000_000),
        "user_pseudo_id": story.ids.installation(part.who),
        "status": picked(["sent", "delivered", "failed", "opened"], status),
        "time": moments(at),
        "campaign": picked([item.campaign_id for item in campaigns], part.campaign),
        "content_key": picked([item.content_key for item in campaigns], part.campaign),
        "error_code": only(repeated("1011", row.size), status == 2),
    }
    return Batch(PUSH, columns, at)


def _in_app(story: Story) -> Batch:
    """A message shown on opening the app, on every fifth visit."""
    visits = story.visits.rows(story.visits.place == APP)
    visits = visits.rows(
        Rows(story.world.parameters.seed, "in app", spread(visits.who, visits.at % 65_536)).some("shown", 0.2)
    )
    keys = Rows(
        story.world.parameters.seed, "in app", spread(story.people.person[visits.who], visits.at % (1 << 30), 1 << 30)
    )
    status = np.where(keys.some("clicks", 0.18), 1, 2)
    who, at = np.tile(visits.who, 2), np.concatenate([visits.at + 2, visits.at + 9])
    kind = np.concatenate([np.zeros(len(visits), np.int64), status])
    columns = {
        "msg_id": pa.concat_arrays([keys.id(14, "in"), keys.id(14, "in")]),
        "user_pseudo_id": story.ids.installation(who),
        "member_no": only(story.ids.member_id(who), np.tile(visits.logs_in, 2)),
        "action": picked(["shown", "clicked", "closed"], kind),
        "time": moments(at),
        "campaign": repeated("IN-APP-HOME", who.size),
        "content_key": picked(["tea_ritual", "mask_week", "refill"], np.tile(keys.whole("content", 3), 2)),
        "screen": repeated("home_screen", who.size),
    }
    return Batch(IN_APP, columns, at)
