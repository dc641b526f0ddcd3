"""E-mail and SMS: what was handed to the services, and what came back.

Columns as in SendGrid's event webhook and in Aliyun's SmsReport and SmsUp.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.columns import either, joined, moments, numbers, only, picked, repeated, text
from simulator.brand.draws import Ints
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, spread
from simulator.brand.exports.digital import AGENTS, link_of
from simulator.brand.frames import NEVER
from simulator.brand.messages import Messages
from simulator.brand.people import CHANNELS
from simulator.brand.story import Story
from simulator.brand.wording import SERVICE_SMS_NO, SMS_TALK

EMAIL_SEND = Export("email_sends", "email.send", required="email", moment="sent_at")
EMAIL_EVENT = Export(
    "email_events", "email.event", "jsonl", required="sg_message_id", typed="timestamp", listed="event",
    moment="timestamp", far="4070908800", is_gzip=True,
)  # fmt: skip
SMS_SEND = Export("sms_sends", "sms.send", required="phone_number", typed="sms_size", moment="send_time")
SMS_RECEIPT = Export(
    "sms_receipts", "sms.receipt", "jsonl", required="biz_id", typed="report_time", moment="report_time", is_gzip=True
)
SMS_CLICK = Export("sms_clicks", "sms.click", required="short_code", moment="click_time", quoted=("ua",))
SMS_REPLY = Export("sms_replies", "sms.reply", "jsonl", required="sequence_id", moment="send_time", is_daily=False)

EMAIL_KINDS = ("delivered", "open", "click", "bounce", "unsubscribe", "spamreport")


def export(story: Story) -> Batches:
    """All exports of e-mail and SMS."""
    email, sms = _sent(story, "email"), _sent(story, "sms")
    yield _email_sends(story, email)
    yield _email_events(story, email)
    yield _sms_sends(story, sms)
    yield _sms_receipts(story, sms)
    yield _sms_clicks(story, sms)
    yield _sms_replies(story, sms)


def _sent(story: Story, channel: str) -> Ints:
    """The rows of the messages of a channel."""
    return np.flatnonzero(story.reach.messages.channel == CHANNELS.index(channel))


def _number(story: Story, part: Messages) -> Ints:
    """A number for each message, unique among all people's."""
    return spread(story.people.person[part.who], part.campaign, 512)


def _email_sends(story: Story, rows: Ints) -> Batch:
    part, campaigns = story.reach.messages.rows(rows), story.world.campaigns.all
    columns = {
        "message_id": numbers(_number(story, part), 14, "sg"),
        "email": story.ids.email(part.who),
        "member_no": story.ids.member_id(part.who),
        "sent_at": moments(part.at),
        "campaign": picked([item.campaign_id for item in campaigns], part.campaign),
        "content_key": picked([item.content_key for item in campaigns], part.campaign),
        "category": repeated("marketing", rows.size),
    }
    return Batch(EMAIL_SEND, columns, part.at)


def _email_events(story: Story, rows: Ints) -> Batch:
    sent = story.reach.messages.rows(rows)
    complains = Rows(story.world.parameters.seed, "spam", _number(story, sent)).some("spam", 0.12)
    table = np.stack(
        [
            np.where(sent.is_delivered, sent.at + 9, NEVER),
            sent.open_at,
            sent.click_at,
            np.where(sent.is_delivered, NEVER, sent.at + 15),
            np.where(complains, NEVER, sent.no_at),
            np.where(complains, sent.no_at, NEVER),
        ],
        axis=1,
    )
    row, kind = np.nonzero(table < NEVER)
    part, at = sent.rows(row), table[row, kind]
    number = _number(story, part)
    is_hard = Rows(story.world.parameters.seed, "bounce", number).some("hard", 0.3)
    columns = {
        "sg_event_id": Rows(story.world.parameters.seed, "sg", number * 8 + kind).id(20),
        "sg_message_id": numbers(number, 14, "sg"),
        "email": story.ids.email(part.who),
        "event": picked(EMAIL_KINDS, kind),
        "timestamp": pa.array(at),
        "url": only(repeated("https://www.qinglan.example/s", row.size), kind == 2),
        "link_id": only(link_of(story, rows[row]), kind == 2),
        "type": only(picked(["soft", "hard"], is_hard.astype(np.int64)), kind == 3),
        "reason": only(repeated("550 mailbox unavailable", row.size), kind == 3),
        "campaign": picked(story.world.campaigns.ids, part.campaign),
    }
    return Batch(EMAIL_EVENT, columns, at)


def _sms_sends(story: Story, rows: Ints) -> Batch:
    part, campaigns = story.reach.messages.rows(rows), story.world.campaigns.all
    number = _number(story, part)
    columns = {
        "biz_id": numbers(number, 18),
        "out_id": joined("out", text(number)),
        "phone_number": story.ids.phone(part.who, part.at),
        "send_time": moments(part.at),
        "sign_name": repeated("青岚", rows.size),
        "template_code": picked([f"SMS_{item.content_key}" for item in campaigns], part.campaign),
        "campaign": picked([item.campaign_id for item in campaigns], part.campaign),
        "content_key": picked([item.content_key for item in campaigns], part.campaign),
        "purpose": repeated("marketing", rows.size),
        "sms_size": text(1 + number % 2),
    }
    return Batch(SMS_SEND, columns, part.at)


def _sms_receipts(story: Story, rows: Ints) -> Batch:
    part = story.reach.messages.rows(rows)
    number = _number(story, part)
    at = part.at + 3 + Rows(story.world.parameters.seed, "report", number).whole("late", 40)
    failed = ~part.is_delivered
    columns = {
        "phone_number": story.ids.phone(part.who, part.at),
        "biz_id": numbers(number, 18),
        "out_id": joined("out", text(number)),
        "success": pa.array(part.is_delivered),
        "send_time": moments(part.at),
        "report_time": moments(at),
        "err_code": either(only(repeated("UNDELIVRD", rows.size), failed), repeated("DELIVERED", rows.size)),
        "err_msg": only(repeated("用户状态异常", rows.size), failed),
        "sms_size": text(1 + number % 2),
    }
    return Batch(SMS_RECEIPT, columns, at)


def _sms_clicks(story: Story, rows: Ints) -> Batch:
    rows = rows[story.reach.messages.click_at[rows] < NEVER]
    part = story.reach.messages.rows(rows)
    number = _number(story, part)
    columns = {
        "click_no": numbers(number, 14, "sc"),
        "short_code": link_of(story, rows),
        "click_time": moments(part.click_at),
        "phone": story.ids.phone(part.who, part.at),
        "biz_id": numbers(number, 18),
        "campaign": picked(story.world.campaigns.ids, part.campaign),
        "ua": picked(AGENTS, part.who % len(AGENTS)),
    }
    return Batch(SMS_CLICK, columns, part.click_at)


def _sms_replies(story: Story, rows: Ints) -> Batch:
    """Who says no, in one of the agreed words; a few others write something else."""
    sent = story.reach.messages.rows(rows)
    talks = (sent.no_at >= NEVER) & Rows(story.world.parameters.seed, "talks", _number(story, sent)).some("t", 0.002)
    at = np.where(talks, sent.at + 700, sent.no_at)
    chosen = np.flatnonzero(at < NEVER)
    part, at, is_talk = sent.rows(chosen), at[chosen], talks[chosen]
    number = _number(story, part)
    words = Rows(story.world.parameters.seed, "words", number)
    columns = {
        "phone_number": story.ids.phone(part.who, at),
        "sequence_id": numbers(number, 14, "up"),
        "send_time": moments(at),
        "content": either(
            only(picked(SMS_TALK, words.whole("talk", len(SMS_TALK))), is_talk),
            picked(SERVICE_SMS_NO, words.whole("no", len(SERVICE_SMS_NO))),
        ),
        "sign_name": repeated("青岚", at.size),
        "dest_code": repeated("10690000", at.size),
    }
    return Batch(SMS_REPLY, columns, at)
