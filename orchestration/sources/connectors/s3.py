"""The connector for buckets: objects of S3, or of what speaks its language, as files.

Here: listing and fetching by boto3. Not here: which objects are new (folder.py), what is in them (files.py). An object
is told apart by ETag and size, and fetched only as it was listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.brands import Brand, Source
from orchestration.source_settings import S3Settings, present
from orchestration.sources.connectors import Cursor, Offer, SourceFailedError, files, folder, missing_extra, secret
from orchestration.sources.connectors.folder import Found, NotNowError
from orchestration.sources.formats import RefusedFileError

BLOCK = 1 << 20
GONE = ("404", "NoSuchKey", "412", "PreconditionFailed")
NOT_READABLE = ("403", "AccessDenied", "InvalidObjectState")


def offers(brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
    """Objects that fit the source's path and were not yet looked into as they are now, by name."""
    bucket = Bucket(present(source.s3, "table s3"))
    yield from folder.offers(brand, source, cursor, bucket.listed(present(source.path, "path")), bucket.fetch)


class Bucket:
    """One bucket, by the credentials of its settings."""

    def __init__(self, how: S3Settings) -> None:
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, ClientError
        except ImportError:
            raise missing_extra("boto3", "s3") from None
        self._how = how
        self._errors = (BotoCoreError, ClientError)
        given = {
            "aws_access_key_id": how.access_key_env,
            "aws_secret_access_key": how.secret_key_env,
            "aws_session_token": how.session_token_env,
        }
        config = Config(
            retries={"mode": "standard", "max_attempts": how.attempts},
            connect_timeout=how.timeout_seconds,
            read_timeout=how.timeout_seconds,
            s3={"addressing_style": how.addressing},
        )
        try:
            self._client: Any = boto3.client(
                "s3",
                endpoint_url=how.endpoint_url,
                region_name=how.region,
                config=config,
                **{name: secret(variable) for name, variable in given.items() if variable},
            )
        except BotoCoreError as error:
            raise self._failed(error) from None

    def listed(self, pattern: str) -> list[Found]:
        """The objects that fit the pattern."""
        pages = self._client.get_paginator("list_objects_v2")
        try:
            asked = pages.paginate(Bucket=self._how.bucket, Prefix=folder.steady_part(pattern))
            objects = [item for page in asked for item in page.get("Contents", ())]
        except self._errors as error:
            raise self._failed(error) from None
        return [
            Found(item["Key"], f"{item['ETag']}/{item['Size']}")
            for item in objects
            if folder.fits(item["Key"], pattern) and files.is_whole(item["Key"].rpartition("/")[2])
        ]

    def fetch(self, found: Found, path: Path) -> None:
        """Write an object to a path, as it was listed."""
        etag = found.mark.rpartition("/")[0]
        try:
            answer = self._client.get_object(Bucket=self._how.bucket, Key=found.name, IfMatch=etag)
            with path.open("wb") as handle:
                for block in answer["Body"].iter_chunks(BLOCK):
                    handle.write(block)
        except self._errors as error:
            code = _code(error)
            if code in GONE:
                raise NotNowError from None
            if code in NOT_READABLE:
                told = f"the bucket does not give this object ({code}): check its rights and its storage class"
                raise RefusedFileError("not_readable", told) from None
            raise self._failed(error) from None

    def _failed(self, error: Exception) -> SourceFailedError:
        where = f"bucket {self._how.bucket}" + (f" at {self._how.endpoint_url}" if self._how.endpoint_url else "")
        code = _code(error)
        reasons = {"AccessDenied": "not_allowed", "403": "not_allowed", "NoSuchBucket": "bad_setting"}
        reasons |= {"InvalidAccessKeyId": "not_allowed", "SignatureDoesNotMatch": "not_allowed"}
        return SourceFailedError(reasons.get(code, "unreachable"), f"{where}: {code}: check the source's settings")


def _code(error: Exception) -> str:
    """The provider's code, or the kind of error where it gave none; never its text, which may hold a key."""
    response: Any = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code") or type(error).__name__)
