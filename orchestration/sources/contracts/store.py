"""Contracts of stores: the list, its hierarchy and staff, stock, and what happens inside."""

from orchestration.sources.contracts.identifiers import (
    app_id,
    corp_id,
    device_id,
    external_userid,
    member_id,
    openid,
    phone,
    unionid,
)
from orchestration.sources.contracts.model import (
    Contract,
    boolean,
    date,
    decimal,
    field,
    identifier,
    integer,
    optional,
    personal,
    required,
    string,
    timestamp,
)

STORE = Contract(
    id="store.store",
    title="Stores",
    description="One row per store. Stores that only the till names get a row in the core that says so.",
    fields=(
        field("store_id", string, required, "the store, as the till names it"),
        field("store_name", string, optional, "its name over the door"),
        field("city", string, optional, "where it is"),
        field("region", string, optional, "the sales region it belongs to"),
        field("opened_on", date, optional, "its first day, in the brand's zone"),
        field("closed_on", date, optional, "its last day, in the brand's zone"),
        field("node_id", string, optional, "the node of the hierarchy it hangs on"),
        field("store_type", string, optional, "counter, flagship, outlet, franchise …"),
        field("latitude", decimal(9, 6), optional, "degrees north"),
        field("longitude", decimal(9, 6), optional, "degrees east"),
    ),
    key=("store_id",),
)

NODE = Contract(
    id="store.node",
    title="Hierarchy of stores",
    description="One row per node: country, region, area.",
    fields=(
        field("node_id", string, required, "the node"),
        field("node_name", string, required, "what it is called"),
        field("level", string, required, "its level: country, region, area …"),
        field("parent_node_id", string, optional, "the node above; empty at the top"),
        field("manager", string, optional, "the team that answers for it"),
    ),
    key=("node_id",),
)

STAFF = Contract(
    id="store.staff",
    title="Staff",
    description="One row per person who sells or serves. Their own numbers are known here so that they name no "
    "customer.",
    fields=(
        field("staff_id", string, required, "the person, as tills and WeCom name them"),
        field("store_id", string, optional, "where they work"),
        field("role", string, optional, "assistant, manager, therapist, agent …"),
        field("hired_on", date, optional, "first day, in the brand's zone"),
        field("left_on", date, optional, "last day, in the brand's zone"),
        field("full_name", string, optional, "their name", pii=personal("full_name")),
        phone(of="staff", meaning="their own number"),
        field("device_id", string, optional, "tablet they work with", pii=identifier("device_id", of="staff")),
    ),
    key=("staff_id",),
)

STOCK = Contract(
    id="store.stock",
    title="Stock of stores",
    description="One row per store, product and day: what was there at closing time.",
    fields=(
        field("store_id", string, required, "the store"),
        field("product_id", string, required, "the product"),
        field("stock_on", date, required, "the day, in the brand's zone"),
        field("quantity", integer, required, "units there"),
    ),
    key=("store_id", "product_id", "stock_on"),
    event_at="stock_on",
)

VISIT = Contract(
    id="store.visit",
    title="Visits",
    description="One row per visit of somebody the store recognised: by code, number or relation.",
    fields=(
        field("visit_id", string, required, "the visit"),
        field("store_id", string, required, "where"),
        field("entered_at", timestamp, required, "when they came"),
        field("left_at", timestamp, optional, "when they went"),
        field("appointment_id", string, optional, "the appointment it fulfils"),
        field("staff_id", string, optional, "who served"),
        field("recognised_by", string, optional, "how: member_qr, phone, wecom, appointment …"),
        member_id(),
        phone(),
        app_id(),
        openid(),
        unionid(),
    ),
    key=("visit_id",),
    event_at="entered_at",
)

APPOINTMENT = Contract(
    id="store.appointment",
    title="Appointments",
    description="One row per appointment in its newest state.",
    fields=(
        field("appointment_id", string, required, "the appointment"),
        field("store_id", string, required, "where"),
        field("service_type", string, optional, "what for: trial, consultation, facial, make_over, table …"),
        field("booked_at", timestamp, required, "when it was made"),
        field("scheduled_at", timestamp, required, "for when"),
        field("status", string, required, "its state", allowed=("booked", "kept", "cancelled", "missed")),
        field("booked_through", string, optional, "where: miniprogram, hotline, store, web …"),
        member_id(),
        phone(),
        app_id(),
        openid(),
        unionid(),
    ),
    key=("appointment_id",),
    event_at="booked_at",
)

SERVICE = Contract(
    id="store.service",
    title="Services given",
    description="One row per service given in a store: facial, SPA, make-over.",
    fields=(
        field("service_id", string, required, "the service given"),
        field("service_type", string, required, "what: facial_spa, make_over, skin_test …"),
        field("store_id", string, required, "where"),
        field("served_at", timestamp, required, "when"),
        field("minutes", integer, optional, "how long, in minutes"),
        field("staff_id", string, optional, "who served"),
        field("voucher_id", string, optional, "voucher it was paid with"),
        field("appointment_id", string, optional, "the appointment it fulfils"),
        field("is_paid", boolean, optional, "whether money was paid"),
        member_id(),
        phone(),
        app_id(),
        openid(),
        unionid(),
    ),
    key=("service_id",),
    event_at="served_at",
)

INTERACTION = Contract(
    id="store.interaction",
    title="Talks and trials with an assistant",
    description="One row per interaction that an assistant notes: consultation, trial of a sample, promise.",
    fields=(
        field("interaction_id", string, required, "the interaction"),
        field(
            "interaction_type",
            string,
            required,
            "what",
            allowed=("consultation", "trial", "sample_given", "voucher_given", "follow_up", "complaint"),
        ),
        field("store_id", string, required, "where"),
        field("staff_id", string, required, "the assistant"),
        field("happened_at", timestamp, required, "when"),
        field("product_id", string, optional, "the product it was about"),
        field("outcome", string, optional, "how it ended: bought, not_bought, undecided"),
        field("satisfaction", integer, optional, "how satisfied the customer seemed, 1 to 5"),
        field("voucher_id", string, optional, "voucher that was given"),
        field("note", string, optional, "the assistant's note", pii=personal("note")),
        member_id(),
        phone(),
        app_id(),
        openid(),
        unionid(),
        corp_id(),
        external_userid(),
    ),
    key=("interaction_id",),
    event_at="happened_at",
)

QR_CODE = Contract(
    id="store.qr_code",
    title="QR codes",
    description="One row per code the brand put up: what its scene stands for.",
    fields=(
        field("code_id", string, required, "the code"),
        field("scene", string, required, "the scene that a scan reports"),
        field("purpose", string, optional, "follow, bind, survey, product, table …"),
        field("store_id", string, optional, "where it hangs"),
        field("staff_id", string, optional, "the assistant it stands for"),
        field("campaign_id", string, optional, "the campaign it belongs to"),
        field("product_id", string, optional, "the product it stands on"),
        field("issued_on", date, optional, "first day, in the brand's zone"),
    ),
    key=("code_id",),
)

QR_SCAN = Contract(
    id="store.qr_scan",
    title="Scans of QR codes",
    description="One row per scan of a code in a store, with WeChat's name of who scanned.",
    fields=(
        field("scan_id", string, required, "the scan"),
        field("scene", string, required, "the code's scene"),
        field("scanned_at", timestamp, required, "when"),
        field("store_id", string, optional, "where, when the code does not say"),
        app_id(required),
        openid(required),
        unionid(),
        member_id(meaning="the member, where the scan bound one"),
        phone(meaning="the number, where the scan bound one"),
    ),
    key=("scan_id",),
    event_at="scanned_at",
)

PRESENCE = Contract(
    id="store.presence",
    title="Entries seen by Wi-Fi or geofence",
    description="One row per entry of a device whose owner agreed to be located. A row without that consent is no row.",
    fields=(
        field("presence_id", string, required, "the entry"),
        field("store_id", string, required, "where"),
        field("sensor", string, required, "what saw it", allowed=("wifi", "geofence", "beacon")),
        field("entered_at", timestamp, required, "when"),
        field("left_at", timestamp, optional, "when it was last seen"),
        field("has_consent", boolean, required, "the owner's consent to be located", allowed=("true",)),
        field("wifi_mac", string, optional, "address of the device; most rotate", pii=identifier("wifi_mac")),
        device_id(),
        member_id(meaning="the member, where the portal or the app knows"),
        phone(meaning="number given at the Wi-Fi portal"),
    ),
    key=("presence_id",),
    event_at="entered_at",
)

CONTRACTS = (
    STORE,
    NODE,
    STAFF,
    STOCK,
    VISIT,
    APPOINTMENT,
    SERVICE,
    INTERACTION,
    QR_CODE,
    QR_SCAN,
    PRESENCE,
)
