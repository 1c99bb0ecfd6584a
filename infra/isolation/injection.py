"""A planted hole: SQL glued together from what somebody typed, on a school's own connection.

It stands in this process alone, in no urlconf of the product. It answers with all that the statement brought, or
with the database's own words, as the most careless view would.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.db import Error, connection

from infra.isolation import attacks
from infra.isolation.canaries import Scanner, mark_of
from kernel import tenancy
from kernel.tenancy import TenantRef


@dataclass
class Injected:
    queries: int = 0
    foreign_rows: int = 0
    own_rows: int = 0
    role_changes: int = 0
    refused: int = 0
    examples: list[str] = field(default_factory=list)
    sqlmap: str = "not run"

    def __add__(self, other: Injected) -> Injected:
        """Both schools' holes together; one that brought nothing of its own is no hole, and then neither is."""
        return Injected(
            queries=self.queries + other.queries,
            foreign_rows=self.foreign_rows + other.foreign_rows,
            own_rows=self.own_rows and other.own_rows and self.own_rows + other.own_rows,
            role_changes=self.role_changes + other.role_changes,
            refused=self.refused + other.refused,
            examples=self.examples + other.examples,
            sqlmap=self.sqlmap,
        )


class Hole:
    """A school's careless search for a child by surname."""

    def __init__(self, ref: TenantRef) -> None:
        self.ref = ref
        self.queries = 0
        self.scanner = Scanner(mark_of(ref))

    def ask(self, typed: str) -> tuple[list[str], str]:
        """The rows, and the database's refusal."""
        self.queries += 1
        statement = f"SELECT surname FROM contingent_pupil WHERE surname = '{typed}'"
        with tenancy.use(self.ref):
            try:
                with connection.cursor() as cursor:
                    cursor.execute(statement.replace("%", "%%"), [])
                    rows = [str(row[0]) for row in cursor.fetchall()] if cursor.description else []
            except Error as refusal:
                self.scanner(str(refusal).encode(), f"refusal of {typed}")
                return [], str(refusal)
        self.scanner("\n".join(rows).encode(), f"rows of {typed}")
        return rows, ""

    def who(self) -> tuple[str, str]:
        """As whom and where the connection stands now."""
        with tenancy.use(self.ref), connection.cursor() as cursor:
            cursor.execute("SELECT current_user::text, session_user::text")
            return cursor.fetchone()

    def __call__(self, environ: dict[str, object], start_response: object) -> list[bytes]:
        """As a page, for programs that attack pages."""
        query = parse_qs(str(environ.get("QUERY_STRING", "")), keep_blank_values=True)
        rows, refusal = self.ask(query.get("surname", [""])[0])
        start_response("500 Error" if refusal else "200 OK", [("Content-Type", "text/plain; charset=utf-8")])  # type: ignore[operator]
        return ["\n".join([refusal, *rows]).encode()]


def attack(a: TenantRef, b: TenantRef, *, with_sqlmap: bool) -> Injected:
    """Drive A's hole against B by hand, and by sqlmap where it is installed."""
    told, hole = Injected(), Hole(a)
    before = hole.who()
    for typed in attacks.OWN:
        told.own_rows += len(hole.ask(typed)[0])
    role, database = tenancy.role_name(b.schema), str(settings.DATABASES["default"]["NAME"])
    for typed in attacks.attacks(b=b.schema, role=role, db=database):
        _, refusal = hole.ask(typed)
        told.refused += bool(refusal)
        if hole.who() != before:
            told.role_changes += 1
            told.examples.append(f"changed its role: {typed}")
            tenancy.forget()
        # What an attack has set on the connection is gone before the next, so that each is tried afresh.
        tenancy.forget(a.schema)
    if with_sqlmap:
        program = shutil.which("sqlmap")
        told.sqlmap = _sqlmap(program, hole, b) if program else "not installed"
    told.queries = hole.queries
    told.foreign_rows = sum(hole.scanner.found.values())
    told.examples += hole.scanner.examples
    return told


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def _served(hole: Hole) -> Iterator[int]:
    server: WSGIServer = make_server("127.0.0.1", 0, hole, handler_class=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()


def _sqlmap(program: str, hole: Hole, b: TenantRef) -> str:
    """Level 5, risk 3; A's own rows first, then everything of B's schema. Answers what it dumped."""
    with _served(hole) as port, tempfile.TemporaryDirectory() as folder:
        common = [
            *(program, "-u", f"http://127.0.0.1:{port}/?surname=x", "--batch", "--dbms=PostgreSQL"),
            *("--level=5", "--risk=3", "--technique=UBE", "--threads=4", f"--output-dir={folder}", "--flush-session"),
        ]  # fmt: skip
        own = subprocess.run(
            [*common, "-D", hole.ref.schema, "-T", "identity_user", "-C", "username", "--dump", "--stop=5"],
            capture_output=True, text=True, check=False, timeout=1800,
        )  # fmt: skip
        other = subprocess.run(
            [arg for arg in common if arg != "--flush-session"]
            + ["-D", b.schema, "-T", "identity_user", "-C", "username", "--dump", "--is-dba", "--privileges"],
            capture_output=True, text=True, check=False, timeout=1800,
        )  # fmt: skip
    found = (
        "found A's rows" if "entries]" in own.stdout or "dumped to" in own.stdout else "found nothing of A"
    )
    return f"{found}; of B: {'dumped' if 'dumped to' in other.stdout else 'nothing'}"
