"""What is asked for a remark."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class Make(forms.Form):
    """A remark and the day by which it is put right."""

    text = forms.CharField(
        label=_("Remark and proposal"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_date = forms.DateField(
        label=_("Put right by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
