"""The own-data page holds: followed to the letter, a foreign shop's exports and a foreign API land and add up."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from orchestration import brands, settings
from orchestration.brands import Brand
from tests.integration.own_data.page import Follower, steps
from tests.workshop import Workshop, rows

PAGE = settings.project_root() / "docs" / "bring-your-own-data.md"
UP_TO = "8. Build and read"
"""Here the page builds the models; it is followed up to this heading."""
CLUB = "https://club.tea-house.example/members"


@pytest.fixture(scope="module")
def club(workshop: Workshop) -> Iterator[str]:
    """The club's API: it answers with the page's own example."""

    class Club(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write((workshop.folder / "exports" / "members.json").read_bytes())

        def log_request(self, code: object = "-", size: object = "-") -> None:
            del code, size

    with ThreadingHTTPServer(("127.0.0.1", 0), Club) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/members"
        server.shutdown()


@pytest.fixture(scope="module")
def brand(workshop: Workshop, club: str) -> Brand:
    """The brand of the page, after every step of it up to the building of the models."""
    folder = workshop.folder
    (folder / ".venv").symlink_to(settings.project_root() / ".venv")
    (folder / ".touchstream").symlink_to(folder / "home")
    (folder / "brands").mkdir(exist_ok=True)
    environment = {**os.environ, **workshop.environment, "TOUCHSTREAM_CONNECTORS": str(folder / "connectors")}
    follower = Follower(folder, environment, replaced={CLUB: club})
    for step in steps(PAGE, until=UP_TO):
        follower.follow(step)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOUCHSTREAM_CONNECTORS", str(folder / "connectors"))
        return brands.load("tea_house")


def test_every_file_of_the_page_is_accounted_for(brand: Brand) -> None:
    told = (
        "select name, landed, accepted, duplicate, quarantined from ops.batch where replayed_from is null order by name"
    )
    assert [row for row in rows(brand, told) if not str(row[0]).startswith("club/")] == [
        ("order_items/items_2025-03-01.csv", 4, 4, 0, 0),
        ("order_items/items_2025-03-02.csv", 2, 0, 0, 2),
        ("orders/orders_2025-03-01.csv", 3, 3, 0, 0),
        ("orders/orders_2025-03-02.csv", 2, 1, 0, 1),
    ]
    replayed = "select source, landed, accepted from ops.batch where replayed_from is not null order by source"
    assert rows(brand, replayed) == [("order_items", 2, 2), ("orders", 1, 1)]
    assert rows(brand, "select count(*) from quarantine.row where replayed_at is null") == [(0,)]
    assert rows(brand, "select unmapped_columns from ops.batch where unmapped_columns <> '{}'") == []


def test_what_the_shop_sold_is_in_raw(brand: Brand) -> None:
    assert rows(
        brand,
        "select ord.order_id, cast(ord.ordered_at at time zone 'Europe/Berlin' as text), "
        "cast(ord.paid_amount - ord.postage_amount as text), cast(sum(itm.sales_amount) as text), sum(itm.quantity) "
        "from raw.raw_shop__order as ord inner join raw.raw_shop__order_item as itm on itm.order_id = ord.order_id "
        "group by 1, 2, 3 order by 1",
    ) == [
        ("TH-1001", "2025-03-01 09:12:00", "1249.90", "1249.90", 10),
        ("TH-1002", "2025-03-01 11:40:00", "18.50", "18.50", 1),
        ("TH-1003", "2025-03-01 18:05:00", "61.80", "61.80", 3),
        ("TH-1004", "2025-02-28 10:00:00", "18.50", "18.50", 1),
        ("TH-1005", "2025-03-02 10:30:00", "41.80", "41.80", 2),
    ]


def test_buyers_and_members_of_the_club_are_the_same_people(brand: Brand) -> None:
    assert rows(
        brand,
        "select vlt.value, count(distinct ord.order_id) from raw.raw_crm__member as mem "
        "inner join raw.raw_shop__order as ord "
        "on ord.member_id_key = mem.member_id_key and ord.email_key = mem.email_key "
        "inner join vault.clear_value as vlt on vlt.value_key = mem.email_key group by 1 order by 1",
    ) == [("lin@example.com", 2), ("wu@example.com", 1)]


def test_the_entry_of_the_page_has_no_setting_the_house_does_not_know() -> None:
    page = PAGE.read_text(encoding="utf-8")
    told = page.partition("## Every setting of a source")[2]
    known = {*brands.Source.model_fields, *brands.ColumnRule.model_fields}
    unknown = [name for name in known - {"columns", "column"} if name not in told]
    assert unknown == []
