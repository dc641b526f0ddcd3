"""Ms. Lin becomes one customer step by step; so does another one, 17 days later, under other names."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from orchestration import settings
from orchestration.brands import Brand
from orchestration.sources import tokens
from orchestration.sources.landing.land import land
from orchestration.warehouse import dbt
from simulator.brand.identifiers import MINI_APP, OFFICIAL_APP, SHOP
from simulator.brand.lin_story import Lin
from simulator.brand.parameters import Parameters
from simulator.brand.run import Home, write_at_once
from tests.workshop import Workshop, rows

START = date(2025, 2, 1)
OTHER = dataclasses.replace(
    Lin().shifted(17),
    member_id="QL77700099",
    phone="19277700099",
    openid="oQLoa_Bai0000000000000000099",
    mini_openid="oQLmp_Bai0000000000000000099",
    unionid="oQLun_Bai0000000000000000099",
    ouid="AAQLBai00000000000000099",
    omid="AAQLMBai0000000000000099",
    xiaohongshu_id="xhs-bai-0099",
    cookie_id="ck-bai-0099",
    email="bai@qinglan.example",
    external_userid="wmQLBai000000000000000000099",
    full_name="白露",
)


@dataclass(frozen=True)
class Told:
    """The brand in which she lives, and her identifiers as tokens."""

    brand: Brand
    lin: Lin

    def key(self, namespace: str, value: str) -> str:
        return tokens.token(tokens.pii_key(self.brand.name), namespace, value)

    @property
    def wechat(self) -> dict[str, str]:
        """What WeChat calls her."""
        return {
            "official account": self.key("wechat_openid", f"{OFFICIAL_APP}:{self.lin.openid}"),
            "mini-program": self.key("wechat_openid", f"{MINI_APP}:{self.lin.mini_openid}"),
            "unionid": self.key("wechat_unionid", self.lin.unionid),
        }

    @property
    def till(self) -> dict[str, str]:
        """What she tells at the till."""
        return {
            "member": self.key("member_id", self.lin.member_id),
            "phone": self.key("phone", f"+86{self.lin.phone}"),
        }

    @property
    def tmall(self) -> dict[str, str]:
        """What Tmall calls her."""
        return {
            "ouid": self.key("tmall_ouid", f"{SHOP}:{self.lin.ouid}"),
            "omid": self.key("tmall_omid", self.lin.omid),
        }

    def build(self, as_of: date) -> None:
        """Identity on the evening of a day."""
        told = {
            "brand": self.brand.name,
            "time_zone": self.brand.file.time_zone,
            "currency": self.brand.file.currency,
            "as_of": as_of.isoformat(),
            "known_at": "",
        }
        kinds = ["--resource-type", "seed", "--resource-type", "model"]
        built = dbt.invoke(
            self.brand, ["build", *kinds, "--select", "+bridge_customer_identifier", "--vars", json.dumps(told)]
        )
        assert built.returncode == 0, built.stdout[-4000:]

    def customers(self, identifiers: dict[str, str]) -> dict[str, str | None]:
        """Whose each is; None where it was not seen."""
        statement = "select identifier_key, customer_key from core.bridge_customer_identifier where is_strong"
        found = {str(key): str(customer) for key, customer in rows(self.brand, statement)}
        return {name: found.get(key) for name, key in identifiers.items()}

    def history(self, customer: str, *relations: str) -> dict[str, int]:
        """Records up to `as_of` that name one of the customer's identifiers, by staging table."""
        found: dict[str, int] = {}
        for relation in relations:
            columns = rows(
                self.brand,
                "select column_name from information_schema.columns where table_schema = 'staging' and "
                "table_name = %(name)s and column_name in "
                "('openid_key', 'unionid_key', 'member_id_key', 'phone_key', 'ouid_key', 'omid_key')",
                {"name": relation},
            )
            named = " or ".join(f"{column} in (select identifier_key from hers)" for (column,) in columns)
            counted = rows(
                self.brand,
                "with hers as (select identifier_key from core.bridge_customer_identifier "
                f"where customer_key = %(customer)s) select count(*) from staging.{relation} where {named}",
                {"customer": customer},
            )
            found[relation] = int(str(counted[0][0]))
        return found


def on_the_evening_of(workshop: Workshop, lin: Lin, day: date) -> Told:
    """A brand to which everything up to a day was delivered, and nothing later."""
    brand = workshop.brand((settings.project_root() / "brands/qinglan.toml").read_text(encoding="utf-8"))
    days = (day - START).days + 1
    write_at_once(Home(brand.home), Parameters(customers=100, days=days, start=START, daily_files=0, dirt=0, lin=lin))
    land(brand)
    told = Told(brand, lin)
    told.build(day)
    return told


@pytest.mark.parametrize("lin", [Lin(), OTHER], ids=["Ms. Lin", "another, 17 days later"])
def test_she_becomes_one_customer_step_by_step(workshop: Workshop, lin: Lin) -> None:
    by_wechat = ("stg_wechat__event", "stg_store__appointment", "stg_store__interaction")
    eve = on_the_evening_of(workshop, lin, lin.oil_on - timedelta(days=1))
    (customer,) = set(eve.customers(eve.wechat).values())
    assert customer is not None
    assert set(eve.customers(eve.till).values()) == {None}, "nobody has asked for her number yet"
    before = eve.history(customer, *by_wechat)
    assert all(count > 0 for count in before.values()), before

    till = on_the_evening_of(workshop, lin, lin.oil_on)
    assert set(till.customers(till.wechat | till.till).values()) == {customer}, "number and card join, under one key"
    now = till.history(customer, *by_wechat, "stg_pos__order_line")
    assert all(now[name] >= count for name, count in before.items()), "all history is kept"
    assert now["stg_pos__order_line"] > 0
    assert customer not in till.customers(till.tmall).values()

    bound = on_the_evening_of(workshop, lin, lin.cross_sell_on)
    (whole,) = set(bound.customers(bound.wechat | bound.till | bound.tmall).values())
    assert bound.customers({"the key of before": customer}) == {"the key of before": whole}, "it still leads to her"
    members = "select count(*) from core.bridge_customer_identifier where customer_key = %(key)s and namespace = %(of)s"
    assert rows(bound.brand, members, {"key": whole, "of": "member_id"}) == [(1,)]
