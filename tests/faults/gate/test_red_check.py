"""A red check keeps mail in, however the sync is started, and lets it out once when it is mended."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration import settings
from orchestration.brands import Brand
from orchestration.defs.instance import prepare
from tests.workshop import Workshop, rows, write

SHOP = """
[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*.csv"
[sources.members]
connector = "files"
contract = "crm.member"
path = "members/*.csv"
[sources.consents]
connector = "files"
contract = "crm.consent"
path = "consents/*.csv"
[destinations.email]
kind = "smtp"
port = {port}
from_address = "shop@shop.example"
delivery = "live"
lease_seconds = 2
settle_seconds = 0.3
accepted_log = "gateway/accepted.jsonl"
"""
MEMBERS = 12
TILL = "order_id,order_line_id,ordered_at,store_id,member_id,product_id,quantity,sales_amount\n"


def fill(brand: Brand) -> None:
    """Members who came every ten days until June, and one stranger's purchase in December that moves the clock."""
    lines = [TILL]
    for member in range(MEMBERS):
        lines += [
            f"{member}-{n}-{day},1,2024-{n:02d}-{day:02d} 12:00,s,m{member},p,1,9.90\n"
            for n in range(1, 7)
            for day in (3, 13, 23)
        ]
    lines.append("last,1,2024-12-01 12:00,s,,p,1,9.90\n")
    write(brand, "till/year.csv", "".join(lines))
    write(brand, "members/a.csv", "member_id,email\n" + "".join(f"m{n},m{n}@shop.example\n" for n in range(MEMBERS)))
    said = "".join(f"m{n}@shop.example,email,marketing,true,2024-01-01 00:00\n" for n in range(MEMBERS))
    write(brand, "consents/a.csv", "email,channel,purpose,is_granted,changed_at\n" + said)


def receipts(brand: Brand, name: str, amount: str) -> None:
    lines = [f"{name}-{n},1,2024-12-01 13:00,s,x{n},p,1,{amount}\n" for n in range(40)]
    write(brand, f"till/{name}.csv", TILL + "".join(lines))


@pytest.fixture
def shop(workshop: Workshop) -> Iterator[Brand]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    brand = workshop.brand(SHOP.format(port=port))
    fill(brand)
    record = brand.home / "gateway/accepted.jsonl"
    record.parent.mkdir(parents=True)
    record.touch()
    gateway = subprocess.Popen(
        [sys.executable, "-m", "simulator.smtp_gateway", "--port", str(port), "--record", str(record)],
        cwd=settings.project_root(),
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield brand
    gateway.terminate()
    gateway.wait(timeout=10)


def mail(brand: Brand) -> list[str]:
    text = (brand.home / "gateway/accepted.jsonl").read_text(encoding="utf-8")
    return sorted(json.loads(line)["recipient"] for line in text.splitlines())


def run(workshop: Workshop, brand: Brand, **more: str) -> subprocess.CompletedProcess[str]:
    return workshop.python("-m", "orchestration.cli", "--brand", brand.name, "run", "--live", **more)


def sync_by_hand(workshop: Workshop, brand: Brand) -> subprocess.CompletedProcess[str]:
    """The sync asset alone, by Dagster's own command, in a new process."""
    program = Path(sys.executable).parent / "dagster"
    command = [str(program), "asset", "materialize", "-m", "orchestration.definitions", "--select", "key:sync/email"]
    return subprocess.run(
        [*command, "--partition", "2024-12-01"],
        cwd=settings.project_root(),
        env={**os.environ, **workshop.environment, **prepare(brand), "TOUCHSTREAM_DELIVERY": "live"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_red_check_holds_planned_mail_however_the_sync_is_started(workshop: Workshop, shop: Brand) -> None:
    killed = run(workshop, shop, TOUCHSTREAM_FAILPOINT="planning.after_commit:kill")
    assert killed.returncode == -9, killed.stdout + killed.stderr
    assert rows(shop, "select count(*) from ops.operation where state = 'pending'") == [(MEMBERS,)]

    receipts(shop, "till_gone_mad", "99999.00")
    red = run(workshop, shop)
    assert red.returncode == 4, red.stdout + red.stderr
    assert mail(shop) == []

    by_hand = sync_by_hand(workshop, shop)
    assert by_hand.returncode != 0
    assert "GateClosed" in by_hand.stdout + by_hand.stderr
    assert mail(shop) == []
    assert rows(shop, "select distinct state from ops.operation") == [("pending",)]

    receipts(shop, "till_gone_mad", "9.90")  # the same receipts again, put right
    mended = run(workshop, shop)
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert mail(shop) == sorted(f"m{n}@shop.example" for n in range(MEMBERS))
    again = sync_by_hand(workshop, shop)
    assert again.returncode == 0, again.stdout + again.stderr
    assert len(mail(shop)) == MEMBERS
