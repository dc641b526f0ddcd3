"""WeChat: official account, Moments ads, mini-program, WeCom.

Columns as in WeChat's user/info, event messages, getmsgrecord, the mini-program's analytics and WeCom's contact API.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.columns import decimals, either, joined, moments, numbers, only, picked, repeated, text
from simulator.brand.draws import Ints
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, epoch_seen, passed, seen, spread, versions
from simulator.brand.frames import NEVER
from simulator.brand.messages import Messages
from simulator.brand.people import CHANNELS
from simulator.brand.places import STORES
from simulator.brand.sessions import BOOKING, BOUGHT, EVENTS, LOGIN, SEARCHED
from simulator.brand.shopping import MINI
from simulator.brand.stimuli import AD, CAMPAIGN
from simulator.brand.story import Story
from simulator.brand.wording import SEARCHES, WECHAT_IN, WECHAT_OUT

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
MINI_EVENT = Export(
    "miniprogram_events", "miniprogram.event", "parquet", required="open_id", moment="event_time", far="4070908800000"
)
RELATION = Export(
    "wecom_relations", "wecom.relation", "jsonl", required="follow_user.userid", typed="follow_user.createtime",
    is_state=True, is_daily=False,
)  # fmt: skip
TASK = Export(
    "wecom_tasks", "wecom.task", required="userid", typed="create_time", listed="status", is_state=True, is_daily=False
)

SCENES = ("ADD_SCENE_QR_CODE", "ADD_SCENE_SEARCH", "ADD_SCENE_PROFILE_CARD", "ADD_SCENE_PAID", "ADD_SCENE_OTHERS")


def export(story: Story) -> Batches:
    """All exports of WeChat."""
    yield _followers(story)
    yield _events(story)
    yield _messages(story)
    yield _moments_ads(story)
    yield _mini_events(story)
    yield _relations(story)
    yield _tasks(story)


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


def _events(story: Story) -> Batch:
    people, start_at = story.people, story.world.parameters.start_at
    follows = np.flatnonzero((people.follow_at < NEVER) & (people.follow_at >= start_at))
    left_at = story.reach.no_at[:, CHANNELS.index("wechat")]
    leaves = np.flatnonzero(left_at < NEVER)
    menu = np.flatnonzero(
        (story.visits.place == MINI)
        & (story.visits.cause != AD)
        & (people.follow_at[story.visits.who] < story.visits.at)
    )
    menu = menu[left_at[story.visits.who[menu]] > story.visits.at[menu]]
    sent = _sent(story, "wechat")
    parts = (
        ("subscribe", follows, people.follow_at[follows]),
        ("unsubscribe", leaves, left_at[leaves]),
        ("view_miniprogram", story.visits.who[menu], story.visits.at[menu] - 4),
        ("TEMPLATESENDJOBFINISH", sent.who, sent.at + 3),
    )
    name = np.repeat(np.arange(len(parts)), [who.size for _, who, _ in parts])
    who, at = (np.concatenate([part[n] for part in parts]) for n in (1, 2))
    is_receipt = name == len(parts) - 1
    message = np.concatenate([np.zeros(name.size - len(sent), np.int64), _message_numbers(story, sent)])
    delivered = np.concatenate([np.ones(name.size - len(sent), np.bool_), sent.is_delivered])
    store = [f"qrscene_follow_{item.store_id}" for item in STORES]
    columns = {
        "ToUserName": repeated("gh_qinglan", who.size),
        "FromUserName": story.ids.openid(who),
        "CreateTime": pa.array(at),
        "MsgType": repeated("event", who.size),
        "Event": picked([item for item, _, _ in parts], name),
        "EventKey": either(
            only(picked(store, story.world.places.city_store[people.city[who]]), name == 0),
            only(repeated("pages/index/index", who.size), name == 2),
        ),
        "MsgID": only(text(message), is_receipt),
        "Status": only(picked(["failed:user block", "success"], delivered.astype(np.int64)), is_receipt),
        "unionid": only(story.ids.unionid(who), has_unionid(story, who)),
    }
    return Batch(EVENT, columns, at)


def _sent(story: Story, channel: str) -> Messages:
    messages = story.reach.messages
    return messages.rows(messages.channel == CHANNELS.index(channel))


def _message_numbers(story: Story, sent: Messages) -> Ints:
    """A number for each message: nobody gets two of one campaign in one second."""
    return 2_000_000_000 + story.people.person[sent.who] * 512 + sent.campaign


def _messages(story: Story) -> Batch:
    people, sent = story.people, _sent(story, "wechat")
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


def _mini_events(story: Story) -> Batch:
    events = story.events.rows(story.visits.place[story.events.visit] == MINI)
    visit = story.visits.rows(events.visit)
    who, people = visit.who, story.people
    person = people.person[who]
    keys = Rows(story.world.parameters.seed, "mini", spread(person, events.visit % 4096, 4096) * 64 + events.place)
    knows = visit.logs_in & (events.place >= 1)
    is_order = events.name == BOUGHT
    amount = story.goods_of(visit.order)
    store = story.world.places.city_store[people.city[who]]
    by_message = visit.cause == CAMPAIGN
    campaign = story.reach.messages.campaign[np.where(by_message, visit.ref, 0)]
    columns = {
        "event_id": keys.id(16, "mp"),
        "event_name": picked(EVENTS, events.name),
        "event_time": pa.array(events.at * 1000 + keys.whole("ms", 1000)),
        "open_id": story.ids.mini_openid(who),
        "union_id": only(story.ids.unionid(who), has_unionid(story, who)),
        "member_no": only(story.ids.member_id(who), knows),
        "phone": only(story.ids.phone(who, events.at), (events.name == LOGIN) & knows),
        "visit_id": joined("s", text(person), "-", text(visit.at)),
        "scene": picked(["1001", "1007", "1011", "1043", "1089"], keys.whole("scene", 5)),
        "path": picked([f"pages/{name}/index" for name in EVENTS], events.name),
        "campaign_source": only(picked(["wechat", "sms", "wecom", "email"], visit.ref % 4), by_message),
        "campaign_id": only(picked(story.world.campaigns.ids, campaign), by_message),
        "keyword": only(picked(SEARCHES, keys.whole("words", len(SEARCHES))), events.name == SEARCHED),
        "sku": only(picked(story.world.catalogue.ids, events.product), (events.name >= 2) & (events.name <= 7)),
        "store_code": only(picked(story.world.places.store_ids, store), events.name == BOOKING),
        "order_no": only(story.order_ids(visit.order), is_order),
        "amount": only(decimals(amount), is_order),
        "stay_seconds": pa.array(events.dwell),
    }
    return Batch(MINI_EVENT, columns, events.at)


def _relations(story: Story) -> Batch:
    people, seed = story.people, story.world.parameters.seed
    all_who = np.flatnonzero(people.wecom_at < NEVER)
    removed = np.where(
        Rows(seed, "wecom", people.person[all_who]).some("removed", 0.08),
        people.wecom_at[all_who] + 40 * 86_400,
        NEVER,
    )
    row, at = versions(np.maximum(people.wecom_at[all_who], story.world.parameters.start_at), removed)
    who, removed_at = all_who[row], removed[row]
    store = story.world.places.city_store[people.city[who]]
    staff = store * 4 + 1 + people.person[who] % 2
    keys = Rows(seed, "wecom", people.person[who])
    columns = {
        "external_contact.external_userid": story.ids.external_userid(who),
        "external_contact.unionid": only(story.ids.unionid(who), keys.some("unionid", 0.85)),
        "follow_user.createtime": pa.array(people.wecom_at[who]),
        "follow_user.userid": picked(story.world.places.staff_ids, staff),
        "follow_user.add_way": picked(["1", "2", "4", "202"], keys.whole("way", 4)),
        "follow_user.state": picked([f"staff_S{n + 1:03d}" for n in range(len(STORES) * 4)], staff),
        "follow_user.remark": picked(["敏感肌，喜欢无香", "常买精华", "送妈妈", "关注新品"], keys.whole("remark", 4)),
        "store_id": picked(story.world.places.store_ids, store),
        "removed_at": epoch_seen(removed_at, at),
        "removed_by": only(picked(["customer", "staff"], keys.whole("by", 2)), removed_at <= at),
    }
    return Batch(RELATION, columns, at, people.person[who])


def _tasks(story: Story) -> Batch:
    people, sent = story.people, _sent(story, "wecom")
    keys = Rows(story.world.parameters.seed, "tasks", spread(people.person[sent.who], sent.campaign))
    done_at = np.where(keys.some("done", 0.85), sent.at + 600 + keys.whole("waits", 20_000), NEVER)
    row, at = versions(sent.at, done_at)
    part, done_at = sent.rows(row), done_at[row]
    campaigns = story.world.campaigns.all
    store = story.world.places.city_store[people.city[part.who]]
    person = people.person[part.who]
    columns = {
        "msgid": joined("task", text(part.campaign)),
        "external_userid": story.ids.external_userid(part.who),
        "unionid": story.ids.unionid(part.who),
        "userid": picked(story.world.places.staff_ids, store * 4 + 1 + person % 2),
        "task_type": repeated("mass_send", part.who.size),
        "campaign_id": picked([item.campaign_id for item in campaigns], part.campaign),
        "content_key": picked([item.content_key for item in campaigns], part.campaign),
        "create_time": moments(part.at),
        "send_time": seen(done_at, at),
        "status": picked(["open", "done"], passed(at, done_at)),
    }
    return Batch(TASK, columns, at, spread(person, part.campaign))
