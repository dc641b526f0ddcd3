"""Files of a folder elsewhere are landed once each, by SFTP and from a bucket alike."""

from __future__ import annotations

import gzip
import logging
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import asyncssh
import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

from orchestration.sources.connectors import folder, s3, sftp
from simulator.sftp_server import SftpServer
from tests.shelf import Offers, Shelf, brand_of, failure_of

SOURCE = '\n[sources.till]\nconnector = "{kind}"\ncontract = "pos.order_line"\npath = "till/*"\n[sources.till.{kind}]\n'
HEADING = "order_id,order_line_id\n"


class Place(ABC):
    """A folder elsewhere, as its owner sees it."""

    offers: ClassVar[Offers]
    settings: str

    @abstractmethod
    def put(self, name: str, content: bytes) -> None: ...
    @abstractmethod
    def remove(self, name: str) -> None: ...

    def till(self, name: str, *orders: int) -> None:
        self.put(name, (HEADING + "".join(f"{order},1\n" for order in orders)).encode())


class SftpPlace(Place):
    offers = staticmethod(sftp.offers)

    def __init__(self, server: SftpServer) -> None:
        self.server = server
        self.settings = SOURCE.format(kind="sftp") + (
            f'host = "127.0.0.1"\nport = {server.port}\nusername = "shop"\npassword_env = "SFTP_PASSWORD"\n'
            f'host_key = "{server.host_key}"\n'
        )
        (server.folder / "till").mkdir()

    def put(self, name: str, content: bytes) -> None:
        path = self.server.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (1_700_000_000 + len(content), 1_700_000_000 + len(content)))

    def remove(self, name: str) -> None:
        (self.server.folder / name).unlink()


class BucketPlace(Place):
    offers = staticmethod(s3.offers)

    def __init__(self, endpoint: str) -> None:
        keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
        self.client: Any = boto3.client("s3", endpoint_url=endpoint, **keys)
        self.client.create_bucket(Bucket="exports")
        self.settings = SOURCE.format(kind="s3") + (
            f'bucket = "exports"\nendpoint_url = "{endpoint}"\nregion = "us-east-1"\naccess_key_env = "S3_KEY"\n'
            'secret_key_env = "S3_SECRET"\naddressing = "path"\nattempts = 1\n'
        )

    def put(self, name: str, content: bytes) -> None:
        self.client.put_object(Bucket="exports", Key=name, Body=content)

    def remove(self, name: str) -> None:
        self.client.delete_object(Bucket="exports", Key=name)


@pytest.fixture
def server(home: Path) -> Iterator[SftpServer]:
    root = home / "sftp"
    root.mkdir()
    with SftpServer(root, username="shop", password="hush-hush") as made:
        yield made


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    made = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    made.start()
    host, port = made.get_host_and_port()
    yield f"http://{host}:{port}"
    made.stop()


@pytest.fixture
def bucket(moto: str) -> BucketPlace:
    boto3.client("s3", endpoint_url=moto, aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1")

    httpx.post(f"{moto}/moto-api/reset")
    return BucketPlace(moto)


@pytest.fixture(params=["sftp", "s3"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name, value in {"SFTP_PASSWORD": "hush-hush", "S3_KEY": "a", "S3_SECRET": "b"}.items():
        monkeypatch.setenv(name, value)
    if request.param == "sftp":
        return SftpPlace(request.getfixturevalue("server"))
    return request.getfixturevalue("bucket")


def shelf(home: Path, place: Place, settings: str | None = None) -> Shelf:
    return Shelf(brand_of(home, settings or place.settings), type(place).offers, "till")


def test_each_file_lands_once_and_what_is_being_written_is_left_alone(home: Path, place: Place) -> None:
    found = shelf(home, place)
    assert (found.land(), found.failure) == ([], None), "an empty folder is no failure"
    place.till("till/a.csv", 1, 2)
    place.till("till/b.csv.part", 3)
    place.till("till/.c.csv", 4)
    place.till("till/d.tmp", 5)
    place.till("else/e.csv", 6)
    place.put("till/f.csv.gz", gzip.compress(b"order_id,order_line_id\n7,1\n", mtime=0))
    assert found.land() == ["landed", "landed"]
    assert (found.land(), found.values("order_id")) == ([], ["1", "2", "7"])
    place.till("till/b.csv", 3)
    place.till("till/g.csv", 1, 2)
    assert found.land() == ["landed", "known"], "the same content under another name"
    place.till("till/a.csv", 1, 2, 8)
    assert found.land() == ["landed"]
    assert set(found.cursor) == {"till/a.csv", "till/b.csv", "till/f.csv.gz", "till/g.csv"}
    place.remove("till/g.csv")
    place.till("till/h.csv", 9)
    found.land()
    assert "till/g.csv" not in found.cursor, "what is gone is forgotten"
    assert not list((found.brand.home / "scratch").iterdir()), "nothing is left in scratch"


def test_a_landing_that_is_broken_off_goes_on(home: Path, place: Place) -> None:
    for number in range(5):
        place.till(f"till/{number}.csv", number)
    found = shelf(home, place)
    for _ in range(5):
        assert len(found.land(at_most=1)) == 1
    assert (found.land(), found.values("order_id")) == ([], [str(number) for number in range(5)])


def test_an_unreadable_file_is_refused_by_name_and_the_others_land(home: Path, place: Place) -> None:
    place.put("till/a.csv", b"")
    place.put("till/b.doc", b"x")
    place.till("till/c.csv", 1)
    found = shelf(home, place)
    assert found.land() == ["empty_file", "unknown_format", "landed"]
    assert found.land() == ["empty_file", "unknown_format"], "offered again until it is mended"


def test_wrong_credentials_are_told_without_them(
    home: Path, server: SftpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFTP_PASSWORD", "wrong-word")
    told = failure_of(shelf(home, SftpPlace(server)))
    assert (told.reason, "does not let shop in" in str(told), "wrong-word" in str(told)) == ("not_allowed", True, False)


def test_another_host_key_is_refused_before_the_password_leaves(
    home: Path, server: SftpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFTP_PASSWORD", "hush-hush")
    place = SftpPlace(server)
    stranger = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    told = failure_of(shelf(home, place, place.settings.replace(server.host_key, stranger)))
    assert told.reason == "unknown_host"
    monkeypatch.setenv("HOME", str(home))
    unknown = failure_of(shelf(home, place, place.settings.replace(f'host_key = "{server.host_key}"\n', "")))
    assert unknown.reason == "unknown_host", "without a key the account's own list counts"
    (home / ".ssh").mkdir()
    (home / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {server.host_key}\n", encoding="utf-8")
    known = shelf(home, place, place.settings.replace(f'host_key = "{server.host_key}"\n', ""))
    assert (known.land(), known.failure) == ([], None)


@pytest.mark.filterwarnings("ignore:.*bcrypt.kdf")  # a key for a test need not cost a second
@pytest.mark.parametrize("given", ["text", "path"])
def test_a_key_opens_the_folder(home: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    text = key.export_private_key(passphrase="locked", rounds=2).decode()
    (home / "id").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SFTP_KEY", str(home / "id") if given == "path" else text)
    monkeypatch.setenv("SFTP_LOCK", "locked")
    (home / "sftp").mkdir()
    with SftpServer(home / "sftp", username="shop", password="other", key=key) as server:
        place = SftpPlace(server)
        place.till("till/a.csv", 1)
        keyed = 'key_env = "SFTP_KEY"\npassphrase_env = "SFTP_LOCK"'
        found = shelf(home, place, place.settings.replace('password_env = "SFTP_PASSWORD"', keyed))
        assert (found.land(), found.failure) == (["landed"], None)
        monkeypatch.setenv("SFTP_LOCK", "wrong")
        assert failure_of(found).reason == "not_allowed"


def test_a_file_that_changes_while_it_is_fetched_waits_for_the_next_landing(
    home: Path, server: SftpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFTP_PASSWORD", "hush-hush")
    place = SftpPlace(server)
    place.till("till/a.csv", 1)
    place.till("till/b.csv", 2)
    server.on_open = lambda name: place.till("till/a.csv", 1, 3) if name == "till/a.csv" else None
    found = shelf(home, place)
    assert (found.land(), found.values("order_id")) == (["landed"], ["2"])
    assert (found.land(), found.values("order_id")) == (["landed"], ["1", "2", "3"])


def test_an_object_that_changes_after_it_was_listed_waits_for_the_next_landing(
    home: Path, bucket: BucketPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S3_KEY", "a")
    monkeypatch.setenv("S3_SECRET", "b")
    bucket.till("till/a.csv", 1)
    bucket.till("till/b.csv", 2)
    found = shelf(home, bucket)
    offers = s3.offers(found.brand, found.brand.file.sources["till"], {})
    assert next(offers).name == "till/a.csv"
    bucket.till("till/b.csv", 2, 3)
    assert list(offers) == []
    assert (found.land(), found.values("order_id")) == (["landed", "landed"], ["1", "2", "3"])


def test_a_folder_bucket_or_server_that_is_not_there_is_told(
    home: Path, server: SftpServer, bucket: BucketPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"SFTP_PASSWORD": "hush-hush", "S3_KEY": "a", "S3_SECRET": "b"}.items():
        monkeypatch.setenv(name, value)
    place = SftpPlace(server)
    told = failure_of(shelf(home, place, place.settings.replace("till/*", "tilt/*")))
    assert (told.reason, "has no folder tilt" in str(told)) == ("bad_setting", True)
    told = failure_of(shelf(home, place, place.settings.replace(f"port = {server.port}", "port = 1")))
    assert (told.reason, "127.0.0.1:1 cannot be reached" in str(told)) == ("unreachable", True)
    told = failure_of(shelf(home, bucket, bucket.settings.replace('"exports"', '"imports"')))
    assert (told.reason, "bucket imports" in str(told), "NoSuchBucket" in str(told)) == ("bad_setting", True, True)
    port = bucket.settings.partition("127.0.0.1:")[2].partition('"')[0]
    told = failure_of(shelf(home, bucket, bucket.settings.replace(f":{port}", ":1")))
    assert (told.reason, "EndpointConnectionError" in str(told)) == ("unreachable", True)


@pytest.mark.parametrize(("kind", "package"), [("sftp", "asyncssh"), ("s3", "boto3")])
def test_a_missing_package_names_the_extra(
    request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch, kind: str, package: str
) -> None:
    place = SftpPlace(request.getfixturevalue("server")) if kind == "sftp" else request.getfixturevalue("bucket")
    monkeypatch.setitem(sys.modules, package, None)
    told = failure_of(shelf(home, place))
    assert (told.reason, f"pip install 'touchstream[{kind}]'" in str(told)) == ("missing_extra", True)


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("till/*.csv", {"till/a.csv"}),
        ("**/*.csv", {"a.csv", "till/a.csv", "till/x/a.csv", "tillXa.csv"}),
        ("till/**/a.csv", {"till/a.csv", "till/x/a.csv"}),
        ("till/[!a].csv", set[str]()),
        ("till/?.csv", {"till/a.csv"}),
    ],
)
def test_patterns_are_those_of_a_shell(pattern: str, fitting: set[str]) -> None:
    names = ["a.csv", "till/a.csv", "till/x/a.csv", "till/a.csv.gz", "tillXa.csv"]
    assert {name for name in names if folder.fits(name, pattern)} == fitting
