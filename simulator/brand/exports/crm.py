"""The member system: members, consents, ids of the older masters, points, rewards, tiers.

Every row says that it is made up where the contract has a field for it.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from simulator.brand.answer_rows import order_ids
from simulator.brand.columns import dates, either, joined, moments, numbers, only, picked, repeated, text, yuan
from simulator.brand.draws import Floats, Ints
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, spread
from simulator.brand.exports.store import located
from simulator.brand.exports.wechat import has_unionid
from simulator.brand.frames import NEVER, place_in_group
from simulator.brand.loyalty import EARN, ENTRY_TYPES, REDEEM, REWARDS, TIERS, YEAR_SECONDS
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.people import CHANNELS, EDUCATIONS, INCOMES, LEGACY_LINES, SIGNUPS, SKINS
from simulator.brand.places import CITIES
from simulator.brand.story import Story

MEMBER = Export(
    "members", "crm.member", required="member_no", typed="birthday", phone="phone", is_state=True, quoted=("address",)
)
CONSENT = Export("consents", "crm.consent", required="purpose", typed="granted", listed="channel", moment="changed_at")
MDM = {line: Export(f"mdm_{line}", "crm.mdm_id", required="customer_no", is_daily=False) for line in LEGACY_LINES}
POINTS = Export("points", "loyalty.points", "parquet", required="member_no", listed="type")
REWARD = Export("rewards", "loyalty.reward", required="member_no", typed="points", listed="status", is_daily=False)
TIER = Export("tiers", "loyalty.tier", required="member_no", typed="spend", is_daily=False)

BORN_BEFORE = 2025
CONSENTED = ("sms", "email", "wechat", "push")
BIRTH_DAYS = [(date(2001, 1, 1) + timedelta(days=n)).strftime("-%m-%d") for n in range(365)]
AGES = ("18-24", "25-34", "35-44", "45-54", "55+")


def export(story: Story) -> Batches:
    """All exports of the member system."""
    yield _members(story)
    yield _consents(story)
    for place, line in enumerate(LEGACY_LINES):
        yield _mdm(story, line, np.flatnonzero(story.people.legacy == place))
    yield _points(story)
    yield _rewards(story)
    yield _tiers(story)


def _members(story: Story) -> Batch:
    """Told at joining, and again when the number changes."""
    people, start_at = story.people, story.world.parameters.start_at
    all_who = np.flatnonzero(people.signup_at < NEVER)
    changed = all_who[
        (story.ids.changes_at[all_who] < NEVER) & (story.ids.changes_at[all_who] > people.signup_at[all_who])
    ]
    who = np.concatenate([all_who, changed])
    at = np.concatenate([np.maximum(people.signup_at[all_who], start_at), story.ids.changes_at[changed]])
    person = people.person[who]
    store = story.world.places.city_store[people.city[who]]
    at_store = people.signup_where[who] == 0
    recommends = np.maximum(who - 2, 0)
    is_won = (people.entry[who] == 5) & (people.signup_at[recommends] < NEVER)
    says = Rows(story.world.parameters.seed, "member", person).chance("says")
    columns = {
        "member_no": story.ids.member_id(who),
        "email": only(story.ids.email(who), people.has_email[who]),
        "phone": story.ids.phone(who, at),
        "name": only(story.ids.full_name(who), says < 0.8),
        "joined_at": moments(people.signup_at[who]),
        **_told_traits(story, who, says),
        "city": picked([name for name, *_ in CITIES], people.city[who]),
        "province": picked([province for _, province, _, _ in CITIES], people.city[who]),
        "address": only(joined("青岚路", text(1 + person % 400), "号, ", text(1 + person % 30), "室"), says < 0.35),
        "unionid": only(story.ids.unionid(who), has_unionid(story, who) & (people.follow_at[who] <= at)),
        "card_no": only(story.ids.card(who), at_store),
        "joined_through": picked(SIGNUPS, people.signup_where[who]),
        "store": only(picked(story.world.places.store_ids, store), at_store),
        "staff": only(picked(story.world.places.staff_ids, store * 4 + 1 + person % 2), at_store),
        "referrer_no": only(story.ids.member_id(recommends), is_won),
        "status": repeated("active", who.size),
        "is_synthetic": repeated("true", who.size),
    }
    return Batch(MEMBER, columns, at, person)


def _told_traits(story: Story, who: Ints, says: Floats) -> dict[str, pa.Array]:
    """What members tell of themselves: some everything, some nothing, some their birthday without the year."""
    people, keys = story.people, Rows(story.world.parameters.seed, "member", story.people.person[who])
    year = np.where(keys.some("year", 0.8), BORN_BEFORE - people.age[who], 1900)
    born = joined(text(year), picked(BIRTH_DAYS, people.birth_month_day[who]))
    return {
        "age_band": only(picked(AGES, np.clip((people.age[who] - 15) // 10, 0, 4)), says < 0.6),
        "income_band": only(picked(INCOMES, people.income[who]), says < 0.3),
        "gender": only(picked(["female", "male"], people.is_male[who].astype(np.int64)), says < 0.9),
        "birthday": only(born, says < 0.75),
        "lunar": picked(["false", "true"], people.is_lunar[who].astype(np.int64)),
        "education": only(picked(EDUCATIONS, people.education[who]), says < 0.4),
        "skin_type": only(picked(SKINS, people.skin[who]), says < 0.55),
    }


def _consents(story: Story) -> Batch:
    """Given when joining, withdrawn by whatever says no; location and sharing with platforms are agreed to apart."""
    people, reach = story.people, story.reach
    members = people.signup_at < NEVER
    granted = np.stack(
        [
            reach.has_consent[:, CHANNELS.index(channel)] & members & (people.has_email if channel == "email" else True)
            for channel in CONSENTED
        ]
        + [located(story), members & (people.person % 3 == 0)],
        axis=1,
    )
    who, what = np.nonzero(granted)
    given_at = people.signup_at[who] + what * 2
    no_at = np.full(granted.shape, NEVER, np.int64)
    no_at[:, : len(CONSENTED)] = reach.no_at[:, [CHANNELS.index(channel) for channel in CONSENTED]]
    back = np.flatnonzero((no_at[who, what] < NEVER) & (no_at[who, what] > given_at))
    all_who, all_what = np.concatenate([who, who[back]]), np.concatenate([what, what[back]])
    at = np.concatenate([given_at, no_at[who[back], what[back]] + 2])
    is_given = np.arange(all_who.size) < who.size
    arrives = np.maximum(at, story.world.parameters.start_at)
    columns = {
        "member_no": story.ids.member_id(all_who),
        "email": only(story.ids.email(all_who), all_what == 1),
        "phone": only(story.ids.phone(all_who, at), all_what == 0),
        "channel": picked([*CONSENTED, "all", "all"], all_what),
        "purpose": picked(["marketing"] * len(CONSENTED) + ["location", "platform_sharing"], all_what),
        "granted": picked(["false", "true"], is_given.astype(np.int64)),
        "changed_at": moments(at),
        "said_where": either(
            only(joined("入会表单-", picked(SIGNUPS, people.signup_where[all_who])), is_given),
            repeated("退订", all_who.size),
        ),
        "is_synthetic": repeated("true", all_who.size),
    }
    return Batch(CONSENT, columns, arrives)


def _mdm(story: Story, line: str, who: Ints) -> Batch:
    at = np.full(who.size, story.world.parameters.start_at + 9 * 3600)
    by_key = Rows(story.world.parameters.seed, "mdm", story.people.person[who]).some("key", 0.7)
    columns = {
        "customer_no": story.ids.mdm(who),
        "member_no": only(story.ids.member_id(who), by_key),
        "phone": story.ids.phone(who, at),
        "email": only(story.ids.email(who), story.people.has_email[who] & ~by_key),
        "matched_at": moments(at),
        "method": picked(["migration", "key"], by_key.astype(np.int64)),
    }
    return Batch(MDM[line], columns, at)


def _points(story: Story) -> Batch:
    entries = story.ledger.entries
    person = story.people.person[entries.who]
    number = spread(person, place_in_group(entries.who), 1024)
    is_earned = entries.kind == EARN
    columns = {
        "entry_no": numbers(number, 14, "LP"),
        "member_no": story.ids.member_id(entries.who),
        "type": picked(ENTRY_TYPES, entries.kind),
        "points": pa.array(entries.points),
        "posted_at": moments(entries.at),
        "order_no": _order_ids(story, entries.order),
        "reward": picked([name for name, *_ in REWARDS], entries.reward),
        "reason": picked(["消费积分", "退货冲回", "兑换礼遇", "年度清零", "客服补录"], entries.kind),
        "expires_on": only(_end_of_next_year(entries.at), is_earned),
    }
    return Batch(POINTS, columns, entries.at)


def _order_ids(story: Story, order: Ints) -> pa.Array:
    """The order behind an entry: one of the story, or after those one that answered a message."""
    is_own = (order >= 0) & (order < len(story.bought))
    own = only(story.order_ids(np.where(is_own, order, 0)), is_own)
    return either(own, order_ids(story).take(pa.array(order - len(story.bought), mask=order < len(story.bought))))


def _end_of_next_year(at: Ints) -> pa.Array:
    year = ((at + 8 * 3600) // DAY_SECONDS).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1971
    return joined(text(year), "-12-31")


def _rewards(story: Story) -> Batch:
    entries = story.ledger.entries
    number = spread(story.people.person[entries.who], place_in_group(entries.who), 1024)
    rows = np.flatnonzero(entries.kind == REDEEM)
    part = entries.rows(rows)
    store = story.world.places.city_store[story.people.city[part.who]]
    columns = {
        "redemption_no": numbers(number[rows], 14, "RD"),
        "member_no": story.ids.member_id(part.who),
        "reward": picked([name for name, *_ in REWARDS], part.reward),
        "type": picked([kind for _, kind, *_ in REWARDS], part.reward),
        "points": text(-part.points),
        "sku": picked([product or None for *_, product in REWARDS], part.reward),
        "store": picked(story.world.places.store_ids, store),
        "redeemed_at": moments(part.at),
        "status": repeated("taken", rows.size),
    }
    return Batch(REWARD, columns, part.at)


def _tiers(story: Story) -> Batch:
    changes = story.ledger.tiers
    columns = {
        "member_no": story.ids.member_id(changes.who),
        "tier": picked(TIERS, changes.tier),
        "before": picked(TIERS, changes.before),
        "changed_at": moments(changes.at),
        "valid_until": dates(changes.at + YEAR_SECONDS),
        "spend": yuan(changes.spend_cents),
        "reason": picked(["spend", "expiry"], (changes.tier < changes.before).astype(np.int64)),
    }
    return Batch(TIER, columns, changes.at)
