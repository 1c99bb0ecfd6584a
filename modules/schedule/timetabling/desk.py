"""The board's pages: a week, a lesson chosen, moved, pinned, undone. Each answers with the page or, to the script, with
its living part alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.schedule import permissions
from modules.schedule.timetabling import forms, queries, services
from modules.schedule.timetabling.board import board as drawn
from modules.schedule.timetabling.grid import Grid, Piece
from modules.schedule.timetabling.models import Timetable
from modules.schedule.timetabling.problems import HARM_LABELS, Problem, problems
from ui import render

SHOWN_PROBLEMS = 40
NEVER = -1  # a version that no variant has


def to_board(timetable_id: UUID, **query: str) -> HttpResponseRedirect:
    asked = {key: value for key, value in query.items() if value}
    page = reverse("schedule:timetable", args=[timetable_id])
    return HttpResponseRedirect(f"{page}?{urlencode(asked)}" if asked else page)


def refused(request: Request, back: HttpResponse, refusal: DomainError) -> HttpResponse:
    if isinstance(refusal, NotFound):
        raise refusal
    return render.toast(request, back, str(refusal), kind="danger")


def _card_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _seen(request: Request) -> int:
    """The version that the person looked at; who does not say it has seen none."""
    text = request.POST.get("seen", request.GET.get("seen", ""))
    return int(text) if text.isdigit() else NEVER


@require_safe
@requires(permissions.ARRANGE_TIMETABLE)
def timetable(request: Request, timetable_id: UUID) -> HttpResponse:
    """The board: a week of a class, teacher or room, with what waits beside and what is wrong."""
    row = queries.get_timetable(actor=request.actor, timetable_id=timetable_id)
    grid = queries.grid(actor=request.actor, row=row)
    card_id = _card_of(request.GET.get("card", ""))
    return _board(request, row, grid, of=request.GET.get("of", ""), card_id=card_id)


def _board(
    request: Request, row: Timetable, grid: Grid, *, of: str, card_id: UUID | None = None, status: int = 200
) -> HttpResponse:
    is_draft = row.state == Timetable.State.DRAFT
    found = problems(grid)
    shown = drawn(grid, of=of, card_id=card_id if is_draft else None, found=found)
    context: dict[str, Any] = {
        "row": row,
        "board": shown,
        "is_draft": is_draft,
        "harms": _by_harm(found),
        "problem_count": len(found),
        "unplaced": sum(one.place is None for one in grid.pieces.values()),
        "steps": queries.steps_to_undo(row=row) if is_draft else 0,
    }
    if shown.chosen is not None:
        context["pin_form"] = forms.Pin(initial={"reason": shown.chosen.pin})
        context["room_form"] = forms.Room(initial={"room": shown.chosen.room})
        context["move_form"] = forms.MoveTo(places=shown.places)
    if render.htmx_partial(request):
        return render.page(
            request, "schedule/_timetable_desk.html", context | {"is_part": True}, status=status
        )
    context["words"] = {"strings": _strings()}
    return render.page(request, "schedule/timetable.html", context, help="schedule/timetable", status=status)


def _by_harm(found: list[Problem]) -> list[tuple[int, str, list[Problem], int]]:
    """Of each harm: its name, the problems that are shown, and how many there are."""
    answer = []
    for harm, label in HARM_LABELS.items():
        some = [one for one in found if one.harm == harm]
        if some:
            answer.append((harm, str(label), some[:SHOWN_PROBLEMS], len(some)))
    return answer


def _strings() -> dict[str, str]:
    """What the script says aloud."""
    return {
        "picked": _("{lesson} is picked up. Arrows choose a place, Enter puts it there, Escape lets it go."),
        "held": _("{lesson} is picked up."),
        "dropped": _("{lesson} is let go, nothing has changed."),
        "waiting": pgettext("place of a lesson", "beside the board"),
        "wait": _("A moment: the board still answers."),
        "unknown": _("What the places mean could not be asked: there is no connection."),
    }


def _answer(
    request: Request, timetable_id: UUID, text: str, *, card_id: UUID | None = None, undo: bool = False
) -> HttpResponse:
    """After a change: the living part with the message, or the page anew."""
    row = queries.get_timetable(actor=request.actor, timetable_id=timetable_id)
    return _told(request, row, None, text, card_id=card_id, undo=undo)


def _told(
    request: Request,
    row: Timetable,
    grid: Grid | None,
    text: str,
    *,
    card_id: UUID | None = None,
    undo: bool = False,
) -> HttpResponse:
    of = request.POST.get("of", "")
    if render.htmx_partial(request):
        grid = grid or queries.grid(actor=request.actor, row=row)
        answer = _board(request, row, grid, of=of, card_id=card_id)
    else:
        answer = to_board(row.pk, of=of, card=str(card_id or ""))
    undo_url = None
    if undo:
        page = reverse("schedule:timetable_undo", args=[row.pk])
        undo_url = f"{page}?{urlencode({'seen': row.version, 'of': of})}"
    return render.toast(request, answer, text, undo_url=undo_url)


def _not_done(
    request: Request, timetable_id: UUID, refusal: DomainError, card_id: UUID | None = None
) -> HttpResponse:
    """Why it was refused, and the board as it is now."""
    if isinstance(refusal, NotFound):
        raise refusal
    of = request.POST.get("of", request.GET.get("of", ""))
    if not render.htmx_partial(request):
        return refused(request, to_board(timetable_id, of=of, card=str(card_id or "")), refusal)
    row = queries.get_timetable(actor=request.actor, timetable_id=timetable_id)
    grid = queries.grid(actor=request.actor, row=row)
    answer = _board(request, row, grid, of=of, card_id=card_id, status=422)
    is_late = isinstance(refusal, services.Outdated)
    return render.toast(request, answer, str(refusal), kind="warning" if is_late else "danger")


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def move(request: Request, timetable_id: UUID) -> HttpResponse:
    """Put a card into a place, or beside the board."""
    card_id = _card_of(request.POST.get("card", ""))
    if card_id is None:
        raise NotFound
    place = forms.place_of(request.POST.get("place", ""))
    try:
        done = services.move(
            actor=request.actor, timetable_id=timetable_id, card_id=card_id, place=place, seen=_seen(request)
        )
    except DomainError as refusal:
        return _not_done(request, timetable_id, refusal, card_id)
    text = _outcome(done.grid.pieces[card_id], done.left)
    return _told(request, done.row, done.grid, text, undo=True)


def _outcome(piece: Piece, left: tuple[Piece, ...]) -> str:
    if not left:
        return _("The lesson is moved.") if piece.place else _("The lesson waits beside the board.")
    waiting = ", ".join(one.title for one in left if not one.place)
    moved = ", ".join(one.title for one in left if one.place)
    parts = [_("The lesson is moved.")]
    if moved:
        parts.append(_("Others moved too: {lessons}.").format(lessons=moved))
    if waiting:
        parts.append(_("These wait beside the board now: {lessons}.").format(lessons=waiting))
    return " ".join(parts)


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def pin(request: Request, timetable_id: UUID, card_id: UUID) -> HttpResponse:
    """Keep a card where it is, or let it go."""
    reason = "" if "unpin" in request.POST else request.POST.get("reason", "")
    try:
        if not reason.strip() and "unpin" not in request.POST:
            raise services.ReasonMissing
        services.pin(
            actor=request.actor,
            timetable_id=timetable_id,
            card_id=card_id,
            reason=reason,
            seen=_seen(request),
        )
    except DomainError as refusal:
        return _not_done(request, timetable_id, refusal, card_id)
    text = _("The lesson is pinned.") if reason else _("The lesson may move again.")
    return _answer(request, timetable_id, text, card_id=card_id)


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def room(request: Request, timetable_id: UUID, card_id: UUID) -> HttpResponse:
    """Say in which room a lesson is held."""
    try:
        services.set_room(
            actor=request.actor,
            timetable_id=timetable_id,
            card_id=card_id,
            room=request.POST.get("room", ""),
            seen=_seen(request),
        )
    except DomainError as refusal:
        return _not_done(request, timetable_id, refusal, card_id)
    return _answer(request, timetable_id, _("Saved."), card_id=card_id)


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def undo(request: Request, timetable_id: UUID) -> HttpResponse:
    """Take the last step back."""
    try:
        services.undo(actor=request.actor, timetable_id=timetable_id, seen=_seen(request))
    except DomainError as refusal:
        return _not_done(request, timetable_id, refusal)
    return _answer(request, timetable_id, _("The last step is taken back."))
