"""Rows of a database are landed once each, in whatever steps they are read and whatever is written meanwhile."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from orchestration.source_settings import SqlSettings
from orchestration.sources.connectors import sql
from orchestration.sources.connectors.reading import Reading
from tests.shelf import Shelf, brand_of, failure_of

SOURCE = """
[sources.orders]
connector = "sql"
contract = "pos.order_line"
[sources.orders.sql]
url_env = "SHOP_DATABASE"
key = ["order_id"]
batch_rows = 4
"""
BY_CHANGE = SOURCE + 'table = "sale"\ncolumn = "changed_at"\n'


class Shop:
    """A database in a file; `changed` counts the moments at which rows change."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute("create table sale (order_id integer primary key, paid real, changed_at text)")
        self.orders = 0

    def sell(self, moment: int, count: int = 1, *, order: int | None = None) -> None:
        for _ in range(count):
            self.orders += 1
            row = (order or self.orders, self.orders / 4, f"2024-03-01 {10 + moment // 60}:00:{moment % 60:02}")
            self.connection.execute("insert or replace into sale values (?, ?, ?)", row)
        self.connection.commit()


@pytest.fixture
def shop(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("SHOP_DATABASE", f"sqlite:///{home / 'shop.db'}")
    made = Shop(home / "shop.db")
    yield made
    made.connection.close()


def shelf(home: Path, toml: str = BY_CHANGE) -> Shelf:
    return Shelf(brand_of(home, toml), sql.offers, "orders")


@pytest.mark.parametrize("at_most", [1, 2, 1000])
def test_rows_of_one_moment_land_once_across_batches_and_landings(home: Path, shop: Shop, at_most: int) -> None:
    found = shelf(home)
    for moment in (1, 1, 2, 2, 3):
        shop.sell(moment, 7)
        found.land(at_most=at_most)
    for _ in range(20):
        found.land(at_most=at_most)
    assert found.values("order_id") == list(range(1, 36))
    assert found.land() == [], "nothing new"
    shop.sell(4, 2)
    found.land()
    ((moment, digests),) = found.cursor["seen"]
    assert (moment, len(digests)) == ("2024-03-01 10:00:04", 2), "the last moment's rows are remembered, and no others"


@pytest.mark.parametrize("seed", range(5))
def test_any_story_of_sales_and_broken_landings_ends_with_each_row_once(home: Path, shop: Shop, seed: int) -> None:
    """Rows come at the newest moment or later, anywhere in the order of the key, at any time between two batches."""
    draw = random.Random(seed)
    found, moment, numbers = shelf(home), 0, draw.sample(range(100_000), 400)
    for _ in range(40):
        moment += draw.choice((0, 0, 1))
        for _ in range(draw.randrange(9)):
            shop.sell(moment, order=numbers.pop())
        if draw.random() < 0.7:
            found.land(at_most=draw.choice((1, 2, 3, 1000)))
    while found.land(at_most=1):
        pass
    assert found.values("order_id") == [
        row[0] for row in shop.connection.execute("select order_id from sale order by 1")
    ]


def test_rows_that_come_while_it_reads_are_read_in_the_same_landing(home: Path, shop: Shop) -> None:
    shop.sell(1, 10)
    found = shelf(home)
    offers = sql.offers(found.brand, found.brand.file.sources["orders"], {})
    names: list[str] = []
    cursor = {}
    for offer in offers:
        names.append(offer.name)
        cursor = dict(offer.advance(cursor))
        if len(names) == 2:
            shop.sell(2, 3)
    assert names == ["sale batch 1", "sale batch 2", "sale batch 3", "sale batch 4"]


def test_a_changed_row_lands_again_also_within_its_moment(home: Path, shop: Shop) -> None:
    found = shelf(home)
    shop.sell(1, 3)
    found.land()
    shop.sell(1, order=2)
    found.land()
    shop.sell(5, order=2)
    found.land()
    assert [row["paid"] for row in found.rows if row["order_id"] == 2] == [0.5, 1.0, 1.25]
    assert len(found.rows) == 5


@pytest.mark.parametrize(("lag", "missed"), [("lag = 5\n", set[int]()), ("", {12})])
def test_a_lag_catches_rows_that_are_committed_late(home: Path, shop: Shop, lag: str, missed: set[int]) -> None:
    found = shelf(home, BY_CHANGE + lag)
    shop.sell(10, 11)
    found.land()
    shop.sell(7)
    found.land()
    found.land()
    assert found.values("order_id") == sorted(set(range(1, 13)) - missed)


def test_without_a_growing_column_everything_is_read_and_unchanged_batches_are_known(home: Path, shop: Shop) -> None:
    found = shelf(home, SOURCE + 'table = "sale"\n')
    shop.sell(1, 6)
    assert found.land() == ["landed", "landed"]
    assert found.land() == ["known", "known"]
    paid = shop.connection.execute("select paid from sale where order_id = 5").fetchone()[0]
    for now, outcomes in ((9.5, ["known", "landed"]), (paid, ["known", "landed"]), (paid, ["known", "known"])):
        shop.connection.execute("update sale set paid = ? where order_id = 5", (now,))
        shop.connection.commit()
        assert found.land() == outcomes


def test_a_query_with_an_own_growing_column(home: Path, shop: Shop) -> None:
    query = (
        "select *, coalesce(changed_at, '2024-01-01 00:00:00') as moved, 'a :b %' as note from sale where order_id > 2;"
    )
    found = shelf(home, SOURCE + f'query = "{query}"\ncolumn = "moved"\nstart = "2024-03-01 10:00:02"\n')
    shop.sell(1, 3)
    shop.sell(2, 3)
    found.land()
    assert (found.values("order_id"), found.rows[0]["note"]) == ([4, 5, 6], "a :b %")


def test_a_refused_batch_is_offered_again_and_nothing_behind_it(home: Path, shop: Shop) -> None:
    found = shelf(home)
    shop.sell(1, 12)
    found.refuses = lambda row: row["order_id"] == 6
    assert (found.land(), found.land()) == (["landed", "refused"], ["refused"])
    found.refuses = lambda _: False
    assert (found.land(), found.values("order_id")) == (["landed", "landed"], list(range(1, 13)))


def test_rows_without_the_growing_column_are_told(home: Path, shop: Shop) -> None:
    shop.sell(1, 3)
    shop.connection.execute("insert into sale values (99, 1.0, null)")
    shop.connection.commit()
    found = shelf(home)
    told = failure_of(found)
    assert (told.reason, "coalesce" in str(told), found.values("order_id")) == ("null_column", True, [1, 2, 3])


@pytest.mark.parametrize(
    ("settings", "reason", "said"),
    [
        ('table = "sale"\ncolumn = "changed"\n', "failing", "no such column: changed"),
        ('table = "sold"\n', "failing", "no such table: sold"),
        ('query = "select order_id, paid as _line from sale"\n', "bad_setting", "columns _line are there twice or"),
        ('query = "select 1 as order_id from sale"\n', "bad_setting", "does not name one row"),
        ('query = "select order_id, 1 as moved from sale order by"\n', "failing", "syntax error"),
    ],
)
def test_wrong_settings_are_told(home: Path, shop: Shop, settings: str, reason: str, said: str) -> None:
    shop.sell(1, 9)
    told = failure_of(shelf(home, SOURCE + settings))
    assert (told.reason, said in str(told)) == (reason, True), str(told)


@pytest.mark.parametrize(
    ("url", "reason", "said"),
    [
        ("no url", "bad_setting", "the URL in SHOP_DATABASE is none"),
        ("oracl://u:hush@h/d", "bad_setting", "the URL in SHOP_DATABASE is none"),
        ("postgresql://u:hush@127.0.0.1:1/d", "failing", "the database says"),
        ("mysql://u:hush@127.0.0.1:1/d", "failing", "the database says"),
        ("", "missing_secret", "SHOP_DATABASE is not set"),
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    home: Path, monkeypatch: pytest.MonkeyPatch, url: str, reason: str, said: str
) -> None:
    monkeypatch.setenv("SHOP_DATABASE", url)
    told = failure_of(shelf(home))
    assert (told.reason, said in str(told), "hush" in str(told)) == (reason, True, False), str(told)


def test_a_missing_driver_names_the_extra(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_DATABASE", "mysql://u:p@h/d")
    monkeypatch.setitem(__import__("sys").modules, "pymysql", None)
    told = failure_of(shelf(home))
    assert (told.reason, "pip install 'touchstream[mysql]'" in str(told)) == ("missing_extra", True), str(told)


def test_statements_hold_in_the_dialect_of_mysql() -> None:
    engine = sa.create_mock_engine("mysql+pymysql://", lambda *_: None)
    assert engine.dialect.name == "mysql"
    how = SqlSettings(url_env="X", table="shop.sale", key=["id"], column="changed_at")
    told = str(sql.statement(how, Reading(since=5, next=(7, 8))).compile(dialect=mysql.dialect()))
    assert " ".join(told.split()) == (
        "SELECT * FROM shop.sale WHERE changed_at >= %s AND (changed_at > %s OR changed_at = %s AND id > %s) "
        "ORDER BY changed_at, id LIMIT %s"
    )


def test_the_cursor_keeps_types(home: Path, shop: Shop) -> None:
    shop.connection.execute("create table t (order_id integer primary key, n real)")
    shop.connection.executemany("insert into t values (?, ?)", [(2**40 + n, n / 2) for n in range(6)])
    shop.connection.commit()
    found = shelf(home, SOURCE + 'table = "t"\ncolumn = "n"\n')
    found.land(at_most=1)
    assert json.dumps(found.cursor["next"]) == f"[1.5, {2**40 + 3}]"
    found.land()
    assert found.values("n") == [n / 2 for n in range(6)]
