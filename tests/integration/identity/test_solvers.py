"""The solvers of components check each other: hundreds of graphs in one run of dbt, each row against scipy's answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from orchestration.brands import Brand
from orchestration.warehouse import connect
from tests.integration.identity import graphs, small_project
from tests.integration.identity.small_project import SCHEMA, SmallProject
from tests.workshop import HEAD, Workshop, rows

MODELS = {
    "by_union_find": ("solve_components", "links"),
    "by_contraction": ("contraction", "links"),
    "one_round_short": ("one_round_short", "links"),
    "paths_left_long": ("paths_left_long", "links"),
    "nothing_by_union_find": ("solve_components", "nothing"),
    "nothing_by_contraction": ("contraction", "nothing"),
    "again_by_contraction": ("contraction", "links"),
}
LINKS = graphs.drawn(400, seed=20250301)
NO_SCRATCH = "select tablename from pg_catalog.pg_tables where tablename like 'solver%'"


@pytest.fixture(scope="module")
def brand(workshop: Workshop) -> Iterator[Brand]:
    """A brand with the links in a table, and an empty one."""
    brand = workshop.brand(HEAD)
    with connect.connect(brand.name) as connection:
        connection.execute("create table public.links (left_key text, right_key text)")
        connection.execute("create table public.nothing (like public.links)")
        with connection.cursor().copy("copy public.links from stdin") as stream:
            for link in LINKS:
                stream.write_row(link)
    yield brand
    connect.drop_brand(brand.name)


@pytest.fixture(scope="module")
def solved(brand: Brand, tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    """Every model made once."""
    project = SmallProject(tmp_path_factory.mktemp("solvers") / "project", MODELS)
    result = project.run(brand)
    assert result.returncode == 0, result.stdout[-4000:]
    assert result.stdout.count("contraction took ") == 4, result.stdout[-4000:]
    return project


def answer(brand: Brand, model: str) -> dict[object, object]:
    """What a model holds; no key twice."""
    found = rows(brand, f"select identifier_key, component_key from {SCHEMA}.{model}")
    told: dict[object, object] = {}
    for key, component in found:
        assert key not in told
        told[key] = component
    return told


def leave_scratch(brand: Brand, model: str) -> None:
    """A scratch table as a killed run of the model leaves it."""
    name = f"solver_{hashlib.md5(model.encode()).hexdigest()[:8]}_0123456789ab_node_0"
    with connect.connect(brand.name) as connection:
        connection.execute(f"create table {SCHEMA}.{name} (node_id bigint)".encode())


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize("model", ["by_union_find", "by_contraction"])
def test_solver_gives_the_components_of_scipy(brand: Brand, model: str) -> None:
    assert answer(brand, model) == graphs.components(LINKS)


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize("model", ["one_round_short", "paths_left_long"])
def test_a_wrong_solver_is_found_out(brand: Brand, model: str) -> None:
    assert answer(brand, model) != graphs.components(LINKS)


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize("model", ["nothing_by_union_find", "nothing_by_contraction"])
def test_no_links_have_no_components(brand: Brand, model: str) -> None:
    assert answer(brand, model) == {}


@pytest.mark.usefixtures("solved")
def test_scratch_tables_are_gone_afterwards(brand: Brand) -> None:
    assert rows(brand, NO_SCRATCH) == []


def test_contraction_gives_up_loudly_and_leaves_nothing(brand: Brand, solved: SmallProject) -> None:
    before = answer(brand, "by_contraction")
    leave_scratch(brand, "by_union_find")  # PostgreSQL takes back what this run made; other engines cannot
    chosen = {"identity_solver": "contraction", "identity_solver_most_rounds": 2}
    result = solved.run(brand, "by_union_find", **chosen)
    assert result.returncode != 0
    assert "contraction had links left after 2 rounds" in result.stdout
    assert rows(brand, NO_SCRATCH) == []
    assert answer(brand, "by_union_find") == before


def test_an_unknown_solver_is_refused_by_name(brand: Brand, solved: SmallProject) -> None:
    result = solved.run(brand, "by_union_find", identity_solver="label_propagation")
    assert result.returncode != 0
    assert "var identity_solver is 'label_propagation'" in result.stdout


def test_keys_that_share_a_hash_are_hashed_anew(brand: Brand, tmp_path: Path) -> None:
    model = {"again_by_contraction": MODELS["again_by_contraction"]}
    project = SmallProject(tmp_path / "project", model)
    project.change("engine/hash.sql", small_project.HASH, small_project.FEW_NUMBERS)
    result = project.run(brand)
    assert result.returncode != 0
    assert "two keys had one 64-bit hash under each of 3 salts" in result.stdout
    project.change("engine/hash.sql", small_project.FEW_NUMBERS, small_project.MEETING_AT_FIRST)
    leave_scratch(brand, "again_by_contraction")
    result = project.run(brand)
    assert result.returncode == 0, result.stdout[-4000:]
    assert answer(brand, "again_by_contraction") == graphs.components(LINKS)
    assert rows(brand, NO_SCRATCH) == []


def test_an_engine_without_a_solver_of_its_own_gives_the_components_of_scipy(tmp_path: Path) -> None:
    file = tmp_path / "graph.duckdb"
    project = SmallProject(tmp_path / "project", {"by_default": ("solve_components", "links")})
    with duckdb.connect(file) as connection:
        keys = [pa.array(ends) for ends in zip(*LINKS, strict=True)]
        connection.register("drawn", pa.table(keys, names=["left_key", "right_key"]))
        connection.execute("create schema public; create table public.links as from drawn")
    result = project.run_on_duckdb(file)
    assert result.returncode == 0, result.stdout[-4000:]
    assert duckdb_rows(file, f"select * from {SCHEMA}.by_default") == sorted(graphs.components(LINKS).items())
    assert duckdb_rows(file, "select table_name from information_schema.tables where table_name like 'solver%'") == []


def duckdb_rows(file: Path, query: str) -> list[tuple[object, ...]]:
    """The rows of a query, in order."""
    with duckdb.connect(file) as connection:
        return sorted(connection.execute(query).fetchall())
