"""Names like a wrong one, for a message that says what was perhaps meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], *, count: int = 5) -> list[str]:
    """Of the known names those most like the word, best first; none where nothing is like it."""
    by_fold = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_fold, n=count, cutoff=0.5)
    within = sorted(fold for fold in by_fold if word.lower() in fold) if len(word) > 2 else []
    return [by_fold[fold] for fold in dict.fromkeys([*near, *within])][:count]
