"""Which two customers are probably one person, by Splink's Fellegi-Sunter model on DuckDB, in memory.

Here: what is compared, how much an agreement is worth, learning that from the data, the pairs over a threshold. Not
here: where people come from (people.py), which pairs may be proposed and where they are kept (proposals.py).

After Fellegi and Sunter (1969), https://moj-analytical-services.github.io/splink/theory/fellegi_sunter.html. An
agreement weighs how often it happens among one person's records (m) against how often it happens among strangers' (u);
an equal name weighs the more, the rarer it is. u is counted over pairs of strangers, m is learnt by expectation
maximisation. Nothing of it leaves this process: DuckDB may neither use a disk nor load extensions.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from orchestration.modeling.traits import Person

if TYPE_CHECKING:
    from splink import Linker
    from splink.internals.duckdb.database_api import DuckDBAPI

NAME = "splink_name_birthday_address"
VERSION = "1"
SEED = 20_250_301
SAMPLED_PAIRS = 5_000_000
"""Pairs of strangers over which u is counted."""
FEWEST_PAIRS = 500
"""Pairs of a training rule without which m is not learnt: a handful teaches what is not so."""
LARGEST_STEP = 4.0
"""By how many times training may move an m: without known pairs it mistakes households for people."""
RECALL = 0.6
"""Share of all true pairs whose name and birthday are equal to the letter."""
HIGHEST = 0.9999
"""No pair is certain."""

_ONE_SIGN_OTHER = """
    name_is_han_l and name_is_han_r and length(words_l) = length(words_r) and length(words_l) >= 3 and (
        left(words_l, length(words_l) - 1) = left(words_r, length(words_r) - 1)
        or right(words_l, length(words_l) - 1) = right(words_r, length(words_r) - 1)
        or (length(words_l) = 3 and left(words_l, 1) = left(words_r, 1) and right(words_l, 1) = right(words_r, 1))
    )
"""
_ALIKE_IN_LETTERS = """
    not name_is_han_l and not name_is_han_r and jaro_winkler_similarity(words_l, words_r) >= 0.92
"""
_SLIP_OF_THE_PEN = """
    damerau_levenshtein(birthday_l, birthday_r) <= 1
    or birthday_l = left(birthday_r, 6) || right(birthday_r, 2) || '-' || substr(birthday_r, 7, 2)
"""


@dataclass(frozen=True)
class Level:
    """A degree of agreement: in words, when it is reached, and how often one person's two records reach it (m)."""

    words: str
    when: str
    m: float


@dataclass(frozen=True)
class Compared:
    """One thing that is compared: when it cannot be, and its degrees of agreement, best first; m sums to one."""

    what: str
    unknown_when: str
    levels: tuple[Level, ...]
    rare_weighs_more: str | None = None


COMPARED = (
    Compared(
        "name",
        "words_l is null or words_r is null or name_is_han_l <> name_is_han_r",
        (
            Level("the same", "words_l = words_r", 0.85),
            Level("nearly the same", f"({_ONE_SIGN_OTHER}) or ({_ALIKE_IN_LETTERS})", 0.10),
            Level("another", "", 0.05),
        ),
        rare_weighs_more="words",
    ),
    Compared(
        "birthday",
        "month_day_l is null or month_day_r is null or left(month_day_l, 1) <> left(month_day_r, 1)",
        (
            Level("the same", "birthday_l = birthday_r", 0.90),
            Level(
                "the same day of a year not known",
                "month_day_l = month_day_r and (birthday_l is null or birthday_r is null)",
                0.03,
            ),
            Level("a slip of the pen apart", _SLIP_OF_THE_PEN, 0.04),
            Level("another", "", 0.03),
        ),
    ),
    Compared(
        "address",
        "(address_l is null or address_r is null) and (city_l is null or city_r is null)",
        (
            Level("the same", "address_l = address_r", 0.55),
            Level(
                "nearly the same",
                "numbers_l = numbers_r and numbers_l <> '' and jaro_winkler_similarity(address_l, address_r) >= 0.9",
                0.15,
            ),
            Level("in the same city", "city_l = city_r", 0.20),
            Level("another", "", 0.10),
        ),
    ),
)
CANDIDATES = (
    ("words", "month_day"),
    ("words", "birth_year"),
    ("birthday", "initial"),
    ("words", "city"),
    ("address", "initial"),
    ("address", "month_day"),
)
"""Pairs that agree in all columns of any of these are looked at: every pair would be the square of the people."""
TRAINING = (("words", "city"), ("birthday",), ("address",))


@dataclass(frozen=True)
class Likely:
    """Two people who are probably one: the probability, and how each known thing agrees, in words."""

    left_key: str
    right_key: str
    probability: float
    agreement: dict[str, str]


def likely_pairs(people: Sequence[Person], *, threshold: float) -> list[Likely]:
    """The pairs of at least this probability, most probable first; the same people give the same pairs.

    A pair needs two of name, birthday and address to agree, and neither its names nor its birthdays may be other ones:
    father and son share name and door, twins birthday and door.
    """
    if len(people) < 2:
        return []
    with _quiet():
        database = in_memory()
        database.duckdb_con.register("people_given", _table(people))
        database.duckdb_con.execute("create table people as from people_given order by unique_id")
        database.duckdb_con.unregister("people_given")
        return _scored(database, _trained(database, people), threshold)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Splink's warnings of degrees that no pair showed: `_bound` sees to those."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def in_memory() -> DuckDBAPI:
    """DuckDB without disk and network, on one thread: sums of several come in any order, and their last digit too."""
    import duckdb
    from splink.internals.duckdb.database_api import DuckDBAPI

    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    connection.execute("set enable_external_access = false")
    return DuckDBAPI(connection)


def _table(people: Iterable[Person]) -> pa.Table:
    texts = ("words", "initial", "birthday", "month_day", "birth_year", "address", "numbers", "city")
    schema = pa.schema(
        [("unique_id", pa.string()), ("name_is_han", pa.bool_()), *((name, pa.string()) for name in texts)]
    )
    rows: list[dict[str, Any]] = []
    for person in people:
        told = asdict(person)
        rows.append({"unique_id": told.pop("key"), "name_is_han": told.pop("is_han"), **told})
    return pa.Table.from_pylist(rows, schema=schema)


def _settings() -> Any:
    from splink import SettingsCreator, block_on
    from splink.comparison_library import CustomComparison

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            CustomComparison(comparison_levels=_levels(compared), output_column_name=compared.what)
            for compared in COMPARED
        ],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in CANDIDATES],
        retain_matching_columns=True,  # the degrees of agreement come with them
        retain_intermediate_calculation_columns=False,
    )


def _levels(compared: Compared) -> list[Any]:
    from splink.comparison_level_library import CustomLevel, ElseLevel

    made: list[Any] = [CustomLevel(compared.unknown_when, "not known").configure(is_null_level=True)]
    for number, level in enumerate(compared.levels):
        one = CustomLevel(level.when, level.words) if level.when else ElseLevel()
        one.configure(m_probability=level.m)
        if number == 0 and compared.rare_weighs_more:
            one.configure(tf_adjustment_column=compared.rare_weighs_more)
        made.append(one)
    return made


def _trained(database: DuckDBAPI, people: Sequence[Person]) -> dict[str, Any]:
    """The settings with what the data taught, kept within bounds."""
    from splink import block_on

    linker = _linker(database, _settings())
    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=SEED)
    for columns in TRAINING:
        if _pairs(people, columns) >= FEWEST_PAIRS:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*columns), fix_u_probabilities=True, max_pairs=SAMPLED_PAIRS
            )
    found = linker.misc.save_model_to_json()
    possible = len(people) * (len(people) - 1) / 2
    found["probability_two_random_records_match"] = min(
        0.5, max(1, _pairs(people, ("words", "birthday"))) / RECALL / possible
    )
    for compared, told in zip(COMPARED, found["comparisons"], strict=True):
        _bound(compared, told["comparison_levels"][1:], fewest=1 / min(possible, SAMPLED_PAIRS))
    return found


def _bound(compared: Compared, told: list[dict[str, Any]], *, fewest: float) -> None:
    """Keep m near what is believed beforehand, and u at what a pair or more could have shown."""
    for level, learnt in zip(compared.levels, told, strict=True):
        m = _number(learnt.get("m_probability"), level.m)
        learnt["m_probability"] = min(max(m, level.m / LARGEST_STEP), level.m * LARGEST_STEP)
        learnt["u_probability"] = max(_number(learnt.get("u_probability"), fewest), fewest)
    whole = sum(learnt["m_probability"] for learnt in told)
    for learnt in told:
        learnt["m_probability"] /= whole


def _number(value: Any, otherwise: float) -> float:
    """A trained value; Splink puts words or nothing where no pair was seen."""
    return float(value) if isinstance(value, int | float) else otherwise


def _pairs(people: Iterable[Person], columns: Sequence[str]) -> int:
    """How many pairs are equal, and known, in all of these columns."""
    values = Counter(tuple(getattr(person, column) for column in columns) for person in people)
    return sum(count * (count - 1) // 2 for value, count in values.items() if None not in value)


def _linker(database: DuckDBAPI, settings: Any) -> Linker:
    from splink import Linker

    return Linker(database.register("people"), settings, log_level=None)


def _scored(database: DuckDBAPI, settings: dict[str, Any], threshold: float) -> list[Likely]:
    scored = _linker(database, settings).inference.predict(threshold_match_probability=threshold)
    gammas = [f"gamma_{compared.what}" for compared in COMPARED]
    agreed = " + ".join(f"cast({gamma} > 0 as integer)" for gamma in gammas)
    found = database.duckdb_con.execute(
        f"select least(unique_id_l, unique_id_r) as one, greatest(unique_id_l, unique_id_r) as other, "
        f"least(round(match_probability, 4), {HIGHEST}) as probability, {', '.join(gammas)} "
        f"from {scored.physical_name} "
        f"where gamma_name <> 0 and gamma_birthday <> 0 and {agreed} >= 2 order by probability desc, one, other"
    ).fetchall()
    return [Likely(one, other, probability, _agreement(degrees)) for one, other, probability, *degrees in found]


def _agreement(degrees: Sequence[int]) -> dict[str, str]:
    """Splink numbers the degrees from 0 for the least; -1 is not known."""
    return {
        compared.what: compared.levels[len(compared.levels) - 1 - degree].words
        for compared, degree in zip(COMPARED, degrees, strict=True)
        if degree >= 0
    }
