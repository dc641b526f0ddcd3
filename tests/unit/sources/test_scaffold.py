"""A new source goes into the brand file without touching another line; an own connector runs as it is written."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from orchestration import brands, settings
from orchestration.brands import BrandError, BrandFile
from orchestration.column_rule import ColumnRule
from orchestration.sources import own_connector, scaffold
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.guess import Guess
from orchestration.sources.scaffold import Entry

HEAD = 'title = "T"   # the title\ntime_zone = "UTC"\ncurrency = "EUR"\n'
TILL = """
# the till
[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*.csv"   # every night
[sources.till.columns]
order_id = "receipt"
"""
MAIL = '\n# how mail goes out\n[destinations.email]\nkind = "smtp"\nfrom_address = "a@b.example"\n'
ORDERS = CONTRACTS["shop.order"]
GUESSES = {
    "order_id": Guess("order_id", 'the "no"', ColumnRule(column='the "no"')),
    "ordered_at": Guess("ordered_at", "d", ColumnRule(column="d", format="%d/%m/%Y"), also="%m/%d/%Y"),
    "order_status": Guess(
        "order_status", "state", ColumnRule(column="state", values={"bezahlt": "paid", "是": "paid"})
    ),
    "paid_amount": Guess("paid_amount", "sum", ColumnRule.model_validate({"column": "sum", "number": "1.234,56"})),
    "email": Guess("email", "email", ColumnRule(column="email")),
}
ENTRY = Entry("web", ORDERS, path="web/*.csv", settings={"delimiter": "\t"}, guesses=GUESSES, unread=["mood", "a b"])


def added(tmp_path: Path, text: str, entry: Entry = ENTRY) -> str:
    path = tmp_path / "tea.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o640)
    scaffold.add(path, entry)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [item.name for item in tmp_path.iterdir()] == ["tea.toml"]
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("before", [HEAD, HEAD + TILL, HEAD + MAIL, HEAD + TILL + MAIL, (HEAD + TILL).rstrip("\n")])
def test_every_other_line_stays_and_the_entry_is_read_as_meant(tmp_path: Path, before: str) -> None:
    after = added(tmp_path, before)
    others = after.replace(scaffold.text_of(ENTRY), "")
    assert [line for line in others.splitlines() if line] == [line for line in before.splitlines() if line]
    source = BrandFile.model_validate(tomllib.loads(after)).sources["web"]
    assert (source.delimiter, source.path, source.ignore_columns) == ("\t", "web/*.csv", [])
    assert source.columns == {
        "order_id": 'the "no"',
        "ordered_at": ColumnRule(column="d", format="%d/%m/%Y"),
        "order_status": ColumnRule(column="state", values={"bezahlt": "paid", "是": "paid"}),
        "paid_amount": ColumnRule.model_validate({"column": "sum", "number": "1.234,56"}),
        "email": "email",
    }


def test_it_stands_behind_the_other_sources_and_before_what_follows(tmp_path: Path) -> None:
    after = added(tmp_path, HEAD + TILL + MAIL)
    order = [after.index(part) for part in ("[sources.till]", "[sources.web]", "# how mail goes out", "[destinations.")]
    assert order == sorted(order)


def test_a_second_source_leaves_the_first_its_comments(tmp_path: Path) -> None:
    first = added(tmp_path, HEAD + MAIL)
    second = added(tmp_path, first, Entry("bare", ORDERS, path="bare/*.csv"))
    assert scaffold.text_of(ENTRY) in second
    assert second.index("[sources.web]") < second.index("[sources.bare]")


def test_what_is_left_to_decide_stands_there_as_comments(tmp_path: Path) -> None:
    after = added(tmp_path, HEAD)
    assert "# %m/%d/%Y fits its first rows too" in after
    assert '# ignore_columns = ["mood", "a b"]' in after
    assert '# is_gift = ""  # whether the buyer said it is for somebody else' in after
    bare = added(tmp_path, HEAD, Entry("bare", ORDERS, path="bare/*.csv"))
    assert '# order_id = "?"  # needed: the order' in bare


def test_a_source_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "tea.toml"
    path.write_text(HEAD + TILL, encoding="utf-8")
    with pytest.raises(BrandError, match="has a source 'till'"):
        scaffold.add(path, Entry("till", ORDERS, path="x/*.csv"))
    with pytest.raises(BrandError, match="would not be valid"):
        scaffold.add(path, Entry("wrong", ORDERS, path="/etc/*"))
    assert path.read_text(encoding="utf-8") == HEAD + TILL


def test_every_contract_has_an_entry_that_is_valid(tmp_path: Path) -> None:
    text = HEAD + "".join(
        "\n" + scaffold.text_of(Entry(f"s{number}", contract, path="a/*.csv"))
        for number, contract in enumerate(CONTRACTS.values())
    )
    assert len(BrandFile.model_validate(tomllib.loads(text)).sources) == len(CONTRACTS)


@pytest.mark.parametrize("is_uncommented", [False, True], ids=["as written", "every # taken away"])
@pytest.mark.parametrize("connector", brands.CONNECTORS)
def test_every_connector_has_an_entry_that_is_read_as_a_brand_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connector: str, *, is_uncommented: bool
) -> None:
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(tmp_path))
    entry = Entry("web", ORDERS, connector=connector, path="web/*.csv", guesses=GUESSES, unread=["mood"])
    added(tmp_path, HEAD + TILL, entry)
    if is_uncommented:
        path = tmp_path / "tea.toml"
        before, mapping, after = path.read_text(encoding="utf-8").partition("[sources.web.columns]")
        settings = before.replace("\n# ", "\n").replace("\nthe till\n", "\n")
        path.write_text(settings + mapping + after, encoding="utf-8")
    source = brands.load("tea").file.sources["web"]
    assert source.connector == connector
    assert source.columns["email"] == "email"
    assert bool(source.ignore_columns) == is_uncommented
    assert bool(source.every) == (is_uncommented and connector not in brands.AT_HAND)
    if is_uncommented and source.http is not None:
        assert source.http.token is not None
        assert source.http.paging.by == "cursor"
        assert source.http.since is not None


def test_an_own_connector_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTREAM_CONNECTORS", str(tmp_path / "own"))
    module, test = own_connector.write("legacy_erp")
    assert settings.own_connectors() == ["own.legacy_erp"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", str(test)],
        cwd=settings.project_root(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr
    ruff = Path(sys.executable).with_name("ruff")
    for command in (["check"], ["format", "--check"]):
        checked = subprocess.run(
            [ruff, *command, "--stdin-filename", "orchestration/sources/connectors/own/legacy_erp.py", "-"],
            input=module.read_bytes(),
            cwd=settings.project_root(),
            capture_output=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stdout
    with pytest.raises(FileExistsError, match="there already"):
        own_connector.write("legacy_erp")


def test_an_own_connector_is_valid_in_a_brand_file_once_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOUCHSTREAM_CONNECTORS", str(tmp_path / "own"))
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(tmp_path))
    path = tmp_path / "tea.toml"
    path.write_text(HEAD, encoding="utf-8")
    own = Entry("erp", CONTRACTS["crm.member"], connector="own.erp", path="erp/*.jsonl")
    with pytest.raises(BrandError, match=r"'own\.erp' is no connector; there are 'files'"):
        scaffold.add(path, own)
    own_connector.write("erp")
    scaffold.add(path, own)
    assert "own.erp" in scaffold.connectors()
    assert brands.load("tea").file.sources["erp"].connector == "own.erp"
