"""The list of rooms, declared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kernel import audit
from kernel.access import Actor
from kernel.http import path_to
from modules.schedule import permissions
from modules.schedule.rooms import queries
from modules.schedule.rooms.models import Room
from registers.api import Column, Filter, Register, Total, place
from ui.drawn import badge
from ui.markup import markup


def _name(row: Room) -> Any:
    return markup('<a href="{}">{}</a>', path_to("schedule:timetable_rooms_one", row.pk), row.name)


def _state(row: Room) -> str:
    return _("in use") if row.is_open else _("out of use")


def _shown_state(row: Room) -> Any:
    return badge(_state(row), "success" if row.is_open else "neutral")


def _counted(count: int) -> str:
    return ngettext("%(n)s room", "%(n)s rooms", count) % {"n": count}


def _exported(*, actor: Actor, count: int, columns: Sequence[str]) -> None:
    audit.record(
        actor=actor,
        action="schedule.rooms.exported",
        object_type="room",
        details={"count": count, "columns": list(columns)},
    )


ROOMS = Register(
    code="schedule.rooms",
    title=gettext_lazy("Rooms"),
    icon="building",
    url="schedule:timetable_rooms",
    export_url="schedule:timetable_rooms_excel",
    permission=permissions.ARRANGE_TIMETABLE,
    export_permission=permissions.ARRANGE_TIMETABLE,
    exported=_exported,
    rows=queries.rows,
    counted=_counted,
    search=queries.named,
    search_label=lambda actor: _("Number, name or building"),
    sort="name",
    empty_text=gettext_lazy("Take over the rooms that the timetable names, and say what each is for."),
    columns=(
        Column(
            code="name",
            label=gettext_lazy("Number or name of the room"),
            value=lambda row: row.name,
            show=_name,
            sort=(Length("name"), "name"),
            main=True,
        ),
        Column(
            code="kind",
            label=pgettext_lazy("room", "Kind"),
            value=lambda row: row.get_kind_display(),
            sort=(place([code for code, _label in Room.Kind.choices], "kind"),),
            quiet=True,
        ),
        Column(
            code="capacity",
            label=gettext_lazy("Seats"),
            value=lambda row: row.capacity,
            kind="number",
            sort=("capacity",),
        ),
        Column(
            code="at_once",
            label=gettext_lazy("Classes at once"),
            value=lambda row: row.classes_at_once,
            kind="number",
            sort=("classes_at_once",),
        ),
        Column(
            code="building",
            label=gettext_lazy("Building"),
            value=lambda row: row.building,
            sort=("building",),
        ),
        Column(
            code="state",
            label=gettext_lazy("State"),
            value=_state,
            show=_shown_state,
            sort=("is_open",),
            quiet=True,
        ),
    ),
    filters=(
        Filter(
            code="kind",
            label=pgettext_lazy("room", "Kind"),
            choices=lambda actor: Room.Kind.choices,
            narrow=lambda rows, value, actor: rows.filter(kind=value),
        ),
        Filter(
            code="state",
            label=gettext_lazy("State"),
            choices=lambda actor: [("open", _("in use")), ("closed", _("out of use"))],
            narrow=lambda rows, value, actor: rows.filter(is_open=value == "open"),
            default="open",
        ),
    ),
    totals=(
        Total(code="rooms", label=gettext_lazy("rooms"), value=Count("pk")),
        Total(code="seats", label=gettext_lazy("seats"), value=Sum("capacity")),
    ),
)
