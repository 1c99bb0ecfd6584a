"""Files that people sent leave by a host of their own: for two minutes, for one file of one school, never in place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import boto3
import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from moto import mock_aws

from kernel import clock, files, links, tenancy
from kernel.access import Actor, Role
from kernel.errors import NotFound, Quarantined
from kernel.models import StoredFile
from kernel.tenancy import Kind, TenantRef
from tenants import provisioning
from tests.conftest import ClientFor

pytestmark = [pytest.mark.requirement("SEC-01"), pytest.mark.requirement("SEC-04")]
PAGE = b"<script>alert(1)</script>"


def kept(content: bytes = PAGE, *, media_type: str = "text/html", **more: Any) -> StoredFile:
    return files.store(
        actor=Actor.system_actor("tests"), name="a", content=content, content_type=media_type, purpose="scans", **more
    )  # fmt: skip


def address(school: TenantRef, row: StoredFile, name: str = "құжат.pdf") -> str:
    with tenancy.use(school):
        return links.address(row, name=name)


def asked(url: str, client: Client | None = None, method: str = "get", **more: Any) -> HttpResponse:
    place = urlsplit(url)
    visitor = client or Client()
    visitor.defaults["SERVER_NAME"] = str(place.hostname)
    return getattr(visitor, method)(place.path, **more)


@pytest.fixture
def row(school_a: TenantRef) -> StoredFile:
    with tenancy.use(school_a):
        return kept()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both places where files may lie."""
    if request.param == "folder":
        yield
        return
    with mock_aws():
        said = {
            "bucket": "files",
            "endpoint": "",
            "region": "us-east-1",
            "access_key": "a",
            "secret_key": "b",
        }
        monkeypatch.setattr(settings, "S3", said)
        monkeypatch.setitem(settings.PORTS, "kernel.file_store", "integrations.storage.adapter.Bucket")
        monkeypatch.setattr(
            "integrations.storage.adapter._clients", type("Fresh", (), {"get": lambda _s, _k, make: make()})()
        )
        boto3.client(
            "s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        ).create_bucket(Bucket="files")
        yield


class TestHandedOut:
    @pytest.mark.parametrize(
        "media_type", ["text/html", "image/svg+xml", "application/pdf", "application/xhtml+xml", "image/png"]
    )
    def test_is_saved_and_never_opened_in_place(
        self, store: None, school_a: TenantRef, media_type: str
    ) -> None:
        with tenancy.use(school_a):
            row = kept(media_type=media_type)
        answer = asked(address(school_a, row))
        assert (answer.status_code, answer.content) == (200, PAGE)
        assert (
            answer["Content-Disposition"] == "attachment; filename*=UTF-8''%D2%9B%D2%B1%D0%B6%D0%B0%D1%82.pdf"
        )
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer["Cache-Control"] == "no-store"

    def test_knows_no_cookie_and_sets_none(
        self, school_a: TenantRef, row: StoredFile, client_for: ClientFor
    ) -> None:
        """Even a browser that sends a director's session is nobody here."""
        signed_in = client_for(Role.DIRECTOR)
        answer = asked(address(school_a, row), signed_in)
        assert answer.status_code == 200
        assert not answer.cookies
        for path in ("/", "/sign-in/", "/contingent/", "/api/v1/me", "/healthz/x"):
            found = signed_in.get(path)
            assert (found.status_code, len(found.cookies)) == (404, 0), path
            assert not hasattr(found.wsgi_request, "actor") or found.wsgi_request.actor is None

    def test_says_in_both_languages_when_the_address_is_over(
        self, school_a: TenantRef, row: StoredFile
    ) -> None:
        url = address(school_a, row)
        with time_machine.travel(clock.now() + timedelta(seconds=links.SECONDS + 2), tick=False):
            answer = asked(url)
        assert answer.status_code == 404
        assert "Файл" in answer.content.decode()
        assert len(answer.content.decode().strip().splitlines()) == 2
        assert answer["Content-Security-Policy"].startswith("sandbox")

    def test_nothing_is_taken_here(self, school_a: TenantRef, row: StoredFile) -> None:
        assert asked(address(school_a, row), method="post", data={"a": "1"}).status_code == 405


class TestTheAddress:
    def test_is_of_one_school(self, school_a: TenantRef, school_b: TenantRef, row: StoredFile) -> None:
        url = address(school_a, row)
        for stranger in (str(school_b.id), str(uuid4())):
            assert asked(url.replace(str(school_a.id), stranger)).status_code == 404

    def test_does_not_bear_a_change(self, school_a: TenantRef, row: StoredFile) -> None:
        url = address(school_a, row)
        place, _, token = url.rstrip("/").rpartition("/")
        for number in range(0, len(token), 3):
            letter = "A" if token[number] != "A" else "B"
            assert asked(f"{place}/{token[:number]}{letter}{token[number + 1 :]}/").status_code == 404

    def test_is_of_one_kind_and_one_place(self, school_a: TenantRef, row: StoredFile) -> None:
        url = address(school_a, row)
        with tenancy.use(school_a):
            other = kept(b"other")
            StoredFile.objects.filter(pk=row.pk).update(purpose="photos")
        assert asked(url).status_code == 404
        with tenancy.use(school_a):
            StoredFile.objects.filter(pk=row.pk).update(purpose="scans", path=f"{other.path}x")
        assert asked(url).status_code == 404

    def test_opens_nothing_that_is_in_quarantine(self, school_a: TenantRef) -> None:
        for verdict, refusal in (
            (StoredFile.Verdict.WAITING, Quarantined),
            (StoredFile.Verdict.INFECTED, NotFound),
        ):
            with tenancy.use(school_a):
                held = kept(verdict=verdict)
                with pytest.raises(refusal):
                    links.leading_to(held, name="a")
            assert asked(address(school_a, held)).status_code == 404


def test_no_school_takes_the_name_of_the_host(tenants_db: None) -> None:
    with pytest.raises(provisioning.CodeTaken):
        provisioning.create_tenant(code="files", kind=Kind.SCHOOL, name_kk="Ф", name_ru="Ф", mode="test")
