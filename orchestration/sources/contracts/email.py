"""Contracts of e-mail: what was sent, and what came back."""

from orchestration.sources.contracts.identifiers import email, member_id
from orchestration.sources.contracts.model import Contract, OptOut, field, optional, required, string, timestamp

SEND = Contract(
    id="email.send",
    title="E-mails sent",
    description="One row per message handed to the mail service, by whatever system.",
    fields=(
        field("message_id", string, required, "the message, as the service names it"),
        email(required),
        member_id(),
        field("sent_at", timestamp, required, "when it was handed over"),
        field("campaign_id", string, optional, "the campaign"),
        field("content_key", string, optional, "its content, as campaigns name it"),
        field("purpose", string, optional, "what for", allowed=("marketing", "service", "survey", "transactional")),
    ),
    key=("message_id",),
    event_at="sent_at",
)

EVENT = Contract(
    id="email.event",
    title="What became of e-mails",
    description="One row per delivery, opening, click, bounce, complaint or unsubscription. Services report the same "
    "event several times: its id makes it one. Unsubscriptions and complaints stop marketing at once.",
    fields=(
        field("event_id", string, required, "the event, as the service numbers it (`sg_event_id`)"),
        field("message_id", string, required, "the message"),
        email(required),
        field(
            "event_type",
            string,
            required,
            "what happened",
            allowed=("delivered", "deferred", "opened", "clicked", "bounced", "dropped", "complained", "unsubscribed"),
        ),
        field("event_at", timestamp, required, "when"),
        field("url", string, optional, "link that was clicked"),
        field("link_id", string, optional, "tracked link that was clicked"),
        field("bounce_type", string, optional, "hard or soft", allowed=("hard", "soft")),
        field("reason", string, optional, "why, as the service says it"),
        field("campaign_id", string, optional, "the campaign"),
    ),
    key=("event_id",),
    event_at="event_at",
    opt_out=OptOut("email", "marketing", "event_at", "event_type", withdrawn=("unsubscribed", "complained")),
)

CONTRACTS = (SEND, EVENT)
