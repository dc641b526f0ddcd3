"""`touchstream dev` on a small brand: its process, and what its API is asked.

Here: the brand, the server with its daemon, GraphQL. Not here: what must be true of it (the tests).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

from orchestration import settings
from orchestration.brands import Brand
from tests.workshop import Workshop, write

SOURCES = """
[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*.csv"
[sources.members]
connector = "files"
contract = "crm.member"
path = "members/*.csv"
[sources.products]
connector = "sql"
contract = "catalogue.product"
every = "1m"
sql = { url_env = "CATALOGUE_URL", table = "product", key = ["product_id"] }
[sources.events]
connector = "push"
contract = "web.event"
push = { secret_env = "EVENTS_SECRET" }
[destinations.email]
kind = "smtp"
host = "127.0.0.1"
port = 2525
from_address = "a@shop.example"
"""
START_SECONDS = 180
RUN_SECONDS = 300


def fill(brand: Brand) -> None:
    lines = ["order_id,order_line_id,ordered_at,store_id,member_id,product_id,quantity,sales_amount"]
    for member in range(12):
        lines += [
            f"{member}-{n},1,2024-{n:02d}-0{1 + member % 7} 10:00:00,s{member % 2},m{member},p{n % 3},1,9.90"
            for n in range(1, 10)
        ]
    write(brand, "till/a.csv", "\n".join(lines) + "\n")
    write(brand, "members/a.csv", "member_id,email\n" + "".join(f"m{n},m{n}@shop.example\n" for n in range(12)))


def catalogue(workshop: Workshop, *products: str) -> str:
    """Products put into the brand's own catalogue, a database of its own; its address."""
    path = workshop.folder / "catalogue.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table if not exists product (product_id, product_name)")
        database.executemany("insert into product values (?, ?)", [(name, f"The {name}") for name in products])
        database.commit()
    return f"sqlite:///{path}"


class Served:
    """The web server and daemon of `touchstream dev`, in a process session of their own, ended afterwards."""

    def __init__(self, workshop: Workshop, brand: Brand, **more: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.log = Path(workshop.folder) / "dev.log"
        with self.log.open("w", encoding="utf-8") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "orchestration.cli", "--brand", brand.name, "dev", "--port", str(self.port)],
                cwd=settings.project_root(),
                env={**os.environ, **workshop.environment, **more},
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                start_new_session=True,
            )

    def __enter__(self) -> str:
        url = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{url}/server_info", timeout=5):
                    return url
            except OSError:
                time.sleep(0.5)
        raise AssertionError(self.log.read_text(encoding="utf-8")[-4000:])

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=10)


def ask(url: str, query: str, **variables: Any) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        told = json.loads(answer.read())
    assert "errors" not in told, told
    return told["data"]


def launch(url: str, job: str, day: str | None) -> str:
    tags = [{"key": "dagster/partition", "value": day}] if day else []
    mutation = """
        mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
            __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
            ... on RunConfigValidationInvalid { errors { message } } } }
    """
    params = {
        "selector": {**repository(url), "jobName": job},
        "runConfigData": "{}",
        "mode": "default",
        "executionMetadata": {"tags": tags},
    }
    told = ask(url, mutation, params=params)["launchRun"]
    assert told["__typename"] == "LaunchRunSuccess", told
    return str(told["run"]["runId"])


def finish(url: str, run_id: str) -> str:
    query = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        status = str(ask(url, query, id=run_id)["runOrError"]["status"])
        if status in ("SUCCESS", "FAILURE", "CANCELED"):
            return status
        time.sleep(1)
    raise AssertionError(f"run {run_id} goes on after {RUN_SECONDS} s")


def repository(url: str) -> dict[str, str]:
    """What the API calls the brand's code."""
    query = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"
    (found,) = ask(url, query)["repositoriesOrError"]["nodes"]
    return {"repositoryName": found["name"], "repositoryLocationName": found["location"]["name"]}


def switch_on(url: str, sensor: str) -> None:
    """Let the daemon ask a sensor, as its switch in the UI does."""
    mutation = """
        mutation($sensor: SensorSelector!) { startSensor(sensorSelector: $sensor) {
            __typename ... on PythonError { message } } }
    """
    told = ask(url, mutation, sensor={**repository(url), "sensorName": sensor})["startSensor"]
    assert told["__typename"] == "Sensor", told


def asked_by(url: str, sensor: str) -> list[tuple[str, str]]:
    """The runs a sensor asked for: job and id."""
    query = """
        query($filter: RunsFilter!) { runsOrError(filter: $filter) { ... on Runs { results { id jobName } } } }
    """
    tags = [{"key": "touchstream/asked_by", "value": sensor}]
    return [(run["jobName"], run["id"]) for run in ask(url, query, filter={"tags": tags})["runsOrError"]["results"]]


def failures(url: str, run_id: str) -> list[Any]:
    query = """
        query($id: ID!) { logsForRun(runId: $id) { ... on EventConnection { events {
            ... on ExecutionStepFailureEvent { stepKey error { message cause { message } } }
            ... on AssetCheckEvaluationEvent { evaluation { success checkName description } } } } } }
    """
    events = ask(url, query, id=run_id)["logsForRun"]["events"]
    return [item for item in events if "error" in item or not item.get("evaluation", {"success": True})["success"]]
