"""What a person asked for and cannot have, as one family of errors.

Here: error types whose message says what, where and what to do. Not here: faults of the database (warehouse/errors.py).
"""

from __future__ import annotations


class IdentityError(RuntimeError):
    """Something asked about identity makes no sense as asked: the message says why and what would. Nothing was done."""


class NameProblem(IdentityError):
    """An identifier that is no identifier, was never seen, or could be several."""


class DecisionRefused(IdentityError):
    """A decision that could change nothing, or was made already."""
