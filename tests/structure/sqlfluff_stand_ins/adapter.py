"""Stand-in for dbt's `adapter` while sqlfluff reads a model: without an engine, a dispatched macro is its own name."""

from __future__ import annotations

from collections.abc import Callable


def dispatch(macro_name: str, macro_namespace: str = "") -> Callable[..., str]:
    """The engine's version of a macro, as far as the linter needs it: a function that renders as one name."""
    return lambda *_values, **_named: macro_name
