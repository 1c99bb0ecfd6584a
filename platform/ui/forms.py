"""Django's forms in our markup, and a few widgets. FORM_RENDERER = "ui.forms.Renderer"."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates


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
