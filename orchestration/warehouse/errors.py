"""What goes wrong in this room, as one family of errors.

Here: error types whose message says what, where and what to do. Not here: catching them; the command line and
Dagster do that.
"""

from __future__ import annotations


class WarehouseError(RuntimeError):
    """Something about the database that a person has to know: the message says what happened and what to do."""
