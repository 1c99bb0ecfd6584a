"""What leaves by other doors than answers: messages that wait, letters, jobs, files and logs of school A."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg import sql

from infra.isolation.canaries import Scanner
from infra.isolation.world import World
from kernel import tenancy

# Tables of which rows are sent or shown outside the school's pages: notices, events, jobs, lists of files.
OUTGOING = (
    "notify_notification",
    "kernel_outboxevent",
    "kernel_job",
    "kernel_storedfile",
    "kernel_auditentry",
    "kernel_viewentry",
    "documents_issueddocument",
)


def scan(world: World, scanner: Scanner) -> None:
    """Look through what school A would send, keep and write to its logs."""
    with tenancy.owner(), connection.cursor() as cursor:
        for table in OUTGOING:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{world.a.schema}.{table}"])
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(world.a.schema, table)))
            for (row,) in cursor.fetchall():
                scanner(row.encode(), f"rows of {table}")
    for folder in (Path(settings.FILES_ROOT) / world.a.schema, Path(settings.FILES_ROOT).parent / "logs"):
        for file in sorted(folder.rglob("*")) if folder.exists() else ():
            if file.is_file():
                scanner(file.read_bytes(), f"file {file.parent.name}/{file.name}")
