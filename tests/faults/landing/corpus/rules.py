"""What contracts ask beyond types: allowed values, somebody named, not in the future, agreed words, own mappings."""

from __future__ import annotations

from tests.faults.landing.corpus.case import ACCEPTED, CANARY, Case, Mend, sheet, values

NOT_ALLOWED = "not_allowed"


def allowed(name: str, contract: str, column: str, good: str, *bad: str, **rest: str) -> Case:
    """A field that takes agreed values only: as they are written, no others."""
    cells = [(good, f"={good}"), *((text, NOT_ALLOWED) for text in (*bad, good.upper(), f"{good}s", CANARY))]
    return values(name, contract, column, cells, good=good, **rest)


ALLOWED = (
    allowed("consent_channel", "crm.consent", "channel", "sms", "fax", "*", "sms,email"),
    allowed("consent_purpose", "crm.consent", "purpose", "marketing", "any", "营销"),
    allowed("points_entry", "loyalty.points", "entry_type", "earn", "gift", "+"),
    allowed("record_owner", "partner.record", "owner", "brand", "agency"),
    allowed("record_basis", "partner.record", "consent_basis", "consent", "none", "GDPR"),
    allowed("parcel_status", "shop.shipment", "status", "delivered", "已签收", "in transit"),
    allowed("mail_event", "email.event", "event_type", "opened", "open", "spamreport", "?"),
    allowed(
        "wechat_event",
        "wechat.event",
        "event_name",
        "subscribe",
        "SCAN",
        "unknown",
        columns='event_at = { column = "event_at", format = "epoch_s" }',
    ),
    allowed("presence_sensor", "store.presence", "sensor", "wifi", "camera"),
    allowed("means_of_knowing", "pos.identification", "means", "member_qr", "face"),
)

WORDS_OF_VENDORS = values(
    "words_of_a_vendor",
    "email.event",
    "event_type",
    [("open", NOT_ALLOWED), ("spamreport", NOT_ALLOWED), ("bounce", NOT_ALLOWED), ("delivered", "=delivered")],
    mended="event_type = { column = 'event_type', values = { open = 'opened', spamreport = 'complained', "
    "bounce = 'bounced' } }",
)

MISSING = values(
    "missing_values",
    "tmall.order",
    "order_status",
    [("TRADE_CLOSED", "=TRADE_CLOSED"), *((text, "missing_value") for text in ("", " ", "\t", "\u3000", "\u00a0 \n"))],
)

FIRST_FAULT = Case(
    "several_faults_in_a_row",
    "pos.order_line",
    sheet(
        "pos.order_line",
        {"order_id": "", "quantity": CANARY},
        {"quantity": CANARY, "sales_amount": CANARY},
        {"ordered_at": "2999-01-01", "quantity": CANARY},
        {"ordered_at": "2999-01-01", "store_id": "", "product_id": CANARY},
    ).encode(),
    rows=("missing_value|order_id", "wrong_type|quantity", "wrong_type|quantity", "missing_value|store_id"),
    mend=Mend(
        rows={
            1: {"order_id": "1", "quantity": "2"},
            2: {"quantity": "2", "sales_amount": "12.50"},
            3: {"ordered_at": "2024-03-01", "quantity": "2"},
            4: {"ordered_at": "2024-03-01", "store_id": "s1"},
        }
    ),
)

OPT_OUTS = Case(
    "agreed_words",
    "sms.reply",
    sheet(
        "sms.reply",
        *({"text": text} for text in ("退订", " td ", "T。", "Stop!", "退订回T吗", "thanks", "t" * 5000)),
    ).encode(),
    rows=(ACCEPTED,) * 7,
    landed={
        1: {"opt_out_word": "退订", "text": "退订"},
        2: {"opt_out_word": "TD"},
        3: {"opt_out_word": "T"},
        4: {"opt_out_word": "STOP"},
        5: {"opt_out_word": None},
        6: {"opt_out_word": None, "text": "thanks"},
        7: {"opt_out_word": None, "text": "t" * 5000},
    },
)

CONSTANT = Case(
    "constants_and_other_names",
    "loyalty.points",
    b"id,card,move,when\n"
    + f"1,{CANARY} 7,+680,01.03.2024\n2,{CANARY} 8,many,01.03.2024\n3,{CANARY} 9,5,2024-03-01\n".encode(),
    rows=(ACCEPTED, "wrong_type|points", "wrong_type|posted_at"),
    columns='entry_id = "id"\nmember_id = "card"\npoints = "move"\nentry_type = { constant = "earn" }\n'
    'posted_at = { column = "when", format = "%d.%m.%Y" }',
    landed={1: {"entry_type": "earn", "points": "680", "member_id": f"{CANARY} 7"}},
    mend=Mend(rows={2: {"move": "7"}, 3: {"when": "01.03.2024"}}),
)

WRONG_CONSTANT = Case(
    "a_wrong_constant",
    "loyalty.points",
    sheet("loyalty.points", {}, {}).encode(),
    rows=("not_allowed|entry_type", "not_allowed|entry_type"),
    columns='entry_type = { constant = "gained" }',
    unmapped=("entry_type",),
    mend=Mend(columns='entry_type = { constant = "earn" }'),
)

CASES: tuple[Case, ...] = (*(*ALLOWED, WORDS_OF_VENDORS, MISSING, FIRST_FAULT, OPT_OUTS, CONSTANT, WRONG_CONSTANT),)
