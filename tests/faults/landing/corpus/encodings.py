"""Texts in other encodings than the brand file says, and in the right ones. Not here: packed files (packed.py)."""

from __future__ import annotations

from tests.faults.landing.corpus.case import ACCEPTED, CANARY, Case, Mend, lines, sheet

TILL = "pos.order_line"
CHINESE = sheet(TILL, {"store_id": "南京西路"}, {"store_id": "静安寺"})
FRENCH = sheet(TILL, {"store_id": "Élysée"}, {"store_id": "Œuvre"})
LONG = sheet(TILL, *({"store_id": f"s{number}"} for number in range(1200)))


def read(name: str, text: str, encoding: str, *, declared: str = "", bom: bytes = b"", stored: str = "") -> Case:
    """A text that is read as what it is."""
    return Case(
        name,
        TILL,
        bom + text.encode(encoding),
        rows=(ACCEPTED,) * (text.count("\n") - 1),
        settings=f'encoding = "{declared or encoding}"',
        landed={1: {"store_id": stored}} if stored else {},
    )


def refused(
    name: str, content: bytes, *, declared: str = "utf-8", right: str = "", accepted: int = 2, file: str = "a.csv"
) -> Case:
    """A text that is not what the brand file says; mended there, or sent again as UTF-8."""
    mend = Mend(settings=f'encoding = "{right}"', accepted=accepted) if right else None
    return Case(
        name,
        TILL,
        content,
        refused="wrong_encoding",
        file=file,
        settings=f'encoding = "{declared}"',
        mend=mend or Mend(content=CHINESE.encode(), settings='encoding = "utf-8"', accepted=2),
    )


def spoiled(at: int, with_: bytes) -> bytes:
    """A long sound text with wrong bytes in the middle of one row."""
    content = LONG.encode()
    place = content.index(f"s{at}".encode())
    return content[:place] + CANARY.encode() + with_ + content[place:]


READ = (
    read("gb18030", CHINESE, "gb18030", stored="南京西路"),
    read("gbk", CHINESE, "gbk", stored="南京西路"),
    read("big5", sheet(TILL, {"store_id": "臺北"}), "big5", stored="臺北"),
    read("shift_jis", sheet(TILL, {"store_id": "銀座"}), "shift_jis", stored="銀座"),
    read("latin_1", sheet(TILL, {"store_id": "Élysée"}), "latin-1", stored="Élysée"),
    read("windows_1252", FRENCH, "cp1252", stored="Élysée"),
    read("utf_8_with_mark", CHINESE, "utf-8-sig", declared="utf-8", stored="南京西路"),
    read("utf_8_sig", CHINESE, "utf-8-sig", stored="南京西路"),
    read("utf_8_sig_without_mark", CHINESE, "utf-8", declared="utf-8-sig", stored="南京西路"),
    read("utf_16", CHINESE, "utf-16", stored="南京西路"),
    read("utf_16_big_endian", CHINESE, "utf-16-be", declared="utf-16", bom=b"\xfe\xff", stored="南京西路"),
    read("utf_16_le", CHINESE, "utf-16-le", stored="南京西路"),
    read("utf_16_le_with_mark", CHINESE, "utf-16-le", bom=b"\xff\xfe", stored="南京西路"),
    read("gb18030_with_mark", CHINESE, "gb18030", bom="\ufeff".encode("gb18030"), stored="南京西路"),
    read("letters_of_four_bytes", sheet(TILL, {"store_id": "😀𠮷"}), "utf-8", stored="😀𠮷"),
    read("letters_already_lost", sheet(TILL, {"store_id": "Caf\ufffd"}), "utf-8", stored="Caf\ufffd"),
)

REFUSED = (
    refused("gb18030_as_utf_8", CHINESE.encode("gb18030"), right="gb18030"),
    refused("latin_1_as_utf_8", sheet(TILL, {"store_id": "Élysée"}).encode("latin-1"), right="latin-1", accepted=1),
    refused("utf_16_as_utf_8", CHINESE.encode("utf-16"), right="utf-16"),
    refused("utf_8_as_utf_16", CHINESE.encode(), declared="utf-16", right="utf-8"),
    refused("utf_8_as_ascii", CHINESE.encode(), declared="ascii", right="utf-8"),
    refused("utf_8_as_gb18030", sheet(TILL, {"store_id": "店é"}).encode() + b"\xff", declared="gb18030"),
    refused("big5_as_gb18030", b"\xff\xff" + sheet(TILL, {"store_id": "臺北"}).encode("big5"), declared="gb18030"),
    refused("utf_16_cut_off", CHINESE.encode("utf-16")[:-1], declared="utf-16"),
    refused("utf_8_cut_off", sheet(TILL, {"sales_amount": "元"}).encode()[:-2]),
    refused("one_wrong_byte", spoiled(7, b"\xff")),
    refused("one_wrong_byte_far_down", spoiled(1100, b"\xfe")),
    refused("half_a_pair", spoiled(3, b"\xed\xa0\xbd")),
    refused("too_long_a_form", spoiled(3, b"\xc0\xaf")),
    refused("beyond_unicode", spoiled(3, b"\xf5\x80\x80\x80")),
    refused("two_encodings", CHINESE.encode() + CHINESE.partition("\n")[2].encode("gb18030")),
    refused("picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
)

LINES = (
    Case(
        "lines_of_gb18030",
        "survey.answer",
        lines("survey.answer", {"text": "很满意 " + CANARY}).encode("gb18030"),
        rows=(ACCEPTED,),
        file="a.jsonl",
        settings='encoding = "gb18030"',
        landed={1: {"text": "很满意 " + CANARY}},
    ),
    Case(
        "lines_of_gb18030_as_utf_8",
        "survey.answer",
        lines("survey.answer", {"text": "很满意 " + CANARY}).encode("gb18030"),
        refused="wrong_encoding",
        file="a.jsonl",
        mend=Mend(settings='encoding = "gb18030"', accepted=1),
    ),
    Case(
        "lines_with_mark",
        "survey.answer",
        lines("survey.answer", {"choice": "是"}, {"choice": "否"}).encode("utf-8-sig"),
        rows=(ACCEPTED, ACCEPTED),
        file="a.jsonl",
        landed={1: {"choice": "是"}},
    ),
)

CASES: tuple[Case, ...] = (*READ, *REFUSED, *LINES)
