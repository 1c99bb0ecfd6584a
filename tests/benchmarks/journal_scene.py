"""A committed journal of 30 pupils × 60 lessons with its teacher signed in, for the journal's two benchmarks."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction

from identity import api as identity
from identity.models import User
from identity.services import sessions
from kernel import tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.journal.models import Absence, Mark
from tests import world
from tests.factories import journal as made
from tests.factories import schedule as make

PUPILS, LESSONS = 30, 60


@dataclass
class Desk:
    """The teacher's desk: `get` and `post` go through the whole product, from the WSGI environ to the last byte."""

    school: TenantRef
    scene: Any  # what the journal has on it; an office has none
    user: User
    key: str
    handler: WSGIHandler
    token: str = "t" * 32

    def call(
        self, method: str, path: str, body: bytes = b"", query: str = "", **more: str
    ) -> tuple[int, bytes]:
        """Ask; `more` are further entries of the environment, such as HTTP_HX_REQUEST for a part of a page."""
        status: list[str] = []
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": self.school.host,
            "SERVER_PORT": "80",
            "HTTP_HOST": self.school.host,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/json" if body else "",
            "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={self.key}; {settings.CSRF_COOKIE_NAME}={self.token}",
            "HTTP_X_CSRFTOKEN": self.token,
            **more,
        }
        response = self.handler(environ, lambda line, _headers: status.append(line))
        answer = b"".join(response)
        response.close()
        return int(status[0][:3]), answer


def open_desk(code: str = "school-a") -> Desk:
    """Write the journal into the school and sign its teacher in."""
    school = world.find(code)
    dice = random.Random(7)
    with tenancy.use(school), transaction.atomic():
        scene = make.scene(pupil_count=PUPILS, lesson_count=38)
        more = make.lessons(scene.course, scene.quarter.start, count=LESSONS - 38, number=6, every=1)
        lessons = [*scene.lessons, *more]
        for lesson, kind, maximum in zip(lessons[10:], ("sor", "sor", "soch"), (15, 20, 25), strict=False):
            made.work(lesson, kind, maximum)
        Mark.objects.bulk_create(
            Mark(lesson=lesson, pupil_id=pupil.pk, kind="fo", points=dice.randint(3, 10))
            for lesson in lessons[1:]
            for pupil in scene.pupils
            if dice.random() < 0.6
        )
        Absence.objects.bulk_create(
            Absence(lesson=lesson, pupil_id=pupil.pk, code="ill")
            for lesson in lessons[1:]
            for pupil in scene.pupils
            if dice.random() < 0.05
        )
        system = Actor.system_actor("benchmark")
        [slip] = identity.create_accounts(
            actor=system,
            accounts=[
                identity.NewAccount(
                    person_kind="staff",
                    person_id=scene.teacher.pk,
                    surname="Ермекова",
                    name="Болат",
                    roles=(Role.TEACHER,),
                )
            ],
            password="tau-zhanyndagy-auyl",
        )
        user = User.objects.get(pk=slip.user_id)
        User.objects.filter(pk=user.pk).update(must_change_password=False)
        key, __ = sessions.begin(user=user, methods="password", device="benchmark")
    with tenancy.owner(school), connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE"
        )  # only an owner's counts: a school's own role is refused, with a warning alone
    return Desk(school, scene, user, key, WSGIHandler())


def empty_cells(scene: make.Scene) -> list[tuple[UUID, UUID]]:
    """Lesson and pupil of 900 cells without a mark; the lessons stand in other hours of the same days."""
    lessons = [
        lesson
        for number in (8, 9)
        for lesson in make.lessons(scene.course, scene.quarter.start, count=15, number=number, every=1)
    ]
    return [(lesson.pk, pupil.pk) for lesson in lessons for pupil in scene.pupils]


Statement = tuple[str, Any]


def statements_of(work: Callable[[], object]) -> list[Statement]:
    """The SQL that the work sends, in order."""
    sent: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return sent


def replay(statements: list[Statement]) -> Callable[[], None]:
    """The same statements on the same connection by the driver alone, every row fetched."""
    connection.ensure_connection()
    raw = connection.connection

    def run() -> None:
        with raw.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                if cursor.description:
                    cursor.fetchall()

    return run


def body_of(course: Any, *operations: dict[str, Any]) -> bytes:
    return json.dumps({"course": str(course), "operations": operations}).encode()
