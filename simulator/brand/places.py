"""Where the brand meets people: stores, their hierarchy, staff, tablets, QR codes.

Here: twelve stores in three regions, one of them a tea room. Names and numbers are made up. Not here: what happens
inside (exports/store.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from simulator.brand.draws import Floats, Ints, generator
from simulator.brand.parameters import Parameters

AREAS = {"江南": "华东", "京津": "华北", "山东": "华北", "珠三角": "华南", "西南": "华南", "江北": "华东"}
REGIONS = ("华东", "华北", "华南")
TEA_ROOM = "HZ02"


@dataclass(frozen=True)
class Store:
    """One store."""

    store_id: str
    name: str
    city: str
    area: str
    store_type: str
    opened_on: date
    latitude: float
    longitude: float

    @property
    def region(self) -> str:
        """The sales region it belongs to."""
        return AREAS[self.area]


STORES = (
    Store("SH01", "青岚静安旗舰店", "上海", "江南", "flagship", date(2019, 5, 1), 31.229_200, 121.448_100),
    Store("SH02", "青岚浦东专柜", "上海", "江南", "counter", date(2021, 3, 12), 31.236_500, 121.502_300),
    Store("HZ01", "青岚武林专柜", "杭州", "江南", "counter", date(2020, 9, 18), 30.271_700, 120.163_200),
    Store("HZ02", "青岚龙井茶室", "杭州", "江南", "tea_room", date(2023, 4, 5), 30.223_900, 120.112_600),
    Store("NJ01", "青岚新街口专柜", "南京", "江北", "counter", date(2021, 6, 1), 32.043_100, 118.784_400),
    Store("BJ01", "青岚三里屯旗舰店", "北京", "京津", "flagship", date(2019, 10, 1), 39.936_200, 116.454_700),
    Store("BJ02", "青岚西单专柜", "北京", "京津", "counter", date(2022, 1, 8), 39.911_100, 116.373_600),
    Store("TJ01", "青岚和平专柜", "天津", "京津", "counter", date(2022, 8, 20), 39.118_400, 117.196_900),
    Store("QD01", "青岚市南专柜", "青岛", "山东", "counter", date(2023, 7, 1), 36.062_300, 120.383_200),
    Store("GZ01", "青岚天河旗舰店", "广州", "珠三角", "flagship", date(2020, 5, 20), 23.132_400, 113.327_100),
    Store("SZ01", "青岚南山奥莱店", "深圳", "珠三角", "outlet", date(2022, 11, 11), 22.518_900, 113.939_500),
    Store("CD01", "青岚春熙路专柜", "成都", "西南", "franchise", date(2023, 3, 8), 30.655_400, 104.081_000),
)

CITIES: tuple[tuple[str, str, str, float], ...] = (
    ("上海", "上海", "SH01", 0.17), ("上海", "上海", "SH02", 0.07), ("杭州", "浙江", "HZ01", 0.10),
    ("南京", "江苏", "NJ01", 0.07), ("苏州", "江苏", "SH02", 0.05), ("北京", "北京", "BJ01", 0.12),
    ("北京", "北京", "BJ02", 0.05), ("天津", "天津", "TJ01", 0.05), ("青岛", "山东", "QD01", 0.05),
    ("广州", "广东", "GZ01", 0.09), ("深圳", "广东", "SZ01", 0.08), ("成都", "四川", "CD01", 0.07),
    ("绍兴", "浙江", "HZ01", 0.03),
)  # fmt: skip
"""City, province, nearest store, share of people."""


@dataclass(frozen=True)
class Member:
    """One of the staff; `tablet` is the device they work with."""

    staff_id: str
    store_id: str
    role: str
    hired_on: date
    left_on: date | None
    full_name: str
    phone: str
    tablet: str


class Places:
    """Stores and staff as lists, and as arrays for drawing."""

    def __init__(self, parameters: Parameters) -> None:
        self.store_ids = [store.store_id for store in STORES]
        self._seed = parameters.seed

    @cached_property
    def staff(self) -> list[Member]:
        """Four at every store, the last a therapist, and six agents of the service centre."""
        rng = generator(self._seed, "staff")
        found: list[Member] = []
        for place in range(len(STORES) * 4 + 6):
            at_store = place < len(STORES) * 4
            store = STORES[place // 4].store_id if at_store else ""
            role = ("manager", "assistant", "assistant", "therapist")[place % 4] if at_store else "agent"
            found.append(
                Member(
                    staff_id=f"S{place + 1:03d}",
                    store_id=store,
                    role=role,
                    hired_on=date(2019 + int(rng.integers(0, 6)), int(rng.integers(1, 13)), 1),
                    left_on=date(2025, 8, 31) if place % 17 == 5 else None,
                    full_name="周陈吴郑王冯蒋沈韩杨"[place % 10] + "静敏丽慧娜芳婷雪"[int(rng.integers(0, 8))],
                    phone=f"19200000{place + 100:03d}",
                    tablet=f"tab-{store}-{place % 2 + 1}" if at_store else "",
                )
            )
        return found

    @cached_property
    def staff_ids(self) -> list[str]:
        """Ids of all staff, store by store, agents last."""
        return [item.staff_id for item in self.staff]

    @property
    def agents(self) -> int:
        """The place of the first agent among the staff."""
        return len(STORES) * 4

    @cached_property
    def city_weights(self) -> Floats:
        """Share of people by row of CITIES."""
        return np.array([share for *_, share in CITIES])

    @cached_property
    def city_store(self) -> Ints:
        """The nearest store of each row of CITIES, as its place in STORES."""
        return np.array([self.store_ids.index(store) for _, _, store, _ in CITIES], np.int64)


def qr_codes() -> list[tuple[str, str, str, str, str]]:
    """Every QR code: code, scene, purpose, store, staff."""
    found: list[tuple[str, str, str, str, str]] = []
    for place, store in enumerate(STORES):
        found.append((f"QR-F-{store.store_id}", f"follow_{store.store_id}", "follow", store.store_id, ""))
        found.append((f"QR-B-{store.store_id}", f"bind_{store.store_id}", "bind", store.store_id, ""))
        found += [
            (f"QR-S-S{n + 1:03d}", f"staff_S{n + 1:03d}", "follow", store.store_id, f"S{n + 1:03d}")
            for n in range(place * 4 + 1, place * 4 + 3)
        ]
    return [*found, ("QR-T-HZ02", "table_HZ02", "table", TEA_ROOM, ""), ("QR-N-01", "survey_bag", "survey", "", "")]
