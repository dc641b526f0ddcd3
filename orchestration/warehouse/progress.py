"""What is going on, told while it goes on.

Here: one logger that plain code speaks to. Not here: how it is shown; the CLI draws it, Dagster's runs leave it to
their own events.
"""

from __future__ import annotations

import logging

LOGGER_NAME = "touchstream.progress"


def say(stage: str, what: str) -> None:
    """Tell that `stage` is now at `what`."""
    logging.getLogger(LOGGER_NAME).info("%s: %s", stage, what, extra={"stage": stage, "what": what})
