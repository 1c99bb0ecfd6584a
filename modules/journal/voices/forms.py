"""What the recorder sends."""

from __future__ import annotations

from django import forms

from modules.journal.data import MarkKind


class VoiceForm(forms.Form):
    lesson = forms.UUIDField()
    pupil = forms.UUIDField()
    kind = forms.ChoiceField(choices=[(one.value, one.label) for one in MarkKind])
    seconds = forms.IntegerField()
    clip = forms.FileField()
