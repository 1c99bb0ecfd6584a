"""Lines of a card, posts from before orders, and the staffing table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel import clock
from modules.staff import terms
from modules.staff.forms.cards import RateField
from modules.staff.models import Position, WorkPeriod
from ui.forms import DateInput, offer

EARLIEST = 1940


class RecordForm(forms.Form):
    """A line of a card. `title` names the section; dates stand in order."""

    title: Any = ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        return given


class PastDate(forms.DateField):
    """A day that has come and is not absurdly long ago."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=DateInput, **options)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not EARLIEST <= day.year <= clock.today().year + 1:
            raise ValidationError(_("This cannot be the date."))
        if day is not None and day > clock.today():
            raise ValidationError(_("This day has not come yet."))
        return day


class EducationForm(RecordForm):
    title = _("Education")

    level = forms.ChoiceField(label=_("Level"))
    institution = forms.CharField(label=_("Where studied"), max_length=250, required=False)
    speciality = forms.CharField(label=_("Speciality by the diploma"), max_length=200, required=False)
    diploma = forms.CharField(label=_("Diploma No."), max_length=60, required=False)
    year = forms.IntegerField(label=_("Year of finishing"), min_value=EARLIEST, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "level", terms.education())

    def clean_year(self) -> Any:
        year = self.cleaned_data["year"]
        if year and year > clock.today().year:
            raise ValidationError(_("This year has not come yet."))
        return year


class CategoryForm(RecordForm):
    title = _("Qualification category")

    category = forms.ChoiceField(label=_("Category"))
    date = PastDate(label=_("Awarded on"), required=False)
    order_number = forms.CharField(label=_("Order No."), max_length=40, required=False)
    due_date = forms.DateField(
        label=_("Next attestation moved to"),
        widget=DateInput,
        required=False,
        help_text=_(
            "Only when the term was moved, for example because of a leave to care for a child. "
            "Otherwise it is reckoned from the day the category was given."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "category", terms.categories())


class CourseForm(RecordForm):
    title = _("Course")

    theme = forms.CharField(label=_("Course theme"), max_length=250)
    provider = forms.CharField(label=_("Held by"), max_length=200, required=False)
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=2000, required=False)
    since = PastDate(label=_("Begun on"), required=False)
    until = PastDate(label=_("Ended on"))
    certificate = forms.CharField(label=_("Certificate No."), max_length=60, required=False)


class AwardForm(RecordForm):
    title = _("Award")

    code = forms.ChoiceField(label=_("Award"), required=False)
    name = forms.CharField(
        label=_("Another award"),
        max_length=200,
        required=False,
        help_text=_("When the list has none like it."),
    )
    date = PastDate(label=_("Awarded on"), required=False)
    order_number = forms.CharField(label=_("Order or certificate No."), max_length=60, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "code", [("", ""), *terms.choices("awards")])

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if bool(given.get("code")) == bool(given.get("name")):
            self.add_error("code", _("Choose an award from the list, or write another one: one of both."))
        return given


class WorkForm(RecordForm):
    title = _("Work before")

    kind = forms.ChoiceField(label=_("What it was"), choices=WorkPeriod.KINDS, widget=forms.RadioSelect)
    organisation = forms.CharField(label=_("Organisation"), max_length=250, required=False)
    post = forms.CharField(label=_("Post there"), max_length=120, required=False)
    post_code = forms.ChoiceField(
        label=_("The same post as here"),
        required=False,
        help_text=_("Then it counts into the service in this post."),
    )
    since = PastDate(label=_("From the day"))
    until = forms.DateField(
        label=_("To the day"),
        widget=DateInput,
        required=False,
        help_text=_("The last day counts. Empty: it still goes on, as at a second workplace."),
    )
    ground = forms.CharField(
        label=_("Paper: work book, contract, certificate"), max_length=120, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "post_code", [("", ""), *terms.posts()])


class LeaveForm(RecordForm):
    title = _("Leave or absence")

    kind = forms.ChoiceField(label=_("Kind"))
    since = forms.DateField(label=_("First day"), widget=DateInput)
    until = forms.DateField(
        label=_("Last day"), widget=DateInput, required=False, help_text=_("Empty while nobody knows it.")
    )
    paper = forms.CharField(label=_("Paper"), max_length=120, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "kind", terms.choices("leave_kinds"))


SECTION_FORMS: dict[str, type[RecordForm]] = {
    "education": EducationForm,
    "categories": CategoryForm,
    "courses": CourseForm,
    "awards": AwardForm,
    "work": WorkForm,
    "leaves": LeaveForm,
}


class PostForm(RecordForm):
    """A post held here before orders were kept here."""

    title = _("A post from before orders")

    post_code = forms.ChoiceField(label=_("Post"))
    rate = RateField()
    form = forms.ChoiceField(label=_("Form of employment"), choices=Position.Form.choices)
    since = PastDate(label=_("From the day"))
    until = forms.DateField(label=_("To the day"), widget=DateInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "post_code", terms.posts())


class StaffingForm(forms.Form):
    """So many rates of a post, from a day on."""

    post_code = forms.ChoiceField(label=_("Post"))
    rates = forms.DecimalField(
        label=_("Approved rates"),
        min_value=Decimal(0),
        max_value=Decimal(999),
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.25"}),
        help_text=_("0 takes the post out of the table."),
    )
    since = forms.DateField(label=_("From the day"), widget=DateInput)
    ground = forms.CharField(label=_("Ground"), max_length=120, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "post_code", terms.posts())
