"""A brand of a hundred and fifty strangers, with some who came twice and some who only look like it.

Here: who they are, and landing them. Not here: what is to come of it (test_proposals.py).
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.sources import tokens
from orchestration.warehouse import connect
from tests.scenarios.identity_commands.people import clear_values, key
from tests.scenarios.world import Row, World
from tests.workshop import PII_KEY

AS_OF = date(2025, 6, 30)
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈褚卫", "芳娜敏静丽强磊军洋勇艳杰"
CITIES = ("上海", "北京", "广州", "杭州")


@dataclass(frozen=True)
class Known:
    """What a record tells of somebody; `who` is a member id or a number."""

    who: str
    name: str = ""
    birthday: str = ""
    address: str = ""
    city: str = ""


def secret(namespace: str, value: str) -> str | None:
    """The token of a name or an address, as landing makes it."""
    return tokens.token(bytes.fromhex(PII_KEY), namespace, value) if value else None


LIN = Known("member_id:lin", "林美", "1991-08-19", "徐汇区衡山路 12 号 3 室", "上海市")
LIN_AGAIN = Known("phone:13800000001", "林 美", "1991-08-19", "徐汇区衡山路12号3室")
WU = Known("member_id:wu", "Anna Wu", "1985-02-03", "Jing'an, Nanjing Road 77-5", "Shanghai")
WU_AGAIN = Known("phone:13800000002", "WU, Anna", "", "Jing’an Nanjing Road 77/5", "shanghai")
GAO = Known("member_id:gao", "高明远", "1979-11-30", "西湖区文三路 8 号 201", "杭州")
GAO_AGAIN = Known("phone:13800000003", "高明远", "1979-11-30", "西湖区文三路8号201")
CHEN, CHEN_AGAIN = (
    Known(f"member_id:chen{card}", "陈思远", "1993-04-05", "海淀区学院路 9 号", "北京") for card in "12"
)
FATHER = Known("member_id:father", "赵建国", "1958-10-01", "天河区体育路 5 号 601", "广州")
SON = Known("phone:13800000004", "赵建国", "1984-03-12", "天河区体育路5号601")
TWIN = Known("member_id:twin", "何平", "2001-06-06", "浦东新区世纪路 3 号", "上海")
OTHER_TWIN = Known("phone:13800000005", "何安", "2001-06-06", "浦东新区世纪路3号")
HU = Known("member_id:hu", "胡一鸣", "1990-01-02", "朝阳区建国路 1 号", "北京")
HU_AT_THE_DEFAULT_NUMBER = Known("phone:13800138000", "胡一鸣", "1990-01-02", "朝阳区建国路1号")
GIVER, HELPER = "phone:13800000006", "phone:13800000007"
"""One orders a present for Ms. Lin, one orders for her to her number: her name and door are nothing of theirs."""

MEMBERS = (LIN, WU, GAO, CHEN, CHEN_AGAIN, FATHER, TWIN, HU)
LEADS = (LIN_AGAIN, GAO_AGAIN, SON, OTHER_TWIN, HU_AT_THE_DEFAULT_NUMBER)


def strangers() -> list[Known]:
    """A hundred and fifty members, some of one name; the same ones every time."""
    drawn = random.Random(7)
    return [
        Known(
            f"member_id:stranger{number}",
            drawn.choice(FAMILY) + drawn.choice(GIVEN),
            (date(1960, 1, 1) + timedelta(days=drawn.randrange(16_000))).isoformat(),
            f"中山路{drawn.randrange(900)}号{drawn.randrange(30)}室",
            drawn.choice(CITIES),
        )
        for number in range(150)
    ]


def land(world: World) -> None:
    """Land all of them, the default number on the block list."""
    members = (*MEMBERS, *strangers())
    world.land("crm.member", [member(known) for known in members], source="crm")
    world.land("lead.lead", [lead(known) for known in LEADS], source="form")
    own = order("own", WU_AGAIN, WU_AGAIN.who, WU_AGAIN.who)
    gift = {**order("gift", LIN, GIVER, GIVER), "is_gift": "true"}
    world.land("shop.order", [own, gift, order("help", LIN, HELPER, LIN_AGAIN.who)], source="shop")
    everybody = (*members, *LEADS, WU_AGAIN)
    clear_values(world, [*(known.who for known in everybody), GIVER, HELPER])
    keep_secrets(world, everybody)
    with connect.connect(world.brand.name) as connection:
        connection.execute(
            "insert into ops.blocked_identifier values (%s, 'phone', 'a default number', now())",
            (key(HU_AT_THE_DEFAULT_NUMBER.who),),
        )


def member(known: Known) -> Row:
    """A row of the member list."""
    return {
        "member_id_key": key(known.who),
        "full_name_key": secret("full_name", known.name),
        "birthday": known.birthday,
        "address_key": secret("address", known.address),
        "home_city": known.city,
    }


def lead(known: Known) -> Row:
    """A lead, who left a number."""
    return {
        "lead_id": known.who,
        "lead_source": "form",
        "status": "new",
        "created_at": "2025-05-01 04:00+00",
        "phone_key": key(known.who),
        "full_name_key": secret("full_name", known.name),
        "birthday": known.birthday,
        "address_key": secret("address", known.address),
    }


def order(order_id: str, to: Known, buyer: str, recipient: str) -> Row:
    """An order of a guest, known by a number; it goes to the door of `to`."""
    return {
        "order_id": order_id,
        "order_status": "paid",
        "ordered_at": "2025-05-02 04:00+00",
        "phone_key": key(buyer),
        "recipient_phone_key": key(recipient),
        "recipient_name_key": secret("full_name", to.name),
        "recipient_address_key": secret("address", to.address),
        "recipient_city": to.city,
        "paid_amount": "100.00",
    }


def keep_secrets(world: World, everybody: Iterable[Known]) -> None:
    """Put names and addresses into the vault."""
    told = [pair for known in everybody for pair in (("full_name", known.name), ("address", known.address)) if pair[1]]
    with connect.connect(world.brand.name) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into vault.clear_value values (%s, %s, %s, 'told', '2025-01-01 00:00+00') on conflict do nothing",
            [(secret(namespace, value), namespace, value) for namespace, value in told],
        )
