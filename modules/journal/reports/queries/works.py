"""СОР and СОЧ with their levels, and who stands behind each figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import connection

from kernel.access import Actor, Scope
from kernel.errors import NotFound
from modules.journal import permissions
from modules.journal.data import KIND_LABELS
from modules.journal.models import SummativeWork
from modules.journal.reports.models import WorkAnalysis
from modules.journal.reports.queries.ground import CourseOf, Span, courses_of, spans_of
from modules.journal.reports.rules import GOOD_FROM, Level, level_of, percent_of
from modules.plans import api as plans
from modules.schedule import api as schedule

# Whom the lesson taught on its day: the class without children taught at home, or from the first day of its group the
# group's pupils. Who has points of a work has written it, wherever he is taught.
_WORKS = """
WITH work AS (
  SELECT w.id, w.kind, w.maximum, w.title, l.id AS lesson_id, l.course_id, l.school_class_id, l.date, c.kind AS part
  FROM journal_summativework w JOIN schedule_lesson l ON l.id = w.lesson_id JOIN schedule_course c ON c.id = l.course_id
  WHERE l.course_id = ANY(%(courses)s) AND l.date BETWEEN %(start)s AND %(end)s
)
SELECT w.id, w.course_id, w.kind, w.maximum, w.title, w.date, w.lesson_id,
       EXISTS (SELECT FROM journal_workanalysis a WHERE a.work_id = w.id), p.id, p.surname, p.name, m.points, x.code
FROM work w
LEFT JOIN (
  contingent_membership b JOIN contingent_pupil p ON p.id = b.pupil_id AND p.removed_at IS NULL
) ON b.school_class_id = w.school_class_id AND b.since <= w.date AND (b.until IS NULL OR b.until >= w.date) AND (
  NOT EXISTS (SELECT FROM schedule_groupmember g WHERE g.course_id = w.course_id AND g.since <= w.date)
  OR EXISTS (SELECT FROM schedule_groupmember g WHERE g.course_id = w.course_id AND g.pupil_id = p.id
    AND g.since <= w.date AND (g.until IS NULL OR g.until >= w.date)))
  AND (w.part NOT IN ('core', 'variable')
    OR EXISTS (SELECT FROM journal_mark z WHERE z.lesson_id = w.lesson_id AND z.kind = w.kind AND z.pupil_id = p.id
      AND z.points IS NOT NULL)
    OR NOT EXISTS (SELECT FROM contingent_homeschooling s WHERE s.pupil_id = p.id
      AND s.since <= w.date AND (s.until IS NULL OR s.until >= w.date)))
LEFT JOIN journal_mark m ON m.lesson_id = w.lesson_id AND m.kind = w.kind AND m.pupil_id = p.id
LEFT JOIN journal_absence x ON x.lesson_id = w.lesson_id AND x.pupil_id = p.id
ORDER BY w.date, w.kind DESC, w.id, p.surname, p.name, p.id
"""


@dataclass(frozen=True, slots=True)
class Wrote:
    """A pupil and his work; without points he has not written it."""

    pupil_id: UUID
    name: str
    points: int | None
    percent: int | None
    absence: str

    @property
    def level(self) -> Level | None:
        return None if self.percent is None else level_of(self.percent)


@dataclass(slots=True)
class Work:
    """A СОР or a СОЧ with everybody who was to write it."""

    id: UUID
    course: CourseOf
    kind: str
    number: int
    maximum: int
    title: str
    day: date
    lesson_id: UUID
    is_analysed: bool
    pupils: list[Wrote] = field(default_factory=list)

    @property
    def name(self) -> str:
        label = str(KIND_LABELS[self.kind])
        return label if self.kind == "soch" else f"{label} {self.number}"

    @property
    def wrote(self) -> list[Wrote]:
        return [one for one in self.pupils if one.points is not None]

    @property
    def absent(self) -> list[Wrote]:
        return [one for one in self.pupils if one.points is None]

    def of_level(self, level: Level) -> list[Wrote]:
        return [one for one in self.pupils if one.level == level]

    @property
    def quality(self) -> float | None:
        """The share of works of 65 % and more."""
        good = sum(1 for one in self.wrote if (one.percent or 0) >= GOOD_FROM)
        return 100 * good / len(self.wrote) if self.wrote else None

    @property
    def achievement(self) -> float | None:
        """The share of works of 40 % and more."""
        low = len(self.of_level("low"))
        return 100 * (len(self.wrote) - low) / len(self.wrote) if self.wrote else None

    @property
    def mean(self) -> float | None:
        """The mean percentage."""
        return sum(one.percent or 0 for one in self.wrote) / len(self.wrote) if self.wrote else None


def works_of(*, span: Span, courses: Iterable[CourseOf]) -> list[Work]:
    """Works of the courses written in the period, by day; one statement. The caller has checked the right."""
    known = {one.id: one for one in courses}
    found: dict[UUID, Work] = {}
    numbers: dict[tuple[UUID, str], int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(_WORKS, {"courses": list(known), "start": span.start, "end": span.end})
        rows = cursor.fetchall()
    for key, course_id, kind, maximum, title, day, lesson_id, is_analysed, pupil_id, *rest in rows:
        if key not in found:
            numbers[course_id, kind] += 1
            found[key] = Work(
                id=key,
                course=known[course_id],
                kind=kind,
                number=numbers[course_id, kind],
                maximum=maximum,
                title=title,
                day=day,
                lesson_id=lesson_id,
                is_analysed=is_analysed,
            )
        if pupil_id is not None:
            surname, name, points, absence = rest
            percent = None if points is None else percent_of(points, maximum)
            found[key].pupils.append(Wrote(pupil_id, f"{surname} {name}", points, percent, absence or ""))
    return list(found.values())


def works(*, actor: Actor, span: Span) -> list[Work]:
    """Works of all journals that the actor answers for; two statements."""
    return works_of(span=span, courses=courses_of(actor=actor, span=span))


@dataclass(frozen=True, slots=True)
class Opened:
    """A work with the others of its journal and quarter, and what was said of each."""

    work: Work
    span: Span
    beside: list[Work]
    said: dict[UUID, WorkAnalysis]
    writes: bool

    @property
    def analysis(self) -> WorkAnalysis | None:
        return self.said.get(self.work.id)


def open_work(*, actor: Actor, work_id: UUID) -> Opened:
    """A work of a journal that the actor answers for; raises NotFound for others' and for what is not there."""
    row = SummativeWork.objects.filter(pk=work_id).values_list("lesson__course_id", "lesson__date").first()
    if row is None:
        raise NotFound
    course_id, day = row
    info = schedule.course(actor=actor, course_id=course_id)
    span = next(
        (one for one in spans_of(year=info.year, with_year=False) if one.start <= day <= one.end), None
    )
    if span is None:
        raise NotFound
    mine = [one for one in courses_of(actor=actor, span=span) if one.id == course_id]
    beside = works_of(span=span, courses=mine)
    work = next((one for one in beside if one.id == work_id), None)
    if work is None:
        raise NotFound
    said = {one.work_id: one for one in WorkAnalysis.objects.filter(work_id__in=[one.id for one in beside])}
    return Opened(work, span, beside, said, writes_analysis(actor, info.teacher_id))


def writes_analysis(actor: Actor, teacher_id: UUID | None) -> bool:
    """The teacher of the journal writes it, and whoever sets marks in all journals."""
    scopes = actor.scopes(permissions.SET_MARKS)
    if Scope.SCHOOL in scopes:
        return True
    return Scope.OWN_LESSONS in scopes and actor.person_id is not None and teacher_id == actor.person_id


def planned_objectives(found: Opened) -> list[str]:
    """Objectives that the work checks by the plan: its line's own, else those from the work before it, of a СОЧ all of
    the quarter. Three statements."""
    topics = plans.planned_topics(course_id=found.work.course.id)
    own = topics.get(found.work.lesson_id)
    if own is not None and own.objectives.strip():
        return _lines(own.objectives)
    days = [one.day for one in found.beside if one.day < found.work.day and found.work.kind == "sor"]
    since = max(days, default=found.span.start)
    lessons = schedule.lessons_of_course(course_id=found.work.course.id, start=since, end=found.work.day)
    said: dict[str, None] = {}
    for lesson in lessons if topics else ():
        if lesson.id in topics and (not days or lesson.date > since):
            said |= dict.fromkeys(_lines(topics[lesson.id].objectives))
    return list(said)


def _lines(text: str) -> list[str]:
    return [line for one in text.replace(";", "\n").splitlines() if (line := one.strip())]
