"""What the school has chosen about substitutions, and small reads that changes need too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from modules.schedule.substitutions.models import Absence
from modules.schedule.substitutions.rules import LessonRight, OwnersRight
from modules.school import api as school
from tenants import reference

DAYS = "schedule.substitute_writes_days"
OWNER = "schedule.absent_teacher_writes"
MINUTES = "schedule.answer_minutes"
TAKEN_PAID = "schedule.substitution_is_paid"
JOINED_PAID = "schedule.joined_is_paid"


def lesson_right() -> LessonRight:
    """Who may write in a lesson that was stood in for. From memory, without a query: saving a mark asks it."""
    values = school.setting_values(DAYS, OWNER)
    return LessonRight(int(values[DAYS]), OwnersRight(str(values[OWNER])))


def answer_minutes() -> int:
    """For how long a question waits."""
    return int(school.setting(MINUTES))


@dataclass(frozen=True, slots=True)
class Paid:
    taken: bool
    joined: bool


def are_paid() -> Paid:
    """Whether an hour in a colleague's place is paid, and one with two classes at once."""
    values = school.setting_values(TAKEN_PAID, JOINED_PAID)
    return Paid(bool(values[TAKEN_PAID]), bool(values[JOINED_PAID]))


def absences_on(day: date) -> QuerySet[Absence]:
    """Absences that are in force on the day."""
    return Absence.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day, cancelled_at=None)


def reason_words() -> list[tuple[str, str]]:
    """Reasons of absence with their names; those of a day come before the leaves that an order gives."""
    terms = reference.terms("leave_kinds").items()
    return [(code, str(one.name)) for code, one in sorted(terms, key=lambda item: item[0] not in _OF_A_DAY)]


def reason_word(code: str) -> str:
    terms = reference.terms("leave_kinds")
    return str(terms[code].name) if code in terms else code


_OF_A_DAY = ("sick", "business_trip", "training", "other")
