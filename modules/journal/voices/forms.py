"""What the recorder sends."""

from __future__ import annotations

from django import forms

from kernel.uploads import UploadField
from modules.journal.data import MarkKind
from modules.journal.voices.services import VOICE


class VoiceForm(forms.Form):
    lesson = forms.UUIDField()
    pupil = forms.UUIDField()
    kind = forms.ChoiceField(choices=[(one.value, one.label) for one in MarkKind])
    seconds = forms.IntegerField()
    clip = UploadField(VOICE)
