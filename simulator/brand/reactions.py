"""How people answer messages that gateways took: the same people, with the same habits, as in the rest of the story.

Here: finding the reader behind a recipient, and their answer: opening, clicking, saying no, buying. What they would
have bought anyway stays as it is; what they buy here comes on top. Not here: records (accepted.py), rows
(answer_rows.py).
"""

from __future__ import annotations

import dataclasses
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.brand.accepted import Record
from simulator.brand.answers import Answer
from simulator.brand.columns import either
from simulator.brand.draws import unit
from simulator.brand.frames import NEVER
from simulator.brand.journeys import BUY_RATE
from simulator.brand.messages import CLICK_RATE, NO_RATE, OPEN_RATE, PRESSURE_DAYS
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.people import CHANNELS
from simulator.brand.stimuli import CAMPAIGN
from simulator.brand.story import Story

SENT_SECONDS = 10 * 3600
"""Messages count as sent at ten in the morning: gateways keep the machine's time, not the story's."""

OFFER = 1.2
UNKNOWN_CONTENT = 0.75
"""How content a person is taken to be who never bought."""


def react(story: Story, records: Sequence[Record], day: int) -> list[Answer]:
    """What the people of a story do with the messages of a day that reach one of them."""
    found: list[Answer] = []
    for channel in CHANNELS:
        of_channel = [record for record in records if record.channel == channel]
        for record, who in zip(of_channel, _readers(story, channel, of_channel, day), strict=True):
            if who >= 0:
                found.append(_answer(story, record, who, day, found))
    return found


def _readers(story: Story, channel: str, records: Sequence[Record], day: int) -> list[int]:
    """The person behind each recipient, -1 where it is nobody of these."""
    if not records:
        return []
    who = np.arange(len(story.people))
    at = np.full(who.size, story.world.parameters.start_at + day * DAY_SECONDS + SENT_SECONDS)
    ids = story.ids
    names = {
        "email": (ids.email,),
        "wechat": (ids.openid, ids.mini_openid),
        "wecom": (ids.external_userid,),
        "push": (ids.installation,),
        "tmall": (ids.ouid, ids.omid),
    }.get(channel, ())
    columns = [ids.phone(who, at)] if channel == "sms" else [name(who) for name in names]
    wanted = pa.array([record.recipient for record in records], pa.large_string())
    place = pa.nulls(len(records), pa.int32())
    for column in (*columns, ids.member_id(who)):
        place = either(place, pc.call_function("index_in", [wanted], pc.SetLookupOptions(value_set=column)))
    return [int(found) for found in pc.fill_null(place, -1).to_pylist()]


@dataclass(frozen=True)
class _Dice:
    """Chances of one message: the same for the same person and message."""

    key: int
    seed: int

    def chance(self, question: str) -> float:
        """A number in [0, 1)."""
        return float(unit(np.array([self.key], np.int64), self.seed, f"answer {question}")[0])

    def wait(self, question: str, mean_seconds: float) -> int:
        """Some seconds."""
        return 30 + int(-math.log(1 - self.chance(question)) * mean_seconds)


def _answer(story: Story, record: Record, who: int, day: int, today: Sequence[Answer]) -> Answer:
    people, parameters = story.people, story.world.parameters
    person = int(people.person[who])
    dice = _Dice(person * (1 << 32) + zlib.crc32(record.message_id.encode()), parameters.seed)
    at = parameters.start_at + day * DAY_SECONDS + SENT_SECONDS + int(dice.chance("when") * 1800)
    channel = CHANNELS.index(record.channel)
    tired = math.exp(-(0.1 + 0.35 * float(people.fatigue[who])) * _lately(story, who, at, today))
    will = float(people.preference[who, channel]) * (0.4 + 0.6 * float(people.engagement[who])) * tired
    is_delivered = dice.chance("delivered") < 0.97
    blank = Answer(person, day, record.channel, record.message_id, record.link_id, record.campaign_id, at, is_delivered)
    if not is_delivered or _said_no(story, who, channel, at):
        return blank
    opens = dice.chance("opens") < min(OPEN_RATE[channel] * will, 0.95)
    reads = opens or record.channel == "sms"
    clicks = reads and dice.chance("clicks") < min(CLICK_RATE[channel] * math.sqrt(will) * OFFER, 0.9)
    says_no = dice.chance("no") < NO_RATE[channel] * (0.3 + 2.4 * (1 - tired))
    opened_at = at + dice.wait("opening", 7900) if opens or clicks else 0
    clicked_at = opened_at + 5 + int(dice.chance("clicking") * 200) if clicks else 0
    answer = dataclasses.replace(blank, opened_at=opened_at if opens else 0, clicked_at=clicked_at)
    if says_no:
        return dataclasses.replace(answer, no_at=max(at, opened_at) + dice.wait("saying no", 600))
    return _bought(story, answer, who, dice) if clicks else answer


def _lately(story: Story, who: int, at: int, today: Sequence[Answer]) -> int:
    """How many messages somebody got in the days before, from the brand's own tools and from gateways."""
    since = at - PRESSURE_DAYS * DAY_SECONDS
    own = story.reach.messages
    first, last = np.searchsorted(own.who, [who, who + 1])
    sent = own.at[first:last]
    person = int(story.people.person[who])
    taken = sum(1 for item in (*story.answers.all, *today) if item.person == person and since <= item.at < at)
    return int(((sent >= since) & (sent < at)).sum()) + taken


def _said_no(story: Story, who: int, channel: int, at: int) -> bool:
    """Whether somebody has ended the channel before: whoever is written to all the same does nothing with it."""
    if story.reach.no_at[who, channel] < at:
        return True
    person = int(story.people.person[who])
    return any(
        item.person == person and item.channel == CHANNELS[channel] and 0 < item.no_at < at
        for item in story.answers.all
    )


def _bought(story: Story, answer: Answer, who: int, dice: _Dice) -> Answer:
    """Whether the click becomes a purchase: the readier and the more content, the likelier."""
    people, bought = story.people, story.bought
    first, last = np.searchsorted(bought.who, [who, who + 1])
    earlier = np.flatnonzero(bought.at[first:last] < answer.at) + first
    ready = 1.15 * float(people.propensity[who])
    content = UNKNOWN_CONTENT
    if earlier.size:
        since = answer.at - int(bought.at[earlier[-1]])
        ready = min(max(since / (float(people.cycle_days[who]) * DAY_SECONDS), 0.04), 1.5)
        content = float(bought.outcome.satisfaction[earlier[-1]])
    gone = story.lives.gone_at[story.lives.gone_who == who]
    left = 0.05 if gone.size and int(gone.min(initial=NEVER)) < answer.at else 1.0
    likely = BUY_RATE[CAMPAIGN] * OFFER * ready * (0.2 + 1.15 * content) * left
    if dice.chance("buys") >= likely:
        return answer
    weight = np.cumsum(story.world.catalogue.popularity)
    product = int(np.searchsorted(weight, dice.chance("product") * weight[-1], side="right"))
    cents = int(story.world.catalogue.price_cents[product])
    order_at = answer.clicked_at + 300 + int(dice.chance("deciding") * 1500)
    return dataclasses.replace(answer, order_at=order_at, product=product, cents=cents)
