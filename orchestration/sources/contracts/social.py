"""Contracts of social platforms: posts of the brand and of opinion leaders, what they reach, livestreams."""

from orchestration.sources.contracts.identifiers import cookie_id, device_id, platform_user_id, unionid
from orchestration.sources.contracts.model import (
    Contract,
    date,
    decimal,
    field,
    integer,
    optional,
    personal,
    required,
    string,
    timestamp,
)

PLATFORMS = (
    "xiaohongshu",
    "weibo",
    "douyin",
    "kuaishou",
    "bilibili",
    "wechat_channels",
    "instagram",
    "facebook",
    "pinterest",
    "tiktok",
)


POST = Contract(
    id="social.post",
    title="Posts",
    description="One row per post about the brand, its own or an opinion leader's.",
    fields=(
        field("platform", string, required, "the platform", allowed=PLATFORMS),
        field("post_id", string, required, "the post, as the platform names it"),
        field("author_id", string, required, "who posted: a public account"),
        field(
            "author_type",
            string,
            required,
            "whose account: the brand's, an opinion leader's, a customer's",
            allowed=("brand", "kol", "koc", "media"),
        ),
        field("published_at", timestamp, required, "when it went online"),
        field("post_type", string, optional, "image, video, article, livestream …"),
        field("title", string, optional, "its title"),
        field("campaign_id", string, optional, "the campaign it belongs to"),
        field("product_id", string, optional, "the product it shows"),
        field("content_key", string, optional, "its content, as campaigns name it"),
        field("fee_amount", decimal(12, 2), optional, "paid to the author, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("url", string, optional, "its address"),
    ),
    key=("platform", "post_id"),
    event_at="published_at",
)

POST_DAILY = Contract(
    id="social.post_daily",
    title="What posts reached, by day",
    description="One row per post and day.",
    fields=(
        field("platform", string, required, "the platform", allowed=PLATFORMS),
        field("post_id", string, required, "the post"),
        field("stat_on", date, required, "the day, in the brand's zone"),
        field("impression_count", integer, optional, "times it was shown"),
        field("reach_count", integer, optional, "people it was shown to"),
        field("click_count", integer, optional, "clicks to the brand"),
        field("like_count", integer, optional, "likes of the day"),
        field("comment_count", integer, optional, "comments of the day"),
        field("share_count", integer, optional, "shares of the day"),
        field("save_count", integer, optional, "times it was saved on that day"),
    ),
    key=("platform", "post_id", "stat_on"),
    event_at="stat_on",
)

ENGAGEMENT = Contract(
    id="social.engagement",
    title="Exposures and clicks of posts",
    description="One row per exposure, click or reaction that a platform reports for one person or device.",
    fields=(
        field("engagement_id", string, required, "the event (`click_id`)"),
        field("platform", string, required, "the platform", allowed=PLATFORMS),
        field("post_id", string, optional, "the post; empty for a livestream"),
        field("livestream_id", string, optional, "the livestream"),
        field(
            "event_type",
            string,
            required,
            "what happened",
            allowed=("exposure", "click", "like", "comment", "share", "save", "follow", "live_view", "live_click"),
        ),
        field("event_at", timestamp, required, "when it happened"),
        platform_user_id(),
        device_id(),
        cookie_id(meaning="the browser that a click led to"),
        unionid(),
        field(
            "oaid",
            string,
            optional,
            "advertising id of the device: it rotates, and never links",
            pii=personal("oaid"),
        ),
        field("campaign_id", string, optional, "the campaign it belongs to"),
        field("content_key", string, optional, "its content, as campaigns name it"),
        field("product_id", string, optional, "the product it shows"),
        field("landing_url", string, optional, "where a click led"),
        field("dwell_seconds", integer, optional, "how long it was looked at, in seconds"),
    ),
    key=("engagement_id",),
    event_at="event_at",
)

LIVESTREAM = Contract(
    id="social.livestream",
    title="Livestreams",
    description="One row per livestream, with its totals.",
    fields=(
        field("platform", string, required, "the platform", allowed=PLATFORMS),
        field("livestream_id", string, required, "the livestream"),
        field("host_id", string, required, "who hosts it: a public account"),
        field("host_type", string, optional, "whose account", allowed=("brand", "kol", "koc", "media")),
        field("started_at", timestamp, required, "when it began"),
        field("ended_at", timestamp, optional, "when it ended"),
        field("viewer_count", integer, optional, "people who watched"),
        field("order_count", integer, optional, "orders during it, as the platform counts them"),
        field("sales_amount", decimal(14, 2), optional, "sales during it, as the platform counts them, in `currency`"),
        field("fee_amount", decimal(12, 2), optional, "paid to the host, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("campaign_id", string, optional, "the campaign it belongs to"),
    ),
    key=("platform", "livestream_id"),
    event_at="started_at",
)

CONTRACTS = (POST, POST_DAILY, ENGAGEMENT, LIVESTREAM)
