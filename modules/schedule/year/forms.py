"""Forms of the year: special days, dates of quarters, bells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from modules.contingent.data import ClassInfo
from modules.schedule.year.rules import Bells, Special
from modules.schedule.year.services import Wish
from ui.forms import DateInput, InParts, Part, offer


class Order(forms.Form):
    """The director's order by which the calendar is changed."""

    order_number = forms.CharField(label=_("Number of the order"), max_length=40)
    order_date = forms.DateField(label=_("Date of the order"), widget=DateInput)


class PeriodDates(Order):
    start = forms.DateField(label=_("First day"), widget=DateInput)
    end = forms.DateField(label=_("Last day"), widget=DateInput)

    field_order = ("start", "end", "order_number", "order_date")


class SpecialForm(InParts, Order):
    """Special days of a kind; only the fields that the kind has."""

    parts = (
        Part(_("When"), ("start end", "instead", "bells", "title")),
        Part(_("For whom"), ("whom", "grades", "classes")),
        Part(_("Ground"), ("order_number order_date",)),
    )

    start = forms.DateField(label=_("First day"), widget=DateInput)
    end = forms.DateField(label=_("Last day"), widget=DateInput, required=False)
    instead = forms.DateField(
        label=_("Taught instead on"),
        widget=DateInput,
        help_text=_("A free Saturday or a day of the holidays: the lessons go there with their topics."),
    )
    bells = forms.ChoiceField(label=_("Bells of these days"))
    title = forms.CharField(
        label=_("What to call it"),
        max_length=120,
        required=False,
        help_text=_("Teachers and families read it in their timetables."),
    )
    whom = forms.ChoiceField(
        label=_("For whom"),
        widget=forms.RadioSelect,
        choices=[
            ("all", _("the whole school")),
            ("grades", _("some grades")),
            ("classes", _("some classes")),
        ],
        initial="all",
    )
    grades = forms.TypedMultipleChoiceField(
        label=_("Grades"), widget=forms.CheckboxSelectMultiple, required=False, coerce=int
    )
    classes = forms.TypedMultipleChoiceField(
        label=_("Classes"), widget=forms.CheckboxSelectMultiple, required=False, coerce=UUID
    )

    def __init__(
        self, *args: Any, kind: str, known: Iterable[ClassInfo], bells: Iterable[Bells], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        classes = list(known)
        numbers = sorted({one.grade for one in classes})
        offer(self, "grades", [(n, n) for n in numbers])
        offer(self, "classes", [(one.id, one.label) for one in classes])
        # A frost day is declared in the morning; its order is written later.
        self.fields["order_number"].required = self.fields["order_date"].required = False
        if kind == "moved":
            del self.fields["end"]
            self.fields["start"].label = _("Day without lessons")
        else:
            del self.fields["instead"]
        if kind == "short":
            offer(self, "bells", [(one.id, one.name) for one in bells])
        else:
            del self.fields["bells"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        whom = given.get("whom")
        if whom == "grades" and not given.get("grades"):
            self.add_error("grades", _("Tick at least one grade."))
        if whom == "classes" and not given.get("classes"):
            self.add_error("classes", _("Tick at least one class."))
        return given

    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(
            kind=self.kind,
            start=given["start"],
            end=given.get("end") or given["start"],
            title=given["title"],
            grades=given["grades"] if given["whom"] == "grades" else (),
            class_ids=given["classes"] if given["whom"] == "classes" else (),
            instead=given.get("instead"),
            bell_set_id=UUID(given["bells"]) if given.get("bells") else None,
            order_number=given["order_number"],
            order_date=given["order_date"],
        )


def initial_of(special: Special) -> dict[str, Any]:
    """How the form shows days that are there."""
    return {
        "start": special.start,
        "end": special.end,
        "title": special.title,
        "instead": special.instead,
        "bells": str(special.bell_set_id or ""),
        "whom": "classes" if special.class_ids else "grades" if special.grades else "all",
        "grades": sorted(special.grades),
        "classes": list(special.class_ids),
        "order_number": special.order_number,
        "order_date": special.order_date,
    }


_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_LINE = re.compile(r"^\s*(\d{1,2})\s*[.)\s]\s*(.+)$")


class TimesField(forms.CharField):
    """Lines like “1  08:00–08:45”: when each lesson of a shift begins and ends."""

    widget = forms.Textarea(attrs={"rows": 9, "class": "tabular", "spellcheck": "false"})
    default_error_messages = {
        "unread": _("Line {line} is not understood. Write: 1 08:00–08:45"),
        "twice": _("Lesson {number} is written twice."),
    }

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        found: dict[int, tuple[time, time]] = {}
        for place, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            head = _LINE.match(line)
            moments = _TIME.findall(head[2]) if head else []
            if head is None or len(moments) != 2 or int(head[1]) > 16:
                raise forms.ValidationError(str(self.error_messages["unread"]).format(line=place))
            number = int(head[1])
            if number in found:
                raise forms.ValidationError(str(self.error_messages["twice"]).format(number=number))
            begin, end = (time(int(hour), int(minute)) for hour, minute in moments)
            found[number] = (begin, end)
        return found

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{n}  {a:%H:%M}–{b:%H:%M}" for n, (a, b) in sorted(value.items()))
        return value


class UsualBells(forms.Form):
    """The bells of ordinary days, shift by shift."""

    first = TimesField(
        label=_("First shift"),
        required=False,
        help_text=_("A lesson a line: its number, when it begins and ends."),
    )
    second = TimesField(label=_("Second shift"), required=False)

    def times(self) -> dict[tuple[int, int], tuple[time, time]]:
        return {
            (shift, number): span
            for shift, name in ((1, "first"), (2, "second"))
            for number, span in self.cleaned_data[name].items()
        }


class BellSetForm(InParts, UsualBells):
    """Bells of other days: of grades, weekdays or a stretch of the year, or of days that name them."""

    parts = (
        Part(_("Name of the bells"), ("name",)),
        Part(
            _("When they ring"),
            ("is_on_call", "since until", "weekdays", "grades"),
            note=_("What is left empty does not narrow: no grades are all grades."),
        ),
        Part(_("Lessons"), ("first second",)),
    )

    name = forms.CharField(label=_("Name of the bells"), max_length=80)
    is_on_call = forms.BooleanField(
        label=_("Only on days that the calendar declares shortened"), required=False
    )
    since = forms.DateField(label=pgettext_lazy("since a day", "From"), widget=DateInput, required=False)
    until = forms.DateField(label=pgettext_lazy("until a day", "To"), widget=DateInput, required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        coerce=int,
        choices=[(n, WEEKDAYS[n - 1]) for n in range(1, 7)],
    )
    grades = forms.TypedMultipleChoiceField(
        label=_("Grades"), widget=forms.CheckboxSelectMultiple, required=False, coerce=int
    )

    def __init__(self, *args: Any, grades: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "grades", [(n, n) for n in grades])
