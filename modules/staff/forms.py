"""The shape of what is typed about employees."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from imports import normalise
from imports.api import say
from kernel import clock
from kernel.access import Role
from modules.staff import terms
from modules.staff.services import Post
from ui.forms import DateInput, IinInput, InParts, Part, Switch

NOT_FOR_STAFF = {Role.PUPIL, Role.PARENT}


class NameField(forms.CharField):
    """A part of a name; Latin look-alikes are put right, digits refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=80, **options)

    def clean(self, value: Any) -> str:
        read = normalise.person_name(super().clean(value))
        if read.is_error:
            found = read.findings[0]
            raise ValidationError(say(found.code, dict(found.values)))
        return read.value or ""


class PersonForm(forms.Form):
    """Who it is."""

    surname = NameField(label=_("Surname"))
    name = NameField(label=_("First name"))
    patronymic = NameField(label=_("Patronymic"), required=False)
    iin = forms.CharField(
        label=_("IIN"), max_length=30, required=False, widget=IinInput(attrs={"maxlength": 30})
    )
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("f", _("female")), ("m", _("male"))], widget=forms.RadioSelect
    )
    birth_date = forms.DateField(label=_("Date of birth"), widget=DateInput, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("E-mail"), required=False)

    def clean_iin(self) -> str:
        read = normalise.iin(self.cleaned_data["iin"])
        if read.is_error:
            found = read.findings[0]
            raise ValidationError(say(found.code, dict(found.values)))
        return read.value or ""

    def clean_phone(self) -> str:
        line = self.cleaned_data["phone"]
        read = normalise.phone(line)
        if line and not read.value:
            raise ValidationError(_("This is not a phone number of Kazakhstan: +7 705 111 22 33"))
        return read.value or ""

    def clean_birth_date(self) -> Any:
        born = self.cleaned_data["birth_date"]
        if born and not 14 <= clock.today().year - born.year <= 100:
            raise ValidationError(_("This is not a date of birth of an employee."))
        return born


class EmployeeForm(InParts, PersonForm):
    """A card: who it is, the posts with their rates, the subjects."""

    education = forms.ChoiceField(label=_("Education"), required=False)
    category = forms.ChoiceField(label=_("Qualification category"), required=False)
    category_date = forms.DateField(label=_("Category given on"), widget=DateInput, required=False)
    teaching_since = forms.DateField(label=_("Teaching since"), widget=DateInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        posts: Sequence[tuple[str, Decimal]] = (),
        subjects: Sequence[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["education"].choices = [("", ""), *terms.education()]  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", ""), *terms.categories()]  # type: ignore[attr-defined]
        self.posts = max(2, len(posts) + 1)
        self.subjects = max(3, len(subjects) + 1)
        for n in range(self.posts):
            code, rate = posts[n] if n < len(posts) else ("", Decimal("1"))
            label = _("Post") if n == 0 else _("One more post")
            self.fields[f"post_{n}"] = forms.ChoiceField(
                label=label, choices=[("", ""), *terms.posts()], required=n == 0, initial=code
            )
            self.fields[f"rate_{n}"] = forms.DecimalField(
                label=_("Rate"),
                min_value=Decimal("0.05"),
                max_value=Decimal("2.5"),
                decimal_places=2,
                required=False,
                initial=rate,
                widget=forms.NumberInput(attrs={"step": "0.05"}),
            )
        for n in range(self.subjects):
            self.fields[f"subject_{n}"] = forms.ChoiceField(
                label=_("Subject") if n == 0 else _("One more subject"),
                choices=[("", ""), *terms.subjects()],
                required=False,
                initial=subjects[n] if n < len(subjects) else "",
            )
        self.parts = self._parts(len(posts), len(subjects))

    def _parts(self, held_posts: int, held_subjects: int) -> tuple[Part, ...]:
        """What a school fills for everybody stands open; what a few have is folded."""
        work = ["since", *(f"post_{n} rate_{n}" for n in range(max(1, held_posts)))]
        subjects = max(1, held_subjects)
        work += [f"subject_{n}" for n in range(subjects)]
        more = [f"post_{n} rate_{n}" for n in range(max(1, held_posts), self.posts)]
        more.append(" ".join(f"subject_{n}" for n in range(subjects, self.subjects)))
        return (
            Part(_("Who it is"), ("surname name patronymic", "iin birth_date sex", "phone email")),
            Part(_("Job"), tuple(work)),
            Part(_("One more post or subject"), tuple(more), folded=True),
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
    def chosen_posts(self) -> list[Post]:
        given = self.cleaned_data
        found = {
            given[f"post_{n}"]: given.get(f"rate_{n}") or Decimal("1")
            for n in range(self.posts)
            if given.get(f"post_{n}")
        }
        return [Post(code, rate) for code, rate in found.items()]

    @property
    def chosen_subjects(self) -> list[str]:
        given = self.cleaned_data
        return [given[f"subject_{n}"] for n in range(self.subjects) if given.get(f"subject_{n}")]

    @property
    def person(self) -> dict[str, Any]:
        """The fields of the employee's row."""
        names = (*PersonForm.base_fields, "education", "category", "category_date", "teaching_since")
        return {name: self.cleaned_data[name] for name in names}


class RolesMixin(forms.Form):
    """Roles to be given with the login, and its language."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple, required=False)
    language = forms.ChoiceField(
        label=_("Language of the pages"), choices=[("kk", "Қазақша"), ("ru", "Русский")]
    )

    def offer_roles(self) -> None:
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            (code, label) for code, label in identity.role_labels().items() if code not in NOT_FOR_STAFF
        ]


class NewEmployeeForm(EmployeeForm, RolesMixin):
    """Somebody new: the card, the first day, and the login."""

    since = forms.DateField(label=_("Works from the day"), widget=DateInput)
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
        given = super().clean() or {}
        if given.get("give_login") and not given.get("roles"):
            given["roles"] = terms.roles_of(post.code for post in self.chosen_posts)
            if not given["roles"] and "post_0" not in self.errors:
                self.add_error("roles", _("No role goes with this post: choose one, or do not give a login."))
        return given


class LoginForm(RolesMixin):
    """A login for somebody who works here already."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_roles()
        self.fields["roles"].required = True


class LeaveForm(forms.Form):
    last_day = forms.DateField(label=_("Last working day"), widget=DateInput)
