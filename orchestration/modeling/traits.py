"""What of a name, a birthday and an address can be compared: the same thing written differently becomes one text.

Here: plain forms, made in memory from clear values. Not here: where the values come from (people.py), how alike two of
them are (linkage.py). Forms are as personal as the values: they are never written anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

UNKNOWN_YEAR = 1900
"""The year of a birthday of which only day and month are known (the contracts say so)."""
SHORTEST_ADDRESS = 6
"""Characters without which an address is no more than a town or a street."""

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HAN_TITLE = re.compile(r"(先生|女士|小姐|太太|夫人|老师|同学)$")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "mme", "mlle"})
_MASKED = re.compile(r"[*＊●]")
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)[\W_]+(?=\d)")


@dataclass(frozen=True)
class Person:
    """One customer as far as it can be compared; None: not known.

    `key`: the identifier that stands for the customer. `words`: the name, its words in order of the alphabet.
    `initial`: their first sign. `is_han`: whether the name is written in Chinese. `birthday`: with its year,
    `month_day`: without, `birth_year` the year alone; the first two begin with `s` (solar) or `l` (lunar calendar).
    `address`, and `numbers` that stand in it. `city`.
    """

    key: str
    words: str | None
    initial: str | None
    is_han: bool | None
    birthday: str | None
    month_day: str | None
    birth_year: str | None
    address: str | None
    numbers: str | None
    city: str | None


def person(
    key: str, *, name: str | None, birthday: date | None, is_lunar: bool, address: str | None, city: str | None
) -> Person:
    """The comparable form of what is known of one customer."""
    words = plain_name(name or "")
    calendar = "l" if is_lunar else "s"
    has_year = birthday is not None and birthday.year != UNKNOWN_YEAR
    door = plain_address(address or "")
    return Person(
        key,
        words,
        words[0] if words else None,
        bool(_HAN.search(words)) if words else None,
        f"{calendar}{birthday.isoformat()}" if birthday and has_year else None,
        f"{calendar}{birthday:%m-%d}" if birthday else None,
        str(birthday.year) if birthday and has_year else None,
        door,
        "-".join(re.findall(r"\d+", door)) if door else None,
        plain_city(city or ""),
    )


def plain_name(text: str) -> str | None:
    """A name without case, accents, titles and the order of its words; None where it names nobody (`张*`, `林女士`)."""
    folded = _folded(text)
    if _MASKED.search(text):
        return None
    if _HAN.search(folded):
        bare = _HAN_TITLE.sub("", re.sub(r"[\W\d_]+", "", folded))
        return bare if len(bare) > 1 else None
    words = sorted(word for word in re.split(r"[\W\d_]+", folded) if word and word not in _TITLES)
    return " ".join(words) if len(words) > 1 else None


def plain_address(text: str) -> str | None:
    """An address without case, blanks and punctuation; None where it is too short to lead to a door."""
    if _MASKED.search(text):
        return None
    bare = re.sub(r"(?!-)[\W_]", "", _BETWEEN_NUMBERS.sub("-", _folded(text).replace("-", " ")))
    return bare if len(bare) >= SHORTEST_ADDRESS else None


def plain_city(text: str) -> str | None:
    """A city without case, blanks and the word for city."""
    return re.sub(r"[\W_]+", "", _folded(text)).removesuffix("市") or None


def _folded(text: str) -> str:
    """Small letters of one width, without accents."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).strip()
