"""Packed files: cut off, damaged, with something behind them, packed twice. Not here: what is in them."""

from __future__ import annotations

import gzip
import zlib

from tests.faults.landing.corpus.case import ACCEPTED, CANARY, Case, Mend, lines, parquet, sheet

TILL = "pos.order_line"
SHEET = sheet(TILL, {"store_id": "s1"}, {"store_id": "s2"}).encode()
LONG = sheet(TILL, *({"store_id": f"{CANARY} {number}"} for number in range(3000))).encode()


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def refused(name: str, reason: str, content: bytes, *, file: str = "a.csv.gz", mend: bytes | None = None) -> Case:
    """A packed file that is refused whole, and comes again."""
    contract = "survey.answer" if ".jsonl" in file else TILL
    again = mend or packed(SHEET if contract == TILL else lines(contract, {}, {}).encode())
    return Case(name, contract, content, refused=reason, file=file, mend=Mend(content=again, accepted=2))


def inflated(content: bytes) -> bytes:
    """A gzip file whose wrong length field is the last thing in it."""
    return packed(content)[:-4] + b"\x01\x00\x00\x00"


ANSWERS = lines("survey.answer", *({"text": f"{CANARY} {number}"} for number in range(2000))).encode()

CASES: tuple[Case, ...] = (
    Case("gzip", TILL, packed(SHEET), rows=(ACCEPTED, ACCEPTED), file="a.csv.gz", landed={2: {"store_id": "s2"}}),
    Case(
        "gzip_of_two_members",
        TILL,
        packed(SHEET) + packed(SHEET.partition(b"\n")[2].replace(b"n1", b"n3").replace(b"n2", CANARY.encode() + b",")),
        rows=(ACCEPTED, ACCEPTED, ACCEPTED, "malformed_row|"),
        file="a.csv.gz",
        landed={3: {"order_id": "n3"}},
        mend=Mend(
            rows={
                4: dict(
                    zip(
                        SHEET.decode().splitlines()[0].split(","),
                        ["n4", "1", "2024-03-01", "s", "p", "1", "1"],
                        strict=True,
                    )
                )
            }
        ),
    ),
    Case(
        "gzip_of_another_encoding",
        TILL,
        packed(sheet(TILL, {"store_id": "静安寺"}).encode("gb18030")),
        rows=(ACCEPTED,),
        file="a.CSV.GZ",
        settings='encoding = "gb18030"',
        landed={1: {"store_id": "静安寺"}},
    ),
    Case(
        "gzip_lines",
        "survey.answer",
        packed(lines("survey.answer", {"score": "8"}, f'{{"broken {CANARY}"').encode()),
        rows=(ACCEPTED, "malformed_row|"),
        file="a.ndjson.gz",
        landed={1: {"score": "8.00"}},
        mend=Mend(
            rows={
                2: {
                    "response_id": "r",
                    "question_id": "q",
                    "survey_id": "s",
                    "answered_at": "2024-03-01",
                    "score": "1",
                }
            }
        ),
    ),
    refused("gzip_cut_off", "broken_gzip", packed(LONG)[:-20]),
    refused("gzip_cut_in_its_head", "broken_gzip", packed(LONG)[:7]),
    refused("gzip_without_its_end", "broken_gzip", packed(SHEET)[:-8]),
    refused("gzip_of_wrong_sum", "broken_gzip", packed(SHEET)[:-8] + b"\0\0\0\0" + packed(SHEET)[-4:]),
    refused("gzip_of_wrong_length", "broken_gzip", inflated(SHEET)),
    refused("gzip_damaged", "broken_gzip", packed(LONG)[:200] + b"\xff" * 50 + packed(LONG)[250:]),
    refused("gzip_and_garbage", "broken_gzip", packed(SHEET) + CANARY.encode()),
    refused("gzip_and_half_a_member", "broken_gzip", packed(SHEET) + packed(LONG)[:40]),
    refused("gzip_and_zeros", "broken_gzip", packed(SHEET) + b"\0" * 512),
    refused("gzip_in_name_only", "broken_gzip", SHEET),
    refused("zlib_as_gzip", "broken_gzip", zlib.compress(SHEET)),
    refused("zip_as_gzip", "broken_gzip", b"PK\x03\x04" + SHEET),
    refused("gzip_of_no_bytes", "empty_file", b""),
    refused("gzip_of_nothing", "empty_file", packed(b"")),
    refused("gzip_twice", "wrong_encoding", packed(packed(SHEET))),
    refused("gzip_called_csv", "wrong_encoding", packed(SHEET), file="a.csv", mend=SHEET),
    refused("gzip_lines_cut_off", "broken_gzip", packed(ANSWERS)[:-30], file="a.jsonl.gz"),
    refused("gzip_lines_of_nothing", "empty_file", packed(b"\n\n"), file="a.jsonl.gz"),
    Case(
        "gzip_around_parquet",
        TILL,
        packed(parquet({"order_id": [CANARY]})),
        refused="broken_parquet",
        file="a.parquet.gz",
        mend=Mend(
            content=parquet(
                {
                    name: [value]
                    for name, value in zip(
                        SHEET.decode().splitlines()[0].split(","),
                        SHEET.decode().splitlines()[1].split(","),
                        strict=True,
                    )
                }
            ),
            accepted=1,
        ),
    ),
)
