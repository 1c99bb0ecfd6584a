"""What is typed for orders on staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from modules.staff import terms
from modules.staff.forms import RateField
from modules.staff.models import Dismissal, Position
from ui.forms import DateInput, InParts, Part, offer


class SinceHead(InParts, forms.Form):
    parts: tuple[Part, ...] = (Part(_("From which day"), ("since",)),)

    since = forms.DateField(label=_("From the day"), widget=DateInput)


class TransferLine(InParts, forms.Form):
    """To which post and rate; which post ends must be said only by who holds several."""

    parts: tuple[Part, ...] = (
        Part("", ("post rate",)),
        Part(_("Instead of another post than the main one"), ("from_post",), folded=True),
    )

    post = forms.ChoiceField(label=_("To the post"))
    rate = RateField()
    from_post = forms.ChoiceField(
        label=_("Instead of the post"), required=False, help_text=_("Empty: the main post held now.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "post", [("", ""), *terms.posts()])
        offer(self, "from_post", [("", ""), *terms.posts()])


class PartTimeLine(InParts, forms.Form):
    parts: tuple[Part, ...] = (Part("", ("post rate", "form agreed_until")),)

    post = forms.ChoiceField(label=_("Post"))
    rate = RateField()
    form = forms.ChoiceField(
        label=_("Form of employment"),
        choices=[(one.value, one.label) for one in (Position.Form.INTERNAL, Position.Form.EXTERNAL)],
        initial=Position.Form.INTERNAL,
    )
    agreed_until = forms.DateField(label=_("Contract until"), widget=DateInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "post", [("", ""), *terms.posts()])


class LeaveHead(InParts, forms.Form):
    parts: tuple[Part, ...] = (Part(_("The leave"), ("kind",)),)

    kind = forms.ChoiceField(label=_("Kind of leave"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "kind", terms.leaves_by_order())


class TermLine(InParts, forms.Form):
    """A first and a last day, both included."""

    parts: tuple[Part, ...] = (Part("", ("since until",)),)

    since = forms.DateField(label=_("First day"), widget=DateInput)
    until = forms.DateField(label=_("Last day"), widget=DateInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", _("The last day is before the first."))
        return given


class DismissLine(InParts, forms.Form):
    parts: tuple[Part, ...] = (Part("", ("last_day closing", "ground")),)

    last_day = forms.DateField(label=_("Last working day"), widget=DateInput)
    ground = forms.ChoiceField(label=_("Ground"))
    closing = forms.ChoiceField(
        label=_("The login closes"),
        choices=Dismissal.Closing.choices,
        initial=Dismissal.Closing.AT_ONCE,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "ground", terms.dismissal_grounds())


class ActingHead(TermLine):
    parts: tuple[Part, ...] = (Part(_("For which term, and why"), ("since until", "reason")),)

    reason = forms.CharField(
        label=_("Because of"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("leave of the director, business trip …")}),
    )
