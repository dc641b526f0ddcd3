"""The brand's own messages to people and what each did with them.

Here: whom a campaign reached, whether they opened, clicked, answered no. Answering depends on the channel a person
prefers and on how much they got lately; saying no ends the channel. Not here: what they bought then (journeys.py), the
vendors' records (exports/).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from simulator.brand.campaigns import HELD_OUT_SHARE, Campaign
from simulator.brand.draws import Bools, Floats, Ints, generator, unit
from simulator.brand.frames import NEVER, Frame
from simulator.brand.parameters import DAY_SECONDS, Parameters
from simulator.brand.people import CHANNELS, People
from simulator.brand.world import World

#                        sms   email  wechat push  wecom  tmall mail
OPEN_RATE = np.array([0.00, 0.30, 0.45, 0.10, 0.55, 0.50, 0.0])
CLICK_RATE = np.array([0.055, 0.13, 0.14, 0.55, 0.16, 0.30, 0.0])
"""Of those who opened; of all for SMS, which nobody opens."""

NO_RATE = np.array([0.006, 0.004, 0.002, 0.004, 0.001, 0.0, 0.0])
"""Answers no, for an ordinary message to somebody who got none lately."""

CONSENT_RATE = np.array([0.74, 0.82, 1.0, 0.7, 1.0, 1.0, 0.5])
PRESSURE_DAYS = 14


@dataclass(frozen=True)
class Messages(Frame):
    """One row a message. `campaign`: place in the list. Moments are NEVER where they did not come."""

    who: Ints
    campaign: Ints
    channel: Ints
    at: Ints
    is_delivered: Bools
    open_at: Ints
    click_at: Ints
    no_at: Ints


@dataclass(frozen=True)
class Reach:
    """Everything about being written to: consents (people × CHANNELS), messages, who was held out of which campaign."""

    has_consent: Bools
    no_at: Ints
    messages: Messages
    held_out_who: Ints
    held_out_campaign: Ints


def reach(world: World, people: People, chunk: int) -> Reach:
    """Messages of all campaigns to these people."""
    rng = generator(world.parameters.seed, "messages", chunk)
    has_consent = rng.random((len(people), len(CHANNELS))) < CONSENT_RATE
    who, campaign, at = _planned(world, people, has_consent, rng)
    order = np.lexsort((campaign, at, who))
    who, campaign, at = who[order], campaign[order], at[order]
    kept_out = unit(people.person[who] * 1000 + campaign, world.parameters.seed, "held out") < HELD_OUT_SHARE
    sent = _answers(world, people, rng, who[~kept_out], campaign[~kept_out], at[~kept_out])
    sent, no_at = _until_no(sent, len(people))
    return Reach(has_consent, no_at, sent, who[kept_out], campaign[kept_out])


def _planned(world: World, people: People, has_consent: Bools, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    parts: list[tuple[Ints, Ints, Ints]] = []
    for place, campaign in enumerate(world.campaigns.all):
        channel = CHANNELS.index(campaign.channel)
        at = _moments(world.parameters, people, campaign, rng)
        reachable = has_consent[:, channel] & (at > _reachable_from(people, campaign.channel)) & (at < NEVER)
        who = np.flatnonzero(reachable & (rng.random(len(people)) < campaign.share) & (people.kind != 4))
        parts.append((who, np.full(who.size, place, np.int64), at[who]))
    who, campaigns, at = (np.concatenate([part[n] for part in parts]) for n in range(3))
    is_within = (at >= world.parameters.start_at) & (at < world.parameters.end_at)
    return who[is_within], campaigns[is_within], at[is_within]


def _moments(parameters: Parameters, people: People, campaign: Campaign, rng: np.random.Generator) -> Ints:
    """When each person would get it: a wave goes out within the hour, a trigger on the person's own day."""
    jitter = rng.integers(0, 3000, len(people))
    if campaign.campaign_type == "welcome":
        return np.where(people.signup_at < NEVER, people.signup_at + 120 + jitter // 30, NEVER)
    if campaign.campaign_type == "birthday":
        start = parameters.start.toordinal() - date(parameters.start.year, 1, 1).toordinal()
        day = (people.birth_month_day - start) % 365
        return parameters.start_at + day * DAY_SECONDS + int(campaign.hour * 3600) + jitter
    return np.full(len(people), parameters.start_at + campaign.day * DAY_SECONDS + int(campaign.hour * 3600)) + jitter


def _reachable_from(people: People, channel: str) -> Ints:
    if channel == "wechat":
        return people.follow_at
    if channel == "push":
        return people.app_at
    if channel == "wecom":
        return people.wecom_at
    if channel == "email":
        return np.where(people.has_email, people.signup_at, NEVER)
    return people.signup_at


def _answers(world: World, people: People, rng: np.random.Generator, who: Ints, campaign: Ints, at: Ints) -> Messages:
    """What each message met with."""
    appeal = np.array([item.appeal for item in world.campaigns.all])[campaign]
    channel = np.array([CHANNELS.index(item.channel) for item in world.campaigns.all])[campaign]
    tired = weariness(people.fatigue[who], pressure(who, at))
    will = people.preference[who, channel] * (0.4 + 0.6 * people.engagement[who]) * tired * appeal
    count = who.size
    delivered = rng.random(count) < np.where(channel == 0, 0.965, 0.98)
    opened = delivered & (rng.random(count) < np.clip(OPEN_RATE[channel] * will, 0, 0.95))
    may_click = np.where(channel == 0, delivered, opened)
    clicked = may_click & (rng.random(count) < np.clip(CLICK_RATE[channel] * np.sqrt(will) * appeal, 0, 0.9))
    says_no = delivered & (rng.random(count) < NO_RATE[channel] * (0.3 + 2.4 * (1 - tired)))
    delay = (rng.exponential(2.2, count) * 3600).astype(np.int64) + 40
    open_at = np.where(opened, at + delay, NEVER)
    click_at = np.where(clicked, at + delay + rng.integers(5, 240, count), NEVER)
    no_at = np.where(says_no, at + delay + rng.integers(20, 900, count), NEVER)
    return Messages(who, campaign, channel, at, delivered, open_at, click_at, no_at)


def pressure(who: Ints, at: Ints) -> Ints:
    """How many messages each person got in the PRESSURE_DAYS before each message; rows lie by person and time."""
    span = 1 << 40
    place = who * span + at
    since = np.searchsorted(place, np.maximum(place - PRESSURE_DAYS * DAY_SECONDS, who * span))
    return np.arange(who.size) - since


def weariness(fatigue: Floats, got_lately: Ints) -> Floats:
    """Factor on answering, 1 for the rested, towards 0 for somebody tired of messages."""
    return np.exp(-(0.1 + 0.35 * fatigue) * got_lately)


def _until_no(messages: Messages, people: int) -> tuple[Messages, Ints]:
    """A no ends the channel: later messages on it were never sent. Gives the first no (people × CHANNELS)."""
    no_at = np.full((people, len(CHANNELS)), NEVER, np.int64)
    np.minimum.at(no_at, (messages.who, messages.channel), messages.no_at)
    kept = messages.rows(messages.at < no_at[messages.who, messages.channel])
    final = np.full((people, len(CHANNELS)), NEVER, np.int64)
    np.minimum.at(final, (kept.who, kept.channel), kept.no_at)
    return kept, final
