"""Tokens: what stands in the warehouse for a person's identifiers and personal values.

Here: the key, the normal form of each namespace, the keyed hash. Not here: where clear values are kept
(landing/write.py), which values identity may use (seeds/identifier_namespaces.csv, dbt).

A token is the first 128 bits, in hex, of HMAC-SHA256(key, namespace, 0x1F, normal value): equal values meet, and
without the key nobody can find a value by trying all phone numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from orchestration import settings
from orchestration.sources import plain_forms
from orchestration.sources.contracts import CONTRACTS

TOKEN_HEX_DIGITS = 32
KEY_BYTES = 32
BLOCK_BYTES = 64

IDENTIFIERS = frozenset(
    item.pii.namespace for contract in CONTRACTS.values() for item in contract.fields if item.pii.kind == "identifier"
)
"""Namespaces whose values name a person; the others only tell of one."""
NOBODY = frozenset(
    (
        "null",
        "(null)",
        "none",
        "nil",
        "nan",
        "n/a",
        "#n/a",
        "undefined",
        "\\n",
        "-",
        "--",
        "?",
        "无",
        "匿名",
        "anonymous",
    )
)
"""What software writes where it knows nobody, folded: as an identifier it would make one person of all strangers."""

_MASK = re.compile(r"\*{2,}")
_NOT_OF_A_NUMBER = re.compile(r"[^\W\d_]|\*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BEFORE_A_NUMBER = re.compile(r"^tel:", re.IGNORECASE)


class PiiKeyError(RuntimeError):
    """The PII key is missing, unreadable by us alone, or not the one this database was filled with."""


def pii_key(brand: str) -> bytes:
    """The brand's key: `TOUCHSTREAM_PII_KEY` (hex), else a 0600 file in the secrets folder, made at first use.

    Raises PiiKeyError when the variable is no hex of 32 bytes or the file can be read by others.
    """
    configured = os.environ.get("TOUCHSTREAM_PII_KEY")
    if configured:
        return _from_hex(configured, "TOUCHSTREAM_PII_KEY")
    path = settings.secrets_folder() / f"{brand}.pii.key"
    if not path.exists():
        _make(path)
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise PiiKeyError(f"{path} may be read by others (mode {mode:o}): chmod 600 it")
    return _from_hex(path.read_text(encoding="ascii").strip(), str(path))


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_hex(KEY_BYTES))
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(scratch, path)
    except FileExistsError:
        pass  # another process made the key first: that one counts
    finally:
        scratch.unlink()


def _from_hex(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) < KEY_BYTES:
        raise PiiKeyError(
            f"{where} must hold at least {KEY_BYTES} bytes in hex "
            "(make one: python -c 'import secrets; print(secrets.token_hex())')"
        )
    return key


def key_fingerprint(key: bytes) -> str:
    """What a database keeps to recognise its key: a hash that tells nothing of it."""
    return hashlib.sha256(b"touchstream key fingerprint" + key).hexdigest()[:32]


def token(key: bytes, namespace: str, value: str) -> str:
    """The token of a normal value: 32 hex digits."""
    message = namespace.encode() + b"\x1f" + value.encode()
    return hmac.digest(key, message, "sha256").hex()[:TOKEN_HEX_DIGITS]


def keyed(key: bytes, namespace: str) -> Callable[[str], bytes]:
    """The bytes of `token` for many values of one namespace: what their hashes share is worked out once (RFC 2104)."""
    padded = (key if len(key) <= BLOCK_BYTES else hashlib.sha256(key).digest()).ljust(BLOCK_BYTES, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + namespace.encode() + b"\x1f")
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def of(value: str) -> bytes:
        first, last = inner.copy(), outer.copy()
        first.update(value.encode())
        last.update(first.digest())
        return last.digest()[: TOKEN_HEX_DIGITS // 2]

    return of


def normaliser(namespace: str, country: str) -> Callable[[str], str | None]:
    """The function that gives a value's normal form, or None where it is no value of the namespace.

    phone: E.164, numbers without a country code read as of `country`. email: folded, its syntax checked, no look-up
    made. Any other: Unicode NFKC, outer blanks cut. An identifier is also without letters that have no width, and none
    where it is masked, holds control letters or a word for nobody.
    """
    if namespace == "phone":
        return lambda value: _phone(value, country)
    if namespace == "email":
        return _email
    return _named if namespace in IDENTIFIERS else _plain


@lru_cache(maxsize=100_000)
def _phone(value: str, country: str) -> str | None:
    plain = plain_forms.phone(value, country)
    if plain is not None:
        return plain
    text = _BEFORE_A_NUMBER.sub("", _seen(value))
    if _NOT_OF_A_NUMBER.search(text):  # a masked digit, or a letter that would be read as one
        return None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(value: str) -> str | None:
    folded = _seen(value).lower()
    plain = plain_forms.email(folded)
    if plain is not None:
        return plain
    if "*" in folded:  # masked: the standard would allow it, and all strangers would be one
        return None
    try:
        return validate_email(folded, check_deliverability=False, test_environment=True, strict=True).normalized.lower()
    except EmailNotValidError:
        return None


def _named(value: str) -> str | None:
    text = _seen(value)
    if text.startswith(":"):  # without the scope it is valid in
        return None
    own = text.rpartition(":")[2].strip().lower()  # behind its scope
    if not own or own in NOBODY or _MASK.search(text) or _CONTROL.search(text):
        return None
    return text


def _seen(value: str) -> str:
    """What a reader sees: NFKC, without letters that have no width, outer blanks cut."""
    text = unicodedata.normalize("NFKC", value)
    if not text.isascii():
        text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return text.strip()


def _plain(value: str) -> str | None:
    return unicodedata.normalize("NFKC", value).strip() or None
