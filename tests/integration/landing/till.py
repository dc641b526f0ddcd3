"""A small brand's sources and the lines of its till."""

from __future__ import annotations

SOURCES = """
[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*"
[sources.till.columns]
order_id = "receipt"
sales_amount = "paid"
[sources.members]
connector = "files"
contract = "crm.member"
path = "members/*"
[sources.consents]
connector = "files"
contract = "crm.consent"
path = "consents/*"
"""
HEADING = "receipt,order_line_id,ordered_at,store_id,product_id,quantity,paid\n"


def line(
    receipt: object, number: object = 1, at: str = "2024-03-01 10:00:00", quantity: object = 1, paid: object = "1.00"
) -> str:
    return f"{receipt},{number},{at},s1,p1,{quantity},{paid}\n"
