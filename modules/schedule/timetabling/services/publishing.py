"""A variant comes into force from a day: slots, dated lessons, and word to the teachers whom it touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError
from modules.schedule import permissions
from modules.schedule import services as schedule
from modules.schedule.models import Lesson, Slot
from modules.schedule.queries import periods
from modules.schedule.timetabling import notices, queries
from modules.schedule.timetabling.grid import Grid
from modules.schedule.timetabling.models import Timetable
from modules.schedule.timetabling.problems import Problem, problems
from modules.schedule.timetabling.queries import Why, judged
from modules.schedule.timetabling.services.moves import locked


class NotSound(DomainError):
    message = _("The timetable has {count} serious problems. Mend them, or write why it is published so.")
    code = "timetable_not_sound"


class TooEarly(DomainError):
    message = _("Lessons of past days are not moved. Choose today or a later day.")
    code = "timetable_too_early"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What publishing did: courses touched, lessons laid, lessons that stayed, places that were busy, topics written
    ahead for which there are fewer lessons now, teachers told."""

    courses: int
    laid: int
    stayed: int
    crowded: int
    texts_left: int
    told: int


def refusals(grid: Grid) -> list[Problem]:
    """Problems that keep the variant from being published unless somebody answers for them in writing."""
    return [one for one in problems(grid) if one.harm < 3]


def remarks(*, actor: Actor, timetable_id: UUID) -> int:
    """How many such problems a draft has. Raises NotFound or Published."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    return len(refusals(queries.grid(actor=actor, row=locked(timetable_id))))


@transaction.atomic
def publish_from(
    *, actor: Actor, timetable_id: UUID, since: date, overruled: str = "", seen: int | None = None
) -> Outcome:
    """Put the variant into force from the day.

    Courses that stay as they are are not touched. Of the others, lessons from that day on are laid anew; a lesson that
    somebody has used (marks, absences, a work), that a substitute takes or that was put by hand stays where it is, and
    topics and homework of the lessons laid anew pass to the new ones in their order. Raises TooEarly, Published, Outdated or NotSound.
    """
    require(actor, permissions.ARRANGE_TIMETABLE)
    require(actor, permissions.SET_LOAD)  # the week itself changes
    row = locked(timetable_id, seen)
    if since < clock.today():
        raise TooEarly
    grid = queries.grid(actor=actor, row=row)
    against = refusals(grid)
    if against and not overruled.strip():
        raise NotSound(count=len(against))
    found = queries.changes(actor=actor, row=row, since=since)
    touched = [one.course_id for one in found]
    _set_week(row, touched, since)
    laid, stayed, crowded, texts_left = _lay_anew(actor, row, touched, since)
    row.state, row.since, row.overruled = Timetable.State.PUBLISHED, since, overruled.strip()[:500]
    row.save(update_fields=["state", "since", "overruled"])
    row.steps.all().delete()
    told = notices.tell_teachers(
        {one.teacher_id for one in found if one.teacher_id}, since=since, actor=actor
    )
    audit.record(
        actor=actor,
        action="schedule.timetable.published",
        object_type="timetable",
        object_id=row.pk,
        details={
            "since": since.isoformat(),
            "courses": len(touched),
            "laid": laid,
            "stayed": stayed,
            "texts_left": texts_left,
            "problems": len(against),
            "overruled": row.overruled,
        },
    )
    return Outcome(len(touched), laid, stayed, crowded, texts_left, told)


def _set_week(row: Timetable, touched: Iterable[UUID], since: date) -> None:
    """End the old places on the day before, and begin the new ones.

    Of two cards of a course at one time (somebody answered for it in writing) there is one place.
    """
    slots = Slot.objects.filter(course_id__in=list(touched))
    slots.filter(since__gte=since).delete()
    slots.filter(Q(until=None) | Q(until__gte=since)).update(until=since - timedelta(days=1))
    then = queries.placed(row=row)
    Slot.objects.bulk_create(
        [
            Slot(
                course_id=key,
                weekday=one.weekday,
                number=one.number,
                room=one.room,
                weeks=one.weeks,
                since=since,
            )
            for key in touched
            for one in {(one.weekday, one.number): one for one in then[key]}.values()
        ],
        batch_size=1000,
    )


def _lay_anew(actor: Actor, row: Timetable, touched: list[UUID], since: date) -> tuple[int, int, int, int]:
    """Lay the lessons of the courses from the day on; answer how many were laid, stayed, found no room, and how many
    topics are left over."""
    ahead = list(
        Lesson.objects.select_for_update()
        .filter(course_id__in=touched, date__gte=since)
        .order_by("date", "number", "id")
    )
    stays = judged((one.pk, one.state, one.is_by_hand) for one in ahead)
    goes = [one for one in ahead if one.pk not in stays]
    texts: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for one in goes:
        texts[one.course_id].append((one.topic, one.homework))
    laid_in = [
        period
        for period in periods(year=row.year, kind="quarter")
        if any(period.start <= one.date <= period.end for one in ahead) or period.start <= since <= period.end
    ]
    Lesson.objects.filter(pk__in=[one.pk for one in goes]).delete()
    laid = crowded = 0
    for period in laid_in:
        done = schedule.generate_lessons(
            actor=actor, period_id=period.id, course_ids=touched, since=max(since, period.start)
        )
        laid, crowded = laid + done.made, crowded + len(done.clashes)
    left = _pass_texts(texts, since, set(stays))
    return laid, sum(why is not Why.CANCELLED for why in stays.values()), crowded, left


def _pass_texts(texts: dict[UUID, list[tuple[str, str]]], since: date, stays: set[UUID]) -> int:
    """Topics and homework that were written ahead go to the new lessons of their course, in order; answer how many
    found none."""
    wanted = [key for key, some in texts.items() if any(topic or homework for topic, homework in some)]
    new: dict[UUID, list[Lesson]] = defaultdict(list)
    rows = Lesson.objects.filter(course_id__in=wanted, date__gte=since).exclude(pk__in=stays)
    for one in rows.order_by("date", "number", "id"):
        new[one.course_id].append(one)
    changed: list[Lesson] = []
    left = 0
    for key in wanted:
        left += sum(any(one) for one in texts[key][len(new[key]) :])
        for lesson, (topic, homework) in zip(new[key], texts[key], strict=False):
            if topic or homework:
                lesson.topic, lesson.homework = topic, homework
                changed.append(lesson)
    Lesson.objects.bulk_update(changed, ["topic", "homework"], batch_size=500)
    return left
