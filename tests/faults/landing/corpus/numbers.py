"""Whole numbers, decimals, booleans: every wrong notation met in exports. Not here: dates and moments (moments.py)."""

from __future__ import annotations

from tests.faults.landing.corpus.case import Case, values

WRONG = "wrong_type"
MISSING = "missing_value"

INTEGERS = values(
    "integers",
    "pos.order_line",
    "quantity",
    [
        *(("7", "=7"), ("+7", "=7"), ("-3", "=-3"), ("007", "=7"), ("7.0", "=7"), ("7.000", "=7"), ("0", "=0")),
        *((" 7 ", "=7"), ("\t7", "=7"), ("\u30007", "=7"), ("\u00a07\u00a0", "=7"), ("\ufeff7\u200b", "=7")),
        *(("9" * 18, "=" + "9" * 18), ("9" * 19, WRONG), ("9223372036854775808", WRONG), ("9" * 400, WRONG)),
        *(("7.5", WRONG), ("7.", WRONG), (".7", WRONG), ("7.0.0", WRONG), ("1e3", WRONG), ("1E3", WRONG)),
        *(("0x10", WRONG), ("0b1", WRONG), ("1_000", WRONG), ("1,000", WRONG), ("1 000", WRONG), ("1'000", WRONG)),
        *(("-", WRONG), ("+", WRONG), ("--3", WRONG), ("- 3", WRONG), ("3-", WRONG), ("(3)", WRONG), ("−3", WRONG)),
        *(("１２", WRONG), ("七", WRONG), ("٣", WRONG), ("²", WRONG), ("½", WRONG), ("1/2", WRONG), ("Ⅶ", WRONG)),
        *(("two", WRONG), ("7 pcs", WRONG), ("7件", WRONG), ("7;8", WRONG), ("=7", WRONG), ("'7", WRONG)),
        *(("NaN", WRONG), ("Infinity", WRONG), ("NULL", WRONG), ("None", WRONG), ("#REF!", WRONG), ("true", WRONG)),
        *(("", MISSING), (" ", MISSING), ("\t", MISSING), ("\u00a0", MISSING), ("\u3000\u3000", MISSING)),
    ],
)

OPTIONAL_INTEGERS = values(
    "optional_integers",
    "catalogue.product",
    "usage_days",
    [("", "="), ("  ", "="), ("\u3000", "="), ("30", "=30"), ("30 days", WRONG), ("1.5", WRONG), ("n/a", WRONG)],
)

DECIMALS = values(
    "decimals",
    "pos.order_line",
    "sales_amount",
    [
        *(("1", "=1.00"), ("1.5", "=1.50"), ("-0.5", "=-0.50"), ("+0.5", "=0.50"), ("1.", "=1.00"), (".5", "=0.50")),
        *(("-.5", "=-0.50"), ("1.4300", "=1.43"), ("0.000", "=0.00"), ("00012.50", "=12.50"), (" 1.00", "=1.00")),
        *(("9999999999.99", "=9999999999.99"), ("10000000000", WRONG), ("1" * 19, WRONG), ("0" * 11 + "1", "=1.00")),
        *(("1.435", WRONG), ("0.001", WRONG), ("1.000000001", WRONG), ("9999999999.999", WRONG)),
        *(("1,43", WRONG), ("1,234.50", WRONG), ("1.234,50", WRONG), ("1 234.50", WRONG), ("1'234.50", WRONG)),
        *(("￥12.00", WRONG), ("¥12", WRONG), ("$12", WRONG), ("12元", WRONG), ("12.00 CNY", WRONG), ("12.00%", WRONG)),
        *(("(12.00)", WRONG), ("12.00-", WRONG), ("−5.00", WRONG), ("1.2.3", WRONG), ("1..2", WRONG), (".", WRONG)),
        *(("-.", WRONG), ("-", WRONG), ("１２.００", WRONG), ("12。5", WRONG), ("1e2", WRONG), ("0x1p3", WRONG)),
        *(("NaN", WRONG), ("nan", WRONG), ("Infinity", WRONG), ("-Infinity", WRONG), ("inf", WRONG)),
        *(("#DIV/0!", WRONG), ("free", WRONG), ("NULL", WRONG), ("true", WRONG), ("12.50;", WRONG)),
        *(("", MISSING), ("   ", MISSING), ("\u00a0", MISSING)),
    ],
)

GERMAN = values(
    "decimals_german",
    "pos.order_line",
    "sales_amount",
    [("12,50", WRONG), ("1.234,50", WRONG), ("-0,5", WRONG), ("1.234.567,8", WRONG), ("7", "=7.00")],
    mended='sales_amount = { column = "sales_amount", number = "1.234,56" }',
)

ENGLISH = values(
    "integers_english",
    "ads.daily",
    "impression_count",
    [("1,234,567", WRONG), ("12,000", WRONG), ("999", "=999")],
    mended='impression_count = { column = "impression_count", number = "1,234.56" }',
)

GROUPED = values(
    "numbers_grouped",
    "ads.daily",
    "spend_amount",
    [
        *(("1.234,56", "=1234.56"), ("1234,56", "=1234.56"), ("-1.234.567,8", "=-1234567.80"), ("12", "=12.00")),
        *(("0,5", "=0.50"), ("12,", "=12.00"), ("1.23,4", WRONG), ("12.34", WRONG), ("1.2345,6", WRONG)),
        *((".234,5", WRONG), ("1..234", WRONG), ("1,234,5", WRONG), ("1,234.5", WRONG), ("1.234.", WRONG)),
        *(("1,005", WRONG), ("zwölf", WRONG), ("", MISSING)),
    ],
    columns='spend_amount = { column = "spend_amount", number = "1.234,56" }',
    good="12,50",
)

SCORES = values(
    "scores",
    "survey.answer",
    "score",
    [
        *(("9", "=9.00"), ("", "="), ("8.5", "=8.50"), ("-1", "=-1.00"), ("9999.99", "=9999.99")),
        *(("10000", WRONG), ("10/10", WRONG), ("9 of 10", WRONG), ("五", WRONG), ("★★★", WRONG), ("very good", WRONG)),
    ],
)

LONG_DECIMALS = values(
    "long_decimals",
    "partner.record",
    "number_value",
    [
        ("12345678901234.5678", "=12345678901234.5678"),
        ("0.00005", WRONG),
        ("123456789012345", WRONG),
        ("", "="),
        ("low", WRONG),
    ],
)

BOOLEANS = values(
    "booleans",
    "crm.consent",
    "is_granted",
    [
        *((word, "=true") for word in ("true", "TRUE", "True", "t", "yes", "Y", "1", " yes ")),
        *((word, "=false") for word in ("false", "FALSE", "f", "no", "N", "0")),
        *((word, WRONG) for word in ("maybe", "2", "-1", "1.0", "on", "off", "是", "否", "真", "ja", "oui", "✓", "x")),
        *((word, WRONG) for word in ("true;", "yes no", "truefalse", "null", "not true", "１", "T/F")),
        *((word, MISSING) for word in ("", " ", "\u3000")),
    ],
)

CHINESE_BOOLEANS = values(
    "booleans_chinese",
    "crm.consent",
    "is_granted",
    [("是", WRONG), ("否", WRONG), ("同意", WRONG), ("yes", "=true")],
    mended='is_granted = { column = "is_granted", values = { "是" = "true", "否" = "false", "同意" = "true" } }',
)

LOCATED = values(
    "located_without_consent",
    "store.presence",
    "has_consent",
    [("true", "=true"), ("1", "=true"), ("false", "not_allowed"), ("no", "not_allowed"), ("", MISSING), ("?", WRONG)],
)

POINTS = values(
    "points",
    "loyalty.points",
    "points",
    [("680", "=680"), ("-3000", "=-3000"), ("+680", "=680"), ("680分", WRONG), ("680 P", WRONG), ("1.5", WRONG)],
)

CASES: tuple[Case, ...] = (
    *(INTEGERS, OPTIONAL_INTEGERS, DECIMALS, GERMAN, ENGLISH, GROUPED, SCORES, LONG_DECIMALS),
    *(BOOLEANS, CHINESE_BOOLEANS, LOCATED, POINTS),
)
