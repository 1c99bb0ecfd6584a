"""Saving one mark through HTTP, against a bare insert of the same three rows in one transaction."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.db import connection

from identity import api as identity
from kernel import clock, tenancy
from kernel.ids import uuid7
from kernel.models import OutboxEvent
from modules.journal import api as journal
from modules.journal.services import Operation
from tests.benchmarks.journal_scene import body_of, empty_cells, open_desk
from tests.benchmarks.measure import against, take_turns

_MARK = """
INSERT INTO bare_mark (id, lesson_id, pupil_id, kind, points, version, set_by, set_at, set_session, operation_id, reason)
VALUES (%s, %s, %s, 'fo', 7, 1, %s, now(), %s, %s, '')
"""
_EVENT = """
INSERT INTO journal_markevent (at, action, field, lesson_id, pupil_id, new, version, by_user, by_session, operation_id,
                               reason, source)
VALUES (now(), 'insert', 'fo', %s, %s, '7', 1, %s, %s, %s, '', 'product')
"""
_NEWS = """
INSERT INTO kernel_outboxevent (event_id, name, payload, at, actor_id, actor_name, attempts, error)
VALUES (%s, 'journal.marks.changed.v1', %s, %s, %s, 'Болат', 0, '')
"""


def run() -> list[dict[str, Any]]:
    desk = open_desk()
    scene = desk.scene
    with tenancy.use(desk.school):
        empty = empty_cells(scene)
        cells = iter(empty)
        bare_cells = iter(empty)
        session = None

        def save() -> None:
            lesson, pupil = next(cells)
            operation = {
                "id": str(uuid4()), "lesson": str(lesson), "pupil": str(pupil), "kind": "fo",
                "field": "points", "old": None, "new": 7, "version": 0,
            }  # fmt: skip
            status, answer = desk.call("POST", "/journal/save/", body_of(scene.course.pk, operation))
            if status != 200 or json.loads(answer)["results"][0]["status"] != "ok":
                raise AssertionError(f"{status} {answer[:300]!r}")

    _bare_table(desk.school)
    with tenancy.use(desk.school):
        connection.ensure_connection()
        raw = connection.connection
        payload = json.dumps({"course_id": str(scene.course.pk), "pupil_ids": [str(uuid4())], "count": 1})

        def bare() -> None:
            lesson, pupil = next(bare_cells)
            operation = uuid4()
            with raw.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute(_MARK, [uuid7(), lesson, pupil, desk.user.pk, session, operation])
                cursor.execute(_EVENT, [lesson, pupil, desk.user.pk, session, operation])
                cursor.execute(_NEWS, [uuid7(), payload, clock.now(), desk.user.pk])
                cursor.execute("COMMIT")

        actor = identity.actor_of_user(desk.user.pk)

        def service() -> None:
            lesson, pupil = next(cells)
            operation = Operation(uuid4(), lesson, pupil, "fo", "points", None, 7)
            [result] = journal.save_cells(actor=actor, course_id=scene.course.pk, operations=[operation])
            if result.status != "ok":
                raise AssertionError(result)

        times = take_turns({"save": save, "service": service, "bare": bare}, rounds=20, batch=15)
        waiting = OutboxEvent.objects.filter(delivered_at=None).count()
    if waiting < 400:
        raise AssertionError("the marks left no news")
    return [
        against(
            "Saving a mark through HTTP / a bare insert of mark, history and outbox",
            value=times["save"],
            floor=times["bare"],
            goal=4.0,
        ),
        against(
            "Saving a mark, the service without HTTP and the sign-in check / the same bare insert",
            value=times["service"],
            floor=times["bare"],
            goal=4.0,
        ),
    ]


def _bare_table(school: Any) -> None:
    """A twin of the marks' table with its keys and no trigger: what a bare insert needs."""
    with tenancy.owner(school), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_mark (LIKE journal_mark INCLUDING ALL)")
        cursor.execute(
            "ALTER TABLE bare_mark ADD FOREIGN KEY (lesson_id) REFERENCES schedule_lesson (id) DEFERRABLE INITIALLY DEFERRED"
        )
        role = tenancy.role_name(school.schema)
        cursor.execute(f'GRANT SELECT, INSERT ON bare_mark TO "{role}"')
