"""Pages of variants: the list, the board, the search for places, publishing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imports import api as imports
from kernel import clock, jobs
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from kernel.models import Job
from modules.schedule import permissions
from modules.schedule.timetabling import forms, queries, school_problem, services
from modules.schedule.timetabling.board import board as drawn
from modules.schedule.timetabling.models import Timetable
from modules.schedule.timetabling.problems import problems
from modules.schedule.timetabling.services.publishing import refusals
from modules.staff import api as staff
from ui import render

SHOWN_PROBLEMS = 60


def _card_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _to_board(timetable_id: UUID, **query: str) -> HttpResponseRedirect:
    asked = {key: value for key, value in query.items() if value}
    page = reverse("schedule:timetable", args=[timetable_id])
    return HttpResponseRedirect(f"{page}?{urlencode(asked)}" if asked else page)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.ARRANGE_TIMETABLE)
def timetables(request: Request) -> HttpResponse:
    """Variants of the year, and the making of a new one."""
    year = render.school_year(request)
    form = forms.Variant(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = services.make(
                actor=request.actor,
                year=year,
                name=given["name"],
                days=given["days"],
                from_present=given["start"] == "present",
            )
        except services.NameTaken as refusal:
            form.add_error("name", str(refusal))
        else:
            return render.toast(request, _to_board(row.pk), _("The variant is made."))
    context = {
        "lines": queries.timetables(actor=request.actor, year=year),
        "form": form,
        "year": year,
        "may_load": "timetable" in imports.loadable(actor=request.actor),
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/timetables.html", context, help="schedule/timetables")


@require_safe
@requires(permissions.ARRANGE_TIMETABLE)
def timetable(request: Request, timetable_id: UUID) -> HttpResponse:
    """The board: a week of a class, teacher or room, with what waits beside and what is wrong."""
    actor = request.actor
    row = queries.get_timetable(actor=actor, timetable_id=timetable_id)
    grid = queries.grid(actor=actor, row=row)
    is_draft = row.state == Timetable.State.DRAFT
    card_id = _card_of(request.GET.get("card", "")) if is_draft else None
    shown = drawn(grid, of=request.GET.get("of", ""), card_id=card_id)
    found = problems(grid)
    context: dict[str, Any] = {
        "row": row,
        "board": shown,
        "is_draft": is_draft,
        "problems": found[:SHOWN_PROBLEMS],
        "problem_count": len(found),
        "unplaced": sum(one.place is None for one in grid.pieces.values()),
        "steps": queries.steps_to_undo(row=row) if is_draft else 0,
        "back": urlencode({"of": shown.of}),
    }
    if shown.chosen is not None:
        context["pin_form"] = forms.Pin(initial={"reason": shown.chosen.pin})
        context["room_form"] = forms.Room(initial={"room": shown.chosen.room})
        context["move_form"] = forms.MoveTo(places=shown.places)
    return render.page(request, "schedule/timetable.html", context, help="schedule/timetable")


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def move(request: Request, timetable_id: UUID) -> HttpResponse:
    """Put a card into a place, or beside the board."""
    card_id, of = _card_of(request.POST.get("card", "")), request.POST.get("of", "")
    if card_id is None:
        raise NotFound
    place = forms.place_of(request.POST.get("place", ""))
    back = _to_board(timetable_id, of=of, card=str(card_id))
    undo = reverse("schedule:timetable_undo", args=[timetable_id])
    try:
        left = services.move(actor=request.actor, timetable_id=timetable_id, card_id=card_id, place=place)
    except DomainError as refusal:
        return _refused(request, back, refusal)
    if not left:
        text = _("The lesson is moved.") if place else _("The lesson waits beside the board.")
    else:
        moved = ", ".join(one.title for one in left)
        text = (
            _("The lesson changed places with {lessons}.")
            if all(one.place for one in left)
            else _("The lesson is moved; these wait beside the board now: {lessons}.")
        ).format(lessons=moved)
    return render.toast(request, back, text, undo_url=undo)


def _refused(request: Request, back: HttpResponse, refusal: DomainError) -> HttpResponse:
    if isinstance(refusal, NotFound):
        raise refusal
    return render.toast(request, back, str(refusal), kind="danger")


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def pin(request: Request, timetable_id: UUID, card_id: UUID) -> HttpResponse:
    """Keep a card where it is, or let it go."""
    back = _to_board(timetable_id, of=request.POST.get("of", ""), card=str(card_id))
    reason = "" if "unpin" in request.POST else request.POST.get("reason", "")
    try:
        if not reason.strip() and "unpin" not in request.POST:
            raise services.ReasonMissing
        services.pin(actor=request.actor, timetable_id=timetable_id, card_id=card_id, reason=reason)
    except DomainError as refusal:
        return _refused(request, back, refusal)
    return render.toast(
        request, back, _("The lesson is pinned.") if reason else _("The lesson may move again.")
    )


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def room(request: Request, timetable_id: UUID, card_id: UUID) -> HttpResponse:
    """Say in which room a lesson is held."""
    back = _to_board(timetable_id, of=request.POST.get("of", ""), card=str(card_id))
    try:
        services.set_room(
            actor=request.actor, timetable_id=timetable_id, card_id=card_id, room=request.POST.get("room", "")
        )
    except DomainError as refusal:
        return _refused(request, back, refusal)
    return render.toast(request, back, _("Saved."))


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def undo(request: Request, timetable_id: UUID) -> HttpResponse:
    """Take the last step back."""
    back = _to_board(timetable_id, of=request.POST.get("of", ""))
    try:
        services.undo(actor=request.actor, timetable_id=timetable_id)
    except DomainError as refusal:
        return _refused(request, back, refusal)
    return render.toast(request, back, _("The last step is taken back."))


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def match_load(request: Request, timetable_id: UUID) -> HttpResponse:
    """Give the draft the lessons that the load has now."""
    back = _to_board(timetable_id)
    try:
        new, gone = services.match_load(actor=request.actor, timetable_id=timetable_id)
    except DomainError as refusal:
        return _refused(request, back, refusal)
    text = _("The lessons are those of the load: {new} came, {gone} went.").format(new=new, gone=gone)
    return render.toast(request, back, text)


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def drop(request: Request, timetable_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    services.drop(actor=request.actor, timetable_id=timetable_id)
    return render.toast(
        request, HttpResponseRedirect(reverse("schedule:timetables")), _("The variant is thrown away.")
    )


# --- days of teachers


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.ARRANGE_TIMETABLE)
def days(request: Request) -> HttpResponse:
    """Days on which teachers are not there, and a new one."""
    actor, year = request.actor, render.school_year(request)
    teachers = [(str(one.id), one.full_name) for one in staff.employees(actor=actor)]
    form = forms.DayOfTeacher(request.POST or None, teachers=teachers)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        services.wish_day(
            actor=actor,
            year=year,
            teacher_id=UUID(given["teacher"]),
            weekday=given["weekday"],
            is_demand=given["kind"] == "demand",
            why=given["why"],
        )
        return render.toast(request, HttpResponseRedirect(request.path), _("Saved."))
    context = {"lines": queries.day_wishes(actor=actor, year=year), "form": form}
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/timetable_days.html", context, help="schedule/timetables")


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def forget_day(request: Request, wish_id: UUID) -> HttpResponse:
    """The teacher may teach on that day again."""
    services.forget_day(actor=request.actor, wish_id=wish_id)
    back = HttpResponseRedirect(reverse("schedule:timetable_days"))
    return render.toast(request, back, _("The teacher may teach on that day again."))


# --- the search for places


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.ARRANGE_TIMETABLE)
def search(request: Request, timetable_id: UUID) -> HttpResponse:
    """What can be told beforehand, the last search, and the beginning of a new one."""
    actor = request.actor
    row = queries.get_timetable(actor=actor, timetable_id=timetable_id)
    form = forms.Search(request.POST or None)
    page = reverse("schedule:timetable_search", args=[timetable_id])
    if request.method == "POST" and form.is_valid():
        try:
            services.begin_search(
                actor=actor,
                timetable_id=timetable_id,
                url=page,
                relaxed=request.POST.getlist("relaxed"),
                **form.cleaned_data,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(page)
    job = _job(request, row)
    if render.htmx_partial(request) and job is not None:
        return render.progress(request, job, url=page, done_url=page)
    runs = job is not None and job.state in (Job.State.WAITING, Job.State.RUNNING)
    context = {
        "row": row,
        "form": form,
        "job": job,
        "runs": runs,
        "page": page,
        "is_draft": row.state == Timetable.State.DRAFT,
        "beforehand": [] if runs else school_problem.beforehand(queries.grid(actor=actor, row=row)),
        "said": job.result.get("said", []) if job and not runs else [],
        "solved": bool(job and job.result.get("solved")),
        "against": [
            (name, text, name in school_problem.RELAXABLE)
            for name, text in (job.result.get("against", []) if job and not runs else [])
        ],
        "relaxed": job.result.get("relaxed", []) if job else [],
        "seconds": job.params.get("seconds", 60) if job else 60,
        "keep": bool(job and job.params.get("keep")),
        "rules": list(school_problem.RULES.values()),
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/timetable_search.html", context, help="schedule/timetable")


def _job(request: Request, row: Timetable) -> Job | None:
    """The last search, for the person who began it."""
    if row.job_id is None:
        return None
    try:
        return jobs.get(actor=request.actor, job_id=row.job_id)
    except Job.DoesNotExist:
        return None


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def stop(request: Request, timetable_id: UUID) -> HttpResponse:
    """Stop the search; the best found so far is kept."""
    row = queries.get_timetable(actor=request.actor, timetable_id=timetable_id)
    if row.job_id is not None:
        jobs.cancel(actor=request.actor, job_id=row.job_id)
    back = HttpResponseRedirect(reverse("schedule:timetable_search", args=[timetable_id]))
    return render.toast(request, back, _("The search stops; the best found so far is kept."))


# --- publishing


def _next_monday() -> date:
    today = clock.today()
    return today + timedelta(days=7 - today.weekday())


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.ARRANGE_TIMETABLE)
def publish(request: Request, timetable_id: UUID) -> HttpResponse:
    """What would change and for whom, what speaks against it, and the day."""
    actor = request.actor
    row = queries.get_timetable(actor=actor, timetable_id=timetable_id)
    if row.state != Timetable.State.DRAFT:
        return _to_board(timetable_id)
    form = forms.Publishing(request.POST or None, initial={"since": _next_monday()})
    if request.method == "POST" and form.is_valid():
        try:
            done = services.publish_from(actor=actor, timetable_id=timetable_id, **form.cleaned_data)
        except services.TooEarly as refusal:
            form.add_error("since", str(refusal))
        except services.NotSound as refusal:
            form.add_error("overruled", str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(
                request,
                _to_board(timetable_id),
                _outcome(done),
                kind="warning" if done.crowded else "success",
            )
    since = form.cleaned_data.get("since") if form.is_bound and form.is_valid() else None
    changes = queries.changes(actor=actor, row=row, since=since or _next_monday())
    context = {
        "row": row,
        "form": form,
        "changes": changes,
        "teachers": len({one.teacher_id for one in changes if one.teacher_id}),
        "classes": len({one.class_id for one in changes}),
        "against": refusals(queries.grid(actor=actor, row=row)),
        "since": since or _next_monday(),
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/timetable_publish.html", context, help="schedule/timetable")


def _outcome(done: services.Outcome) -> str:
    text = ngettext(
        "Published: {n} lesson is laid anew.", "Published: {n} lessons are laid anew.", done.laid
    ).format(n=done.laid)
    if done.stayed:
        text += " " + ngettext(
            "{n} lesson that is in use stays where it was.",
            "{n} lessons that are in use stay where they were.",
            done.stayed,
        ).format(n=done.stayed)
    if done.crowded:
        text += " " + ngettext(
            "{n} has no place: the class or the teacher is busy.",
            "{n} have no place: the class or the teacher is busy.",
            done.crowded,
        ).format(n=done.crowded)
    return text
