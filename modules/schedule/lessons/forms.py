"""Forms of single lessons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import DateInput, offer


class LessonText(forms.Form):
    topic = forms.CharField(label=_("Topic"), max_length=300, required=False)
    homework = forms.CharField(
        label=_("Homework"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class Reason(forms.Form):
    """Why the lesson is cancelled."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Teachers and families read it in their timetables.")
    )


class Place(Reason):
    """A day, a number and a room for a lesson."""

    day = forms.DateField(label=_("Day"), widget=DateInput)
    number = forms.IntegerField(label=_("Lesson"), min_value=0, max_value=16)
    room = forms.CharField(label=_("Room"), max_length=20, required=False)

    field_order = ("course", "day", "number", "room", "reason")


class Extra(Place):
    """An extra lesson of one of the class's courses."""

    course = forms.ChoiceField(label=_("Subject"), choices=[])

    def __init__(self, *args: Any, courses: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "course", courses)
