"""JSON lines: nested fields, lines that are no object, values of another kind. Not here: texts (numbers.py).

A line counts as an object only where every reader reads the same: no key twice, no NaN, no half of a surrogate pair.
"""

from __future__ import annotations

import json

from tests.faults.landing.corpus.case import ACCEPTED, CANARY, DUPLICATE, Case, Mend, lines

WEB = "web.event"
MALFORMED = "malformed_row|"
# A page view as an SDK sends it.
COLUMNS = """\
event_id = "messageId"
event_name = "event"
event_at = "originalTimestamp"
cookie_id = "anonymousId"
member_id = "userId"
email = "context.traits.email"
page_url = "properties.url"
utm_source = "context.campaign.source"
product_id = "properties.product.sku"
quantity = "properties.quantity"
value_amount = "properties.value"
"""
NEVER_READ = ("context", "properties")


def view(number: int, **more: object) -> dict[str, object]:
    """An event of the SDK, with some keys changed."""
    return {
        "messageId": f"n{number}",
        "event": "page_view",
        "originalTimestamp": "2024-03-01T10:00:00.123Z",
        "anonymousId": f"{CANARY} cookie",
        **more,
    }


def web(
    name: str,
    texts: list[object],
    *verdicts: str,
    landed: dict[int, dict[str, str | None]] | None = None,
    **rest: object,
) -> Case:
    """A file of SDK events; a broken one is sent again without what broke it."""
    content = "".join(
        (text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)) + "\n" for text in texts
    )
    clean = {"messageId": "", "event": "again", "originalTimestamp": "2024-03-01", "anonymousId": "c"}
    clean |= {"userId": "", "properties": "", "context": ""}
    broken = [number for number, verdict in enumerate(verdicts, start=1) if "|" in verdict]
    mend = (
        Mend(is_whole=True, rows={number: {**clean, "messageId": f"again {number}"} for number in broken})
        if broken
        else None
    )
    return Case(
        name,
        WEB,
        content.encode("utf-8", "surrogatepass"),
        rows=verdicts,
        file="a.jsonl",
        columns=COLUMNS,
        landed=landed or {},
        mend=mend,
        **rest,  # pyright: ignore[reportArgumentType]
    )


def raw(number: int, tail: str) -> str:
    """The text of an event whose last part is written by hand."""
    return json.dumps(view(number))[:-1] + ", " + tail


NESTED = web(
    "nested",
    [
        view(1, properties={"url": "/a", "product": {"sku": "p1"}, "quantity": 2, "value": 12.5}, userId=7),
        view(2, properties={}, context={}),
        view(3, properties=None, context=None, userId=None),
        view(4, properties="a text", context=["a list"]),
        view(5, properties={"product": "no object"}),
        view(6, properties={"quantity": "3", "value": "1.50"}, userId="7"),
    ],
    *[ACCEPTED] * 6,
    landed={
        1: {"page_url": "/a", "product_id": "p1", "quantity": "2", "value_amount": "12.50", "member_id": "7"},
        2: {"page_url": None, "utm_source": None, "quantity": None, "member_id": None},
        3: {"page_url": None, "member_id": None},
        4: {"page_url": None, "utm_source": None},
        5: {"product_id": None},
        6: {"quantity": "3", "value_amount": "1.50", "member_id": "7", "cookie_id": f"{CANARY} cookie"},
    },
    unmapped=(),
)

KINDS = web(
    "values_of_another_kind",
    [
        view(1, event={"name": CANARY}),
        view(2, event=["page_view"]),
        view(3, anonymousId={"id": CANARY}),
        view(4, originalTimestamp=1709287200),
        view(5, originalTimestamp=None),
        view(6, messageId=""),
        view(7, messageId=None),
        view(8, properties={"quantity": True}),
        view(9, properties={"quantity": 2.5}),
        view(10, properties={"quantity": [2]}),
        view(11, properties={"value": {"amount": 2}}),
        view(12, properties={"value": 1.005}),
        view(13, properties={"url": {"href": "/"}}),
        view(14, properties={"quantity": 2.0, "value": 0.1}),
        view(15, messageId=15),
        view(16, messageId=16.0, userId=True),
        raw(17, '"userId": 123456789012345678901234567890}'),
        raw(18, '"userId": -0}'),
        view(19, messageId='{"a": 1}', event="[]"),
        view(20, originalTimestamp=False),
    ],
    *("wrong_type|event_name", "wrong_type|event_name", "wrong_type|cookie_id", "wrong_type|event_at"),
    *("missing_value|event_at", "missing_value|event_id", "missing_value|event_id"),
    *("wrong_type|quantity", "wrong_type|quantity", "wrong_type|quantity"),
    *("wrong_type|value_amount", "wrong_type|value_amount", "wrong_type|page_url"),
    *[ACCEPTED] * 6,
    "wrong_type|event_at",
    landed={
        14: {"quantity": "2", "value_amount": "0.10"},
        15: {"event_id": "15"},
        16: {"event_id": "16", "member_id": "true"},
        17: {"member_id": "123456789012345678901234567890"},
        18: {"event_id": "n18"},
        19: {"event_id": '{"a": 1}', "event_name": "[]"},
    },
)

NO_OBJECTS = web(
    "lines_that_are_no_object",
    [
        view(1),
        *("broken " + CANARY, "7", f'"{CANARY}"', "null", "true", "[]", f'["{CANARY}"]', "{", "}"),
        *(raw(11, f'"x": "{CANARY}"'), json.dumps(view(12))[1:], json.dumps(view(13)) + json.dumps(view(14))),
        *(raw(14, "}"), raw(15, "'x': 1}"), raw(16, '"x": NaN}'), raw(17, '"x": -Infinity}'), raw(18, '"x": 01}')),
        *(raw(19, '"x": .5}'), raw(20, '"x": 0x1}'), raw(21, '"x": "a\tb"}'), raw(22, '"x": "\\x41"}')),
        *(raw(23, '"x": "\\u12"}'), raw(24, '"x": 1} // ' + CANARY), "// " + CANARY, raw(26, '"x": True}')),
        *(raw(27, '"x": undefined}'), raw(28, '"x": "\\ud83d"}'), raw(29, '"x": "\\ude00\\ud83d"}')),
        *(raw(30, '"x": ' + "[" * 5000 + "]" * 5000 + "}"), raw(31, '"x": ' + "9" * 5000 + "}"), "<event/>"),
        *("﻿" + json.dumps(view(33)), '"a": 1', "n1,page_view,2024-03-01", "-", "\x00", "{}{}"),
        view(39),
    ],
    *(ACCEPTED, *[MALFORMED] * 37, ACCEPTED),
    landed={1: {"event_id": "n1"}, 39: {"event_id": "n39"}},
)

TWICE = web(
    "keys_there_twice",
    [
        raw(1, f'"userId": "a", "userId": "{CANARY}"}}'),
        raw(2, '"userId": "a", "userId": "a"}'),
        raw(3, '"properties": {"url": "/a", "url": "/b"}}'),
        raw(4, '"userId": "a", "userID": "b"}'),
        raw(5, '"user\\u0049d": "a", "userId": "b"}'),
        view(6),
    ],
    *(MALFORMED, MALFORMED, MALFORMED, ACCEPTED, MALFORMED, ACCEPTED),
    landed={4: {"member_id": "a"}},
    unmapped=("userID",),
)

STRANGE = web(
    "strange_texts",
    [
        view(1, event="a\u2028b\u0085c"),
        view(2, event="\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")),
        raw(3, '"x": "\\ud83d\\ude00"}'),
        raw(4, '"x": ' + "[" * 500 + "]" * 500 + "}"),
        raw(5, f'"x": "{CANARY}\\u0000"}}'),
        raw(6, f'"a\\u0000b": "{CANARY}"}}'),
        view(7, event="a\\u0000b"),
        view(8, **{"": "x", "a.b": "y", "$": "z", "/": "w", "~": "v"}),
        "  " + json.dumps(view(9)) + " \t",
        view(9),
        view(9, event="other"),
        view(12, event="\u3000"),
    ],
    *(ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED, "nul_byte|", "nul_byte|", ACCEPTED, ACCEPTED),
    *["duplicate_key|event_id"] * 3,
    "missing_value|event_name",
    landed={1: {"event_name": "a\u2028b\u0085c"}, 2: {"event_name": "😀"}, 7: {"event_name": "a\\u0000b"}},
    unmapped=("", "$", "/", "a.b", "x", "~"),
)

REPEATED = web("equal_lines", [view(1), view(1), "  " + json.dumps(view(1))], ACCEPTED, DUPLICATE, DUPLICATE)
ENDS = Case(
    "ends_and_blank_lines",
    "survey.answer",
    b"\n" + lines("survey.answer", {}, {}, f"{{{CANARY}").replace("\n", "\r\n\n \r\n").encode() + b"\n\n",
    rows=(ACCEPTED, ACCEPTED, MALFORMED),
    file="a.json",
    mend=Mend(rows={3: {"response_id": "r", "question_id": "q", "survey_id": "s", "answered_at": "2024-03-01"}}),
)
ALONE = web(
    "carriage_returns_alone",
    [json.dumps(view(1)) + "\r", json.dumps(view(2)) + "\r" + json.dumps(view(3, page_url=CANARY)), view(3), "\r"],
    *(ACCEPTED, MALFORMED, ACCEPTED),
)
NAMED = Case(
    "strange_keys",
    "survey.answer",
    lines(
        "survey.answer",
        {'the "touch/point" ~1': "till", "a.b": "s7"},
        {'the "touch/point" ~1': {"a": CANARY}},
    ).encode(),
    rows=(ACCEPTED, "wrong_type|touchpoint"),
    file="a.jsonl",
    columns='touchpoint = \'the "touch/point" ~1\'\nstore_id = "a.b"',
    landed={1: {"touchpoint": "till", "store_id": "s7"}},
    mend=Mend(rows={2: {'the "touch/point" ~1': "till"}}),
)


def refused(name: str, reason: str, content: str) -> Case:
    """A file without one JSON object, which comes again as lines."""
    again = lines("survey.answer", {}, {}).encode()
    return Case(
        name,
        "survey.answer",
        content.encode(),
        refused=reason,
        file="a.json",
        mend=Mend(content=again, accepted=2),
    )


ANSWER = json.loads(lines("survey.answer", {"choice": CANARY}))
REFUSED = (
    refused("json_array", "not_json_lines", json.dumps([ANSWER, ANSWER])),
    refused("json_array_over_lines", "not_json_lines", json.dumps([ANSWER], indent=2)),
    refused("json_object_over_lines", "not_json_lines", json.dumps(ANSWER, indent=2)),
    refused("csv_called_json", "not_json_lines", f"response_id,score\n{CANARY},9\n"),
    refused("json_error_page", "not_json_lines", f"<html>{CANARY}</html>"),
    refused("lines_without_keys", "missing_column", "{}\n{}\n"),
    refused("lines_of_others", "missing_column", json.dumps({"other": CANARY}) + "\n"),
    refused("lines_without_bytes", "empty_file", ""),
    refused("lines_that_are_blank", "empty_file", "\n  \n\r\n"),
)

CASES: tuple[Case, ...] = (
    *(NESTED, KINDS, NO_OBJECTS, TWICE, STRANGE, REPEATED, ENDS, ALONE, NAMED),
    *REFUSED,
)
