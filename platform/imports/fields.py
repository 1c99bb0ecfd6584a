"""Fields of forms that read what people type as the wizard reads a spreadsheet: names, ИИН, phones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from imports import normalise
from imports.findings import say
from ui.forms import IinInput


class NameField(forms.CharField):
    """A part of a name; Latin look-alikes are put right, digits refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=80, **options)

    def clean(self, value: Any) -> str:
        line = super().clean(value)
        read = normalise.person_name(line)
        if read.is_error:
            found = read.findings[0]
            raise ValidationError(say(found.code, dict(found.values)))
        return read.value or ""


class IinField(forms.CharField):
    """Twelve digits with a right check digit; spaces and lost zeros are forgiven."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=30, widget=IinInput(attrs={"maxlength": 30}), **options)

    def clean(self, value: Any) -> str:
        read = normalise.iin(super().clean(value))
        if read.is_error:
            found = read.findings[0]
            raise ValidationError(say(found.code, dict(found.values)))
        return read.value or ""


class PhoneField(forms.CharField):
    """A number of Kazakhstan in any usual form."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
        super().__init__(max_length=60, widget=widget, **options)

    def clean(self, value: Any) -> str:
        line = super().clean(value)
        read = normalise.phone(line)
        if line and not read.value:
            raise ValidationError(_("This is not a phone number of Kazakhstan: +7 705 111 22 33"))
        return read.value or ""
