"""What a person decides: recorded by command, gone from the review at once, in force with the next build."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from orchestration.identity import publication
from tests.scenarios.identity.facts import Facts
from tests.scenarios.identity_commands.people import LAST_DAY, Ran, done_build, key, land, seen, touchstream
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

RECORDS = [
    *(seen(day, f"member_id:firm{day}", "email:firm@mail.example") for day in range(5)),  # over its limit
    seen(0, "member_id:she", "phone:13800000001"),
    seen(1, "member_id:he", "phone:13800000001"),  # left out: two members
    seen(0, "member_id:old", "phone:13800000002"),
    seen(4, "member_id:new", "phone:13800000002"),  # left out: two members
    seen(1, "phone:13800000003"),
    seen(2, "email:by.hand@mail.example"),
    seen(1, "phone:13800000004", "email:apart@mail.example"),
    seen(1, "cookie_id:hers", "member_id:browser", rule="web.event"),
    *(seen(day, f"member_id:reader{day}", "cookie_id:library", rule="web.event") for day in range(5)),
    seen(1, "member_id:staff", "phone:13800138000"),
    seen(1, "cookie_id:other", rule="web.event"),
]
IDENTIFIERS = sorted(
    {
        *(f"member_id:{who}" for who in ("she", "he", "old", "new", "browser", "staff")),
        *(f"phone:1380000000{number}" for number in range(1, 5)),
        *("email:firm@mail.example", "email:by.hand@mail.example", "email:apart@mail.example", "phone:13800138000"),
        *("cookie_id:hers", "cookie_id:library", "cookie_id:other"),
        *(f"member_id:{who}{day}" for who in ("firm", "reader") for day in range(5)),
    }
)
DECISIONS: dict[str, tuple[str, ...]] = {
    "release the firm's address": ("release", "email:firm@mail.example", "member_id:firm4"),
    "refuse the couple": ("refuse", "member_id:she", "member_id:he", "--customers"),
    "withdraw the old holder": ("withdraw", "member_id:old", "phone:13800000002"),
    "join by hand": ("release", "phone:13800000003", "email:by.hand@mail.example"),
    "take apart": ("refuse", "phone:13800000004", "email:apart@mail.example"),
    "not her browser": ("refuse", "cookie_id:hers", "member_id:browser"),
}


@dataclass(frozen=True)
class Told:
    """What the commands said before the decisions, after them, after the next build, and after publishing it."""

    world: World
    reviews: tuple[Any, Any, Any]
    decisions: dict[str, Ran]
    explained_between: Ran
    impacts: tuple[Any, Any, Any]


def built(world: World) -> None:
    world.build("bridge_customer_identifier", "int_identity__quarantined_link", as_of=str(LAST_DAY))
    done_build(world)


def publish(world: World) -> None:
    (build,) = world.rows("select max(build_id) from ops.build")[0]
    assert publication.publish(world.brand, build, LAST_DAY)


def asked(world: World, command: str) -> Any:
    return touchstream(world, "identity", command, "--json").json


@pytest.fixture(scope="module")
def told(workshop: Workshop) -> Iterator[Told]:
    with open_world(workshop) as world:
        land(world, Facts(RECORDS, blocked=frozenset({key("phone:13800138000")})), IDENTIFIERS)
        built(world)
        publish(world)
        before, unchanged = asked(world, "review"), asked(world, "impact")
        said = {
            name: touchstream(world, "identity", *words, "--reason", name, "--by", "ming")
            for name, words in DECISIONS.items()
        }
        between = asked(world, "review")
        pending = touchstream(world, "identity", "explain", *DECISIONS["join by hand"][1:])
        built(world)
        to_be_published = asked(world, "impact")
        publish(world)
        yield Told(
            world,
            (before, between, asked(world, "review")),
            said,
            pending,
            (unchanged, to_be_published, asked(world, "impact")),
        )


def waiting(review: Any) -> set[tuple[str, tuple[str, ...]]]:
    """What waits: kind and clear values."""
    return {(item["kind"], tuple(sorted(name["value"] for name in item["names"]))) for item in review["items"]}


def verdict(told: Told, one: str, other: str) -> str:
    return touchstream(told.world, "identity", "explain", one, other, "--json").json["verdict"]


def test_what_waits_is_listed_with_its_evidence(told: Told) -> None:
    assert waiting(told.reviews[0]) == {
        ("link", ("+8613800000001", "he")),
        ("link", ("+8613800000002", "new")),
        ("limit", ("firm@mail.example",)),
        ("limit", ("library",)),
        ("blocked", ("+8613800138000",)),
    }
    items = {item["names"][0]["value"]: item for item in told.reviews[0]["items"]}
    assert items["firm@mail.example"]["neighbours"] == [["member_id", 5]]
    assert items["library"]["neighbours"] == [["customer", 5]]
    link = next(item for item in told.reviews[0]["items"] if item["kind"] == "link")
    assert (link["evidence_days"], link["first_date"]) == (1, "2025-03-02")
    assert {name["value"] for name in link["customers"]} == {"he", "she"}


def test_what_was_decided_waits_no_more_neither_before_the_build_nor_after_it(told: Told) -> None:
    left = {("limit", ("library",)), ("blocked", ("+8613800138000",))}
    # Of the recycled number another link was withdrawn than the one that waits: the build lets it in.
    assert waiting(told.reviews[1]) == left | {("link", ("+8613800000002", "new"))}
    # The released address is one of five members' now: four of its links are contested, which is new.
    others = {("link", (f"firm{day}", "firm@mail.example")) for day in range(4)}
    assert waiting(told.reviews[2]) == left | others
    quarantine = "select count(*) from identity.int_identity__quarantined_link where %s in (left_key, right_key)"
    assert told.world.rows(quarantine.replace("%s", f"'{key('member_id:he')}'")) == [(1,)], "it is refused, not gone"


def test_a_decision_says_what_it_means_and_when_it_counts(told: Told) -> None:
    assert {name: ran.code for name, ran in told.decisions.items()} == dict.fromkeys(DECISIONS, 0)
    assert told.decisions["join by hand"].lines[:2] == [
        "release: phone +8613800000003 – email by.hand@mail.example",
        "by ming, counting from 2025-03-07: join by hand",
    ]
    assert "until then nothing moves" in told.decisions["join by hand"].out
    assert "two customers, by whatever path" in told.decisions["take apart"].out
    assert "no record links them" in told.explained_between.lines[1]
    assert told.explained_between.lines[2].startswith("* decided since (release, by ming: join by hand)")
    (couple,) = told.world.rows("select left_key, right_key from ops.identity_decision where reason like '%couple'")
    assert set(couple) == {key("member_id:she"), key("member_id:he")}, "the identifiers of highest priority"


def test_decisions_are_in_force_with_the_next_build(told: Told) -> None:
    assert verdict(told, "email:firm@mail.example", "member_id:firm4") == "one"
    assert verdict(told, "member_id:new", "phone:13800000002") == "one"
    assert verdict(told, "member_id:old", "phone:13800000002") == "two"
    assert verdict(told, "phone:13800000003", "email:by.hand@mail.example") == "one"
    assert verdict(told, "phone:13800000004", "email:apart@mail.example") == "two"
    assert verdict(told, "cookie_id:hers", "member_id:browser") == "two"
    assert verdict(told, "member_id:she", "phone:13800000001") == "one"


def test_impact_tells_what_publishing_will_change_and_then_what_it_did(told: Told) -> None:
    unchanged, coming, done = told.impacts
    assert [unchanged[kind] for kind in ("merged", "split", "renamed", "left", "new")] == [0] * 5
    # Merged: the by-hand address and number. Split: the address taken apart, her browser, the recycled number. Renamed:
    # the number's and the firm's newer members, by the earlier identifier that they got.
    changed = {kind: coming[kind] for kind in ("merged", "split", "renamed", "left", "new", "merges", "splits")}
    assert changed == {"merged": 1, "split": 3, "renamed": 2, "left": 0, "new": 1, "merges": 1, "splits": 3}
    assert coming["rekeyed"] == 6
    assert coming["rekeyed_share"] == pytest.approx(6 / coming["customers_before"])
    assert [done[kind] for kind in ("merged", "split", "renamed", "left", "new")] == [0] * 5
    assert done["logged"]["changes"] == {"merged": 1, "split": 3, "renamed": 2}
    assert sum(done["histogram"].values()) == len(
        told.world.rows("select distinct component_key from identity.int_identity__component")
    )
    log = touchstream(told.world, "identity", "show", "email:by.hand@mail.example").lines
    assert "former keys:" in log
    assert "email by.hand@mail.example" in log


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("release", "cookie_id:other", "member_id:she"), "is a device: it is assigned to whoever logs in on it"),
        (("release", "phone:13800138000", "member_id:staff"), "is blocked (told): a release does not help"),
        (("release", "member_id:she", "member_id:he"), "a customer has at most one member_id"),
        (("release", "member_id:she", key("member_id:she")), "are the same identifier"),
        (("refuse", "member_id:she", "member_id:stranger"), "member_id:stranger was never seen"),
        (DECISIONS["take apart"], "ming decided `refuse` as of 2025-03-07 already"),
        (DECISIONS["withdraw the old holder"], "ming decided `withdraw` as of 2025-03-07 already"),
        (DECISIONS["refuse the couple"], "ming decided `refuse` as of 2025-03-07 already"),
        (("refuse", "cookie_id:other", "cookie_id:hers"), "are both devices"),
        (("withdraw", "member_id:she", "member_id:old"), "there is nothing to withdraw"),
        (("refuse", "member_id:she", "phone:13800000001", "--customers"), "are one customer now"),
        (("refuse", "member_id:she", "phone:13800138000", "--customers"), "names nobody"),
        (("refuse", "member_id:she", "cookie_id:other", "--customers"), "is only a device's customer"),
        (("refuse", "member_id:she", "member_id:old", "--reason", " "), "a decision needs a reason"),
    ],
)
def test_nonsense_is_turned_away_and_nothing_is_recorded(told: Told, words: tuple[str, ...], said: str) -> None:
    count = "select count(*) from ops.identity_decision"
    before = told.world.rows(count)
    found = touchstream(told.world, "identity", *words, *(() if "--reason" in words else ("--reason", "why not")))
    assert (found.code, told.world.rows(count)) == (2, before), found.out
    assert said in found.out


def test_a_decision_of_a_later_day_is_not_overruled_from_an_older_build(told: Told) -> None:
    done_build(told.world, LAST_DAY.replace(day=4))
    found = touchstream(told.world, "identity", "release", *DECISIONS["take apart"][1:], "--reason", "together again")
    assert found.code == 2
    assert "the later day would hold" in found.out
