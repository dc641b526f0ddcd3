"""Which columns a fingerprint leaves out: the list is short, and this is all of it."""

from __future__ import annotations

import pytest

from orchestration.warehouse.fingerprint import (
    AUDIT_COLUMNS,
    AUDIT_COLUMNS_OF,
    NOTES_OF_THE_LEDGER,
    is_audit_column,
)


def test_the_list_is_this_and_no_longer() -> None:
    assert {"recorded_at", "build_id", "run_id", "op_id", "decision_id"} == AUDIT_COLUMNS
    sending = {"batch_id", "attempts", "next_at", "sent_at", "acked_at", "valid_until", "provider_id", "error_text"}
    assert {"ops.operation": sending} == AUDIT_COLUMNS_OF
    assert {
        "activation.act_past_message",
        "activation.act_gate_reachable",
        "activation.act_candidate_channel",
    } == NOTES_OF_THE_LEDGER


@pytest.mark.parametrize("column", ["_batch_id", "_loaded_at", "recorded_at", "run_id"])
def test_columns_of_the_run_are_left_out_everywhere(column: str) -> None:
    assert is_audit_column("core.fct_order", column)


@pytest.mark.parametrize("column", ["order_id", "sent_at", "batch_id", "customer_key", "ordered_at"])
def test_what_happened_in_the_business_counts(column: str) -> None:
    assert not is_audit_column("core.fct_event", column)


@pytest.mark.parametrize("column", ["state", "outcome", "identifier_key", "occasion_key", "business_at", "as_of"])
def test_what_was_decided_and_became_of_it_counts_in_the_ledger(column: str) -> None:
    assert not is_audit_column("ops.operation", column)
