"""A month of absences: what was stood in for, and a day ahead on which the board shows all its states."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from demo.district import LARGE, SMALL, SchoolPlan
from kernel import clock
from kernel.access import Actor
from kernel.errors import DomainError
from modules.schedule.models import Lesson, Question
from modules.schedule.substitutions import queries, services
from modules.schedule.substitutions.models import Absence, Substitution
from modules.schedule.substitutions.notices import TOPIC
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
    services.follow_leaves(actor=actor, employee_ids=list(ill.values_list("employee_id", flat=True)))
    teachers = _by_lessons(today)
    count = {LARGE.tenant.code: 16, SMALL.tenant.code: 5}.get(plan.tenant.code, 6)
    for place, teacher in enumerate(dice.sample(teachers, min(count, len(teachers)))):
        since = today - timedelta(days=dice.randrange(4, BACK.days))
        until = min(since + timedelta(days=dice.choice((0, 0, 1, 2, 4))), today - timedelta(days=1))
        _note(actor, teacher, since, until, REASONS[place % len(REASONS)], ground=f"{40 + place}-ө")
    for day in _open_days(today):
        _stand_in(actor, day, dice)
    # What was weeks ago waits for nobody.
    Notification.objects.filter(topic=TOPIC, read_at=None).update(read_at=clock.now())
    ahead = queries.next_day(day=today)
    _morning(actor, ahead, _by_lessons(ahead, on=ahead), dice)
    return queries.book_rows(actor).count()


def _by_lessons(today: date, *, on: date | None = None) -> list[UUID]:
    """Teachers of the last weeks or of one day, those with most lessons first."""
    days = (on, on) if on else (today - BACK, today)
    taught = Lesson.objects.filter(date__range=days, state="held", teacher_id__isnull=False)
    counts = Counter(taught.values_list("teacher_id", flat=True))
    return [teacher for teacher, _n in sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))]


def _note(
    actor: Actor, teacher: UUID, since: date, until: date | None, reason: str, *, ground: str = ""
) -> Absence | None:
    try:
        return services.note_absence(
            actor=actor, teacher_id=teacher, since=since, until=until, reason=reason, ground=ground
        )
    except DomainError:
        return None


def _open_days(today: date) -> list[date]:
    rows = Substitution.objects.filter(state="open", date__lt=today).order_by("date")
    return list(rows.values_list("date", flat=True).distinct())


def _stand_in(actor: Actor, day: date, dice: random.Random) -> None:
    """The deputy's day of then: most lessons go to the best who is free, a few are joined or cancelled."""
    for one in _open_lessons(actor, day):
        luck = dice.random()
        try:
            if luck < 0.08:
                services.cancel(actor=actor, substitution_id=one.id, reason="Су құбыры жөнделді")
            elif luck < 0.2 and (lessons := _joinable(actor, one.id)):
                services.join(actor=actor, substitution_id=one.id, substitute_id=lessons[0])
            elif one.proposals:
                services.assign(actor=actor, substitution_id=one.id, substitute_id=one.proposals[0].id)
        except DomainError:
            continue  # two lessons at one time: the best was taken a moment ago


def _open_lessons(actor: Actor, day: date) -> list[queries.Opened]:
    found = queries.board(actor=actor, day=day)
    return [one for hour in found.hours for one in hour.lessons if one.is_open]


def _joinable(actor: Actor, substitution_id: UUID) -> list[UUID]:
    __, row = queries.opened(actor=actor, substitution_id=substitution_id)
    return [one.teacher_id for one in queries.joinable(row, actor=actor)]


def _morning(actor: Actor, day: date, teachers: Sequence[UUID], dice: random.Random) -> None:
    """The board of the day that comes: somebody takes a lesson, somebody is asked, one is moved, one is cancelled."""
    middle = len(teachers) // 3
    for teacher, reason in zip(teachers[middle : middle + 3], ("sick", "sick", "training"), strict=False):
        _note(actor, teacher, day, day + timedelta(days=dice.choice((0, 1))), reason)
    for place, one in enumerate(_open_lessons(actor, day)):
        try:
            if place % 5 == 0 and one.proposals:
                services.assign(actor=actor, substitution_id=one.id, substitute_id=one.proposals[0].id)
            elif place % 5 == 1 and one.first:
                services.ask(actor=actor, substitution_id=one.id, teacher_ids=[who.id for who in one.first])
                # The demo is opened at any hour of the day.
                Question.objects.filter(substitution=one.id).update(until=clock.now() + timedelta(days=1))
            elif place == 2:
                __, row = queries.opened(actor=actor, substitution_id=one.id)
                if places := queries.free_places(row):
                    services.move(
                        actor=actor, substitution_id=one.id, day=places[0].day, number=places[0].number
                    )
            elif place == 7:
                services.cancel(actor=actor, substitution_id=one.id, reason="Қатты аяз: сабақ болмайды")
        except DomainError:
            continue
