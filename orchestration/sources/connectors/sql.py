"""The connector for databases: a table, or the rows of a query, in batches of stable order.

Here: the statements, the way from rows to Arrow, offers. Not here: what has landed already (reading.py), how the
columns become fields (mapping.py). Rows come in the order of the growing column and the key; each batch is asked for
from behind the last row of the one before, so no table is ever read at once and no transaction stays open meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from orchestration.brands import Brand, Source
from orchestration.source_settings import SqlSettings, present
from orchestration.sources.connectors import Cursor, Offer, SourceFailedError, missing_extra, secret
from orchestration.sources.connectors.reading import Place, Reading, Record, content_of, record_digest
from orchestration.sources.connectors.sql_rows import Rows, stable
from orchestration.sources.connectors.values import is_value

DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "mysql": "mysql+pymysql"}
"""The drivers that the project declares, where a URL names none."""


def offers(brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
    """The rows behind the cursor, batch by batch; a pass that was broken off is ended first, then the next one read.

    Raises SourceFailedError at the end of a pass when rows have no value in the growing column: they were not read.
    """
    del brand
    how = present(source.sql, "table sql")
    place = Place(Reading.of(cursor, lag=how.lag))
    engine = _engine(how)
    try:
        reader = Reader(engine, how)
        if place.reading.is_under_way:
            yield from _pass(reader, place)
        if not place.reading.is_under_way:
            yield from _pass(reader, place)
        reader.check_all_read()
    except DBAPIError as error:
        raise SourceFailedError("unreachable" if error.connection_invalidated else "failing", _told(error)) from None
    except SQLAlchemyError as error:
        raise SourceFailedError("bad_setting", f"the statement cannot be made ({type(error).__name__})") from None
    finally:
        engine.dispose()


def _engine(how: SqlSettings) -> Engine:
    """The engine for the URL of the settings; SourceFailedError tells what is wrong with it, without the URL."""
    where = f"the URL in {how.url_env}"
    try:
        url = sa.make_url(secret(how.url_env))
        url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
        return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)
    except ImportError as error:
        if error.name == "pymysql":
            raise missing_extra("pymysql", "mysql") from None
        raise SourceFailedError("missing_extra", f"{where} needs the package {error.name}: install it") from None
    except (ArgumentError, NoSuchModuleError):
        raise SourceFailedError(
            "bad_setting", f"{where} is none: write postgresql://user:password@host/name, mysql://… or sqlite:///path"
        ) from None


def _told(error: DBAPIError) -> str:
    """What the driver says, on one line."""
    return f"the database says: {' '.join(str(error.orig).split())[:300]}"


class Reader:
    """Rows of one table or query, from behind any row."""

    def __init__(self, engine: Engine, how: SqlSettings) -> None:
        self.how = how
        self._engine = engine
        self._order = _order(how)

    def after(self, reading: Reading) -> tuple[Rows, tuple[Any, ...] | None]:
        """The next batch of the pass, and the position behind it; None where the pass has ended."""
        with self._engine.connect() as connection:
            result = connection.execute(statement(self.how, reading))
            rows = Rows(tuple(result.keys()), [tuple(row) for row in result])
        rows.check()
        if missing := [name for name in self._order if name not in rows.names]:
            told = f"no column {', '.join(missing)}; there are {', '.join(rows.names)}"
            raise SourceFailedError("bad_setting", f"{told}: write key and column as the database does")
        if len(rows.values) <= self.how.batch_rows:
            return rows, None
        last, following = (self._place(rows, item) for item in (-2, -1))
        if last == following or not all(is_value(value) for value in last):
            told = f"key {', '.join(self.how.key)} does not name one row, or is null or binary, at a batch's end"
            raise SourceFailedError("bad_setting", f"{told}: name columns that are unique together and never null")
        return Rows(rows.names, rows.values[:-1]), last

    def newest(self) -> Any:
        """The greatest value of the growing column now; None without one."""
        if self.how.column is None:
            return None
        sought = sa.select(sa.func.max(sa.column(self.how.column))).select_from(_from(self.how))
        with self._engine.connect() as connection:
            return connection.execute(sought).scalar()

    def _place(self, rows: Rows, item: int) -> tuple[Any, ...]:
        return tuple(rows.values[item][rows.names.index(name)] for name in self._order)

    def check_all_read(self) -> None:
        """SourceFailedError where rows have no value in the growing column: no pass ever meets them."""
        if self.how.column is None:
            return
        nothing = sa.column(self.how.column).is_(None)
        sought = sa.select(sa.literal_column("1")).select_from(_from(self.how)).where(nothing).limit(1)
        with self._engine.connect() as connection:
            is_there = connection.execute(sought).first() is not None
        if is_there:
            told = f"rows without {self.how.column} were not read, all others were"
            raise SourceFailedError("null_column", f"{told}: use a query with coalesce(…) as that column")


def statement(how: SqlSettings, reading: Reading) -> sa.Select[Any]:
    """The rows behind a reading's place: one more than a batch, which tells whether there are more."""
    columns = [sa.column(name) for name in _order(how)]
    found = sa.select(sa.literal_column("*")).select_from(_from(how)).order_by(*columns)
    if how.column is not None:
        begin = columns[0].is_not(None) if reading.since is None else columns[0] >= reading.since
        found = found.where(begin)
    if reading.next:
        found = found.where(_behind(columns, reading.next))
    return found.limit(how.batch_rows + 1)


def _order(how: SqlSettings) -> list[str]:
    return [*([how.column] if how.column else []), *(name for name in how.key if name != how.column)]


def _from(how: SqlSettings) -> sa.FromClause:
    if how.table is not None:
        schema, _, name = how.table.rpartition(".")
        return sa.table(name, schema=schema or None)
    query = present(how.query, "query").strip().rstrip(";").replace(":", "\\:")
    return sa.text(query).columns().subquery("source")


def _behind(columns: Sequence[sa.ColumnClause[Any]], place: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Rows behind a place in the order of the columns: greater in the first, or equal there and behind in the rest."""
    first = columns[0] > place[0]
    if len(columns) == 1:
        return first
    return sa.or_(first, sa.and_(columns[0] == place[0], _behind(columns[1:], place[1:])))


def _pass(reader: Reader, place: Place) -> Iterator[Offer]:
    """A pass from where the reading stands; ends early where a batch was refused."""
    how = reader.how
    if not place.reading.is_under_way:
        place.reading = place.reading.begun(how.start, reader.newest())
    while True:
        rows, position = reader.after(place.reading)
        records = [_record(how, row) for row in rows.as_mappings()]
        fresh = place.reading.fresh(records)
        landing, kept = [records[item] for item in fresh], rows.only(fresh)
        content = content_of(record.digest for record in landing)
        behind = place.reading.behind(
            landing, position=position, content=content if landing and how.column is None else None
        )
        if landing:
            yield place.offer(
                _name(how, place.reading),
                place.reading.digest_of(content),
                read=kept.read,
                count=lambda landing=landing: len(landing),
                behind=behind,
            )
            if place.reading is not behind:
                return
        place.reading = behind
        if position is None:
            return


def _record(how: SqlSettings, row: dict[str, Any]) -> Record:
    value = row[how.column] if how.column else None
    return Record(value if is_value(value) else None, record_digest(row, stable))


def _name(how: SqlSettings, reading: Reading) -> str:
    what = how.table or "query"
    begin = (
        f" from {reading.since}" if reading.since is not None else ("" if how.column else f" pass {reading.turn + 1}")
    )
    return f"{what}{begin} batch {reading.batches + 1}"
