"""What is asked of whoever wants closed cells opened, and of whoever answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from modules.journal.queries import Grid
from ui.forms import offer


class Ask(forms.Form):
    """Which cells and why."""

    reason = forms.CharField(
        label=pgettext_lazy("change", "Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the history beside every mark that you change."),
    )
    days = forms.MultipleChoiceField(
        label=_("Days"), widget=forms.CheckboxSelectMultiple, required=False, choices=[]
    )
    pupils = forms.MultipleChoiceField(
        label=_("Pupils"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[],
        help_text=_(
            "Nobody ticked: the days are open for all, with their topics and homework. Pupils without days: all their lessons."
        ),
    )
    finals = forms.BooleanField(
        label=_("Period marks too"),
        required=False,
        help_text=_(
            "By the rules a mark of a closed period is not revised: only a slip of the pen is put right."
        ),
    )

    def __init__(self, data: Any = None, *, grid: Grid, **options: Any) -> None:
        super().__init__(data, **options)
        days = dict.fromkeys(one.day for one in grid.columns if not one.is_cancelled)
        offer(self, "days", [(f"{day:%Y-%m-%d}", formats.date_format(day, "D, d.m")) for day in days])
        offer(self, "pupils", [(row.pupil_id, row.name) for row in grid.rows])

    def clean_days(self) -> list[date]:
        return [date.fromisoformat(one) for one in self.cleaned_data["days"]]

    def clean_pupils(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["pupils"]]


def hours_offered(usual: int) -> list[tuple[int, str]]:
    """For how long one may open: the school's usual time among them."""
    offered: Sequence[int] = sorted({2, 8, 24, 72, 168, usual})
    return [(n, ngettext("{n} hour", "{n} hours", n).format(n=n)) for n in offered]
