"""The truth beside the exports: who is who, where they stand, why they bought, what campaigns and ads really did.

Here: tables in `<home>/truth`, one Parquet file each, which the product never reads. Not here: dirt (files.py keeps its
record), what the tables are good for (docs/qinglan.md).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from simulator.brand.answers import Answers
from simulator.brand.columns import either, only, picked, stamps
from simulator.brand.draws import Bools, Ints
from simulator.brand.files import PART
from simulator.brand.frames import NEVER
from simulator.brand.known_as import identifiers
from simulator.brand.people import ENTRIES, KINDS, SHOPS
from simulator.brand.stages import STAGES, stages
from simulator.brand.stimuli import AD, CAMPAIGN, CAUSES, POST
from simulator.brand.story import Story

Tables = dict[str, dict[str, pa.Array]]


def tables(story: Story) -> Tables:
    """The truth about a chunk of people, one table a name."""
    return {
        "person": _person(story),
        "identifier": identifiers(story),
        "stage": _stage(story),
        "order": _order(story),
        "campaign_reach": _campaign_reach(story),
        "cause": _cause(story),
    }


def moment(at: Ints) -> pa.Array:
    """Moments in UTC, empty where they do not come."""
    return only(stamps(np.minimum(at, 1 << 40)), at < NEVER)


def days(day: Ints) -> pa.Array:
    """Days since 1970 as dates, empty for NEVER."""
    return only(pa.array(np.minimum(day, 1 << 20), pa.int32()).cast(pa.date32()), day < NEVER)


def _person(story: Story) -> dict[str, pa.Array]:
    people = story.people
    gone_at = np.full(len(people), NEVER)
    np.minimum.at(gone_at, story.lives.gone_who, story.lives.gone_at)
    return {
        "person": pa.array(people.person),
        "kind": picked(KINDS, people.kind),
        "entry": picked(ENTRIES, people.entry),
        "entry_at": moment(people.entry_at),
        "member_id": only(story.ids.member_id(np.arange(len(people))), people.signup_at < NEVER),
        "used_before": pa.array(story.lives.used_before),
        "cycle_days": pa.array(people.cycle_days),
        "price_sensitivity": pa.array(people.price_sensitivity),
        "fatigue": pa.array(people.fatigue),
        "engagement": pa.array(people.engagement),
        "propensity": pa.array(people.propensity),
        "favourite_shop": picked(SHOPS, people.shops.argmax(1)),
        "first_gone_at": moment(gone_at),
    }


def _stage(story: Story) -> dict[str, pa.Array]:
    found = stages(story)
    return {
        "person": pa.array(story.people.person[found.who]),
        "stage": picked(STAGES, found.stage),
        "valid_from": days(found.first_day),
        "valid_to": days(found.last_day),
    }


def _order(story: Story) -> dict[str, pa.Array]:
    bought, world = story.bought, story.world
    everything = np.arange(len(bought))
    outcome = bought.outcome
    refunded = np.zeros(len(bought), np.int64)
    np.add.at(refunded, story.aftermath.refunds.order, story.aftermath.refunds.cents)
    return {
        "order_id": story.order_ids(everything),
        "person": pa.array(story.people.person[bought.who]),
        "ordered_at": moment(bought.at),
        "shop": picked(SHOPS, bought.shop),
        "is_member_known": pa.array(story.membership.is_known),
        "cause": picked(CAUSES, bought.cause),
        "cause_id": _cause_id(story, bought.cause, bought.ref),
        "incremental_share": pa.array(bought.incremental),
        "goods_cents": pa.array(story.amounts.goods_cents),
        "refunded_cents": pa.array(refunded),
        "sale": picked([sale.period_id for sale in world.sales], bought.sale),
        "is_gift": pa.array(bought.is_gift),
        "is_late": pa.array(outcome.is_late),
        "is_stock_out": pa.array(outcome.is_stock_out),
        "is_over_promised": pa.array(outcome.is_over_promised),
        "told_count": pa.array(outcome.told_count),
        "satisfaction": pa.array(outcome.satisfaction),
    }


def _cause_id(story: Story, cause: Ints, ref: Ints) -> pa.Array:
    """The ad, post or campaign behind a cause, as the exports call it."""
    media, messages = story.world.media, story.reach.messages
    found = pa.nulls(cause.size, pa.large_string())
    names = ((AD, [ad.campaign_id for ad in media.ads]), (POST, media.post_ids()))
    for kind, ids in names:
        found = either(picked(ids, np.where(cause == kind, ref, -1)), found)
    is_message = cause == CAMPAIGN
    campaign = np.full(cause.size, -1, np.int64)
    campaign[is_message] = messages.campaign[ref[is_message]]
    return either(picked(story.world.campaigns.ids, campaign), found)


def _campaign_reach(story: Story) -> dict[str, pa.Array]:
    """Who was written to and who was held out at random, with what the message caused."""
    reach = story.reach
    messages = reach.messages
    orders, cents, own = _caused(story, len(messages))
    held = reach.held_out_who.size
    nothing = np.zeros(held, np.int64)
    who = np.concatenate([messages.who, reach.held_out_who])
    campaign = np.concatenate([messages.campaign, reach.held_out_campaign])
    return {
        "campaign_id": picked(story.world.campaigns.ids, campaign),
        "person": pa.array(story.people.person[who]),
        "arm": picked(["sent", "held_out"], np.repeat(np.arange(2), [len(messages), held])),
        "sent_at": moment(np.concatenate([messages.at, np.full(held, NEVER)])),
        "clicked": pa.array(np.concatenate([messages.click_at < NEVER, np.zeros(held, np.bool_)])),
        "orders": pa.array(np.concatenate([orders, nothing])),
        "incremental_orders": pa.array(np.concatenate([own, nothing.astype(np.float64)])),
        "goods_cents": pa.array(np.concatenate([cents, nothing])),
    }


def _caused(story: Story, count: int) -> tuple[Ints, Ints, np.ndarray]:
    rows = np.flatnonzero(story.bought.cause == CAMPAIGN)
    ref = story.bought.ref[rows]
    orders = np.bincount(ref, minlength=count)
    cents = np.bincount(ref, story.amounts.goods_cents[rows], count).astype(np.int64)
    return orders, cents, np.bincount(ref, story.bought.incremental[rows], count)


def _cause(story: Story) -> dict[str, pa.Array]:
    """Every visit that an ad or a post really caused, and whether it became a purchase."""
    stimuli = story.stimuli
    rows = np.flatnonzero((stimuli.kind == AD) | (stimuli.kind == POST))
    order = np.full(len(stimuli), -1, np.int64)
    caused = np.flatnonzero(story.bought.stimulus >= 0)
    order[story.bought.stimulus[caused]] = caused
    order = order[rows]
    has_order: Bools = order >= 0
    return {
        "cause": picked(CAUSES, stimuli.kind[rows]),
        "cause_id": _cause_id(story, stimuli.kind[rows], stimuli.ref[rows]),
        "person": pa.array(story.people.person[stimuli.who[rows]]),
        "at": moment(stimuli.at[rows]),
        "order_id": only(story.order_ids(order), has_order),
    }


def answers(given: Answers) -> dict[str, pa.Array]:
    """What people did with messages that gateways took; every order among it came on top of their own."""
    rows = given.all
    return {
        "message_id": pa.array([item.message_id for item in rows], pa.large_string()),
        "person": pa.array([item.person for item in rows], pa.int64()),
        "channel": pa.array([item.channel for item in rows], pa.large_string()),
        "campaign_id": pa.array([item.campaign_id or None for item in rows], pa.large_string()),
        "at": _moments([item.at for item in rows]),
        "is_delivered": pa.array([item.is_delivered for item in rows], pa.bool_()),
        "opened_at": _moments([item.opened_at for item in rows]),
        "clicked_at": _moments([item.clicked_at for item in rows]),
        "no_at": _moments([item.no_at for item in rows]),
        "ordered_at": _moments([item.order_at for item in rows]),
        "goods_cents": pa.array([item.cents for item in rows], pa.int64()),
    }


def _moments(at: list[int]) -> pa.Array:
    return moment(np.array([value or NEVER for value in at], np.int64))


class Writer:
    """Writes tables chunk by chunk; a file has its name when it is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, pq.ParquetWriter] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, tables_: Tables) -> None:
        """Append the rows of one chunk."""
        for name, columns in tables_.items():
            table = pa.table(columns)
            if name not in self._open:
                self._open[name] = pq.ParquetWriter(self._part(name), table.schema, compression="snappy")
            self._open[name].write_table(table)

    def close(self) -> None:
        """Give the files their names."""
        for name, writer in self._open.items():
            writer.close()
            self._part(name).replace(self._folder / f"{name}.parquet")

    def _part(self, name: str) -> Path:
        return self._folder / f"{name}.parquet{PART}"
