"""Tokens meet where values are the same person's, and the key is kept to its owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.sources import tokens
from orchestration.sources.tokens import PiiKeyError

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("namespace", "given", "normal"),
    [
        ("phone", "138 0013 8000", "+8613800138000"),
        ("phone", "+86 138-0013-8000", "+8613800138000"),
        ("phone", "１３８００１３８０００", "+8613800138000"),
        ("phone", "138****8000", None),
        ("phone", "1380013****8000", None),
        ("phone", "138 XXXX 8000 1", None),
        ("phone", "tel:+86-138-0013-8000", "+8613800138000"),
        ("phone", "\u202d13800138000\u202c", "+8613800138000"),
        ("phone", "12", None),
        ("email", " Ms.Lin@Example.COM ", "ms.lin@example.com"),
        ("email", "nobody", None),
        ("email", "a***@example.com", None),
        ("member_id", " 42 ", "42"),
        ("member_id", "  ", None),
        ("member_id", "NULL", None),
        ("member_id", "88****12", None),
        ("member_id", "7\x01", None),
        ("member_id", "\u200b7\u200b", "7"),
        ("wechat_openid", "wx1:null", None),
        ("wechat_openid", ":oABC", None),
        ("wechat_openid", "wx1:oABC", "wx1:oABC"),
        ("message_text", "none", "none"),
        ("full_name", "张**", "张**"),
    ],
)
def test_values_take_their_normal_form(namespace: str, given: str, normal: str | None) -> None:
    assert tokens.normaliser(namespace, "CN")(given) == normal


def test_equal_text_of_two_namespaces_never_meets() -> None:
    assert tokens.token(KEY, "member_id", "42") != tokens.token(KEY, "mdm_id", "42")
    assert tokens.token(KEY, "member_id", "42") != tokens.token(bytes(32), "member_id", "42")
    assert tokens.token(KEY, "member_id", "42") == "1db11b2a7865585bceba1efcddc923aa"  # HMAC-SHA256, computed apart


@pytest.mark.parametrize("key", [KEY, b"k" * 64, b"k" * 65])
def test_tokens_made_one_after_the_other_are_the_same(key: bytes) -> None:
    of = tokens.keyed(key, "member_id")
    values = ("42", "", "林")
    assert [of(value).hex() for value in values] == [tokens.token(key, "member_id", value) for value in values]


def test_the_key_file_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTREAM_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.delenv("TOUCHSTREAM_PII_KEY", raising=False)
    key = tokens.pii_key("brand_a")
    assert tokens.pii_key("brand_a") == key
    assert tokens.pii_key("brand_b") != key
    file = tmp_path / "secrets" / "brand_a.pii.key"
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(PiiKeyError, match="chmod 600"):
        tokens.pii_key("brand_a")


@pytest.mark.parametrize("value", ["short", "zz" * 32, "aa" * 16])
def test_a_weak_key_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTREAM_PII_KEY", value)
    with pytest.raises(PiiKeyError, match="32 bytes"):
        tokens.pii_key("brand_a")
