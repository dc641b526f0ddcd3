"""Contracts of the member master and of consent."""

from orchestration.sources.contracts.identifiers import app_id, card_id, openid, unionid
from orchestration.sources.contracts.model import (
    Contract,
    OptOut,
    attribute,
    boolean,
    date,
    field,
    identifier,
    optional,
    personal,
    required,
    string,
    timestamp,
)

referrer = identifier("member_id", of="recipient")
"""Somebody else: who recommended is not who joined."""

MEMBER = Contract(
    id="crm.member",
    title="Members",
    description="One row per member and source, with the ways to reach them and what they told the brand about "
    "themselves. The newest row of a source counts; sources complete each other.",
    fields=(
        field("member_id", string, required, "the member", pii=identifier("member_id")),
        field("email", string, optional, "e-mail address", pii=identifier("email")),
        field(
            "phone",
            string,
            optional,
            "mobile number, with country code or in the brand's country",
            pii=identifier("phone"),
        ),
        field("full_name", string, optional, "name as the member writes it", pii=personal("full_name")),
        field("registered_at", timestamp, optional, "when the member joined; empty where the system does not know"),
        field("age_band", string, optional, "age in years, as a range", pii=attribute),
        field(
            "income_band",
            string,
            optional,
            "yearly household income in thousands of `currency`, as a range",
            pii=attribute,
        ),
        field("home_ownership", string, optional, "owner or renter, known or probable", pii=attribute),
        field("marital_status", string, optional, "married or not", pii=attribute),
        field("household_size", string, optional, "people in the household; may end with +", pii=attribute),
        field("household_composition", string, optional, "adults and children, in words", pii=attribute),
        field("children_count", string, optional, "children in the household; may end with +", pii=attribute),
        field("is_synthetic", boolean, optional, "true when the row was made up for a demonstration"),
        field("gender", string, optional, "as the member says it", pii=attribute),
        field("birthday", date, optional, "date of birth; year 1900 where only day and month are known", pii=attribute),
        field(
            "is_lunar_birthday", boolean, optional, "whether the birthday is kept by the lunar calendar", pii=attribute
        ),
        field("education", string, optional, "highest level", pii=attribute),
        field("home_city", string, optional, "where the member lives", pii=attribute),
        field("home_province", string, optional, "where the member lives", pii=attribute),
        field("address", string, optional, "where the member lives, to the door", pii=personal("address")),
        unionid(),
        card_id(),
        field("registered_through", string, optional, "where they joined: store, miniprogram, web, tmall …"),
        field("store_id", string, optional, "the store that won them"),
        field("staff_id", string, optional, "the assistant who won them"),
        field("referrer_member_id", string, optional, "who recommended the brand", pii=referrer),
        field("status", string, optional, "active, closed, merged …"),
        field("skin_type", string, optional, "what the member says of it: dry, oily, mixed, sensitive", pii=attribute),
        field("time_zone", string, optional, "IANA zone the member lives in; the brand's when empty"),
    ),
    key=("member_id",),
    event_at="registered_at",
)

CONSENT = Contract(
    id="crm.consent",
    title="Consent given and withdrawn",
    description="One row per change: who, for which channel and purpose, given or withdrawn, when and where. Nothing "
    "is sent without one.",
    fields=(
        field("member_id", string, optional, "the member who said it", pii=identifier("member_id")),
        field("email", string, optional, "the address it was said for", pii=identifier("email")),
        field("phone", string, optional, "the number it was said for", pii=identifier("phone")),
        app_id(),
        openid(meaning="who said it in WeChat (`openid` of `app_id`), where they may be known by nothing else"),
        field(
            "channel",
            string,
            required,
            "the channel it is about",
            allowed=("email", "sms", "wechat", "wecom", "push", "in_app", "mail", "call", "tmall", "all"),
        ),
        field(
            "purpose",
            string,
            required,
            "what for; location and sharing with platforms need a consent of their own",
            allowed=("marketing", "service", "survey", "location", "platform_sharing", "personalisation", "all"),
        ),
        field("is_granted", boolean, required, "true: given; false: withdrawn"),
        field("changed_at", timestamp, required, "when it was said"),
        field("said_where", string, optional, "the form, till or reply that holds the proof"),
        field("is_synthetic", boolean, optional, "true when the row was made up for a demonstration"),
    ),
    key=("member_id", "email", "phone", "app_id", "openid", "channel", "purpose", "changed_at"),
    event_at="changed_at",
    any_of=(("member_id", "email", "phone", "openid"),),
    opt_out=OptOut("{channel}", "{purpose}", "changed_at", "is_granted", withdrawn=("false",), given=("true",)),
)

MDM_ID = Contract(
    id="crm.mdm_id",
    title="Ids of older customer masters",
    description="One row per member and id in another master: several business lines had their own before this one.",
    fields=(
        field("system", string, required, "the master the id is from"),
        field("mdm_id", string, required, "the id in that master", pii=identifier("mdm_id", scope="system")),
        field("member_id", string, optional, "the member it is said to be", pii=identifier("member_id")),
        field("phone", string, optional, "number noted in that master", pii=identifier("phone")),
        field("email", string, optional, "address noted in that master", pii=identifier("email")),
        field("matched_at", timestamp, optional, "when somebody said so"),
        field("match_method", string, optional, "how: key, migration, manual …"),
    ),
    key=("system", "mdm_id", "member_id"),
    event_at="matched_at",
)

CONTRACTS = (MEMBER, CONSENT, MDM_ID)
