"""A landing from any connector may be killed anywhere: in the end raw holds each record of the other side once.

The judge is the other side's own record: the API's list, the shop's table, the files that were put out.
"""

from __future__ import annotations

import logging
import sqlite3
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from orchestration.sources.landing.land import land
from simulator.http_api import Api, Behaviour
from simulator.sftp_server import SftpServer
from tests.shelf import ENVIRONMENT, orders
from tests.workshop import Workshop, rows

SOURCE = '\n[sources.orders]\nconnector = "{kind}"\ncontract = "pos.order_line"\nignore_columns = ["changed_at"]\n'
KILLS = (
    ("landing.before_commit", 2),
    ("landing.after_commit", 1),
    ("landing.after_copy", 1),
    ("landing.before_commit", 1),
    ("landing.after_commit", 2),
)
IN_RAW = "select order_id from raw.raw_pos__order_line"
SECRETS = {**ENVIRONMENT, "SFTP_PASSWORD": "hush", "S3_KEY": "a", "S3_SECRET": "b"}


class OtherSide(ABC):
    """Who has the records. `settings`: the brand file that reaches it; `environment`: what else that needs."""

    settings: str
    environment: dict[str, str]

    @abstractmethod
    def write(self, orders: range) -> None:
        """Put out more records; they come between kills."""

    @abstractmethod
    def has(self) -> list[str]:
        """Every record there is, by its own account."""


class ApiSide(OtherSide):
    def __init__(self, api: Api) -> None:
        self.api, self.settings, self.environment = api, orders(api, "cursors"), {}

    def write(self, orders: range) -> None:
        self.api.add(len(orders))

    def has(self) -> list[str]:
        return [record["order_id"] for record in self.api.records]


class DatabaseSide(OtherSide):
    def __init__(self, path: Path) -> None:
        self.database = sqlite3.connect(path)
        self.database.execute(
            "create table sale (order_id text primary key, order_line_id text, ordered_at text, store_id text, "
            "product_id text, quantity integer, sales_amount real, changed_at integer)"
        )
        self.environment = {"SHOP_DATABASE": f"sqlite:///{path}"}
        self.settings = SOURCE.format(kind="sql") + (
            '[sources.orders.sql]\nurl_env = "SHOP_DATABASE"\ntable = "sale"\ncolumn = "changed_at"\n'
            'key = ["order_id"]\nbatch_rows = 4\n'
        )

    def write(self, orders: range) -> None:
        sold = [(f"o{n}", "1", "2024-03-01 10:00:00", "s", "p", 1, n / 4, n // 3) for n in orders]
        self.database.executemany("insert into sale values (?, ?, ?, ?, ?, ?, ?, ?)", sold)
        self.database.commit()

    def has(self) -> list[str]:
        return [row[0] for row in self.database.execute("select order_id from sale")]


class FolderSide(OtherSide):
    """Files of ten lines; `put` says where to."""

    def __init__(self) -> None:
        self.written: list[str] = []

    @abstractmethod
    def put(self, name: str, text: str) -> None: ...

    def write(self, orders: range) -> None:
        heading = "order_id,order_line_id,ordered_at,store_id,product_id,quantity,sales_amount\n"
        for first in range(orders.start, orders.stop, 5):
            lines = [f"o{n}" for n in range(first, min(first + 5, orders.stop))]
            self.put(f"till/{first:04}.csv", heading + "".join(f"{n},1,2024-03-01,s,p,1,1.00\n" for n in lines))
            self.written += lines

    def has(self) -> list[str]:
        return self.written


class SftpSide(FolderSide):
    def __init__(self, server: SftpServer) -> None:
        super().__init__()
        self.server, self.environment = server, {}
        (server.folder / "till").mkdir()
        self.settings = SOURCE.format(kind="sftp") + (
            f'path = "till/*.csv"\n[sources.orders.sftp]\nhost = "127.0.0.1"\nport = {server.port}\nusername = "shop"\n'
            f'password_env = "SFTP_PASSWORD"\nhost_key = "{server.host_key}"\n'
        )

    def put(self, name: str, text: str) -> None:
        (self.server.folder / name).write_text(text, encoding="utf-8")


class BucketSide(FolderSide):
    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self.environment = {}
        keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
        self.client: Any = boto3.client("s3", endpoint_url=endpoint, **keys)
        self.client.create_bucket(Bucket="exports")
        self.settings = SOURCE.format(kind="s3") + (
            f'path = "till/*.csv"\n[sources.orders.s3]\nbucket = "exports"\nendpoint_url = "{endpoint}"\n'
            'region = "us-east-1"\naccess_key_env = "S3_KEY"\nsecret_key_env = "S3_SECRET"\naddressing = "path"\n'
        )

    def put(self, name: str, text: str) -> None:
        self.client.put_object(Bucket="exports", Key=name, Body=text.encode())


@pytest.fixture
def api() -> Iterator[Api]:
    with Api(behaviour=Behaviour(page_size=4)) as made:
        yield made


@pytest.fixture
def sftp_server(tmp_path: Path) -> Iterator[SftpServer]:
    (tmp_path / "sftp").mkdir()
    with SftpServer(tmp_path / "sftp", username="shop", password=SECRETS["SFTP_PASSWORD"]) as made:
        yield made


@pytest.fixture
def bucket() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    made = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    made.start()
    host, port = made.get_host_and_port()
    yield f"http://{host}:{port}"
    made.stop()


@pytest.fixture(params=["http", "sql", "sftp", "s3"])
def other_side(request: pytest.FixtureRequest, tmp_path: Path) -> OtherSide:
    if request.param == "http":
        return ApiSide(request.getfixturevalue("api"))
    if request.param == "sql":
        return DatabaseSide(tmp_path / "shop.db")
    if request.param == "sftp":
        return SftpSide(request.getfixturevalue("sftp_server"))
    return BucketSide(request.getfixturevalue("bucket"))


def killed(workshop: Workshop, arguments: tuple[str, ...], point: str, hits: int, environment: dict[str, str]) -> None:
    """Run a landing that is killed at a passage of a point."""
    ended = workshop.python(
        "-m", *arguments, TOUCHSTREAM_FAILPOINT=f"{point}:kill", TOUCHSTREAM_FAILPOINT_HITS=str(hits), **environment
    )
    assert ended.returncode == -9, ended.stderr


def test_killed_again_and_again_each_record_lands_once(
    workshop: Workshop, other_side: OtherSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {**SECRETS, **other_side.environment}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    brand = workshop.brand(other_side.settings)
    other_side.write(range(1, 22))
    batches = 0
    for step, (point, hits) in enumerate(KILLS):
        killed(workshop, ("orchestration.cli", "--brand", brand.name, "land"), point, hits, environment)
        batches += hits - (point != "landing.after_commit")
        assert rows(brand, "select count(*) from ops.batch") == [(batches,)], f"after kill {step + 1}"
        other_side.write(range(22 + 7 * step, 29 + 7 * step))
    results = land(brand)
    assert {item.outcome for item in results} == {"landed"}
    assert Counter(str(row[0]) for row in rows(brand, IN_RAW)) == Counter(other_side.has())
    assert land(brand) == []
    assert not list((brand.home / "scratch").iterdir()), "what the killed left behind is swept"


@pytest.mark.parametrize(
    ("when", "point", "lost", "doubled"),
    [("before", "landing.before_commit", 4, 0), ("after", "landing.after_commit", 0, 4)],
)
def test_the_harness_sees_a_cursor_that_is_kept_apart(
    workshop: Workshop, api: Api, when: str, point: str, lost: int, doubled: int
) -> None:
    brand = workshop.brand(orders(api, "cursors"))
    api.add(14)
    naive = ("tests.faults.connectors.naive", brand.name, when)
    killed(workshop, naive, point, 2, ENVIRONMENT)
    ended = workshop.python("-m", *naive, **ENVIRONMENT)
    assert ended.returncode == 0, ended.stderr
    found = Counter(str(row[0]) for row in rows(brand, IN_RAW))
    assert len([record for record in api.records if record["order_id"] not in found]) == lost
    assert len([order for order, times in found.items() if times > 1]) == doubled
