"""The shape of what is typed about orders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.uploads import UploadField
from modules.orders.models import Language
from modules.orders.services.templates import WORD
from ui.forms import DateInput, InParts, Part


class PlainText(InParts, forms.Form):
    """The body of a free order."""

    parts = (Part(_("Text of the order"), ("text",)),)

    text = forms.CharField(
        label=_("Paragraphs"),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=20_000,
        help_text=_("Each line of the text becomes a paragraph of the order."),
    )


class About(InParts, forms.Form):
    """What every order has, whatever it is about."""

    parts = (
        Part(_("About the order"), ("date language", "title_kk", "title_ru")),
        Part(_("Ground and executor"), ("ground", "executor")),
    )

    date = forms.DateField(label=_("Date of the order"), widget=DateInput)
    language = forms.ChoiceField(label=_("Language of the paper"), choices=Language.choices)
    title_kk = forms.CharField(label=_("About what, in Kazakh"), max_length=250)
    title_ru = forms.CharField(label=_("About what, in Russian"), max_length=250)
    ground = forms.CharField(
        label=_("Ground"),
        max_length=500,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": _("application of a parent, decision of the council …")}
        ),
    )
    executor = forms.CharField(label=_("Executor"), max_length=150, required=False)

    def clean_date(self) -> Any:
        day = self.cleaned_data["date"]
        if day > clock.today():
            raise ValidationError(_("An order is dated today or earlier."))
        return day


class Ground(forms.Form):
    """Why an order is cancelled."""

    ground = forms.CharField(label=_("Ground"), max_length=500, required=False)


class Numbers(forms.Form):
    """The last number of the paper book."""

    last = forms.IntegerField(label=_("Last number of the paper book"), min_value=0, max_value=99_999)


class TemplateFile(forms.Form):
    """A text that was edited in Word."""

    file = UploadField(WORD, label=_("Document (DOCX)"))
    since = forms.DateField(label=_("In force from"), widget=DateInput)


class Since(forms.Form):
    """The text that was shown, and from when it holds."""

    held = forms.UUIDField()
    since = forms.DateField()
