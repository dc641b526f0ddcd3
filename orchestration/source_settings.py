"""How a source beyond this machine is reached: the tables `[sources.<name>.http]`, `.sql`, `.sftp`, `.s3`.

Here: the shape of those tables, the checks of each setting, and how often a source is read. Not here: a source's common
settings (brands.py), how the settings are used (sources/connectors/). A secret is never written in a brand file:
settings that end in `_env` name the environment variable that holds it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EVERY = re.compile(r"([0-9]{1,6})([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SHORTEST = timedelta(minutes=1)
_SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token")

Given = TypeVar("Given")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _variable(value: str) -> str:
    if not _VARIABLE.fullmatch(value):
        raise ValueError("names an environment variable, like SHOP_API_KEY; the secret itself is never written here")
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("must be a URL like https://api.shop.example/v1/orders, without user and password")
    return value


def _headers(value: dict[str, str]) -> dict[str, str]:
    if secret := [name for name in value if name.lower() in _SECRET_HEADERS]:
        raise ValueError(f"{', '.join(secret)} is a secret: name its environment variable in header_env")
    return value


def _beginning(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int | float | date | datetime):
        raise ValueError("must be a text, a number, a day or a moment, like 2024-01-01T00:00:00Z")  # noqa: TRY004
    return value


Variable = Annotated[str, AfterValidator(_variable)]
Url = Annotated[str, AfterValidator(_url)]
Seconds = Annotated[float, Field(gt=0)]
Beginning = Annotated[Any, BeforeValidator(_beginning)]
Lag = Annotated[float, Field(ge=0)]


def _interval(value: object) -> timedelta:
    found = _EVERY.fullmatch(value) if isinstance(value, str) else None
    length = timedelta(seconds=int(found[1]) * _UNITS[found[2]]) if found else timedelta()
    if length < _SHORTEST:
        raise ValueError(f"{value!r} is no interval: a number and s, m, h or d, at least 1m, like 15m or 6h")
    return length


Every = Annotated[timedelta, BeforeValidator(_interval)]


def _written(value: Any) -> Any:
    """Moments and days as JSON texts have them."""
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, date) else value


class HttpToken(_Strict):
    """An OAuth2 token by client credentials, fetched anew when it ends or is refused.

    `url`: where it is had. `client_id_env`, `client_secret_env`: variables with the credentials. `sent`: whether these
    go as a form (`body`), as HTTP Basic (`basic`) or in the query of a GET (`query`). `parameters`: what else is sent
    (`scope`, `audience`, another `grant_type`). `id_name`, `secret_name`: what the credentials are called. `field`:
    path of the token in the answer; `expires_in`: path of its life in seconds. `parameter`: name of the query
    parameter that carries the token; without it the header `Authorization: Bearer …` does.
    """

    url: Url
    client_id_env: Variable
    client_secret_env: Variable
    sent: Literal["body", "basic", "query"] = "body"
    parameters: dict[str, str] = {}
    id_name: str = "client_id"
    secret_name: str = "client_secret"  # noqa: S105 - the usual name of the parameter, not a secret
    field: str = "access_token"
    expires_in: str = "expires_in"
    parameter: str | None = None


class HttpPaging(_Strict):
    """How a list is read page by page.

    `by`: `none` (one page), `cursor` (the answer tells the next cursor), `page` (numbers), `link` (the answer tells the
    next URL, in the header `Link` or at `next`), `since` (asked again from the newest value so far; the API sorts by
    that field, oldest first). `parameter`: request parameter of the cursor or number. `next`: path of the next cursor
    or URL in the answer. `more`: path of a flag that is false on the last page. `size_parameter`, `size`: records asked
    for. `first`: number of the first page. `continues`: the last cursor stays good and the next landing goes on from it
    (a feed of changes), instead of beginning anew.
    """

    by: Literal["none", "cursor", "page", "link", "since"] = "none"
    parameter: str | None = None
    next: str | None = None
    more: str | None = None
    size_parameter: str | None = None
    size: Annotated[int, Field(ge=1)] | None = None
    first: int = 1
    continues: bool = False

    @model_validator(mode="after")
    def _is_complete(self) -> HttpPaging:
        if self.by == "cursor" and not (self.parameter and self.next):
            raise ValueError(
                'by = "cursor" needs parameter (of the request) and next (path of the cursor in the answer)'
            )
        if self.by == "page" and not self.parameter:
            raise ValueError('by = "page" needs parameter, the request parameter of the number')
        if self.by == "since" and not self.size:
            raise ValueError('by = "since" needs size, the records on a full page')
        if self.size_parameter and not self.size:
            raise ValueError("size_parameter needs size")
        if self.continues and self.by != "cursor":
            raise ValueError('continues goes with by = "cursor"')
        return self


class HttpSince(_Strict):
    """What makes reading incremental: each pass asks for records from the newest value of the one before.

    `parameter`: request parameter. `field`: path of the value in a record. `start`: value of the first pass; without
    it, everything. `lag`: how far before the newest value a pass begins again (seconds for moments, else the field's
    own unit), for records that appear late; what has landed already is left out.
    """

    parameter: str
    field: str
    start: Annotated[Beginning, AfterValidator(_written)] = None
    lag: Lag = 0.0


class HttpErrors(_Strict):
    """How an API that always answers 200 tells a failure: a code in the answer.

    `code`: its path. `fine`: values that are no failure (an absent code is none). `expired`: the token is to be fetched
    anew. `busy`: try again later. Any other value ends the reading.
    """

    code: str
    fine: list[str | int] = [0]
    expired: list[str | int] = []
    busy: list[str | int] = []


class HttpSettings(_Strict):
    """A list of records behind an HTTP API that answers in JSON.

    `parameters` go into the query of a GET, into the JSON body of a POST; there a dotted name (`filter.from`) is a
    field of an object. `header_env`, `parameter_env`: header or parameter → variable with its secret value. `records`:
    path of the list in the answer; without it, the answer is the list. `attempts`: tries per request; waits between
    them begin at `backoff_seconds` and double. `longest_wait_seconds`: a longer `Retry-After` ends the reading until
    the next landing.
    """

    url: Url
    method: Literal["GET", "POST"] = "GET"
    parameters: dict[str, Any] = {}
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = {}
    header_env: dict[str, Variable] = {}
    parameter_env: dict[str, Variable] = {}
    records: str = ""
    token: HttpToken | None = None
    paging: HttpPaging = HttpPaging()
    since: HttpSince | None = None
    errors: HttpErrors | None = None
    rate_per_second: Annotated[float, Field(gt=0)] = 5.0
    timeout_seconds: Seconds = 30.0
    attempts: Annotated[int, Field(ge=1, le=20)] = 6
    backoff_seconds: Seconds = 1.0
    longest_wait_seconds: Seconds = 300.0

    @model_validator(mode="after")
    def _pages_by_what_there_is(self) -> HttpSettings:
        if self.paging.by == "since" and self.since is None:
            raise ValueError('paging by = "since" needs the table since')
        return self


class SqlSettings(_Strict):
    """A table, or the rows of a query, in a database.

    `url_env`: variable with the database's URL (`postgresql://`, `mysql://`, `sqlite:///`). `key`: columns that name a
    row; their order breaks ties. `column`: the column that grows with every change (a moment or a number, never null);
    without it every landing reads everything. `start`: least value of the first pass. `lag`: how far before the newest
    value a pass begins again (seconds for moments, else the column's unit). `batch_rows`: rows of a batch.
    """

    url_env: Variable
    table: str | None = None
    query: str | None = None
    column: str | None = None
    key: Annotated[list[str], Field(min_length=1)]
    start: Beginning = None
    lag: Lag = 0.0
    batch_rows: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000

    @model_validator(mode="after")
    def _reads_one_thing(self) -> SqlSettings:
        if (self.table is None) == (self.query is None):
            raise ValueError("needs either table or query")
        if self.column is None and (self.start is not None or self.lag):
            raise ValueError("start and lag need column")
        return self


class SftpSettings(_Strict):
    """A folder of an SFTP server; the source's `path` says which files.

    The server is known by `host_key` (`ssh-ed25519 AAAA…`, as ssh-keyscan prints it behind the name) or by a
    `known_hosts` file; without both by the account's own. `password_env`, `key_env`: variable with the password, or
    with the private key or the path of its file; `passphrase_env`: what the key is locked with.
    """

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    username: str
    password_env: Variable | None = None
    key_env: Variable | None = None
    passphrase_env: Variable | None = None
    host_key: Annotated[str, Field(pattern=r"^[a-z0-9@.-]+ [A-Za-z0-9+/=]+( .*)?$")] | None = None
    known_hosts: str | None = None
    timeout_seconds: Seconds = 30.0

    @model_validator(mode="after")
    def _can_log_in(self) -> SftpSettings:
        if not (self.password_env or self.key_env):
            raise ValueError("needs password_env or key_env")
        return self


class S3Settings(_Strict):
    """A bucket of S3 or of what speaks its language; the source's `path` says which objects.

    Without `access_key_env` and `secret_key_env` the machine's own credentials count (environment, profile, role).
    `endpoint_url`: of another provider (MinIO, Aliyun OSS, Ceph). `addressing`: where the bucket's name goes.
    """

    bucket: str
    endpoint_url: Url | None = None
    region: str | None = None
    access_key_env: Variable | None = None
    secret_key_env: Variable | None = None
    session_token_env: Variable | None = None
    addressing: Literal["auto", "path", "virtual"] = "auto"
    attempts: Annotated[int, Field(ge=1, le=20)] = 6
    timeout_seconds: Seconds = 60.0

    @model_validator(mode="after")
    def _credentials_are_whole(self) -> S3Settings:
        if (self.access_key_env is None) != (self.secret_key_env is None):
            raise ValueError("access_key_env and secret_key_env go together")
        return self


def present(given: Given | None, name: str) -> Given:
    """A setting that the brand file's checks have seen; ValueError where a source was made without them."""
    if given is None:
        raise ValueError(f"this source has no {name}")
    return given
