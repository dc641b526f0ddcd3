"""Reading SQL for people: `touchstream sql`.

Here: running what somebody typed as the brand's reader, in one transaction that cannot write. Not here: printing it
(cli/). Safety does not rest on the transaction alone: the reader has no right to write anything, and none at all in
`vault`.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import psycopg

from orchestration.warehouse.connect import connect
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.migrate import Connection

Row = tuple[Any, ...]

# Everything in which a semicolon ends no statement, then the semicolon itself. Of a block comment the start is matched;
# its end is counted, since it may hold others.
_TOKEN = re.compile(
    r"""
      (?<![\w$])[eE]'(?:[^'\\]|\\.|'')*'     # text with backslash escapes
    | '(?:[^']|'')*'                         # text
    | "(?:[^"]|"")*"                         # quoted name
    | (?<![\w$])\$(?P<tag>[^\W\d]\w*)?\$.*?\$(?(tag)(?P=tag))\$   # dollar-quoted text
    | (?P<line>--[^\n]*)                     # comment to the end of the line
    | (?P<comment>/\*)                       # block comment
    | (?P<end>;)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def statements(sql: str) -> list[str]:
    """The statements of a text, without their semicolons; empty ones and mere comments are left out."""
    found: list[str] = []
    start = position = 0
    says_something = False
    while token := _TOKEN.search(sql, position):
        between, position = sql[position : token.start()], token.end()
        if token["comment"]:
            position = _comment_end(sql, token.start())
        says_something |= bool(between.strip()) or not (token["line"] or token["comment"] or token["end"])
        if token["end"]:
            found += [sql[start : token.start()].strip()] if says_something else []
            start, says_something = position, False
    if says_something or sql[position:].strip():
        found.append(sql[start:].strip())
    return found


def _comment_end(sql: str, start: int) -> int:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(sql, start):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(sql)


def read_only(brand: str, sql: str) -> tuple[list[str], Generator[Row]]:
    """Run statements one after the other and return the last one's column names and rows.

    Rows come as the server computes them; close the iterator (or exhaust it) to end the transaction. A last statement
    without a result has
    no columns. Raises WarehouseError when there is nothing to run, psycopg.Error for what the server says of the SQL.
    """
    parts = statements(sql)
    if not parts:
        raise WarehouseError("There is no SQL statement in that text.")
    connection = connect(brand, role="reader", application_name="touchstream sql")
    try:
        connection.read_only = True
        for part in parts[:-1]:
            connection.execute(part.encode())
        return _run(connection, parts[-1].encode())
    except BaseException:
        connection.close()
        raise


def _run(connection: Connection, statement: bytes) -> tuple[list[str], Generator[Row]]:
    cursor = connection.cursor()
    stream = cursor.stream(statement)
    try:
        first = next(stream, None)
    except psycopg.ProgrammingError as error:
        if error.sqlstate is not None:
            raise
        return [], _all(connection)  # it ran, and is of a kind that has no result, such as `set`
    if first is None:
        return _described(connection, statement), _all(connection)
    return [column.name for column in cursor.description or ()], _all(connection, first, stream)


def _described(connection: Connection, statement: bytes) -> list[str]:
    """The columns of a statement that ran and returned no row; a stream without rows does not tell them."""
    connection.pgconn.prepare(b"", statement)
    described = connection.pgconn.describe_prepared(b"")
    return [(described.fname(number) or b"").decode() for number in range(described.nfields)]


def _all(connection: Connection, first: Row | None = None, rest: Iterator[Row] | None = None) -> Generator[Row]:
    """All rows, then the end of the connection; left early, the statement is cancelled first."""
    with closing(connection):
        if first is None or rest is None:
            return
        try:
            yield first
            yield from rest
        finally:
            if isinstance(rest, Generator):
                rest.close()
