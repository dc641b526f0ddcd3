"""Her purchases: at the till, at Tmall, in the mini-program; and the messages that two of them answer.

Here: rows by step. Not here: how she became a member (steps.py).
"""

from __future__ import annotations

from datetime import date

from simulator.brand.lin.telling import Teller, local, moment
from simulator.brand.lin_story import LaterPurchase
from simulator.brand.parameters import DAY_SECONDS

Row = dict[str, str | int | bool | None]
LINK = "l-lin-set"
CROSS_SELL, COUPON, REMINDER = "C-oil-cross-sell", "C-returning", "C-points-reminder"
SET_PAID_TIER_YUAN = 2000


def till(teller: Teller, at: int, store: str, product: str, yuan: int) -> str:
    """One receipt of one line; gives its number."""
    order = f"POS-LIN-{local(at)[:10].replace('-', '')[2:]}"
    row: Row = {
        "receipt_no": order,
        "line_no": "1",
        "closed_at": local(at),
        "store": store,
        "member_no": teller.lin.member_id,
        "sku": product,
        "qty": "1",
        "paid": f"{yuan}.00",
        "reduced": "0.00",
        "cashier": "S002",
    }
    teller.put("till_receipts", at, row)
    return order


def tmall(teller: Teller, at: int, lines: list[tuple[str, int, int]], *, link: str | None, coupon: str | None) -> str:
    """One trade; lines are product, list price and price paid in yuan. Sent the next day, done after a week."""
    lin = teller.lin
    order = f"4172099{local(at)[:10].replace('-', '')}0001"
    paid, full = sum(line[2] for line in lines), sum(line[1] for line in lines)
    ships, ends = at + 20 * 3600, at + 8 * DAY_SECONDS
    for state, when in (("WAIT_SELLER_SEND_GOODS", at), ("WAIT_BUYER_CONFIRM_GOODS", ships), ("TRADE_FINISHED", ends)):
        row: Row = {
            "tid": order,
            "ouid": lin.ouid,
            "omid": lin.omid,
            "status": state,
            "created": local(at),
            "pay_time": local(at + 60),
            "consign_time": local(ships) if when >= ships else None,
            "end_time": local(ends) if when >= ends else None,
            "payment": f"{paid}.00",
            "post_fee": "0.00",
            "discount_fee": f"{full - paid}.00",
            "coupon_number": coupon,
            "track_id": link,
            "receiver_name": "林**",
            "receiver_mobile": f"{lin.phone[:3]}****{lin.phone[-4:]}",
            "receiver_state": "上海",
            "receiver_city": "上海",
        }
        teller.put("tmall_orders", when, row, state_of=order)
    _items(teller, order, at, lines)
    _parcel(teller, order, ships)
    teller.points(at, paid, order)
    return order


def _items(teller: Teller, order: str, at: int, lines: list[tuple[str, int, int]]) -> None:
    for number, (product, list_yuan, paid_yuan) in enumerate(lines):
        item: Row = {
            "oid": f"{order}{number + 1}",
            "tid": order,
            "outer_sku_id": product,
            "num": "1",
            "total_fee": f"{list_yuan}.00",
            "discount_fee": f"{list_yuan - paid_yuan}.00",
            "divide_order_fee": f"{paid_yuan}.00",
            "refund_status": "NO_REFUND",
            "is_gift": "true" if paid_yuan == 0 else "false",
        }
        teller.put("tmall_order_items", at, item)


def _parcel(teller: Teller, order: str, ships: int) -> None:
    for status, when in (("shipped", ships), ("delivered", ships + 30 * 3600)):
        row: Row = {
            "waybill": f"SF-{order}",
            "order_no": order,
            "carrier": "顺丰",
            "status": status,
            "shipped_at": local(ships),
            "promised_at": local(ships + 3 * DAY_SECONDS),
            "signed_at": local(when) if status == "delivered" else None,
        }
        teller.put("shop_shipments", when, row, state_of=order)


def _sms(teller: Teller, day: date, number: str, campaign: str, content: str) -> int:
    at = moment(day, "10:30")
    row: Row = {"biz_id": f"lin-sms-{number}", "out_id": f"out-lin-{number}", "phone_number": teller.lin.phone}
    sent: Row = {"send_time": local(at), "sign_name": "青岚", "template_code": f"SMS_{content}", "campaign": campaign}
    teller.put("sms_sends", at, {**row, **sent, "content_key": content, "purpose": "marketing", "sms_size": "1"})
    report: Row = {"success": True, "send_time": local(at), "report_time": local(at + 6), "err_code": "DELIVERED"}
    teller.put("sms_receipts", at + 6, {**row, **report, "sms_size": "1"})
    return at


def cross_sold(teller: Teller) -> None:
    """The SMS: the oil comes as a set now, with a small cleanser as a gift."""
    _sms(teller, teller.lin.cross_sell_on, "1", CROSS_SELL, "oil_set")


def bought_set(teller: Teller, *, is_by_brand: bool) -> None:
    """She follows the link, binds her Tmall name, buys the set. Who sent the message numbers the click."""
    lin = teller.lin
    clicks = moment(lin.cross_sell_on, "12:05")
    if is_by_brand:
        click: Row = {"click_no": "sc-lin-1", "short_code": LINK, "click_time": local(clicks), "phone": lin.phone}
        teller.put("sms_clicks", clicks, {**click, "biz_id": "lin-sms-1", "campaign": CROSS_SELL})
    evening = moment(lin.cross_sell_on, "20:15")
    binds: Row = {"seller_id": "9000123", "ouid": lin.ouid, "omid": lin.omid, "member_no": lin.member_id}
    binds |= {"mobile": lin.phone, "bind_status": "bind", "bind_time": local(evening - 300)}
    teller.put("tmall_bindings", evening - 300, binds)
    buyer: Row = {
        "ouid": lin.ouid,
        "omid": lin.omid,
        "buyer_nick": "林**",
        "grade": "店铺客户",
        "state": "上海",
        "city": "上海",
    }
    teller.put("tmall_buyers", evening, {**buyer, "mobile": "192****0001", "first_trade_time": local(evening)})
    gift = (lin.mini_product_id, 58, 0)
    link = LINK if is_by_brand else None
    tmall(teller, evening, [(lin.set_product_id, lin.set_yuan, lin.set_yuan), gift], link=link, coupon=None)


def given_coupon(teller: Teller) -> None:
    """The coupon for those who stayed away, in Tmall."""
    _coupon(teller, moment(teller.lin.coupon_on, "10:00"), used_at=None)


def _coupon(teller: Teller, at: int, *, used_at: int | None) -> None:
    lin = teller.lin
    given = moment(lin.coupon_on, "10:00")
    row: Row = {
        "coupon_number": "CP-LIN-1",
        "coupon_id": "TC-returning",
        "ouid": lin.ouid,
        "omid": lin.omid,
        "send_time": local(given),
        "end_time": local(given + 30 * DAY_SECONDS),
        "use_time": None if used_at is None else local(used_at),
        "tid": None if used_at is None else f"4172099{local(used_at)[:10].replace('-', '')}0001",
        "discount": f"{lin.coupon_yuan}.00",
        "threshold": f"{lin.coupon_threshold_yuan}.00",
        "campaign": COUPON,
    }
    teller.put("tmall_coupons", at, row, state_of="1")


def bought_eye_cream(teller: Teller, *, is_by_brand: bool) -> None:
    """The featured eye cream with the coupon: Silver."""
    lin = teller.lin
    at = moment(lin.coupon_on, "21:00")
    paid = lin.eye_list_yuan - lin.coupon_yuan
    coupon = "CP-LIN-1" if is_by_brand else None
    tmall(teller, at, [(lin.eye_product_id, lin.eye_list_yuan, paid)], link=None, coupon=coupon)
    if is_by_brand:
        _coupon(teller, at, used_at=at)
    spend = lin.oil_yuan + lin.set_yuan + paid
    if spend >= SET_PAID_TIER_YUAN:
        teller.tier(at, "Silver", "Bronze", spend)


def bought_later(teller: Teller, item: LaterPurchase) -> None:
    """One of the purchases afterwards, on- or offline."""
    at = moment(item.on, "19:20")
    if item.channel == "tmall":
        tmall(teller, at, [(item.product_id, item.yuan, item.yuan)], link=None, coupon=None)
        return
    if item.channel == "store":
        order = till(teller, at, teller.lin.store_id, item.product_id, item.yuan)
        shown: Row = {"scan_no": f"ID-{order}", "shown_at": local(at - 60), "store": teller.lin.store_id}
        shown |= {"receipt_no": order, "means": "member_qr", "member_no": teller.lin.member_id, "cashier": "S002"}
        named: Row = {"appid": "wx9c1a0000qinglan1", "openid": teller.lin.openid}
        teller.put("till_identifications", at - 60, {**shown, **named})
    else:
        order = _mini_order(teller, at, item)
    teller.points(at, item.yuan, order)


def _mini_order(teller: Teller, at: int, item: LaterPurchase) -> str:
    lin = teller.lin
    order = f"WS-LIN-{local(at)[:10].replace('-', '')[2:]}"
    teller.mini(at - 200, f"{order}-1", "view_item", sku=item.product_id, member_no=lin.member_id)
    teller.mini(at, f"{order}-2", "purchase", order_no=order, amount=item.yuan, member_no=lin.member_id)
    ships = at + 20 * 3600
    for state, when in (("paid", at), ("shipped", ships), ("completed", ships + 30 * 3600)):
        row: Row = {
            "order_no": order,
            "state": state,
            "created_at": at * 1000,
            "paid_at": (at + 60) * 1000,
            "member_no": lin.member_id,
            "phone": lin.phone,
            "appid": "wx9c1a0000qinglan2",
            "openid": lin.mini_openid,
            "receiver_name": lin.full_name,
            "receiver_phone": lin.phone,
            "receiver_province": "上海",
            "receiver_city": "上海",
            "is_gift": False,
            "paid_amount": item.yuan,
            "postage": 0,
            "discount": 0,
            "version_at": when * 1000,
        }
        teller.put("shop_orders", when, row, state_of=order)
    line: Row = {"order_no": order, "item_no": "1", "sku": item.product_id, "qty": 1, "list_amount": item.yuan}
    teller.put("shop_order_items", at, {**line, "discount": 0, "paid": item.yuan})
    paid: Row = {"payment_no": f"P-{order}", "order_no": order, "method": "wechat_pay", "result": "paid"}
    teller.put("shop_payments", at + 60, {**paid, "amount": f"{item.yuan}.00", "tried_at": local(at + 60)})
    _parcel(teller, order, ships)
    return order


def reminded(teller: Teller) -> None:
    """The SMS about her points, never redeemed."""
    _sms(teller, teller.lin.reminder_on, "2", REMINDER, "points_reminder")
