"""Classes, pupils, movement, guardians, statuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from imports import normalise
from imports.api import iin_refusal
from imports.fields import IinField, NameField, PhoneField
from kernel import clock, iin
from kernel.tenancy import current
from modules.contingent.data import CITIZENSHIPS
from modules.contingent.models import Charge, Guardianship, SchoolClass, Sex
from tenants import reference
from ui.forms import DateInput, InParts, Part, Switch, offer


def terms(kind: str, empty: Any = "") -> list[tuple[str, Any]]:
    """Coded terms of the country as choices."""
    return [("", empty), *((code, term.name) for code, term in reference.terms(kind).items())]


def class_choices(classes: Iterable[SchoolClass]) -> list[tuple[str, str]]:
    return [("", ""), *((str(one.pk), one.label) for one in classes)]


class ClassForm(InParts, forms.Form):
    """A class of the year."""

    parts = (
        Part(_("Class"), ("grade letter shift", "language class_teacher_id")),
        Part(
            _("Kind, direction, room, places"), ("kind direction", "room capacity", "set_code"), folded=True
        ),
    )

    grade = forms.TypedChoiceField(
        label=_("Grade"),
        coerce=int,
        choices=[("", ""), *((n, str(n)) for n in range(13))],
        help_text=_("0 is the preschool class."),
    )
    letter = forms.CharField(label=_("Letter"), max_length=3, required=False)
    language = forms.ChoiceField(label=_("Language of teaching"), choices=SchoolClass.Language.choices)
    shift = forms.TypedChoiceField(label=_("Shift"), coerce=int, choices=[(n, str(n)) for n in (1, 2, 3)])
    kind = forms.ChoiceField(
        label=_("Kind of class"), choices=SchoolClass.Kind.choices, initial=SchoolClass.Kind.GENERAL
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[("", _("none")), *SchoolClass.Direction.choices],
        required=False,
        help_text=_("The profile of grades 10 and 11."),
    )
    room = forms.CharField(
        label=_("Home room"),
        max_length=20,
        required=False,
        help_text=_("Where the class sits when a lesson has no room of its own."),
    )
    capacity = forms.IntegerField(label=_("Places"), min_value=1, max_value=60, required=False)
    set_code = forms.CharField(
        label=_("Joined with"),
        max_length=12,
        required=False,
        help_text=_("In a small school: the same word for all classes that are taught together."),
    )

    def clean_letter(self) -> str:
        letter: str = self.cleaned_data["letter"].strip(" «»\"'")
        read = normalise.school_class(f"1{letter}") if letter else normalise.school_class("1")
        if read.value is None:
            raise ValidationError(_("One or two letters: А, Ә, Б …"))
        return str(read.value[1])

    def clean_room(self) -> str:
        return " ".join(str(self.cleaned_data["room"]).split())


class NewClassForm(ClassForm):
    """A class and its class teacher, from the first day of the year."""

    class_teacher_id = forms.TypedChoiceField(
        label=_("Class teacher"), coerce=UUID, empty_value=None, required=False
    )

    def __init__(self, data: Any = None, *, teachers: list[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(data, **options)
        if teachers:
            offer(self, "class_teacher_id", [("", ""), *((str(k), name) for k, name in teachers)])
        else:
            del self.fields["class_teacher_id"]


class ChargeForm(forms.Form):
    """Who answers for the class, and from which day."""

    duty = forms.ChoiceField(label=_("Duty"), choices=Charge.Duty.choices, widget=forms.RadioSelect)
    employee_id = forms.TypedChoiceField(label=_("Employee"), coerce=UUID)
    group = forms.CharField(
        label=_("Group"),
        max_length=60,
        required=False,
        help_text=_(
            "Only for an educator of a group: extended day, boarding, preschool. Empty: the whole class."
        ),
    )
    since = forms.DateField(label=_("From the day"), widget=DateInput)
    order_number = forms.CharField(label=_("Order No."), max_length=40, required=False)
    give_role = forms.BooleanField(
        label=_("Give the account the role that goes with it"), required=False, initial=True, widget=Switch
    )

    def __init__(
        self, data: Any = None, *, teachers: list[tuple[UUID, str]], may_give_roles: bool, **options: Any
    ) -> None:
        super().__init__(data, **options)
        offer(self, "employee_id", [("", ""), *((str(k), name) for k, name in teachers)])
        if not may_give_roles:
            del self.fields["give_role"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("group") and given.get("duty") == Charge.Duty.CLASS_TEACHER:
            self.add_error("group", _("A class teacher answers for the whole class."))
        return given


class EndChargeForm(forms.Form):
    until = forms.DateField(label=_("Last day"), widget=DateInput)


CHILD = Part(_("The child"), ("surname name patronymic", "iin birth_date sex"))
MORE = Part(
    _("Birth, nationality, address, personal file"),
    ("birth_place", "nationality citizenship", "address", "phone file_number"),
)


class PupilForm(InParts, forms.Form):
    """A pupil's card."""

    parts: tuple[Part, ...] = (CHILD, MORE)

    surname = NameField(label=_("Surname"))
    name = NameField(label=_("First name"))
    patronymic = NameField(label=_("Patronymic"), required=False)
    iin = IinField(label=_("IIN"), required=False, help_text=_("May be left empty until the child has one."))
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect)
    birth_date = forms.DateField(label=_("Date of birth"), widget=DateInput)
    birth_place = forms.CharField(label=_("Place of birth"), max_length=200, required=False)
    nationality = forms.ChoiceField(label=_("Nationality"), required=False)
    citizenship = forms.ChoiceField(label=_("Citizenship"), required=False, initial="KZ")
    file_number = forms.CharField(label=_("Personal file No."), max_length=20, required=False)
    address = forms.CharField(label=_("Address"), max_length=250, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "nationality", terms("nationalities"))
        offer(self, "citizenship", [("", ""), *CITIZENSHIPS.items()])

    def clean_birth_date(self) -> Any:
        born = self.cleaned_data["birth_date"]
        if born > clock.today() or born.year < clock.today().year - 30:
            raise ValidationError(_("This is not a date of birth of a pupil."))
        return born


class MoveForm(forms.Form):
    """Another class of the same year."""

    class_id = forms.TypedChoiceField(label=_("To the class"), coerce=UUID)
    since = forms.DateField(label=_("From the day"), widget=DateInput)

    def __init__(self, *args: Any, classes: Iterable[SchoolClass], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "class_id", class_choices(classes))


class Place(forms.Form):
    """Where to, or where from, and the slip."""

    country = forms.ChoiceField(label=_("Country"), required=False, initial="KZ")
    region = forms.CharField(label=_("Region"), max_length=120, required=False)
    district = forms.CharField(label=_("District or city"), max_length=120, required=False)
    organisation = forms.CharField(label=_("School or college"), max_length=250, required=False)
    slip_number = forms.CharField(label=_("Slip No."), max_length=40, required=False)
    slip_date = forms.DateField(label=_("Date of the slip"), widget=DateInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        countries = [(code, name) for code, name in CITIZENSHIPS.items() if code != "stateless"]
        offer(self, "country", [("", ""), *countries])


def departures() -> list[tuple[str, Any]]:
    """Reasons of leaving, without the finishing of school, which has an order of its own."""
    return [("", ""), *(one for one in terms("departure")[1:] if not one[0].startswith("dep_graduated"))]


class LeaveForm(InParts, Place):
    """When, why, where to."""

    last_day = forms.DateField(label=_("Last day at school"), widget=DateInput)
    reason = forms.ChoiceField(label=_("Reason"))

    field_order = ("last_day", "reason")
    parts = (
        Part(_("The departure"), ("last_day reason",)),
        Part(
            _("Where to, and the slip"), ("country region district", "organisation", "slip_number slip_date")
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "reason", departures())


class AttestForm(forms.Form):
    """Where a pupil who moved is attested for a quarter; empty: as the last day of the quarter says."""

    quarter = forms.IntegerField(min_value=1, max_value=4)
    here = forms.ChoiceField(choices=[("", ""), ("yes", ""), ("no", "")], required=False)
    note = forms.CharField(max_length=200, required=False)
    back = forms.CharField(required=False)


class YearForm(forms.Form):
    """What the orders of the passing into the next year want besides the plan."""

    last_day = forms.DateField(label=_("Last day of those who finish school"), widget=DateInput)
    ground = forms.CharField(
        label=_("Ground"),
        max_length=500,
        required=False,
        help_text=_("Decision of the pedagogical council: number, date."),
    )


class GuardianForm(InParts, forms.Form):
    """A guardian and what she is to this child."""

    parts = (
        Part(_("Who it is"), ("relation", "surname name patronymic", "phone second_phone", "iin email")),
        Part(_("With the child"), ("lives_together", "may_collect")),
        Part(_("Work"), ("work_place", "post"), folded=True),
    )

    relation = forms.ChoiceField(label=_("Who it is to the child"), choices=Guardianship.Relation.choices)
    surname = NameField(label=_("Surname"))
    name = NameField(label=_("First name"))
    patronymic = NameField(label=_("Patronymic"), required=False)
    iin = IinField(label=_("IIN"), required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    second_phone = PhoneField(label=_("Second phone"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    lives_together = forms.BooleanField(
        label=_("Lives with the child"), required=False, initial=True, widget=Switch
    )
    may_collect = forms.BooleanField(
        label=_("May collect the child from school"), required=False, initial=True, widget=Switch
    )
    work_place = forms.CharField(label=_("Place of work"), max_length=200, required=False)
    post = forms.CharField(label=_("Post"), max_length=120, required=False)


class StatusForm(forms.Form):
    """A privilege or a need from a day on."""

    code = forms.ChoiceField(label=_("Status"))
    since = forms.DateField(label=_("From the day"), widget=DateInput)
    ground = forms.CharField(label=_("Ground: paper, number, date"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "code", terms("privileges"))


def disagreements(*, number: str, birth_date: Any, sex: str) -> list[str]:
    """What the ИИН says otherwise than the card."""
    if not number or current().iin_problems(number):
        return [iin_refusal("checksum")] if number else []
    told = iin.parse(number)
    found = []
    if number[6] != "0" and number[:6] != birth_date.strftime("%y%m%d"):
        found.append(str(_("The IIN tells another date of birth.")))
    if told.sex and told.sex != sex:
        found.append(str(_("The IIN tells another sex.")))
    return found
