"""Contracts of experience data: questionnaires, invitations, answers, interviews."""

from orchestration.sources.contracts.identifiers import app_id, cookie_id, email, member_id, openid, phone
from orchestration.sources.contracts.model import (
    Contract,
    decimal,
    field,
    integer,
    optional,
    personal,
    required,
    string,
    timestamp,
)

QUESTION = Contract(
    id="survey.question",
    title="Questions of questionnaires",
    description="One row per question of a version of a questionnaire.",
    fields=(
        field("survey_id", string, required, "the questionnaire"),
        field("survey_version", integer, required, "its version, from 1"),
        field("question_id", string, required, "the question"),
        field("position", integer, optional, "its place, from 1"),
        field(
            "question_type",
            string,
            required,
            "what is measured",
            allowed=("nps", "csat", "ces", "choice", "scale", "text"),
        ),
        field("wording", string, required, "the question as asked"),
        field("topic", string, optional, "what it is about: brand, advertising, store, delivery, product …"),
        field("touchpoint", string, optional, "the touchpoint it is asked at"),
        field("survey_name", string, optional, "what the researchers call the questionnaire"),
    ),
    key=("survey_id", "survey_version", "question_id"),
)

INVITATION = Contract(
    id="survey.invitation",
    title="Invitations to questionnaires",
    description="One row per invitation: pop-up, button, link, QR code or message.",
    fields=(
        field("invitation_id", string, required, "the invitation"),
        field("survey_id", string, required, "the questionnaire"),
        field("survey_version", integer, optional, "its version"),
        field("channel", string, required, "how: popup, button, link, qr, sms, email, push, wechat"),
        field("invited_at", timestamp, required, "when it was shown or sent"),
        field("trigger", string, optional, "what brought it about: purchase, visit, case_closed, exit …"),
        field("order_id", string, optional, "the order it is about"),
        field("case_id", string, optional, "the case it is about"),
        field("store_id", string, optional, "the store it is about"),
        member_id(),
        phone(),
        email(),
        cookie_id(),
        app_id(),
        openid(),
    ),
    key=("invitation_id",),
    event_at="invited_at",
)

ANSWER = Contract(
    id="survey.answer",
    title="Answers",
    description="One row per answered question. Scores are on the question's own scale; a text answer has none.",
    fields=(
        field("response_id", string, required, "the filled questionnaire"),
        field("question_id", string, required, "the question"),
        field("survey_id", string, required, "the questionnaire"),
        field("survey_version", integer, optional, "its version"),
        field("invitation_id", string, optional, "the invitation it answers"),
        field("answered_at", timestamp, required, "when"),
        field("score", decimal(6, 2), optional, "the number given: NPS 0 to 10, CSAT and CES 1 to 5 or 7"),
        field("choice", string, optional, "the answer chosen"),
        field("text", string, optional, "what was written", pii=personal("message_text")),
        field("touchpoint", string, optional, "the touchpoint it is about"),
        field("store_id", string, optional, "the store it is about"),
        field("product_id", string, optional, "the product it is about"),
        member_id(),
        phone(),
        email(),
        cookie_id(),
        app_id(),
        openid(),
    ),
    key=("response_id", "question_id"),
    event_at="answered_at",
)

INTERVIEW = Contract(
    id="survey.interview",
    title="Interviews",
    description="One row per topic of an interview with a customer.",
    fields=(
        field("interview_id", string, required, "the interview"),
        field("topic", string, required, "the topic"),
        field("held_at", timestamp, required, "when"),
        field("sentiment_score", decimal(4, 3), optional, "how it sounded, -1 to 1"),
        field("summary", string, optional, "what was said", pii=personal("message_text")),
        field("interviewer", string, optional, "who asked: a team, not a person"),
        member_id(),
        phone(),
    ),
    key=("interview_id", "topic"),
    event_at="held_at",
)

CONTRACTS = (QUESTION, INVITATION, ANSWER, INTERVIEW)
