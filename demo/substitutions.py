"""A month of absences: what was stood in for, and a day ahead on which the board shows all its states."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

from demo.district import LARGE, SMALL, SchoolPlan
from kernel import clock
from kernel.access import Actor
from kernel.errors import DomainError
from modules.schedule import api as schedule
from modules.schedule.models import Lesson, Question, Substitution
from modules.staff.models import Leave
from notify.models import Notification

REASONS = ("sick", "sick", "sick", "training", "business_trip", "other")
BACK = timedelta(days=30)


def live(plan: SchoolPlan) -> int:
    """Absences of the last weeks with their substitutes, and those of the days ahead; answer how many lines the book has."""
    actor = Actor.system_actor("demo")
    dice = random.Random(plan.seed + 7)  # noqa: S311 - a demo's dice
    today = clock.today()
    ill = Leave.objects.filter(kind="sick", since__lte=today, until__gte=today)
    schedule.follow_leaves(actor=actor, employee_ids=list(ill.values_list("employee_id", flat=True)))
    teachers = _by_lessons(today)
    count = {LARGE.tenant.code: 16, SMALL.tenant.code: 5}.get(plan.tenant.code, 6)
    for place, teacher in enumerate(dice.sample(teachers, min(count, len(teachers)))):
        since = today - timedelta(days=dice.randrange(4, BACK.days))
        until = min(since + timedelta(days=dice.choice((0, 0, 1, 2, 4))), today - timedelta(days=1))
        _note(actor, teacher, since, until, REASONS[place % len(REASONS)], ground=f"{40 + place}-ө")
    for day in _open_days(today):
        _stand_in(actor, day, dice)
    # What was weeks ago waits for nobody.
    Notification.objects.filter(topic="schedule.substitutions", read_at=None).update(read_at=clock.now())
    ahead = schedule.next_teaching_day(day=today)
    _morning(actor, ahead, _by_lessons(ahead, on=ahead), dice)
    return Substitution.objects.filter(state__in=("taken", "joined")).count()


def _by_lessons(today: date, *, on: date | None = None) -> list[UUID]:
    """Teachers of the last weeks or of one day, those with most lessons first."""
    days = (on, on) if on else (today - BACK, today)
    taught = Lesson.objects.filter(date__range=days, state="held", teacher_id__isnull=False)
    counts = Counter(one for one in taught.values_list("teacher_id", flat=True) if one is not None)
    return [teacher for teacher, _n in sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))]


def _note(
    actor: Actor, teacher: UUID, since: date, until: date | None, reason: str, *, ground: str = ""
) -> None:
    with suppress(DomainError):
        schedule.note_absence(
            actor=actor, teacher_id=teacher, since=since, until=until, reason=reason, ground=ground
        )


def _open_days(today: date) -> list[date]:
    rows = Substitution.objects.filter(state="open", date__lt=today).order_by("date")
    return list(rows.values_list("date", flat=True).distinct())


def _stand_in(actor: Actor, day: date, dice: random.Random) -> None:
    """The deputy's day of then: most lessons go to the best who is free, a few are joined or cancelled."""
    for one in _open_lessons(actor, day):
        luck, key = dice.random(), one.id
        with suppress(DomainError):  # two lessons at one time: the best was taken a moment ago
            if luck < 0.08:
                schedule.cancel_lesson(actor=actor, substitution_id=key, reason="Су құбыры жөнделді")
            elif luck < 0.2 and (near := schedule.joinable_teachers(actor=actor, substitution_id=key)):
                schedule.join_lesson(actor=actor, substitution_id=key, substitute_id=near[0])
            elif one.proposals:
                schedule.give_lesson(actor=actor, substitution_id=key, substitute_id=one.proposals[0].id)


def _open_lessons(actor: Actor, day: date) -> list[schedule.OpenedLesson]:
    return [one for one in schedule.opened_lessons(actor=actor, day=day) if one.is_open]


def _morning(actor: Actor, day: date, teachers: Sequence[UUID], dice: random.Random) -> None:
    """The board of the day that comes: somebody takes a lesson, somebody is asked, one is moved, one is cancelled."""
    middle = len(teachers) // 3
    for teacher, reason in zip(teachers[middle : middle + 3], ("sick", "sick", "training"), strict=False):
        _note(actor, teacher, day, day + timedelta(days=dice.choice((0, 1))), reason)
    for place, one in enumerate(_open_lessons(actor, day)):
        key = one.id
        with suppress(DomainError):
            if place % 5 == 0 and one.proposals:
                schedule.give_lesson(actor=actor, substitution_id=key, substitute_id=one.proposals[0].id)
            elif place % 5 == 1 and one.first:
                schedule.ask_for_lesson(
                    actor=actor, substitution_id=key, teacher_ids=[who.id for who in one.first]
                )
                # The demo is opened at any hour of the day.
                Question.objects.filter(substitution=key).update(until=clock.now() + timedelta(days=1))
            elif place == 2 and (free := schedule.places_for_lesson(actor=actor, substitution_id=key)):
                schedule.move_lesson(actor=actor, substitution_id=key, day=free[0][0], number=free[0][1])
            elif place == 3:
                schedule.cancel_lesson(actor=actor, substitution_id=key, reason="Қатты аяз")
