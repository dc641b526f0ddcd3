"""Identifiers: malformed, masked, default and empty ones, and those that are one person's in another writing.

The brand's country is China. A required identifier that nobody can read breaks its row; another is set aside.
"""

from __future__ import annotations

from tests.faults.landing.corpus.case import ACCEPTED, CANARY, DUPLICATE, NOTE, Case, Mend, sheet, values

LIN = "=+8613800138001"
BAD = "malformed_identifier"
NUMBERS = (
    *("138****1234", "+86138****1234", "1380013****8000", "138XXXX1234", "138xxxx1234", "1**********", "***********"),
    *("12345", "1380013800", "138001380011", "+86138001380011", "0", "00000000000", "11111111111", "99999999999"),
    *("null", "NULL", "无", "none", "N/A", "nobody", "13800138001 / 13800138002", "13800138001,13800138002"),
    *("1.3800138001E10", "1.38E+10", "+", "手机", "a@b.example", "call 13800138001", "-", "??"),
    *("13800138001.5", "1380013800l", "138OO138001"),
)
GOOD_NUMBERS = (
    *("+8613800138001", "13800138001", "138 0013 8001", "138-0013-8001", "(+86) 138-0013-8001", "008613800138001"),
    *(
        "１３８００１３８００１",
        "\u202d13800138001\u202c",
        " 13800138001 ",
        "+86 (0) 138 0013 8001",
        "tel:+86-138-0013-8001",
    ),
)

PHONES = values("phones", "crm.member", "phone", [("", "="), *((text, LIN) for text in GOOD_NUMBERS)])
BAD_PHONES = values("phones_malformed", "crm.member", "phone", [(text, "aside") for text in NUMBERS])
FOREIGN = values(
    "phones_abroad",
    "crm.member",
    "phone",
    [("+1 212 555 2368", "=+12125552368"), ("+44 20 7946 0958", "=+442079460958"), ("+1 555 0100", "aside")],
)
REPLIES = values(
    "phones_that_must_be_there",
    "sms.reply",
    "phone",
    [
        *(("13800138001", LIN), ("138****8001", BAD), ("", "missing_value"), ("anonymous", BAD), ("10086", BAD)),
        *(("1065501234567890", BAD), ("+86 138", BAD), ("\u3000", "missing_value")),
    ],
)

ADDRESSES = (
    *(
        "nobody",
        "a@",
        "@b.example",
        "a@b",
        "a@localhost",
        "a b@c.example",
        "a@b..example",
        "a@b@c.example",
        "a@@b.example",
    ),
    *(
        "a@.example",
        ".a@b.example",
        "a.@b.example",
        "a..b@c.example",
        "a@b.example, c@d.example",
        "a@b.example;c@d.example",
    ),
    *("mailto:a@b.example", "<a@b.example>", "Lin <a@b.example>", "a@b.example.", "a@[127.0.0.1]", "a@-b.example"),
    *(
        "a***@b.example",
        "a*@b.example",
        "***@b.example",
        "a@***.example",
        "a@b_c.example",
        "a@b.example/",
        "a @b.example",
    ),
    *(
        "x" * 65 + "@b.example",
        "a@" + "b" * 64 + ".example",
        "null",
        "NULL",
        "无",
        "n/a",
        "-",
        "13800138001",
        "http://b.example",
    ),
    *("a@b.exa mple", '"a b"@c.example', "a＠b", "a,b@c.example", "a(b)@c.example"),
)
GOOD_ADDRESSES = (
    *("a@b.example", "A@B.EXAMPLE", " a@b.example ", "ａ@b.example", "a@b.example\u200b", "\ufeffa@b.example"),
    *("a＠b.example", "\u00a0a@b.example"),
)
MAILS = values("mails", "crm.member", "email", [("", "="), *((text, "=a@b.example") for text in GOOD_ADDRESSES)])
BAD_MAILS = values("mails_malformed", "crm.member", "email", [(text, "aside") for text in ADDRESSES])
REQUIRED_MAILS = values(
    "mails_that_must_be_there",
    "email.event",
    "email",
    [("A@b.example", "=a@b.example"), ("a***@b.example", BAD), ("nobody", BAD), ("", "missing_value"), ("NULL", BAD)],
)

NOBODY = (
    *("NULL", "null", "(null)", "None", "nil", "NaN", "nan", "N/A", "n/a", "#N/A", "undefined", "\\N", "-", "--", "无"),
    *("88****12", "**", "7\x01", "\x1b[0m", "\u200b7\x02"),
)
MEMBERS = values(
    "members_that_are_nobody",
    "crm.member",
    "member_id",
    [("7", "=7"), ("８", "=8"), ("\u200b9\u200b", "=9"), *((text, BAD) for text in NOBODY), ("", "missing_value")],
)
LONG = Case(
    "long_personal_texts",
    "crm.member",
    sheet(
        "crm.member",
        {"full_name": CANARY * 1000, "address": "".join(chr(0x4E00 + number * 7 % 20000) for number in range(9000))},
        {"full_name": CANARY, "address": "-"},
        more=["full_name", "address"],
    ).encode(),
    rows=(ACCEPTED, ACCEPTED),
    landed={1: {"full_name": CANARY * 1000}, 2: {"full_name": CANARY, "address": "-"}},
)

SCOPES = Case(
    "openids_without_their_app",
    "pos.identification",
    sheet(
        "pos.identification",
        {"app_id": "wx1", "openid": f"{CANARY} o1"},
        {"app_id": "", "openid": f"{CANARY} o1"},
        {"app_id": "", "openid": f"{CANARY} o1", "member_id": ""},
        {"app_id": "wx1", "openid": "", "member_id": ""},
        {"app_id": "wx1", "openid": "null", "member_id": f"{CANARY} m"},
        {"app_id": "wx1", "openid": "null", "member_id": ""},
    ).encode(),
    rows=(
        *(ACCEPTED, ACCEPTED, "malformed_identifier|member_id", "missing_identity|member_id", ACCEPTED),
        "malformed_identifier|member_id",
    ),
    aside=((2, "openid"), (5, "openid")),
    landed={
        1: {"openid": f"wx1:{CANARY} o1", "member_id": "canary-member"},
        2: {"openid": None, "member_id": "canary-member"},
        5: {"openid": None, "member_id": f"{CANARY} m"},
    },
    mend=Mend(rows={3: {"app_id": "wx1"}, 4: {"member_id": "m4"}, 6: {"openid": "o6"}}),
)

CONSENTS = Case(
    "consents_of_nobody",
    "crm.consent",
    sheet(
        "crm.consent",
        {"member_id": "", "email": f"{CANARY}@b.example"},
        {"member_id": "", "email": CANARY},
        {"member_id": "", "email": ""},
        {"member_id": "NULL", "email": "a***@b.example"},
        {"member_id": "m5", "email": CANARY},
        {"member_id": "m6", "email": "", NOTE: CANARY},
        more=[NOTE],
    ).encode(),
    rows=(
        *(ACCEPTED, "malformed_identifier|member_id", "missing_identity|member_id", "malformed_identifier|member_id"),
        *(ACCEPTED, ACCEPTED),
    ),
    aside=((5, "email"),),
    landed={1: {"email": f"{CANARY}@b.example", "member_id": None}, 5: {"member_id": "m5", "email": None}},
    unmapped=(NOTE,),
    mend=Mend(rows={2: {"email": "b@b.example"}, 3: {"member_id": "m3"}, 4: {"member_id": "m4", "email": ""}}),
)

EMPTY_BY_MAPPING = Case(
    "empty_by_the_mapping",
    "pos.order_line",
    sheet("pos.order_line", {"store_id": "-", "staff_id": "-"}, {"staff_id": "none"}, more=["staff_id"]).encode(),
    rows=("missing_value|store_id", ACCEPTED),
    columns='store_id = { column = "store_id", values = { "-" = "" } }\n'
    'staff_id = { column = "staff_id", values = { "-" = "", "none" = "" } }',
    landed={2: {"staff_id": None, "store_id": "s1"}},
    mend=Mend(rows={1: {"store_id": "s1"}}),
)

ONE_PERSON = Case(
    "one_person_in_two_writings",
    "sms.receipt",
    sheet(
        "sms.receipt",
        {"message_id": "m", "phone": "13800138001"},
        {"message_id": "m", "phone": "+86 138 0013 8001"},
        {"message_id": "m", "phone": "13800138002"},
    ).encode(),
    rows=(ACCEPTED, DUPLICATE, ACCEPTED),
    landed={1: {"phone": "+8613800138001"}, 3: {"phone": "+8613800138002"}},
)

CASES: tuple[Case, ...] = (
    *(PHONES, BAD_PHONES, FOREIGN, REPLIES, MAILS, BAD_MAILS, REQUIRED_MAILS, MEMBERS, LONG),
    *(SCOPES, CONSENTS, EMPTY_BY_MAPPING, ONE_PERSON),
)
