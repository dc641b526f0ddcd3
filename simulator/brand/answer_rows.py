"""Answers to messages as the vendors' rows: receipts, openings, clicks, replies, orders.

Here: from an answer to rows of many exports. Not here: how it came about (reactions.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulator.brand.answers import Answer
from simulator.brand.export import Told
from simulator.brand.frames import NEVER
from simulator.brand.identifiers import MINI_APP
from simulator.brand.lin.telling import local
from simulator.brand.story import Story

Row = dict[str, str | int | bool | None]
ENTITY = -2_000_000
"""Numbers of these states lie below those of Ms. Lin's."""

BY_MINI = ("wechat", "wecom")
"""Channels whose links open the mini-program; the others open the website."""


@dataclass(frozen=True)
class _Reader:
    """One reader's names."""

    member_no: str | None
    email: str
    phone: str
    openid: str
    mini_openid: str
    cookie: str
    installation: str


def rows_of(story: Story) -> list[Told]:
    """The rows of all answers of a story's people."""
    answers = story.answers.all
    return [
        row for answer, reader in zip(answers, _readers(story), strict=True) for row in _rows(story, answer, reader)
    ]


def _readers(story: Story) -> list[_Reader]:
    answers = story.answers.all
    who = np.array([item.person for item in answers], np.int64) - story.first
    at = np.array([item.at for item in answers], np.int64)
    ids, people = story.ids, story.people
    member = ids.member_id(who).to_pylist()
    is_member = (people.signup_at[who] <= at) & (people.signup_at[who] < NEVER)
    names = (ids.email(who), ids.phone(who, at), ids.openid(who), ids.mini_openid(who), ids.cookie(who, at))
    columns = [column.to_pylist() for column in (*names, ids.installation(who))]
    numbers = [name if known else None for name, known in zip(member, is_member.tolist(), strict=True)]
    return [_Reader(*row) for row in zip(numbers, *columns, strict=True)]


def _rows(story: Story, answer: Answer, reader: _Reader) -> Iterator[Told]:
    by_channel = {"email": _email, "sms": _sms, "wechat": _wechat, "push": _push}
    if answer.channel in by_channel:
        yield from by_channel[answer.channel](answer, reader)
    if answer.no_at and answer.channel in ("email", "sms", "push") and reader.member_no:
        said: Row = {"member_no": reader.member_no, "channel": answer.channel, "purpose": "marketing"}
        said |= {
            "granted": "false",
            "changed_at": local(answer.no_at + 2),
            "said_where": "退订",
            "is_synthetic": "true",
        }
        yield Told("consents", answer.no_at + 2, said)
    if answer.order_at:
        yield from _order(story, answer, reader)


def _email(answer: Answer, reader: _Reader) -> Iterator[Told]:
    happened = (
        ("delivered" if answer.is_delivered else "bounce", answer.at + 9),
        ("open", answer.opened_at),
        ("click", answer.clicked_at),
        ("unsubscribe", answer.no_at),
    )
    for kind, at in happened:
        row: Row = {
            "sg_event_id": f"{answer.message_id}/{kind}",
            "sg_message_id": answer.message_id,
            "email": reader.email,
            "event": kind,
            "timestamp": at,
            "url": "https://www.qinglan.example/s" if kind == "click" else None,
            "link_id": (answer.link_id or None) if kind == "click" else None,
            "type": "soft" if kind == "bounce" else None,
            "campaign": answer.campaign_id or None,
        }
        if at:
            yield Told("email_events", at, row)


def _sms(answer: Answer, reader: _Reader) -> Iterator[Told]:
    at = answer.at + 6
    report: Row = {"phone_number": reader.phone, "biz_id": answer.message_id, "success": answer.is_delivered}
    report |= {"report_time": local(at), "err_code": "DELIVERED" if answer.is_delivered else "UNDELIVRD"}
    yield Told("sms_receipts", at, {**report, "sms_size": "1"})
    if answer.clicked_at:
        click: Row = {"click_no": f"sc/{answer.message_id}", "short_code": answer.link_id or f"l/{answer.message_id}"}
        click |= {"click_time": local(answer.clicked_at), "phone": reader.phone, "biz_id": answer.message_id}
        yield Told("sms_clicks", answer.clicked_at, {**click, "campaign": answer.campaign_id or None})
    if answer.no_at:
        reply: Row = {"phone_number": reader.phone, "sequence_id": f"up/{answer.message_id}", "content": "TD"}
        yield Told("sms_replies", answer.no_at, {**reply, "send_time": local(answer.no_at), "sign_name": "青岚"})


def _wechat(answer: Answer, reader: _Reader) -> Iterator[Told]:
    whole: Row = {"ToUserName": "gh_qinglan", "FromUserName": reader.openid, "MsgType": "event"}
    at = answer.at + 3
    receipt: Row = {"Event": "TEMPLATESENDJOBFINISH", "CreateTime": at, "MsgID": answer.message_id}
    status = "success" if answer.is_delivered else "failed:user block"
    yield Told("wechat_events", at, {**whole, **receipt, "Status": status})
    if answer.clicked_at:
        click: Row = {"Event": "view_miniprogram", "CreateTime": answer.clicked_at, "EventKey": "pages/index/index"}
        yield Told("wechat_events", answer.clicked_at, {**whole, **click})
    if answer.no_at:
        yield Told("wechat_events", answer.no_at, {**whole, "Event": "unsubscribe", "CreateTime": answer.no_at})


def _push(answer: Answer, reader: _Reader) -> Iterator[Told]:
    statuses = (("delivered" if answer.is_delivered else "failed", answer.at + 4), ("opened", answer.opened_at))
    for status, at in statuses:
        row: Row = {"msg_id": answer.message_id, "user_pseudo_id": reader.installation, "status": status}
        if at:
            yield Told("push_receipts", at, {**row, "time": local(at), "campaign": answer.campaign_id or None})


def order_id(answer: Answer) -> str:
    """What the own shop calls the order of an answer."""
    return f"WA{answer.person:08d}-{answer.order_at}"


def _entity(answer: Answer) -> int:
    """A number for each order: nobody places two within a second."""
    return ENTITY - (answer.person * (1 << 31) + answer.order_at)


def _order(story: Story, answer: Answer, reader: _Reader) -> Iterator[Told]:
    """The order in the own shop: placed, sent the next day, there two days later."""
    order, at = order_id(answer), answer.order_at
    is_mini = answer.channel in BY_MINI
    amount = answer.cents // 100
    ships, arrives = at + 20 * 3600, at + 50 * 3600
    for state, when in (("paid", at), ("shipped", ships), ("completed", arrives)):
        row: Row = {
            "order_no": order,
            "state": state,
            "created_at": at * 1000,
            "paid_at": (at + 60) * 1000,
            "member_no": reader.member_no,
            "phone": reader.phone,
            "cookie": None if is_mini else reader.cookie,
            "appid": MINI_APP if is_mini else None,
            "openid": reader.mini_openid if is_mini else None,
            "receiver_phone": reader.phone,
            "is_gift": False,
            "paid_amount": amount,
            "postage": 0,
            "discount": 0,
            "link_id": answer.link_id or None,
            "version_at": when * 1000,
        }
        yield Told("shop_orders", when, row, _entity(answer))
    sku = story.world.catalogue.ids[answer.product]
    item: Row = {"order_no": order, "item_no": "1", "sku": sku, "qty": 1, "list_amount": amount, "discount": 0}
    yield Told("shop_order_items", at, {**item, "paid": amount})
    paid: Row = {"payment_no": f"P{order}", "order_no": order, "method": "wechat_pay", "result": "paid"}
    yield Told("shop_payments", at + 60, {**paid, "amount": f"{amount}.00", "tried_at": local(at + 60)})
    for status, when in (("shipped", ships), ("delivered", arrives)):
        parcel: Row = {"waybill": f"SF{order}", "order_no": order, "carrier": "顺丰", "status": status}
        parcel |= {"shipped_at": local(ships), "promised_at": local(at + 4 * 86_400)}
        parcel["signed_at"] = local(arrives) if status == "delivered" else None
        yield Told("shop_shipments", when, parcel, _entity(answer))


def order_ids(story: Story) -> pa.Array:
    """The orders of all answers that bought, in their order."""
    return pa.array([order_id(item) for item in story.answers.all if item.order_at], pa.large_string())
