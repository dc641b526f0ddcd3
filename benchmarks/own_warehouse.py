"""A warehouse of a benchmark's own: a home, a server and one brand, gone afterwards.

Here: where they lie. Not here: what is measured on them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration import brands
from orchestration.brands import Brand
from orchestration.warehouse import connect, server


@contextmanager
def opened(brand_file: str) -> Iterator[tuple[Brand, Path]]:
    """A prepared brand of this text, and a folder that the server may read."""
    folder = Path(tempfile.mkdtemp(prefix="touchstream-bench-"))
    folder.chmod(0o755)
    os.environ |= {
        "TOUCHSTREAM_HOME": str(folder / "home"),
        "TOUCHSTREAM_BRANDS": str(folder / "brands"),
        "TOUCHSTREAM_SECRETS": str(folder / "secrets"),
    }
    os.environ.pop("TOUCHSTREAM_DATABASE_URL", None)  # what is measured is this machine's own server
    try:
        (folder / "brands").mkdir()
        (folder / "brands/bench.toml").write_text(brand_file, encoding="utf-8")
        brand = brands.load("bench")
        connect.ensure_brand(brand.name)
        yield brand, folder
    finally:
        server.destroy()
        shutil.rmtree(folder, ignore_errors=True)
