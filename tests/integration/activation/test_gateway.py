"""The mail server as a command: started, told to misbehave by a file, ended."""

from __future__ import annotations

import json
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration import settings
from simulator.smtp_gateway import read_faults


def test_the_command_says_where_it_listens_keeps_its_record_and_ends_when_told(tmp_path: Path) -> None:
    record, told = tmp_path / "gateway" / "accepted.jsonl", tmp_path / "faults.json"
    told.write_text(json.dumps([{"kind": "refuse", "pattern": "*@gone.example", "code": 550}]))
    command = [
        sys.executable,
        "-m",
        "simulator.smtp_gateway",
        "--port",
        "0",
        "--home",
        str(tmp_path),
        "--faults",
        str(told),
    ]
    process = subprocess.Popen(command, cwd=settings.project_root(), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ready, _, port = process.stdout.readline().strip().rpartition(":")
        assert ready == "smtp gateway ready on 127.0.0.1"
        with smtplib.SMTP("127.0.0.1", int(port)) as server:
            refused = server.sendmail(
                "a@b.example",
                ["x@gone.example", "y@here.example"],
                "Message-ID: <1@b.example>\r\nSubject: Hi\r\n\r\nHello",
            )
        assert refused == {"x@gone.example": (550, b"<x@gone.example> is not taken")}
        (entry,) = [json.loads(line) for line in record.read_text().splitlines()]
        assert (entry["message_id"], entry["recipient"], entry["subject"]) == ("<1@b.example>", "y@here.example", "Hi")
    finally:
        process.terminate()
    assert process.wait(timeout=20) == 0


def test_a_fault_of_no_known_kind_is_named(tmp_path: Path) -> None:
    told = tmp_path / "faults.json"
    told.write_text('[{"kind": "explode"}]')
    with pytest.raises(ValueError, match="'explode' is no kind of fault"):
        read_faults(told)
