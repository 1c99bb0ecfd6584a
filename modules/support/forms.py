"""The shape of a request to a school."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from modules.support.data import MOST_HOURS, USUAL_HOURS


class Ask(forms.Form):
    """Why, and for how long; which sections are ticked beside it."""

    purpose = forms.CharField(
        label=pgettext_lazy("of a visit", "Purpose"),
        min_length=10,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The director reads it word for word: what does not work and what you have to see."),
    )
    hours = forms.TypedChoiceField(
        label=_("For how many hours"),
        coerce=int,
        choices=[(n, str(n)) for n in range(1, MOST_HOURS + 1)],
        initial=USUAL_HOURS,
    )
