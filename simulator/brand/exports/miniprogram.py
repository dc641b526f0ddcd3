"""WeChat's mini-program, and WeCom: customers of the sales assistants.

Columns as in the mini-program's analytics and WeCom's contact API.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.columns import decimals, joined, moments, only, picked, repeated, text
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, epoch_seen, passed, seen, spread, versions
from simulator.brand.exports.wechat import has_unionid, sent_on
from simulator.brand.frames import NEVER
from simulator.brand.places import STORES
from simulator.brand.sessions import BOOKING, BOUGHT, EVENTS, LOGIN, SEARCHED
from simulator.brand.shopping import MINI
from simulator.brand.stimuli import CAMPAIGN
from simulator.brand.story import Story
from simulator.brand.wording import SEARCHES

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


def export(story: Story) -> Batches:
    """All exports of the mini-program and of WeCom."""
    yield _mini_events(story)
    yield _relations(story)
    yield _tasks(story)


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
    people, sent = story.people, sent_on(story, "wecom")
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
