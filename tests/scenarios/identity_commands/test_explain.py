"""Each verdict of `identity explain`, `identity show`, how identifiers are named, and who sees clear values."""

from __future__ import annotations

import re

import pytest

from tests.scenarios.identity_commands.conftest import IDENTIFIERS, LIN, TWINS
from tests.scenarios.identity_commands.people import key, printed, touchstream
from tests.scenarios.world import World

TOKEN = re.compile(r"\b[0-9a-f]{12}(?:[0-9a-f]{20}|…| )")
NUMBER = "phone:13800000001"
REFUSED = ("phone:13800000002", "email:he@mail.example")
BY_HAND = ("phone:13800000004", "email:by.hand@mail.example")


def explained(world: World, one: str, other: str, *more: str) -> list[str]:
    found = touchstream(world, "identity", "explain", one, other, *more)
    assert found.code == 0, found.out
    return found.lines


def kinds(world: World, one: str, other: str) -> tuple[str, list[str]]:
    """The verdict and the kinds of obstacles, as machines read them."""
    found = touchstream(world, "identity", "explain", one, other, "--json").json
    return found["verdict"], [item["kind"] for item in found["obstacles"]]


def test_one_customer_is_told_by_the_shortest_chain_with_the_records_it_rests_on(people: World) -> None:
    assert explained(people, LIN[0], LIN[2]) == [
        "wechat_openid wx1:o-lin and member_id lin are one customer (wechat_unionid u-lin).",
        "1. wechat_openid wx1:o-lin – phone +8613917001234",
        "Orders of the online shop (shop.order): since 2025-03-03, on 1 day",
        "2. phone +8613917001234 – member_id lin",
        "Consent given and withdrawn (crm.consent): since 2025-03-05, on 2 days",
    ]


def test_a_device_is_told_by_the_login_that_assigned_it(people: World) -> None:
    assert explained(people, "cookie_id:home", LIN[1]) == [
        "cookie_id home and phone +8613917001234 were one customer for a time, and are not now:",
        "1. cookie_id home – member_id lin",
        "logged in on 2025-03-04 (Events of the website); the device counts from the beginning until 2025-03-06",
        "2. member_id lin – phone +8613917001234",
        "Consent given and withdrawn (crm.consent): since 2025-03-05, on 2 days",
    ]
    assert explained(people, "member_id:wu", "cookie_id:home") == [
        "member_id wu and cookie_id home are one customer (member_id wu).",
        "1. member_id wu – cookie_id home",
        "logged in on 2025-03-06 (Events of the website); the device counts from 2025-03-06 until now",
    ]


def test_a_release_and_the_undated_list_are_steps_of_a_chain(people: World) -> None:
    assert explained(people, *BY_HAND)[2] == "released by ming, counting from 2025-03-04: asked at the counter"
    assert explained(people, "member_id:listed", "email:listed@mail.example")[2] == (
        "Members (crm.member): undated, on 1 day"
    )


@pytest.mark.parametrize(
    ("one", "other", "verdict", "obstacle", "told"),
    [
        ("member_id:wu", LIN[2], "two", "device", "a device never makes one customer of two"),
        ("member_id:old", "member_id:new", "two", "quarantined", "would give one customer two values of member_id"),
        (NUMBER, "member_id:new", "two", "quarantined", "phone +8613800000001 – member_id new (since 2025-03-05)"),
        ("member_id:till0", "member_id:till1", "two", "shared", "email till@shop.example, which names nobody"),
        ("email:till@shop.example", "member_id:till1", "nobody", "limit", "(seen with 5 member_id)"),
        (
            "member_id:default",
            "phone:13800138000",
            "nobody",
            "blocked",
            "is blocked, so it names nobody: a default number",
        ),
        (
            "member_id:default",
            "member_id:default2",
            "two",
            "shared",
            "phone +8613800138000, which names nobody: a default number",
        ),
        (*REFUSED, "two", "refused", "ming refused that"),
        ("email:she@mail.example", REFUSED[1], "two", "refused", "counting from 2025-03-04: asked at the counter"),
        ("member_id:wrong", "phone:13800000003", "two", "withdrawn", "up to 2025-03-04 that was withdrawn"),
        ("member_id:listed", LIN[2], "two", "no_evidence", "no record links them, directly or by way of others"),
    ],
)
def test_two_customers_are_told_why_they_are_two(
    people: World, one: str, other: str, verdict: str, obstacle: str, told: str
) -> None:
    assert kinds(people, one, other) == (verdict, [obstacle])
    assert told in explained(people, one, other)[1]


def test_a_link_left_out_on_the_way_through_a_third_customer_is_told(people: World) -> None:
    assert kinds(people, "member_id:new", "member_id:newest") == ("two", ["by_way", "by_way"])


def test_show_tells_identifiers_devices_and_quarantine(people: World) -> None:
    assert touchstream(people, "identity", "show", LIN[1]).lines == [
        f"customer wechat_unionid u-lin (key {key('wechat_unionid:u-lin')})",
        "identifiers:",
        "member_id lin, since 2025-03-04",
        "wechat_unionid u-lin, since 2025-03-01",
        "phone +8613917001234, since 2025-03-03",
        "wechat_openid wx1:o-lin, since 2025-03-01",
        "devices:",
        "cookie_id home, from the beginning until 2025-03-06, logged in as member_id lin",
    ]
    assert touchstream(people, "identity", "show", key(NUMBER)).lines[3:] == [
        (
            "phone +8613800000001, since 2025-03-01; last seen with another customer, member_id newest: it is not "
            "written to"
        ),
        "links in quarantine:",
        *(
            f"phone +8613800000001 – member_id {who} (since {day}): it would give one customer two values of "
            f"member_id; the other customer: member_id {who}"
            for who, day in (("new", "2025-03-05"), ("newest", "2025-03-06"))
        ),
    ]
    assert touchstream(people, "identity", "show", "cookie_id:nobody").lines[-1] == (
        "cookie_id nobody, from the beginning until now, nobody ever logged in"
    )
    assert touchstream(people, "identity", "show", "member_id:till1").lines[-1] == (
        "email till@shop.example: more neighbours than its namespace allows"
    )
    assert touchstream(people, "identity", "show", "phone:13800138000").lines == [
        "phone +8613800138000 names nobody: a default number"
    ]


@pytest.mark.parametrize(
    "spelled",
    ["phone:139 1700 1234", "phone:+86-139-1700-1234", "phone:008613917001234", key(LIN[1]), key(LIN[1]).upper()[:9]],
)
def test_an_identifier_may_be_spelled_in_many_ways(people: World, spelled: str) -> None:
    assert explained(people, spelled, LIN[2])[0] == (
        "phone +8613917001234 and member_id lin are one customer (wechat_unionid u-lin)."
    )


def test_a_value_without_its_scope_is_found_where_it_is_the_only_one(people: World) -> None:
    assert explained(people, "wechat_openid:o-lin", LIN[2]) == explained(people, LIN[0], LIN[2])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("fax:1", "no namespace 'fax'; there are app_instance_id, cookie_id"),
        ("phone:12", "'12' is no phone"),
        ("phone:139****1234", "'139****1234' is no phone"),
        ("member_id:stranger", "member_id:stranger was never seen up to 2025-03-07"),
        ("wechat_openid:nobody", "wechat_openid:nobody was never seen"),
        ("wechat_openid:twice", "say which of wechat_openid:wx1:twice, wechat_openid:wx2:twice"),
        (TWINS[0][:20], "several tokens begin with"),
        ("13917001234", "say of what: phone:13917001234"),
        ("lin", "'lin' is no identifier: give namespace:value"),
        ("member_id: lin ", "are the same identifier"),
    ],
)
def test_what_names_nothing_is_told_and_ends_with_2(people: World, given: str, told: str) -> None:
    found = touchstream(people, "identity", "explain", given, LIN[2])
    assert found.code == 2
    assert told in found.out


CLEAR = re.compile(
    "|".join(re.escape(one.replace(":", " ", 1)) + r"\b" for one in IDENTIFIERS)
    + r'|\+86|\d{11}|\.example|o-lin|"value": "'
)
"""A clear value as text names it, one in JSON, and pieces of numbers and addresses anywhere."""


@pytest.mark.parametrize(
    "words",
    [
        ("identity", "explain", key(LIN[0]), key(LIN[2])),
        ("identity", "explain", key("member_id:old"), key("member_id:new"), "--json"),
        ("identity", "show", key(LIN[2])),
        ("identity", "review"),
        ("identity", "impact"),
        ("customer", "find", "--identifier", key(LIN[2])),
    ],
)
def test_only_who_may_read_the_vault_sees_clear_values(people: World, words: tuple[str, ...]) -> None:
    as_support, as_reader = touchstream(people, *words), touchstream(people, *words, "--role", "reader")
    assert CLEAR.search(as_support.out)
    assert as_reader.code == 0
    assert not CLEAR.search(TOKEN.sub("", as_reader.out))
    as_bi = touchstream(people, *words, "--role", "bi")
    assert (as_bi.code, as_bi.out.count("\n")) == (1, 1)
    assert "bi may not read who is who: ask as reader or support" in as_bi.out


def test_what_the_documentation_prints_is_what_the_commands_print(people: World) -> None:
    shown = printed("identity")
    assert len(shown) == 5
    for words, lines in shown:
        found = touchstream(people, *words)
        assert found.out.replace(people.brand.name, "qinglan").splitlines() == lines, words
