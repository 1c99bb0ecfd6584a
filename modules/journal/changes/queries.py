"""Changes of cells of the whole school, as the triggers wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from identity.models import Session
from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotAllowed, NotFound
from modules.contingent import api as contingent
from modules.journal import permissions
from modules.journal.data import ABSENCE_LETTERS, mark_text, spoken_time
from modules.journal.models import MarkEvent
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo

_WHO = """(SELECT concat_ws(' ', u.surname, u.name) FROM identity_user u WHERE u.id = journal_markevent.by_user)"""


def changes(actor: Actor, *, year: str) -> QuerySet[Any]:
    """Changes made in the school year, by whoever made them."""
    require(actor, permissions.HISTORY)
    first, after = span(year)
    rows = MarkEvent.objects.filter(at__gte=first, at__lt=after)
    who = RawSQL(_WHO, [], CharField())  # noqa: S611 - a constant text
    return rows.annotate(who=who, year=Value(year))


def span(year: str) -> tuple[datetime, datetime]:
    """The school year, from August to August."""
    first = datetime(int(year[:4]), 8, 1, tzinfo=clock.ALMATY)
    return first, first.replace(year=first.year + 1)


def of_pupil(rows: QuerySet[Any], pupil_id: str, _actor: Actor) -> QuerySet[Any]:
    return rows.filter(pupil_id=UUID(pupil_id))


def called_pupil(actor: Actor, pupil_id: str) -> str | None:
    """The pupil's name and class; None for who is not there for the actor."""
    try:
        found = contingent.pupil(actor=actor, pupil_id=UUID(pupil_id))
    except (ValueError, NotFound, NotAllowed):
        return None
    return f"{found.list_name}, {found.class_label}" if found.class_label else found.list_name


def of_class(rows: QuerySet[Any], class_id: str, _actor: Actor) -> QuerySet[Any]:
    return _narrowed(rows, "c.school_class_id = %s", UUID(class_id))


def of_subject(rows: QuerySet[Any], code: str, _actor: Actor) -> QuerySet[Any]:
    return _narrowed(rows, "c.subject_code = %s", code)


def _narrowed(rows: QuerySet[Any], condition: str, value: Any) -> QuerySet[Any]:
    courses = f"SELECT c.id FROM schedule_course c WHERE {condition}"  # noqa: S608 - constant texts
    lessons = f"SELECT l.id FROM schedule_lesson l WHERE l.course_id IN ({courses})"  # noqa: S608
    return rows.filter(
        Q(lesson_id__in=RawSQL(lessons, [value]))  # noqa: S611
        | Q(course_id__in=RawSQL(courses, [value]))  # noqa: S611
    )


def since(rows: QuerySet[Any], days: str, _actor: Actor) -> QuerySet[Any]:
    """Of the last days, today among them."""
    day = clock.today() - timedelta(days=int(days) - 1)
    return rows.filter(at__gte=datetime.combine(day, datetime.min.time(), clock.ALMATY))


def what(rows: QuerySet[Any], code: str, _actor: Actor) -> QuerySet[Any]:
    """Put in, changed, cleared; or past the product; or of a closed period."""
    match code:
        case "put":
            return rows.filter(old=None).exclude(new=None)
        case "changed":
            return rows.exclude(old=None).exclude(new=None)
        case "cleared":
            return rows.filter(new=None).exclude(old=None)
        case "reason":
            return rows.exclude(reason="")
        case _:
            return rows.filter(source="sql")


def called(rows: QuerySet[Any], text: str, actor: Actor) -> QuerySet[Any]:
    """By the pupil's name or that of whoever changed it."""
    try:
        pupils = contingent.ids_like(actor=actor, text=text)
    except NotAllowed:  # to whom cards are closed, pupils cannot be looked up by name either
        pupils = []
    return rows.filter(Q(pupil_id__in=pupils) | Q(who__icontains=text))


# --- lines


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change with its names."""

    row: Any
    pupil: str
    course: CourseInfo | None
    day: date | None
    device: str

    @property
    def old(self) -> str:
        return shown(self.row.old, self.row.field)

    @property
    def new(self) -> str:
        return shown(self.row.new, self.row.field)


def shown(value: str | None, field: str) -> str:
    """The value of a cell as its reader sees it."""
    if value is None:
        return ""
    if field == "absence":
        return str(ABSENCE_LETTERS.get(value, value))
    if field.startswith("voice-"):
        return spoken_time(value)
    return mark_text(value) if field == "final" else value


def lines(rows: Sequence[Any], actor: Actor) -> list[ChangeLine]:
    """Names of pupils, journals and devices of a page: a few statements, however long the page."""
    if not rows:
        return []
    lessons = _lessons({row.lesson_id for row in rows if row.lesson_id})
    courses = {one.id: one for one in schedule.courses(actor=actor, year=rows[0].year)}
    named = contingent.pupils(actor=actor, pupil_ids={row.pupil_id for row in rows})
    sessions = Session.objects.filter(pk__in={row.by_session for row in rows if row.by_session})
    devices = dict(sessions.values_list("pk", "device"))
    found = []
    for row in rows:
        course_id, day = lessons.get(row.lesson_id, (row.course_id, None))
        pupil = named.get(row.pupil_id)
        found.append(
            ChangeLine(
                row,
                pupil.list_name if pupil else "",
                courses.get(course_id),
                day,
                devices.get(row.by_session or 0, ""),
            )
        )
    return found


def _lessons(ids: set[UUID]) -> dict[UUID, tuple[UUID, date]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, course_id, date FROM schedule_lesson WHERE id = ANY(%s)", [list(ids)])
        return {key: (course, day) for key, course, day in cursor.fetchall()}
