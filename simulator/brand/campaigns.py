"""The messages the brand sent before it had a platform: its campaigns, waves and triggers, and what they offer.

Here: the plan. Not here: who got them and what came of it (messages.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from simulator.brand.calendar import sales_within
from simulator.brand.draws import generator
from simulator.brand.parameters import Parameters

ROTATION = ("sms", "email", "wechat", "push", "email", "tmall", "wecom", "sms", "wechat", "mail")
CONTENTS = ("hydration", "camellia_serum", "night_repair", "sun_care", "tea_ritual", "mask_week", "refill", "gift_box")
HELD_OUT_SHARE = 0.1
"""Of those a campaign could reach, people who are left out at random: what they do shows what it earned."""


@dataclass(frozen=True)
class Campaign:
    """One campaign. `day`: of the run, -1 for a trigger. `offer_yuan`: taken off from `threshold_yuan` on.

    `share`: of the reachable that are chosen. `appeal`: factor on answering.
    """

    campaign_id: str
    name: str
    campaign_type: str
    channel: str
    day: int
    hour: float
    content_key: str
    offer_yuan: int
    threshold_yuan: int
    share: float
    appeal: float
    voucher_id: str


class Campaigns:
    """All campaigns in order; their place in the list is what messages refer to."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self.all = [*_triggers(), *self._waves(), *self._sales()]
        self.ids = [item.campaign_id for item in self.all]

    def _waves(self) -> list[Campaign]:
        """One every five days, in rotation over the channels."""
        rng = generator(self._parameters.seed, "campaigns")
        found: list[Campaign] = []
        for number, day in enumerate(range(6, self._parameters.days, 5)):
            channel = ROTATION[number % len(ROTATION)]
            content = CONTENTS[int(rng.integers(0, len(CONTENTS)))]
            has_offer = channel == "tmall" or rng.random() < 0.45
            found.append(
                Campaign(
                    campaign_id=f"C{number + 101}",
                    name=f"{content} {number + 1}",
                    campaign_type="wave",
                    channel=channel,
                    day=day,
                    hour=10.0 + float(rng.integers(0, 8)),
                    content_key=content,
                    offer_yuan=50 if has_offer else 0,
                    threshold_yuan=500 if has_offer else 0,
                    share=float(rng.uniform(0.25, 0.55)),
                    appeal=float(rng.lognormal(0, 0.35)) * (1.35 if has_offer else 1.0),
                    voucher_id=f"V-{content}" if has_offer else "",
                )
            )
        return found

    def _sales(self) -> list[Campaign]:
        """Two messages before each big sale: one by SMS, one in WeChat."""
        found: list[Campaign] = []
        for sale in sales_within(self._parameters):
            for channel, before in (("sms", 0), ("wechat", 1), ("email", 2)):
                day = self._parameters.day_of(sale.first - timedelta(days=before))
                found.append(
                    Campaign(
                        campaign_id=f"C-{sale.period_id}" if channel == "sms" else f"C-{sale.period_id}-{channel}",
                        name=f"{sale.name} {channel}",
                        campaign_type="sale",
                        channel=channel,
                        day=max(day, 0),
                        hour=9.5 + before,
                        content_key=f"sale_{sale.period_id}",
                        offer_yuan=0,
                        threshold_yuan=0,
                        share=0.7,
                        appeal=0.8 + 0.25 * sale.pull,
                        voucher_id="",
                    )
                )
        return found


def _triggers() -> list[Campaign]:
    """Messages that somebody's own day brings about."""
    welcome, birthday = "welcome", "birthday"
    return [
        Campaign("C-welcome-sms", "入会欢迎", welcome, "sms", -1, 0, "welcome", 30, 200, 0.9, 1.5, "V-welcome"),
        Campaign("C-welcome-email", "入会欢迎", welcome, "email", -1, 0, "welcome", 30, 200, 0.9, 1.3, "V-welcome"),
        Campaign("C-birthday-sms", "生日礼", birthday, "sms", -1, 9.5, "birthday", 100, 500, 0.9, 1.6, "V-birthday"),
        Campaign(
            "C-birthday-wechat", "生日礼", birthday, "wechat", -1, 9.5, "birthday", 100, 500, 0.6, 1.4, "V-birthday"
        ),
    ]
