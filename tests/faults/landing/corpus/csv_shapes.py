"""CSV files that are no clean tables: rows, quotes, ends of line, headings. Not here: bytes (encodings.py)."""

from __future__ import annotations

from tests.faults.landing.corpus.case import ACCEPTED, CANARY, NOTE, Case, Mend, sheet

TILL = "pos.order_line"
HEADING = "order_id,order_line_id,ordered_at,store_id,product_id,quantity,sales_amount\n"
REST = ",1,2024-03-01 10:00:00,s1,p1,2,12.50"
MALFORMED = "malformed_row|"


def line(order: str, rest: str = REST) -> str:
    return f"{order}{rest}\n"


SOUND = (HEADING + line("1") + line("2")).encode()
WHOLE = {
    "order_id": "mended",
    "order_line_id": "1",
    "ordered_at": "2024-03-01 10:00:00",
    "store_id": "s1",
    "product_id": "p1",
    "quantity": "2",
    "sales_amount": "12.50",
}


def rows(name: str, text: str, *verdicts: str, more: dict[int, dict[str, str]] | None = None, **rest: object) -> Case:
    """A till's file whose broken rows are typed anew by a person."""
    numbers = [number for number, verdict in enumerate(verdicts, start=1) if "|" in verdict]
    whole = {number: {**WHOLE, "order_id": f"mended {number}"} for number in numbers}
    mend = Mend(rows=whole, is_whole=True) if numbers else None
    return Case(name, TILL, text.encode(), rows=verdicts, mend=mend, landed=more or {}, **rest)  # pyright: ignore[reportArgumentType]


def refused(name: str, reason: str, text: str | bytes, *, file: str = "a.csv", mend: Mend | None = None) -> Case:
    """A till's file that is refused whole, and comes again put right."""
    content = text.encode() if isinstance(text, str) else text
    return Case(name, TILL, content, refused=reason, file=file, mend=mend or Mend(content=SOUND, accepted=2))


ROWS = (
    rows("ragged_short", HEADING + line("1") + f"{CANARY},1\n" + line("3"), ACCEPTED, MALFORMED, ACCEPTED),
    rows("ragged_long", HEADING + line(CANARY, REST + ",more") + line("2"), MALFORMED, ACCEPTED),
    rows(
        "ragged_all", HEADING + line(f"{CANARY} 1", REST + ",") + line(f"{CANARY} 2", REST + ","), MALFORMED, MALFORMED
    ),
    rows("ragged_very_long", HEADING + line(CANARY, REST + "," * 5000) + line("2"), MALFORMED, ACCEPTED),
    rows("comma_unquoted", HEADING + line("1", REST.replace("p1", f"{CANARY}, red")), MALFORMED),
    rows("row_of_blanks", HEADING + line("1") + "   \n" + line("3"), ACCEPTED, MALFORMED, ACCEPTED),
    rows("row_of_commas", HEADING + ",,,,,,\n" + line("2"), "missing_value|order_id", ACCEPTED),
    rows("comment_line", HEADING + f"# written by {CANARY}\n" + line("2"), MALFORMED, ACCEPTED),
    rows("end_of_file_mark", HEADING + line("1") + "\x1a", ACCEPTED, MALFORMED),
    rows("total_line", HEADING + line("1") + f"{CANARY} total,,,,,2,12.50\n", ACCEPTED, "missing_value|order_line_id"),
    rows("heading_again", HEADING + line("1") + HEADING + line("3"), ACCEPTED, "wrong_type|ordered_at", ACCEPTED),
    rows(
        "blank_lines",
        HEADING + "\n" + line("1") + "\n\r\n\n" + f"{CANARY}\n" + line("3") + "\n\n",
        ACCEPTED,
        MALFORMED,
        ACCEPTED,
    ),
    rows("blank_lines_first", "\n\r\n" + HEADING + line("1") + f"{CANARY},2\n", ACCEPTED, MALFORMED),
    rows("only_broken_rows", HEADING + f"{CANARY}\n{CANARY},2\n", MALFORMED, MALFORMED),
    rows("nul_byte", HEADING + line(f"{CANARY}\0") + line("2"), "nul_byte|", ACCEPTED),
    rows(
        "long_value",
        HEADING + line("1", REST.replace("s1", "x" * 1_000_000)),
        ACCEPTED,
        more={1: {"store_id": "x" * 1_000_000}},
    ),
    rows("long_number", HEADING + line(CANARY, REST.replace(",2,", f",{'2' * 1_000_000},")), "wrong_type|quantity"),
    rows(
        "control_letters",
        HEADING + line("a\x01b") + line("c\x1fd\x7f"),
        ACCEPTED,
        ACCEPTED,
        more={1: {"order_id": "a\x01b"}},
    ),
)

NUL_ELSEWHERE = Case(
    "nul_byte_nobody_reads",
    TILL,
    sheet(TILL, {NOTE: f"{CANARY}\0"}, {NOTE: "x"}, more=[NOTE]).encode(),
    rows=("nul_byte|", ACCEPTED),
    unmapped=(NOTE,),
    mend=Mend(rows={1: {NOTE: "x"}}),
)

QUOTES = (
    rows(
        "quotes",
        HEADING + line('a"b') + line('"a ""b"""') + line("'a'") + line('"a,b"') + line('""""'),
        *[ACCEPTED] * 5,
        more={1: {"order_id": 'a"b'}, 2: {"order_id": 'a "b"'}, 3: {"order_id": "'a'"}, 4: {"order_id": "a,b"}}
        | {5: {"order_id": '"'}},
    ),
    rows(
        "quoted_line_end",
        HEADING + line('"a\nb"') + f"{CANARY}\n" + line('"c\r\n\r\nd"') + line('"e\rf"'),
        *(ACCEPTED, MALFORMED, ACCEPTED, ACCEPTED),
        more={1: {"order_id": "a\nb"}, 3: {"order_id": "c\r\n\r\nd"}, 4: {"order_id": "e\rf"}},
    ),
    rows(
        "quoted_all", '"' + SOUND.decode().strip().replace(",", '","').replace("\n", '"\n"') + '"\n', ACCEPTED, ACCEPTED
    ),
    rows("unclosed_at_the_end", HEADING + line("1") + f'2,"{CANARY}', ACCEPTED, MALFORMED),
    rows(
        "unclosed_in_the_middle",
        HEADING + line("1") + f'2,"{CANARY}{REST}\n' + line("3") + line("4"),
        ACCEPTED,
        MALFORMED,
    ),
    rows(
        "unclosed_and_closed",
        HEADING + line("1") + f'2,"{CANARY}{REST}\n' + f'3"{REST}\n' + line("4"),
        ACCEPTED,
        MALFORMED,
        ACCEPTED,
    ),
    rows("quoted_blank", HEADING + line('""') + line('"  "'), "missing_value|order_id", "missing_value|order_id"),
)

ENDS = (
    rows(
        "carriage_return_line_feed",
        SOUND.decode().replace("\n", "\r\n"),
        ACCEPTED,
        ACCEPTED,
        more={2: {"sales_amount": "12.50"}},
    ),
    rows("carriage_return", SOUND.decode().replace("\n", "\r"), ACCEPTED, ACCEPTED, more={1: {"order_id": "1"}}),
    rows(
        "mixed_ends",
        HEADING + line("1").replace("\n", "\r\n") + f"{CANARY}\r" + line("3") + "\r\r\n" + line("4"),
        ACCEPTED,
        MALFORMED,
        ACCEPTED,
        ACCEPTED,
    ),
    rows("no_last_end", SOUND.decode().rstrip("\n"), ACCEPTED, ACCEPTED, more={2: {"order_id": "2"}}),
    rows("heading_alone", HEADING),
    rows("heading_alone_without_end", HEADING.rstrip("\n")),
)

HEADINGS = (
    refused("heading_twice", "bad_heading", "order_id,order_id\n" + f"{CANARY},1\n"),
    refused("heading_twice_but_for_case", "bad_heading", "ORDER_ID," + HEADING + f"{CANARY},{REST}\n"),
    refused("heading_twice_but_for_blanks", "bad_heading", "order_id ," + HEADING + f"{CANARY},{REST}\n"),
    refused("heading_with_a_gap", "bad_heading", HEADING.rstrip("\n") + f",\n{CANARY}{REST},\n"),
    refused("heading_of_blanks", "bad_heading", "   \n" + line(CANARY)),
    refused("heading_line", "bad_heading", HEADING.rstrip("\n") + f",_line\n{CANARY}{REST},x\n"),
    refused("heading_row_number", "bad_heading", HEADING.rstrip("\n") + f",_row_number\n{CANARY}{REST},1\n"),
    refused("heading_malformed", "bad_heading", f"_malformed,{HEADING}x,{CANARY}{REST}\n"),
    refused("heading_with_a_nul", "bad_heading", HEADING.rstrip("\n") + f",mo\0od\n{CANARY}{REST},x\n"),
    refused("heading_over_two_lines", "bad_heading", HEADING.rstrip("\n") + f',"mo\nod"\n{CANARY}{REST},x\n'),
    refused("heading_unclosed", "bad_heading", '"' + HEADING + line(CANARY) + line("2")),
    refused("heading_missing", "missing_column", line(CANARY) + line("2")),
    refused("no_table", "missing_column", f"<html><body>{CANARY}: 502 Bad Gateway</body></html>\n"),
    refused("separator_line", "missing_column", f"sep=;\n{HEADING}{line(CANARY)}"),
    refused("column_missing", "missing_column", "order_id,store_id\n" + f"{CANARY},s1\n"),
    refused(
        "semicolons",
        "missing_column",
        (HEADING + line(CANARY)).replace(",", ";"),
        mend=Mend(settings='delimiter = ";"', accepted=1),
    ),
    refused(
        "tabs",
        "missing_column",
        (HEADING + line("1")).replace(",", "\t"),
        mend=Mend(settings='delimiter = "\\t"', accepted=1),
    ),
    refused(
        "bars",
        "missing_column",
        (HEADING + line("1")).replace(",", "|"),
        mend=Mend(settings='delimiter = "|"', accepted=1),
    ),
    refused(
        "column_called_otherwise",
        "missing_column",
        HEADING.replace("quantity", "pieces") + line("1"),
        mend=Mend(columns='quantity = "pieces"', accepted=1),
    ),
    refused(
        "all_called_otherwise",
        "missing_column",
        "订单号,行,时间,门店,商品,数量,金额\n" + line(CANARY),
        mend=Mend(
            columns="\n".join(
                f'{field} = "{column}"'
                for field, column in zip(WHOLE, ("订单号", "行", "时间", "门店", "商品", "数量", "金额"), strict=True)
            ),
            accepted=1,
        ),
    ),
)

MAPPED_AWAY = Case(
    "mapped_column_missing",
    TILL,
    SOUND,
    refused="missing_column",
    columns='staff_id = "cashier"',
    mend=Mend(columns="", accepted=2),
)
WIDE = Case(
    "three_thousand_columns",
    TILL,
    (HEADING.rstrip("\n") + "".join(f",c{n}" for n in range(3000)) + "\n1" + REST + "," * 3000 + "\n").encode(),
    rows=(ACCEPTED,),
    unmapped=(*(f"c{n}" for n in range(50)), "… and 2950 more"),
)
STRANGE_NAMES = Case(
    "strange_column_names",
    TILL,
    (HEADING.replace("order_id", '"the ""receipt`s"" no; drop table"') + line("1") + f"{CANARY},2\n").encode(),
    rows=(ACCEPTED, MALFORMED),
    columns="""order_id = 'the "receipt`s" no; drop table'""",
    landed={1: {"order_id": "1"}},
    mend=Mend(rows={2: {**WHOLE, 'the "receipt`s" no; drop table': "2"}}),
)
SEPARATED = Case(
    "tabs_by_ending",
    TILL,
    (HEADING + line("1") + f"{CANARY},2\n").replace(",", "\t").encode(),
    rows=(ACCEPTED, MALFORMED),
    file="a.tsv",
    landed={1: {"store_id": "s1"}},
    mend=Mend(rows={2: WHOLE}),
)
SPACED = Case(
    "blanks_around_everything",
    TILL,
    (HEADING.replace(",", " , ") + line("1").replace(",", " ,  ")).encode(),
    rows=(ACCEPTED,),
    landed={1: {"store_id": "s1", "quantity": "2", "sales_amount": "12.50"}},
)
EMPTY = (
    refused("no_bytes", "empty_file", b""),
    refused("only_line_ends", "empty_file", b"\n\r\n\n"),
    refused("one_nul_byte", "bad_heading", b"\0"),
)

CASES: tuple[Case, ...] = (
    *(*ROWS, NUL_ELSEWHERE, *QUOTES, *ENDS, *HEADINGS, *EMPTY),
    *(MAPPED_AWAY, WIDE, STRANGE_NAMES, SEPARATED, SPACED),
)
