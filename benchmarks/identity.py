"""Identity: solving the graph in the warehouse beside taking it out, solving it with scipy and loading it back.

Here: what is measured and which ratio has which goal; every answer is compared with scipy's, row by row. Goals are for
two million people on a machine that does nothing else; processor time says more than the clock where it does. Not here:
the people (people.py), the ways of solving (solvers.py), what a second is (costs.py). Linux only: it reads /proc.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from benchmarks import own_warehouse, solvers
from benchmarks import people as landed_people
from benchmarks.costs import Cost
from orchestration.brands import Brand
from orchestration.warehouse import connect

BRAND = 'title = "Benchmark"\ntime_zone = "UTC"\ncurrency = "USD"\ncountry = "US"\n'
BRIDGE = "+bridge_customer_identifier"
STAGING = "config.schema:staging"


@dataclass(frozen=True)
class Measured:
    """Medians at one size."""

    people: int
    union_find: Cost
    step: Cost


def run(*, repeats: int, people: int) -> None:
    """Print every cost and every ratio with its goal, the median of `repeats`, all ways in turn."""
    with own_warehouse.opened(BRAND) as (brand, _):
        tenth = _solved_here(brand, people // 10, repeats)
        whole = _solved_here(brand, people, repeats)
        restated = _restated(brand, people, repeats)
        _compare(brand, whole, repeats)
        _ratio("whole step / solving, wall", whole.step.wall, whole.union_find.wall, 6)
        _ratio("1 % new evidence: restated / whole step, wall", restated.wall, whole.step.wall, 0.1)
        growth = whole.people / tenth.people
        _ratio("ten times the people: solving / linear", whole.union_find.server, tenth.union_find.server * growth, 1.3)
        _ratio("ten times the people: whole step / linear", whole.step.server, tenth.step.server * growth, 1.3)
        print(f"most memory of the server's own, MB: whole step {whole.step.megabytes:,.0f}", flush=True)


def _solved_here(brand: Brand, count: int, repeats: int) -> Measured:
    """Land people, make their bridge from the evidence on, and solve again by union-find."""
    landed_people.land(brand.name, count)
    solvers.build(brand, "--select", f"{STAGING},{BRIDGE}")
    step = _median(_step(brand) for _ in range(repeats))
    found = [solvers.by_dbt(brand, "")[0] for _ in range(repeats)]
    with connect.connect(brand.name) as connection:
        query = b"select (select count(*) from identity.int_identity__component), (select count(*) from "
        query += (
            b"identity.int_identity__link where is_usable), (select count(*) from identity.int_identity__resolution)"
        )
        ((identifiers, links, disputed),) = connection.execute(query).fetchall()
    print(f"{count:,} people: {identifiers:,} identifiers ({disputed:,} resolved by the rules), {links:,} links")
    measured = Measured(count, _median(found), step)
    _tell(f"whole step, {count:,} people", measured.step)
    _tell(f"union-find, {count:,} people", measured.union_find)
    return measured


def _restated(brand: Brand, count: int, repeats: int) -> Cost:
    """The step again after 1 % of new evidence each time, on the tables that the step before left."""
    costs: list[Cost] = []
    for number in range(1, repeats + 1):
        landed_people.land_more(brand.name, count, number)
        solvers.build(brand, "--select", f"{STAGING},{BRIDGE}")
        costs.append(_step(brand, standing_known_at=landed_people.known_at(number - 1)))
    restated = _median(costs)
    _tell(f"whole step restated after 1 % new evidence, {count:,} people", restated)
    return restated


def _step(brand: Brand, **variables: str) -> Cost:
    """From staged records to the bridge: from the first model's beginning to the last one's end."""
    built = solvers.build(brand, "--select", BRIDGE, "--exclude", STAGING, **variables)
    moments = [
        datetime.fromisoformat(timing[edge])
        for item in built.results
        for timing in item["timing"]
        for edge in ("started_at", "completed_at")
        if timing["name"] == "execute"
    ]
    wall = (max(moments) - min(moments)).total_seconds()
    return Cost(wall, 0.0, built.cost.server, built.cost.megabytes)


def _compare(brand: Brand, whole: Measured, repeats: int) -> None:
    """The ways in turn, so that what else the machine does meets all of them."""
    table = f"identity.{solvers.MODEL}"
    found: dict[str, list[Cost]] = {"union-find": [], "contraction": [], "scipy": []}
    rounds = 0
    for _ in range(repeats):
        found["scipy"].append(solvers.by_scipy(brand))
        for name, solver in (("union-find", ""), ("contraction", "contraction")):
            cost, rounds = solvers.by_dbt(brand, solver)
            found[name].append(cost)
            solvers.check_answer(brand, table)
        if solvers.has_splink():
            found.setdefault("Splink", []).append(solvers.by_splink(brand))
            solvers.check_answer(brand, "public.answer_of_splink")
    medians = {name: _median(costs) for name, costs in found.items()}
    for name, cost in medians.items():
        _tell(f"{name}, {whole.people:,} people", cost)
    scipy = medians["scipy"]
    _ratio("union-find / scipy with export and load, wall", medians["union-find"].wall, scipy.wall, 1.5)
    _ratio("union-find / scipy with export and load, CPU", medians["union-find"].processor, scipy.processor, 2.2)
    _ratio("contraction / scipy with export and load, CPU", medians["contraction"].processor, scipy.processor, 5.5)
    _ratio("contraction, rounds", rounds, 1, 10)
    if "Splink" in medians:
        _ratio("Splink on DuckDB / scipy, both with export and load, CPU", medians["Splink"].processor, scipy.processor)
    else:
        print("Splink is not installed (extra `splink`): not compared")


def _median(costs: Iterable[Cost]) -> Cost:
    """Each figure's own median; of memory the most."""
    found = list(costs)

    def middle(figure: Callable[[Cost], float]) -> float:
        return statistics.median(map(figure, found))

    return Cost(
        middle(lambda cost: cost.wall),
        middle(lambda cost: cost.here),
        middle(lambda cost: cost.server),
        max(cost.megabytes for cost in found),
    )


def _tell(title: str, cost: Cost) -> None:
    print(
        f"{title}: {cost.wall:.1f} s, CPU {cost.processor:.1f} s, server's memory {cost.megabytes:,.0f} MB", flush=True
    )


def _ratio(title: str, one: float, other: float, goal: float | None = None) -> None:
    aim = f" (goal: at most {goal:g})" if goal is not None else ""
    print(f"{title} {one / other:.2f}{aim}", flush=True)
