"""The form of a pupil's own programme."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import DateInput, offer


class ProgrammeForm(forms.Form):
    """By which programme of his own a pupil learns the subject."""

    pupil = forms.ChoiceField(label=_("Pupil"), choices=[])
    aims = forms.CharField(
        label=_("What the pupil learns, and how"),
        help_text=_("Aims, criteria of assessment that are other than the class's, help at the lesson."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    is_marked = forms.ChoiceField(
        label=_("Assessment"),
        choices=[("yes", _("marks by the criteria of the programme")), ("no", _("in words, without marks"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    since = forms.DateField(label=_("From the day"), widget=DateInput())

    def __init__(self, *args: Any, pupils: dict[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "pupil", [(str(key), name) for key, name in pupils.items()])
