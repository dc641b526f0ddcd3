"""What a row should have been, in words, for every reason of the quarantine.

Here: the other half of a reason. Not here: the verdict (judge.py), the value that stood there (replay.py, check.py).
"""

from __future__ import annotations

from orchestration.sources.contracts.model import Contract


def expected(contract: Contract, reason: str, field: str) -> str:
    """What the contract expects where a row has this reason and field; empty for a reason that is not known here."""
    if reason in ("malformed_row", "nul_byte", "duplicate_key", "event_in_future", "missing_identity"):
        return {
            "malformed_row": "as many columns as the heading has, or one JSON object",
            "nul_byte": "text without NUL bytes",
            "duplicate_key": f"one content for each {', '.join(contract.key)}",
            "event_in_future": "a moment that has been",
            "missing_identity": " or ".join(
                ", ".join(group) for group in contract.any_of if not field or group[0] == field
            ),
        }[reason]
    if not field:
        return ""
    item = contract.field(field)
    return {
        "missing_value": f"a value: {item.meaning}",
        "wrong_type": item.type.words,
        "not_allowed": f"one of {', '.join(item.allowed)}",
        "malformed_identifier": f"a {item.pii.namespace} that names one person, not masked",
    }.get(reason, "")
