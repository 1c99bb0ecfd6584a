"""What whoever saves journals is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from modules.contingent.data import ClassInfo
from modules.journal.export.services import OF_CLASS, What, Wish


class WishForm(forms.Form):
    """Which classes, which files, in which language."""

    what = forms.MultipleChoiceField(
        label=_("What to save"),
        choices=[(one.value, one.label) for one in What],
        widget=forms.CheckboxSelectMultiple,
        initial=[What.JOURNALS_PDF.value],
        error_messages={"required": _("Tick at least one kind of file.")},
    )
    language = forms.ChoiceField(
        label=_("In which language"),
        choices=[
            (OF_CLASS, _("in the language of each class")),
            ("kk", _("in Kazakh")),
            ("ru", _("in Russian")),
        ],
        initial=OF_CLASS,
    )
    classes = forms.MultipleChoiceField(
        label=_("Classes"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one class.")},
    )

    def __init__(self, *args: Any, classes: Sequence[ClassInfo], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["classes"]
        field.choices = [(str(one.id), one.label) for one in classes]
        field.initial = [str(one.id) for one in classes]

    def wish(self, year: str) -> Wish:
        values = self.cleaned_data
        return Wish(
            year,
            tuple(UUID(one) for one in values["classes"]),
            tuple(What(one) for one in values["what"]),
            values["language"],
        )
