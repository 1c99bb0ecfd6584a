"""Forms of absences and substitutions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from modules.schedule.substitutions import queries
from modules.schedule.substitutions.models import Absence, Substitution
from ui.forms import DateInput, Switch, offer


class AbsenceTerm(forms.Form):
    """When somebody is away and why. Without a last day the end is not known yet."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[])
    since = forms.DateField(label=_("First day"), widget=DateInput)
    until = forms.DateField(
        label=_("Last day"),
        widget=DateInput,
        required=False,
        help_text=_("Leave it empty while nobody knows."),
    )
    from_time = forms.TimeField(
        label=_("On the first day from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("When the first lessons were still held."),
    )
    ground = forms.CharField(label=_("Order No."), max_length=60, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "reason", queries.reason_words())

    @staticmethod
    def values_of(row: Absence) -> dict[str, Any]:
        return {
            "reason": row.reason,
            "since": row.since,
            "until": row.until,
            "from_time": row.from_time,
            "ground": row.ground,
            "note": row.note,
        }


class AbsentTeacher(AbsenceTerm):
    """The same with the teacher."""

    teacher = forms.UUIDField(label=_("Teacher"), error_messages={"required": _("Choose who is absent.")})


class MoveTo(forms.Form):
    """Where a lesson goes."""

    place = forms.ChoiceField(label=_("New place"), choices=[])

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", places)


class JoinWith(forms.Form):
    """With whom the class sits."""

    teacher = forms.ChoiceField(label=_("Sits with"), choices=[])

    def __init__(self, *args: Any, lessons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "teacher", lessons)


class CancelWhy(forms.Form):
    """Why a lesson is not held."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class BookLine(forms.Form):
    """What of a line of the book may be corrected."""

    subject = forms.ChoiceField(label=_("Subject held"), choices=[])
    hours = forms.DecimalField(
        label=_("Hours"), min_value=Decimal(0), max_value=Decimal(4), max_digits=3, decimal_places=1
    )
    is_paid = forms.BooleanField(label=_("Paid"), required=False, widget=Switch)
    ground = forms.CharField(label=_("Order No."), max_length=60, required=False)

    def __init__(self, *args: Any, subjects: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "subject", subjects)

    @staticmethod
    def values_of(row: Substitution) -> dict[str, Any]:
        return {
            "subject": row.subject_code,
            "hours": row.hours,
            "is_paid": row.is_paid,
            "ground": row.ground,
        }
