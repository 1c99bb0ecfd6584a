"""Django's forms in our markup, and a few widgets. FORM_RENDERER = "ui.forms.Renderer"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates

# Choices with labels of at most so many letters stand in columns of such a breadth.
BREADTHS = ((3, "short"), (11, "medium"))


class Field(BoundField):
    """A field that knows its looks: classes by the kind of widget, and the mark of a fault."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        look = _look(shown)
        if look and self.errors:
            look += " is-invalid"
        own = shown.attrs.get("class", "")
        if look:
            built["class"] = f"{look} {own}".strip()
        return built

    @property
    def is_check(self) -> bool:
        """A single check box stands before its label."""
        return isinstance(self.field.widget, widgets.CheckboxInput)

    @property
    def is_switch(self) -> bool:
        return isinstance(self.field.widget, Switch)

    @property
    def breadth(self) -> str:
        """How broad the columns of choices are: grades and days stand many in a line."""
        longest = max((len(str(label)) for _value, label in getattr(self.field, "choices", ())), default=0)
        return next((breadth for letters, breadth in BREADTHS if longest <= letters), "")


def _look(widget: forms.Widget) -> str:
    match widget:
        case widgets.CheckboxInput() | widgets.CheckboxSelectMultiple() | widgets.RadioSelect():
            return "form-check-input"
        case widgets.Select():
            return "form-select"
        case widgets.HiddenInput() | widgets.MultiWidget():
            return ""
        case _:
            return "form-control"


class Renderer(DjangoTemplates):
    """Every form of the product."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Field


@dataclass(frozen=True)
class Part:
    """A part of a long form: each line of `rows` names the fields that stand side by side.

    `folded` is for what is seldom filled: closed until it is asked for, holds something of its own, or has a fault.
    """

    title: Any
    rows: tuple[str, ...]
    note: Any = ""
    folded: bool = False


@dataclass(frozen=True)
class ShownPart:
    """A part with its fields, as the template draws it."""

    title: Any
    note: Any
    rows: list[list[BoundField]]
    folded: bool
    is_open: bool


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a field of the form its choices, which are known only when the form is shown."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no choice")
    field.choices = list(choices)


class InParts(forms.BaseForm):
    """A long form in parts. A field that no part names stands in a last one, so that none is ever lost."""

    parts: tuple[Part, ...] = ()

    def shown_parts(self) -> Iterator[ShownPart]:
        placed: set[str] = set()
        for part in self.parts:
            rows = [[self[name] for name in row.split() if name in self.fields] for row in part.rows]
            rows = [row for row in rows if row]
            held = [field for row in rows for field in row]
            placed.update(field.name for field in held)
            if held:
                is_open = any(field.errors or _is_filled(field) for field in held)
                yield ShownPart(part.title, part.note, rows, part.folded, is_open)
        if rest := [[field] for field in self.visible_fields() if field.name not in placed]:
            yield ShownPart("", "", rest, folded=False, is_open=True)

    def shown_fields(self) -> list[BoundField]:
        """The visible fields in the order in which the page shows them."""
        return [field for part in self.shown_parts() for row in part.rows for field in row]


def _is_filled(field: BoundField) -> bool:
    """Something stands in the field that the form itself did not put there."""
    value = field.value()
    return value not in (None, "", []) and str(value) != str(field.field.initial)


class DateInput(forms.DateInput):
    """The browser's own calendar; it sends ISO dates and shows the reader's."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Switch(widgets.CheckboxInput):
    """On or off at a glance."""


class IinInput(forms.TextInput):
    """Twelve digits; the telephone keypad on phones."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "maxlength": 12, "autocomplete": "off", **(attrs or {})})
