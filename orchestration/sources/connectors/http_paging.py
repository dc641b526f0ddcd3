"""Ways of reading a list page by page, each from any position.

Here: which request comes next and when the list has ended. Not here: sending it (http_client.py), what has landed
(reading.py). A position is what a page's successor is asked by: a number, a cursor, a URL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from orchestration.source_settings import HttpSettings
from orchestration.sources.connectors import SourceFailedError, json_text
from orchestration.sources.connectors.http_client import Answer, Api
from orchestration.sources.connectors.json_text import BadAnswerError
from orchestration.sources.connectors.reading import Place
from orchestration.sources.connectors.values import Value, is_value


@dataclass(frozen=True)
class Page:
    """Records of one answer, and the position behind them; None where the list has ended."""

    records: Sequence[Any]
    position: tuple[Any, ...] | None


class Lister:
    """The list of one source as its API gives it."""

    def __init__(self, api: Api, how: HttpSettings) -> None:
        self.how = how
        self._api = api

    def ask(self, position: Any, since: Value | None, *, url: str | None = None) -> Answer:
        """The answer at a position of the pass that began at `since`."""
        how, paging = self.how, self.how.paging
        parameters: dict[str, Any] = {}
        if paging.size_parameter:
            parameters[paging.size_parameter] = paging.size
        if how.since is not None and since is not None:
            parameters[how.since.parameter] = since
        if paging.parameter is not None and position is not None:
            parameters[paging.parameter] = position
        return self._api.ask(parameters, url=url)

    def records(self, answer: Answer) -> list[Any]:
        """The records of an answer; SourceFailedError where the list is not at the place the settings say."""
        try:
            return json_text.list_at(answer.body, self.how.records)
        except BadAnswerError as error:
            raise SourceFailedError("bad_answer", f"{self.how.url}: {error}") from None

    def has_more(self, answer: Answer) -> bool:
        """Whether the API says that more follows; where it does not say, it may."""
        more = self.how.paging.more
        return more is None or bool(json_text.at(answer.body, more))


Pages = Callable[[Lister, Place], Iterator[Page]]


def _single(lister: Lister, place: Place) -> Iterator[Page]:
    yield Page(lister.records(lister.ask(None, place.reading.since)), None)


def _by_cursor(lister: Lister, place: Place) -> Iterator[Page]:
    paging, reading = lister.how.paging, place.reading
    cursor, asked = reading.next[0] if reading.next else None, set[Any]()
    while True:
        asked.add(cursor)
        answer = lister.ask(cursor, reading.since)
        records, given = lister.records(answer), json_text.at(answer.body, paging.next or "")
        is_given = is_value(given) and given not in ("", 0)
        is_last = not is_given or given == cursor or not lister.has_more(answer) or (paging.continues and not records)
        if paging.continues and not is_given:
            told = f"no cursor at {paging.next}: continues needs one on every page, the last one too"
            raise SourceFailedError("bad_answer", f"{lister.how.url}: {told}")
        yield Page(records, (given,) if paging.continues or not is_last else None)
        if is_last:
            return
        _check_new(lister, given in asked)
        cursor = given


def _by_link(lister: Lister, place: Place) -> Iterator[Page]:
    reading = place.reading
    url, asked = str(reading.next[0]) if reading.next else None, set[str | None]()
    while True:
        asked.add(url)
        answer = lister.ask(None, reading.since, url=url)
        following = _following(lister.how, answer, url)
        yield Page(lister.records(answer), None if following is None else (following,))
        if following is None:
            return
        _check_new(lister, following in asked)
        url = following


def _check_new(lister: Lister, was_asked: bool) -> None:  # noqa: FBT001 - the one question it answers
    if was_asked:
        raise SourceFailedError("stuck", f"{lister.how.url} leads in a circle: a page leads back to one already read")


def _following(how: HttpSettings, answer: Answer, url: str | None) -> str | None:
    """The URL of the next page, without the secrets that go with every request."""
    given = json_text.at(answer.body, how.paging.next) if how.paging.next else answer.next_url
    if not given:
        return None
    home, there = httpx.URL(how.url), httpx.URL(url or how.url).join(str(given))
    if (home.scheme, home.host, home.port) != (there.scheme, there.host, there.port):
        told = f"{how.url} sends on to {there.scheme}://{there.host}, another server: credentials do not go there"
        raise SourceFailedError("moved", told)
    secrets = [*how.parameter_env, *([how.token.parameter] if how.token and how.token.parameter else [])]
    for name in secrets:
        there = there.copy_remove_param(name)
    return None if str(there) == url else str(there)


def _by_number(lister: Lister, place: Place) -> Iterator[Page]:
    """Pages by number, each read again when the list has grown on it.

    A page that is not full is the last one; when its successor has records all the same, it has grown since.
    """
    paging, reading = lister.how.paging, place.reading
    number, full = int(reading.next[0]) if reading.next else paging.first, paging.size

    def asked(page: int) -> tuple[list[Any], bool]:
        answer = lister.ask(page, reading.since)
        return lister.records(answer), lister.has_more(answer)

    records, has_more = asked(number)
    if not records:
        yield Page([], None)
    while records:
        following, follows = asked(number + 1) if has_more else ([], False)
        if following and (full is None or len(records) < full):
            records, _ = asked(number)
            full = len(records)
        if following == records:
            told = f"{paging.parameter} = {number + 1} gives the same page as {number}: set paging.parameter"
            raise SourceFailedError("stuck", f"{lister.how.url}: {told}")
        yield Page(records, (number + 1,) if following else None)
        number, records, has_more = number + 1, following, follows


def _by_since(lister: Lister, place: Place) -> Iterator[Page]:
    """Asked again from the newest value so far, until nothing new comes."""
    size = lister.how.paging.size or 0
    begin = place.reading.since
    while True:
        stood = place.reading.newest, place.reading.seen
        records = lister.records(lister.ask(None, begin))
        yield Page(records, None)
        if (place.reading.newest, place.reading.seen) == stood:
            if len(records) >= size:
                told = f"a page of {len(records)} records since {begin} brings nothing new and is full"
                raise SourceFailedError("stuck", f"{lister.how.url}: {told}: set a larger size, or page otherwise")
            return
        begin = place.reading.newest


STYLES: dict[str, Pages] = {
    "none": _single,
    "cursor": _by_cursor,
    "link": _by_link,
    "page": _by_number,
    "since": _by_since,
}
