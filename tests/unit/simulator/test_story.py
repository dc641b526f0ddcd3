"""What the exports tell is what truly happened: books add up, causes cause, the disappointed leave."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import phonenumbers
import pytest

from simulator.brand import truth as truth_tables
from simulator.brand.loyalty import TIER_YUAN, TIERS
from simulator.brand.messages import OPEN_RATE, pressure
from simulator.brand.parameters import Parameters
from simulator.brand.people import CHANNELS
from simulator.brand.stimuli import AD
from simulator.brand.story import Story, chunks
from simulator.brand.world import World
from tests.unit.simulator.reading import rows, truth


@pytest.fixture(scope="session")
def story() -> Story:
    """Four thousand people over the whole story."""
    return Story(World(Parameters(customers=4001)), 1, 4001)


@pytest.fixture(scope="module")
def paid(year: Path) -> dict[str, int]:
    """What was paid for the goods of every order, in hundredths, from the shops' own lines."""
    found: dict[str, int] = defaultdict(int)
    for source, order, amount in (
        ("till_receipts", "receipt_no", "paid"),
        ("tmall_order_items", "tid", "divide_order_fee"),
        ("shop_order_items", "order_no", "paid"),
    ):
        for row in rows(year, source):
            found[row[order]] += round(100 * float(row[amount]))
    return found


def test_points_are_one_for_each_yuan_of_the_orders_that_named_a_member(year: Path, paid: dict[str, int]) -> None:
    earned = {row["order_no"]: row["points"] for row in rows(year, "points") if row["type"] == "earn"}
    assert len(earned) > 300
    assert earned == {order: paid[order] // 100 for order in earned}


def test_nobody_spends_points_they_have_not(year: Path) -> None:
    balance: Counter[str] = Counter()
    entries = sorted(rows(year, "points"), key=lambda row: (row["posted_at"], row["points"] < 0))
    for row in entries:
        balance[row["member_no"]] += row["points"]
        assert row["type"] in ("reverse", "expire") or balance[row["member_no"]] >= 0, row
    taken = {(row["member_no"], row["redeemed_at"], -int(row["points"])) for row in rows(year, "rewards")}
    assert taken == {(row["member_no"], row["posted_at"], row["points"]) for row in entries if row["type"] == "redeem"}


def test_tiers_rise_with_the_spend_of_twelve_months(year: Path, paid: dict[str, int]) -> None:
    """The rule once more, order by order."""
    orders: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in rows(year, "points"):
        if row["type"] == "earn":
            orders[row["member_no"]].append((row["posted_at"], paid[row["order_no"]]))
    told: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows(year, "tiers"):
        if row["reason"] == "spend":
            told[row["member_no"]].append((row["changed_at"], row["tier"]))
    assert len(told) > 100
    for member, spent in orders.items():
        best, rises = -1, []
        for at, _ in sorted(spent):
            since = (date.fromisoformat(at[:10]) - timedelta(days=365)).isoformat() + at[10:]
            total = sum(cents for when, cents in spent if since < when <= at)
            level = max(place for place, yuan in enumerate(TIER_YUAN) if total >= 100 * yuan)
            if level > best:
                best = level
                rises.append((at, TIERS[level]))
        assert sorted(told[member]) == rises, member


def test_every_number_is_valid_and_every_address_an_example(year: Path) -> None:
    identifiers = truth(year, "identifier")
    phones = {row["value"] for row in identifiers if row["namespace"] == "phone"}
    mails = {row["value"] for row in identifiers if row["namespace"] == "email"}
    assert len(phones) > 250
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone, None)) for phone in phones)
    assert {phone[:6] for phone in phones} == {"+86192", "+86138"}
    assert mails
    assert all(mail.endswith(".example") for mail in mails)
    assert all(row["is_synthetic"] == "true" for row in rows(year, "members"))


def test_the_truth_names_the_holder_of_every_identifier_the_members_show(year: Path) -> None:
    holders = defaultdict(set)
    for row in truth(year, "identifier"):
        holders[row["namespace"], row["value"]].add(row["person"])
    for row in rows(year, "members"):
        (person,) = holders["member_id", row["member_no"]]
        assert person in holders["phone", f"+86{row['phone']}"], row
        assert not row["email"] or holders["email", row["email"]] == {person}
        assert not row["unionid"] or holders["wechat_unionid", row["unionid"]] == {person}


def test_some_numbers_are_shared_inherited_or_nobodys(story: Story) -> None:
    table = truth_tables.tables(story)["identifier"]
    relations = Counter(table["relation"].to_pylist())
    assert relations["family"] > 50
    assert relations["recycled"] > 4
    typed = Counter(row == "13800000000" for batch in [story] for row in _typed_phones(batch))
    assert typed[True] > 3


def _typed_phones(story: Story) -> list[str | None]:
    from simulator.brand.exports import till

    shown = next(batch for batch in till.export(story) if batch.export.name == "till_identifications")
    return shown.columns["phone"].to_pylist()


def test_gifts_go_to_somebody_else(year: Path) -> None:
    gifts = [row for row in rows(year, "shop_orders") if row["is_gift"]]
    others = [row for row in rows(year, "shop_orders") if not row["is_gift"]]
    assert gifts
    assert all(row["receiver_phone"] == row["phone"] for row in others)
    assert sum(row["receiver_phone"] != row["phone"] for row in gifts) > 0.9 * len(gifts)


def test_a_day_without_spend_is_a_day_without_clicks(story: Story) -> None:
    media = story.world.media
    clicks = np.zeros(media.ad_strength.shape)
    led = story.stimuli.rows(story.stimuli.kind == AD)
    days = (led.at - story.world.parameters.start_at) // 86_400
    np.add.at(clicks, (led.ref, days), 1)
    at_first = story.people.entry == 1
    entered = (story.people.entry_at[at_first] - story.world.parameters.start_at) // 86_400
    np.subtract.at(clicks, (story.people.entry_ref[at_first], entered), 1)
    dark = media.ad_strength == 0
    assert clicks[dark].sum() == 0
    weeks = clicks.sum(0)[: 7 * 57].reshape(57, 7).sum(1)
    spend = media.ad_strength.sum(0)[: 7 * 57].reshape(57, 7).sum(1)
    assert np.corrcoef(weeks, spend)[0, 1] > 0.8


def test_the_disappointed_leave(story: Story) -> None:
    bought, gone = story.bought, np.zeros(len(story.people), np.bool_)
    gone[story.lives.gone_who] = True
    last = np.append(bought.who[1:] != bought.who[:-1], np.ones(1, np.bool_))
    bad = bought.outcome.satisfaction[last] < 0.6
    assert gone[bought.who[last]][bad].mean() > 2.0 * gone[bought.who[last]][~bad].mean()


def test_what_goes_wrong_is_felt(story: Story) -> None:
    outcome = story.bought.outcome
    fine = ~(outcome.is_late | outcome.is_stock_out | outcome.is_over_promised) & (outcome.told_count < 2)
    for wrong in (outcome.is_late, outcome.is_stock_out, outcome.is_over_promised, outcome.told_count > 2):
        assert outcome.satisfaction[wrong].mean() < outcome.satisfaction[fine].mean() - 0.1
    busy = (story.bought.sale >= 0) & (story.bought.shop != 0)
    calm = (story.bought.sale < 0) & (story.bought.shop != 0)
    assert outcome.is_late[busy].mean() > 1.5 * outcome.is_late[calm].mean()


def test_the_weary_answer_less_and_say_no_more(story: Story) -> None:
    messages = story.reach.messages
    got = pressure(messages.who, messages.at)
    is_email = messages.channel == CHANNELS.index("email")
    opened = messages.open_at < 1 << 59
    assert OPEN_RATE[1] > 0
    assert opened[is_email & (got == 0)].mean() > 1.2 * opened[is_email & (got > 3)].mean()
    says_no = messages.no_at < 1 << 59
    assert says_no[got > 3].mean() > says_no[got == 0].mean()
    ended = story.reach.no_at[messages.who, messages.channel]
    assert (messages.at < ended).all()


def test_who_was_held_out_buys_less_of_it(story: Story) -> None:
    table = truth_tables.tables(story)["campaign_reach"]
    arm = np.array(table["arm"].to_pylist())
    assert 0.08 < (arm == "held_out").mean() < 0.12
    orders = table["orders"].to_numpy()
    assert orders[arm == "sent"].sum() > 300
    assert orders[arm == "held_out"].sum() == 0
    assert table["incremental_orders"].to_numpy().sum() < orders.sum()


def test_seasons_pull(story: Story) -> None:
    day = (story.bought.at - story.world.parameters.start_at) // 86_400
    per_day = np.bincount(day, minlength=400)
    eleven = story.world.parameters.day_of(date(2025, 11, 11))
    assert per_day[eleven - 3 : eleven + 1].mean() > 2 * np.median(per_day)
    assert story.bought.is_deposit.sum() > 30


def test_stages_follow_each_other_without_gaps(story: Story) -> None:
    table = truth_tables.tables(story)["stage"]
    person, stage = table["person"].to_numpy(), np.array(table["stage"].to_pylist())
    first, last = table["valid_from"].to_pylist(), table["valid_to"].to_pylist()
    for row in range(1, person.size):
        if person[row] == person[row - 1]:
            assert first[row] == last[row - 1]
            assert stage[row] != stage[row - 1]
        else:
            assert last[row - 1] is None
    assert set(stage) == {"aware", "attempt", "adopt", "advocate", "abandon"}
    assert person.size < 4 * len(story.people)


def test_chunks_cover_everybody_once() -> None:
    for customers in (100, 10_001, 10_002, 25_000):
        found = chunks(customers)
        assert [number for first, last in found for number in (first, last)][1:-1:2] == [last for _, last in found[:-1]]
        assert (found[0][0], found[-1][1]) == (1, customers)
        assert min(last - first for first, last in found) >= 99
