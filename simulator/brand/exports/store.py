"""Stores: visits, appointments, services, talks and trials, scans, Wi-Fi and geofence.

Somebody is recognised by what the store knows of them: a member, a follower's openid, or nobody.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.columns import moments, only, picked, repeated, text
from simulator.brand.draws import Bools, Ints
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, passed, spread, versions
from simulator.brand.frames import NEVER
from simulator.brand.identifiers import CORP, MINI_APP, OFFICIAL_APP
from simulator.brand.instore import FACIAL, KEPT, MAKE_OVER, SERVICES
from simulator.brand.places import STORES
from simulator.brand.shopping import in_opening_hours
from simulator.brand.story import Story

VISIT = Export("store_visits", "store.visit", required="store", moment="entered_at", phone="phone")
APPOINTMENT = Export(
    "store_appointments", "store.appointment", "jsonl", required="store", listed="status", is_state=True
)
SERVICE = Export(
    "store_services", "store.service", required="store", typed="minutes", moment="served_at", is_daily=False
)
INTERACTION = Export("store_interactions", "store.interaction", required="staff", listed="kind", quoted=("note",))
SCAN = Export("qr_scans", "store.qr_scan", required="openid", moment="scanned_at", is_daily=False)
PRESENCE = Export(
    "store_presences", "store.presence", required="store", listed="sensor", moment="entered_at", is_daily=False
)

LOCATED_SHARE = 0.18
"""Members who agreed to be located."""

NOTES = (
    "试用后吸收满意，未购买",
    "咨询敏感肌搭配，已推荐山茶系列",
    "对价格犹豫，约下次",
    "送礼需求，推荐礼盒",
    "复购精油，顺带介绍套装",
)


def export(story: Story) -> Batches:
    """All exports of the stores."""
    yield _visits(story)
    yield _appointments(story)
    yield _services(story)
    yield _interactions(story)
    yield _scans(story)
    yield _presences(story)


def _known(story: Story, who: Ints, at: Ints, keys: Rows) -> tuple[Bools, Bools]:
    """Who is recognised as a member, and who as a follower."""
    is_member = (story.people.signup_at[who] <= at) & keys.some("member", 0.7)
    return is_member, ~is_member & (story.people.follow_at[who] <= at) & keys.some("follower", 0.6)


def _named(story: Story, who: Ints, is_member: Bools, is_follower: Bools) -> dict[str, pa.Array]:
    return {
        "member_no": only(story.ids.member_id(who), is_member),
        "appid": only(repeated(OFFICIAL_APP, who.size), is_follower),
        "openid": only(story.ids.openid(who), is_follower),
    }


def _visits(story: Story) -> Batch:
    calls = story.calls
    keys = Rows(
        story.world.parameters.seed, "visit", spread(story.people.person[calls.who], np.arange(len(calls)) % 65_536)
    )
    is_member, is_follower = _known(story, calls.who, calls.at, keys)
    known = np.flatnonzero(is_member | is_follower)
    part, is_member, is_follower = calls.rows(known), is_member[known], is_follower[known]
    by = np.where(part.appointment >= 0, 3, np.where(is_follower, 0, 1 + keys.whole("by", 2)[known]))
    columns = {
        "visit_no": keys.id(14, "v").take(pa.array(known)),
        "store": picked(story.world.places.store_ids, part.store),
        "entered_at": moments(part.at),
        "left_at": moments(part.at + part.minutes * 60),
        "appointment_no": only(story.appointment_ids(part.appointment), part.appointment >= 0),
        "staff": picked(story.world.places.staff_ids, part.store * 4 + 1 + part.minutes % 2),
        "recognised_by": picked(["member_qr", "phone", "wecom", "appointment"], by),
        **_named(story, part.who, is_member, is_follower),
        "phone": only(story.ids.phone(part.who, part.at), (by == 1) & is_member),
    }
    return Batch(VISIT, columns, part.at + part.minutes * 60)


def _appointments(story: Story) -> Batch:
    booked = story.appointments
    row, at = versions(booked.booked_at, booked.ends_at)
    part = booked.rows(row)
    who = part.who
    is_member = story.people.signup_at[who] <= part.booked_at
    columns = {
        "appointment_no": story.appointment_ids(row),
        "store": picked(story.world.places.store_ids, part.store),
        "service": picked(SERVICES, part.service),
        "booked_at": moments(part.booked_at),
        "scheduled_at": moments(part.scheduled_at),
        "status": picked(["booked", "kept", "cancelled", "missed"], passed(at, part.ends_at) * (part.end + 1)),
        "through": repeated("miniprogram", row.size),
        "appid": repeated(MINI_APP, row.size),
        "openid": story.ids.mini_openid(who),
        "member_no": only(story.ids.member_id(who), is_member),
        "phone": only(story.ids.phone(who, at), is_member),
    }
    return Batch(APPOINTMENT, columns, at, story.people.person[who] * 4096 + row % 4096)


def _services(story: Story) -> Batch:
    booked = story.appointments
    given = np.flatnonzero((booked.end == KEPT) & ((booked.service == FACIAL) | (booked.service == MAKE_OVER)))
    part = booked.rows(given)
    keys = Rows(story.world.parameters.seed, "service", spread(story.people.person[part.who], given % 65_536))
    is_member, is_follower = _known(story, part.who, part.scheduled_at, keys)
    by_voucher = keys.some("voucher", 0.5)
    at = part.scheduled_at + 3600
    columns = {
        "service_no": keys.id(14, "sv"),
        "service": picked(SERVICES, part.service),
        "store": picked(story.world.places.store_ids, part.store),
        "served_at": moments(at),
        "minutes": text(30 + keys.whole("minutes", 40)),
        "therapist": picked(story.world.places.staff_ids, part.store * 4 + 3),
        "voucher": only(repeated("V-spa", given.size), by_voucher),
        "appointment_no": story.appointment_ids(given),
        "is_paid": picked(["true", "false"], by_voucher.astype(np.int64)),
        **_named(story, part.who, is_member, is_follower),
    }
    return Batch(SERVICE, columns, at)


def _interactions(story: Story) -> Batch:
    calls = story.calls
    rows = np.flatnonzero(calls.talks)
    part = calls.rows(rows)
    keys = Rows(story.world.parameters.seed, "talk", spread(story.people.person[part.who], rows % 65_536))
    is_member, is_follower = _known(story, part.who, part.at, keys)
    by_wecom = ~is_member & (story.people.wecom_at[part.who] <= part.at)
    kind = np.where(part.tries, 1, np.where(keys.some("sample", 0.15), 2, 0))
    outcome = np.where(part.order >= 0, 0, 1 + keys.some("undecided", 0.4))
    at = part.at + 600
    columns = {
        "talk_no": keys.id(14, "ta"),
        "kind": picked(["consultation", "trial", "sample_given"], kind),
        "store": picked(story.world.places.store_ids, part.store),
        "staff": picked(story.world.places.staff_ids, part.store * 4 + 1 + part.minutes % 2),
        "happened_at": moments(at),
        "sku": picked(story.world.catalogue.ids, keys.whole("product", 50)),
        "outcome": picked(["bought", "not_bought", "undecided"], outcome),
        "pleased": text(part.pleased),
        "note": picked(NOTES, keys.whole("note", len(NOTES))),
        **_named(story, part.who, is_member, is_follower),
        "corp": only(repeated(CORP, rows.size), by_wecom),
        "external_userid": only(story.ids.external_userid(part.who), by_wecom),
    }
    return Batch(INTERACTION, columns, at)


def _scans(story: Story) -> Batch:
    """Codes scanned in a store: to follow, and to bind when joining there."""
    people, start_at = story.people, story.world.parameters.start_at
    keys = Rows(story.world.parameters.seed, "followers", people.person)
    follows = np.flatnonzero(
        (people.follow_at < NEVER) & (people.follow_at >= start_at) & (keys.whole("scene", 5) == 0)
    )
    joins = np.flatnonzero((people.signup_at < NEVER) & (people.signup_where == 0) & (people.signup_at >= start_at))
    joins = joins[people.follow_at[joins] <= people.signup_at[joins]]
    who = np.concatenate([follows, joins])
    kind = np.repeat(np.arange(2), [follows.size, joins.size])
    at = np.concatenate([people.follow_at[follows] - 3, in_opening_hours(people.signup_at[joins])])
    store = story.world.places.city_store[people.city[who]]
    scenes = [f"{what}_{item.store_id}" for what in ("follow", "bind") for item in STORES]
    columns = {
        "scan_no": Rows(story.world.parameters.seed, "scan", people.person[who] * 2 + kind).id(14, "q"),
        "scene": picked(scenes, store + kind * len(STORES)),
        "scanned_at": moments(at),
        "store": picked(story.world.places.store_ids, store),
        "openid": story.ids.openid(who),
        "member_no": only(story.ids.member_id(who), kind == 1),
        "phone": only(story.ids.phone(who, at), kind == 1),
    }
    return Batch(SCAN, columns, at)


def located(story: Story) -> Bools:
    """Which people agreed to be located."""
    agrees = Rows(story.world.parameters.seed, "located", story.people.person).some("agrees", LOCATED_SHARE)
    return agrees & (story.people.signup_at < NEVER)


def _presences(story: Story) -> Batch:
    calls = story.calls
    rows = np.flatnonzero(located(story)[calls.who] & (story.people.signup_at[calls.who] <= calls.at))
    part = calls.rows(rows)
    keys = Rows(story.world.parameters.seed, "presence", spread(story.people.person[part.who], rows % 65_536))
    sensor = np.where(story.people.app_at[part.who] <= part.at, 1, 0)
    left = part.at + part.minutes * 60
    columns = {
        "entry_no": keys.id(14, "p"),
        "store": picked(story.world.places.store_ids, part.store),
        "sensor": picked(["wifi", "geofence"], sensor),
        "entered_at": moments(part.at - 30),
        "left_at": moments(left),
        "consent": repeated("true", rows.size),
        "mac": only(story.ids.wifi(part.who), sensor == 0),
        "device": only(story.ids.device(part.who), sensor == 1),
        "member_no": only(story.ids.member_id(part.who), (sensor == 1) | keys.some("portal", 0.5)),
    }
    return Batch(PRESENCE, columns, left)
