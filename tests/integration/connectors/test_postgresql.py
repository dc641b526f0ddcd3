"""A shop's own PostgreSQL as a source: types, ties, and rows that come while it is read."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import psycopg
import pytest
from psycopg import sql as names

from orchestration.sources.connectors import sql
from orchestration.sources.landing.land import land
from orchestration.warehouse import connect, server
from tests.shelf import Shelf
from tests.workshop import Workshop, rows

SOURCE = """
[sources.orders]
connector = "sql"
contract = "pos.order_line"
ignore_columns = ["changed_at", "extra"]
[sources.orders.sql]
url_env = "SHOP_DATABASE"
key = ["order_id", "order_line_id"]
column = "changed_at"
batch_rows = 3
"""
TABLE = """
    create schema "Shop";
    create table "Shop"."OrderLine" (
        order_id uuid default gen_random_uuid(), order_line_id bigint, ordered_at timestamptz, store_id text,
        product_id text, quantity smallint, sales_amount numeric(18, 4), member_id text, extra jsonb,
        changed_at timestamptz not null, primary key (order_id, order_line_id)
    )
"""
SELL = """
    insert into "Shop"."OrderLine" (
        order_line_id, ordered_at, store_id, product_id, quantity, sales_amount, extra, changed_at
    )
    select n, '2024-03-01 10:00:00+08', 's1', 'p1', 1 + mod(n, 5), mod(n, 100) / 4.0, '{"a": [1, 2.50]}', %s
    from generate_series(cast(%s as bigint), %s) as n
"""
LARGE = 2**40


@pytest.fixture
def shop(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    """A database of its own on the server of this run, with one table."""
    brand = workshop.brand("", name="neighbour")
    name = f"shop_{secrets.token_hex(4)}"
    with server.connect_maintenance() as maintenance:
        maintenance.execute(names.SQL("create database {}").format(names.Identifier(name)))
    url = replace(connect.connection_parts(brand.name), dbname=name).url()
    monkeypatch.setenv("SHOP_DATABASE", url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
        yield connection
    with server.connect_maintenance() as maintenance:
        maintenance.execute(names.SQL("drop database {} with (force)").format(names.Identifier(name)))


def sell(shop: psycopg.Connection, second: int, first: int, last: int) -> None:
    shop.execute(SELL, (datetime(2024, 3, 1, 10, 0, second, tzinfo=UTC), LARGE + first, LARGE + last))


def test_a_table_lands_once_with_its_types(workshop: Workshop, shop: psycopg.Connection) -> None:
    brand = workshop.brand(SOURCE + 'table = "Shop.OrderLine"\n')
    sell(shop, 1, 1, 7)
    assert [item.outcome for item in land(brand)] == ["landed"] * 3
    sell(shop, 1, 8, 9)
    sell(shop, 2, 10, 10)
    assert sum(item.landed for item in land(brand)) == 3, "ties are read again and left out"
    assert land(brand) == []
    found = rows(brand, "select order_line_id, ordered_at, quantity, sales_amount from raw.raw_pos__order_line")
    moment = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
    numbers = range(LARGE + 1, LARGE + 11)
    expected = [(str(n), moment, 1 + n % 5, (Decimal(n % 100) / 4).quantize(Decimal("0.01"))) for n in numbers]
    assert sorted(found, key=lambda row: int(str(row[0]))) == expected
    assert rows(brand, "select sum(landed), sum(accepted) from ops.batch") == [(10, 10)]


@pytest.mark.parametrize(
    "settings",
    [
        'table = "Shop.OrderLine"\n',
        'table = "Shop.OrderLine"\nstart = 2024-01-01T00:00:00Z\nlag = 30\n',
        "query = '''select *, extra::text as told from \"Shop\".\"OrderLine\" where store_id like 's%' ; '''\n",
    ],
)
def test_rows_that_come_while_it_reads_are_in_once(workshop: Workshop, shop: psycopg.Connection, settings: str) -> None:
    shelf = Shelf(workshop.brand(SOURCE + settings, name="neighbour"), sql.offers, "orders")
    for step in range(8):
        sell(shop, step // 3, 10 * step + 1, 10 * step + 8)
        shelf.land(at_most=2)
    while shelf.land():
        pass
    expected = [LARGE + 10 * step + n for step in range(8) for n in range(1, 9)]
    assert (shelf.failure, shelf.values("order_line_id")) == (None, expected)


def test_what_the_database_refuses_is_told(workshop: Workshop, shop: psycopg.Connection) -> None:
    twice = 'query = """select a.*, a.store_id from "Shop"."OrderLine" as a"""\n'
    text = 'table = "Shop.OrderLine"\nstart = "yesterday"\n'
    for settings, said in ((twice, "columns store_id are there twice"), (text, "operator does not exist")):
        shelf = Shelf(workshop.brand(SOURCE + settings, name="neighbour"), sql.offers, "orders")
        shelf.land()
        assert said in str(shelf.failure)
