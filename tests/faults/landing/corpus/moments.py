"""Days and moments: calendars that do not exist, notations, offsets, clocks, epochs. Not here: numbers (numbers.py).

The brand is in New York. A local moment that was skipped in spring is read with the offset before the leap, one that
came twice in autumn is the second, as PostgreSQL reads them.
"""

from __future__ import annotations

from tests.faults.landing.corpus.case import Case, values

WRONG = "wrong_type"
MISSING = "missing_value"
FUTURE = "event_in_future"

DAYS = values(
    "days",
    "ads.daily",
    "stat_on",
    [
        *(("2024-02-29", "=2024-02-29"), ("2024-03-01 00:00:00", "=2024-03-01"), ("2024-03-01T00:00", "=2024-03-01")),
        *((" 2024-03-01 ", "=2024-03-01"), ("2024-03-01T00:00:00.000", "=2024-03-01"), ("1900-01-01", "=1900-01-01")),
        *(("2025-02-30", WRONG), ("2023-02-29", WRONG), ("2100-02-29", WRONG), ("2024-04-31", WRONG)),
        *(("2025-13-01", WRONG), ("2025-00-10", WRONG), ("2025-01-00", WRONG), ("2025-01-32", WRONG)),
        *(("0000-00-00", WRONG), ("0001-01-01", WRONG), ("1753-01-01", WRONG), ("1899-12-30", WRONG)),
        *(("99999-01-01", WRONG), ("-2024-01-01", WRONG), ("2024-01-01 BC", WRONG), ("24-03-01", WRONG)),
        *(("30/02/2025", WRONG), ("01.03.2024", WRONG), ("3/1/2024", WRONG), ("2024/03/01", WRONG)),
        *(("20240301", WRONG), ("2024-3-1", WRONG), ("2024-W09-5", WRONG), ("2024-061", WRONG), ("2024-03", WRONG)),
        *(("2024年3月1日", WRONG), ("March 1, 2024", WRONG), ("1-Mar-24", WRONG), ("２０２４-０３-０１", WRONG)),
        *(("2024-03-01 10:00:00", WRONG), ("2024-03-01T00:00:00Z", WRONG), ("2024-03-01 to 2024-03-07", WRONG)),
        *(("45352", WRONG), ("1709251200", WRONG), ("today", WRONG), ("now", WRONG), ("epoch", WRONG)),
        *(("infinity", WRONG), ("-infinity", WRONG), ("NaT", WRONG), ("NULL", WRONG), ("2024–03–01", WRONG)),
        *(("2999-01-01", FUTURE), ("9999-12-31", FUTURE), ("", MISSING), ("\t ", MISSING)),
    ],
)

OPTIONAL_DAYS = values(
    "birthdays",
    "crm.member",
    "birthday",
    [
        *(("1990-02-28", "=1990-02-28"), ("1900-05-01", "=1900-05-01"), ("", "="), ("0000-05-01", WRONG)),
        *(("1990-02-29", WRONG), ("05-01", WRONG), ("1990", WRONG), ("属马", WRONG), ("0000-00-00", WRONG)),
    ],
)

MOMENTS = values(
    "moments",
    "pos.order_line",
    "ordered_at",
    [
        ("2024-07-01 10:00:00", "=2024-07-01 14:00:00+00:00"),
        ("2024-01-01T10:00", "=2024-01-01 15:00:00+00:00"),
        ("2024-07-01", "=2024-07-01 04:00:00+00:00"),
        ("2024-07-01T10:00:00Z", "=2024-07-01 10:00:00+00:00"),
        ("2024-07-01 10:00:00.5", "=2024-07-01 14:00:00.500000+00:00"),
        ("2024-07-01 10:00:00,5", "=2024-07-01 14:00:00.500000+00:00"),
        ("2024-07-01T10:00:00.123456789Z", "=2024-07-01 10:00:00.123456+00:00"),
        ("2024-07-01 10:00:00+08:00", "=2024-07-01 02:00:00+00:00"),
        ("2024-07-01 10:00:00 +0800", "=2024-07-01 02:00:00+00:00"),
        ("2024-07-01T10:00+08", "=2024-07-01 02:00:00+00:00"),
        ("2024-07-01T10:00:00-03:30", "=2024-07-01 13:30:00+00:00"),
        ("2024-07-01T10:00:00+14:00", "=2024-06-30 20:00:00+00:00"),
        ("2024-07-01T10:00:00-12:00", "=2024-07-01 22:00:00+00:00"),
        ("2024-07-01T10:00:00+00:00", "=2024-07-01 10:00:00+00:00"),
        ("2024-07-01 24:00:00", "=2024-07-02 04:00:00+00:00"),  # ISO 8601: the end of the day
        ("2024-03-10 02:30:00", "=2024-03-10 07:30:00+00:00"),  # skipped in New York
        ("2024-11-03 01:30:00", "=2024-11-03 06:30:00+00:00"),  # there twice in New York
        ("2024-07-01T10:00:00+25:00", WRONG),
        ("2024-07-01T10:00:00+15:00", WRONG),
        ("2024-07-01T10:00:00+08:60", WRONG),
        ("2024-07-01T10:00:00+8", WRONG),
        ("2024-07-01T10:00:00+08:00:00", WRONG),
        ("2024-07-01 10:00:00 CST", WRONG),
        ("2024-07-01 10:00:00 America/New_York", WRONG),
        ("2024-07-01 10:00:00 UTC", WRONG),
        ("2024-07-01 24:00:01", WRONG),
        ("2024-07-01 23:59:60", WRONG),
        ("2016-12-31T23:59:60Z", WRONG),  # a real leap second: no database has a place for it
        ("2024-07-01 25:00:00", WRONG),
        ("2024-07-01 10:60:00", WRONG),
        ("2024-07-01 10", WRONG),
        ("2024-07-01 10:0", WRONG),
        ("2024-07-01T", WRONG),
        ("2024-07-01T10:00:00.Z", WRONG),
        ("2024-07-0110:00:00", WRONG),
        ("2024-07-01 10:00 PM", WRONG),
        ("2024-07-01 上午10:00", WRONG),
        ("2024-02-30 10:00:00", WRONG),
        ("2024-13-01 10:00:00", WRONG),
        ("0000-00-00 00:00:00", WRONG),
        ("0000-01-01 10:00:00", WRONG),
        ("0001-01-01 00:00:00", WRONG),
        ("0001-01-01T00:00:00Z", WRONG),
        ("1753-01-01 00:00:00", WRONG),
        ("1899-12-30 00:00:00", WRONG),
        ("99999-01-01 00:00:00", WRONG),
        ("01/07/2024 10:00", WRONG),
        ("7/1/2024 10:00 AM", WRONG),
        ("2024/07/01 10:00:00", WRONG),
        ("20240701T100000Z", WRONG),
        ("20240701100000", WRONG),
        ("Mon, 01 Jul 2024 10:00:00 GMT", WRONG),
        ("2024年7月1日 10:00", WRONG),
        ("1719828000", WRONG),
        ("45474.4167", WRONG),
        ("10:00:00", WRONG),
        ("yesterday", WRONG),
        ("now", WRONG),
        ("infinity", WRONG),
        ("NaT", WRONG),
        ("2024-07-01 10:00:00\n2024-07-01 11:00:00", WRONG),
        ("2999-01-01 00:00:00", FUTURE),
        ("9999-12-31 23:59:59", FUTURE),
        ("", MISSING),
        (" \u00a0", MISSING),
    ],
)

GERMAN = values(
    "moments_german",
    "pos.order_line",
    "ordered_at",
    [("01.07.2024 10:00", WRONG), ("31.12.2024 23:59", WRONG)],
    mended='ordered_at = { column = "ordered_at", format = "%d.%m.%Y %H:%M" }',
)

PATTERN = values(
    "moments_by_pattern",
    "pos.order_line",
    "ordered_at",
    [
        ("01.07.2024 10:00", "=2024-07-01 14:00:00+00:00"),
        ("1.7.2024 9:05", "=2024-07-01 13:05:00+00:00"),
        *(("32.07.2024 10:00", WRONG), ("31.06.2024 10:00", WRONG), ("07.31.2024 10:00", WRONG)),
        *(("01.07.2024", WRONG), ("01.07.2024 10:00 Uhr", WRONG), ("01.07.2024 10:00:00", WRONG)),
        *(("01.07.24 10:00", WRONG), ("01.07.0024 10:00", WRONG), ("01.07.2024 24:00", WRONG)),
        *(("2024-07-01 10:00", WRONG), ("01-07-2024 10:00", WRONG), ("x", WRONG)),
        ("01.07.2999 10:00", FUTURE),
        ("", MISSING),
    ],
    columns='ordered_at = { column = "ordered_at", format = "%d.%m.%Y %H:%M" }',
    good="01.07.2024 10:00",
)

AMERICAN = values(
    "days_by_pattern",
    "ads.daily",
    "stat_on",
    [
        *(("03/31/2024", "=2024-03-31"), ("31/03/2024", WRONG), ("02/30/2024", WRONG), ("03/31/0024", WRONG)),
        *(("2024-03-31", WRONG), ("03/31/2024 10:00", WRONG), ("12/31/2998", FUTURE), ("", MISSING)),
    ],
    columns='stat_on = { column = "stat_on", format = "%m/%d/%Y" }',
    good="03/31/2024",
)

SECONDS = values(
    "epoch_seconds",
    "wechat.event",
    "event_at",
    [
        ("1719828000", "=2024-07-01 10:00:00+00:00"),
        ("1719828000.5", "=2024-07-01 10:00:00.500000+00:00"),
        (" 1719828000 ", "=2024-07-01 10:00:00+00:00"),
        *(("1719828000000", WRONG), ("1719828000000000", WRONG)),  # milliseconds, microseconds
        *(("-1", WRONG), ("-1719828000", WRONG), ("0", WRONG), ("1", WRONG)),  # nothing happened in 1970
        *(("1.719828e9", WRONG), ("1,719,828,000", WRONG), ("0x66828ee0", WRONG), ("１７１９８２８０００", WRONG)),
        *(("2024-07-01 10:00:00", WRONG), ("NaN", WRONG), ("1719828000s", WRONG), ("1719828000.", WRONG)),
        *(("17198280000", FUTURE), ("99999999999", FUTURE), ("", MISSING)),
    ],
    columns='event_at = { column = "event_at", format = "epoch_s" }',
)

MILLISECONDS = values(
    "epoch_milliseconds",
    "wechat.message",
    "sent_at",
    [
        ("1719828000123", "=2024-07-01 10:00:00.123000+00:00"),
        *(("1719828000", WRONG), ("1719828000123456", WRONG), ("0", WRONG), ("-1719828000123", WRONG)),
        *(("1719828000123.5", WRONG), ("2024-07-01", WRONG), ("17198280001230", FUTURE), ("", MISSING)),
    ],
    columns='sent_at = { column = "sent_at", format = "epoch_ms" }',
)

SECONDS_AS_MILLISECONDS = values(
    "epoch_of_the_other_unit",
    "wechat.event",
    "event_at",
    [("1719828000123", WRONG), ("1719828060000", WRONG)],
    columns='event_at = { column = "event_at", format = "epoch_s" }',
    mended='event_at = { column = "event_at", format = "epoch_ms" }',
)

SHANGHAI = values(
    "moments_of_another_zone",
    "tmall.order",
    "ordered_at",
    [
        ("2024-11-11 00:00:01", "=2024-11-10 16:00:01+00:00"),
        ("2024-11-11T00:00:01Z", "=2024-11-11 00:00:01+00:00"),
        ("2024-11-31 00:00:00", WRONG),
        ("11月11日", WRONG),
    ],
    settings='time_zone = "Asia/Shanghai"',
)

WEEKS = values(
    "weeks",
    "promotion.placement",
    "week",
    [
        *(("2", "=2017-01-02"), ("53", "=2017-12-25"), ("second", WRONG), ("-1", WRONG), ("2.5", WRONG)),
        *(("W2", WRONG), ("2017-01-02", WRONG), ("99999", WRONG), ("", MISSING)),
    ],
    columns='starts_on = { column = "week", week_one = "2016-12-26" }',
    of="starts_on",
)

CASES: tuple[Case, ...] = (
    *(DAYS, OPTIONAL_DAYS, MOMENTS, GERMAN, PATTERN, AMERICAN),
    *(SECONDS, MILLISECONDS, SECONDS_AS_MILLISECONDS, SHANGHAI, WEEKS),
)
