"""The form of a room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from modules.schedule.rooms.models import Room


class RoomForm(forms.Form):
    """A room."""

    name = forms.CharField(
        label=_("Number or name of the room"), max_length=20, help_text=_("As lessons name it.")
    )
    kind = forms.ChoiceField(label=pgettext_lazy("room", "Kind"), choices=Room.Kind.choices)
    capacity = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=2000,
        required=False,
        help_text=_("Without it every class fits."),
    )
    classes_at_once = forms.IntegerField(
        label=_("Classes at once"),
        min_value=1,
        max_value=10,
        initial=1,
        help_text=_("A large gymnasium takes two."),
    )
    building = forms.CharField(label=_("Building"), max_length=60, required=False)

    @staticmethod
    def values_of(row: Room) -> dict[str, Any]:
        return {
            name: getattr(row, name) for name in ("name", "kind", "capacity", "classes_at_once", "building")
        }
