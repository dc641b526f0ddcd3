"""Consent as it lands: it counts from the commit that lands it, and names somebody or is broken."""

from __future__ import annotations

import pytest

from orchestration.brands import Brand
from orchestration.sources.landing import land
from tests.integration.landing.till import SOURCES
from tests.workshop import Workshop, rows, write


@pytest.fixture
def brand(workshop: Workshop) -> Brand:
    return workshop.brand(SOURCES)


def test_an_opt_out_counts_from_the_commit_that_lands_it(brand: Brand) -> None:
    text = "member_id,email,channel,purpose,is_granted,changed_at\n"
    write(
        brand,
        "consents/a.csv",
        text + "7,a@b.example,email,marketing,true,2024-01-01 00:00:00\n7,,all,all,no,2024-02-01 00:00:00\n",
    )
    land.land(brand)
    assert rows(
        brand, "select channel, purpose, is_suppressed, count(*) from ops.suppression group by 1, 2, 3 order by 1"
    ) == [
        ("all", "all", True, 1),
        ("email", "marketing", False, 2),
    ]


def test_who_is_known_only_in_wechat_gives_and_withdraws_consent(brand: Brand) -> None:
    text = "app_id,openid,channel,purpose,is_granted,changed_at\n"
    write(
        brand,
        "consents/a.csv",
        text + "wx1,oLin,wechat,marketing,true,2024-01-01 00:00:00\nwx2,oLin,all,all,no,2024-02-01 00:00:00\n"
        ",oWu,wechat,marketing,no,2024-02-01 00:00:00\n",
    )
    (result,) = land.land(brand)
    assert (result.accepted, result.quarantined) == (2, 1), "an openid is nobody's without its app"
    assert rows(
        brand,
        "select con.app_id, sup.channel, sup.is_suppressed from ops.suppression as sup "
        "inner join raw.raw_crm__consent as con on con.openid_key = sup.identifier_key order by con.app_id",
    ) == [("wx1", "wechat", False), ("wx2", "all", True)]


def test_a_consent_that_names_nobody_readable_is_broken(brand: Brand) -> None:
    text = "member_id,email,channel,purpose,is_granted,changed_at\n"
    write(
        brand,
        "consents/a.csv",
        text + ",nobody,email,marketing,no,2024-02-01 00:00:00\n,,email,marketing,no,2024-02-02 00:00:00\n",
    )
    (result,) = land.land(brand)
    assert result.quarantined == 2
    assert rows(brand, "select reason from quarantine.row order by row_number") == [
        ("malformed_identifier",),
        ("missing_identity",),
    ]
    assert rows(brand, "select * from quarantine.value") == []
