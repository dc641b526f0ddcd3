"""Short cuts answer as the libraries would, or not at all."""

from __future__ import annotations

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.sources import plain_forms

COUNTRIES = ("CN", "US", "DE", "GB", "FR", "JP", "IT", "BR", "IN", "HK", "SG", "AU", "CA", "RU", "MX", "AR")
EXAMPLES = [
    str(example.national_number)
    for country in COUNTRIES
    if (example := phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)) is not None
]


def by_library(value: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def near(example: str) -> st.SearchStrategy[str]:
    """Numbers that begin like a valid one, and end like another or get a digit more or less."""
    return st.builds(
        lambda kept, rest: (example[:kept] + rest)[: len(example) + 1],
        st.integers(0, len(example)),
        st.text("0123456789", min_size=4, max_size=12),
    )


numbers = st.one_of(*(near(example) for example in EXAMPLES), st.text("0123456789+ -", max_size=16))
prefixes = st.sampled_from(["", "", "", "+86", "+1", "+49", "86", "1", "0", "00", "011", "17900", "12500"])


@settings(max_examples=400)
@given(prefixes, numbers, st.sampled_from(COUNTRIES))
def test_a_phone_number_is_told_as_the_library_tells_it(prefix: str, number: str, country: str) -> None:
    told = plain_forms.phone(prefix + number, country)
    if told is not None:
        assert told == by_library(prefix + number, country)


@pytest.mark.parametrize(
    ("value", "country", "told"),
    [
        ("13800138000", "CN", "+8613800138000"),
        ("+8613800138000", "CN", "+8613800138000"),
        ("2015550123", "US", "+12015550123"),
        ("017900138000", "CN", None),
        ("138 0013 8000", "CN", None),
        ("١٣٨٠٠١٣٨٠٠٠", "CN", None),
        ("+12015550123", "CN", None),
        ("13800138000", "XX", None),
    ],
)
def test_only_the_plainest_phone_numbers_are_told(value: str, country: str, told: str | None) -> None:
    assert plain_forms.phone(value, country) == told


addresses = st.builds(
    lambda local, domain: f"{local}@{domain}",
    st.text("abz09._+-A '\"", min_size=1, max_size=70),
    st.one_of(
        st.sampled_from(
            ["a.example", "b.test", "c.local", "d.invalid", "e.co.uk", "xn--bcher-kva.example", "localhost"]
        ),
        st.text("ab0.-_", min_size=1, max_size=70),
    ),
)


@settings(max_examples=400)
@given(addresses)
def test_an_address_is_told_as_the_library_tells_it(value: str) -> None:
    told = plain_forms.email(value)
    if told is None:
        return
    try:
        expected = validate_email(
            value, check_deliverability=False, test_environment=True, strict=True
        ).normalized.lower()
    except EmailNotValidError:
        expected = None
    assert told == expected


@pytest.mark.parametrize(
    ("value", "told"),
    [("ms.lin@b.example", "ms.lin@b.example"), ("Ms.Lin@b.example", None), ("a..b@b.example", None), ("a@b", None)],
)
def test_only_the_plainest_addresses_are_told(value: str, told: str | None) -> None:
    assert plain_forms.email(value) == told
