"""Lines of a pupil's card, bans, and the photo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.uploads import PHOTO, UploadField
from modules.contingent.models import (
    HealthGroup,
    HealthNote,
    PupilAddress,
    PupilDocument,
    SpecialNeed,
)
from modules.contingent.services.scans import SCANNED
from tenants import reference
from ui.forms import DateInput, InParts, Part, offer

EARLIEST = 1990


class PaperDate(forms.DateField):
    """The day of a paper: it has come, and not absurdly long ago."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=DateInput, **options)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and day > clock.today():
            raise ValidationError(_("This day has not come yet."))
        if day is not None and day.year < EARLIEST:
            raise ValidationError(_("This cannot be the date."))
        return day


class ScanField(UploadField):
    """A scan of a paper; what it really is, is judged by the service."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            SCANNED,
            required=False,
            widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
            **{"label": _("Scan"), "help_text": _("PDF, JPEG or PNG, at most 5 MB.")} | options,
        )

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        given = super().clean(data, initial)
        return given.content if given else None


def _rows(*rows: str) -> tuple[Part, ...]:
    return (Part("", rows),)


def _first_day() -> forms.DateField:
    return forms.DateField(label=_("From the day"), widget=DateInput, initial=clock.today)


def _last_day(hint: Any = None) -> forms.DateField:
    return forms.DateField(
        label=_("Last day"), widget=DateInput, required=False, help_text=hint or _("Empty while it goes on.")
    )


class RecordForm(InParts, forms.Form):
    """A line of a card. `title` names the section; dates stand in order."""

    title: Any = ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for first, last in (("since", "until"), ("issued_date", "valid_until")):
            if given.get(first) and given.get(last) and given[last] < given[first]:
                self.add_error(last, _("The last day is before the first."))
        return given


class DocumentForm(RecordForm):
    title = _("Document")
    parts = _rows("kind", "series number", "issued_by", "issued_date valid_until", "scan")

    kind = forms.ChoiceField(label=_("Document"), choices=PupilDocument.Kind.choices)
    series = forms.CharField(label=_("Series"), max_length=10, required=False)
    number = forms.CharField(label=_("Number"), max_length=30)
    issued_by = forms.CharField(label=_("Issued by"), max_length=200, required=False)
    issued_date = PaperDate(label=_("Issued on"), required=False)
    valid_until = forms.DateField(label=_("Valid until"), widget=DateInput, required=False)
    scan = ScanField()


class AddressForm(RecordForm):
    title = _("Address")
    parts = _rows("kind", "kato", "text", "distance_km", "since until")

    kind = forms.ChoiceField(
        label=_("Which address it is"), choices=PupilAddress.Kind.choices, widget=forms.RadioSelect
    )
    kato = forms.ChoiceField(label=_("District or city"), required=False)
    text = forms.CharField(label=_("Village, street, house, flat"), max_length=250)
    distance_km = forms.DecimalField(
        label=_("Kilometres to the school"),
        min_value=0,
        max_value=999,
        decimal_places=1,
        required=False,
        help_text=_("Of the place where the child lives: the need of transport is seen by it."),
    )
    since = _first_day()
    until = _last_day(_("Empty while the address holds. A new one ends the one before by itself."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        places = [(code, term.name) for code, term in reference.places().items()]
        offer(self, "kato", [("", ""), *places])


class TransportForm(RecordForm):
    title = _("School transport")
    parts = _rows("route stop", "since until", "ground")

    route = forms.CharField(label=_("Route"), max_length=80)
    stop = forms.CharField(label=_("Stop"), max_length=120, required=False)
    since = _first_day()
    until = _last_day()
    ground = forms.CharField(label=_("Ground: paper, number, date"), max_length=200, required=False)


class ConclusionForm(RecordForm):
    """What begins with a conclusion of a commission."""

    paper_number = forms.CharField(label=_("Conclusion No."), max_length=40)
    paper_date = PaperDate(label=_("Date of the conclusion"))


class NeedForm(ConclusionForm):
    title = _("Special educational needs")
    parts = _rows("paper_number paper_date", "issued_by", "programme", "advice", "since until")

    issued_by = forms.CharField(label=_("Consultation (ПМПК)"), max_length=200, required=False)
    programme = forms.ChoiceField(label=_("Programme"), choices=SpecialNeed.Programme.choices)
    advice = forms.CharField(
        label=_("Recommendations"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    since = _first_day()
    until = _last_day(_("The day by which the consultation sees the child again; empty when none is named."))


class HomeForm(ConclusionForm):
    title = _("Schooling at home")
    parts = _rows("paper_number paper_date", "issued_by", "order_number order_date", "since until")

    issued_by = forms.CharField(label=_("Medical organisation (ВКК)"), max_length=200, required=False)
    order_number = forms.CharField(label=_("School's order No."), max_length=40, required=False)
    order_date = PaperDate(label=_("Date of the order"), required=False)
    since = _first_day()
    until = _last_day(_("The term that the conclusion names."))


class HealthGroupForm(RecordForm):
    title = _("Health group")
    parts = _rows("group physical_education", "advice", "since until", "ground")

    group = forms.TypedChoiceField(label=_("Health group"), coerce=int, choices=HealthGroup.GROUPS)
    physical_education = forms.ChoiceField(
        label=_("Physical education group"), choices=HealthGroup.PhysicalEducation.choices
    )
    advice = forms.CharField(
        label=_("Recommendations for lessons"),
        max_length=300,
        required=False,
        help_text=_("The class teacher reads this: a seat in front, no running."),
    )
    since = _first_day()
    until = _last_day(_("A new line ends the one before by itself."))
    ground = forms.CharField(label=_("Ground: paper, number, date"), max_length=200, required=False)


class HealthNoteForm(RecordForm):
    title = _("Health note")
    parts = _rows("kind name", "action", "since until", "ground")

    kind = forms.ChoiceField(label=_("Kind"), choices=HealthNote.Kind.choices)
    name = forms.CharField(
        label=_("What it is"),
        max_length=200,
        help_text=_("Read by the nurse, the director and the parents alone."),
    )
    action = forms.CharField(
        label=_("What the class teacher must know and do"),
        max_length=300,
        required=False,
        help_text=_("Without the name of the illness: “nuts forbidden, call the mother and 103”."),
    )
    since = _first_day()
    until = _last_day()
    ground = forms.CharField(label=_("Ground: paper, number, date"), max_length=200, required=False)


class ExaminationForm(forms.Form):
    """When the class was examined, and by what paper."""

    day = PaperDate(label=_("Day of the examination"))
    ground = forms.CharField(label=_("Ground: paper, number, date"), max_length=200, required=False)


class ExaminedForm(forms.Form):
    """One pupil's line of the health list; without a group it is left alone."""

    group = forms.TypedChoiceField(
        label=_("Health group"),
        coerce=int,
        empty_value=None,
        choices=(("", "–"), *HealthGroup.GROUPS),
        required=False,
    )
    physical_education = forms.ChoiceField(
        label=_("Physical education group"),
        choices=(("", "–"), *HealthGroup.PhysicalEducation.choices),
        required=False,
    )
    advice = forms.CharField(label=_("Recommendations for lessons"), max_length=300, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("group")) != bool(given.get("physical_education")):
            lacking = "physical_education" if given.get("group") else "group"
            self.add_error(lacking, _("Choose both groups."))
        return given


SECTION_FORMS: dict[str, type[RecordForm]] = {
    "documents": DocumentForm,
    "addresses": AddressForm,
    "transport": TransportForm,
    "needs": NeedForm,
    "home": HomeForm,
    "health": HealthGroupForm,
    "notes": HealthNoteForm,
}


class BanForm(RecordForm):
    """A decision by which a guardian may not see the child."""

    parts = _rows("ground", "since until", "paper")

    ground = forms.CharField(
        label=_("Decision: whose, number, date"),
        max_length=300,
        help_text=_(
            "Of a court or of the guardianship authority. Without one both parents have the same rights."
        ),
    )
    since = forms.DateField(label=_("From the day"), widget=DateInput, initial=clock.today)
    until = forms.DateField(
        label=_("Last day"), widget=DateInput, required=False, help_text=_("Empty when no term is named.")
    )
    paper = ScanField(label=_("Scan of the decision"))


class LiftBanForm(forms.Form):
    """Another decision, by which the guardian may see the child again."""

    until = forms.DateField(label=_("Last day of the ban"), widget=DateInput)
    ground = forms.CharField(label=_("Decision: whose, number, date"), max_length=300)


class PhotoForm(forms.Form):
    """A picture for the card."""

    photo = UploadField(
        PHOTO,
        label=_("Photo"),
        help_text=_(
            "JPEG or PNG, at most 10 MB. It is made small, and what the camera wrote beside it is left out."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "data-shrink": "600"}),
    )
