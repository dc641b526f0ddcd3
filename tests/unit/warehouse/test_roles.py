"""Who may read which schemas."""

from __future__ import annotations

import pytest

from orchestration.warehouse import roles
from orchestration.warehouse.errors import WarehouseError


def test_clear_personal_data_is_open_to_support_alone() -> None:
    assert [role for role, schemas in roles.READABLE.items() if "vault" in schemas] == ["support"]


def test_dashboards_see_what_was_made_for_them_and_no_more() -> None:
    assert set(roles.READABLE["bi"]) == {"bi"}


def test_the_longest_brand_name_gives_role_names_the_server_does_not_cut() -> None:
    assert max(len(name) for name in roles.names_of("b" * 31)) <= 63


def test_a_role_that_does_not_exist_is_refused() -> None:
    with pytest.raises(WarehouseError, match="there are bi, reader, support"):
        roles.name_of("demo", "admin")
