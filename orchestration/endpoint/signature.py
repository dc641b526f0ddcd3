"""Who sent it: the proof that a push comes from somebody who knows the source's secret.

Here: the secrets of a brand's sources, and the check of one request. Not here: what is done about a wrong one (app.py).

`hmac-sha256`: the header is `t=<unix seconds>,v1=<hex>`, signed is `<t>.<body>`, so that an old request with a new time
does not pass; several `v1` may stand there. `sha256`: the header is `sha256=<hex>`, bare hex, or base64, of the body
alone. `token`: the secret itself, for senders that cannot sign.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping

from orchestration.brands import Brand, BrandError
from orchestration.push_settings import PushSetting

SHORTEST_SECRET = 16


class SignatureError(ValueError):
    """A push without a proof that holds; the message says which part is wrong, and no secret."""


def secrets_of(brand: Brand) -> dict[str, tuple[bytes, ...]]:
    """The secrets of every source that is pushed to, from the environment; BrandError as of `read_secrets`."""
    return {
        name: read_secrets(name, source.push.secret_env)
        for name, source in brand.file.sources.items()
        if source.push is not None
    }


def read_secrets(source: str, variable: str) -> tuple[bytes, ...]:
    """The secrets in a variable; BrandError, naming it, for one that is missing or too short to keep anybody out."""
    found = os.environ.get(variable, "").split()
    if not found:
        raise BrandError(f"source {source}: the variable {variable} holds no secret; set it to the one its sender has")
    if any(len(secret) < SHORTEST_SECRET for secret in found):
        raise BrandError(
            f"source {source}: a secret in {variable} has fewer than {SHORTEST_SECRET} characters: "
            "make one with `openssl rand -hex 32`"
        )
    return tuple(secret.encode() for secret in found)


def verify(
    setting: PushSetting,
    secrets: tuple[bytes, ...],
    *,
    headers: Mapping[str, str],
    token: str | None,
    body: bytes,
    now: float,
) -> None:
    """Check one request: its headers (looked up whatever their case), the `token` of its address, its body as sent.

    `now` is unix seconds. Raises SignatureError when nothing proves that the sender knows one of the secrets.
    """
    given = headers.get(setting.signature_header, "").strip()
    if setting.scheme == "token":
        given = given.removeprefix("Bearer ") or token or ""
        matches = _any_equal([given.encode()], list(secrets))
    elif not given:
        raise SignatureError(f"there is no {setting.signature_header} header")
    elif setting.scheme == "sha256":
        matches = _any_equal([_plain_digest(given, setting)], [_mac(secret, body) for secret in secrets])
    else:
        moment, digests = _timed_digests(given, setting)
        if abs(now - moment) > setting.tolerance_seconds:
            raise SignatureError(
                f"t is {now - moment:.0f} s before this server's clock; {setting.tolerance_seconds} s are allowed: "
                "sign each attempt anew, and look at both clocks"
            )
        matches = _any_equal(digests, [_mac(secret, f"{moment}.".encode() + body) for secret in secrets])
    if not matches:
        raise SignatureError(
            "the token is not the source's" if setting.scheme == "token" else "the signature does not fit the body"
        )


def _mac(secret: bytes, signed: bytes) -> bytes:
    return hmac.new(secret, signed, hashlib.sha256).digest()


def _any_equal(given: list[bytes], wanted: list[bytes]) -> bool:
    """Whether one of each is the same; takes as long whatever they are."""
    return sum(hmac.compare_digest(one, other) for one in given for other in wanted) > 0


def _plain_digest(given: str, setting: PushSetting) -> bytes:
    text = given.removeprefix("sha256=")
    try:
        digest = bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text, validate=True)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise SignatureError(f"{setting.signature_header} is not sha256=<64 hex digits>, nor 32 bytes in base64")
    return digest


def _timed_digests(given: str, setting: PushSetting) -> tuple[int, list[bytes]]:
    parts = [part.strip().partition("=") for part in given.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    try:
        digests = [bytes.fromhex(value) for name, _, value in parts if name == "v1"]
        if len(times) == 1 and times[0].isascii() and times[0].isdigit() and len(times[0]) <= 12 and digests:
            return int(times[0]), digests
    except ValueError:
        pass
    raise SignatureError(f"{setting.signature_header} is not t=<unix seconds>,v1=<hex>")
