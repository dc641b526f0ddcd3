"""What becomes of the people of each story, said in the story's own words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

import pytest

from tests.scenarios.identity import oracle, stories
from tests.scenarios.identity.conftest import EVENING, FIRST_EVENING, LAST_EVENING, Builds

People = list[set[str]]

OUTCOMES: dict[str, dict[int, People]] = {
    "chain": {
        EVENING: [{"member_id:1", "phone:1", "email:1", "phone:2"}],
        FIRST_EVENING: [{"email:1", "phone:2"}],
    },
    "fan_in": {LAST_EVENING: [{"member_id:1", "phone:1", "phone:2", "phone:3", "email:1"}]},
    "diamond": {
        FIRST_EVENING: [{"phone:1", "phone:2", "email:1"}],
        LAST_EVENING: [{"member_id:1", "phone:1", "phone:2", "email:1"}],
    },
    "late_bridge": {
        EVENING: [{"phone:1", "email:1"}, {"phone:2", "email:2"}],
        LAST_EVENING: [{"phone:1", "email:1", "phone:2", "email:2"}],
    },
    "undated": {LAST_EVENING: [{"email:1", "member_id:1"}]},
    "alone": {FIRST_EVENING: [], LAST_EVENING: [{"member_id:1"}]},
    "unionid": {
        FIRST_EVENING: [{"wechat_openid:mini"}, {"wechat_openid:account", "wechat_unionid:1"}],
        LAST_EVENING: [{"wechat_openid:mini", "wechat_openid:account", "wechat_unionid:1"}],
    },
    "qr_bind": {
        EVENING: [{"wechat_openid:1"}],
        LAST_EVENING: [{"wechat_openid:1", "phone:1", "member_id:1"}],
    },
    "guest": {EVENING: [{"phone:1", "email:1"}], LAST_EVENING: [{"phone:1", "email:1", "member_id:1"}]},
    "gift": {
        FIRST_EVENING: [{"phone:giver", "email:giver"}],
        LAST_EVENING: [{"phone:giver", "email:giver"}, {"phone:friend", "email:friend"}],
    },
    "only_given": {LAST_EVENING: [{"member_id:giver"}]},
    "proxy": {LAST_EVENING: [{"member_id:buyer", "phone:buyer"}]},
    "binding": {
        EVENING: [{"tmall_ouid:other", "member_id:other"}, {"member_id:1", "phone:1"}],
        LAST_EVENING: [
            {"tmall_ouid:other", "member_id:other"},
            {"member_id:1", "phone:1", "tmall_ouid:1", "tmall_omid:1"},
        ],
    },
    "shared": {LAST_EVENING: [{"member_id:1", "email:1"}, {"member_id:2"}]},
    "recycled": {LAST_EVENING: [{"member_id:old", "phone:1"}, {"member_id:new", "email:new"}]},
    "couple": {LAST_EVENING: [{"member_id:she", "phone:home", "email:she"}, {"member_id:he", "email:he"}]},
    "passed_on": {
        EVENING: [{"phone:1", "email:1", "member_id:1"}],
        LAST_EVENING: [{"email:1", "member_id:1"}, {"phone:1", "member_id:2"}],
    },
    "conflict": {
        EVENING: [{"member_id:1", "phone:1"}, {"member_id:2", "phone:2"}],
        LAST_EVENING: [{"member_id:1", "phone:1", "email:both"}, {"member_id:2", "phone:2"}],
    },
    "shop": {
        FIRST_EVENING: [{"member_id:0", "email:till"}, {"member_id:1"}],
        LAST_EVENING: [{f"member_id:{number}"} for number in range(5)],
    },
    "family": {
        LAST_EVENING: [
            {"phone:home", "member_id:0", "email:0", "email:1", "email:2", "email:3"},
            {"member_id:1"},
            {"member_id:2"},
            {"member_id:3"},
        ]
    },
    "default": {LAST_EVENING: [{"member_id:1"}, {"member_id:2"}]},
    "unbound": {
        EVENING: [{"tmall_ouid:1", "member_id:1", "phone:1"}],
        LAST_EVENING: [{"tmall_ouid:1"}, {"member_id:1", "phone:1"}],
    },
    "rebound": {
        FIRST_EVENING: [{"tmall_ouid:1", "member_id:1"}],
        EVENING: [{"tmall_ouid:1"}, {"member_id:1"}],
        LAST_EVENING: [{"tmall_ouid:1", "member_id:1"}],
    },
    "taken_back": {
        FIRST_EVENING: [{"member_id:1", "phone:1"}],
        EVENING: [{"member_id:1"}, {"phone:1"}],
        LAST_EVENING: [{"member_id:1", "phone:1"}],
    },
    "refused": {
        LAST_EVENING: [{"phone:1", "email:1"}, {"email:2"}],
    },
    "by_path": {
        FIRST_EVENING: [{"phone:1", "email:1", "member_id:1"}],
        EVENING: [{"email:1", "member_id:1"}, {"phone:1"}],
    },
    "released": {LAST_EVENING: [{"email:firm", "member_id:4"}, *({f"member_id:{number}"} for number in range(4))]},
    "in_vain": {LAST_EVENING: [{"member_id:1", "email:1"}, {"member_id:2", "email:2"}]},
    "joined_by_hand": {
        FIRST_EVENING: [{"phone:1"}],
        LAST_EVENING: [{"phone:1", "email:1"}],
    },
    "changed_mind": {
        FIRST_EVENING: [{"phone:1", "email:1"}],
        EVENING: [{"phone:1"}, {"email:1"}],
        LAST_EVENING: [{"phone:1", "email:1"}],
    },
}
"""The customers of a story on an evening, each as the strong identifiers it has. Nobody's identifiers are in none."""

CASES = [pytest.param(story, evening, id=f"{story}-{evening}") for story, told in OUTCOMES.items() for evening in told]


@pytest.mark.parametrize(("story", "evening"), CASES)
def test_the_people_of_the_story(builds: Builds, story: str, evening: int) -> None:
    by_customer: dict[str, set[str]] = {}
    for key, customer in builds.by_evening[evening].customer_of.items():
        if customer is not None and key.startswith(f"{story}:"):
            by_customer.setdefault(customer, set()).add(key.removeprefix(f"{story}:"))
    assert _sorted(by_customer.values()) == _sorted(OUTCOMES[story][evening])


def _sorted(people: Iterable[set[str]]) -> list[list[str]]:
    return sorted(sorted(keys) for keys in people)


def test_every_story_is_judged(builds: Builds) -> None:
    told = {key.split(":")[0] for key in builds.at_the_end.customer_of | builds.at_the_end.turns_of if key[0] != "w"}
    judged = {*OUTCOMES, *WHOSE}
    assert told == judged
    assert len(stories.all_stories()) == len(judged) >= 25


@pytest.mark.parametrize(
    ("key", "evening", "founder"),
    [
        ("chain:member_id:1", LAST_EVENING, "chain:phone:2"),
        ("late_bridge:phone:2", EVENING, "late_bridge:phone:2"),
        ("late_bridge:phone:2", LAST_EVENING, "late_bridge:phone:1"),
        ("undated:email:1", LAST_EVENING, "undated:member_id:1"),
        ("passed_on:member_id:1", EVENING, "passed_on:phone:1"),
        ("passed_on:member_id:1", LAST_EVENING, "passed_on:email:1"),
        ("passed_on:member_id:2", LAST_EVENING, "passed_on:phone:1"),
        ("qr_bind:phone:1", LAST_EVENING, "qr_bind:wechat_openid:1"),
        ("shop:email:till", FIRST_EVENING, "shop:member_id:0"),
        ("shop:email:till", LAST_EVENING, None),
        ("default:phone:138", LAST_EVENING, None),
    ],
)
def test_the_founding_identifier_names_the_customer(
    builds: Builds, key: str, evening: int, founder: str | None
) -> None:
    assert builds.by_evening[evening].customer_of[key] == founder


def test_a_present_does_not_show_its_recipient(builds: Builds) -> None:
    assert "only_given:phone:stranger" not in builds.at_the_end.customer_of
    assert "gift:phone:friend" not in builds.by_evening[FIRST_EVENING].customer_of


WHOSE: dict[str, tuple[str, list[str | None]]] = {
    "joins": ("cookie_id:1", ["member_id:1"]),
    "anonymous": ("cookie_id:1", ["cookie_id:1"]),
    "tablet": ("cookie_id:home", ["member_id:she", "member_id:he", "member_id:she"]),
    "library": ("cookie_id:1", [None]),
    "counter": ("device_id:tab", [None, "member_id:she", None, "member_id:he", None]),
    "not_hers": ("cookie_id:1", ["cookie_id:1"]),
    "no_login": ("cookie_id:1", ["phone:1"]),
    "mistaken": ("cookie_id:1", ["cookie_id:1"]),
    "same_moment": ("cookie_id:1", ["member_id:1"]),
}
"""Whose a story's device was, one after the other, from the beginning of time to its end."""


@pytest.mark.parametrize("story", WHOSE)
def test_whose_the_device_was(builds: Builds, story: str) -> None:
    device, customers = WHOSE[story]
    found = builds.at_the_end.turns_of[f"{story}:{device}"]
    assert [customer and customer.removeprefix(f"{story}:") for _, _, customer in found] == customers
    assert (found[0][0], found[-1][1]) == (oracle.BEGINNING, oracle.END)


def test_the_device_of_a_stranger_is_anonymous_until_the_login(builds: Builds) -> None:
    before = builds.by_evening[EVENING].turns_of["joins:cookie_id:1"]
    assert [customer for _, _, customer in before] == ["joins:cookie_id:1"]


def test_the_stores_tablet_is_given_back_with_the_day(builds: Builds) -> None:
    """He forgot to log out at 13 o'clock of 2 March in Shanghai: gone at midnight, which is 16 o'clock UTC."""
    _, his, after = builds.at_the_end.turns_of["counter:device_id:tab"][-3:]
    assert (his[1].astimezone(UTC).isoformat(), after[2]) == ("2025-03-02T16:00:00+00:00", None)
