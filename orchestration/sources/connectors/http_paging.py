"""Ways of reading a list page by page, each from any position.

Here: which request comes next and when the list has ended. Not here: sending it (http_client.py), what has landed
(reading.py). A position is what a page's successor is asked by: a number, a cursor, a URL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from orchestration.source_settings import HttpSettings
from orchestration.sources.connectors import SourceFailedError, json_text
from orchestration.sources.connectors.http_client import Answer, Api
from orchestration.sources.connectors.json_text import BadAnswerError
from orchestration.sources.connectors.reading import Place
from orchestration.sources.connectors.values import Value, is_value

PATIENCE = 3
"""So often the same page may come in a row: some APIs repeat one under another cursor, and go on."""


@dataclass(frozen=True)
class Page:
    """Records of one answer, and the position behind them; None where the list has ended."""

    records: Sequence[Any]
    position: tuple[Any, ...] | None


class Lister:
    """The list of one source as its API gives it; `began_at`: when this landing began to read."""

    def __init__(self, api: Api, how: HttpSettings, *, began_at: datetime) -> None:
        self.how = how
        self.began_at = began_at
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


class _Circle:
    """Tells a list that does not end: a position that comes again, or the same page over and over."""

    def __init__(self, lister: Lister) -> None:
        self._url = lister.how.url
        self._asked: set[Any] = set()
        self._last: Sequence[Any] = ()
        self._times = 0

    def check(self, asked: Any, records: Sequence[Any], following: Any) -> None:
        """SourceFailedError when `following`, as the position behind `asked`, leads nowhere new."""
        self._asked.add(asked)
        self._times = self._times + 1 if records and records == self._last else 1
        self._last = records
        if following in self._asked or self._times > PATIENCE:
            raise _stuck(self._url)


def _stuck(url: str) -> SourceFailedError:
    return SourceFailedError("stuck", f"{url} gives a page again in place of the next one: check paging")


def _by_cursor(lister: Lister, place: Place) -> Iterator[Page]:
    paging, reading = lister.how.paging, place.reading
    cursor, circle = reading.next[0] if reading.next else None, _Circle(lister)
    while True:
        answer = lister.ask(cursor, reading.since)
        records, given = lister.records(answer), json_text.at(answer.body, paging.next or "")
        is_given = is_value(given) and given not in ("", 0)
        stays = not records and (paging.continues or given == cursor)
        is_last = stays or not is_given or not lister.has_more(answer)
        if paging.continues and not is_given:
            told = f"no cursor at {paging.next}: continues needs one on every page, the last one too"
            raise SourceFailedError("bad_answer", f"{lister.how.url}: {told}")
        yield Page(records, (given,) if paging.continues or not is_last else None)
        if is_last:
            return
        circle.check(cursor, records, given)
        cursor = given


def _by_link(lister: Lister, place: Place) -> Iterator[Page]:
    reading = place.reading
    url, circle = str(reading.next[0]) if reading.next else None, _Circle(lister)
    while True:
        answer = lister.ask(None, reading.since, url=url)
        records, following = lister.records(answer), _following(lister.how, answer, url)
        yield Page(records, None if following is None else (following,))
        if following is None:
            return
        circle.check(url, records, following)
        url = following


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
        try:
            following, follows = asked(number + 1) if has_more else ([], False)
        except SourceFailedError:
            if full is not None and len(records) >= full:
                yield Page(records, (number + 1,))
            raise
        if following and (full is None or len(records) < full):
            records, _ = asked(number)
            full = len(records)
        if following == records:
            following, follows = asked(number + 1)
            if following == records:
                raise _stuck(lister.how.url)
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
