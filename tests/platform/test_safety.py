"""Closed by default: headers on every answer, bodies with an end, views that say who, a live start that refuses to be open."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client
from ninja import NinjaAPI, Router

from config import api
from config.env import Environment
from config.middleware import LargestBody, Refusals, says_who
from kernel import tenancy
from kernel.access import Role, public_view, requires, signed_in
from kernel.tenancy import TenantRef
from modules.school import permissions


def directives(response: HttpResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";") if part.strip()]
    return {name: values for name, *values in parts}


class TestHeaders:
    @pytest.mark.parametrize(
        ("path", "status"), [("/", 302), ("/sign-in/", 200), ("/no-such-page/", 404), ("/healthz", 200)]
    )
    def test_stand_on_every_answer(
        self, school_a: TenantRef, client_for: Callable[..., Client], path: str, status: int
    ) -> None:
        answer = client_for().get(path)
        assert answer.status_code == status
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert directives(answer)["frame-ancestors"] == ["'none'"]

    def test_the_policy_lets_nothing_foreign_or_inline_run(
        self, school_a: TenantRef, client_for: Callable[..., Client]
    ) -> None:
        found = directives(client_for(Role.DIRECTOR).get("/"))
        assert found["default-src"] == ["'none'"]
        assert found["script-src"] == found["style-src"] == found["connect-src"] == ["'self'"]
        assert (found["object-src"], found["base-uri"]) == (["'none'"], ["'none'"])
        said = " ".join(value for values in found.values() for value in values)
        assert "unsafe" not in said
        assert "*" not in said
        assert "http" not in said

    def test_an_unknown_host_and_a_file_have_them_too(self, tenants_db: None) -> None:
        stranger = Client(SERVER_NAME="nobody.mektep.localhost").get("/")
        assert stranger.status_code == 421
        assert stranger.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert directives(stranger)["default-src"] == ["'none'"]

    def test_a_signed_in_persons_answers_are_kept_by_nobody(
        self, school_a: TenantRef, client_for: Callable[..., Client]
    ) -> None:
        client = client_for(Role.DIRECTOR)
        for path in ("/", "/no-such-page/", "/api/v1/me", "/security-log/", "/notify/"):
            assert client.get(path).headers["Cache-Control"] == "no-store", path


class TestBodies:
    def test_a_body_larger_than_anything_taken_here_is_refused_unread(
        self, school_a: TenantRef, client_for: Callable[..., Client]
    ) -> None:
        class Untouched:
            def read(self, *_: object) -> bytes:
                raise AssertionError("somebody read the body")

            readline = read

        for client in (client_for(), client_for(Role.DIRECTOR)):
            answer = client.post(
                "/sign-in/",
                content_type="multipart/form-data; boundary=x",
                CONTENT_LENGTH=str(settings.LARGEST_BODY + 1),
                **{"wsgi.input": Untouched()},
            )
            assert answer.status_code == 413
            assert "12 МБ" in answer.content.decode()

    def test_a_program_is_told_in_its_own_way(
        self, school_a: TenantRef, client_for: Callable[..., Client]
    ) -> None:
        answer = client_for(Role.DIRECTOR).post(
            "/journal/save/", "{}", content_type="application/json", CONTENT_LENGTH="99999999999"
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    def test_what_fits_goes_on(self, rf: Any) -> None:
        passed: list[HttpRequest] = []
        LargestBody(lambda request: passed.append(request) or HttpResponse())(  # type: ignore[func-returns-value]
            rf.post("/", data={"a": "1"})
        )
        assert len(passed) == 1

    def test_is_larger_than_what_the_wizard_takes(self) -> None:
        assert settings.LARGEST_BODY > 10 * 1024**2


def silent(request: HttpRequest) -> HttpResponse:
    return HttpResponse("whatever")


class TestSilentViews:
    """What says nothing of who may open it is opened to nobody, even if it got past the tests of routes."""

    def test_are_not_there(self, in_school: TenantRef, rf: Any) -> None:
        with tenancy.use(in_school):
            answer = Refusals(lambda _: HttpResponse()).process_view(rf.get("/"), silent, (), {})
        assert answer is not None
        assert answer.status_code == 404

    @pytest.mark.parametrize("guard", [public_view, signed_in, requires(permissions.VIEW_PROFILE)])
    def test_those_that_say_it_are(self, rf: Any, guard: Any) -> None:
        assert says_who(guard(silent))
        assert Refusals(lambda _: HttpResponse()).process_view(rf.get("/"), guard(silent), (), {}) is None

    def test_a_permission_of_nobody_opens_nothing(self) -> None:
        assert not says_who(requires()(silent))

    def test_an_operation_of_the_api_that_says_nothing_stops_the_start(self) -> None:
        built, router = NinjaAPI(urls_namespace="silent"), Router()
        router.get("/silent")(silent)
        built.add_router("", router)
        with pytest.raises(ImproperlyConfigured, match="silent"):
            api._publish_permissions(built)


class TestLiveStart:
    SAFE = {
        "mode": "live",
        "secret_key": "s",
        "cell_key": "c",
        "https": True,
        "redis_url": "redis://x",
        "debug": False,
        "antivirus": "live",
        "clamd_url": "unix:///run/clamav/clamd.ctl",
    }

    @pytest.mark.parametrize(
        ("left_out", "named"),
        [
            ({"secret_key": ""}, "MEKTEP_SECRET_KEY"),
            ({"cell_key": ""}, "MEKTEP_CELL_KEY"),
            ({"https": False}, "MEKTEP_HTTPS=1"),
            ({"redis_url": ""}, "MEKTEP_REDIS_URL"),
            ({"debug": True}, "MEKTEP_DEBUG=0"),
            ({"antivirus": "off"}, "MEKTEP_ANTIVIRUS=live and MEKTEP_CLAMD_URL"),
            ({"antivirus": "sim"}, "MEKTEP_ANTIVIRUS=live and MEKTEP_CLAMD_URL"),
            ({"clamd_url": ""}, "MEKTEP_ANTIVIRUS=live and MEKTEP_CLAMD_URL"),
        ],
    )
    def test_names_what_is_missing(self, left_out: dict[str, Any], named: str) -> None:
        assert Environment(**self.SAFE | left_out).lacking() == [named]

    def test_wants_nothing_more_of_a_safe_one_nor_of_a_demo(self) -> None:
        assert Environment(**self.SAFE).lacking() == []
        assert Environment(mode="demo").lacking() == []

    def test_does_not_happen_otherwise(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MEKTEP_")}
        done = subprocess.run(
            [sys.executable, "-c", "import config.settings"],
            capture_output=True,
            text=True,
            check=False,
            env={
                **kept,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "MEKTEP_MODE": "live",
                "MEKTEP_HOME": "/nowhere",
            },
            cwd=Path(__file__).resolve().parents[2],
        )
        assert done.returncode != 0
        assert "A live installation needs MEKTEP_SECRET_KEY" in done.stderr
