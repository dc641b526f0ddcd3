"""Equal content has an equal hash, other content another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sources.landing import content
from orchestration.sources.landing.content import Hasher

TYPES = {
    "text": pa.string(),
    "whole": pa.int64(),
    "amount": pa.decimal128(12, 2),
    "moment": pa.timestamp("us", "UTC"),
    "day": pa.date32(),
    "flag": pa.bool_(),
}
ROW = {
    "text": "a text of more than eight bytes 林",
    "whole": 7,
    "amount": Decimal("1.43"),
    "moment": datetime(2024, 3, 1, tzinfo=UTC),
    "day": date(2024, 3, 1),
    "flag": True,
}
OTHER = {
    "text": "a text of more than eight bytes 木",
    "whole": 8,
    "amount": Decimal("1.44"),
    "moment": datetime(2024, 3, 2, tzinfo=UTC),
    "day": date(2024, 3, 2),
    "flag": False,
}


def columns(rows: Sequence[Mapping[str, object]]) -> dict[str, pa.Array]:
    return {name: pa.array([row[name] for row in rows], kind) for name, kind in TYPES.items()}


def hashed(rows: Sequence[Mapping[str, object]], key: tuple[str, ...] = ("text", "whole")) -> content.RowHashes:
    return Hasher(key).hashes(columns(rows), len(rows))


def test_each_field_counts_and_so_does_its_absence() -> None:
    others = [{**ROW, name: value} for name, value in OTHER.items()]
    absent = [{**ROW, name: None} for name in ROW]
    found = hashed([ROW, *others, *absent]).content
    assert len(set(found.tolist())) == 1 + 2 * len(ROW)


def test_a_hash_is_the_same_in_every_batch() -> None:
    alone = hashed([ROW])
    among = hashed([OTHER, ROW, dict.fromkeys(ROW), ROW])
    assert among.content[1] == among.content[3] == alone.content[0]
    assert (among.key[1], among.key_again[1]) == (alone.key[0], alone.key_again[0])
    assert among.content[2] == hashed([dict.fromkeys(ROW)]).content[0]
    second = {name: column.slice(1, 1) for name, column in columns([OTHER, ROW]).items()}
    sliced = Hasher(("text",)).hashes(second, 1)
    assert sliced.content[0] == alone.content[0]


def by_hand(texts: list[str | None]) -> str:
    """The hash of a row of texts, word by word as the module says it."""
    most, factor = (1 << 64) - 1, 0xC6A4A7935BD1E995

    def mixed(state: int, words: list[int]) -> int:
        for word in words:
            scrambled = word * factor & most
            scrambled = (scrambled ^ scrambled >> 47) * factor & most
            state = (state ^ scrambled) * factor & most
        return state

    def word_of(text: str | None) -> int:
        if text is None:
            return 0x9E3779B97F4A7C15
        told = text.encode()
        words = [int.from_bytes(told[begin : begin + 8], "little") for begin in range(0, len(told), 8)]
        return mixed(0x082EFA98EC4E6C89, [*words, len(told)])

    state = mixed(0x243F6A8885A308D3, [word_of(text) for text in texts])
    state = (state ^ state >> 47) * factor & most
    return f"{state ^ state >> 47:016x}"


@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), min_size=1, max_size=3))
def test_hashes_are_what_the_module_says_they_are(texts: list[str | None]) -> None:
    row = {str(place): pa.array([text, "other", None], pa.string()) for place, text in enumerate(texts)}
    assert f"{Hasher(()).hashes(row, 3).content[0]:016x}" == by_hand(texts)


def test_texts_that_come_again_and_again_have_the_hash_they_have_alone() -> None:
    texts = ["the same long text of a browser", None, "another long text of a browser", "short"]
    many = Hasher(()).hashes({"text": pa.array(texts * 300, pa.string())}, 1_200).content.reshape(300, 4)
    assert (many == many[0]).all()
    for text, found in zip(texts, many[0], strict=True):
        assert Hasher(()).hashes({"text": pa.array([text], pa.string())}, 1).content[0] == found


def test_the_key_is_told_by_its_own_fields_twice() -> None:
    found = hashed([ROW, {**ROW, "amount": Decimal(9)}, {**ROW, "whole": 9}, {**ROW, "text": "b"}])
    for key in (found.key, found.key_again):
        assert key[0] == key[1]
        assert len(set(key.tolist())) == 3
    assert not (found.key == found.key_again).any()


def test_what_moves_from_one_field_to_the_next_is_other_content() -> None:
    texts = [("ab", "c"), ("a", "bc"), ("abc", ""), ("", "abc"), ("abc", None), (None, "abc"), ("abc\0", ""), ("", "")]
    row = {name: pa.array([pair[place] for pair in texts], pa.string()) for place, name in enumerate("xy")}
    found = Hasher(()).hashes(row, len(texts))
    assert len(set(found.content.tolist())) == len(texts)


@given(st.lists(st.text(max_size=40), min_size=2, max_size=12))
def test_texts_meet_when_they_are_equal_only(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    found = Hasher(()).hashes({"text": pa.array(texts, pa.string())}, len(texts)).content
    assert len(set(found.tolist())) == len(set(texts))


def test_single_bits_reach_all_of_the_hash() -> None:
    numbers = pa.array([0, *(1 << bit for bit in range(63))], pa.int64())
    found = Hasher(()).hashes({"whole": numbers}, len(numbers)).content
    changed = np.array([(found[0] ^ other) for other in found[1:]], np.uint64)
    shares = np.unpackbits(changed.view(np.uint8).reshape(-1, 8), axis=1).mean(axis=1)
    assert shares.min() > 0.2
    assert shares.max() < 0.8
