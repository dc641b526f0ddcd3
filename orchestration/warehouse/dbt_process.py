"""The dbt command as this project starts it: a process that ends when its parent does.

Here: `touchstream-dbt`, which is `dbt` with a watch on its parent. Not here: which models are built when (builds.py).
A run that is killed frees its lock at once; a dbt left behind would go on writing tables beside the next run.
"""

from __future__ import annotations

import os
import threading
import time

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
    from dbt.cli.main import cli

    cli()


if __name__ == "__main__":
    main()
