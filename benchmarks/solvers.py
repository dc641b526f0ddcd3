"""Ways to find the components of a brand's links: our own by dbt, and others with export and load back.

Here: each way from the links in the warehouse to its answer there. Not here: what they cost (costs.py), what is printed
(identity.py).
"""

from __future__ import annotations

import importlib.util
import io
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from benchmarks.costs import Cost, measured
from orchestration.brands import Brand
from orchestration.sources.kernels import pc
from orchestration.warehouse import connect, dbt, server
from orchestration.warehouse.migrate import Connection

MODEL = "int_identity__component"
LINKS = """
    select left_key, right_key from identity.int_identity__link where is_usable
    union all
    select identifier_key, identifier_key from identity.int_identity__identifier where is_usable and is_strong
"""
_COLUMNS = ("left_key", "right_key")


@dataclass(frozen=True)
class Built:
    """What a run of dbt cost the server, and what dbt says of each model."""

    cost: Cost
    told: str
    results: list[dict[str, Any]]


def build(brand: Brand, *arguments: str, **variables: str) -> Built:
    """Make models by dbt, from a manifest that is ready.

    Raises RuntimeError with what dbt says when it fails.
    """
    told = {"brand": brand.name, "time_zone": "UTC", "currency": "USD", "as_of": "", "known_at": "", **variables}
    dbt.prepare_manifest(brand)
    command = ["build", "--resource-type", "seed", "--resource-type", "model", "--vars", json.dumps(told), *arguments]
    with measured(postmaster()) as cost:
        result = dbt.invoke(brand, command, more=dbt.build_environment(brand))
    if result.returncode != 0:
        raise RuntimeError(f"dbt failed:\n{result.stdout[-4000:]}{result.stderr[-2000:]}")
    results = json.loads((dbt.target_path(brand) / "run_results.json").read_text(encoding="utf-8"))["results"]
    return Built(cost, result.stdout, results)


def postmaster() -> int:
    """The process id of the server's first process."""
    pid = server.status().pid
    if pid is None:
        raise RuntimeError("the benchmark needs the embedded server")
    return pid


def by_dbt(brand: Brand, solver: str) -> tuple[Cost, int]:
    """Solve by the product; dbt's own start is not the solver's, so the model's time and the server's count.

    Also returns the rounds of a contraction (0 for union-find).
    """
    built = build(brand, "--select", MODEL, identity_solver=solver)
    (model,) = (item for item in built.results if item["unique_id"].endswith(MODEL))
    rounds = re.search(r"contraction took (\d+) rounds", built.told)
    cost = Cost(model["execution_time"], 0.0, built.cost.server, built.cost.megabytes)
    return cost, int(rounds.group(1)) if rounds else 0


def by_scipy(brand: Brand) -> Cost:
    """Export, number the keys, solve with scipy in memory, load the answer."""
    return _outside(brand, "scipy", _scipy)


def has_splink() -> bool:
    """Whether Splink is installed (extra `splink`)."""
    return importlib.util.find_spec("splink") is not None


def by_splink(brand: Brand) -> Cost:
    """Export, let Splink cluster on DuckDB, load the answer."""
    return _outside(brand, "splink", _splink)


def _outside(brand: Brand, name: str, solve: Callable[[pa.Table], pa.Table]) -> Cost:
    with connect.connect(brand.name) as connection, measured(postmaster()) as cost:
        _load(connection, f"public.answer_of_{name}", solve(_exported(brand)))
        connection.commit()
    return cost


def _exported(brand: Brand) -> pa.Table:
    """The links, by psql, which reads faster than any driver of Python."""
    command = [str(server.program("psql")), connect.brand_url(brand.name), "--no-psqlrc", "--quiet", "--command"]
    told = subprocess.run([*command, f"copy ({LINKS}) to stdout (format csv)"], capture_output=True, check=True)
    return csv.read_csv(
        pa.BufferReader(told.stdout),
        read_options=csv.ReadOptions(column_names=list(_COLUMNS)),
        convert_options=csv.ConvertOptions(column_types=dict.fromkeys(_COLUMNS, pa.string())),
    )


def _scipy(links: pa.Table) -> pa.Table:
    ends = pa.chunked_array([chunk for name in _COLUMNS for chunk in links[name].chunks])
    encoded = ends.dictionary_encode().combine_chunks()
    keys, numbers = encoded.dictionary, encoded.indices.to_numpy()
    one, other = numbers[: len(links)], numbers[len(links) :]
    graph = coo_matrix((np.ones(len(links), dtype=bool), (one, other)), shape=(len(keys), len(keys)))
    count, labels = connected_components(graph, directed=False)
    downward = pc.sort_indices(keys).to_numpy()[::-1]
    least = np.empty(count, dtype=np.int64)
    least[labels[downward]] = downward  # of several written to one place the last one stays
    return pa.table({"identifier_key": keys, "component_key": keys.take(pa.array(least[labels]))})


def _splink(links: pa.Table) -> pa.Table:
    import duckdb
    from splink.internals.clustering import cluster_pairwise_predictions_at_threshold
    from splink.internals.duckdb.database_api import DuckDBAPI

    with duckdb.connect() as engine:
        engine.register("links", links)
        engine.execute("create table nodes as select distinct left_key as node from links where left_key = right_key")
        engine.execute("create table edges as select left_key as node_l, right_key as node_r from links")
        clusters = cluster_pairwise_predictions_at_threshold(
            engine.table("nodes"), engine.table("edges"), DuckDBAPI(engine), node_id_column_name="node"
        )
        found = clusters.as_pyarrow_table()
    return found.select(["node", "cluster_id"])


def _load(connection: Connection, table: str, answer: pa.Table) -> None:
    connection.execute(f"drop table if exists {table}".encode())
    connection.execute(f"create table {table} (identifier_key text, component_key text)".encode())
    with connection.cursor().copy(f"copy {table} from stdin (format csv)".encode()) as stream:
        for batch in answer.to_batches(max_chunksize=100_000):
            text = io.BytesIO()
            csv.write_csv(batch, text, csv.WriteOptions(include_header=False, quoting_style="none"))
            stream.write(text.getvalue())
    connection.execute(f"analyze {table}".encode())


def check_answer(brand: Brand, relation: str, expected: str = "public.answer_of_scipy") -> None:
    """Raise RuntimeError unless two answers are equal, row by row."""
    query = f"""
        select
            (select count(*) from {relation}), (select count(*) from {expected}),
            (select count(*) from {relation} as one inner join {expected} as other
             using (identifier_key, component_key))
    """
    with connect.connect(brand.name) as connection:
        (counts,) = connection.execute(query.encode()).fetchall()
    if len(set(counts)) != 1:
        raise RuntimeError(f"{relation} and {expected}: {counts[0]} and {counts[1]} rows, {counts[2]} of them equal")
