"""The dbt command as this project starts it: a process that ends when its parent does.

Here: `touchstream-dbt`, which is `dbt` with a watch on its parent and, where that names one, a manifest it need not
parse. Not here: which models are built when (builds.py). A run that is killed frees its lock at once; a dbt left behind
would go on writing tables beside the next run.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from pathlib import Path
from typing import Any

MANIFEST = "TOUCHSTREAM_DBT_MANIFEST"
"""Environment variable: the file of a parsed manifest to work with."""

POLL_SECONDS = 0.2
ORPHANED = 113
"""Exit code of a dbt whose parent went away."""


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(ORPHANED)


def main() -> None:
    """Run dbt's own command line; end at once when the parent process has gone."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    # A manifest is a hundred thousand objects that stay: Python's usual thresholds walk them all, again and again.
    gc.set_threshold(20_000, 50, 100)
    from dbt.cli.main import cli

    cli(obj=_objects())


def _objects() -> dict[str, Any]:
    """What dbt is given to begin with: the parsed manifest, as its own programmatic runner would give it."""
    path = os.environ.get(MANIFEST)
    if path is None:
        return {}
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest.from_msgpack(Path(path).read_bytes())
    manifest.build_flat_graph()
    return {"manifest": manifest}


if __name__ == "__main__":
    main()
