"""What the pages of exchange ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import offer


class Weeks(forms.Form):
    """Two weeks to be laid side by side."""

    one = forms.ChoiceField(label=_("First"), choices=[])
    other = forms.ChoiceField(label=_("Second"), choices=[])

    def __init__(self, *args: Any, weeks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "one", weeks)
        offer(self, "other", weeks)
