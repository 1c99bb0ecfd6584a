"""The card of an employee: who it is, subjects, languages; a newcomer with posts and a login; the photo."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from imports.fields import IinField, NameField, PhoneField
from kernel import clock
from kernel.access import Role
from kernel.uploads import PHOTO, UploadField
from modules.staff import terms
from modules.staff.models import Position
from ui.forms import DateInput, InParts, Part, Switch, offer

NOT_FOR_STAFF = {Role.PUPIL, Role.PARENT}


class RateField(forms.DecimalField):
    """A rate of a post."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"label": _("Rate")} | options,
            min_value=Decimal("0.05"),
            max_value=Decimal("2.5"),
            decimal_places=2,
            widget=forms.NumberInput(attrs={"step": "0.05"}),
        )


class PersonForm(forms.Form):
    """Who it is."""

    surname = NameField(label=_("Surname"))
    name = NameField(label=_("First name"))
    patronymic = NameField(label=_("Patronymic"), required=False)
    iin = IinField(label=_("IIN"), required=False)
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("f", _("female")), ("m", _("male"))], widget=forms.RadioSelect
    )
    birth_date = forms.DateField(label=_("Date of birth"), widget=DateInput, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def clean_birth_date(self) -> Any:
        born = self.cleaned_data["birth_date"]
        if born and not 14 <= clock.today().year - born.year <= 100:
            raise ValidationError(_("This is not a date of birth of an employee."))
        return born


class SubjectsMixin(forms.Form):
    """Subjects that somebody can teach: three lists, and one more than there are."""

    def add_subjects(self, subjects: Sequence[str] = ()) -> None:
        self.subjects = max(3, len(subjects) + 1)
        for n in range(self.subjects):
            self.fields[f"subject_{n}"] = forms.ChoiceField(
                label=_("Subject") if n == 0 else _("One more subject"),
                choices=[("", ""), *terms.subjects()],
                required=False,
                initial=subjects[n] if n < len(subjects) else "",
            )

    @property
    def subject_fields(self) -> list[str]:
        return [f"subject_{n}" for n in range(self.subjects)]

    @property
    def chosen_subjects(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.subject_fields if self.cleaned_data.get(name)]


class PostsMixin(forms.Form):
    """Posts of a newcomer: the first is the main one, a second may stand beside it."""

    POSTS = 2

    def add_posts(self) -> None:
        for n in range(self.POSTS):
            self.fields[f"post_{n}"] = forms.ChoiceField(
                label=_("Post") if n == 0 else _("One more post"),
                choices=[("", ""), *terms.posts()],
                required=n == 0,
            )
            self.fields[f"rate_{n}"] = RateField(required=False, initial=Decimal("1") if n == 0 else None)
        self.fields["form"] = forms.ChoiceField(
            label=_("Form of employment"),
            choices=[
                (Position.Form.MAIN, Position.Form.MAIN.label),
                (Position.Form.EXTERNAL, Position.Form.EXTERNAL.label),
            ],
            initial=Position.Form.MAIN,
            required=False,
        )
        self.fields["agreed_until"] = forms.DateField(
            label=_("Contract until"),
            widget=DateInput,
            required=False,
            help_text=_("Only for a contract for a term; the day is the last one."),
        )

    @property
    def post_fields(self) -> list[str]:
        pairs = [name for n in range(self.POSTS) for name in (f"post_{n}", f"rate_{n}")]
        return [*pairs, "form", "agreed_until"]

    def check_posts(self, given: dict[str, Any]) -> None:
        """The second post may be neither the first one nor held beyond the contract's beginning."""
        if given.get("post_1") and given.get("post_1") == given.get("post_0"):
            self.add_error("post_1", _("This post is chosen already: raise its rate instead."))
        until, since = given.get("agreed_until"), given.get("since")
        if until and since and until < since:
            self.add_error("agreed_until", _("The last day is before the first."))


class EmployeeForm(InParts, PersonForm, SubjectsMixin):
    """A card: who it is, where it is found, subjects and languages."""

    second_phone = PhoneField(label=_("Second phone"), required=False)
    address = forms.CharField(label=_("Address"), max_length=250, required=False)
    nationality = forms.ChoiceField(label=_("Nationality"), required=False)
    teaching_languages = forms.MultipleChoiceField(
        label=_("Teaches in"), widget=forms.CheckboxSelectMultiple, required=False
    )
    known_languages = forms.MultipleChoiceField(
        label=_("Knows besides"), widget=forms.CheckboxSelectMultiple, required=False
    )
    teaching_since = forms.DateField(
        label=_("Teaching since"),
        widget=DateInput,
        required=False,
        help_text=_("As the person states it. Counts only up to the first entry that papers prove."),
    )
    retirement_ground = forms.ChoiceField(
        label=_("Ground of early retirement"),
        required=False,
        help_text=_("Only with the papers that prove it."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, subjects: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "nationality", [("", ""), *terms.choices("nationalities")])
        offer(self, "teaching_languages", terms.languages_of_teaching())
        offer(self, "known_languages", terms.choices("languages"))
        offer(self, "retirement_ground", [("", _("none")), *terms.choices("preferential")])
        self.add_subjects(subjects)
        self.parts = (
            Part(_("Who it is"), ("surname name patronymic", "iin birth_date sex", "nationality")),
            Part(_("How to reach"), ("phone second_phone", "email", "address")),
            Part(
                _("Subjects and languages"),
                (" ".join(self.subject_fields), "teaching_languages", "known_languages"),
            ),
            Part(_("For service and retirement"), ("teaching_since", "retirement_ground"), folded=True),
        )

    @property
    def languages(self) -> dict[str, bool]:
        """By code: true for those in which lessons are given."""
        taught = self.cleaned_data["teaching_languages"]
        known = [code for code in self.cleaned_data["known_languages"] if code not in taught]
        return dict.fromkeys(taught, True) | dict.fromkeys(known, False)

    @property
    def person(self) -> dict[str, Any]:
        """The fields of the employee's row."""
        beside = {"teaching_languages", "known_languages", "seen", *self.subject_fields}
        return {name: value for name, value in self.cleaned_data.items() if name not in beside}


class RolesMixin(forms.Form):
    """Roles to be given with the login, and its language."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple, required=False)
    language = forms.ChoiceField(
        label=_("Language of the pages"), choices=[("kk", "Қазақша"), ("ru", "Русский")]
    )

    def offer_roles(self) -> None:
        offer(
            self,
            "roles",
            [(code, label) for code, label in identity.role_labels().items() if code not in NOT_FOR_STAFF],
        )


class NewcomerForm(InParts, PersonForm, PostsMixin, SubjectsMixin):
    """Somebody new: who it is, the first day, posts, subjects, what papers say of schooling and category."""

    since = forms.DateField(label=_("Works from the day"), widget=DateInput)
    education = forms.ChoiceField(label=_("Education"), required=False)
    category = forms.ChoiceField(label=_("Qualification category"), required=False)
    category_date = forms.DateField(label=_("Category given on"), widget=DateInput, required=False)
    teaching_since = forms.DateField(label=_("Teaching since"), widget=DateInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "education", [("", ""), *terms.education()])
        offer(self, "category", [("", ""), *terms.categories()])
        self.add_posts()
        self.add_subjects()
        # What a school fills for everybody stands open; what a few have is folded.
        self.parts = (
            Part(_("Who it is"), ("surname name patronymic", "iin birth_date sex", "phone email")),
            Part(_("Job"), ("since", "post_0 rate_0", "subject_0")),
            Part(
                _("One more post or subject"),
                ("post_1 rate_1", "form agreed_until", "subject_1 subject_2"),
                folded=True,
            ),
            Part(
                _("Education and category"),
                ("education teaching_since", "category category_date"),
                folded=True,
            ),
            Part(
                _("Sign-in"),
                ("give_login", "language"),
                note=_("The role goes with the post; another one can be chosen below."),
            ),
            Part(_("Choose the roles yourself"), ("roles",), folded=True),
        )

    @property
    def of_order(self) -> list[str]:
        """What the order of hiring keeps."""
        return [
            *("surname", "name", "patronymic", "iin", "sex", "birth_date", "phone", "email", "since"),
            *self.post_fields,
            *self.subject_fields,
            *("education", "category", "category_date", "teaching_since"),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.check_posts(given)
        return given


class NewEmployeeForm(NewcomerForm, RolesMixin):
    """The quick way: a newcomer, the order of hiring and the login in one form."""

    give_login = forms.BooleanField(
        label=_("Give a login and show the slip"), required=False, initial=True, widget=Switch
    )
    once = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, with_login: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if with_login:
            self.offer_roles()
        else:
            for name in ("roles", "language", "give_login"):
                del self.fields[name]
        self.fields["once"].initial = uuid4().hex

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("give_login") and not given.get("roles"):
            held = (given.get(f"post_{n}") for n in range(self.POSTS))
            given["roles"] = terms.roles_of(code for code in held if code)
            if not given["roles"] and "post_0" not in self.errors:
                self.add_error("roles", _("No role goes with this post: choose one, or do not give a login."))
        return given

    @property
    def newcomer(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.of_order}


class LoginForm(RolesMixin):
    """A login for somebody who works here already."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_roles()
        self.fields["roles"].required = True


class PhotoForm(forms.Form):
    """A picture for the card."""

    photo = UploadField(
        PHOTO,
        label=_("Photo"),
        help_text=_(
            "JPEG or PNG, at most 10 MB. It is made small, and what the camera wrote beside it is left out."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "data-shrink": "600"}),
    )
