"""What people are called: one name per system, numbers that change hands, devices that are shared.

Here: from a person (and a moment) to the text each system has for them. A name is computed, not stored: the same person
and seed give the same name wherever it is needed. Not here: which record carries which name (exports/).

Mobile numbers lie in 192 0000 0000 to 192 9999 9999: valid Chinese mobile numbers to every check, of a range that this
brand uses up for made-up people. Addresses end in `.example`.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow as pa

from simulator.brand.columns import codes, joined, numbers, picked, text
from simulator.brand.draws import Bools, Ints, mixed, unit
from simulator.brand.frames import NEVER
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.people import People
from simulator.brand.world import World

OFFICIAL_APP = "wx9c1a0000qinglan1"
MINI_APP = "wx9c1a0000qinglan2"
CORP = "ww9c1a0000qinglan"
SHOP = "9000123"
DEFAULT_PHONE = "13800000000"
"""What a hurried cashier types."""

RESERVED_NUMBERS = 1_000
"""The first numbers of the range: Ms. Lin, the staff."""

FIRST_STAFF_NUMBER = 100
STAFF_KIND = 4
FIRST_CHUNK = 10_000
"""Employees are found among the first people."""

NUMBERS = 100_000_000 - RESERVED_NUMBERS
STRIDE = 61_803_401
COOKIE_DAYS = 120
SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "静敏丽慧娜芳婷雪琳悦欣怡佳颖晨曦雅楠薇瑶思涵梓萱若兰诗雨清月云舒"


class Identifiers:
    """The names of a chunk of people; `who` is a person's place in the chunk."""

    def __init__(self, world: World, people: People) -> None:
        self._world = world
        self._seed = world.parameters.seed
        self.people = people

    def _code(self, who: Ints, question: str, length: int, prefix: str) -> pa.Array:
        return codes(mixed(self.people.person[who], self._seed, question), length, prefix)

    def member_id(self, who: Ints) -> pa.Array:
        """The member number; QL00000001 is Ms. Lin's."""
        return numbers(self.people.person[who] + 1, 8, "QL")

    def openid(self, who: Ints) -> pa.Array:
        """The name in the official account."""
        return self._code(who, "openid", 22, "oQLoa_")

    def mini_openid(self, who: Ints) -> pa.Array:
        """The name in the mini-program."""
        return self._code(who, "mini", 22, "oQLmp_")

    def unionid(self, who: Ints) -> pa.Array:
        """The name over both."""
        return self._code(who, "union", 22, "oQLun_")

    def external_userid(self, who: Ints) -> pa.Array:
        """The name in WeCom."""
        return self._code(who, "wecom", 28, "wm")

    def ouid(self, who: Ints) -> pa.Array:
        """The name in the Tmall shop."""
        return self._code(who, "ouid", 20, "AAQL")

    def omid(self, who: Ints) -> pa.Array:
        """The name of a bound member at Tmall."""
        return self._code(who, "omid", 19, "AAQLM")

    def card(self, who: Ints) -> pa.Array:
        """The plastic card."""
        return numbers(self.people.person[who] + 60_000_000, 8, "6600")

    def social(self, who: Ints, platform: str) -> pa.Array:
        """The name at a social platform."""
        return self._code(who, platform, 16, f"{platform[:3]}_")

    def mdm(self, who: Ints) -> pa.Array:
        """The number in the older business line's master."""
        return numbers(self.people.person[who] * 7 % 90_000_000 + 10_000_000, 8)

    def email(self, who: Ints) -> pa.Array:
        """The address; hunters of samples have throw-away ones."""
        hunts = (self.people.kind[who] == 1).astype(np.int64)
        return joined(
            "ql", text(self.people.person[who]), picked(["@mail.qinglan.example", "@throwaway.example"], hunts)
        )

    @cached_property
    def shares_phone(self) -> Bools:
        """Who uses the number of the family member before them."""
        alone = unit(self.people.person, self._seed, "family") >= 0.03
        first = np.arange(len(self.people)) > 0
        before_is_staff = np.append(np.zeros(1, np.bool_), self.people.kind[:-1] == STAFF_KIND)
        return ~alone & first & ~before_is_staff & (self.people.kind != STAFF_KIND)

    @cached_property
    def staff_place(self) -> Ints:
        """Whose number is that of one of the staff (their place in the list): employees who joined; -1 for others."""
        rank = np.cumsum(self.people.kind == STAFF_KIND) - 1
        is_one = (self.people.kind == STAFF_KIND) & (self.people.person < FIRST_CHUNK)
        return np.where(is_one & (rank < len(self._world.places.staff)), rank, -1)

    @cached_property
    def changes_at(self) -> Ints:
        """When a person gets a new number; the old one is given to the next person. NEVER for most."""
        run = self._world.parameters
        changes = unit(self.people.person, self._seed, "new number") < 0.012
        changes &= ~self.shares_phone & (self.staff_place < 0) & (np.arange(len(self.people)) < len(self.people) - 1)
        changes &= ~np.append(self.shares_phone[1:], np.ones(1, np.bool_))
        after = run.start_at + (0.2 + 0.3 * unit(self.people.person, self._seed, "when")) * run.days * DAY_SECONDS
        return np.where(changes, after.astype(np.int64), NEVER)

    @cached_property
    def has_recycled(self) -> Bools:
        """Who was given the old number of the person before them, having joined long after they gave it up."""
        before = np.append(np.full(1, NEVER), self.changes_at[:-1])
        late = (self.people.signup_at > before + 30 * DAY_SECONDS) & (self.people.signup_at < NEVER)
        return (before < NEVER) & late & (self.changes_at >= NEVER)

    def phone_numbers(self, who: Ints, at: Ints) -> Ints:
        """The place of the number in the range that each person uses at a moment."""
        person = self.people.person[who]
        family = np.where(self.shares_phone[who], person - 1, person)
        changed = at >= self.changes_at[who]
        base = np.where(self.has_recycled[who], person - 1, family)
        number = np.where(changed, person + 20_000_000, base)
        ordinary = (number * STRIDE + self._seed) % NUMBERS + RESERVED_NUMBERS
        return np.where(self.staff_place[who] >= 0, FIRST_STAFF_NUMBER + self.staff_place[who], ordinary)

    def phone(self, who: Ints, at: Ints) -> pa.Array:
        """The mobile number each person uses at a moment."""
        return numbers(self.phone_numbers(who, at), 8, "192")

    def masked_phone(self, who: Ints, at: Ints) -> pa.Array:
        """The same with its middle hidden, as Tmall shows it."""
        return joined("192****", numbers(self.phone_numbers(who, at) % 10_000, 4))

    def cookie_period(self, who: Ints, at: Ints) -> Ints:
        """How many cookies a browser has lost; each lasts some months."""
        return (at + (self.people.person[who] % COOKIE_DAYS) * DAY_SECONDS) // (COOKIE_DAYS * DAY_SECONDS)

    def cookie(self, who: Ints, at: Ints) -> pa.Array:
        """The browser, by the cookie of the moment."""
        period = self.cookie_period(who, at) % 64
        return codes(mixed(self.people.person[who] * 64 + period, self._seed, "cookie"), 16, "ck.")

    @cached_property
    def device_owner(self) -> Ints:
        """Whose tablet a person uses the app on: some share the one of the family member before them."""
        shared = unit(self.people.person, self._seed, "family tablet") < 0.04
        place = np.arange(len(self.people))
        return np.where(shared & (place > 0), place - 1, place)

    def device(self, who: Ints) -> pa.Array:
        """The phone or tablet the app runs on."""
        return self._code(self.device_owner[who], "device", 16, "dv-")

    def installation(self, who: Ints) -> pa.Array:
        """The app on that device."""
        return self._code(self.device_owner[who], "installation", 22, "")

    def oaid(self, who: Ints, at: Ints) -> pa.Array:
        """The advertising id: another one every month."""
        month = at // (30 * DAY_SECONDS)
        return codes(mixed(self.people.person[who] * 1024 + month % 1024, self._seed, "oaid"), 16, "oa-")

    def wifi(self, who: Ints) -> pa.Array:
        """The address of the phone's Wi-Fi."""
        return self._code(who, "wifi", 12, "")

    def full_name(self, who: Ints) -> pa.Array:
        """A name that means nobody."""
        draw = mixed(self.people.person[who], self._seed, "name")
        first = (draw % np.uint64(len(SURNAMES))).astype(np.int64)
        second = (draw // np.uint64(97) % np.uint64(len(GIVEN))).astype(np.int64)
        third = (draw // np.uint64(9973) % np.uint64(len(GIVEN))).astype(np.int64)
        return joined(picked(list(SURNAMES), first), picked(list(GIVEN), second), picked(list(GIVEN), third))

    def masked_name(self, who: Ints) -> pa.Array:
        """The family name alone, as Tmall shows it."""
        draw = mixed(self.people.person[who], self._seed, "name")
        return joined(picked(list(SURNAMES), (draw % np.uint64(len(SURNAMES))).astype(np.int64)), "**")
