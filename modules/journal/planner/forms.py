"""What a work is: its maximum and what it is about."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class Details(forms.Form):
    maximum = forms.IntegerField(label=_("Maximum points"), min_value=1, max_value=100)
    title = forms.CharField(label=_("Unit or theme"), max_length=200, required=False)
