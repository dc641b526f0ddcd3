"""Whom partners know, and under which name.

Here: who is in an agency's or a hotel chain's records. Not here: the records (exports/voucher.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulator.brand.columns import picked
from simulator.brand.draws import Bools, Ints
from simulator.brand.exports.common import Rows
from simulator.brand.story import Story

PARTNERS = ["agency_yun", "hotel_shan"]


@dataclass(frozen=True)
class Known:
    """One row a person whom a partner knows: the row of the person, which partner, and the partner's name for them."""

    who: Ints
    is_hotel: Bools
    partner: pa.Array
    name: pa.Array
    chance: Rows


def known(story: Story) -> Known:
    """The people in partners' records."""
    people, seed = story.people, story.world.parameters.seed
    who = np.flatnonzero(Rows(seed, "partner", people.person).some("known", 0.06))
    chance = Rows(seed, "partner", people.person[who])
    is_hotel = chance.some("hotel", 0.4)
    return Known(who, is_hotel, picked(PARTNERS, is_hotel.astype(np.int64)), chance.id(10, "pp"), chance)
