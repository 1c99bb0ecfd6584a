"""Teachers who type into journals of the running demo: what the storms share.

They know of the product what a browser knows; only what stands in the cells at first is read from the database.
"""

from __future__ import annotations

import http.client
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from psycopg import sql

from stack import environment, postgres

NEWEST = 8  # lessons of a journal that are typed into


class Client:
    """A browser's cookies and nothing more; every request on a connection of its own."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, body: str | None = None, kind: str = ""
    ) -> tuple[int, str, http.client.HTTPMessage]:
        headers = {
            "Host": f"{self.host}:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "User-Agent": "storm",
        }
        if body is not None:
            headers["Content-Type"] = kind
            headers["X-CSRFToken"] = next(
                (value for name, value in self.cookies.items() if name.endswith("csrf")), ""
            )
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read().decode()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, __, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            return answer.status, content, answer.headers
        finally:
            connection.close()

    def sign_in(self, username: str, password: str) -> None:
        __, html, ___ = self.ask("GET", "/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
        assert token is not None, "the page of signing in has no token"
        form = {"csrfmiddlewaretoken": token[1], "username": username, "password": password, "next": ""}
        status, __, ___ = self.ask("POST", "/sign-in/", urlencode(form), "application/x-www-form-urlencoded")
        assert status == 302, f"signing in answered {status}"

    def save(self, course: str, operation: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send one operation; the status, and its result when that is 200."""
        body = json.dumps({"course": course, "operations": [operation]})
        status, content, __ = self.ask("POST", "/journal/save/", body, "application/json")
        return status, json.loads(content)["results"][0] if status == 200 else {}


@dataclass
class Cell:
    """A cell for formative points, and what its writer believes to be in it."""

    lesson: str
    pupil: str
    value: int | None = None

    def operation(self, key: str, new: int) -> dict[str, Any]:
        place = {"lesson": self.lesson, "pupil": self.pupil, "kind": "fo", "field": "points"}
        return {"id": key, **place, "old": self.value, "new": new}


def teachers_of(root: Path, school: str) -> list[dict[str, Any]]:
    """Logins of all who teach in the school of the demo."""
    logins = json.loads((root / "demo" / "logins.json").read_text())
    wanted = {"teacher", "class_teacher"}
    return [one for one in logins if one["tenant"] == school and one["role"] in wanted]


def journals_of(client: Client) -> list[str]:
    """The journals that the teacher's own page offers."""
    for _attempt in range(10):  # whoever opens a page while the server comes back presses once more
        status, html, __ = client.ask("GET", "/journal/")
        if status == 200:
            break
        time.sleep(1)
    return list(dict.fromkeys(re.findall(r'href="/journal/([0-9a-f-]{36})/', html)))


def cells_of(client: Client, course: str) -> list[Cell]:
    """The newest cells of the journal that take points."""
    __, page, ___ = client.ask("GET", f"/journal/{course}/")
    heads = re.findall(r"<th [^>]*data-kind=\"fo\"[^>]*>", page)
    lessons = [
        lesson[1]
        for head in heads
        if "data-locked" not in head and (lesson := re.search(r'data-lesson="([0-9a-f-]+)"', head))
    ]
    pupils = re.findall(r'<tr data-pupil="([0-9a-f-]+)"', page)
    return [Cell(lesson, pupil) for lesson in lessons[-NEWEST:] for pupil in pupils]


def schema_of(server: postgres.Server, school: str) -> str:
    with psycopg.connect(server.dsn(environment.DATABASE)) as connection:
        text = "SELECT schema_name FROM tenants_tenant WHERE code = %s"
        row = connection.execute(text, [school]).fetchone()
    assert row is not None, f"no school {school}"
    return str(row[0])


def look(server: postgres.Server, schema: str, cells: list[Cell]) -> None:
    """Tell the writers what is in their cells, as who opens the page sees it."""
    text = "SELECT lesson_id::text, pupil_id::text, points FROM {}.journal_mark WHERE kind = 'fo'"
    with psycopg.connect(server.dsn(environment.DATABASE)) as connection:
        rows = connection.execute(sql.SQL(text).format(sql.Identifier(schema))).fetchall()
    stands = {(lesson, pupil): points for lesson, pupil, points in rows}
    for cell in cells:
        cell.value = stands.get((cell.lesson, cell.pupil))
