"""Checked lines of load written into the school, their lessons laid, and all of it taken back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from imports.api import Change, ChangeKind, Row, Steps, Verdict, used
from kernel import clock
from kernel.access import Actor, require
from modules.schedule import permissions, queries, services
from modules.schedule.load import services as lines

COURSE, LESSON = "schedule.course", "schedule.lesson"


def load(rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
    """Carry the rows out in the caller's transaction, by the services of the screens."""
    require(actor, permissions.SET_LOAD)
    changes: list[Change] = []
    placed: list[tuple[UUID, Row]] = []
    for row in steps.each(rows, _("Lines of load"), end=0.6):
        plan = row.plan
        if row.verdict is Verdict.CREATE:
            course_id = lines.add_course(
                actor=actor,
                school_class_id=plan.school_class.id,
                subject_code=row.get("subject"),
                hours=plan.hours,
                teacher_id=plan.teacher_id,
                group=row.get("group") or 0,
                agreed=True,
            ).id
            changes.append(Change(COURSE, course_id, ChangeKind.CREATED))
        else:
            course_id = plan.course.pk
            before = {name: plan.before[name] for name in plan.changes}
            changes.append(
                Change(COURSE, course_id, ChangeKind.UPDATED, _plain(before), _plain(plan.changes))
            )
            _change(course_id, plan.before, plan.changes, actor)
        if plan.changes.get("places") is not None:
            placed.append((course_id, row))
    steps.tell(0.6, _("Places in the week"))
    # Places change hands inside a file: all are freed before any is taken.
    for course_id, row in placed:
        if row.plan.course is not None:
            services.set_slots(actor=actor, course_id=course_id, places=[])
    for course_id, row in placed:
        services.set_slots(
            actor=actor, course_id=course_id, places=row.plan.places, room=row.get("room") or ""
        )
    steps.tell(0.8, _("Lessons"))
    changes.extend(_lay([course_id for course_id, _row in placed], actor))
    return changes


def _change(course_id: UUID, before: dict[str, Any], wanted: dict[str, Any], actor: Actor) -> None:
    if wanted.keys() & {"hours", "teacher"}:
        lines.change_course(
            actor=actor,
            course_id=course_id,
            teacher_id=wanted.get("teacher", before["teacher"]),
            hours=wanted.get("hours", before["hours"]),
            since=clock.today(),
            agreed=True,
        )


def _lay(course_ids: Sequence[UUID], actor: Actor) -> list[Change]:
    """Lay the running quarter's lessons of the courses; those that were there stay."""
    period = queries.current_period()
    if not course_ids or period is None or period.is_closed:
        return []
    before = queries.lesson_ids(course_ids=course_ids)
    services.generate_lessons(actor=actor, period_id=period.id, course_ids=course_ids)
    return [
        Change(LESSON, one, ChangeKind.CREATED) for one in queries.lesson_ids(course_ids=course_ids) - before
    ]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Fields fit for JSON, alike whether they come from a cell or from the database."""
    plain = dict(values)
    if plain.get("hours") is not None:
        plain["hours"] = f"{Decimal(plain['hours']).normalize():f}"
    if plain.get("teacher") is not None:
        plain["teacher"] = str(plain["teacher"])
    if plain.get("places") is not None:
        plain["places"] = [list(place) for place in plain["places"]]
    return plain


def staying(changes: Sequence[Change], *, actor: Actor) -> dict[UUID, str]:
    """Courses whose lessons somebody has filled, or that were changed since, with their names."""
    lessons = {c.object_id for c in changes if c.object_type == LESSON}
    courses = [c for c in changes if c.object_type == COURSE]
    busy = queries.courses_of_lessons(used(LESSON, lessons) | queries.filled_lessons(lessons))
    made = {c.object_id for c in courses if c.kind is ChangeKind.CREATED}
    busy |= used(COURSE, made) | queries.courses_with_other_lessons(made, but=lessons)
    year = clock.school_year_of(clock.today())
    rows = {one.pk: one for one in queries.lines_of_load(year=year)}
    places = queries.places_of_courses(year=year)
    for change in courses:
        row = rows.get(change.object_id)
        if row is None or change.kind is ChangeKind.CREATED:
            continue
        now = _plain(
            {"hours": row.hours_per_week, "teacher": row.teacher_id, "places": places.get(row.pk, [])}
        )
        if any(now[name] != value for name, value in change.after.items()):
            busy.add(row.pk)
    names = {one.id: one.title for one in queries.courses(actor=actor, year=year)}
    ours = {change.object_id for change in courses}
    return {key: names[key] for key in busy & ours if key in names}


def undo(changes: Sequence[Change], *, actor: Actor) -> list[str]:
    """Take lessons, places and lines back, except those that are in use by now; answer the names of these."""
    require(actor, permissions.SET_LOAD)
    stays = staying(changes, actor=actor)
    lessons = [c.object_id for c in changes if c.object_type == LESSON]
    services.drop_lessons(actor=actor, lesson_ids=lessons, but_of=stays)
    courses = [c for c in changes if c.object_type == COURSE and c.object_id not in stays]
    for change in courses:
        if change.kind is ChangeKind.CREATED:
            lines.drop_course(actor=actor, course_id=change.object_id)
        elif "places" in change.before:
            services.set_slots(actor=actor, course_id=change.object_id, places=[])
    for change in courses:
        if change.kind is ChangeKind.UPDATED:
            _put_back(change, actor)
    return sorted(stays.values())


def _put_back(change: Change, actor: Actor) -> None:
    before = dict(change.before)
    if before.keys() & {"hours", "teacher"}:
        course = queries.get_course(actor=actor, course_id=change.object_id)
        teacher = before.get("teacher", course.teacher_id)
        lines.change_course(
            actor=actor,
            course_id=change.object_id,
            teacher_id=UUID(str(teacher)) if teacher else None,
            hours=Decimal(str(before.get("hours", course.hours))),
            since=clock.today(),
            agreed=True,
        )
    if before.get("places"):
        places = [(day, number) for day, number in before["places"]]
        services.set_slots(actor=actor, course_id=change.object_id, places=places)
