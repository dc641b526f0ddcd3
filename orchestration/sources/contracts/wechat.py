"""Contracts of the WeChat official account and of Moments ads.

Field names in backticks are those of WeChat's API and of its event messages (ACTIVATION; developers.weixin.qq.com).
"""

from orchestration.sources.contracts.identifiers import app_id, openid, unionid
from orchestration.sources.contracts.model import (
    Contract,
    attribute,
    boolean,
    field,
    integer,
    optional,
    personal,
    required,
    string,
    timestamp,
)

FOLLOWER = Contract(
    id="wechat.follower",
    title="Followers of the official account",
    description="One row per follower and account as `user/info` tells it: whether they follow now, since when and by "
    "which way they came. Who stopped following stays, with `is_subscribed` false.",
    fields=(
        app_id(required),
        openid(required),
        unionid(),
        field("is_subscribed", boolean, required, "whether they follow now (`subscribe`)"),
        field("subscribed_at", timestamp, optional, "when they followed last (`subscribe_time`)"),
        field("subscribe_scene", string, optional, "the way they came (`subscribe_scene`: ADD_SCENE_QR_CODE …)"),
        field("qr_scene", string, optional, "the scene of the QR code that brought them (`qr_scene_str`)"),
        field("language", string, optional, "language of their WeChat", pii=attribute),
        field("tag_ids", string, optional, "ids of their tags in the account, by comma (`tagid_list`)"),
        field("fetched_at", timestamp, optional, "when the list was asked for"),
    ),
    key=("app_id", "openid"),
    event_at="subscribed_at",
)

EVENT = Contract(
    id="wechat.event",
    title="Follows, menu clicks and QR scans",
    description="One row per event message of the official account, the receipts of template messages included. WeChat "
    "sends a message up to three times: the same sender, moment and event are one.",
    fields=(
        app_id(required),
        openid(required),
        unionid(),
        field("event_at", timestamp, required, "when it happened (`CreateTime`)"),
        field(
            "event_name",
            string,
            required,
            "what happened (`Event`, in small letters)",
            allowed=(
                "subscribe",
                "unsubscribe",
                "scan",
                "click",
                "view",
                "view_miniprogram",
                "location",
                "templatesendjobfinish",
                "masssendjobfinish",
                "subscribe_msg_popup_event",
                "subscribe_msg_change_event",
                "subscribe_msg_sent_event",
            ),
        ),
        field("event_key", string, optional, "menu key, address or QR scene (`EventKey`)"),
        field("ticket", string, optional, "the QR code's ticket (`Ticket`)"),
        field("message_id", string, optional, "the message that a receipt is about (`MsgID`)"),
        field("status", string, optional, "what a receipt says (`Status`: success, failed:user block …)"),
    ),
    key=("app_id", "openid", "event_at", "event_name", "event_key", "message_id"),
    event_at="event_at",
    advances_clock=True,
)

MESSAGE = Contract(
    id="wechat.message",
    title="Messages with the official account",
    description="One row per message between a follower and the account, in either direction. An inbound message opens "
    "the window in which a customer-service message may be sent.",
    fields=(
        app_id(required),
        openid(required),
        unionid(),
        field("message_id", string, required, "the message (`MsgId`)"),
        field("direction", string, required, "who wrote", allowed=("inbound", "outbound")),
        field("sent_at", timestamp, required, "when it was sent (`CreateTime`)"),
        field("message_type", string, optional, "text, image, voice … (`MsgType`)"),
        field("text", string, optional, "what was written (`Content`)", pii=personal("message_text")),
        field("template_id", string, optional, "template of an outbound message"),
        field("campaign_id", string, optional, "campaign of an outbound message"),
        field("content_key", string, optional, "content of an outbound message, as campaigns name it"),
        field("staff_id", string, optional, "who answered (`worker`)"),
    ),
    key=("app_id", "message_id"),
    event_at="sent_at",
)

MOMENTS_AD_EVENT = Contract(
    id="wechat.moments_ad_event",
    title="Exposures and clicks of Moments ads",
    description="One row per exposure or click of an ad in Moments that the ad platform reports for a known person.",
    fields=(
        field("event_id", string, required, "the event, as the platform names it (`click_id`)"),
        field("event_type", string, required, "exposure or click", allowed=("exposure", "click")),
        field("event_at", timestamp, required, "when it happened"),
        field("campaign_id", string, required, "the campaign at the platform"),
        field("ad_id", string, optional, "the ad within the campaign"),
        field("content_key", string, optional, "its content, as campaigns name it"),
        app_id(),
        openid(),
        unionid(),
        field("landing_url", string, optional, "where a click led"),
        field("dwell_seconds", integer, optional, "how long it was looked at, in seconds"),
    ),
    key=("event_id", "event_type"),
    event_at="event_at",
)

CONTRACTS = (FOLLOWER, EVENT, MESSAGE, MOMENTS_AD_EVENT)
