"""Bytes of a deleted file go with the commit and not before it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from kernel import files
from kernel.access import Actor
from kernel.models import StoredFile
from kernel.tenancy import TenantRef


@pytest.fixture
def kept(in_school: TenantRef) -> StoredFile:
    return files.store(
        actor=Actor.system_actor("tests"),
        name="a.txt",
        content=b"a",
        content_type="text/plain",
        purpose="tests",
    )


def on_disk(in_school: TenantRef, kept: StoredFile) -> Path:
    return Path(settings.FILES_ROOT) / in_school.schema / kept.path


def test_a_rollback_loses_nothing(
    in_school: TenantRef, kept: StoredFile, after_commit: Callable[[], int]
) -> None:
    with transaction.atomic():
        files.delete(file_id=kept.pk)
        transaction.set_rollback(True)
    after_commit()
    assert files.read(file_id=kept.pk, purpose="tests")[1] == b"a"


def test_the_bytes_go_with_the_commit(
    in_school: TenantRef, kept: StoredFile, after_commit: Callable[[], int]
) -> None:
    files.delete(file_id=kept.pk)
    assert on_disk(in_school, kept).exists()
    after_commit()
    assert not on_disk(in_school, kept).exists()
