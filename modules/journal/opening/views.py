"""Pages of opening: a teacher asks, the deputy answers in one tap."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity import api as identity
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request, path_to
from modules.journal import permissions, queries
from modules.journal.opening import forms, services
from modules.journal.opening.models import Opening
from modules.journal.opening.queries import requests
from modules.journal.opening.registers import OPENINGS, said_days, state_badge
from modules.journal.views.pages import opened
from registers import api as registers
from ui import render


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.OPENINGS)
def ask(request: Request, course_id: UUID) -> HttpResponse:
    """Which cells of the closed period, and why."""
    course, period, __ = opened(request, course_id)
    grid = queries.grid(actor=request.actor, course=course, period=period)
    if not grid.standing.may_ask:
        raise NotFound
    back = f"{path_to('journal:grid', course.id)}?period={period.code}"
    form = forms.Ask(
        request.POST if request.method == "POST" else None,
        grid=grid,
        initial={"days": request.GET.getlist("day")},
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            services.ask(
                actor=request.actor,
                course_id=course.id,
                period_id=period.id,
                reason=given["reason"],
                days=given["days"],
                pupil_ids=given["pupils"],
                with_finals=given["finals"],
            )
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(
                request,
                HttpResponseRedirect(back),
                _("The request is sent. You will be told of the answer."),
            )
    context = {"course": course, "period": period, "form": form, "back": back}
    answer = render.refused if form.is_bound else render.page
    return answer(request, "journal/opening_ask.html", context, help="journal/openings")


@require_safe
@requires(permissions.OPENINGS)
def openings(request: Request) -> HttpResponse:
    """All requests: those of the school for who answers, one's own for a teacher."""
    return registers.show(request, OPENINGS, help="journal/openings")


@require_safe
@requires(permissions.OPENINGS)
@identity.proved(file=True)
def openings_excel(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, OPENINGS)


@require_safe
@requires(permissions.OPENINGS)
def opening(request: Request, opening_id: UUID) -> HttpResponse:
    """One request with its answer."""
    return _page(request, opening_id)


def _page(request: Request, opening_id: UUID, **more: Any) -> HttpResponse:
    line = requests.opening(actor=request.actor, opening_id=opening_id)
    row = line.row
    is_mine = row.asked_by == request.actor.user_id
    usual = requests.usual_hours()
    context = {
        "line": line,
        "row": row,
        "state": state_badge(line),
        "days": said_days(line),
        "answers": requests.may_answer(actor=request.actor, row=row),
        "closes": line.is_open and (is_mine or request.actor.may(permissions.OPEN_CELLS)),
        "withdraws": is_mine and row.state == Opening.State.WAITING,
        "hours": forms.hours_offered(usual),
        "usual": usual,
        **more,
    }
    answer = render.refused if more else render.page
    return answer(request, "journal/opening.html", context, help="journal/openings")


@require_POST
@requires(permissions.OPEN_CELLS)
def answer(request: Request, opening_id: UUID) -> HttpResponse:
    """Yes for some hours, or no with its reason. From a card it leads back to where the card was."""
    asked = request.POST
    back = HttpResponseRedirect(
        path_to("school:home") if asked.get("from") == "home" else path_to("journal:openings")
    )
    actor = request.actor
    try:
        if asked.get("answer") == "yes":
            hours = asked.get("hours", "")
            row = services.allow(
                actor=actor,
                opening_id=opening_id,
                hours=int(hours) if hours.isdecimal() and len(hours) < 5 else requests.usual_hours(),
            )
            text = _("Opened for {name}; it closes again by itself.").format(name=row.asked_name)
        else:
            row = services.refuse(actor=actor, opening_id=opening_id, reason=asked.get("reason", ""))
            text = _("{name} is told that the cells stay closed.").format(name=row.asked_name)
    except services.AnsweredAlready as late:
        return render.toast(request, back, str(late), kind="info")
    except (services.ReasonMissing, services.HoursOutOfBounds) as refusal:
        return _page(request, opening_id, refusal=str(refusal))
    return render.toast(request, back, text)


@require_POST
@requires(permissions.OPENINGS)
def close(request: Request, opening_id: UUID) -> HttpResponse:
    """Close before the time, or withdraw one's request."""
    row = services.close(actor=request.actor, opening_id=opening_id)
    back = HttpResponseRedirect(f"{path_to('journal:grid', row.course_id)}?period={row.period.code}")
    if row.state == Opening.State.WITHDRAWN:
        return render.toast(request, back, pgettext("to open cells", "The request is withdrawn."))
    return render.toast(request, back, _("The cells are closed again."))
