"""One API as its settings describe it: asked at a pace, with its secrets, until it answers or has failed for good.

Here: requests, waiting and trying again, what a failure is called. Not here: the token (http_token.py), what is asked
for (http_paging.py), what becomes of the answer (http_api.py). Messages name method and address without the query;
they hold no secret and nothing of an answer.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from orchestration.source_settings import HttpSettings
from orchestration.sources.connectors import SourceFailedError, json_text, secret
from orchestration.sources.connectors.clock import Clock, Pace
from orchestration.sources.connectors.http_token import Token
from orchestration.sources.connectors.json_text import BadAnswerError

TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)


class TryAgainError(SourceFailedError):
    """A failure that may pass; `after`: seconds the API asked to wait."""

    def __init__(self, reason: str, detail: str, *, after: float | None = None) -> None:
        super().__init__(reason, detail)
        self.after = after


class ExpiredError(Exception):
    """The API no longer takes the token."""


@dataclass(frozen=True)
class Answer:
    """A JSON answer, and where the header `Link` says the next page is."""

    body: Any
    next_url: str | None


class Api:
    """The API of one source, for the length of a landing."""

    def __init__(self, how: HttpSettings, clock: Clock) -> None:
        self._how = how
        self._clock = clock
        self._pace = Pace(how.rate_per_second, clock)
        self._headers = {**how.headers, **{name: secret(variable) for name, variable in how.header_env.items()}}
        self._parameters = {name: secret(variable) for name, variable in how.parameter_env.items()}
        self._token = Token(how.token) if how.token else None
        self._client = httpx.Client(timeout=how.timeout_seconds, headers={"Accept": "application/json"})
        logging.getLogger("httpx").setLevel(logging.WARNING)  # below that it writes whole URLs, secrets included

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(self, parameters: Mapping[str, Any], *, url: str | None = None) -> Answer:
        """The answer to the source's request with these parameters beside its own, or to a URL the API gave.

        Raises SourceFailedError when it cannot be had, after as many tries as the settings allow for what may pass.
        """
        try:
            return self._trying(lambda: self._asked(parameters, url))
        except TryAgainError as error:
            tries = f"{self._how.attempts} tries in a row" if self._how.attempts > 1 else "the only try"
            told = f"{error}, {tries}. What came before has landed; the next landing goes on from there"
            raise SourceFailedError(error.reason, told) from None

    def _trying(self, what: Callable[[], Answer]) -> Answer:
        how = self._how
        first, longest = how.backoff_seconds, how.longest_wait_seconds
        steps = wait_exponential(multiplier=first, max=longest) + wait_random(0, first / 2)

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.after if isinstance(error, TryAgainError) else None
            return steps(state) if asked is None else asked

        return Retrying(
            stop=stop_after_attempt(how.attempts),
            wait=wait,
            retry=retry_if_exception_type(TryAgainError),
            sleep=self._clock.sleep,
            reraise=True,
        )(what)

    def _asked(self, parameters: Mapping[str, Any], url: str | None) -> Answer:
        """One try; a token that is refused is fetched anew once."""
        try:
            return self._once(parameters, url)
        except ExpiredError as error:
            if self._token is None:
                raise SourceFailedError("not_allowed", f"{error} refuses the credentials: check them") from None
            self._token.forget()
        try:
            return self._once(parameters, url)
        except ExpiredError as error:
            told = f"{error} refuses a token fetched just now: check what its client may read"
            raise SourceFailedError("not_allowed", told) from None

    def _once(self, parameters: Mapping[str, Any], url: str | None) -> Answer:
        request = self._request(parameters, url)
        return self._answer(request, self._sent(request))

    def _request(self, parameters: Mapping[str, Any], url: str | None) -> httpx.Request:
        how = self._how
        headers, query = dict(self._headers), dict(self._parameters)
        if self._token is not None:
            token = self._token.value(self._clock.now(), self._fetched_token)
            if self._token.how.parameter:
                query[self._token.how.parameter] = token
            else:
                headers["Authorization"] = f"Bearer {token}"
        body: dict[str, Any] = {}
        if how.method == "POST":
            for name, value in copy.deepcopy({**how.parameters, **parameters}).items():
                json_text.put(body, name, value)
        elif url is None:
            query |= {name: _text(value) for name, value in {**how.parameters, **parameters}.items()}
        address = httpx.URL(url or how.url).copy_merge_params(query)
        if how.method == "GET":
            return self._client.build_request("GET", address, headers=headers)
        headers = {"Content-Type": "application/json", **headers}
        return self._client.build_request("POST", address, headers=headers, content=json_text.written(body))

    def _fetched_token(self, parts: Mapping[str, Any]) -> Any:
        """The answer of the token's address, on the way to another request."""
        request = self._client.build_request(**parts)
        try:
            return self._answer(request, self._sent(request)).body
        except ExpiredError:
            told = f"{_where(request)} refuses the client's credentials: check their variables"
            raise SourceFailedError("not_allowed", told) from None

    def _sent(self, request: httpx.Request) -> httpx.Response:
        self._pace.wait()
        try:
            return self._client.send(request)
        except httpx.TimeoutException:
            told = f"{_where(request)} did not answer within {self._how.timeout_seconds:g} s"
            raise TryAgainError("unreachable", told) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            told = f"{_where(request)} broke off or cannot be reached ({type(error).__name__})"
            raise TryAgainError("unreachable", told) from None

    def _answer(self, request: httpx.Request, response: httpx.Response) -> Answer:
        status, where = response.status_code, f"{_where(request)} answered {_named(response.status_code)}"
        if status == HTTPStatus.UNAUTHORIZED:
            raise ExpiredError(_where(request))
        if status in TRY_AGAIN:
            raise TryAgainError(
                "throttled" if status in (429, 503) else "failing", where, after=self._asked_wait(response)
            )
        if response.is_redirect:
            raise SourceFailedError("moved", f"{where}: write its new address into the brand file")
        if response.is_error:
            reason = "not_allowed" if status == HTTPStatus.FORBIDDEN else "rejected"
            raise SourceFailedError(reason, f"{where}: check the source's settings against the API's documentation")
        try:
            body = json_text.parsed(response.content)
        except BadAnswerError as error:
            raise TryAgainError("bad_answer", f"{_where(request)}: {error}") from None
        self._check(body, _where(request))
        return Answer(body, response.links.get("next", {}).get("url"))

    def _check(self, body: Any, where: str) -> None:
        """Read the code of an API that always answers 200."""
        errors = self._how.errors
        code = json_text.at(body, errors.code) if errors else None
        if errors is None or code is None or _is_one_of(code, errors.fine):
            return
        if _is_one_of(code, errors.expired):
            raise ExpiredError(where)
        if _is_one_of(code, errors.busy):
            raise TryAgainError("throttled", f"{where} answered code {code}, which means busy")
        raise SourceFailedError("rejected", f"{where} answered code {code}: see the API's documentation")

    def _asked_wait(self, response: httpx.Response) -> float | None:
        """Seconds the API asks to wait; SourceFailedError when that is longer than a landing should."""
        given = response.headers.get("Retry-After", "").strip()
        if not given:
            return None
        seconds = float(given) if given.isdigit() else _until(given, self._clock.now())
        longest = self._how.longest_wait_seconds
        if seconds is not None and seconds > longest:
            told = f"{_where(response.request)} asks to wait {seconds:.0f} s, longer than {longest:.0f} s"
            raise SourceFailedError("throttled", f"{told}: the next landing goes on from here")
        return seconds


def _where(request: httpx.Request) -> str:
    return f"{request.method} {request.url.copy_with(query=None, fragment=None)}"


def _named(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else str(status)


def _text(value: Any) -> Any:
    """A parameter of a query; lists are repeated, flags are written small."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str | list) else str(value)


def _is_one_of(code: Any, listed: list[str | int]) -> bool:
    return str(code) in {str(item) for item in listed}


def _until(date: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
