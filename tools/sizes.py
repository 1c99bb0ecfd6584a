"""What a school weighs in a cell: its schema empty and after a year, the catalogue, a backend's memory, the WAL of a mark.

`tools/sizes.py --schools 50` builds fifty empty schools and one with a year of marks on the server of the profile `bench`. The
figures stand in docs/scale.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
_CATALOGUE = """
SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared
"""
_SCHEMA = """
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint, count(*) FROM pg_class c
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
"""
_RELATIONS = "SELECT count(*) FROM pg_class WHERE relnamespace = %s::regnamespace"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--schools", type=int, default=50)
    asked = parser.parse_args()
    if "MEKTEP_DB_HOST" not in os.environ:
        from stack import environment, homes

        os.environ.update(environment.for_child(environment.up(homes.mektep_home(), "bench")))
    os.environ.setdefault("MEKTEP_LOG_LEVEL", "ERROR")
    import django

    django.setup()
    from thousand import forget_roles

    from tests import world

    made: list[str] = []
    with world.database(f"sizes_{os.getpid()}"):
        try:
            told = measure(asked.schools, made)
        finally:
            forget_roles(made)
    print(json.dumps(told, indent=2))
    return 0


def measure(schools: int, made: list[str]) -> dict[str, Any]:
    from kernel.tenancy import Kind
    from tenants import provisioning
    from tests import world
    from tests.benchmarks import year_scene

    before, relations = one(_CATALOGUE), one("SELECT count(*) FROM pg_class")
    for _each in range(schools):
        made.append(provisioning.prepare_schema(Kind.SCHOOL))
    catalogue = (one(_CATALOGUE) - before) / schools
    with_toast = (one("SELECT count(*) FROM pg_class") - relations) / schools
    empty = [row(_SCHEMA, schema) for schema in made]
    school = world.find("school-b")
    year_scene.write(school)
    year, tables = row(_SCHEMA, school.schema)
    marks = one(f"SELECT count(*) FROM {school.schema}.journal_mark")  # noqa: S608 - a name of the register
    return {
        "schools": schools,
        "tables_of_a_school": tables,
        "relations_of_a_school": one(_RELATIONS, made[0]),
        "relations_with_toast": round(with_toast),
        "empty_school_mb": mb(statistics.median(size for size, _tables in empty)),
        "catalogue_of_a_school_mb": mb(catalogue),
        "year_school_mb": mb(year),
        "year_school_marks": marks,
        "year_school_pupils": one(f"SELECT count(*) FROM {school.schema}.contingent_pupil"),  # noqa: S608
        "server": one("SHOW server_version"),
        **memory(school),
        **wal(),
    }


def memory(school: Any) -> dict[str, Any]:
    """Private memory of a backend that serves one school: as it signs in, after its busiest page, after every table."""
    from django.db import connection

    from kernel import tenancy
    from tenants.backups import taking

    told = {}
    tenancy.forget()
    with tenancy.use(school), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
        told["backend_at_rest_mb"] = private(pid)
        cursor.execute(
            "SELECT m.* FROM journal_mark m JOIN schedule_lesson l ON l.id = m.lesson_id"
            " WHERE l.course_id = (SELECT id FROM schedule_course LIMIT 1)"
        )
        told["backend_after_a_journal_mb"] = private(pid)
        with tenancy.owner():
            tables = list(taking.shape_of(school.schema).tables)
        with tenancy.use(school):
            for table in tables:
                cursor.execute(f'SELECT * FROM "{table}" LIMIT 1')  # noqa: S608 - names of the catalogue
        told["backend_after_all_tables_mb"] = private(pid)
    return told


def private(pid: int) -> float:
    """Memory of the process that is nobody else's."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024, 1)


def wal() -> dict[str, Any]:
    """Bytes of WAL of a mark that is saved through the whole service: mark, history, outbox."""
    from uuid import uuid4

    from identity import api as identity
    from kernel import tenancy
    from modules.journal import api as journal
    from modules.journal.services import Operation
    from tests.benchmarks.journal_scene import empty_cells, open_desk

    desk = open_desk()
    with tenancy.use(desk.school):
        actor = identity.actor_of_user(desk.user.pk)
        cells = empty_cells(desk.scene)[:400]
        begun = one("SELECT pg_current_wal_lsn()")
        for lesson, pupil in cells:
            operation = Operation(uuid4(), lesson, pupil, "fo", "points", None, 7)
            journal.save_cells(actor=actor, course_id=desk.scene.course.pk, operations=[operation])
    size = one("SELECT pg_current_wal_lsn() - %s::pg_lsn", begun)
    return {"wal_of_a_mark_bytes": round(float(size) / len(cells))}


def one(text: str, *values: Any) -> Any:
    return row(text, *values)[0]


def row(text: str, *values: Any) -> Any:
    from django.db import connection

    from kernel import tenancy

    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(text, list(values) or None)
        return cursor.fetchone()


def mb(size: float) -> float:
    return round(float(size) / 2**20, 2)


if __name__ == "__main__":
    sys.exit(main())
