"""The shape of what is typed: the school's details from a day on, one setting."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import clock
from kernel.uploads import UploadField
from modules.school import queries
from modules.school.data import LANGUAGE_LABELS, Profile, Setting
from modules.school.models import SchoolProfile
from modules.school.organisation import bin_faults, is_iik
from modules.school.services import LOGO_FILE
from ui.forms import DateInput, InParts, Part, Switch

_BIN_FAULTS = {
    "length": _("The BIN has twelve digits."),
    "month": _("The third and fourth digits of the BIN are a month: from 01 to 12."),
    "kind": _("The fifth and sixth digits of the BIN do not fit an organisation."),
    "checksum": _("The last digit of the BIN does not fit the others: check what was typed."),
}


class ProfileForm(InParts, forms.ModelForm):
    """All details at once, and the day from which they are in force."""

    parts = (
        Part(pgettext_lazy("of a school", "Name"), ("name_kk name_ru", "short_kk short_ru", "since")),
        Part(_("Details for papers and reports"), ("bin kato", "kind ownership")),
        Part(_("Who signs papers"), ("director", "post_kk post_ru", "seal")),
        Part(_("Bank details"), ("iik kbe", "bank bik")),
        Part(_("Address and contacts"), ("address_kk address_ru", "phone email", "site")),
        Part(_("How the school works"), ("languages", "shifts capacity")),
    )

    since = forms.DateField(
        label=_("In force from"),
        widget=DateInput,
        help_text=_("The day of the order. Papers of earlier days keep the earlier details."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of instruction"),
        choices=list(LANGUAGE_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    shifts = forms.TypedChoiceField(label=_("Shifts"), coerce=int, choices=[(1, "1"), (2, "2"), (3, "3")])
    # Longer than the numbers themselves: both are often pasted with spaces inside.
    bin = forms.CharField(
        label=_("BIN"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    kato = forms.CharField(
        label=_("KATO code"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    # A link that others press: an address of a page and nothing else.
    site = forms.URLField(
        label=_("website"),
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    iik = forms.CharField(label=_("Account (IIK)"), max_length=40, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = SchoolProfile
        fields = [field for field in queries.FIELDS if field != "logo_id"]
        widgets = {
            "name_kk": forms.Textarea(attrs={"rows": 2, "lang": "kk"}),
            "name_ru": forms.Textarea(attrs={"rows": 2, "lang": "ru"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "post_kk": forms.TextInput(attrs={"lang": "kk"}),
            "post_ru": forms.TextInput(attrs={"lang": "ru"}),
            "seal": Switch,
        }
        help_texts = {
            "name_kk": _("As in the charter."),
            "name_ru": _("As in the charter."),
            "short_kk": _("For menus and tables."),
            "director": _("For example: K. Seidakhmetova. Stands where the director signs."),
            "post_kk": _("Empty: Director."),
            "post_ru": _("Empty: Director."),
            "seal": _("Slips, lists and certificates then say where the seal is put."),
            "capacity": _("Pupils, by the design of the building."),
        }

    def __init__(self, profile: Profile, data: Any = None) -> None:
        shown = {field: getattr(profile, field) for field in self.Meta.fields}
        super().__init__(data, initial={**shown, "since": clock.today(), "seen": profile.id or ""})

    def clean_bin(self) -> str:
        value = re.sub(r"\s", "", self.cleaned_data["bin"])
        if value and (faults := bin_faults(value)):
            raise ValidationError([_BIN_FAULTS[fault] for fault in faults])
        return value

    def clean_kato(self) -> str:
        value = re.sub(r"\s", "", self.cleaned_data["kato"])
        if value and not re.fullmatch(r"\d{9}", value):
            raise ValidationError(_("The KATO code has nine digits."))
        return value

    def clean_iik(self) -> str:
        value = re.sub(r"\s", "", self.cleaned_data["iik"]).upper()
        if value and not is_iik(value):
            raise ValidationError(
                _("The account has twenty signs and begins with KZ: one of them is typed wrongly.")
            )
        return value

    def clean_bik(self) -> str:
        value = re.sub(r"\s", "", self.cleaned_data["bik"]).upper()
        if value and not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", value):
            raise ValidationError(_("The bank code has eight or eleven signs, such as KKMFKZ2A."))
        return value

    def clean_kbe(self) -> str:
        value: str = self.cleaned_data["kbe"].strip()
        if value and not re.fullmatch(r"[12][1-9]", value):
            raise ValidationError(_("The beneficiary code has two digits: a state school has 11 or 12."))
        return value

    def clean_name_kk(self) -> str:
        return " ".join(self.cleaned_data["name_kk"].split())

    def clean_name_ru(self) -> str:
        return " ".join(self.cleaned_data["name_ru"].split())


class LogoForm(forms.Form):
    """A picture for papers; what it is, the rule itself looks at."""

    logo = UploadField(
        LOGO_FILE,
        label=_("Picture file"),
        help_text=_("JPEG or PNG, up to 2 MB. A square or a broad one stands best."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
    )


class SettingForm(forms.Form):
    """One setting; the rule itself checks the value."""

    def __init__(self, setting: Setting, value: Any, data: Any = None) -> None:
        super().__init__(data, initial={"value": value})
        options: dict[str, Any] = {
            "label": setting.label,
            "required": not isinstance(setting.default, bool),
        }
        if setting.choices:
            self.fields["value"] = forms.ChoiceField(choices=list(setting.choices), **options)
        elif isinstance(setting.default, bool):
            self.fields["value"] = forms.BooleanField(widget=Switch, **options)
        else:
            mode = "text" if isinstance(setting.default, str) else "decimal"
            self.fields["value"] = forms.CharField(
                max_length=200, widget=forms.TextInput(attrs={"inputmode": mode}), **options
            )
        self.fields["value"].help_text = setting.hint


class SkipForm(forms.Form):
    """Why the school does not need a step of its start."""

    reason = forms.CharField(label=_("Why it is not needed"), max_length=200)
