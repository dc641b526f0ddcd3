"""Fields that name a person, as they stand in many contracts.

Here: one function a kind of identifier, with the scope it is valid in. Not here: what the kinds may do
(seeds/identifier_namespaces.csv).
"""

from __future__ import annotations

from orchestration.sources.contracts.model import (
    Field,
    Person,
    Presence,
    field,
    identifier,
    optional,
    string,
)


def member_id(presence: Presence = optional, meaning: str = "the member, where the channel knows") -> Field:
    """The customer master's number."""
    return field("member_id", string, presence, meaning, pii=identifier("member_id"))


def phone(
    presence: Presence = optional,
    meaning: str = "mobile number; a masked one is set aside",
    *,
    name: str = "phone",
    of: Person = "actor",
) -> Field:
    """A mobile number."""
    return field(name, string, presence, meaning, pii=identifier("phone", of=of))


def email(presence: Presence = optional, meaning: str = "e-mail address") -> Field:
    """An e-mail address."""
    return field("email", string, presence, meaning, pii=identifier("email"))


def openid(
    presence: Presence = optional, meaning: str = "WeChat's name for the person in this app (`openid`)"
) -> Field:
    """An openid; the contract has `app_id` beside it."""
    return field("openid", string, presence, meaning, pii=identifier("wechat_openid", scope="app_id"))


def unionid(presence: Presence = optional) -> Field:
    """A unionid: one person over all apps of one WeChat open-platform account."""
    meaning = "WeChat's name for the person over all the brand's apps (`unionid`)"
    return field("unionid", string, presence, meaning, pii=identifier("wechat_unionid"))


def app_id(presence: Presence = optional) -> Field:
    """The WeChat app that an openid is valid in."""
    return field("app_id", string, presence, "the WeChat app: official account or mini-program (`appid`)")


def external_userid(presence: Presence = optional) -> Field:
    """WeCom's name for a customer; the contract has `corp_id` beside it."""
    meaning = "WeCom's name for the customer (`external_userid`)"
    return field("external_userid", string, presence, meaning, pii=identifier("wecom_external_userid", scope="corp_id"))


def corp_id(presence: Presence = optional) -> Field:
    """The company in WeCom that an external_userid is valid in."""
    return field("corp_id", string, presence, "the brand's company in WeCom (`corpid`)")


def ouid(presence: Presence = optional) -> Field:
    """A buyer's OUID; the contract has `shop_id` beside it."""
    meaning = "Tmall's name for the buyer in this shop (`ouid`)"
    return field("ouid", string, presence, meaning, pii=identifier("tmall_ouid", scope="shop_id"))


def omid(presence: Presence = optional) -> Field:
    """A buyer's OMID: known for members of the brand's club only."""
    meaning = "Tmall's name for the buyer as a member of the brand (`omid`); empty for strangers"
    return field("omid", string, presence, meaning, pii=identifier("tmall_omid"))


def shop_id(presence: Presence = optional) -> Field:
    """The Tmall shop that an OUID is valid in."""
    return field("shop_id", string, presence, "the Tmall or Taobao shop (`sid`)")


def card_id(presence: Presence = optional) -> Field:
    """A plastic card shown at the till."""
    return field("card_id", string, presence, "the loyalty card shown at the till", pii=identifier("pos_card_id"))


def cookie_id(presence: Presence = optional, meaning: str = "the browser, by its first-party cookie") -> Field:
    """A browser."""
    return field("cookie_id", string, presence, meaning, pii=identifier("cookie_id"))


def device_id(presence: Presence = optional, meaning: str = "the device (IDFV, Android id)") -> Field:
    """A device."""
    return field("device_id", string, presence, meaning, pii=identifier("device_id"))


def app_instance_id(presence: Presence = optional) -> Field:
    """One installation of the brand's app."""
    meaning = "one installation of the app (`app_instance_id`)"
    return field("app_instance_id", string, presence, meaning, pii=identifier("app_instance_id"))


def platform_user_id(presence: Presence = optional) -> Field:
    """A social platform's name for a person; the contract has `platform` beside it."""
    meaning = "the platform's name for the person towards this brand"
    return field("platform_user_id", string, presence, meaning, pii=identifier("platform_user_id", scope="platform"))
