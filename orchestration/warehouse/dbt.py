"""How dbt is told about a brand: environment, variables, paths, manifest.

Here: everything a dbt invocation needs to know. Not here: whether one is needed and what it did (builds.py), what the
models say (dbt_project/).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from orchestration import settings
from orchestration.brands import Brand
from orchestration.warehouse.connect import connection_parts
from orchestration.warehouse.dbt_process import MANIFEST
from orchestration.warehouse.errors import WarehouseError

FOUNDATION = "config.schema:staging config.schema:identity config.schema:core config.schema:features"
"""What stands before scores: references, staging, identity, core, features."""

SERVING = "config.schema:marts config.schema:activation config.schema:bi"
"""What stands after scores: marts, activation, views for BI."""

SESSION = "-c synchronous_commit=off -c client_connection_check_interval=500ms -c timezone=UTC"
"""dbt's tables can be built again, so its commits need not wait for the disk; a dead client's statement must not run
on."""

CODE_FOLDERS = ("dbt_project", "seeds", "orchestration/warehouse/migrations", "orchestration/sources/contracts")
_NOT_CODE = {"target", "logs", "__pycache__"}


def project_dir() -> Path:
    """The dbt project."""
    return settings.project_root() / "dbt_project"


def executable() -> Path:
    """The dbt command of this environment (dbt_process.py)."""
    return Path(sys.executable).parent / "touchstream-dbt"


def target_path(brand: Brand) -> Path:
    """dbt's target folder, one per brand."""
    return brand.home / "target"


def code_fingerprint() -> str:
    """Hash of everything in the repository that a build's result depends on."""
    digest = hashlib.sha256()
    for folder in CODE_FOLDERS:
        root = settings.project_root() / folder
        for path in sorted(root.rglob("*")):
            if path.is_file() and not _NOT_CODE.intersection(path.relative_to(root).parts):
                digest.update(path.relative_to(settings.project_root()).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update((settings.project_root() / "requirements.lock").read_bytes())  # another dbt may build otherwise
    return digest.hexdigest()


def variables(brand: Brand, *, as_of: date, known_at: datetime) -> dict[str, str]:
    """The variables every model may read."""
    return {
        "brand": brand.name,
        "time_zone": brand.file.time_zone,
        "currency": brand.file.currency,
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat(),
    }


def build_arguments(
    brand: Brand, *, as_of: date, known_at: datetime, more: Mapping[str, str] | None = None
) -> list[str]:
    """`dbt build` as this project runs it, without the selection; `more` are variables of this build alone.

    A test between two phases runs with the later one. Unit tests judge code, not data: they run with the tests of the
    project.
    """
    told = json.dumps(variables(brand, as_of=as_of, known_at=known_at) | dict(more or {}))
    return ["build", "--indirect-selection", "buildable", "--exclude-resource-type", "unit_test", "--vars", told]


def environment(brand: Brand) -> dict[str, str]:
    """The environment of a dbt process for this brand: where the warehouse is, where its products go, telemetry off."""
    parts = connection_parts(brand.name)
    options = f"{parts.parameters.get('options', '')} {SESSION}".strip()
    return {
        "TOUCHSTREAM_PG_HOST": parts.host,
        "TOUCHSTREAM_PG_PORT": str(parts.port),
        "TOUCHSTREAM_PG_USER": parts.user,
        "TOUCHSTREAM_PG_PASSWORD": parts.password or "",
        "TOUCHSTREAM_PG_DBNAME": parts.dbname,
        "PGOPTIONS": options,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def build_environment(brand: Brand) -> dict[str, str]:
    """`environment`, and the manifest that `prepare_manifest` made.

    Left to itself dbt would parse the whole project again because `as_of` moved, on which no ref and no setting
    depends.
    """
    return environment(brand) | {MANIFEST: str(parsed_path(brand))}


@contextmanager
def in_environment(more: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the processes started within; the old values come back."""
    before = {name: os.environ.get(name) for name in more}
    os.environ.update(more)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def invoke(
    brand: Brand, arguments: list[str], *, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one dbt command for the brand and give its result; the caller looks at the return code."""
    command = [str(executable()), "--no-use-colors", *arguments]
    command += [
        "--project-dir",
        str(project_dir()),
        "--profiles-dir",
        str(project_dir()),
        "--target-path",
        str(target_path(brand)),
    ]
    command += ["--log-path", str(brand.home / "logs")]
    return subprocess.run(
        command, env={**os.environ, **environment(brand), **(more or {})}, capture_output=True, text=True, check=False
    )


def parsed_path(brand: Brand) -> Path:
    """The prepared manifest in the form that dbt reads back; dbt itself writes its like elsewhere."""
    return target_path(brand) / "manifest.msgpack"


def prepare_manifest(brand: Brand) -> Path:
    """dbt's manifest for the brand, parsed anew when the project changed; asks no database.

    A copy of what parsing made: every dbt writes `manifest.json` anew, and one that is killed leaves half of it.
    WarehouseError holds what dbt says.
    """
    manifest, parsed = target_path(brand) / "manifest.parsed.json", parsed_path(brand)
    stamp = target_path(brand) / "manifest.code"
    wanted = code_fingerprint()
    if all(path.is_file() for path in (manifest, parsed, stamp)) and stamp.read_text(encoding="ascii") == wanted:
        return manifest
    stamp.unlink(missing_ok=True)
    target_path(brand).mkdir(parents=True, exist_ok=True)
    told = {"brand": brand.name, "time_zone": brand.file.time_zone, "currency": brand.file.currency}
    result = invoke(brand, ["parse", "--vars", json.dumps(told)])
    if result.returncode != 0:
        raise WarehouseError(f"dbt cannot parse the project:\n{result.stdout[-4000:]}{result.stderr[-2000:]}")
    shutil.copyfile(target_path(brand) / "manifest.json", manifest)
    shutil.copyfile(target_path(brand) / "partial_parse.msgpack", parsed)
    stamp.write_text(wanted, encoding="ascii")
    return manifest
