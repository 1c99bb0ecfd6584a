"""kernel.file_store.FileStore in a bucket that speaks S3. What lies there is closed with the tenants' keys already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings

from kernel.memo import Memo

_PATIENCE = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"max_attempts": 3, "mode": "standard"},
    signature_version="s3v4",
)
_clients: Memo[Any] = Memo(size=200, seconds=3600)  # making one takes as long as an answer


class Bucket:
    """FileStore as a bucket; it is private, and nobody but the product reads it."""

    def __init__(self) -> None:
        said = settings.S3
        self.bucket = said["bucket"]
        self.client = _clients.get(tuple(sorted(said.items())), _client)

    def put(self, name: str, content: bytes) -> None:
        self.client.put_object(
            Bucket=self.bucket, Key=name, Body=content, ContentType="application/octet-stream"
        )

    def get(self, name: str) -> bytes | None:
        try:
            return bytes(self.client.get_object(Bucket=self.bucket, Key=name)["Body"].read())
        except ClientError as failure:
            if failure.response.get("Error", {}).get("Code") in ("NoSuchKey", "404"):
                return None
            raise

    def delete(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=name)

    def size_of(self, schema: str) -> int:
        return sum(one["Size"] for page in self._pages(schema) for one in page)

    def erase(self, schema: str) -> int:
        count = 0
        for page in self._pages(schema):
            self.client.delete_objects(
                Bucket=self.bucket, Delete={"Objects": [{"Key": one["Key"]} for one in page], "Quiet": True}
            )
            count += len(page)
        return count

    def _pages(self, schema: str) -> Iterator[list[dict[str, Any]]]:
        """What lies under the schema's prefix, a thousand at a time."""
        for page in self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=f"{schema}/"
        ):
            if found := page.get("Contents"):
                yield found


def _client() -> Any:
    said = settings.S3
    return boto3.client(
        "s3",
        endpoint_url=said["endpoint"] or None,
        region_name=said["region"] or None,
        aws_access_key_id=said["access_key"] or None,
        aws_secret_access_key=said["secret_key"] or None,
        config=_PATIENCE,
    )
