"""The block list: values that name nobody, whoever uses them.

Here: from seeds/identifier_block_list.csv and the throw-away e-mail domains of a maintained package to the tokens in
`ops.blocked_identifier`. Not here: what blocked means for identity (dbt_project/models/identity). The list is in clear
text, so tokens are made here, where the key is; domains are looked for among the e-mail addresses of the vault.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from disposable_email_domains import blocklist as throw_away_domains

from orchestration import settings
from orchestration.brands import Brand
from orchestration.sources import tokens
from orchestration.warehouse.connect import connect
from orchestration.warehouse.errors import WarehouseError

THROW_AWAY = "an address of a throw-away domain"
KINDS = ("value", "domain")


@dataclass(frozen=True)
class Entry:
    """One line of the list: a whole value of a namespace, or a domain of e-mail addresses."""

    namespace: str
    kind: str
    value: str
    reason: str


def path() -> Path:
    """Where the list is."""
    return settings.project_root() / "seeds" / "identifier_block_list.csv"


def entries(brand: Brand) -> Iterator[Entry]:
    """The lines of the list that hold for a brand.

    Raises WarehouseError, naming the line, for an unknown kind or a value that its namespace cannot hold.
    """
    with path().open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            if row["brand"] not in ("*", brand.name):
                continue
            entry = Entry(row["namespace"], row["kind"], row["value"], row["reason"])
            problem = _problem(brand, entry)
            if problem:
                raise WarehouseError(f"{path().name}, line {number}: {problem}")
            yield entry


def _problem(brand: Brand, entry: Entry) -> str:
    if entry.kind not in KINDS:
        return f"kind {entry.kind!r} is none of {', '.join(KINDS)}"
    if entry.kind == "domain" and entry.namespace != "email":
        return f"namespace {entry.namespace} has no domains: kind must be value"
    if entry.kind == "value" and tokens.normaliser(entry.namespace, brand.file.country)(entry.value) is None:
        return f"{entry.value!r} is no {entry.namespace}, so it never arrives: take the line out or mend it"
    return ""


def apply(brand: Brand) -> int:
    """Make `ops.blocked_identifier` equal to the list; the number of values that came or went.

    A value that is taken off the list is somebody's again with the next build: the list is a rule, not dated evidence.
    """
    key = tokens.pii_key(brand.name)
    listed: dict[str, tuple[str, str]] = {}
    domains = dict.fromkeys(throw_away_domains, THROW_AWAY)
    for entry in entries(brand):
        if entry.kind == "domain":
            domains[entry.value.lower()] = entry.reason
            continue
        value = tokens.normaliser(entry.namespace, brand.file.country)(entry.value) or ""
        listed[tokens.token(key, entry.namespace, value)] = (entry.namespace, entry.reason)
    with connect(brand.name, application_name="touchstream block list") as connection, connection.cursor() as cursor:
        cursor.execute("create temporary table wanted (like ops.blocked_identifier including all) on commit drop")
        cursor.executemany(
            "insert into wanted values (%s, %s, %s, now())",
            [(token, namespace, reason) for token, (namespace, reason) in listed.items()],
        )
        cursor.execute("create temporary table blocked_domain (domain text, reason text) on commit drop")
        with cursor.copy("copy blocked_domain from stdin") as copy:
            for domain, reason in domains.items():
                copy.write_row((domain, reason))
        cursor.execute(
            "insert into wanted select clear.value_key, clear.namespace, blocked_domain.reason, now() "
            "from vault.clear_value as clear "
            "inner join blocked_domain on blocked_domain.domain = split_part(clear.value, '@', 2) "
            "where clear.namespace = 'email' on conflict do nothing"
        )
        gone = cursor.execute(
            "delete from ops.blocked_identifier as held where not exists (select 1 from wanted "
            "where wanted.identifier_key = held.identifier_key and wanted.reason = held.reason)"
        ).rowcount
        come = cursor.execute("insert into ops.blocked_identifier select * from wanted on conflict do nothing").rowcount
    return gone + come
