"""A wrong setting is refused with its line and what would be valid."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from orchestration import brands, settings
from orchestration.brands import BrandError

GOOD = """\
title = "T"
time_zone = "Asia/Shanghai"
currency = "CNY"

[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*.csv"

[sources.till.columns]
order_id = "receipt"

[destinations.email]
kind = "smtp"
from_address = "a@b.example"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(tmp_path))
    return tmp_path


def test_a_good_file_is_read(folder: Path) -> None:
    (folder / "tea.toml").write_text(GOOD, encoding="utf-8")
    brand = brands.load("tea")
    assert brand.file.sources["till"].columns == {"order_id": "receipt"}
    assert brand.file.destinations["email"].delivery == "dry_run"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('"Asia/Shanghai"', '"Asia/Shangai"', 2, "is no time zone"),
        ('"CNY"', '"yuan"', 3, "currency"),
        ('connector = "files"', 'connector = "ftp"', 6, "'files'"),
        ('contract = "pos.order_line"', 'contract = "pos.orders"', 7, "there are ads.campaign"),
        ('path = "till/*.csv"', 'paht = "till/*.csv"', 8, "no such setting; valid here: columns, connector"),
        ('order_id = "receipt"', 'oder_id = "receipt"', 11, "its fields are order_id"),
        ('order_id = "receipt"', 'order_id = { colum = "receipt" }', 11, "valid here: column, constant"),
        ('order_id = "receipt"', 'order_id = { column = "w", week_one = "1.1.2017" }', 11, "is no day"),
        ('order_id = "receipt"', 'order_id = { column = "w", format = "dd.mm.yyyy" }', 11, "no strptime pattern"),
        ('path = "till/*.csv"', 'path = "/etc/*"', 8, "within the brand's drop folder"),
        ('path = "till/*.csv"', 'path = "../*"', 8, "within the brand's drop folder"),
        ('path = "till/*.csv"', 'path = "till/*"\ndelimiter = "；"', 9, "cannot separate columns"),
        ('path = "till/*.csv"', 'path = "till/*"\ndelimiter = "\\""', 9, "cannot separate columns"),
        ('path = "till/*.csv"', 'path = "till/*"\nencoding = "hex"', 9, "is no text encoding"),
        ('contract = "pos.order_line"', 'contract = "order_line"', 7, "The nearest: pos.order_line"),
        ('order_id = "receipt"', 'order_id = { column = "r", number = "1.234,56" }', 11, "does not apply"),
        ('order_id = "receipt"', 'quantity = { column = "r", number = "1.234" }', 11, "1.234,56"),
        ('kind = "smtp"', 'kind = "pigeon"', 14, "'smtp'"),
        ('kind = "smtp"', 'kind = "smtp"\nport = 99999', 15, "65535"),
        ('path = "till/*.csv"', 'path = "till/*.csv"\nevery = "15m"', 9, "'files' lands what comes as it comes"),
        ("[destinations.email]", "[destinations.E-mail]", 13, "lower-case"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(folder: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    (folder / "tea.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrandError) as refused:
        brands.load("tea")
    assert f"tea.toml, line {line}:" in str(refused.value)
    assert said in str(refused.value)


BEYOND = {
    "http": """\
[sources.orders.http]
url = "https://api.shop.example/v1/orders"
header_env = { X-Api-Key = "SHOP_KEY" }

[sources.orders.http.paging]
by = "cursor"
parameter = "after"
next = "meta.next"

[sources.orders.http.since]
parameter = "since"
field = "changed_at"
start = 2024-01-01T00:00:00Z
""",
    "sql": """\
[sources.orders.sql]
url_env = "SHOP_DATABASE"
table = "shop.orders"
key = ["order_id"]
column = "changed_at"
lag = 60
""",
    "sftp": """\
[sources.orders.sftp]
host = "files.shop.example"
username = "touchstream"
key_env = "SHOP_KEY"
host_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB"
""",
    "s3": """\
[sources.orders.s3]
bucket = "exports"
endpoint_url = "https://oss-cn-shanghai.aliyuncs.com"
access_key_env = "S3_KEY"
secret_key_env = "S3_SECRET"
addressing = "virtual"
""",
}


def beyond(kind: str) -> str:
    """A brand file with one source of that connector; its own table begins in line 9."""
    path = 'path = "out/*.csv"' if kind in brands.READ_FILES else ""
    head = GOOD.partition("[sources.till]")[0]
    return f'{head}[sources.orders]\nconnector = "{kind}"\ncontract = "pos.order_line"\n{path}\n{BEYOND[kind]}'


@pytest.mark.parametrize("kind", list(BEYOND))
def test_each_connector_has_its_table(folder: Path, kind: str) -> None:
    (folder / "tea.toml").write_text(beyond(kind), encoding="utf-8")
    source = brands.load("tea").file.sources["orders"]
    assert [name for name in BEYOND if getattr(source, name) is not None] == [kind]
    if source.http and source.http.since:
        assert source.http.since.start == "2024-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("told", "meant"),
    [("60s", timedelta(minutes=1)), ("15m", timedelta(minutes=15)), ("6h", timedelta(hours=6)), ("2d", timedelta(2))],
)
@pytest.mark.parametrize("kind", list(BEYOND))
def test_a_source_elsewhere_is_read_at_intervals(folder: Path, kind: str, told: str, meant: timedelta) -> None:
    toml = beyond(kind).replace("[sources.orders]\n", f'[sources.orders]\nevery = "{told}"\n')
    (folder / "tea.toml").write_text(toml, encoding="utf-8")
    assert brands.load("tea").file.sources["orders"].every == meant


@pytest.mark.parametrize(
    ("kind", "old", "new", "line", "said"),
    [
        ("sql", BEYOND["sql"], "", 5, "connector 'sql' needs its table: [sources.<name>.sql]"),
        ("http", 'connector = "http"', 'connector = "sql"', 9, "this table goes with connector = 'http'"),
        (
            "http",
            '"pos.order_line"\n',
            '"pos.order_line"\npath = "x"\n',
            8,
            "'http' has no path; those that read files",
        ),
        ("http", '"pos.order_line"\n', '"pos.order_line"\nevery = "15"\n', 8, "is no interval"),
        ("http", '"pos.order_line"\n', '"pos.order_line"\nevery = "59s"\n', 8, "at least 1m, like 15m or 6h"),
        ("http", '"pos.order_line"\n', '"pos.order_line"\nevery = "0.5h"\n', 8, "is no interval"),
        ("http", '"pos.order_line"\n', '"pos.order_line"\nevery = 15\n', 8, "15 is no interval"),
        ("http", '"pos.order_line"\n', '"pos.order_line"\nonly_full = true\nevery = "1h"\n', 9, "with --full only"),
        ("http", "https://api", "ftp://api", 10, "must be a URL like https://"),
        ("http", "https://api", "https://me:word@api", 10, "without user and password"),
        ("http", '"SHOP_KEY"', '"sk 1234"', 11, "names an environment variable, like SHOP_API_KEY"),
        ("http", "header_env", "headers", 11, "X-Api-Key is a secret: name its environment variable in header_env"),
        ("http", "url =", "uri =", 10, "no such setting; valid here: attempts, backoff_seconds"),
        (
            "http",
            'next = "meta.next"',
            'nxt = "x"',
            16,
            "valid here: by, continues, first, more, next, parameter, size",
        ),
        ("http", 'next = "meta.next"', "", 13, "needs parameter (of the request) and next"),
        ("http", 'by = "cursor"', 'by = "offset"', 14, "'none', 'cursor', 'page', 'link' or 'since'"),
        ("http", 'by = "cursor"', 'by = "since"', 13, "needs size"),
        ("http", "2024-01-01T00:00:00Z", "[1]", 21, "must be a text, a number, a day or a moment"),
        ("sql", 'table = "shop.orders"', "", 9, "needs either table or query"),
        ("sql", 'column = "changed_at"', "", 9, "start and lag need column"),
        ("sql", '["order_id"]', "[]", 12, "at least 1 item"),
        ("sftp", 'key_env = "SHOP_KEY"', "", 9, "needs password_env or key_env"),
        ("sftp", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB", "md5:1b", 13, "pattern"),
        ("sftp", 'path = "out/*.csv"', "", 5, "'sftp' needs path, a file or pattern like till/*.csv"),
        ("s3", 'secret_key_env = "S3_SECRET"', "", 9, "access_key_env and secret_key_env go together"),
    ],
)
def test_a_wrong_setting_of_a_connector_is_named_with_its_line(
    folder: Path, kind: str, old: str, new: str, line: int, said: str
) -> None:
    assert old in beyond(kind)
    (folder / "tea.toml").write_text(beyond(kind).replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrandError) as refused:
        brands.load("tea")
    assert f"tea.toml, line {line}:" in str(refused.value)
    assert said in str(refused.value)


def test_broken_toml_and_missing_files_are_named(folder: Path) -> None:
    (folder / "tea.toml").write_text('title = "T\n', encoding="utf-8")
    with pytest.raises(BrandError, match=r"tea\.toml: not valid TOML.*line 1"):
        brands.load("tea")
    with pytest.raises(BrandError, match="there are tea"):
        brands.load("coffee")
    with pytest.raises(BrandError, match="is no brand name"):
        brands.load("../tea")


def test_every_brand_of_the_repository_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOUCHSTREAM_BRANDS", raising=False)
    assert brands.names()
    for name in brands.names():
        assert brands.load(name).path.parent == settings.project_root() / "brands"
