"""Data Docs: pages of the newest verdicts that fetch nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from expectations import data_docs, suites
from tests.integration.expectations.kit import ORDER_LINE, REDEMPTION, Desk, receipts

_FETCHING = {"href", "src", "srcset", "action", "data", "poster", "background", "xlink:href"}


class _Resources(HTMLParser):
    """Every address a page names in an attribute, and whether it holds a script."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.addresses += [value or "" for name, value in attrs if name in _FETCHING]


def resources(page: Path) -> _Resources:
    found = _Resources()
    found.feed(page.read_text(encoding="utf-8"))
    return found


def test_pages_fetch_nothing_and_link_only_to_each_other(desk: Desk) -> None:
    desk.deliver("till/05.csv", receipts(5, quantity="two"))
    desk.judge(ORDER_LINE)
    desk.judge(REDEMPTION)
    index = data_docs.write_docs(desk.name)
    assert index == desk.brand.home / "docs" / "data-docs" / "index.html"
    pages = sorted(index.parent.glob("*.html"))
    assert [page.name for page in pages] == ["index.html", f"{ORDER_LINE}.html", f"{REDEMPTION}.html"]
    for page in pages:
        found = resources(page)
        assert found.scripts == 0
        assert found.addresses
        assert [address for address in found.addresses if not (index.parent / address).is_file()] == []
        assert not re.search(r"@import|url\(", page.read_text(encoding="utf-8"))
    assert not re.search(r"@import|url\(|https?:", (index.parent / "style.css").read_text(encoding="utf-8"))


def test_page_tells_the_fault_in_words_and_as_great_expectations_does(desk: Desk) -> None:
    desk.deliver("till/05.csv", receipts(5, member=""))
    desk.judge(ORDER_LINE)
    page = data_docs.write_docs(desk.name).with_name(f"{ORDER_LINE}.html").read_text(encoding="utf-8")
    assert '<span class="state red">red</span>' in page
    assert "till/05.csv" in page
    assert page.count("member_id is filled as often as the contract says") == 3  # summary, list, Great Expectations
    assert "Expectation Suite:" in page


def test_names_of_files_are_text_on_the_page(desk: Desk) -> None:
    desk.deliver("till/05<img src=x>.csv", receipts(5, quantity="two"))
    desk.judge(ORDER_LINE)
    page = data_docs.write_docs(desk.name).with_name(f"{ORDER_LINE}.html")
    assert "05&lt;img src=x&gt;" in page.read_text(encoding="utf-8")
    assert "x" not in resources(page).addresses


def test_subject_that_was_never_judged_is_listed_so(desk: Desk) -> None:
    page = data_docs.write_docs(desk.name).read_text(encoding="utf-8")
    assert page.count("not judged") == len(suites.subjects())
    assert "core.dim_customer" in page


def test_verdict_that_could_not_be_reached_has_its_page(desk: Desk) -> None:
    desk.build()
    desk.judge("core.dim_customer")
    page = data_docs.write_docs(desk.name).with_name("core.dim_customer.html").read_text(encoding="utf-8")
    assert "could not be judged: UndefinedTable" in page


def test_pages_of_a_writer_that_was_killed_are_written_over(desk: Desk) -> None:
    half = data_docs.folder(desk.name).with_name("data-docs.part")
    half.mkdir(parents=True)
    (half / "core.dim_customer.html").write_text("half a page", encoding="utf-8")
    index = data_docs.write_docs(desk.name)
    assert not half.exists()
    assert sorted(path.name for path in index.parent.iterdir()) == ["index.html", "style.css"]
