"""What compiled SQL may not contain if Spark is to run it.

Here: the judgement of one statement. Not here: compiling models (test_spark_compile.py). sqlglot's parser reads
Spark's grammar, but it also reads much that only PostgreSQL runs; so functions are held against a list of those
looked up in Spark's SQL reference, and PostgreSQL's own notations are named one by one.
"""

from __future__ import annotations

import re

import sqlglot
from sqlglot.errors import ErrorLevel, SqlglotError


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SPARK_FUNCTIONS = _words("""
    abs any_value array_join avg cast ceil char coalesce collect_list collect_set concat count date_add date_format
    date_trunc datediff dense_rank explode extract first_value floor from_utc_timestamp greatest lag last_value lead
    least length lower lpad make_date make_interval map map_from_entries max md5 min named_struct nullif percentile
    power rank round row_number sequence sort_array split_part sqrt stddev_samp struct substring sum to_json
    to_utc_timestamp trim trunc upper weekday xxhash64
""")
"""Functions that models use and Spark has (https://spark.apache.org/docs/latest/api/sql/).

A new one is looked up there, then added.
"""

_WORDS_BEFORE_BRACKETS = _words("""
    all and any as between by case decimal distinct else end exists from having in is join not on or over partition
    row rows select then union using values when where with
""")

_POSTGRES_ALONE = {
    "cast by ::": r"::",
    "distinct on": r"\bdistinct\s+on\s*\(",
    "filter (where …)": r"\bfilter\s*\(\s*where\b",
    "lateral": r"\blateral\b",
    "interval in quotes": r"\binterval\s*''",
    "at time zone": r"\bat\s+time\s+zone\b",
    "json arrow": r"->",
    "isodow": r"\bisodow\b",
    "type of PostgreSQL": r"\bas\s+(text|timestamptz|jsonb?|uuid|varchar|timestamp\s+with|double\s+precision)\b",
    "ordered aggregate": r"\bwithin\s+group\b",
    "regular expression operator": r"[^<>!=]~",
}


def faults(sql: str) -> list[str]:
    """Why Spark would not run a statement; empty when nothing speaks against it."""
    bare = _without_texts_and_comments(sql)
    found = [name for name, pattern in _POSTGRES_ALONE.items() if re.search(pattern, bare, re.IGNORECASE)]
    called = {name.lower() for name in re.findall(r"\b([a-z_]\w*)\s*\(", bare, re.IGNORECASE)}
    named = {name.lower() for name in re.findall(r"\b([a-z_]\w*)\s+as\s*\(", bare, re.IGNORECASE)}
    found += [f"function {name}" for name in sorted(called - SPARK_FUNCTIONS - _WORDS_BEFORE_BRACKETS - named)]
    try:
        sqlglot.parse(sql, read="spark", error_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        found.append(f"syntax: {error}")
    return found


def _without_texts_and_comments(sql: str) -> str:
    """The statement with every quoted text emptied and every comment dropped."""
    return re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^'\\]|''|\\.)*'", _emptied, sql, flags=re.DOTALL)


def _emptied(match: re.Match[str]) -> str:
    return "''" if match.group().startswith("'") else " "
