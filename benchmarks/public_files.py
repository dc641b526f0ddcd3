"""The public files on which identity is tried: how each is connected as a brand's own data, and what it declares.

Here: for each file the entry of the brand file, as docs/bring-your-own-data.md has a user write it, and beside it the
reading of the same columns for the oracle. Nothing is prepared: every file lands as it is. Not here: the files, which
are nobody's of the project, and how they are compared (public.py).
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.declared_keys import Identifier, Row, normal

_BRAND = 'title = "{file}"\ntime_zone = "{zone}"\ncurrency = "{currency}"\ncountry = "{country}"\n'
_MASTER = """
[sources.records]
connector = "files"
contract = "crm.mdm_id"
path = "records/*.csv"
[sources.records.columns]
"""
_FEBRL = f"""{_MASTER}system = {{ constant = "febrl" }}
mdm_id = "rec_id"
member_id = "soc_sec_id"
"""
_FAKE_MASTER = f"""{_MASTER}system = {{ constant = "fake" }}
mdm_id = "unique_id"
email = "email"
"""
_PARTNER = """
[sources.records]
connector = "files"
contract = "partner.record"
path = "records/*.csv"
[sources.records.columns]
owner = { constant = "partner" }
consent_basis = { constant = "legitimate_interest" }
"""
_FAKE_PARTNER = f"""{_PARTNER}partner_id = {{ constant = "fake" }}
record_id = "unique_id"
record_type = {{ constant = "contact" }}
recorded_at = {{ constant = "2020-01-01" }}
email = "email"
"""
_CHICAGO = f"""{_PARTNER}partner_id = {{ constant = "chicago" }}
record_id = "Id"
record_type = {{ constant = "site" }}
recorded_at = {{ constant = "2013-01-01" }}
partner_person_id = "Id"
member_id = "Phone"
phone = "Fax"
email = "Purple binder service type"
unionid = "IDHS Provider ID"
"""


@dataclass(frozen=True)
class Key:
    """A column that holds an identifier, and the scope its values are valid in (none: everywhere).

    A row whose required identifier cannot be read is quarantined, and declares nothing.
    """

    column: str
    namespace: str
    scope: str = ""
    is_required: bool = False


@dataclass(frozen=True)
class PublicFile:
    """A file, its brand, the keys that its rows declare, who a row is truly about, and why it is connected so."""

    name: str
    brand: str
    keys: tuple[Key, ...]
    person: Callable[[dict[str, str]], str]
    remark: str

    def rows(self, folder: Path) -> list[Row]:
        """The rows of the file with their readable identifiers."""
        with (folder / self.name).open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file, skipinitialspace=True))
        return [Row(number, self._identifiers(line), self.person(line)) for number, line in enumerate(lines)]

    def _identifiers(self, line: dict[str, str]) -> tuple[Identifier, ...]:
        found: dict[Identifier, None] = {}
        for key in self.keys:
            value = normal(key.namespace, line[key.column])
            if value is not None:
                found[key.namespace, f"{key.scope}:{value}" if key.scope else value] = None
            elif key.is_required:
                return ()
        return tuple(found)


def _entity(line: dict[str, str]) -> str:
    return line["rec_id"].split("-")[1]  # rec-712-dup-0 is a copy of rec-712-org


def _febrl(name: str) -> PublicFile:
    return PublicFile(
        name,
        _BRAND.format(file=name, zone="Australia/Sydney", currency="AUD", country="AU") + _FEBRL,
        (Key("rec_id", "mdm_id", "febrl", is_required=True), Key("soc_sec_id", "member_id")),
        _entity,
        "a record is an id of an older master, its social security number the member it is said to be",
    )


def _fake(source: str, keys: tuple[Key, ...], remark: str) -> PublicFile:
    brand = _BRAND.format(file="fake_1000.csv", zone="Europe/London", currency="GBP", country="GB") + source
    return PublicFile("fake_1000.csv", brand, keys, lambda line: line["cluster"], remark)


FILES = (
    *map(_febrl, ("dataset1.csv", "dataset2.csv", "dataset3.csv")),
    _fake(
        _FAKE_MASTER,
        (Key("unique_id", "mdm_id", "fake", is_required=True), Key("email", "email")),
        "a record is an id of an older master with its e-mail address, which may be seen with 4 of them",
    ),
    _fake(
        _FAKE_PARTNER,
        (Key("email", "email"),),
        "a record is a fact that a partner tells of an e-mail address, its number names nobody; the date that the "
        "contract asks for is a constant",
    ),
    PublicFile(
        "chicago_early_learning_true_ids.csv",
        _BRAND.format(file="Chicago", zone="America/Chicago", currency="USD", country="US") + _CHICAGO,
        (
            Key("Id", "partner_person_id", "chicago"),
            Key("Phone", "member_id"),
            Key("Fax", "phone"),
            Key("Purple binder service type", "email"),
            Key("IDHS Provider ID", "wechat_unionid"),
        ),
        lambda line: line["True Id"],
        "phones without area code are no phone numbers: they stand as text in the namespace of the highest limit "
        "(member_id, 8); provider ids in another one of text; e-mail addresses are found one column beside their "
        "heading; the date that the contract asks for is a constant",
    ),
)
