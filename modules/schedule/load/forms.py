"""Forms of the load."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from modules.schedule.models import Course
from ui.forms import DateInput, offer

Choices = list[tuple[str, Any]]


class AddLine(forms.Form):
    """A subject, a club or a child at home put into a class's load."""

    kind = forms.ChoiceField(
        label=_("Part of the curriculum"),
        choices=Course.Kind.choices,
        required=False,
        initial=Course.Kind.CORE,
    )
    subject = forms.ChoiceField(label=_("Subject"), choices=[])
    hours = forms.DecimalField(
        label=_("Hours a week"), min_value=Decimal("0.5"), max_value=20, max_digits=4, decimal_places=1
    )
    teacher = forms.ChoiceField(label=_("Teacher"), choices=[], required=False)
    name = forms.CharField(label=_("Name of the club or of the elective"), max_length=80, required=False)
    pupil = forms.ChoiceField(
        label=_("Pupil"),
        choices=[],
        required=False,
        help_text=_("For education at home and for correction: whose hours these are."),
    )
    reason = forms.CharField(
        label=_("Why it differs from the typical curriculum"), max_length=200, required=False
    )
    agreed = forms.BooleanField(label=_("More than one and a half rates is agreed"), required=False)

    def __init__(
        self, *args: Any, subjects: Choices, teachers: Choices, pupils: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "subject", subjects)
        offer(self, "teacher", [("", "—"), *teachers])
        offer(self, "pupil", [("", "—"), *pupils])

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Course.Kind.CORE

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == Course.Kind.HOME and not values.get("pupil"):
            self.add_error("pupil", _("Choose the pupil who is taught at home."))
        if values.get("kind") in (Course.Kind.CLUB, Course.Kind.ELECTIVE) and not values.get("name"):
            self.add_error("name", _("Say how it is called."))
        return values

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        given = self.cleaned_data
        alone = given["kind"] in (Course.Kind.HOME, Course.Kind.CORRECTION)
        return {
            "subject_code": given["subject"],
            "hours": given["hours"],
            "teacher_id": UUID(given["teacher"]) if given["teacher"] else None,
            "kind": given["kind"],
            "name": given["name"],
            "reason": given["reason"],
            "pupil_id": UUID(given["pupil"]) if given["pupil"] and alone else None,
            "agreed": given["agreed"],
        }


class Widening(forms.Form):
    """One more class whose pupils attend the circle."""

    school_class = forms.TypedChoiceField(label=_("Class"), choices=[], coerce=UUID)

    def __init__(self, *args: Any, classes: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "school_class", [(str(key), label) for key, label in classes])


class Since(forms.Form):
    """From which day something holds; nothing typed means: as the page says."""

    since = forms.DateField(label=_("From the day"), widget=DateInput, required=False)

    def day(self) -> date | None:
        return self.cleaned_data["since"] if self.is_valid() else None


class Assigning(forms.Form):
    """Who gets the line, and from which day."""

    teacher = forms.UUIDField(required=False)
    since = forms.DateField(label=_("From the day"), widget=DateInput)
    agreed = forms.BooleanField(label=_("More than one and a half rates is agreed"), required=False)


class SheetFilter(forms.Form):
    """What of the load sheet is shown."""

    q = forms.CharField(required=False, max_length=80)
    state = forms.ChoiceField(
        required=False,
        choices=[("", ""), ("under", ""), ("over", ""), ("beyond", ""), ("none", ""), ("full", "")],
    )
    subject = forms.CharField(required=False, max_length=60)
    day = forms.DateField(required=False)

    def values(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}
