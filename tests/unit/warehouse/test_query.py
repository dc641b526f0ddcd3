"""A typed text falls into statements where the server would part them."""

from __future__ import annotations

import pytest

from orchestration.warehouse.query import statements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select 1", ["select 1"]),
        ("select 1; select 2;", ["select 1", "select 2"]),
        (" ;; select 1 ;; ", ["select 1"]),
        ("select ';'; select 2", ["select ';'", "select 2"]),
        ("select 'it''s; here'; select 2", ["select 'it''s; here'", "select 2"]),
        (r"select E'\';'; select 2", [r"select E'\';'", "select 2"]),
        (r"select '\'; select 2", [r"select '\'", "select 2"]),
        ('select 1 as "a;""b"; select 2', ['select 1 as "a;""b"', "select 2"]),
        ("select $$;$$; select $x$ $$ ; $x$", ["select $$;$$", "select $x$ $$ ; $x$"]),
        ("select 1 -- one; two\n; select 2", ["select 1 -- one; two", "select 2"]),
        ("select 1 /* ; /* ; */ ; */; select 2", ["select 1 /* ; /* ; */ ; */", "select 2"]),
        ("-- nothing; at all", []),
        ("/* nothing; */ ; -- here", []),
        ("", []),
        ("select $1; select a$b$c; select 2", ["select $1", "select a$b$c", "select 2"]),
        ("select type'x;y'; select 2", ["select type'x;y'", "select 2"]),
        ("/* a */ select 1 /* b */", ["/* a */ select 1 /* b */"]),
    ],
)
def test_statements_end_where_the_server_ends_them(text: str, expected: list[str]) -> None:
    assert statements(text) == expected
