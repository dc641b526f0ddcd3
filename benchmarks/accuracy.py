"""Who is who against the demo brand's truth: pairwise precision and recall of strong identifiers.

Here: writing a brand of any size, landing it, building identity, comparing. Two identifiers are a true pair when one
person had both. `precision`: of the pairs in one customer, how many are true. `recall`: of the true pairs that the
exports let anybody find (a chain of records that name the person's identifiers together leads from one to the other),
how many are in one customer; `of all that were seen` also counts pairs that no record ever joins.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from orchestration import brands, settings
from orchestration.brands import Brand
from orchestration.identity import block_list
from orchestration.sources import tokens
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.landing.land import land
from orchestration.warehouse import builds, connect, dbt, server

LARGE = 30
"""A customer of more strong identifiers than this is looked at by itself."""
_SEEN = "select identifier_key, customer_key from core.bridge_customer_identifier where is_strong and is_usable"
_EVIDENCE = "select distinct left_key, right_key from identity.int_identity__evidence"


@dataclass(frozen=True)
class Score:
    """The figures of one comparison; pairs are unordered pairs of strong identifiers that were seen."""

    people: int
    customers: int
    precision: float
    recall: float
    recall_of_all: float
    largest: int
    large_and_wrong: int


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--customers", type=int, default=100_000, help="people of the demo brand")
    run(customers=parser.parse_args().customers)


def run(*, customers: int) -> None:
    """Write, land and build a brand of so many people, and print how well they were told apart."""
    folder = Path(tempfile.mkdtemp(prefix="touchstream-bench-"))
    folder.chmod(0o755)
    os.environ.update({"TOUCHSTREAM_HOME": str(folder / "home"), "TOUCHSTREAM_SECRETS": str(folder / "secrets")})
    try:
        brand = brands.load("qinglan")
        made = [sys.executable, "-m", "simulator.brand", "--home", str(brand.home), "--customers", str(customers)]
        subprocess.run(made, cwd=settings.project_root(), check=True)
        found = measured(brand)
        print(f"{found.people:,} people showed a strong identifier; {found.customers:,} customers were found")
        print(
            f"largest customer: {found.largest} strong identifiers; of more than {LARGE} and not one person's: "
            f"{found.large_and_wrong}"
        )
        print(f"recall of all that were seen {found.recall_of_all:.4f}")
        print(f"precision {found.precision:.4f}")
        print(f"recall {found.recall:.4f}")
    finally:
        server.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def measured(brand: Brand) -> Score:
    """Land what is in the brand's drop folder, build identity from it, and compare it with the truth beside it."""
    build(brand, "+bridge_customer_identifier")
    return score(brand)


def build(brand: Brand, select: str) -> None:
    """Land what is in the brand's drop folder, and build the selected models from it."""
    connect.ensure_brand(brand.name)
    land(brand)
    block_list.apply(brand)
    wanted = builds.inputs(brand, [item.id for item in CONTRACTS.values() if item.advances_clock])
    told = dbt.variables(brand, as_of=wanted.as_of, known_at=wanted.known_at)
    built = dbt.invoke(
        brand,
        [
            "build",
            "--resource-type",
            "seed",
            "--resource-type",
            "model",
            "--select",
            select,
            "--vars",
            json.dumps(told),
        ],
    )
    if built.returncode:
        raise RuntimeError(built.stdout[-3000:])


def score(brand: Brand) -> Score:
    """Compare the identity that is built with the truth."""
    owned = _truth(brand)
    with connect.connect(brand.name) as connection:
        seen = connection.execute(_SEEN.encode()).fetchall()
        evidence = connection.execute(_EVIDENCE.encode()).fetchall()
    with duckdb.connect() as memory:
        memory.register("owned", owned)
        memory.register("seen", _table(seen, "key", "customer"))
        memory.register("evidence", _table(evidence, "one", "other"))
        memory.register("findable", _findable(memory))
        return _score(memory)


def _truth(brand: Brand) -> pa.Table:
    """Whose every identifier is, by token: `key`, `person`."""
    table = pq.read_table(brand.home / "truth" / "identifier.parquet", columns=["namespace", "value", "person"])
    key = tokens.pii_key(brand.name)
    spaces, values = table["namespace"].to_pylist(), table["value"].to_pylist()
    keys = [tokens.token(key, space, value) for space, value in zip(spaces, values, strict=True)]
    return pa.table({"key": keys, "person": table["person"]})


def _table(rows: list[tuple[str, ...]], *names: str) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})


def _findable(memory: duckdb.DuckDBPyConnection) -> pa.Table:
    """For each person the identifiers, with the number of the chain of records that joins them: `key`, `chain`."""
    nodes = memory.execute(
        "select row_number() over (order by person, owned.key) - 1 as node, person, owned.key from owned "
        "semi join seen on seen.key = owned.key where person >= 0"
    ).to_arrow_table()
    memory.register("nodes", nodes)
    ends = memory.execute(
        "select one.node as one, other.node as other from evidence "
        "inner join nodes as one on one.key = evidence.one "
        "inner join nodes as other on other.key = evidence.other and other.person = one.person"
    ).fetchnumpy()
    size = nodes.num_rows
    graph = coo_matrix((np.ones(len(ends["one"])), (ends["one"], ends["other"])), shape=(size, size))
    _, chains = connected_components(graph, directed=False)
    order = np.argsort(nodes["node"].to_numpy())
    return pa.table({"key": nodes["key"].take(pa.array(order)), "chain": pa.array(chains, pa.int64())})


def _score(memory: duckdb.DuckDBPyConnection) -> Score:
    memory.execute(
        "create table found as select one.key as one, other.key as other from seen as one "
        "inner join seen as other on other.customer = one.customer and other.key > one.key"
    )
    for name, group, told in (
        ("true_pair", "person", "owned where person >= 0"),
        ("findable_pair", "chain", "findable"),
    ):
        memory.execute(
            f"create table {name} as "
            f"with told as (select key, {group} from {told}), "
            "here as (select told.* from told semi join seen on seen.key = told.key) "
            "select distinct one.key as one, other.key as other from here as one "
            f"inner join here as other on other.{group} = one.{group} and other.key > one.key"
        )
    counts = memory.execute(
        "select (select count(*) from found), (select count(*) from found semi join true_pair using (one, other)), "
        "(select count(*) from true_pair), (select count(*) from findable_pair), "
        "(select count(*) from findable_pair semi join found using (one, other)), "
        "(select count(distinct person) from owned semi join seen on seen.key = owned.key where person >= 0), "
        "(select count(distinct customer) from seen)"
    ).fetchall()[0]
    found, right, true, findable, reached, people, customers = (int(count) for count in counts)
    large = memory.execute(
        "with sizes as (select customer, count(*) as size from seen group by customer), "
        "held as (select customer, person, count(*) as size from seen inner join owned on owned.key = seen.key "
        "group by customer, person), most as (select customer, max(size) as size from held group by customer) "
        f"select max(sizes.size), count(*) filter (sizes.size > {LARGE} and sizes.size > coalesce(most.size, 0)) "
        "from sizes left join most on most.customer = sizes.customer"
    ).fetchall()[0]
    return Score(
        people=people,
        customers=customers,
        precision=right / found,
        recall=reached / findable,
        recall_of_all=right / true,
        largest=int(large[0]),
        large_and_wrong=int(large[1]),
    )


if __name__ == "__main__":
    main()
