"""A first look tells how a file is written and what its columns hold."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.sources import formats, samples
from orchestration.sources.headings import RefusedFileError

CHINESE = "订单号,城市\n1,南京\n2,静安区的门店\n"
FRENCH = "numéro;ville\n1;Orléans\n2;Nîmes\n"


@pytest.mark.parametrize(
    ("name", "content", "settings"),
    [
        ("a.csv", CHINESE.encode(), {}),
        ("a.csv", CHINESE.encode("utf-8-sig"), {}),
        ("a.csv", CHINESE.encode("gb18030"), {"encoding": "gb18030"}),
        ("a.csv", CHINESE.encode("utf-16"), {"encoding": "utf-16"}),
        ("a.csv", FRENCH.encode(), {"delimiter": ";"}),
        ("a.csv", FRENCH.encode("cp1252"), {"encoding": "cp1252", "delimiter": ";"}),
        ("a.csv", b"a|b\n1,5|2\n", {"delimiter": "|"}),
        ("a.csv", b"a\tb\n1\t2\n", {"delimiter": "\t"}),
        ("a.tsv", b"a\tb\n1\t2\n", {}),
        ("a.csv", b"a;b\n1,5;2,5\n1,5;2,5\n", {"delimiter": ";"}),
        ("a.csv.gz", gzip.compress(FRENCH.encode(), mtime=0), {"delimiter": ";"}),
        ("a.jsonl", '{"a": "林"}\n'.encode("gb18030"), {"encoding": "gb18030"}),
        ("a.csv", b"", {}),
    ],
)
def test_encoding_and_delimiter_are_told(tmp_path: Path, name: str, content: bytes, settings: dict[str, str]) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert samples.settings_of(path) == settings


def test_values_of_csv_lines_and_parquet_are_texts(tmp_path: Path) -> None:
    def held(path: Path) -> dict[str, list[str]]:
        return samples.samples_of(path, formats.recognise(path, "auto", ",", "utf-8"))

    sheet = tmp_path / "a.csv"
    sheet.write_text("a,b\n1,x\nbroken\n2,\n", encoding="utf-8")
    assert held(sheet) == {"a": ["1", "2"], "b": ["x", ""]}
    lines = tmp_path / "a.jsonl"
    lines.write_text('{"a": 1, "b": {"c": true, "d": [1]}}\nbroken\n{"a": null}\n', encoding="utf-8")
    assert held(lines) == {"a": ["1", ""], "b.c": ["true"]}
    columns = {"a": [7.0, None], "b": [{"c": 1}, None], "c": pa.array([2**62, 0], pa.timestamp("us"))}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    found = held(tmp_path / "a.parquet")
    assert (found["a"], found["b"]) == (["7", ""], ["", ""])


def test_a_heading_alone_has_columns_without_values(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n", encoding="utf-8")
    assert samples.samples_of(path, formats.recognise(path, "auto", ",", "utf-8")) == {"a": [], "b": []}


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(FRENCH.encode() * 1000, mtime=0)[:-20])
    with pytest.raises(RefusedFileError, match="damaged"):
        samples.settings_of(path)
