"""The shape of what is typed about transfers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from imports.fields import IinField, NameField
from kernel import clock
from modules.contingent.data import ClassInfo
from modules.transfers.data import REFUSAL_LABELS, Refusal
from tenants import reference
from ui.forms import DateInput, InParts, Part, offer


def grounds(*, without: Iterable[str] = ()) -> list[tuple[str, str]]:
    terms = reference.terms("transfer_grounds").values()
    return [("", ""), *((one.code, one.name) for one in terms if one.code not in set(without))]


def _reasons(kind: str, prefix: str) -> list[tuple[str, str]]:
    """How far the other school is: what the books of arrivals and departures count by."""
    terms = reference.terms(kind)
    codes = [f"{prefix}_{place}" for place in ("same_district", "same_region", "other_region", "abroad")]
    return [("", ""), *((code, terms[code].name) for code in codes)]


def class_choices(classes: Iterable[tuple[ClassInfo, int]]) -> list[tuple[str, str]]:
    """Classes with how many learn there, of how many places: a full one is seen before it is chosen."""
    return [
        ("", ""),
        *(
            (
                str(one.id),
                f"{one.label} ({count}/{one.capacity})" if one.capacity else f"{one.label} ({count})",
            )
            for one, count in classes
        ),
    ]


class ChildForm(forms.Form):
    """Whom a school asks for."""

    iin = IinField(
        label=_("IIN"),
        required=False,
        help_text=_("The number is enough; without it type the surname, the name and the date of birth."),
    )
    surname = NameField(label=_("Surname"), required=False)
    name = NameField(label=_("First name"), required=False)
    patronymic = NameField(label=_("Patronymic"), required=False)
    birth_date = forms.DateField(label=_("Date of birth"), widget=DateInput, required=False)

    def clean_birth_date(self) -> Any:
        born = self.cleaned_data["birth_date"]
        if born and (born > clock.today() or born.year < clock.today().year - 30):
            raise ValidationError(_("This is not a date of birth of a pupil."))
        return born


class AskForm(InParts, ChildForm):
    """A request to a school of the platform."""

    parts: tuple[Part, ...] = (
        Part(_("Child"), ("iin birth_date", "surname name patronymic")),
        Part(_("Where to and why"), ("class_id arrival_date", "ground ground_paper", "contact")),
    )

    class_id = forms.TypedChoiceField(label=_("Into the class"), coerce=UUID)
    arrival_date = forms.DateField(label=_("First day here"), widget=DateInput)
    ground = forms.ChoiceField(
        label=_("Ground"),
        help_text=_("While there are lessons, the holidays are no ground (order 564, paragraph 17)."),
    )
    ground_paper = forms.CharField(label=_("Paper: name, number, date"), max_length=200, required=False)
    contact = forms.CharField(
        label=_("Who to call"),
        max_length=200,
        required=False,
        help_text=_("Name and phone, so that the other school can ask."),
    )

    def __init__(self, *args: Any, classes: Sequence[tuple[ClassInfo, int]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "class_id", class_choices(classes))
        offer(self, "ground", grounds(without={"abroad"}))


class AwaitForm(AskForm):
    """A child from a school outside the platform."""

    parts = (
        Part(_("Old school"), ("partner", "place reason")),
        Part(_("Child"), ("surname name patronymic", "iin birth_date sex")),
        Part(_("Where to and why"), ("class_id arrival_date", "ground ground_paper")),
    )

    partner = forms.CharField(label=_("Old school"), max_length=120)
    place = forms.CharField(
        label=_("Where it is"), max_length=250, help_text=_("Country, region, district, settlement.")
    )
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("f", _("female")), ("m", _("male"))], widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(label=_("From where"))
    contact = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "reason", _reasons("arrival", "arr"))
        for name in ("surname", "name", "birth_date"):
            self.fields[name].required = True


class AgreeForm(forms.Form):
    """Who it is, and the last day here."""

    pupil_id = forms.TypedChoiceField(label=_("Pupil"), coerce=UUID, widget=forms.RadioSelect)
    last_day = forms.DateField(label=_("Last day here"), widget=DateInput)

    def __init__(self, *args: Any, pupils: Sequence[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "pupil_id", [(str(key), label) for key, label in pupils])


class RefuseForm(forms.Form):
    """Why not."""

    refusal = forms.ChoiceField(label=_("Reason"), choices=[("", ""), *REFUSAL_LABELS.items()])
    note = forms.CharField(
        label=_("In your own words"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("refusal") == Refusal.OTHER and not given.get("note"):
            self.add_error("note", _("Say the reason."))
        return given


class TakeInForm(forms.Form):
    """Which card, which class, which day."""

    pupil_id = forms.TypedChoiceField(
        label=_("Card"), coerce=UUID, empty_value=None, required=False, widget=forms.RadioSelect
    )
    class_id = forms.TypedChoiceField(label=_("Into the class"), coerce=UUID)
    first_day = forms.DateField(label=_("First day here"), widget=DateInput)

    def __init__(
        self,
        *args: Any,
        classes: Sequence[tuple[ClassInfo, int]],
        former: Sequence[tuple[UUID, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        offer(self, "class_id", class_choices(classes))
        if former:
            offer(
                self,
                "pupil_id",
                [
                    *((str(key), label) for key, label in former),
                    ("", _("Nobody of these: a new card")),
                ],
            )
        else:
            del self.fields["pupil_id"]


class LetGoForm(forms.Form):
    """A pupil goes to a school outside the platform."""

    partner = forms.CharField(label=_("New school"), max_length=250)
    place = forms.CharField(
        label=_("Where it is"), max_length=250, help_text=_("Country, region, district, settlement.")
    )
    reason = forms.ChoiceField(label=_("Reason"))
    ground = forms.ChoiceField(label=_("Ground"))
    ground_paper = forms.CharField(label=_("Paper: name, number, date"), max_length=200, required=False)
    slip_number = forms.CharField(
        label=_("No. of the accepting slip that was brought"), max_length=20, required=False
    )
    last_day = forms.DateField(label=_("Last day here"), widget=DateInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "reason", _reasons("departure", "dep"))
        offer(self, "ground", grounds())


class ConfirmForm(forms.Form):
    """The confirmation that a school outside the platform sent."""

    number = forms.CharField(label=_("Order No. of the new school"), max_length=40)
    day = forms.DateField(label=_("Date of the order"), widget=DateInput)


class NoteForm(forms.Form):
    """A word to the other school."""

    note = forms.CharField(label=_("In your own words"), max_length=300, required=False)
