"""The shape of what is typed about orders."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PlainText(forms.Form):
    """The body of a free order."""

    text = forms.CharField(
        label=_("Text of the order"),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=20_000,
        help_text=_("Each line of the text becomes a paragraph of the order."),
    )
