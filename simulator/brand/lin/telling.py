"""Telling a row: moments by day and clock, and the names of hers that many systems share.

Here: helpers of her steps. Not here: the steps (steps.py, purchases.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from simulator.brand.export import Told
from simulator.brand.lin_story import Lin
from simulator.brand.parameters import DAY_SECONDS, ZONE_SECONDS

ENTITY = -1_000_000
"""Numbers of her states lie below those of all other people."""

WEB_EVENT_DWELL = 40


def moment(day: date, clock: str) -> int:
    """A moment in Shanghai, `HH:MM` or `HH:MM:SS`, in seconds since 1970."""
    parts = [int(part) for part in clock.split(":")] + [0]
    midnight = (day - date(1970, 1, 1)).days * DAY_SECONDS - ZONE_SECONDS
    return midnight + parts[0] * 3600 + parts[1] * 60 + parts[2]


def local(at: int) -> str:
    """A moment as Chinese systems write it."""
    day = date(1970, 1, 1) + timedelta(days=(at + ZONE_SECONDS) // DAY_SECONDS)
    second = (at + ZONE_SECONDS) % DAY_SECONDS
    return f"{day.isoformat()} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def utc(at: int) -> str:
    """A moment as SDKs write it."""
    return f"{local(at - ZONE_SECONDS).replace(' ', 'T')}.000Z"


@dataclass
class Teller:
    """Collects rows. `entity` numbers states by their text."""

    lin: Lin
    rows: list[Told] = field(default_factory=list[Told])
    _entities: dict[str, int] = field(default_factory=dict[str, int])

    def tell(self, export: str, at: int, **columns: str | int | bool | None) -> None:
        """One row of an export whose columns are plain names."""
        self.put(export, at, dict(columns))

    def put(self, export: str, at: int, columns: dict[str, str | int | bool | None], state_of: str = "") -> None:
        """One row; `state_of`: which thing's state it is, for exports of states."""
        entity = -1
        if state_of:
            entity = self._entities.setdefault(f"{export}/{state_of}", ENTITY - len(self._entities))
        self.rows.append(Told(export, at, columns, entity))

    def web(self, at: int, number: str, event: str, **more: str | int | None) -> None:
        """One event of her browser; columns of `properties` by their name, others whole."""
        plain = {name: value for name, value in more.items() if name not in ("userId", "medium", "source", "phone")}
        row: dict[str, str | int | bool | None] = {
            "messageId": f"ajs-lin-{number}",
            "event": event,
            "anonymousId": self.lin.cookie_id,
            "userId": more.get("userId"),
            "originalTimestamp": utc(at),
            "receivedAt": utc(at + 1),
            "properties.path": f"/{event.replace('_', '-')}",
            "properties.url": f"https://www.qinglan.example/{event.replace('_', '-')}",
            "properties.dwell": WEB_EVENT_DWELL,
            "context.sessionId": f"ws-lin-{local(at)[:10]}",
            "context.campaign.medium": more.get("medium") or "direct",
            "context.campaign.source": more.get("source") or "direct",
            "context.device": "mobile",
            "traits.source": "site",
            "traits.phone": more.get("phone"),
        }
        self.put("web_events", at, {**row, **{f"properties.{name}": value for name, value in plain.items()}})

    def mini(self, at: int, number: str, event: str, **more: str | int | None) -> None:
        """One event of hers in the mini-program."""
        self.put(
            "miniprogram_events",
            at,
            {
                "event_id": f"mp-lin-{number}",
                "event_name": event,
                "event_time": at * 1000,
                "open_id": self.lin.mini_openid,
                "union_id": self.lin.unionid,
                "visit_id": f"s-lin-{local(at)[:10]}",
                "scene": "1043",
                "path": f"pages/{event}/index",
                "stay_seconds": WEB_EVENT_DWELL,
                **more,
            },
        )

    def points(self, at: int, points: int, order: str) -> None:
        """Points earned with an order."""
        self.put(
            "points",
            at,
            {
                "entry_no": f"LP-{order}",
                "member_no": self.lin.member_id,
                "type": "earn",
                "points": points,
                "posted_at": local(at),
                "order_no": order,
                "reason": "消费积分",
                "expires_on": f"{int(local(at)[:4]) + 1}-12-31",
            },
        )

    def tier(self, at: int, tier: str, before: str | None, spend_yuan: int) -> None:
        """A change of tier."""
        self.tell(
            "tiers",
            at,
            member_no=self.lin.member_id,
            tier=tier,
            before=before,
            changed_at=local(at),
            valid_until=local(at + 365 * DAY_SECONDS)[:10],
            spend=f"{spend_yuan}.00",
            reason="spend",
        )
