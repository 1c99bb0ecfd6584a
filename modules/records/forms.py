"""What is asked when a certificate is issued, ordered, declined or withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from modules.records import queries
from modules.records.services import Wanted
from modules.records.services.certificates import OTHER
from ui.forms import offer

LANGUAGES = (("kk", _("in Kazakh")), ("ru", _("in Russian")))


class WantedForm(forms.Form):
    """For which place, and in which language."""

    language = forms.ChoiceField(
        label=_("Language of the paper"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    destination = forms.ChoiceField(label=_("Where it is demanded"))
    destination_words = forms.CharField(
        label=_("Which other place"),
        max_length=200,
        required=False,
        help_text=_("As it will stand on the paper. Only for another place."),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        offer(self, "destination", [(one.code, one.name) for one in queries.destinations()])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("destination") == OTHER and not given.get("destination_words", "").strip():
            self.add_error("destination_words", _("Name the place."))
        return given

    @property
    def wanted(self) -> Wanted:
        given = self.cleaned_data
        return Wanted(
            language=given["language"],
            destination=given["destination"],
            destination_words=given["destination_words"],
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
