"""Files in a bucket that speaks S3, in the tenants' prefixes and closed with their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from django.conf import settings
from moto import mock_aws

from kernel import files, keys, tenancy
from kernel.access import Actor
from kernel.crypto import Unreadable
from kernel.errors import NotFound
from kernel.models import StoredFile
from kernel.tenancy import TenantRef

pytestmark = [pytest.mark.requirement("TEN-01"), pytest.mark.requirement("SEC-04")]

SAID = {"bucket": "files", "endpoint": "", "region": "us-east-1", "access_key": "a", "secret_key": "b"}
CONTENT = b"%PDF birth certificate"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with mock_aws():
        monkeypatch.setattr(settings, "S3", SAID)
        monkeypatch.setitem(settings.PORTS, "kernel.file_store", "integrations.storage.adapter.Bucket")
        monkeypatch.setattr(
            "integrations.storage.adapter._clients", type("Fresh", (), {"get": lambda _s, _k, make: make()})()
        )
        client = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        client.create_bucket(Bucket="files")
        yield client


def kept() -> StoredFile:
    return files.store(
        actor=Actor.system_actor("tests"), name="a.pdf", content=CONTENT, content_type="application/pdf", purpose="scans"
    )  # fmt: skip


def lying(bucket: Any) -> dict[str, bytes]:
    found = bucket.list_objects_v2(Bucket="files").get("Contents", [])
    return {one["Key"]: bucket.get_object(Bucket="files", Key=one["Key"])["Body"].read() for one in found}


def test_lie_closed_in_the_tenants_prefix(bucket: Any, in_school: TenantRef) -> None:
    row = kept()
    ((name, content),) = lying(bucket).items()
    assert name == f"{in_school.schema}/{row.path}"
    assert CONTENT not in content
    assert files.read(file_id=row.pk, purpose="scans")[1] == CONTENT
    assert row.size == len(CONTENT)


def test_go_with_the_commit(bucket: Any, in_school: TenantRef, after_commit: Callable[[], int]) -> None:
    row = kept()
    files.delete(file_id=row.pk)
    assert len(lying(bucket)) == 1
    after_commit()
    assert lying(bucket) == {}


def test_what_is_not_there_is_not_found(bucket: Any, in_school: TenantRef) -> None:
    row = kept()
    bucket.delete_object(Bucket="files", Key=f"{in_school.schema}/{row.path}")
    with pytest.raises(NotFound):
        files.read(file_id=row.pk, purpose="scans")


def test_another_file_in_its_place_does_not_open(bucket: Any, in_school: TenantRef) -> None:
    one, other = kept(), kept()
    content = lying(bucket)[f"{in_school.schema}/{other.path}"]
    bucket.put_object(Bucket="files", Key=f"{in_school.schema}/{one.path}", Body=content)
    with pytest.raises(Unreadable):
        files.read(file_id=one.pk, purpose="scans")


@pytest.mark.parametrize("path", ["../{other}/scans/x", "/{other}/scans/x", "scans/../../{other}/x"])
def test_a_row_never_leads_out_of_the_tenants_prefix(
    bucket: Any, school_a: TenantRef, school_b: TenantRef, path: str
) -> None:
    with tenancy.use(school_a):
        row = kept()
        StoredFile.objects.filter(pk=row.pk).update(path=path.format(other=school_b.schema))
        with pytest.raises(NotFound):
            files.read(file_id=row.pk, purpose="scans")


def test_without_the_key_no_file_opens(
    bucket: Any, in_school: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = kept()
    keys.forget()
    monkeypatch.setattr("kernel.keys.store.Folder.load", lambda _self, _schema: None)
    with pytest.raises(keys.KeyUnavailable):
        files.read(file_id=row.pk, purpose="scans")
    keys.forget()
