"""Contracts of WeCom: customers of the sales assistants, and what these were asked to do."""

from orchestration.sources.contracts.identifiers import corp_id, external_userid, unionid
from orchestration.sources.contracts.model import (
    Contract,
    field,
    optional,
    personal,
    required,
    string,
    timestamp,
)

RELATION = Contract(
    id="wecom.relation",
    title="Customers added by assistants",
    description="One row per customer and assistant: when they connected, by which way, and when either of them left.",
    fields=(
        corp_id(required),
        external_userid(required),
        unionid(),
        field("staff_id", string, required, "the assistant (`userid`)"),
        field("added_at", timestamp, required, "when they connected (`createtime`)"),
        field("add_way", string, optional, "how: QR code, search, card … (`add_way`)"),
        field("state", string, optional, "parameter of the QR code (`state`)"),
        field("store_id", string, optional, "the store the assistant works in"),
        field("removed_at", timestamp, optional, "when one of them left"),
        field("removed_by", string, optional, "who left", allowed=("customer", "staff")),
        field("remark", string, optional, "the assistant's note", pii=personal("note")),
    ),
    key=("corp_id", "external_userid", "staff_id", "added_at"),
    event_at="added_at",
)

TASK = Contract(
    id="wecom.task",
    title="Tasks of assistants",
    description="One row per customer an assistant was asked to write to or call: WeCom's mass sends, which each "
    "assistant has to confirm, and follow-ups.",
    fields=(
        field("task_id", string, required, "the task (`msgid`)"),
        corp_id(required),
        external_userid(required),
        unionid(),
        field("staff_id", string, required, "the assistant (`userid`)"),
        field("task_type", string, optional, "mass_send, follow_up, birthday …"),
        field("campaign_id", string, optional, "the campaign it belongs to"),
        field("content_key", string, optional, "its content, as campaigns name it"),
        field("created_at", timestamp, required, "when it was given"),
        field("done_at", timestamp, optional, "when it was done (`send_time`)"),
        field("status", string, optional, "what became of it", allowed=("open", "done", "refused", "failed")),
    ),
    key=("task_id", "corp_id", "external_userid", "staff_id"),
    event_at="created_at",
)

CONTRACTS = (RELATION, TASK)
