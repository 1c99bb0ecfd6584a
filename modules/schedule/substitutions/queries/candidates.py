"""What is known of those who could take lessons of a day: one set of reads for all its lessons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext, ngettext

from kernel import clock
from kernel.access import Actor
from modules.schedule import queries
from modules.schedule.models import Course, Lesson
from modules.schedule.substitutions import rules
from modules.schedule.substitutions.models import Question, Substitution
from modules.schedule.substitutions.queries import choices
from modules.schedule.substitutions.rules import Candidate, Colleague, Need, Why
from modules.schedule.year import queries as year_queries
from modules.schedule.year.rules import Place, Rings
from modules.staff import api as staff

TAKEN = (Substitution.State.TAKEN, Substitution.State.JOINED)


def colleagues(*, actor: Actor, day: date, rings: Rings) -> list[Colleague]:
    """Everybody who teaches here, with lessons, subjects, classes and hours: nine reads, whatever is open."""
    lessons: dict[UUID, list[Place]] = defaultdict(list)
    held = Lesson.objects.filter(date=day, state=Lesson.State.HELD, teacher_id__isnull=False)
    for teacher, class_id, shift, number in held.values_list(
        "teacher_id", "school_class_id", "shift", "number"
    ):
        if teacher is not None:
            lessons[teacher].append(rings.place(class_id, day, shift=shift, number=number))
    subjects: dict[UUID, set[str]] = defaultdict(set)
    classes: dict[UUID, set[UUID]] = defaultdict(set)
    given = Course.objects.filter(year=clock.school_year_of(day), teacher_id__isnull=False)
    for teacher, subject, school_class in given.values_list("teacher_id", "subject_code", "school_class_id"):
        if teacher is not None:
            subjects[teacher].add(subject)
            classes[teacher].add(school_class)
    asked: dict[UUID, list[Place]] = defaultdict(list)
    waiting = Question.objects.filter(
        answer="", until__gt=clock.now(), substitution__date=day, substitution__state=Substitution.State.OPEN
    )
    for teacher, class_id, shift, number in waiting.values_list(
        "teacher_id",
        "substitution__lesson__school_class_id",
        "substitution__shift",
        "substitution__number",
    ):
        asked[teacher].append(rings.place(class_id, day, shift=shift, number=number))
    away = {row.teacher_id: row for row in choices.absences_on(day)}
    hours = hours_of_month(day)
    found = []
    for one in staff.employees(actor=actor):
        taught = subjects[one.id] | set(one.subjects)
        if not taught:
            continue
        absence = away.get(one.id)
        found.append(
            Colleague(
                id=one.id,
                name=one.short_name,
                lessons=tuple(lessons[one.id]),
                subjects=frozenset(taught),
                classes=frozenset(classes[one.id]),
                hours=hours.get(one.id, 0),
                is_absent=absence is not None,
                away_from=absence.from_time if absence and absence.since == day else None,
                asked_at=tuple(asked[one.id]),
            )
        )
    return found


def hours_of_month(day: date) -> dict[UUID, float]:
    """Hours that each has stood in for in the month of the day."""
    rows = (
        Substitution.objects.filter(state__in=TAKEN, date__year=day.year, date__month=day.month)
        .values_list("substitute_id")
        .annotate(whole=Sum("hours"))
        .order_by()
    )
    return {teacher: float(whole) for teacher, whole in rows if teacher is not None}


def need_of(row: Substitution, rings: Rings, answers: Sequence[Question]) -> Need:
    refused = frozenset(one.teacher_id for one in answers if one.answer == Question.Answer.NO)
    return Need(
        rings.place(row.lesson.school_class_id, row.date, shift=row.shift, number=row.number),
        row.lesson.course.subject_code,
        row.lesson.school_class_id,
        refused,
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate as the page shows her: the reasons are words."""

    id: UUID
    name: str
    reasons: tuple[str, ...]
    has_refused: bool = False


def proposals(need: Need, among: Sequence[Colleague]) -> list[Proposal]:
    return [Proposal(one.id, one.name, tuple(words(one)), one.has_refused) for one in rules.rank(need, among)]


def words(one: Candidate) -> list[str]:
    said = {
        Why.FREE: gettext("free in this lesson"),
        Why.SUBJECT: gettext("teaches this subject"),
        Why.CLASS: gettext("teaches this class"),
        Why.GAP: gettext("has a gap here"),
        Why.BESIDE: gettext("has a lesson right beside it"),
        Why.SHIFT: gettext("works in this shift today"),
        Why.COMES: gettext("comes in the other shift"),
        Why.STAYS_AWAY: gettext("has no lessons that day"),
        Why.ASKED: gettext("is asked for another lesson"),
        Why.REFUSED: gettext("said no"),
    }
    answer = [said[why] for why in one.reasons if why in said]
    hours = round(one.hours)
    if hours:
        text = ngettext("{n} hour stood in this month", "{n} hours stood in this month", hours)
        answer.append(text.format(n=hours))
    else:
        answer.append(gettext("has not stood in this month"))
    return answer


# --- other ways


@dataclass(frozen=True, slots=True)
class Joinable:
    """A lesson at the same time with which the class could sit."""

    teacher_id: UUID
    teacher: str
    title: str


def joinable(row: Substitution, *, actor: Actor) -> list[Joinable]:
    """Lessons at the same time: the other group of the class first, then the same subject, then the same grade."""
    classes = queries.class_names(actor=actor, year=row.lesson.course.year)
    rings = year_queries.rings(
        actor=actor, start=row.lesson.date, end=row.lesson.date, classes=classes.values()
    )
    here = rings.place_of(row.lesson)
    mine = classes.get(row.lesson.school_class_id)
    subject = row.lesson.course.subject_code
    rows = list(
        Lesson.objects.filter(
            date=row.lesson.date,
            number=row.lesson.number,
            shift=row.lesson.shift,
            state=Lesson.State.HELD,
            teacher_id__isnull=False,
        )
        .exclude(teacher_id=row.teacher_id)
        .select_related("course")
    )
    found = []
    for one in rows:
        school_class = classes.get(one.school_class_id)
        is_near = bool(mine and school_class and mine.grade == school_class.grade)
        same_class = one.school_class_id == row.lesson.school_class_id
        if not (same_class or is_near or one.course.subject_code == subject):
            continue
        if not here.overlaps(rings.place_of(one)):  # the same number, by other bells
            continue
        found.append((not same_class, one.course.subject_code != subject, not is_near, one))
    found.sort(key=lambda item: (*item[:3], str(item[3].pk)))
    names = queries.short_names(actor=actor, teacher_ids=[one.teacher_id for *_order, one in found])
    return [
        Joinable(
            one.teacher_id,
            names.get(one.teacher_id, ""),
            queries.info_of_course(one.course, classes, {}).title,
        )
        for *_order, one in found
        if one.teacher_id is not None
    ]
