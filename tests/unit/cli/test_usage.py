"""Wrong usage ends with code 2 and says what would be right, without a traceback and without a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.cli import main

TEA = """\
title = "T"
time_zone = "UTC"
currency = "EUR"
[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*"
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(tmp_path))
    monkeypatch.setenv("TOUCHSTREAM_CONNECTORS", str(tmp_path / "own"))
    monkeypatch.setenv("TOUCHSTREAM_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "tea.toml").write_text(TEA, encoding="utf-8")
    (tmp_path / "a.csv").write_text("order_id\n1\n", encoding="utf-8")
    (tmp_path / "sound.csv").write_text("member_id\n1\n", encoding="utf-8")
    (tmp_path / "short.csv").write_text("member_id,email\n1,a@b.example\n2\n", encoding="utf-8")
    return tmp_path


def ran(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    monkeypatch.setattr("sys.argv", ["touchstream", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    told = capsys.readouterr()
    return int(str(ended.value.code or 0)), told.out + told.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("land", "--nonsense"), "No such option"),
        (("--brand", "coffee", "land"), "no brand 'coffee'"),
        (("--brand", "tea", "land", "tills"), "no source tills; there are till"),
        (("--brand", "tea", "land", "--as", "till"), "give the file too"),
        (("--brand", "tea", "land", "--check", "nowhere.csv", "--as", "till"), "is no file"),
        (("--brand", "tea", "land", "--check", "{home}/a.csv", "--as", "pos.orders"), "pos.order_line"),
        (("--brand", "tea", "land", "--check", "{home}/a.csv", "--as", "tils"), "nearest are till"),
        (("--brand", "tea", "land", "--check", "{home}/a.csv"), "say with --as"),
        (("--brand", "tea", "source", "new", "web", "--as", "shop.orders"), "shop.order"),
        (("--brand", "tea", "source", "new", "Web", "--as", "shop.order"), "lower-case letters"),
        (("--brand", "tea", "source", "new", "till", "--as", "shop.order"), "has a source 'till'"),
        (("--brand", "tea", "source", "new", "web", "--as", "shop.order", "--connector", "pigeon"), "there are files"),
        (("--brand", "tea", "source", "new", "web", "--as", "shop.order", "--from", "nowhere.csv"), "is no file"),
        (("source", "connector", "Bad-name"), "lower-case letters"),
    ],
)
def test_wrong_usage_is_told(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    code, told = ran(monkeypatch, capsys, *(word.replace("{home}", str(home)) for word in words))
    assert code == 2
    assert said in " ".join(told.replace("│", " ").split())


@pytest.mark.parametrize(
    ("file", "as_", "code"),
    [("sound.csv", "crm.member", 0), ("short.csv", "crm.member", 1), ("a.csv", "crm.member", 5), ("a.csv", "till", 5)],
)
def test_a_check_ends_with_what_would_become_of_the_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], file: str, as_: str, code: int
) -> None:
    assert ran(monkeypatch, capsys, "--brand", "tea", "land", "--check", str(home / file), "--as", as_)[0] == code
    asked = ("--brand", "tea", "land", "--check", str(home / file), "--as", as_, "--json")
    found, told = ran(monkeypatch, capsys, *asked)
    assert found == code
    assert '"accepted"' in told


def test_a_check_can_do_without_a_brand(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BRAND", raising=False)
    code, told = ran(monkeypatch, capsys, "land", "--check", str(home / "sound.csv"), "--as", "crm.member")
    assert (code, "No brand chosen" in told, "1 rows: 1 accepted" in told) == (0, True, True)
    assert not (home / "home" / "brands" / "nobody").exists()
