"""Her first three steps: a post, a follow, an invitation; the trial; the oil and the member code.

Here: rows by step. Not here: what she bought later (purchases.py).
"""

from __future__ import annotations

from simulator.brand.lin.purchases import till
from simulator.brand.lin.telling import Teller, local, moment

STAFF = "S002"
THERAPIST = "S004"
POST = "xiaolin01"
INVITATION_CAMPAIGN = "C-new-sample"
SPA_VOUCHER = "VC-LIN-SPA"


def seen_and_followed(teller: Teller) -> None:
    """A post on Xiaohongshu, a search, and the next day a follow: only an openid is known."""
    _seen(teller, moment(teller.lin.seen_on, "20:10"))
    _followed(teller, moment(teller.lin.followed_on, "12:30"))


def _seen(teller: Teller, seen: int) -> None:
    lin = teller.lin
    for number, (after, action) in enumerate(((0, "exposure"), (55, "click"))):
        teller.tell(
            "social_engagements",
            seen + after,
            click_id=f"e-lin-{number}",
            platform="xiaohongshu",
            note_id=POST,
            action=action,
            event_time=(seen + after) * 1000,
            user_open_id=lin.xiaohongshu_id,
            cookie=lin.cookie_id if action == "click" else None,
            content_key="kol_note",
            sku=lin.oil_product_id,
            view_seconds=48,
        )
    teller.web(seen + 60, "1", "page_view", medium="social", source="kol")
    teller.web(seen + 130, "2", "search", query="护肤精油", medium="social", source="kol")
    teller.web(seen + 190, "3", "view_item", sku=lin.oil_product_id, medium="social", source="kol")


def _followed(teller: Teller, follows: int) -> None:
    lin = teller.lin
    _follower(teller, follows, unionid=None)
    teller.tell(
        "wechat_events",
        follows,
        ToUserName="gh_qinglan",
        FromUserName=lin.openid,
        CreateTime=follows,
        MsgType="event",
        Event="subscribe",
    )
    teller.tell(
        "wechat_messages",
        follows + 300,
        msgid="lin-1",
        openid=lin.openid,
        opercode="2003",
        time=follows + 300,
        msgtype="text",
        text="你好，新品有试用装吗",
    )


def _follower(teller: Teller, at: int, *, unionid: str | None) -> None:
    lin = teller.lin
    row: dict[str, str | int | bool | None] = {
        "subscribe": 1,
        "openid": lin.openid,
        "unionid": unionid,
        "subscribe_time": moment(lin.followed_on, "12:30"),
        "subscribe_scene": "ADD_SCENE_SEARCH",
        "language": "zh_CN",
        "tagid_list": "",
        "fetched_at": at + 3600,
    }
    teller.put("wechat_followers", at, row, state_of="lin")


def invited(teller: Teller) -> None:
    """The brand's message in the window that her own had opened."""
    at = moment(teller.lin.invited_on, "10:00")
    teller.tell(
        "wechat_messages",
        at,
        msgid="lin-2",
        openid=teller.lin.openid,
        opercode="2002",
        time=at,
        msgtype="text",
        text="新品精油试用邀请：小程序预约到店，小样已为您留好",
        campaign_id=INVITATION_CAMPAIGN,
        content_key="new_sample",
    )


def booked(teller: Teller) -> None:
    """She books a trial in the mini-program; with it WeChat tells her unionid."""
    at = moment(teller.lin.booked_on, "19:00")
    teller.mini(at, "1", "page_view")
    teller.mini(at + 40, "2", "booking", store_code=teller.lin.store_id)
    _appointment(teller, at + 45, "booked")
    _follower(teller, at + 300, unionid=teller.lin.unionid)


def _appointment(teller: Teller, at: int, status: str) -> None:
    lin = teller.lin
    row: dict[str, str | int | bool | None] = {
        "appointment_no": "A-LIN-1",
        "store": lin.store_id,
        "service": "trial",
        "booked_at": local(moment(lin.booked_on, "19:00:45")),
        "scheduled_at": local(moment(lin.tried_on, "15:00")),
        "status": status,
        "through": "miniprogram",
        "appid": "wx9c1a0000qinglan2",
        "openid": lin.mini_openid,
    }
    teller.put("store_appointments", at, row, state_of="1")


def tried(teller: Teller) -> None:
    """The trial at the counter: very satisfied, nothing bought; a voucher for a facial on the spot."""
    lin = teller.lin
    comes = moment(lin.tried_on, "15:00")
    known: dict[str, str | int | bool | None] = {"appid": "wx9c1a0000qinglan1", "openid": lin.openid}
    _appointment(teller, comes + 300, "kept")
    visit = {"visit_no": "v-lin-1", "store": lin.store_id, "entered_at": local(comes), "left_at": local(comes + 2700)}
    visit |= {"appointment_no": "A-LIN-1", "staff": STAFF, "recognised_by": "appointment"}
    teller.put("store_visits", comes + 2700, {**visit, **known})
    talks = (
        (900, "trial", "not_bought", None, "试用精油后非常满意，今天未购买"),
        (2400, "voucher_given", "undecided", "V-spa", "现场赠送护理体验券"),
    )
    for number, (after, kind, outcome, _, note) in enumerate(talks):
        row = {"talk_no": f"ta-lin-{number}", "kind": kind, "store": lin.store_id, "staff": STAFF, "pleased": "5"}
        row |= {"happened_at": local(comes + after), "sku": lin.oil_product_id, "outcome": outcome, "note": note}
        teller.put("store_interactions", comes + after, {**row, **known})
    _experience(teller, comes + 2500, known)
    _voucher(teller, comes + 2400, used_at=None)


def _experience(teller: Teller, at: int, known: dict[str, str | int | bool | None]) -> None:
    """What she answers to the code on the counter."""
    asked = {"invitation_no": "IV-LIN-1", "survey": "trial", "version": "1", "channel": "qr"}
    teller.put("survey_invitations", at, {**asked, "invited_at": local(at), "trigger": "visit", **known})
    answer = {"response_no": "RS-LIN-1", "survey": "trial", "version": "1", "invitation_no": "IV-LIN-1"}
    answer |= {"answered_at": local(at + 90), "touchpoint": "store_trial", "question": "q_trial", "score": "5"}
    teller.put("survey_answers", at + 90, {**answer, **known})


def _voucher(teller: Teller, at: int, *, used_at: int | None) -> None:
    lin = teller.lin
    row: dict[str, str | int | bool | None] = {
        "code": SPA_VOUCHER,
        "voucher": "V-spa",
        "type": "service",
        "issued_at": local(moment(lin.tried_on, "15:40")),
        "through": "store",
        "expires_at": local(moment(lin.tried_on, "15:40") + 30 * 86_400),
        "used_at": None if used_at is None else local(used_at),
        "value": "398.00",
        "appid": "wx9c1a0000qinglan1",
        "openid": lin.openid,
        "member_no": None if used_at is None else lin.member_id,
    }
    teller.put("voucher_pieces", at, row, state_of="spa")


def bought_oil(teller: Teller) -> None:
    """The facial with the voucher, the oil, and the member code at the till: openid, phone and member become one."""
    lin = teller.lin
    comes = moment(lin.oil_on, "14:00")
    known: dict[str, str | int | bool | None] = {"appid": "wx9c1a0000qinglan1", "openid": lin.openid}
    _facial(teller, comes + 3000, known)
    joins = comes + 3300
    _joined(teller, joins)
    order = till(teller, joins + 300, lin.store_id, lin.oil_product_id, lin.oil_yuan)
    shown = {"scan_no": "ID-LIN-1", "shown_at": local(joins + 240), "store": lin.store_id, "receipt_no": order}
    shown |= {"means": "member_qr", "member_no": lin.member_id, "phone": lin.phone, "cashier": STAFF}
    teller.put("till_identifications", joins + 240, {**shown, **known})
    teller.points(joins + 300, lin.oil_yuan, order)
    teller.tier(joins + 300, "Bronze", None, lin.oil_yuan)
    evening = moment(lin.oil_on, "21:10")
    teller.web(evening, "4", "page_view")
    teller.web(evening + 30, "5", "login", userId=lin.member_id, phone=lin.phone)


def _facial(teller: Teller, at: int, known: dict[str, str | int | bool | None]) -> None:
    """What the voucher was for."""
    facial = {"service_no": "sv-lin-1", "service": "facial_spa", "store": teller.lin.store_id, "served_at": local(at)}
    facial |= {"minutes": "45", "therapist": THERAPIST, "voucher": "V-spa", "is_paid": "false"}
    teller.put("store_services", at, {**facial, **known})
    _voucher(teller, at, used_at=at)


def _joined(teller: Teller, joins: int) -> None:
    """A member from now on, with consent to SMS."""
    lin = teller.lin
    member: dict[str, str | int | bool | None] = {
        "member_no": lin.member_id,
        "phone": lin.phone,
        "name": lin.full_name,
        "joined_at": local(joins),
        "gender": "female",
        "birthday": "1991-08-19",
        "lunar": "false",
        "city": "上海",
        "province": "上海",
        "unionid": lin.unionid,
        "joined_through": "store",
        "store": lin.store_id,
        "staff": STAFF,
        "status": "active",
        "skin_type": "dry",
        "is_synthetic": "true",
    }
    teller.put("members", joins, member, state_of="lin")
    consent = {"member_no": lin.member_id, "phone": lin.phone, "channel": "sms", "purpose": "marketing"}
    consent |= {
        "granted": "true",
        "changed_at": local(joins + 20),
        "said_where": "入会表单-store",
        "is_synthetic": "true",
    }
    teller.put("consents", joins + 20, {**consent})
