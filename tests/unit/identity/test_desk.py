"""What Python and dbt must mean by the same words."""

from __future__ import annotations

import yaml

from orchestration import settings
from orchestration.identity.desk import SHORT, UNDATED, UNIDENTIFIED, Name
from orchestration.identity.impact import BUCKETS
from orchestration.identity.names import SHORTEST
from orchestration.sources.tokens import TOKEN_HEX_DIGITS


def test_the_undated_day_and_the_unidentified_customer_are_dbts_own() -> None:
    told = yaml.safe_load((settings.project_root() / "dbt_project" / "dbt_project.yml").read_text())["vars"]
    assert (told["undated_at"], told["unidentified_customer_key"]) == (str(UNDATED), UNIDENTIFIED)


def test_a_name_is_clear_where_it_may_be_and_what_is_shown_otherwise_can_be_given_back() -> None:
    token = "0123456789abcdef" * 2
    assert str(Name(token, "phone", "+8613917001234")) == "phone +8613917001234"
    assert str(Name(token, "phone")) == "phone 0123456789ab…"
    assert SHORTEST <= SHORT < TOKEN_HEX_DIGITS


def test_every_size_is_in_one_bucket() -> None:
    for size in (*range(1, 100), 10_000):
        assert sum(low <= size and (high is None or size <= high) for low, high in BUCKETS) == 1
