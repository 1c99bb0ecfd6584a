"""What the planner says in words: which rule is broken, and where to go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from modules.journal.planner.rules import Breach, Target, Work

WORDS: dict[Breach, Any] = {
    Breach.SOCH_A_DAY: gettext_lazy("More than three SOCH of the class on one day."),
    Breach.LAST_DAY: gettext_lazy("SOCH is not held on the last day of the quarter."),
    Breach.SAME_DAY: gettext_lazy("SOR and SOCH of one subject are not held on one day."),
    Breach.SOR_MANY: gettext_lazy("There are already three SOR in this quarter."),
    Breach.NO_LESSON: gettext_lazy("The lesson is not held on this day."),
}


def words(breaks: Iterable[Breach]) -> list[str]:
    return [str(WORDS[one]) for one in breaks]


def day_words(day: date) -> str:
    """The date with its weekday; months and days are written small in both languages."""
    return formats.date_format(day, "l, j E").lower()


def company(others: Iterable[Work], subjects: dict[str, str], kinds: dict[str, Any]) -> str:
    """What else the class writes on the day."""
    said = sorted({(one.kind, subjects.get(one.subject, one.subject)) for one in others})
    return ", ".join(f"{kinds[kind]} {subject}" for kind, subject in said)


def way_out(target: Target | None, *, has_marks: bool) -> str:
    """Where the work could go."""
    if target is not None:
        return _("may go to {day}").format(day=day_words(target.place.day))
    return _("it has marks already") if has_marks else _("no free day in this quarter")
