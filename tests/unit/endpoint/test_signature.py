"""Who knows the secret gets in, whatever notation its header has; nobody else does, and no old request."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from orchestration.brands import BrandError
from orchestration.endpoint import signature
from orchestration.endpoint.signature import SignatureError
from orchestration.push_settings import PushSetting

SECRET, OTHER = b"a secret of thirty-two characters", b"another one of thirty-two letters"
BODY = b'[{"event_id": "1"}]'
NOW = 1_750_000_000.0


def mac(signed: bytes, secret: bytes = SECRET) -> str:
    return hmac.new(secret, signed, hashlib.sha256).hexdigest()


def timed(moment: int = int(NOW), secret: bytes = SECRET, body: bytes = BODY) -> str:
    return f"t={moment},v1={mac(f'{moment}.'.encode() + body, secret)}"


def check(header: str | None, scheme: Any = "hmac-sha256", *, token: str | None = None, body: bytes = BODY) -> None:
    setting = PushSetting(secret_env="S", scheme=scheme)
    headers = {} if header is None else {"X-Signature": header}
    signature.verify(setting, (SECRET,), headers=headers, token=token, body=body, now=NOW)


@pytest.mark.parametrize(
    ("scheme", "header"),
    [
        ("hmac-sha256", timed()),
        ("hmac-sha256", timed(int(NOW) - 300)),
        ("hmac-sha256", timed(int(NOW) + 300)),
        ("hmac-sha256", f"t={int(NOW)}, v1={'00' * 32}, {timed().split(',')[1]}"),
        ("sha256", f"sha256={mac(BODY)}"),
        ("sha256", mac(BODY).upper()),
        ("sha256", base64.b64encode(bytes.fromhex(mac(BODY))).decode()),
        ("token", SECRET.decode()),
        ("token", f"Bearer {SECRET.decode()}"),
    ],
)
def test_a_request_of_somebody_who_knows_the_secret_passes(scheme: str, header: str) -> None:
    check(header, scheme)


def test_the_token_may_stand_in_the_address() -> None:
    check(None, "token", token=SECRET.decode())


@pytest.mark.parametrize(
    ("scheme", "header", "said"),
    [
        ("hmac-sha256", None, "no X-Signature header"),
        ("hmac-sha256", timed(secret=OTHER), "does not fit"),
        ("hmac-sha256", timed(body=BODY + b" "), "does not fit"),
        ("hmac-sha256", timed(int(NOW) - 301), "301 s before this server's clock"),
        ("hmac-sha256", timed(int(NOW) + 301), "-301 s before"),
        ("hmac-sha256", timed().replace(f"t={int(NOW)}", f"t={int(NOW) - 1}"), "does not fit"),
        ("hmac-sha256", f"v1={mac(BODY)}", "is not t=<unix seconds>,v1=<hex>"),
        ("hmac-sha256", f"t={int(NOW)}", "is not t="),
        ("hmac-sha256", f"t={int(NOW)},v1=zz", "is not t="),
        ("hmac-sha256", f"t=-1,v1={mac(BODY)}", "is not t="),
        ("hmac-sha256", f"t={'9' * 400},v1={mac(BODY)}", "is not t="),
        ("hmac-sha256", f"sha256={mac(BODY)}", "is not t="),
        ("sha256", f"sha256={mac(BODY, OTHER)}", "does not fit"),
        ("sha256", "sha256=", "is not sha256="),
        ("sha256", "no base64 at all", "is not sha256="),
        ("sha256", mac(BODY)[:-2], "is not sha256="),
        ("token", OTHER.decode(), "not the source's"),
        ("token", None, "not the source's"),
    ],
)
def test_any_other_request_is_refused_with_its_reason(scheme: str, header: str | None, said: str) -> None:
    with pytest.raises(SignatureError) as refused:
        check(header, scheme)
    assert said in str(refused.value)
    assert SECRET.decode() not in str(refused.value)


def test_while_a_secret_is_changed_both_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S", f"{SECRET.decode().replace(' ', '-')} {OTHER.decode().replace(' ', '-')}")
    secrets = signature.read_secrets("events", "S")
    setting = PushSetting(secret_env="S", scheme="sha256")
    for secret in secrets:
        signature.verify(setting, secrets, headers={"X-Signature": mac(BODY, secret)}, token=None, body=BODY, now=NOW)
    assert len(secrets) == 2


@pytest.mark.parametrize(("value", "said"), [("", "holds no secret"), ("short", "fewer than 16 characters")])
def test_a_missing_or_short_secret_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, value: str, said: str
) -> None:
    monkeypatch.setenv("EVENTS_SECRET", value)
    with pytest.raises(BrandError, match=f"EVENTS_SECRET.*{said}|{said}.*EVENTS_SECRET|EVENTS_SECRET {said}"):
        signature.read_secrets("events", "EVENTS_SECRET")
