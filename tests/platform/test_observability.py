"""What the installation tells of itself: health, figures, logs; and that no person is ever in them."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from django.db import IntegrityError, connections, transaction
from django.test import Client

from config import faults
from identity.models import Role as RoleRow
from kernel import tenancy
from kernel.access import Role
from kernel.tenancy import TenantRef

CANARY, LOGIN = "Канарейкина", "kanareykina"


class TestHealth:
    def test_the_process_answers_without_a_database(self, db_away: None) -> None:
        assert Client(SERVER_NAME="127.0.0.1").get("/healthz").json() == {"status": "ok"}

    def test_ready_when_database_and_cache_answer(self, school_a: TenantRef) -> None:
        answer = Client(SERVER_NAME=school_a.host).get("/readyz")
        assert answer.status_code == 200
        assert answer.json() == {"status": "ok", "database": "ok", "cache": "ok"}

    def test_not_ready_when_the_database_is_away(self, db_away: None) -> None:
        answer = Client(SERVER_NAME="127.0.0.1").get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["database"] == "down"
        assert answer.json()["cache"] == "ok"

    def test_not_ready_when_the_cache_is_away(
        self, school_a: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise ConnectionError

        monkeypatch.setattr("config.views.cache.set", refuse)
        answer = Client(SERVER_NAME=school_a.host).get("/readyz")
        assert (answer.status_code, answer.json()["cache"]) == (503, "down")


@pytest.fixture
def db_away(tenants_db: None) -> Iterator[None]:
    """Nobody listens at the database's address."""
    tenancy.forget()
    hooks, tenancy.on_bound[:] = list(tenancy.on_bound), []
    here = connections.settings["default"]
    port, here["PORT"] = here["PORT"], "1"
    try:
        yield
    finally:
        here["PORT"] = port
        tenancy.forget()
        tenancy.on_bound[:] = hooks


class TestMetrics:
    def test_are_told_to_the_machine_itself(self, school_a: TenantRef) -> None:
        client = Client(SERVER_NAME=school_a.host)
        client.get("/healthz")
        text = client.get("/metrics").content.decode()
        assert 'mektep_requests_total{method="GET",route="healthz",status="200"}' in text

    @pytest.mark.parametrize(
        "asked",
        [{"REMOTE_ADDR": "10.0.0.7"}, {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}],
        ids=["remote", "proxied"],
    )
    def test_are_told_to_nobody_else(self, school_a: TenantRef, asked: dict[str, str]) -> None:
        assert Client(SERVER_NAME=school_a.host).get("/metrics", **asked).status_code == 404


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What our own handler writes, in the form that it writes it."""
    root = logging.getLogger()
    [ours] = [h for h in root.handlers if isinstance(h.formatter, structlog.stdlib.ProcessorFormatter)]
    text = StringIO()
    copy = logging.StreamHandler(text)
    copy.setFormatter(ours.formatter)
    root.addHandler(copy)
    yield text
    root.removeHandler(copy)


class TestLogs:
    def test_a_persons_doings_leave_no_name(
        self,
        lines: StringIO,
        account: Callable[..., Any],
        client_for: Callable[..., Client],
        school_a: TenantRef,
    ) -> None:
        user = account(Role.DIRECTOR, username=LOGIN, surname=CANARY)
        client = client_for(user=user)
        client.post("/sign-in/", {"username": CANARY, "password": f"{CANARY}-1"})
        client.get("/", {"q": CANARY})
        client.get(f"/{CANARY}/")
        client.get("/ui/search/", {"q": CANARY})
        client.get("/api/v1/me")
        text = lines.getvalue()
        assert "request" in text
        assert school_a.schema in text
        for word in (CANARY, LOGIN, user.password):
            assert word not in text

    def test_a_fault_of_the_database_is_told_without_its_values(
        self, lines: StringIO, in_school: TenantRef
    ) -> None:
        RoleRow.objects.create(code=LOGIN, base="teacher")
        try:
            with transaction.atomic():
                RoleRow.objects.create(code=LOGIN, base="teacher")
        except IntegrityError:
            structlog.get_logger("test").exception("broke")
            logging.getLogger("library").exception("broke too")
        text = lines.getvalue()
        assert text.count("23505, identity_role, identity_role_code") == 2
        assert "test_observability.py" in text
        assert LOGIN not in text

    def test_a_broken_page_is_told_without_its_words(
        self, lines: StringIO, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise ValueError(CANARY)

        monkeypatch.setattr("tenants.api.by_host", broken)
        client = client_for()
        client.raise_request_exception = False
        assert client.get(f"/{CANARY}/").status_code == 500
        assert "ValueError" in lines.getvalue()
        assert CANARY not in lines.getvalue()


class TestSentry:
    def test_is_off_by_default(self) -> None:
        import sentry_sdk

        assert not sentry_sdk.is_initialized()

    def test_gets_places_and_no_words(self) -> None:
        """In a process of its own: everything that leaves it is looked through."""
        code = f"""
import os, sys
os.environ.update(MEKTEP_MODE="test", MEKTEP_SENTRY_DSN="")
import django; django.setup()
import sentry_sdk
from sentry_sdk.transport import Transport
from config import faults
sent = []
class Kept(Transport):
    def capture_envelope(self, envelope): sent.append(envelope.serialize())
faults.watch("http://key@127.0.0.1:9/1")
sentry_sdk.get_client().transport = Kept()
def act(name):
    raise ValueError("no such pupil: " + name)
sentry_sdk.set_user({{"username": "{CANARY}"}})
sentry_sdk.add_breadcrumb(message="{CANARY}")
try:
    act("{CANARY}")
except ValueError:
    sentry_sdk.capture_exception()
sentry_sdk.flush()
text = b"".join(sent).decode()
print(len(sent), "ValueError" in text, "act" in text)
import json
for word in ("{CANARY}", json.dumps("{CANARY}")[1:-1]):
    assert word not in text.replace(json.dumps('    act("{CANARY}")')[1:-1], ""), word
"""
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            cwd=Path(__file__).resolve().parents[2],
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert done.stdout.split() == ["1", "True", "True"]

    def test_a_fault_of_the_database_keeps_its_code(self) -> None:
        failure = IntegrityError("Key (iin)=(123) already exists")
        failure.__cause__ = psycopg.errors.UniqueViolation("Key (iin)=(123) already exists")
        event = {
            "exception": {"values": [{"value": str(failure)}]},
            "user": {"id": 1},
            "request": {"data": CANARY},
        }
        scrubbed = faults.scrub(event, {"exc_info": (IntegrityError, failure, None)})
        assert scrubbed == {"exception": {"values": [{"value": "django.db.utils.IntegrityError (23505)"}]}}
