"""Pages of rooms: the list, a new one, a change, closing and opening."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel.access import requires
from kernel.http import Request
from modules.schedule import permissions
from modules.schedule.rooms import forms, queries, services
from modules.schedule.rooms.registers import ROOMS
from registers import api as registers
from ui import render


@require_GET
@requires(permissions.ARRANGE_TIMETABLE)
def index(request: Request) -> HttpResponse:
    """The rooms of the school; those that only the timetable knows wait to be taken over."""
    found = queries.undescribed(actor=request.actor, year=render.school_year(request))
    context = {"found": len(found), "names": ", ".join(one.name for one in found[:12])}
    return registers.show(request, ROOMS, "schedule/rooms.html", context, help="schedule/rooms")


@require_GET
@requires(permissions.ARRANGE_TIMETABLE)
def excel(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, ROOMS)


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def take(request: Request) -> HttpResponse:
    """Describe the rooms that the timetable names."""
    made = services.take_found(actor=request.actor, year=render.school_year(request))
    text = ngettext("{n} room is taken over.", "{n} rooms are taken over.", made).format(n=made)
    return render.toast(request, redirect("schedule:timetable_rooms"), text)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.ARRANGE_TIMETABLE)
def add(request: Request) -> HttpResponse:
    """A new room."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.ARRANGE_TIMETABLE)
def room(request: Request, room_id: UUID) -> HttpResponse:
    """A room: what it is for, how many it takes."""
    return _form(request, room_id)


def _form(request: Request, room_id: UUID | None) -> HttpResponse:
    row = queries.get(actor=request.actor, room_id=room_id) if room_id else None
    form = forms.RoomForm(request.POST or None, initial=forms.RoomForm.values_of(row) if row else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.describe(actor=request.actor, room_id=room_id, **form.cleaned_data)
        except services.RoomNamedTwice as refusal:
            form.add_error("name", str(refusal))
        else:
            return render.toast(request, redirect("schedule:timetable_rooms"), _("Saved."))
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/room.html", {"row": row, "form": form}, help="schedule/rooms")


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def close(request: Request, room_id: UUID) -> HttpResponse:
    """Take the room out of use."""
    services.set_open(actor=request.actor, room_id=room_id, is_open=False)
    return render.toast(
        request,
        redirect("schedule:timetable_rooms"),
        _("The room is out of use."),
        undo_url=reverse("schedule:timetable_rooms_open", args=[room_id]),
    )


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def reopen(request: Request, room_id: UUID) -> HttpResponse:
    """Take the room into use again."""
    services.set_open(actor=request.actor, room_id=room_id, is_open=True)
    return render.toast(request, redirect("schedule:timetable_rooms"), _("The room is in use again."))
