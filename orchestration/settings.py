"""Where things are on this machine.

Here: paths and the environment variables that move them. Not here: what a brand is (brands.py), how the database is
reached (warehouse/). Nothing is read at import: every function reads the environment when it is called, so that tests
can move it.
"""

from __future__ import annotations

import os
from pathlib import Path


def project_root() -> Path:
    """The checkout that holds `dbt_project/`, `seeds/` and `brands/`."""
    return Path(__file__).resolve().parent.parent


def home() -> Path:
    """The folder for all that is made at run time: `TOUCHSTREAM_HOME`, else `.touchstream` in the checkout."""
    configured = os.environ.get("TOUCHSTREAM_HOME")
    return Path(configured).expanduser().resolve() if configured else project_root() / ".touchstream"


def brand_home(brand: str) -> Path:
    """The run-time folder of one brand: its drop folder, dbt target, Dagster home, documents."""
    return home() / "brands" / brand


def brands_folder() -> Path:
    """The folder of brand files: `TOUCHSTREAM_BRANDS`, else `brands/` in the checkout."""
    configured = os.environ.get("TOUCHSTREAM_BRANDS")
    return Path(configured).expanduser().resolve() if configured else project_root() / "brands"


def own_connectors_folder() -> Path:
    """The folder of the connectors that this deployment wrote itself: `TOUCHSTREAM_CONNECTORS`, else the checkout's."""
    configured = os.environ.get("TOUCHSTREAM_CONNECTORS")
    if configured:
        return Path(configured).expanduser().resolve()
    return project_root() / "orchestration" / "sources" / "connectors" / "own"


def own_connectors() -> list[str]:
    """The own connectors there are modules for, as a brand file names them: `own.<module>`."""
    modules = (path.stem for path in own_connectors_folder().glob("[a-z]*.py"))
    return sorted(f"own.{module}" for module in modules if not module.startswith("test_"))


def secrets_folder() -> Path:
    """The folder of keys, outside any checkout: `TOUCHSTREAM_SECRETS`, else `~/.config/touchstream`."""
    configured = os.environ.get("TOUCHSTREAM_SECRETS")
    if configured:
        return Path(configured).expanduser().resolve()
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser().resolve() / "touchstream"


def external_database_url() -> str | None:
    """The URL of a PostgreSQL server not ours to start (`TOUCHSTREAM_DATABASE_URL`); None for the embedded one."""
    return os.environ.get("TOUCHSTREAM_DATABASE_URL") or None
