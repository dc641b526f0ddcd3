"""A chunk's persons become the tokens that sources/tokens.py gives each of them alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.sources import tokens
from orchestration.sources.contracts.model import Contract, field, identifier, optional, required, string
from orchestration.sources.landing import tokenise
from orchestration.sources.landing.tokenise import Tokens

KEY = b"k" * 32
CONTRACT = Contract(
    id="x.person",
    title="Persons",
    description="One row per person.",
    fields=(
        field("member_id", string, required, "the member", pii=identifier("member_id")),
        field("phone", string, optional, "the number", pii=identifier("phone")),
        field("app_id", string, optional, "the app"),
        field("openid", string, optional, "the follower", pii=identifier("wechat_openid", scope="app_id")),
    ),
    key=("member_id",),
)
Row = tuple[str | None, str | None, str | None, str | None]


@pytest.fixture(params=[3, 1_000_000], ids=["forgetful", "usual"], autouse=True)
def remembered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenise, "MOST_REMEMBERED", request.param)
    monkeypatch.setattr(tokenise, "_ROOM", 2)


def columns(rows: Sequence[Row]) -> dict[str, pa.Array]:
    """Rows as a slice of longer columns, as chunks are."""
    return {
        item.name: pa.array(["x", *(row[place] for row in rows), "y"], pa.string()).slice(1, len(rows))
        for place, item in enumerate(CONTRACT.fields)
    }


def alone(namespace: str, value: str | None) -> str | None:
    normal = None if value is None else tokens.normaliser(namespace, "CN")(value)
    return None if normal is None else tokens.token(KEY, namespace, normal)


def scoped(app: str | None, openid: str | None) -> str | None:
    return None if openid is None else f"{app or ''}:{openid}"


ids = st.sampled_from([None, "m1", "m2", " m2", "M3", "m4", "m5", "N/A", "林"])
phones = st.sampled_from([None, "13812345678", "+86 138 1234 5678", "13912345678", "x", "138****5678"])
apps = st.sampled_from([None, "wx1", "wx2"])
people = st.lists(st.lists(st.tuples(ids, phones, apps, ids), min_size=1, max_size=8), min_size=1, max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people)
def test_tokens_of_chunks_are_those_of_single_values(tmp_path: Path, chunks: list[list[Row]]) -> None:
    made = Tokens(CONTRACT, KEY, "CN", tmp_path)
    clear: set[tuple[str, str]] = set()
    number = 0
    for rows in chunks:
        values = columns(rows)
        found, problems = made.replace(values, len(rows))
        assert found["member_id"].to_pylist() == [alone("member_id", row[0]) for row in rows]
        assert found["phone"].to_pylist() == [alone("phone", row[1]) for row in rows]
        assert found["openid"].to_pylist() == [alone("wechat_openid", scoped(row[2], row[3])) for row in rows]
        sound = problems.sound
        stands = [row[0] is None or alone("member_id", row[0]) is not None for row in rows]
        assert (np.ones(len(rows), np.bool_) if sound is None else sound).tolist() == stands
        numbers = pa.array(range(number, number + len(rows)), pa.int64())
        made.keep(values, found, numbers, sound)
        number += len(rows)
        standing = [row for row, is_sound in zip(rows, stands, strict=True) if is_sound]
        told = [pair for row in standing for pair in (("member_id", row[0]), ("phone", row[1]))]
        told += [("wechat_openid", scoped(row[2], row[3])) for row in standing]
        clear |= {(name, key) for name, value in told if (key := alone(name, value)) is not None}
    kept = [row for batch in made.clear_values.rows() for row in batch.to_pylist()]
    assert {(row["namespace"], row["value_key"]) for row in kept} == clear
    assert all(tokens.token(KEY, row["namespace"], row["value"]) == row["value_key"] for row in kept)


def test_a_value_is_kept_once_while_it_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenise, "MOST_REMEMBERED", 100)
    made = Tokens(CONTRACT, KEY, "CN", tmp_path)
    for _ in range(3):
        values = columns([("m1", None, None, None), ("m1", "13812345678", None, None)])
        found, problems = made.replace(values, 2)
        made.keep(values, found, pa.array([1, 2], pa.int64()), problems.sound)
    kept = [row["value"] for batch in made.clear_values.rows() for row in batch.to_pylist()]
    assert kept == ["m1", "+8613812345678"]


def test_what_cannot_be_read_is_kept_with_its_row_where_the_row_stands(tmp_path: Path) -> None:
    made = Tokens(CONTRACT, KEY, "CN", tmp_path)
    values = columns([("N/A", "odd 1", None, None), ("m1", "odd 2", "wx1", None), ("m2", None, None, "o1")])
    found, problems = made.replace(values, 3)
    made.keep(values, found, pa.array([7, 8, 9], pa.int64()), problems.sound)
    assert problems.broken(pa.array([7, 8, 9], pa.int64())).to_pylist() == [
        {"number": 7, "problem": "malformed_identifier|member_id"}
    ]
    aside = [tuple(row.values()) for batch in made.broken_values.rows() for row in batch.to_pylist()]
    assert aside == [(8, "phone", b"odd 2"), (9, "openid", b"o1")]
