"""Who abuses offers against the demo brand's truth: precision and recall of every kind of flag.

Here: writing a brand of any size, landing it, building the flags, comparing. `flagged`: customers with the flag;
`true`: people of that kind with a member id; `right`: both. A customer is the person whose member id they hold.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks import accuracy
from orchestration import brands, settings
from orchestration.brands import Brand
from orchestration.sources import tokens
from orchestration.warehouse import connect, server

_FLAGS = """
    select bridge.identifier_key, flags.kind
    from marts.mart_customer__abuse as flags
    inner join core.bridge_customer_identifier as bridge on bridge.customer_key = flags.customer_key
    where bridge.namespace = 'member_id' and bridge.is_current
"""
_KINDS = "select distinct kind from staging.abuse_rules order by kind"


@dataclass(frozen=True)
class Score:
    """The figures of one kind."""

    kind: str
    true: int
    flagged: int
    right: int

    @property
    def precision(self) -> float:
        """The share of the flagged who are of that kind."""
        return self.right / self.flagged if self.flagged else float("nan")

    @property
    def recall(self) -> float:
        """The share of that kind who are flagged."""
        return self.right / self.true if self.true else float("nan")


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.abuse", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--customers", type=int, default=5_000, help="people of the demo brand")
    run(customers=parser.parse_args().customers)


def run(*, customers: int) -> None:
    """Write, land and build a brand of so many people, and print how well abuse was flagged."""
    folder = Path(tempfile.mkdtemp(prefix="touchstream-bench-"))
    folder.chmod(0o755)
    os.environ.update({"TOUCHSTREAM_HOME": str(folder / "home"), "TOUCHSTREAM_SECRETS": str(folder / "secrets")})
    try:
        brand = brands.load("qinglan")
        made = [sys.executable, "-m", "simulator.brand", "--home", str(brand.home), "--customers", str(customers)]
        subprocess.run(made, cwd=settings.project_root(), check=True)
        accuracy.build(brand, "+mart_customer__abuse")
        for found in scores(brand):
            print(
                f"{found.kind:<14} true {found.true:>5}  flagged {found.flagged:>5}  right {found.right:>5}  "
                f"precision {found.precision:.3f}  recall {found.recall:.3f}"
            )
    finally:
        server.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def scores(brand: Brand) -> list[Score]:
    """Compare the flags that are built with the truth, kind by kind."""
    key = tokens.pii_key(brand.name)
    people = pq.read_table(brand.home / "truth" / "person.parquet", columns=["kind", "member_id"])
    kind_of = {
        tokens.token(key, "member_id", member): str(kind)
        for kind, member in zip(people["kind"].to_pylist(), people["member_id"].to_pylist(), strict=True)
        if member
    }
    with connect.connect(brand.name) as connection:
        flags = [(str(member), str(kind)) for member, kind in connection.execute(_FLAGS.encode()).fetchall()]
        kinds = [str(kind) for (kind,) in connection.execute(_KINDS.encode()).fetchall()]
    return [
        Score(
            kind,
            true=sum(told == kind for told in kind_of.values()),
            flagged=sum(flag == kind for _, flag in flags),
            right=sum(flag == kind and kind_of.get(member) == kind for member, flag in flags),
        )
        for kind in kinds
    ]


if __name__ == "__main__":
    main()
