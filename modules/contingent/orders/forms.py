"""What is typed in orders on pupils: of the whole order, and of each line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import DomainError
from modules.contingent import services
from modules.contingent.forms import CHILD, MORE, Place, PupilForm, class_choices, departures, terms
from modules.contingent.models import SchoolClass
from ui.forms import DateInput, InParts, Part, offer


class ClassField(forms.TypedChoiceField):
    """A class of this year or of the next; the form fills the choices."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=UUID, empty_value=None, **options)


class WithClasses(forms.Form):
    """A form whose `class_id` offers the school's classes."""

    def __init__(self, *args: Any, classes: Iterable[SchoolClass] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if "class_id" in self.fields:
            offer(self, "class_id", labelled(classes))


def labelled(classes: Iterable[SchoolClass]) -> list[tuple[str, str]]:
    """Classes of today's school year by their label, those of another year with the year."""
    year = clock.school_year_of(clock.today())
    known = {str(one.pk): one.year for one in classes}
    return [
        (key, label if known.get(key, year) == year else f"{label} · {known[key]}")
        for key, label in class_choices(classes)
    ]


# --- coming

_WHENCE = Part(
    _("Where from, and the slip"), ("country region district", "organisation", "slip_number slip_date")
)


class NewcomerLine(WithClasses, Place, PupilForm):
    """A new pupil with everything that his card wants, the class, and where he comes from."""

    class_id = ClassField(label=_("Class"))
    since = forms.DateField(
        label=_("Day of arrival"), widget=DateInput, help_text=_("The day the child really came.")
    )
    reason = forms.ChoiceField(label=_("Reason of arrival"))

    parts = (
        CHILD,
        Part(_("Enrolment"), ("class_id since reason",)),
        replace(_WHENCE, folded=True),
        replace(MORE, folded=True),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["seen"]
        offer(self, "reason", terms("arrival"))

    def clean_iin(self) -> str:
        value: str = self.cleaned_data["iin"]
        try:
            services.refuse_iin(value)
        except DomainError as refusal:
            raise ValidationError(str(refusal)) from None
        return value


class ReturnLine(InParts, WithClasses, Place):
    class_id = ClassField(label=_("Class"))
    since = forms.DateField(label=_("Day of arrival"), widget=DateInput)
    reason = forms.ChoiceField(label=_("Reason of arrival"), initial="arr_restored")

    field_order = ("class_id", "since", "reason")
    parts = (Part(_("The return"), ("class_id since reason",)), _WHENCE)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "reason", terms("arrival"))


# --- inside


class MoveHead(InParts, WithClasses):
    parts = (Part(_("The move"), ("since reason", "class_id")),)

    since = forms.DateField(label=_("From the day"), widget=DateInput)
    class_id = ClassField(
        label=_("To the class"), required=False, help_text=_("For all lines that name no class of their own.")
    )
    reason = forms.ChoiceField(label=_("Reason"), initial="in_other_class")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(
            self,
            "reason",
            [
                (code, name)
                for code, name in terms("inside_school")
                if code in ("in_other_class", "in_language_change", "in_home_education")
            ],
        )


class MoveLine(WithClasses):
    class_id = ClassField(label=_("To the class"), required=False)


class NextYearHead(InParts, forms.Form):
    parts = (Part(_("The new school year"), ("since",)),)

    since = forms.DateField(label=_("From the day"), widget=DateInput)


class NextYearLine(WithClasses):
    class_id = ClassField(label=_("Class of the next year"), required=False)


class LeaveHead(InParts, forms.Form):
    parts = (Part(_("The academic leave"), ("since until",)),)

    since = forms.DateField(label=_("From the day"), widget=DateInput)
    until = forms.DateField(label=_("Until, as expected"), widget=DateInput, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            raise ValidationError(_("The end is before the beginning."))
        return given


class LeaveEndHead(InParts, forms.Form):
    parts = (Part(_("The return from leave"), ("since",)),)

    since = forms.DateField(label=_("From the day"), widget=DateInput)


class LeaveEndLine(WithClasses):
    class_id = ClassField(label=_("Class"), required=False)


# --- leaving


class DepartHead(InParts, forms.Form):
    parts = (Part(_("The departure"), ("last_day",)),)

    last_day = forms.DateField(label=_("Last day at school"), widget=DateInput)


class DepartLine(InParts, Place):
    parts = (Part(_("The departure"), ("reason",)), replace(_WHENCE, title=_("Where to, and the slip")))

    reason = forms.ChoiceField(label=_("Reason of departure"))

    field_order = ("reason",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "reason", departures())


class GraduateLine(forms.Form):
    reason = forms.ChoiceField(label=_("What was finished"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(
            self,
            "reason",
            [(code, name) for code, name in terms("departure") if code.startswith("dep_graduated")],
        )
