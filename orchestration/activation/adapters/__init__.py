"""Adapters to destinations, one module each, and the table that names them.

A new destination is a module beside this one and its line below. Not here: what may be sent, when and again
(dispatcher.py, ledger.py).
"""

from __future__ import annotations

from orchestration.activation.adapters.interface import Adapter
from orchestration.activation.adapters.smtp import SmtpAdapter
from orchestration.activation.clock import Clock
from orchestration.brands import Brand

KINDS: dict[str, type[SmtpAdapter]] = {"smtp": SmtpAdapter}
"""The adapter of each `kind` a brand file may name."""


def adapters_of(brand: Brand, clock: Clock) -> dict[str, Adapter]:
    """An adapter for each destination of the brand's file, by destination. Opens nothing."""
    return {
        name: KINDS[item.kind](item, home=brand.home, clock=clock)
        for name, item in sorted(brand.file.destinations.items())
    }
