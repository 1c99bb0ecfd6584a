"""What made the demo's year differ: a frost day of the young ones, a class in quarantine, shortened lessons."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from kernel.access import Actor
from modules.contingent.models import SchoolClass
from modules.schedule import api as schedule
from modules.schedule.api import Wish
from modules.schedule.models import BellSet
from tenants import reference

# Minutes of a lesson, of a break, of a long break.
SHORT = (30, 5, 10)
STEPPED = (35, 10, 20)


def declare(*, actor: Actor, year: str) -> int:
    """Declare the days over lessons already laid; answers how many lessons fell out."""
    second = reference.school_year(year).quarters[1]
    monday = second.start + timedelta(days=-second.start.weekday() % 7)
    winter = second.end - timedelta(days=(second.end.weekday() - 4) % 7)
    short = _short_bells(actor, year)
    wishes = [
        Wish(
            kind="frost",
            start=monday + timedelta(days=17),
            end=monday + timedelta(days=17),
            grades=[1, 2, 3, 4],
            title="Қатты аяз · Сильный мороз",
            order_number="118-Ө",
            order_date=monday + timedelta(days=17),
        ),
        Wish(
            kind="short",
            start=winter,
            end=winter,
            title="Жаңа жыл мерекесі · Новогодний праздник",
            bell_set_id=short,
            order_number="131-Ө",
            order_date=winter - timedelta(days=7),
        ),
    ]
    ill = SchoolClass.objects.filter(year=year, grade__in=(3, 7)).order_by("-grade", "-letter").first()
    if ill is not None:
        wishes.append(
            Wish(
                kind="quarantine",
                start=monday + timedelta(days=7),
                end=monday + timedelta(days=11),
                class_ids=[ill.pk],
                order_number="112-Ө",
                order_date=monday + timedelta(days=6),
            )
        )
    return sum(schedule.declare_days(actor=actor, year=year, wish=wish) for wish in wishes)


def _short_bells(actor: Actor, year: str) -> UUID:
    """The bells of shortened days, and the stepped ones of grade 1 in September; made once."""
    known = BellSet.objects.filter(is_on_call=True).first()
    if known is not None:
        return known.pk
    start = date(int(year[:4]), 9, 1)
    schedule.save_bells(
        actor=actor,
        name="1-сынып, қыркүйек · 1 класс, сентябрь",
        times=schedule.even_times(*STEPPED),
        grades=[1],
        since=start,
        until=start.replace(day=30),
    )
    return schedule.save_bells(
        actor=actor,
        name="Қысқартылған күн · Сокращённый день",
        times=schedule.even_times(*SHORT),
        is_on_call=True,
    )
