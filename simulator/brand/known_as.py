"""Every identifier and whose it truly is.

Here: the table of the truth that a measure of identity compares with. Values are in the normal form of their namespace:
phones in E.164, what is only valid in an app, shop, company or platform as `scope:value`. Not here: how they are made
(identifiers.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from simulator.brand.columns import joined, only, repeated, stamps
from simulator.brand.draws import Bools, Ints
from simulator.brand.frames import NEVER
from simulator.brand.identifiers import COOKIE_DAYS, CORP, DEFAULT_PHONE, MINI_APP, OFFICIAL_APP, SHOP
from simulator.brand.media import SOCIAL
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.partners import known
from simulator.brand.people import LEGACY_LINES
from simulator.brand.places import STORES
from simulator.brand.shopping import MINI, TMALL
from simulator.brand.story import Story

Part = tuple[str, str, Ints, pa.Array, Ints, Ints]
"""Namespace, how the person stands to it, persons, values, from when, until when."""


def identifiers(story: Story) -> dict[str, pa.Array]:
    """The identifiers of a chunk of people, whether or not an export ever shows them."""
    parts = [*_own(story), *_phones(story), *_devices(story)]
    count = [part[2].size for part in parts]
    since = np.concatenate([part[4] for part in parts])
    until = np.concatenate([part[5] for part in parts])
    return {
        "namespace": pa.concat_arrays([repeated(part[0], n) for part, n in zip(parts, count, strict=True)]),
        "value": pa.concat_arrays([part[3] for part in parts]),
        "person": pa.array(np.concatenate([part[2] for part in parts])),
        "relation": pa.concat_arrays([repeated(part[1], n) for part, n in zip(parts, count, strict=True)]),
        "valid_from": only(stamps(np.minimum(since, 1 << 40)), since > 0),
        "valid_to": only(stamps(np.minimum(until, 1 << 40)), until < NEVER),
    }


def shared() -> dict[str, pa.Array]:
    """What is nobody's: the default number, the stores' tablets. Their person is -1."""
    rows = [("phone", f"+86{DEFAULT_PHONE}", "default")]
    for store in STORES:
        rows.append(("device_id", f"tab-{store.store_id}-1", "store_device"))
        rows.append(("app_instance_id", f"QLTABLET{store.store_id}000000000001", "store_device"))
    never = pa.nulls(len(rows), pa.timestamp("ms", "UTC"))
    return {
        "namespace": pa.array([row[0] for row in rows], pa.large_string()),
        "value": pa.array([row[1] for row in rows], pa.large_string()),
        "person": pa.array([-1] * len(rows), pa.int64()),
        "relation": pa.array([row[2] for row in rows], pa.large_string()),
        "valid_from": never,
        "valid_to": never,
    }


def _part(story: Story, namespace: str, who: Ints, values: pa.Array, relation: str = "own") -> Part:
    always, never = np.zeros(who.size, np.int64), np.full(who.size, NEVER, np.int64)
    return namespace, relation, story.people.person[who], values, always, never


def _own(story: Story) -> Iterator[Part]:
    """Names that are one person's and stay so."""
    people, ids = story.people, story.ids
    everybody = np.arange(len(people))
    member = everybody[people.signup_at < NEVER]
    yield _part(story, "member_id", member, ids.member_id(member))
    follower = everybody[people.follow_at < NEVER]
    yield _part(story, "wechat_openid", follower, joined(f"{OFFICIAL_APP}:", ids.openid(follower)))
    in_mini = (story.visits.who[story.visits.place == MINI], story.bought.who[story.bought.shop == MINI])
    mini = _those(story, np.concatenate(in_mini))
    yield _part(story, "wechat_openid", mini, joined(f"{MINI_APP}:", ids.mini_openid(mini)))
    yield _part(story, "wechat_unionid", everybody, ids.unionid(everybody))
    mailed = everybody[people.has_email]
    yield _part(story, "email", mailed, ids.email(mailed))
    at_tmall = _those(story, story.bought.who[story.bought.shop == TMALL], story.membership.bound_at < NEVER)
    yield _part(story, "tmall_ouid", at_tmall, joined(f"{SHOP}:", ids.ouid(at_tmall)))
    bound = everybody[story.membership.bound_at < NEVER]
    yield _part(story, "tmall_omid", bound, ids.omid(bound))
    in_wecom = everybody[people.wecom_at < NEVER]
    yield _part(story, "wecom_external_userid", in_wecom, joined(f"{CORP}:", ids.external_userid(in_wecom)))
    carded = everybody[(people.signup_at < NEVER)]
    yield _part(story, "pos_card_id", carded, ids.card(carded))
    for place, line in enumerate(LEGACY_LINES):
        legacy = everybody[people.legacy == place]
        yield _part(story, "mdm_id", legacy, joined(f"{line}:", ids.mdm(legacy)))
    partners = known(story)
    yield _part(story, "partner_person_id", partners.who, joined(partners.partner, ":", partners.name))
    for platform in SOCIAL:
        yield _part(story, "platform_user_id", everybody, joined(f"{platform}:", ids.social(everybody, "platform")))


def _those(story: Story, who: Ints, also: Bools | None = None) -> Ints:
    is_one = np.zeros(len(story.people), np.bool_) if also is None else also.copy()
    is_one[who] = True
    return np.flatnonzero(is_one)


def _phones(story: Story) -> Iterator[Part]:
    """Numbers: one's own until it changes, then the new one; a family's; one that was somebody else's before."""
    ids, end = story.ids, story.world.parameters.end_at
    everybody = np.arange(len(story.people))
    first = np.minimum(ids.changes_at, end) - 1
    relation = np.where(ids.shares_phone, 1, np.where(ids.has_recycled, 2, 0))
    for code, name in enumerate(("own", "family", "recycled")):
        who = everybody[relation == code]
        values = joined("+86", ids.phone(who, first[who]))
        since = np.where(code == 2, story.people.signup_at[who], 0)
        yield "phone", name, story.people.person[who], values, since, ids.changes_at[who]
    changed = everybody[ids.changes_at < NEVER]
    values = joined("+86", ids.phone(changed, ids.changes_at[changed]))
    never = np.full(changed.size, NEVER, np.int64)
    yield "phone", "own", story.people.person[changed], values, ids.changes_at[changed], never


def _devices(story: Story) -> Iterator[Part]:
    """Browsers by their cookies, devices and what runs on them; a family's tablet is more than one person's."""
    people, ids, parameters = story.people, story.ids, story.world.parameters
    everybody = np.arange(len(people))
    before = ids.cookie_period(everybody, np.full(everybody.size, parameters.start_at)) - 1
    step = COOKIE_DAYS * DAY_SECONDS
    for at in range(parameters.start_at, parameters.end_at + step, step):
        moments = np.full(everybody.size, min(at, parameters.end_at - 1))
        period = ids.cookie_period(everybody, moments)
        who = everybody[period > before]
        yield _part(story, "cookie_id", who, ids.cookie(who, moments[who]))
        before = period
    users = everybody[people.app_at < NEVER]
    own = ids.device_owner[users] == users
    for name, who in (("own", users[own]), ("family", users[~own])):
        yield _part(story, "device_id", who, ids.device(who), name)
        yield _part(story, "app_instance_id", who, ids.installation(who), name)
    yield _part(story, "wifi_mac", everybody, ids.wifi(everybody))
