"""Forms of wishes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.uploads import UploadField
from modules.schedule.rooms.models import Room
from modules.schedule.wishes.rules import SubjectDemand
from modules.schedule.wishes.services import CALENDAR
from ui.forms import offer

DAYS = [(n, WEEKDAYS[n - 1]) for n in range(1, 7)]
_CELL = re.compile(r"([1-6])-(\d)-(\d{1,2})")


class SubjectForm(forms.Form):
    """What a subject asks of the week."""

    difficulty = forms.IntegerField(
        label=_("Difficulty"),
        min_value=1,
        max_value=13,
        help_text=_("From 1, the lightest, to 13. From 10 on a subject is hard."),
    )
    room_kind = forms.ChoiceField(label=_("Kind of room"), choices=Room.Kind.choices)
    first = forms.IntegerField(label=_("Not before lesson"), min_value=0, max_value=12, required=False)
    last = forms.IntegerField(label=_("Not after lesson"), min_value=0, max_value=12, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first is not None and last is not None and last < first:
            self.add_error("last", _("The latest lesson is before the earliest."))
        return given

    @staticmethod
    def values_of(demand: SubjectDemand) -> dict[str, Any]:
        return {
            "difficulty": demand.difficulty,
            "room_kind": demand.room_kind,
            "first": demand.first,
            "last": demand.last,
        }


class BusyForm(forms.Form):
    """When a teacher is in another school."""

    weekday = forms.TypedChoiceField(label=_("Day of the week"), choices=DAYS, coerce=int)
    start = forms.TimeField(
        label=pgettext_lazy("time of day", "From"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    end = forms.TimeField(
        label=pgettext_lazy("time of day", "To"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class CalendarForm(forms.Form):
    """The calendar of the other school."""

    file = UploadField(
        CALENDAR,
        label=_("Calendar file (.ics)"),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        help_text=_("Only weekdays and hours are kept: no subjects, classes or names."),
    )

    def clean_file(self) -> bytes:
        content: bytes = self.cleaned_data["file"].content
        return content


class Whose(forms.Form):
    """Whose week to open."""

    teacher = forms.ChoiceField(label=_("Teacher"), choices=[])

    def __init__(self, *args: Any, teachers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "teacher", teachers)


def cells(given: Iterable[str]) -> list[tuple[int, int, int]]:
    """Ticked lessons as the week sends them, "2-1-3": Tuesday, the first shift, the third lesson; others are left out."""
    found = (_CELL.fullmatch(one) for one in given)
    return [(int(one[1]), int(one[2]), int(one[3])) for one in found if one]
