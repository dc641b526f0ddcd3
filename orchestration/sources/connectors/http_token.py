"""The token of an API: fetched when it is needed, kept until it ends.

Here: what is sent for a token, how long it lives. Not here: the requests themselves (http_client.py).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from orchestration.source_settings import HttpToken
from orchestration.sources.connectors import SourceFailedError, json_text, secret

TOKEN_MARGIN = timedelta(seconds=30)
"""A token that ends within this is fetched anew, so that no request meets its end on the way."""

_SECONDS = re.compile(r"\d+(\.\d+)?")


class Token:
    """The token of one API: fetched when it is needed, kept until it ends."""

    def __init__(self, how: HttpToken) -> None:
        self.how = how
        self._credentials = {how.id_name: secret(how.client_id_env), how.secret_name: secret(how.client_secret_env)}
        self._value: str | None = None
        self._ends_at: datetime | None = None

    def forget(self) -> None:
        """Fetch a new one next time."""
        self._value = None

    def value(self, now: datetime, fetch: Callable[[Mapping[str, Any]], Any]) -> str:
        """The token; where there is none that lasts, `fetch` gives the answer to a request made of these parts."""
        if self._value is None or (self._ends_at is not None and now + TOKEN_MARGIN >= self._ends_at):
            body = fetch(self._request())
            token, life = json_text.at(body, self.how.field), json_text.at(body, self.how.expires_in)
            if not isinstance(token, str) or not token:
                raise SourceFailedError(
                    "bad_answer", f"{self.how.url} gave no token at {self.how.field}: set token.field"
                )
            self._value = token
            self._ends_at = now + timedelta(seconds=float(life)) if str(life).replace(".", "").isdigit() else None
        return self._value

    def _request(self) -> dict[str, Any]:
        how = self.how
        form = {"grant_type": "client_credentials", **how.parameters}
        if how.sent == "query":
            return {"method": "GET", "url": httpx.URL(how.url).copy_merge_params({**form, **self._credentials})}
        if how.sent == "body":
            return {"method": "POST", "url": how.url, "data": {**form, **self._credentials}}
        pair = base64.b64encode(":".join(self._credentials.values()).encode()).decode()
        return {"method": "POST", "url": how.url, "data": form, "headers": {"Authorization": f"Basic {pair}"}}
