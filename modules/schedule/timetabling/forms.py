"""Forms of variants."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ui.forms import DateInput, offer

SECONDS = ((30, _("half a minute")), (60, _("a minute")), (180, _("three minutes")), (600, _("ten minutes")))


class Variant(forms.Form):
    """A new variant."""

    name = forms.CharField(
        label=pgettext_lazy("timetable", "Name"),
        max_length=80,
        help_text=_("For example: second half-year, with free Saturdays"),
    )
    days = forms.TypedChoiceField(
        label=_("School days a week"), choices=((5, "5"), (6, "6")), coerce=int, initial=5
    )
    start = forms.ChoiceField(
        label=_("Begin with"),
        choices=(("present", _("the lessons as they stand now")), ("empty", _("an empty week"))),
    )


class Search(forms.Form):
    """How the solver looks for places."""

    seconds = forms.TypedChoiceField(label=_("How long to look"), choices=SECONDS, coerce=int, initial=60)
    keep = forms.BooleanField(
        label=_("Move as few placed lessons as possible"),
        required=False,
        initial=True,
        help_text=_("Without it the week is made anew; pinned lessons stay in any case."),
    )


class Publishing(forms.Form):
    """From which day, and why in spite of problems."""

    since = forms.DateField(label=_("In force from"), widget=DateInput)
    overruled = forms.CharField(
        label=_("Why it is published with these problems"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    # The version of the variant whose changes were shown.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def look_again(self, version: int) -> None:
        """Show the same words over what the variant is now."""
        self.data = (
            {**self.data.dict(), "seen": str(version)} if isinstance(self.data, QueryDict) else self.data
        )


class DayOfTeacher(forms.Form):
    """A day on which a teacher is not there."""

    teacher = forms.ChoiceField(label=_("Teacher"), choices=[])
    weekday = forms.TypedChoiceField(
        label=_("Day of the week"), choices=[(n, WEEKDAYS[n - 1]) for n in range(1, 7)], coerce=int
    )
    kind = forms.ChoiceField(
        label=_("How firmly"),
        choices=(("demand", _("cannot be there")), ("wish", _("would rather be free"))),
    )
    why = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, teachers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "teacher", teachers)


class Room(forms.Form):
    room = forms.CharField(label=_("Room"), max_length=20, required=False)


class Pin(forms.Form):
    reason = forms.CharField(label=_("Why it stays here"), max_length=200)


class MoveTo(forms.Form):
    """The menu of places, each with what it would mean."""

    place = forms.ChoiceField(label=_("Move to…"), choices=[])

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", places)


def place_of(text: str) -> tuple[int, int] | None:
    """ "2-3" is the third lesson of Tuesday; anything else is beside the board."""
    day, _dash, number = text.partition("-")
    return (int(day), int(number)) if day.isdigit() and number.isdigit() else None
