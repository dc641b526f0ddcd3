"""What goes wrong in this room, as one family of errors.

Here: error types whose message says what, where and what to do, and names no address. Not here: what a destination
answered to one message (that is an outcome, adapters/interface.py).
"""

from __future__ import annotations


class ActivationError(RuntimeError):
    """Something a person has to settle before anything can be planned or sent."""


class PlanRefused(ActivationError):
    """The contact plan may not become intents.

    It is stale, of another day, or the ledger has moved since it was made.
    """


class GateClosed(ActivationError):
    """The newest build may not be sent from. The message names the build, the gate and what to do."""


class ContentError(ActivationError):
    """A template is missing, or names something the campaign does not give."""


class ReconcileUnavailable(ActivationError):
    """The record of what the destination took cannot be read, so absence from it proves nothing."""
