"""What a model was asked for and cannot give.

Here: error types whose message says what, where and what to do. Not here: faults of the database (warehouse/errors.py).
"""

from __future__ import annotations


class ModelingError(RuntimeError):
    """A model cannot run as things are: the message says why and what would help. Nothing was changed."""
