"""People with several identifiers each, landed straight into raw: the same ones in every run.

Here: which records show which identifiers, and how many. Tokens are hashes of a person's number, as keyed as real ones
look. Not here: measuring (identity.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.sources import raw_tables
from orchestration.sources.contracts import contract
from orchestration.warehouse import connect

_BATCH = 200_000
_OF_1024 = 1024


@dataclass(frozen=True)
class Record:
    """One kind of record: of how many of 1,024 people it exists, and what it shows."""

    contract_id: str
    share: int
    columns: dict[str, str]


def _own(kind: str) -> str:
    return f"md5('{kind}' || person)"


# Two people in a hundred give the phone of the person before them; the counter's default phone is one of 2,000's.
_PHONE = f"""case
    when person % 2000 = 0 then md5('the counter')
    when {{chance}} < 20 then md5('phone' || person - 1)
    else {_own("phone")}
end"""
_RECORDS = (
    Record(
        "crm.member",
        1024,
        {
            "member_id_key": _own("member"),
            "phone_key": _PHONE,
            "email_key": f"case when {{chance}} % 4 = 0 then {_own('mail')} end",
            "registered_at": "{moment}",
        },
    ),
    Record(
        "wechat.follower",
        700,
        {
            "app_id": "'app'",
            "openid_key": _own("openid"),
            "unionid_key": _own("unionid"),
            "subscribed_at": "{moment}",
            "is_subscribed": "true",
        },
    ),
    Record(
        "miniprogram.event",
        450,
        {
            "event_id": _own("event"),
            "event_name": "'login'",
            "app_id": "'app'",
            "openid_key": _own("openid"),
            "phone_key": _PHONE,
            "event_at": "{moment}",
        },
    ),
    Record(
        "tmall.member_binding",
        500,
        {
            "shop_id": "'shop'",
            "ouid_key": _own("ouid"),
            "member_id_key": _own("member"),
            "status": "'bind'",
            "bound_at": "{moment}",
        },
    ),
    Record(
        "partner.record",
        400,
        {
            "partner_id": "'partner'",
            "record_id": _own("record"),
            "owner": "'partner'",
            "consent_basis": "'consent'",
            "record_type": "'profile'",
            "partner_person_id_key": _own("partner"),
            "phone_key": _PHONE,
            "recorded_at": "{moment}",
        },
    ),
    Record(
        "pos.identification",
        300,
        {
            "identification_id": _own("identification"),
            "card_id_key": _own("card"),
            "member_id_key": _own("member"),
            "identified_at": "{moment}",
        },
    ),
    Record(
        "social.engagement",
        200,
        {
            "engagement_id": _own("engagement"),
            "platform": "'weibo'",
            "platform_user_id_key": _own("weibo"),
            "event_at": "{moment}",
        },
    ),
)


# One person in eighty orders with three identifiers: three pairs beside the 3.75 that everybody has, 1 % of evidence.
_NEW = Record(
    "shop.order",
    _OF_1024,
    {
        "order_id": "'order {number} ' || person",
        "order_status": "'paid'",
        "paid_at": "{moment}",
        "ordered_at": "{moment}",
        "member_id_key": _own("member"),
        "phone_key": _PHONE,
        "email_key": _own("new mail"),
    },
)
_SHARE_NEW = 80


def land(brand: str, people: int) -> None:
    """Make `people` of them the only ones in raw."""
    with connect.connect(brand, autocommit=True) as connection:
        raw_tables.ensure(connection)
        connection.execute(f"truncate raw.{contract(_NEW.contract_id).raw_table}".encode())
        for number, record in enumerate(_RECORDS):
            table = contract(record.contract_id).raw_table
            connection.execute(f"truncate raw.{table}".encode())
            for first in range(0, people, _BATCH):
                last = min(first + _BATCH, people) - 1
                connection.execute(_insert(record, number, first=first, last=last).encode())
            connection.execute(f"vacuum analyze raw.{table}".encode())


def land_more(brand: str, people: int, number: int) -> None:
    """Land the new evidence of load 1, 2, 3 …: one per cent of what there is, about other people each time."""
    with connect.connect(brand, autocommit=True) as connection:
        where = f"person % {_SHARE_NEW} = {number}"
        day = f"2026-01-{number + 1:02}"
        statement = _insert(_NEW, number, first=0, last=people - 1, where=where, day=day)
        connection.execute(statement.encode())
        connection.execute(f"vacuum analyze raw.{contract(_NEW.contract_id).raw_table}".encode())


def known_at(number: int) -> str:
    """A moment by which load `number` was landed and the next one was not; 0 is what everybody has."""
    return f"2026-01-{number + 1:02} 12:00+00"


def _insert(record: Record, number: int, *, first: int, last: int, where: str = "true", day: str = "2026-01-01") -> str:
    """The statement that lands a batch; `chance` is a person's own number for all records."""
    told = {
        "chance": "chance",
        "number": str(number),
        "moment": "timestamptz '2025-01-01' + person % 30000000 * interval '1 second'",
    }
    columns = {name: expression.format(**told) for name, expression in record.columns.items()}
    columns |= {
        "_batch_id": f"'bench {day}'",
        "_source": "'bench'",
        "_loaded_at": f"timestamptz '{day} 00:00+00'",
        "_row_number": "person",
        "_content_hash": "0",
    }
    return f"""
        insert into raw.{contract(record.contract_id).raw_table} ({", ".join(columns)})
        select {", ".join(columns.values())}
        from (
            select
                person,
                mod(hashint8extended(person, 0), {_OF_1024 // 2}) + {_OF_1024 // 2} as chance,
                mod(hashint8extended(person, {number + 1}), {_OF_1024 // 2}) + {_OF_1024 // 2} as drawn
            from generate_series({first}::bigint, {last}) as people (person)
        ) as people
        where drawn < {record.share} and {where}
    """
