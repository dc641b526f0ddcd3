"""What a brand is: one file in `brands/`, one database, one drop folder.

Here: the shape of the file and its checks; every refusal names the file, the line and the valid values. Not here: how
one column is read (column_rule.py), what a source's columns mean (sources/mapping.py), the settings of one connector
(source_settings.py, push_settings.py) and of probable links (proposal_settings.py), how a destination talks
(activation/).
"""

from __future__ import annotations

import codecs
import os
import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from orchestration import settings
from orchestration.column_rule import ColumnRule
from orchestration.proposal_settings import ProposalSetting
from orchestration.push_settings import PushSetting
from orchestration.source_settings import Every, HttpSettings, S3Settings, SftpSettings, SqlSettings
from orchestration.sources.contracts import CONTRACTS, nearest
from orchestration.toml_places import line_of, valid_names

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
READ_FILES = ("files", "sftp", "s3")
"""Connectors that read files, which `path` names."""
AT_HAND = ("files", "push")
"""Connectors whose data lie here already: they are landed as they come, never at intervals."""
CONNECTORS = ("files", "http", "sql", "sftp", "s3", "push")
"""Connectors that come with the house; an own one is a module of sources/connectors/own."""


class BrandError(ValueError):
    """A brand file that cannot be used; the message names the file, the line and what would be valid."""


def _plain(value: str) -> str:
    if not NAME.fullmatch(value):
        raise ValueError(f"{value!r}: names are lower-case letters, digits and _, a letter first")
    return value


PlainName = Annotated[str, AfterValidator(_plain)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """One connected source: which contract it fills, where it lies, how its columns are called.

    `path`: which files, for connectors that read files. `every`: how long after its last reading a source beyond this
    machine is read again, besides the daily landing. The table that is called like the connector holds its settings;
    `own`: those of an own connector.
    """

    connector: str
    contract: str
    path: str | None = Field(default=None, validate_default=True)
    format: Literal["auto", "csv", "jsonl", "parquet"] = "auto"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8"
    time_zone: str | None = None
    only_full: bool = False
    every: Every | None = None
    columns: dict[str, str | ColumnRule] = {}
    ignore_columns: list[str] = []
    http: HttpSettings | None = Field(default=None, validate_default=True)
    sql: SqlSettings | None = Field(default=None, validate_default=True)
    sftp: SftpSettings | None = Field(default=None, validate_default=True)
    s3: S3Settings | None = Field(default=None, validate_default=True)
    push: PushSetting | None = Field(default=None, validate_default=True)
    own: dict[str, Any] = {}

    @field_validator("connector")
    @classmethod
    def _connector_exists(cls, value: str) -> str:
        known = [*CONNECTORS, *settings.own_connectors()]
        if value not in known:
            raise ValueError(f"{value!r} is no connector; there are {', '.join(repr(name) for name in known)}")
        return value

    @field_validator("contract")
    @classmethod
    def _contract_exists(cls, value: str) -> str:
        if value not in CONTRACTS:
            near = ", ".join(nearest(value, CONTRACTS)) or "none"
            raise ValueError(f"{value!r} is no contract; there are {', '.join(sorted(CONTRACTS))}. The nearest: {near}")
        return value

    @field_validator("path")
    @classmethod
    def _says_which_files(cls, value: str | None, known: ValidationInfo) -> str | None:
        connector = known.data.get("connector")
        is_own = str(connector).startswith("own.")
        if not is_own and (value is None) == (connector in READ_FILES):
            needs = "needs path, a file or pattern like till/*.csv" if value is None else "has no path"
            raise ValueError(f"connector {connector!r} {needs}; those that read files are {', '.join(READ_FILES)}")
        if (
            connector == "files"
            and value is not None
            and (not value or value.startswith(("/", "~")) or ".." in value.split("/"))
        ):
            raise ValueError(f"{value!r} must be a path or pattern within the brand's drop folder, like till/*.csv")
        return value

    @field_validator("every")
    @classmethod
    def _is_read_at_intervals(cls, value: timedelta | None, known: ValidationInfo) -> timedelta | None:
        if value is not None and known.data.get("connector") in AT_HAND:
            raise ValueError(f"connector {known.data['connector']!r} lands what comes as it comes: it takes no every")
        if value is not None and known.data.get("only_full"):
            raise ValueError("only_full = true lands with --full only: every does not go with it")
        return value

    @field_validator("http", "sql", "sftp", "s3", "push")
    @classmethod
    def _fits_the_connector(cls, value: BaseModel | None, known: ValidationInfo) -> BaseModel | None:
        connector = known.data.get("connector")
        if value is None and connector == known.field_name:
            raise ValueError(f"connector {connector!r} needs its table: [sources.<name>.{connector}]")
        if value is not None and connector not in (None, known.field_name):
            raise ValueError(f"connector is {connector!r}: this table goes with connector = {known.field_name!r}")
        return value

    @field_validator("delimiter")
    @classmethod
    def _delimiter_separates(cls, value: str) -> str:
        if not value.isascii() or value in '"\r\n\0':
            raise ValueError(f"{value!r} cannot separate columns; write it like ; or \\t")
        return value

    @field_validator("encoding")
    @classmethod
    def _encoding_exists(cls, value: str) -> str:
        try:
            "".encode(value)
            return codecs.lookup(value).name
        except (LookupError, UnicodeError):
            raise ValueError(f"{value!r} is no text encoding; write it like utf-8, gb18030 or latin-1") from None

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, value: str | None) -> str | None:
        return None if value is None else _known_zone(value)


class Destination(_Strict):
    """One messaging channel of the brand; live sending takes `delivery = "live"` here and the command's live switch."""

    kind: Literal["smtp"]
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    from_address: str
    security: Literal["none", "starttls", "tls"] = "none"
    username_env: str | None = None
    password_env: str | None = None
    delivery: Literal["dry_run", "test", "live"] = "dry_run"
    test_recipients: list[str] = []
    lease_seconds: Annotated[float, Field(gt=0)] = 60.0
    settle_seconds: Annotated[float, Field(ge=0)] = 600.0
    timeout_seconds: Annotated[float, Field(gt=0)] = 20.0
    rate_per_second: Annotated[float, Field(gt=0)] = 20.0
    batch_size: Annotated[int, Field(ge=1, le=1000)] = 20
    on_unknown: Literal["hold", "abandon"] = "hold"
    accepted_log: str | None = None
    unsubscribe_url: str | None = None


class Demo(_Strict):
    """What `touchstream demo` runs beside the main job: commands that write exports and stand in for gateways."""

    prepare: list[str] = []
    gateway: list[str] = []


class BrandFile(_Strict):
    """The whole of `brands/<name>.toml`."""

    title: str
    time_zone: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    language: Literal["en", "zh"] = "en"
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "US"
    sources: dict[PlainName, Source] = {}
    destinations: dict[PlainName, Destination] = {}
    proposals: ProposalSetting | None = None
    demo: Demo = Demo()

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        return _known_zone(value)


@dataclass(frozen=True)
class Brand:
    """A brand that was read and found valid: its name (the file's stem), its file, its content."""

    name: str
    path: Path
    file: BrandFile

    @property
    def home(self) -> Path:
        """The brand's run-time folder."""
        return settings.brand_home(self.name)

    @property
    def drop(self) -> Path:
        """The brand's drop folder: source paths are relative to it."""
        return self.home / "drop"


def names() -> list[str]:
    """The brands there are files for, in order."""
    return sorted(path.stem for path in settings.brands_folder().glob("*.toml"))


def chosen(name: str | None) -> str:
    """The brand to work on: the given one, else `BRAND`; BrandError when neither is set."""
    found = name or os.environ.get("BRAND")
    if not found:
        raise BrandError(f"which brand? Say --brand NAME or set BRAND; there are {', '.join(names())}")
    return found


def load(name: str) -> Brand:
    """Read and check `brands/<name>.toml`; BrandError says line by line what is wrong and what would be valid."""
    if not NAME.fullmatch(name):
        raise BrandError(f"{name!r} is no brand name: lower-case letters, digits and _, a letter first, at most 31")
    path = settings.brands_folder() / f"{name}.toml"
    if not path.is_file():
        raise BrandError(f"no brand {name!r}: {path} does not exist; there are {', '.join(names()) or 'none yet'}")
    text = path.read_text(encoding="utf-8")
    try:
        file = BrandFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BrandError(f"{path.name}: not valid TOML: {error}") from error
    except ValidationError as error:
        raise BrandError(_told(path.name, text, error)) from error
    brand = Brand(name=name, path=path, file=file)
    _check_columns(brand, text)
    return brand


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"{value!r} is no time zone of the IANA list; write it like Asia/Shanghai or America/New_York")
    return value


def _check_columns(brand: Brand, text: str) -> None:
    for name, source in brand.file.sources.items():
        known = {item.name: item for item in CONTRACTS[source.contract].fields}
        for target, rule in source.columns.items():
            where = f"{brand.path.name}, line {line_of(text, ('sources', name, 'columns', target))}"
            if target not in known:
                told = f"{source.contract} has no field {target!r}; its fields are {', '.join(known)}"
                raise BrandError(f"{where}: {told}")
            if not isinstance(rule, str) and rule.number and known[target].type.kind not in ("integer", "decimal"):
                raise BrandError(f"{where}: {target} is {known[target].type.words}: number does not apply to it")


def _told(file_name: str, text: str, error: ValidationError) -> str:
    told: list[str] = []
    for item in error.errors():
        location = tuple(str(part) for part in item["loc"] if part not in ("str", "ColumnRule", "[key]"))
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] == "extra_forbidden":
            message = f"no such setting; valid here: {', '.join(valid_names(BrandFile, location[:-1]))}"
        told.append(f"{file_name}, line {line_of(text, location)}: {'.'.join(location)}: {message}")
    return "\n".join(dict.fromkeys(told))
