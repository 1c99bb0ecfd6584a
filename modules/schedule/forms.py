"""Forms of the schedule."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ui.forms import DateInput, offer


def day_of(text: str) -> date | None:
    """A day from the address; None where it is not one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class CourseWeek(forms.Form):
    """Teacher, hours, and the places of the course in the week: lesson numbers for each weekday."""

    teacher = forms.ChoiceField(label=_("Teacher"), choices=[], required=False)
    hours = forms.DecimalField(
        label=_("Hours a week"), min_value=0.5, max_value=20, max_digits=4, decimal_places=1
    )
    reason = forms.CharField(
        label=_("Why it differs from the typical curriculum"), max_length=200, required=False
    )
    since = forms.DateField(label=_("The teacher teaches from"), widget=DateInput)
    agreed = forms.BooleanField(label=_("More than one and a half rates is agreed"), required=False)
    room = forms.CharField(label=_("Room"), max_length=20, required=False)
    half = forms.ChoiceField(
        label=_("The half hour is taught"),
        choices=[("odd", _("in odd weeks")), ("even", _("in even weeks"))],
        required=False,
        help_text=_(
            "Only where the hours have a half, as 0.5 or 1.5: the last place in the week goes by turns."
        ),
    )

    def __init__(self, *args: Any, teachers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "teacher", [("", "—"), *teachers])
        for day in range(1, 7):
            self.fields[f"day{day}"] = forms.RegexField(
                r"^[\s,;]*((1[0-6]|[0-9])([\s,;]+|$))*$",
                label=WEEKDAYS[day - 1],
                required=False,
                max_length=40,
                help_text=_("Lesson numbers, for example 2, 3") if day == 1 else "",
                error_messages={"invalid": _("Lesson numbers from 0 to 16, with commas between them.")},
            )

    def weeks(self) -> dict[tuple[int, int], str]:
        """The place that is taught every second week, where the hours have a half."""
        places = self.places()
        has_half = self.cleaned_data["hours"] % 1 != 0
        return {places[-1]: self.cleaned_data["half"] or "odd"} if has_half and places else {}

    def places(self) -> list[tuple[int, int]]:
        """Weekday and number of each place that was written."""
        return [
            (day, int(n))
            for day in range(1, 7)
            for n in self.cleaned_data[f"day{day}"].replace(",", " ").replace(";", " ").split()
        ]


class Laying(forms.Form):
    """For which period the lessons of a class are laid."""

    period = forms.ChoiceField(label=pgettext_lazy("time of the year", "Period"), choices=[])

    def __init__(self, *args: Any, periods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "period", periods)
