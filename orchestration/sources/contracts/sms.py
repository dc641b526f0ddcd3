"""Contracts of text messages: sends, receipts, clicks, replies.

Field names in backticks are those of Aliyun's SMS service (SmsReport, SmsUp).
"""

from orchestration.sources.contracts.identifiers import phone
from orchestration.sources.contracts.model import (
    Contract,
    OptOut,
    boolean,
    field,
    integer,
    optional,
    personal,
    required,
    string,
    timestamp,
)

OPT_OUT_WORDS = (
    "T",
    "TD",
    "R",
    "N",
    "QX",
    "退订",
    "拒收",
    "取消",
    "退",
    "TD退订",
    "STOP",
    "UNSUBSCRIBE",
    "CANCEL",
    "END",
    "QUIT",
)
"""Replies that end marketing messages: what the regulator and the carriers agreed on, in China and elsewhere."""

SEND = Contract(
    id="sms.send",
    title="Text messages sent",
    description="One row per message handed to the SMS service, by whatever system.",
    fields=(
        field("message_id", string, required, "the message, as the service names it (`biz_id`)"),
        field("out_id", string, optional, "the sender's own number for it (`out_id`)"),
        phone(required, "the number it went to"),
        field("sent_at", timestamp, required, "when it was handed over (`send_time`)"),
        field("signature", string, optional, "approved signature (`sign_name`)"),
        field("template_id", string, optional, "approved template (`template_code`)"),
        field("campaign_id", string, optional, "the campaign"),
        field("content_key", string, optional, "its content, as campaigns name it"),
        field("purpose", string, optional, "what for", allowed=("marketing", "service", "survey", "transactional")),
        field("segment_count", integer, optional, "messages it was billed as (`sms_size`)"),
    ),
    key=("message_id", "phone"),
    event_at="sent_at",
)

RECEIPT = Contract(
    id="sms.receipt",
    title="Receipts of text messages",
    description="One row per number and message: delivered or not (SmsReport).",
    fields=(
        field("message_id", string, required, "the message (`biz_id`)"),
        field("out_id", string, optional, "the sender's own number for it (`out_id`)"),
        phone(required, "the number (`phone_number`)"),
        field("is_delivered", boolean, required, "whether it arrived (`success`)"),
        field("sent_at", timestamp, optional, "when the carrier got it (`send_time`)"),
        field("reported_at", timestamp, required, "when the carrier reported (`report_time`)"),
        field("error_code", string, optional, "the carrier's code (`err_code`)"),
        field("error_text", string, optional, "what it means (`err_msg`)"),
        field("segment_count", integer, optional, "messages it was billed as (`sms_size`)"),
    ),
    key=("message_id", "phone"),
    event_at="reported_at",
)

CLICK = Contract(
    id="sms.click",
    title="Clicks on links in text messages",
    description="One row per click on a tracked link, which is one person's and one message's.",
    fields=(
        field("click_id", string, required, "the click"),
        field("link_id", string, required, "the tracked link"),
        field("clicked_at", timestamp, required, "when"),
        phone(meaning="the number the link was sent to"),
        field("message_id", string, optional, "the message it stood in"),
        field("campaign_id", string, optional, "the campaign"),
        field("user_agent", string, optional, "the browser's own name"),
    ),
    key=("click_id",),
    event_at="clicked_at",
)

REPLY = Contract(
    id="sms.reply",
    title="Replies to text messages",
    description="One row per message a person wrote back (SmsUp). An agreed word ends marketing to that number.",
    fields=(
        field("reply_id", string, required, "the reply (`sequence_id`)"),
        phone(required, "who wrote (`phone_number`)"),
        field("replied_at", timestamp, required, "when (`send_time`)"),
        field("text", string, optional, "what was written (`content`)", pii=personal("message_text")),
        field(
            "opt_out_word",
            string,
            optional,
            "the agreed word, where the text is nothing else",
            read_from="text",
            words=OPT_OUT_WORDS,
        ),
        field("signature", string, optional, "signature it answers (`sign_name`)"),
        field("extension", string, optional, "number it was written to (`dest_code`)"),
    ),
    key=("reply_id",),
    event_at="replied_at",
    opt_out=OptOut("sms", "marketing", "replied_at", "opt_out_word", withdrawn=OPT_OUT_WORDS),
)

CONTRACTS = (SEND, RECEIPT, CLICK, REPLY)
