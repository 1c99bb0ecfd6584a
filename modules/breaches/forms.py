"""The shape of what is typed about a breach."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel import clock


class _Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class BreachForm(forms.Form):
    """Which way in, when, what happened, who answers."""

    way = forms.ChoiceField(label=_("What was in the wrong hands"))
    since = forms.DateTimeField(label=_("From"), widget=_Moment)
    until = forms.DateTimeField(label=_("Until"), widget=_Moment)
    what = forms.CharField(
        label=_("What has happened"), max_length=500, min_length=10, widget=forms.Textarea(attrs={"rows": 3})
    )
    measures = forms.CharField(
        label=_("Measures taken"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    contact = forms.CharField(label=_("Who answers for it, with a phone"), max_length=200)

    def __init__(self, *args: Any, ways: list[tuple[str, Any]], **kwargs: Any) -> None:
        now = timezone.localtime(clock.now()).replace(second=0, microsecond=0)
        kwargs["initial"] = {"since": now - timedelta(days=30), "until": now} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = ways  # type: ignore[attr-defined]
