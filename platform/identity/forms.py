"""Shapes of input of identity's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import DateInput, InParts, Part, offer


class SignIn(forms.Form):
    username = forms.CharField(
        label=_("Login, phone or IIN"),
        max_length=60,
        widget=forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, login: str, **kwargs: Any) -> None:
        """`login` is what the square of a slip has typed in already: then the password comes first."""
        super().__init__(*args, **kwargs)
        if login:
            self.initial["username"] = login[:60]
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True


class SecondStep(forms.Form):
    code = forms.CharField(
        label=_("Code from the application, or a recovery code"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
    )


class Prove(forms.Form):
    """Who it is, once more. The name of the field is of no other form: it travels with theirs."""

    proof = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, has_codes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_codes:
            self.fields["proof"].label = _("Password, or six digits from the application")


class ChangePassword(forms.Form):
    """One's own new password; the present one is not asked of those who came in with a one-time one just now."""

    present = forms.CharField(
        label=_("Present password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, asks_present: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_present:
            del self.fields["present"]

    def clean_again(self) -> str:
        again = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError(_("The two new passwords differ."))
        return again


class GiveRole(InParts, forms.Form):
    parts = (Part("", ("role since until",)),)

    role = forms.ChoiceField(label=_("Role"))
    since = forms.DateField(
        label=_("From"),
        required=False,
        help_text=_("Today, when left empty."),
        widget=DateInput,
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("The last day; without one the role stays until it is taken away."),
        widget=DateInput,
    )

    def __init__(self, *args: Any, roles: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "role", roles)


class NameRole(forms.Form):
    name_kk = forms.CharField(label=_("Name in Kazakh"), max_length=120)
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=120)


class AuditLog(forms.Form):
    action = forms.CharField(required=False, max_length=100)
    person = forms.CharField(required=False, max_length=80)
    outcome = forms.CharField(required=False, max_length=20)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)


class ConfirmCode(forms.Form):
    code = forms.CharField(
        label=_("Six digits from the application"),
        max_length=8,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class NewToken(forms.Form):
    label = forms.CharField(label=_("What is it for"), max_length=80)
    days = forms.IntegerField(label=_("Days of life"), min_value=1, max_value=365, initial=90)
