"""Public files as a brand's own data: the components that identity finds must be scipy's over the declared keys.

Here: landing each file in a warehouse of its own, building identity, comparing, and printing beside it how well the
customers tell the file's true people apart. The command ends non-zero where a component differs. Not here: the files
(public_files.py; the folder is given), the other answer (declared_keys.py).
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Collection
from pathlib import Path

from disposable_email_domains import blocklist as throw_away_domains

from benchmarks import declared_keys, own_warehouse, solvers
from benchmarks.declared_keys import Identifier, Row
from benchmarks.public_files import FILES, PublicFile
from orchestration import settings
from orchestration.brands import Brand
from orchestration.identity import block_list
from orchestration.sources.landing.land import land
from orchestration.warehouse import connect

SHOWN = 5
"""So many differing components are printed, and so many members of each."""
_COMPONENTS = """
    select component.component_key, clear.namespace, clear.value
    from identity.int_identity__component as component
    left join vault.clear_value as clear on clear.value_key = component.identifier_key
"""
_CUSTOMERS = """
    select clear.namespace, clear.value, bridge.customer_key
    from core.bridge_customer_identifier as bridge
    inner join vault.clear_value as clear on clear.value_key = bridge.identifier_key
    where bridge.is_strong and bridge.is_usable
"""
_SET_ASIDE = """
    select 'rows in quarantine', coalesce(field, ''), reason, count(*) from quarantine.row group by field, reason
    union all
    select 'values set aside', field, reason, count(*) from quarantine.value group by field, reason
    order by 1, 2, 3
"""


def run(*, folder: Path) -> None:
    """Compare every file that lies in the folder; SystemExit when one differs, or none is there."""
    found = [file for file in FILES if (folder / file.name).is_file()]
    absent = list(dict.fromkeys(file.name for file in FILES if file not in found))
    if not found:
        raise SystemExit(f"{folder} holds none of {', '.join(absent)}")
    different = [file.name for file in found if not is_equal(file, folder)]
    if different:
        raise SystemExit(f"components differ from scipy's: {', '.join(different)}")
    print(f"\ncomponents equal scipy's in all {len(found)} brands; not in the folder: {', '.join(absent) or 'no file'}")


def is_equal(file: PublicFile, folder: Path) -> bool:
    """Land a file as a brand of its own, build its identity, print how it went; whether the components are scipy's."""
    print(f"\n{file.name}: {file.remark}", flush=True)
    rows = file.rows(folder)
    with own_warehouse.opened(file.brand) as (brand, _):
        _land(file, folder, brand)
        block_list.apply(brand)
        solvers.build(brand, "--select", "+bridge_customer_identifier")
        ours, customers = _components(brand), _customers(brand)
    blocked = _blocked(rows)
    over = declared_keys.over_limit(rows, declared_keys.limits(_seed("identifier_namespaces")), blocked)
    theirs = declared_keys.components(rows, over.keys() | blocked)
    _tell_unusable(rows, over, blocked, ours)
    is_equal = compare(ours, theirs)
    told = [(_customer(row, customers), row.person) for row in rows]
    score = declared_keys.score(told)
    found, people = (len(set(names)) for names in zip(*told, strict=True))
    print(f"  resolved: {found:,} customers of {people:,} true people")
    print(f"  precision {score.precision:.4f}, recall {score.recall:.4f} over pairs of rows", flush=True)
    return is_equal


def _land(file: PublicFile, folder: Path, brand: Brand) -> None:
    target = brand.drop / "records"
    target.mkdir(parents=True)
    shutil.copy(folder / file.name, target)
    (landed,) = land(brand)
    print(
        f"  {landed.contract} {landed.outcome} {landed.landed:,}: accepted {landed.accepted:,}, "
        f"duplicate {landed.duplicate:,}, quarantined {landed.quarantined:,} {landed.detail}".rstrip()
    )
    with connect.connect(brand.name) as connection:
        for what, field, reason, count in connection.execute(_SET_ASIDE.encode()).fetchall():
            print(f"  {what}: {field} {reason} {count:,}")


def _components(brand: Brand) -> set[frozenset[Identifier]]:
    members: dict[str, set[Identifier]] = {}
    with connect.connect(brand.name) as connection:
        for key, namespace, value in connection.execute(_COMPONENTS.encode()).fetchall():
            members.setdefault(key, set()).add((namespace or "not in the vault", value or key))
    return {frozenset(items) for items in members.values()}


def _customers(brand: Brand) -> dict[Identifier, str]:
    with connect.connect(brand.name) as connection:
        rows = connection.execute(_CUSTOMERS.encode()).fetchall()
    return {(namespace, value): customer for namespace, value, customer in rows}


def _customer(row: Row, customers: dict[Identifier, str]) -> str:
    """Whose a row is: its first usable identifier's customer; without one it is somebody of its own."""
    return next((customers[item] for item in row.identifiers if item in customers), f"row {row.number}")


def _seed(name: str) -> Path:
    return settings.project_root() / "seeds" / f"{name}.csv"


def _blocked(rows: list[Row]) -> set[Identifier]:
    """The values of the rows that the block list names, by its own lines and the list of throw-away domains."""
    with _seed("identifier_block_list").open(encoding="utf-8", newline="") as file:
        listed = [line for line in csv.DictReader(file) if line["brand"] == "*"]
    values = {(line["namespace"], line["value"]) for line in listed if line["kind"] == "value"}
    domains = {line["value"] for line in listed if line["kind"] == "domain"} | set(throw_away_domains)
    return {
        item
        for row in rows
        for item in row.identifiers
        if item in values or (item[0] == "email" and item[1].rpartition("@")[2] in domains)
    }


def _tell_unusable(
    rows: list[Row],
    over: dict[Identifier, int],
    blocked: Collection[Identifier],
    ours: set[frozenset[Identifier]],
) -> None:
    """How many values are nobody's, and whether the one seen with the most others glued them."""
    print(f"  values over their limit: {len(over):,}; on the block list: {len(blocked):,}")
    if not over:
        return
    worst = max(sorted(over), key=lambda item: over[item])
    others = {item for row in rows if worst in row.identifiers for item in row.identifiers if item != worst}
    apart = sum(not others.isdisjoint(members) for members in ours)
    print(f"  {worst[0]} {worst[1]!r} was seen with {over[worst]}; what it was seen with is in {apart} components")


def compare(ours: set[frozenset[Identifier]], theirs: set[frozenset[Identifier]]) -> bool:
    """Whether both are equal; prints both counts, and the first components that only one side has."""
    joined = sum(len(members) > 1 for members in theirs)
    size = max(map(len, theirs))
    print(f"  components: {len(ours):,} in the warehouse, {len(theirs):,} by scipy", end="")
    print(f" ({joined:,} of several identifiers, the largest of {size}); ", end="")
    print("equal" if ours == theirs else "NOT EQUAL")
    for title, only in (("the warehouse", ours - theirs), ("scipy", theirs - ours)):
        for members in sorted(map(sorted, only))[:SHOWN]:
            print(f"    only in {title}, of {len(members)}: {members[:SHOWN]}")
    return ours == theirs
