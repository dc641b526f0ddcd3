"""WeChat: official account and Moments ads.

Columns as in WeChat's user/info, event messages and getmsgrecord.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.columns import either, joined, moments, numbers, only, picked, repeated, text
from simulator.brand.draws import Ints
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, spread, versions
from simulator.brand.frames import NEVER
from simulator.brand.messages import Messages
from simulator.brand.people import CHANNELS
from simulator.brand.places import STORES
from simulator.brand.shopping import MINI, in_opening_hours
from simulator.brand.stimuli import AD
from simulator.brand.story import Story
from simulator.brand.wording import WECHAT_IN, WECHAT_OUT

FOLLOWER = Export(
    "wechat_followers", "wechat.follower", "jsonl", required="openid", moment="subscribe_time", far="4070908800",
    is_state=True,
)  # fmt: skip
EVENT = Export(
    "wechat_events", "wechat.event", "jsonl", required="FromUserName", typed="CreateTime", listed="Event",
    moment="CreateTime", far="4070908800",
)  # fmt: skip
MESSAGE = Export("wechat_messages", "wechat.message", "jsonl", required="openid", typed="time", listed="opercode")
MOMENTS = Export("moments_ads", "wechat.moments_ad_event", required="campaign_id", listed="action", moment="act_time")

MENU_KEYS = {"CLICK": "MEMBER_CENTER", "view_miniprogram": "pages/index/index"}
SCENES = ("ADD_SCENE_QR_CODE", "ADD_SCENE_SEARCH", "ADD_SCENE_PROFILE_CARD", "ADD_SCENE_PAID", "ADD_SCENE_OTHERS")


def export(story: Story) -> Batches:
    """All exports of the official account and of Moments ads."""
    yield _followers(story)
    yield _events(story)
    yield _messages(story)
    yield _moments_ads(story)


def has_unionid(story: Story, who: Ints) -> np.ndarray:
    """Whose unionid the official account is told."""
    return Rows(story.world.parameters.seed, "unionid", story.people.person[who]).some("known", 0.72)


def _followers(story: Story) -> Batch:
    people, start_at = story.people, story.world.parameters.start_at
    all_who = np.flatnonzero(people.follow_at < NEVER)
    left_at = story.reach.no_at[all_who, CHANNELS.index("wechat")]
    row, at = versions(np.maximum(people.follow_at[all_who], start_at), left_at)
    who, left_at = all_who[row], left_at[row]
    chance = Rows(story.world.parameters.seed, "followers", people.person[who])
    scene = chance.whole("scene", len(SCENES))
    store = story.world.places.city_store[people.city[who]]
    columns = {
        "subscribe": pa.array((left_at > at).astype(np.int64)),
        "openid": story.ids.openid(who),
        "unionid": only(story.ids.unionid(who), has_unionid(story, who)),
        "subscribe_time": pa.array(people.follow_at[who]),
        "subscribe_scene": picked(SCENES, scene),
        "qr_scene_str": only(picked([f"follow_{item.store_id}" for item in STORES], store), scene == 0),
        "language": repeated("zh_CN", who.size),
        "tagid_list": picked(["", "2", "2,101", "101"], chance.whole("tags", 4)),
        "fetched_at": pa.array(at + 3600),
    }
    return Batch(FOLLOWER, columns, at, people.person[who])


Part = tuple[str, Ints, Ints]
"""What happened, to whom, when."""


def _happened(story: Story, sent: Messages) -> list[Part]:
    """Follows, scans, menu clicks, visits to the mini-program, ends of follows; the receipts last."""
    people, start_at, visits = story.people, story.world.parameters.start_at, story.visits
    follows = np.flatnonzero((people.follow_at < NEVER) & (people.follow_at >= start_at))
    left_at = story.reach.no_at[:, CHANNELS.index("wechat")]
    leaves = np.flatnonzero(left_at < NEVER)
    is_follower = (people.follow_at[visits.who] < visits.at) & (left_at[visits.who] > visits.at)
    menu = np.flatnonzero((visits.place == MINI) & (visits.cause != AD) & is_follower)
    joins = np.flatnonzero((people.signup_where == 0) & (people.signup_at < NEVER) & (people.signup_at >= start_at))
    joins = joins[(people.follow_at[joins] <= people.signup_at[joins]) & (left_at[joins] > people.signup_at[joins])]
    asks = menu[visits.at[menu] % 5 == 0]
    return [
        ("SCAN", joins, in_opening_hours(people.signup_at[joins])),
        ("CLICK", visits.who[asks], visits.at[asks] - 20),
        ("subscribe", follows, people.follow_at[follows]),
        ("unsubscribe", leaves, left_at[leaves]),
        ("view_miniprogram", visits.who[menu], visits.at[menu] - 4),
        ("TEMPLATESENDJOBFINISH", sent.who, sent.at + 3),
    ]


def _events(story: Story) -> Batch:
    people, sent = story.people, sent_on(story, "wechat")
    parts = _happened(story, sent)
    name = np.repeat(np.arange(len(parts)), [who.size for _, who, _ in parts])
    who, at = (np.concatenate([part[n] for part in parts]) for n in (1, 2))
    is_receipt = name == len(parts) - 1
    message = np.concatenate([np.zeros(name.size - len(sent), np.int64), _message_numbers(story, sent)])
    delivered = np.concatenate([np.ones(name.size - len(sent), np.bool_), sent.is_delivered])
    names = [item for item, _, _ in parts]
    near = story.world.places.city_store[people.city[who]]
    follow, bind = ([f"{what}_{item.store_id}" for item in STORES] for what in ("qrscene_follow", "bind"))
    columns = {
        "ToUserName": repeated("gh_qinglan", who.size),
        "FromUserName": story.ids.openid(who),
        "CreateTime": pa.array(at),
        "MsgType": repeated("event", who.size),
        "Event": picked(names, name),
        "EventKey": either(
            either(
                only(picked(follow, near), name == names.index("subscribe")),
                only(picked(bind, near), name == names.index("SCAN")),
            ),
            picked([MENU_KEYS.get(item) for item in names], name),
        ),
        "Ticket": only(joined("gQ", picked(bind, near)), name == names.index("SCAN")),
        "MsgID": only(text(message), is_receipt),
        "Status": only(picked(["failed:user block", "success"], delivered.astype(np.int64)), is_receipt),
        "unionid": only(story.ids.unionid(who), has_unionid(story, who)),
    }
    return Batch(EVENT, columns, at)


def sent_on(story: Story, channel: str) -> Messages:
    """The brand's messages on one channel."""
    messages = story.reach.messages
    return messages.rows(messages.channel == CHANNELS.index(channel))


def _message_numbers(story: Story, sent: Messages) -> Ints:
    """A number for each message: nobody gets two of one campaign in one second."""
    return 2_000_000_000 + story.people.person[sent.who] * 512 + sent.campaign


def _messages(story: Story) -> Batch:
    people, sent = story.people, sent_on(story, "wechat")
    sent = sent.rows(sent.is_delivered)
    campaigns = story.world.campaigns.all
    asked = np.flatnonzero(
        (people.follow_at < NEVER) & Rows(story.world.parameters.seed, "asks", people.person).some("asks", 0.3)
    )
    asks = Rows(story.world.parameters.seed, "asks", people.person[asked])
    span = np.maximum(
        story.world.parameters.end_at - np.maximum(people.follow_at[asked], story.world.parameters.start_at), 1
    )
    asked_at = (
        np.maximum(people.follow_at[asked], story.world.parameters.start_at)
        + (asks.chance("when") * span * 0.9).astype(np.int64)
        + 60
    )
    who = np.concatenate([sent.who, asked, asked])
    at = np.concatenate([sent.at, asked_at, asked_at + 120 + asks.whole("reply", 3000)])
    kind = np.repeat(np.arange(3), [len(sent), asked.size, asked.size])
    number = np.concatenate([_message_numbers(story, sent), people.person[asked] * 2, people.person[asked] * 2 + 1])
    campaign = np.concatenate([sent.campaign, np.zeros(asked.size * 2, np.int64)])
    said = picked(WECHAT_IN, Rows(story.world.parameters.seed, "says", number).whole("text", len(WECHAT_IN)))
    told = picked(
        WECHAT_OUT, Rows(story.world.parameters.seed, "says", number - number % 2).whole("text", len(WECHAT_IN))
    )
    agent = story.world.places.staff_ids[story.world.places.agents :]
    columns = {
        "msgid": numbers(number, 14),
        "openid": story.ids.openid(who),
        "opercode": picked(["2002", "2003", "2002"], kind),
        "time": pa.array(at),
        "msgtype": picked(["template", "text", "text"], kind),
        "text": either(only(said, kind == 1), only(told, kind == 2)),
        "template_id": only(picked([f"TM-{item.content_key}" for item in campaigns], campaign), kind == 0),
        "campaign_id": only(picked([item.campaign_id for item in campaigns], campaign), kind == 0),
        "content_key": only(picked([item.content_key for item in campaigns], campaign), kind == 0),
        "worker": only(picked(agent, number // 2 % len(agent)), kind == 2),
        "unionid": only(story.ids.unionid(who), has_unionid(story, who)),
    }
    return Batch(MESSAGE, columns, at)


def _moments_ads(story: Story) -> Batch:
    seen_ads, ads = story.seen_ads, story.world.media.ads
    is_moments = np.array([ad.platform == "tencent_ads" for ad in ads])
    clicks = story.stimuli.rows(story.stimuli.kind == AD)
    clicks = clicks.rows(is_moments[clicks.ref])
    who, at = np.concatenate([seen_ads.who, clicks.who]), np.concatenate([seen_ads.at, clicks.at])
    ref = np.concatenate([seen_ads.ref, clicks.ref])
    kind = np.repeat(np.arange(2), [len(seen_ads), len(clicks)])
    person = story.people.person[who]
    keys = Rows(story.world.parameters.seed, "moments", (spread(person, np.arange(who.size) % 65_536) << 1) + kind)
    columns = {
        "trace_id": keys.id(18, "wx0"),
        "action": picked(["exposure", "click"], kind),
        "act_time": moments(at),
        "campaign_id": picked([ad.campaign_id for ad in ads], ref),
        "ad_id": picked([f"{ad.campaign_id}-1" for ad in ads], ref),
        "creative": picked([ad.content_key for ad in ads], ref),
        "appid": repeated("wx9c1a0000qinglan1", who.size),
        "openid": only(story.ids.openid(who), story.people.follow_at[who] <= at),
        "unionid": only(story.ids.unionid(who), keys.some("unionid", 0.4)),
        "landing": only(repeated("https://m.qinglan.example/moments", who.size), kind == 1),
        "view_seconds": text(np.concatenate([seen_ads.dwell, np.full(len(clicks), 20)])),
    }
    return Batch(MOMENTS, columns, at)
