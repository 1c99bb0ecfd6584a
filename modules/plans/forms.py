"""What is asked for a plan, a team, a remark, a lesson plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from modules.plans.data import LANGUAGES, PART_LABELS
from modules.plans.services import LessonPlanValues, StageValues
from tenants import reference
from ui.forms import offer


def _hours() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Hours a week"),
        min_value=Decimal("0.5"),
        max_value=Decimal(20),
        max_digits=4,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
    )


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("What tells it from others"),
        max_length=80,
        required=False,
        help_text=_("Only where there are several plans of one subject: “in depth”, “group 2”."),
    )


class NewPlan(forms.Form):
    """Which subject, which grade, and from what it begins."""

    subject = forms.ChoiceField(label=_("Subject"))
    grade = forms.TypedChoiceField(label=_("Grade"), coerce=int, choices=[(n, str(n)) for n in range(12)])
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, widget=forms.RadioSelect)
    hours = _hours()
    name = _name()

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        offer(self, "subject", [(code, one.name) for code, one in reference.subjects().items()])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        subject = reference.subjects().get(given.get("subject", ""))
        if subject is not None and "grade" in given and given["grade"] not in subject.grades:
            self.add_error("grade", _("There is no such subject in this grade."))
        return given


class PlanHead(forms.Form):
    """What may be changed in the head of a draft."""

    hours = _hours()
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, widget=forms.RadioSelect)
    name = _name()


class Paste(forms.Form):
    """A table from Excel or Word, as it comes from the clipboard."""

    text = forms.CharField(
        label=_("The table"),
        widget=forms.Textarea(attrs={"rows": 10, "class": "paste-text", "spellcheck": "false"}),
        help_text=_(
            "In Excel or Word mark the whole table with its head, copy it and paste it here. Quarters and columns are known by themselves."
        ),
        max_length=400_000,
        strip=False,
    )


class Said(forms.Form):
    """A remark, or the answer to one."""

    text = forms.CharField(label=_("Remark"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    head = forms.ChoiceField(label=pgettext_lazy("of a subject team", "Head"))
    subjects = forms.MultipleChoiceField(label=_("Subjects"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, employees: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        offer(self, "head", [("", "–"), *employees])
        offer(self, "subjects", [(code, one.name) for code, one in reference.subjects().items()])


def _long(label: Any, length: int, *, rows: int = 2, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=False,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows, "class": "grows"}),
    )


class LessonPlanForm(forms.Form):
    """The upper part of the order's form, and what follows the stages."""

    topic = forms.CharField(label=_("Topic of the lesson"), max_length=300)
    section = forms.CharField(label=_("Unit"), max_length=300, required=False)
    objectives = _long(_("Learning objectives of the programme"), 2000)
    purpose = _long(_("Objectives of the lesson"), 2000)
    differentiation = _long(
        _("Differentiation"),
        3000,
        hint=_("How pupils with special educational needs, weak and gifted pupils are supported."),
    )
    reflection = _long(
        _("Reflection"), 3000, hint=_("What came off, what to change next time. Written after the lesson.")
    )


class StageForm(forms.Form):
    part = forms.ChoiceField(label=_("Stage"), choices=list(PART_LABELS.items()))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=0,
        max_value=300,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    teacher = _long(_("Teacher's actions"), 4000, rows=3)
    pupils = _long(_("Pupils' actions"), 4000, rows=3)
    assessment = _long(_("Assessment"), 2000)
    resources = _long(_("Resources"), 2000)


def values_of(form: LessonPlanForm, stages: Sequence[StageForm]) -> LessonPlanValues:
    """What the two kinds of forms hold together."""
    return LessonPlanValues(**form.cleaned_data, stages=[StageValues(**one.cleaned_data) for one in stages])
