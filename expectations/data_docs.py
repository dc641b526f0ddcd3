"""Data Docs: the newest verdict of every subject as pages that need no network.

Here: writing `<brand home>/docs/data-docs/`. Great Expectations renders each result; the frame, the style sheet and
the index are the house's own, because its pages fetch theirs (and scripts, fonts and a logo) from the internet. Not
here: verdicts, which are read from `ops.check_result`, so that the pages are the same whichever processes judged.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from expectations import suites
from expectations.verdicts import KeptVerdict, newest
from orchestration import settings
from orchestration.warehouse.connect import connect
from orchestration.warehouse.locks import brand_lock

if TYPE_CHECKING:
    from great_expectations.render.view.view import DefaultJinjaSectionView

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = "style.css"


def folder(brand: str) -> Path:
    """Where a brand's pages lie; `index.html` is the first."""
    return settings.brand_home(brand) / "docs" / "data-docs"


def write_docs(brand: str) -> Path:
    """Write the pages of all newest verdicts anew and give the path of the index.

    The old pages stay until the new ones are whole; one process writes at a time. A subject that was never judged is
    listed as such. Raises LockHeld when another process has been writing for half a minute.
    """
    with brand_lock(brand, name="data docs", what="data docs", wait_seconds=30):
        with connect(brand, application_name="touchstream data docs") as connection:
            kept = newest(connection)
        target = folder(brand)
        fresh = target.with_name(f"{target.name}.part")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        _write_pages(brand, kept, fresh)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    return target / "index.html"


def _write_pages(brand: str, kept: dict[str, KeptVerdict], fresh: Path) -> None:
    shutil.copyfile(_TEMPLATES / _STYLE, fresh / _STYLE)
    pages = _environment()
    for name in suites.subjects():
        if name in kept:
            page = pages.get_template("verdict.html.j2").render(**_page(brand, name, kept[name]))
            (fresh / f"{name}.html").write_text(page, encoding="utf-8")
    index = pages.get_template("index.html.j2").render(brand=brand, doors=_doors(kept))
    (fresh / "index.html").write_text(index, encoding="utf-8")


def _environment() -> Environment:
    pages = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    pages.filters["figure"] = _figure
    return pages


def _figure(value: object) -> str:
    """A value as a reader wants it: numbers to four digits behind the point, nothing for nothing."""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def _doors(kept: dict[str, KeptVerdict]) -> list[dict[str, object]]:
    doors: dict[str, list[dict[str, object]]] = {}
    for name in suites.subjects():
        about = suites.subject(name)
        verdict = kept.get(name)
        doors.setdefault(about.door, []).append({"subject": about, "verdict": verdict})
    return [{"name": door, "rows": rows} for door, rows in doors.items()]


def _page(brand: str, name: str, verdict: KeptVerdict) -> dict[str, object]:
    validations = enumerate(verdict.evidence["validations"])
    sections = [section for number, found in validations for section in _sections(found, number)]
    return {
        "brand": brand,
        "subject": suites.subject(name),
        "verdict": verdict,
        "facts": verdict.evidence["facts"],
        "sections": sections,
    }


def _sections(validation: dict[str, Any], part: int) -> list[str]:
    """One part's result as Great Expectations renders it: HTML without head, scripts and links.

    `part` keeps ids apart.
    """
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
        expectationSuiteValidationResultSchema,
    )
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    result = cast(ExpectationSuiteValidationResult, expectationSuiteValidationResultSchema.load(validation))
    document = ValidationResultsPageRenderer(run_info_at_end=True).render(result).to_json_dict()
    return [
        _view().render({"section": _without_links(section), "section_loop": {"index": f"{part}-{number}"}})
        for number, section in enumerate(cast("list[object]", document["sections"]))
    ]


@cache
def _view() -> DefaultJinjaSectionView:
    """One for all sections: each compiles its templates anew."""
    from great_expectations.render.view.view import DefaultJinjaSectionView

    return DefaultJinjaSectionView()


def _without_links(value: object) -> object:
    """The section without attributes that lead elsewhere: there are no pages of suites, and nothing is fetched."""
    if isinstance(value, dict):
        return {key: _without_links(item) for key, item in value.items() if key not in ("href", "src")}
    if isinstance(value, list):
        return [_without_links(item) for item in value]
    return value
