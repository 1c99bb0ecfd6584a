"""What a teacher sees of substitutions: questions to her, and the lessons that she takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from kernel import clock
from kernel.access import Actor, require
from modules.schedule import permissions, queries
from modules.schedule.load.data import with_part
from modules.schedule.substitutions.models import Question, Substitution
from modules.schedule.substitutions.queries import candidates, choices
from modules.schedule.year import queries as year_queries

State = Substitution.State


@dataclass(frozen=True, slots=True)
class Asking:
    """A question to the teacher, or a lesson that she takes."""

    id: UUID
    lesson_id: UUID
    course_id: UUID
    date: date
    number: int
    start: time | None
    class_label: str
    subject: str
    room: str
    until: datetime | None = None


def questions_to(*, actor: Actor) -> list[Asking]:
    """Questions that wait for the actor's answer, the nearest lesson first."""
    require(actor, permissions.STAND_IN)
    if actor.person_id is None:
        return []
    rows = (
        Question.objects.filter(
            teacher_id=actor.person_id,
            answer="",
            until__gt=clock.now(),
            substitution__state=State.OPEN,
        )
        .select_related("substitution__lesson__course")
        .order_by("substitution__date", "substitution__number", "pk")
    )
    return _shown(actor, [(one.substitution, one) for one in rows])


def waiting_count(*, actor: Actor) -> int:
    return len(questions_to(actor=actor))


def taken_by(*, actor: Actor, since: date) -> list[Asking]:
    """Lessons that the actor takes for others from the day on, in order."""
    require(actor, permissions.STAND_IN)
    if actor.person_id is None:
        return []
    rows = (
        Substitution.objects.filter(
            substitute_id=actor.person_id, state__in=candidates.TAKEN, date__gte=since
        )
        .select_related("lesson__course")
        .order_by("date", "number", "pk")
    )
    return _shown(actor, [(one, None) for one in rows])


def _shown(actor: Actor, rows: list[tuple[Substitution, Question | None]]) -> list[Asking]:
    if not rows:
        return []
    days = [row.date for row, _question in rows]
    rings = year_queries.rings(actor=actor, start=min(days), end=max(days))
    classes = queries.class_names(actor=actor, year=clock.school_year_of(rows[0][0].date))
    answer = []
    for row, question in rows:
        lesson = row.lesson
        bell = rings.at(lesson.school_class_id, row.date, row.number)
        school_class = classes.get(lesson.school_class_id)
        answer.append(
            Asking(
                id=question.pk if question else row.pk,
                lesson_id=lesson.pk,
                course_id=lesson.course_id,
                date=row.date,
                number=row.number,
                start=bell[0] if bell else None,
                class_label=with_part(school_class.label if school_class else "", lesson.group),
                subject=queries.subject_title(lesson.course),
                room=lesson.room,
                until=question.until if question else None,
            )
        )
    return answer


@dataclass(frozen=True, slots=True)
class StoodIn:
    """That a lesson is held by somebody else, and until when the substitute writes in it."""

    substitute: str
    teacher: str
    last_day: date


def is_stood_in(lesson_id: UUID) -> bool:
    return Substitution.objects.filter(lesson_id=lesson_id, state__in=candidates.TAKEN).exists()


def stood_in(*, actor: Actor, lesson_id: UUID) -> StoodIn | None:
    """Who stands in at the lesson; None for an ordinary one."""
    require(actor, permissions.VIEW)
    row = Substitution.objects.filter(lesson_id=lesson_id, state__in=candidates.TAKEN).first()
    if row is None:
        return None
    names = queries.short_names(actor=actor, teacher_ids=[row.substitute_id, row.teacher_id])
    return StoodIn(
        names.get(row.substitute_id, "") if row.substitute_id else "",
        names.get(row.teacher_id, ""),
        choices.lesson_right().last_day(row.date),
    )
