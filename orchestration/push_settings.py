"""What a brand file says of a source that is pushed to us: `[sources.<name>.push]`.

Here: the settings and their checks. Not here: the rest of a source (brands.py), how a signature is computed
(endpoint/signature.py), where in a body the records are (sources/push/records.py).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MEBIBYTE = 1 << 20


class PushSetting(BaseModel):
    """How one source's pushes are proved, read and answered.

    `secret_env`: the environment variable that holds the secret, or several secrets with blanks between them while one
    takes the place of another. `scheme`: `hmac-sha256` (the header says `t=<unix seconds>,v1=<hex>`, the signature
    covers the time and the body), `sha256` (the header holds the signature of the body alone) or `token` (the secret
    itself, in the header or as `?token=` of the address, for senders that cannot sign). `tolerance_seconds`: how far
    `t` may be from our clock. `records`: where in the JSON body the records are, as keys with dots between them;
    empty: the body itself. `answer`: the shape of the answer. `max_body_bytes`: larger bodies are refused. `keep_days`:
    how long a landed push is remembered, so that the same delivery again is known (its body goes when it lands).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret_env: Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]*$")]
    scheme: Literal["hmac-sha256", "sha256", "token"] = "hmac-sha256"
    signature_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")] = "X-Signature"
    tolerance_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
    records: Annotated[str, Field(pattern=r"^([^.\s]+(\.[^.\s]+)*)?$")] = ""
    answer: Literal["plain", "aliyun"] = "plain"
    max_body_bytes: Annotated[int, Field(ge=1, le=64 * MEBIBYTE)] = 5 * MEBIBYTE
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 30
