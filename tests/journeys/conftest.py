"""Stories in a real browser, against the real product: the demo at a small scale, started as a newcomer starts it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.walking import Walk

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Login:
    """A line of the demo's logins.json."""

    host: str
    tenant: str
    kind: str
    role: str
    username: str
    password: str
    full_name: str
    language: str


@dataclass(frozen=True)
class District:
    """The running demo."""

    home: Path
    port: int
    logins: tuple[Login, ...]

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}:{self.port}{path}"

    def login(self, tenant: str, role: str) -> Login:
        return next(x for x in self.logins if x.tenant == tenant and x.role == role)

    def mektep(self, *arguments: str) -> str:
        """Run the operator's command as a shell would."""
        done = subprocess.run(
            [sys.executable, "-m", "tenants.cli", *arguments],
            cwd=ROOT,
            env=_environment(self.home, self.port),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def leave_alone(self, tenant: str, username: str, *, minutes: int) -> None:
        """Let it be so many minutes more since the person signed in and showed who it is."""
        self.shell(_LEFT.format(tenant, username, minutes))

    def iin(self, login: Login) -> str:
        """The made-up number of the employee who signs in so."""
        return self.shell(_IIN.format(login.tenant, login.username)).split()[-1]

    def shell(self, code: str) -> str:
        """What the code prints inside the product."""
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=ROOT,
            env=_environment(self.home, self.port),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def errors(self, start: int) -> str:
        """What the web servers told of errors since their log was so long."""
        with self._log.open("rb") as log:
            log.seek(start)
            text = log.read().decode(errors="replace")
        return text[text.find("Traceback") :][:6_000] if "Traceback" in text else ""

    def log_length(self) -> int:
        return self._log.stat().st_size

    @property
    def _log(self) -> Path:
        return self.home / "log" / "demo-web.log"


_LEFT = """
from datetime import timedelta
from django.db.models import F
from identity.models import Session
from kernel import tenancy
from tenants import api
past = timedelta(minutes={2})
with tenancy.use(api.by_code("{0}")):
    rows = Session.objects.filter(user__username="{1}", ended_at=None)
    assert rows.update(created_at=F("created_at") - past, strong_at=F("strong_at") - past, data={{}})
"""
_IIN = """
from identity.models import User
from kernel import tenancy
from modules.staff.models import Employee
from tenants import api
with tenancy.use(api.by_code("{0}")):
    print(Employee.objects.get(pk=User.objects.get(username="{1}").person_id).iin)
"""


def _environment(home: Path, port: int) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MEKTEP_") or k == "MEKTEP_PG_BIN"}
    return kept | {
        "MEKTEP_HOME": str(home),
        "MEKTEP_PORT": str(port),
        "MEKTEP_DEMO_SCALE": "small",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def district() -> Iterator[District]:
    """Start the demo in a home of its own and stop it at the end. MEKTEP_JOURNEY_HOME names one that already runs."""
    running = os.environ.get("MEKTEP_JOURNEY_HOME")
    home = Path(running) if running else ROOT / "var" / "journeys"
    port = int(os.environ.get("MEKTEP_JOURNEY_PORT", "0")) or _free_port()
    if not running:
        # What a killed run left may still be running: it is stopped, not only removed from under itself.
        _stack("clean-demo", home, port)
        _stack("demo", home, port)
    lines = json.loads((home / "demo" / "logins.json").read_text())
    yield District(home, port, tuple(Login(**line) for line in lines))
    if not running:
        _stack("clean-demo", home, port)


def _stack(action: str, home: Path, port: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "stack", action],
        cwd=ROOT,
        env=_environment(home, port),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"{action}: {done.stdout[-4000:]}{done.stderr[-4000:]}"


PATIENCE = 15_000  # milliseconds: of a story that shares two processors with the product and a browser
expect.set_options(timeout=PATIENCE)

# A refusal that a story provokes is told by the browser and by HTMX too; a 5xx is caught where it comes.
_REFUSED = re.compile("Failed to load resource|Response Status Error Code 4[0-9][0-9]")


class Visitor:
    """A person at a browser of their own; fails the test on a script error, a refused resource or a 5xx."""

    def __init__(self, district: District, context: BrowserContext) -> None:
        self.district = district
        self.context = context
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("console", self._console)
        self.page.on("response", self._response)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not _REFUSED.search(message.text):
            self.troubles.append(f"console: {message.text}")

    def _response(self, response: Any) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status} {response.url}")

    def sign_in(self, tenant: str, role: str) -> Login:
        login = self.district.login(tenant, role)
        self.sign_in_as(login.host, login.username, login.password)
        return login

    def sign_in_as(self, host: str, username: str, password: str) -> None:
        self.page.goto(self.district.url(host, "/sign-in/"))
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", password)
        with self.page.expect_navigation():
            self.page.press("input[name=password]", "Enter")

    def open(self, host: str, path: str = "/") -> Page:
        self.page.goto(self.district.url(host, path))
        return self.page


@pytest.fixture
def visitors(district: District, browser: Browser) -> Iterator[Any]:
    """Make people with browsers: `visitors(width=375)`."""
    made: list[Visitor] = []
    start = district.log_length()

    def make(*, width: int = 1280, height: int = 800, dark: bool = False, locale: str = "kk-KZ") -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
            timezone_id="Asia/Almaty",
            has_touch=width < 600,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        visitor = Visitor(district, context)
        made.append(visitor)
        return visitor

    yield make
    troubles = [t for visitor in made for t in visitor.troubles]
    for visitor in made:
        visitor.context.close()
    assert troubles == [], district.errors(start)


@pytest.fixture(scope="session")
def walk() -> Walk:
    return Walk()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
