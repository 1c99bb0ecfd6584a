"""Pages of variants: the list, teachers' days, the search for places, publishing. The board itself is `desk`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from imports import api as imports
from kernel import clock, jobs
from kernel.access import requires
from kernel.errors import DomainError
from kernel.http import Request
from kernel.models import Job
from kernel.names import kazakh_order
from modules.schedule import permissions
from modules.schedule.timetabling import forms, queries, services, telling
from modules.schedule.timetabling.desk import refused, to_board
from modules.schedule.timetabling.models import Timetable
from modules.schedule.timetabling.queries import ahead
from modules.schedule.timetabling.services.publishing import refusals
from modules.schedule.wishes import forms as wish_forms
from modules.schedule.wishes import queries as wish_queries
from modules.schedule.wishes.rules import CARDS
from modules.staff import api as staff
from ui import render


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
            return render.toast(request, to_board(row.pk), _("The variant is made."))
    context = {
        "lines": queries.timetables(actor=request.actor, year=year),
        "form": form,
        "year": year,
        "may_load": "timetable" in imports.loadable(actor=request.actor),
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/timetables.html", context, help="schedule/timetables")


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def match_load(request: Request, timetable_id: UUID) -> HttpResponse:
    """Give the draft the lessons that the load has now."""
    back = to_board(timetable_id)
    try:
        new, gone = services.match_load(actor=request.actor, timetable_id=timetable_id)
    except DomainError as refusal:
        return refused(request, back, refusal)
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
    context = {
        "lines": queries.day_wishes(actor=actor, year=year),
        "weeks": wish_queries.teachers(actor=actor, year=year),
        "form": form,
        "whose": wish_forms.Whose(teachers=teachers, auto_id="whose_%s"),
    }
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
        "beforehand": [] if runs else telling.beforehand(queries.grid_for_search(actor=actor, row=row)),
        "said": job.result.get("said", []) if job and not runs else [],
        "broken": job.result.get("broken", []) if job and not runs else [],
        "solved": bool(job and job.result.get("solved")),
        "against": _against(job) if job and not runs else [],
        "seconds": job.params.get("seconds", 60) if job else 60,
        "keep": bool(job and job.params.get("keep")),
        "heeded": wish_queries.heeded(actor=actor),
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/timetable_search.html", context, help="schedule/timetable")


# Where what stands behind a rule is set.
_SET_AT = {
    "away": "schedule:timetable_days",
    "elsewhere": "schedule:timetable_days",
    "hours": "schedule:timetable_subjects",
    "double": "schedule:timetable_subjects",
    "room_kind": "schedule:timetable_rooms",
}


def _against(job: Job) -> list[dict[str, Any]]:
    """Rules that exclude each other: code, text, price, whether they may weigh less, and the pages that set them."""
    found = []
    for one in job.result.get("against", []):
        price = ngettext(
            "Price: one such demand is broken.",
            "Price: one of {n} such demands is broken, or more.",
            one["count"],
        ).format(n=one["count"])
        weeks = [(reverse("schedule:timetable_week", args=[key]), name) for key, name in one["teachers"]]
        found.append(
            {
                "code": one["code"],
                "text": one["text"],
                "price": price,
                "may_relax": one["code"] in CARDS and not CARDS[one["code"]].is_fixed,
                "weeks": weeks,
                "set_at": reverse(_SET_AT[one["code"]]) if one["code"] in _SET_AT and not weeks else "",
            }
        )
    return found


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
        return to_board(timetable_id)
    form = forms.Publishing(request.POST or None, initial={"since": _next_monday(), "seen": row.version})
    form.fields["since"].widget.attrs |= {
        "hx-get": request.path,
        "hx-target": "#effects",
        "hx-swap": "outerHTML",
        "hx-trigger": "change",
        "min": clock.today().isoformat(),
    }
    if request.method == "POST" and form.is_valid():
        try:
            done = services.publish_from(actor=actor, timetable_id=timetable_id, **form.cleaned_data)
        except services.TooEarly as refusal:
            form.add_error("since", str(refusal))
        except services.NotSound as refusal:
            form.add_error("overruled", str(refusal))
        except services.Outdated as refusal:
            form.add_error(None, str(refusal))
            row.refresh_from_db()
            form.look_again(row.version)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(
                request,
                to_board(timetable_id),
                _outcome(done),
                kind="warning" if done.crowded or done.texts_left else "success",
            )
    since = _day_asked(request, form)
    changes = queries.changes(actor=actor, row=row, since=since)
    grid = queries.grid(actor=actor, row=row)
    touched = [one.course_id for one in changes]
    context = {
        "row": row,
        "form": form,
        "changes": changes,
        "teachers": _named((one.teacher_id, one.teacher) for one in changes if one.teacher_id),
        "classes": list(dict.fromkeys(one.class_label for one in changes)),
        "against": refusals(grid),
        "since": since,
        "ahead": ahead(actor=actor, row=row, grid=grid, touched=touched, since=since),
    }
    if render.htmx_partial(request):
        return render.page(request, "schedule/_timetable_effects.html", context)
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/timetable_publish.html", context, help="schedule/timetable")


def _day_asked(request: Request, form: forms.Publishing) -> date:
    """The day that is looked at: the one in the form, else the one in the address, else Monday."""
    if form.is_bound:
        form.is_valid()
        return form.cleaned_data.get("since") or _next_monday()
    asked = forms.Publishing({"since": request.GET.get("since", "")})
    asked.is_valid()
    return max(asked.cleaned_data.get("since") or _next_monday(), clock.today())


def _named(people: Iterable[tuple[UUID, str]]) -> list[str]:
    """Names of the people, each once, in their order."""
    return sorted(dict(people).values(), key=kazakh_order)


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
    if done.texts_left:
        text += " " + ngettext(
            "{n} topic that was written ahead has no lesson any more.",
            "{n} topics that were written ahead have no lesson any more.",
            done.texts_left,
        ).format(n=done.texts_left)
    if done.crowded:
        text += " " + ngettext(
            "{n} has no place: the class or the teacher is busy.",
            "{n} have no place: the class or the teacher is busy.",
            done.crowded,
        ).format(n=done.crowded)
    return text
