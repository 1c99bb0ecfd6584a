"""Pages of the year: its quarters and months, special days, bells."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity import api as identity
from imports import api as imports
from kernel import clock, jobs
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.contingent import api as contingent
from modules.schedule import permissions, queries, tasks
from modules.schedule.data import PeriodInfo
from modules.schedule.models import SpecialDays
from modules.schedule.year import forms, services, showing
from modules.schedule.year import queries as year_queries
from ui import render

MANY = 1500  # lessons: what changes more than these is the work of a job


@require_safe
@requires(permissions.SET_PERIODS)
def periods(request: Request) -> HttpResponse:
    """The year: quarters, months of days, special days."""
    year, today = render.school_year(request), clock.today()
    classes = contingent.classes(actor=request.actor, year=year)
    calendar = year_queries.calendar(year=year)
    who = next((one for one in classes if str(one.id) == request.GET.get("class")), None)
    context = {
        "periods": queries.periods(year=year),
        "year": year,
        "today": today,
        "strips": showing.strips(calendar.quarters, today),
        "months": showing.months(calendar, who=who, classes=classes, today=today),
        "heads": showing.weekday_heads(),
        "kinds": showing.kinds(),
        "lines": [showing.line_of(one, classes) for one in calendar.specials if not one.code],
        "given": [showing.line_of(one, classes) for one in calendar.specials if one.code],
        "removed": [showing.line_of(one, classes) for one in year_queries.removed_specials(year=year)],
        "classes": classes,
        "who": who,
        "may_load": "quarters" in imports.loadable(actor=request.actor),
    }
    return render.page(request, "schedule/periods.html", context, help="schedule/periods")


@require_POST
@requires(permissions.SET_PERIODS)
def open_year(request: Request) -> HttpResponse:
    """Take the ministry's calendar for the year."""
    back = HttpResponseRedirect(reverse("schedule:periods"))
    six_days = request.POST.get("days") == "6"
    try:
        services.open_year(actor=request.actor, year=render.school_year(request), six_days=six_days)
    except services.UnknownYear as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("The quarters are set."))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_PERIODS)
def period(request: Request, period_id: UUID) -> HttpResponse:
    """Dates of a period: typed, foreseen, set."""
    actor, found = request.actor, queries.get_period(period_id=period_id)
    initial = {"start": found.start, "end": found.end}
    form = forms.PeriodDates(request.POST or None, initial=initial)
    was = year_queries.dates_before(period_id=period_id)
    context: dict[str, Any] = {"period": found, "form": form, "was": was}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        days = {found.number: (given["start"], given["end"])}
        try:
            if found.kind == "quarter" and "confirmed" not in request.POST:
                laying = services.foresee_quarters(actor=actor, year=found.year, days=days)
                return _preview(request, form, laying, title=found.label, year=found.year)
            if found.kind == "half_year" and "confirmed" not in request.POST:
                half = services.foresee_half(
                    actor=actor, period_id=period_id, start=given["start"], end=given["end"]
                )
                return _preview_half(request, form, half, title=found.label)
            if found.kind == "quarter" and "many" in request.POST:
                params = {"act": "quarter", "period_id": str(period_id), "given": _plain(given)}
                return _start(request, params)
            services.set_period_dates(actor=actor, period_id=period_id, **given)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            undo = reverse("schedule:period_take_back", args=[period_id])
            back = HttpResponseRedirect(reverse("schedule:periods"))
            return render.toast(request, back, _("Saved."), undo_url=undo)
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/period.html", context, help="schedule/periods")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_PERIODS)
def period_take_back(request: Request, period_id: UUID) -> HttpResponse:
    """Have the period as it was before its last change: foreseen, done."""
    actor, found = request.actor, queries.get_period(period_id=period_id)
    back = redirect("schedule:periods")
    try:
        if request.method != "POST":
            return _preview_taking_dates_back(request, found)
        if "many" in request.POST:
            return _start(request, {"act": "take_dates_back", "period_id": str(period_id)})
        services.take_dates_back(actor=actor, period_id=period_id)
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    undo = reverse("schedule:period_take_back", args=[period_id])
    return render.toast(request, back, _("The dates are as they were."), undo_url=undo)


def _preview_taking_dates_back(request: Request, found: PeriodInfo) -> HttpResponse:
    actor, was = request.actor, year_queries.dates_before(period_id=found.id)
    if found.kind == "half_year" and was is not None:
        half = services.foresee_half(actor=actor, period_id=found.id, start=was[0], end=was[1])
        return _preview_half(request, None, half, title=found.label)
    laying = services.foresee_taking_dates_back(actor=actor, period_id=found.id)
    return _preview(request, None, laying, title=found.label, year=found.year, is_taking_back=True)


def _preview_half(
    request: Request, form: Form | None, half: services.HalfChange, *, title: str
) -> HttpResponse:
    context = {
        "half": half,
        "title": title,
        "kept": _as_sent(request, form) if form else [],
        "action": request.get_full_path(),
    }
    return render.page(request, "schedule/half_preview.html", context, help="schedule/periods")


@require_POST
@requires(permissions.SET_PERIODS)
@identity.proved
def close(request: Request, period_id: UUID) -> HttpResponse:
    services.close_period(actor=request.actor, period_id=period_id)
    back = HttpResponseRedirect(reverse("schedule:periods"))
    return render.toast(
        request, back, _("The period is closed."), undo_url=reverse("schedule:reopen", args=[period_id])
    )


@require_POST
@requires(permissions.SET_PERIODS)
@identity.proved
def reopen(request: Request, period_id: UUID) -> HttpResponse:
    services.reopen_period(actor=request.actor, period_id=period_id)
    return render.toast(
        request, HttpResponseRedirect(reverse("schedule:periods")), _("The period is open again.")
    )


# --- special days


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_PERIODS)
def special_add(request: Request) -> HttpResponse:
    """Declare special days: typed, foreseen, declared."""
    kind = request.GET.get("kind", "")
    if kind not in SpecialDays.Kind.values:
        raise NotFound
    return _special(request, kind, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_PERIODS)
def special(request: Request, special_id: UUID) -> HttpResponse:
    """Change special days: typed, foreseen, changed."""
    row = year_queries.get_special(special_id=special_id)
    if row.removed_at is not None:
        raise NotFound
    return _special(request, row.kind, row)


def _special(request: Request, kind: str, row: SpecialDays | None) -> HttpResponse:
    actor = request.actor
    year = row.year if row else render.school_year(request)
    known = year_queries.special_of(row) if row else None
    classes = contingent.classes(actor=actor, year=year)
    bells = year_queries.bell_sets()
    form = forms.SpecialForm(
        request.POST or None,
        kind=kind,
        known=classes,
        bells=bells,
        initial=forms.initial_of(known) if known else {"start": request.GET.get("day") or clock.today()},
    )
    name = year_queries.name_of(known) if known else str(SpecialDays.Kind(kind).label)
    if request.method == "POST" and form.is_valid():
        wish, special_id = form.wish(), row.pk if row else None
        try:
            if "confirmed" not in request.POST:
                laying = services.foresee_special(actor=actor, year=year, wish=wish, special_id=special_id)
                return _preview(request, form, laying, title=name, year=year)
            if "many" in request.POST:
                params = {
                    "act": "special",
                    "year": year,
                    "special_id": str(special_id or ""),
                    "wish": tasks.plain_wish(wish),
                }
                return _start(request, params)
            if special_id is None:
                made, _laying = services.declare(actor=actor, year=year, wish=wish)
            else:
                made, _laying = services.change(actor=actor, special_id=special_id, wish=wish)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            undo = reverse("schedule:special_take_back", args=[made.id]) if special_id is None else None
            back = redirect("schedule:periods")
            return render.toast(request, back, _("The calendar is changed."), undo_url=undo)
    context = {
        "form": form,
        "kind": kind,
        "name": name,
        "known": known,
        "has_bells": kind != "short" or bool(bells),
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/special.html", context, help="schedule/special")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_PERIODS)
def special_take_back(request: Request, special_id: UUID) -> HttpResponse:
    """Make the days ordinary again: foreseen, done."""
    actor, row = request.actor, year_queries.get_special(special_id=special_id)
    found = year_queries.special_of(row)
    if request.method != "POST":
        laying = services.foresee_taking_back(actor=actor, special_id=special_id)
        return _preview(
            request, None, laying, title=year_queries.name_of(found), year=row.year, is_taking_back=True
        )
    if "many" in request.POST:
        return _start(request, {"act": "take_back", "special_id": str(special_id)})
    back = redirect("schedule:periods")
    try:
        services.take_back(actor=actor, special_id=special_id)
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    undo = reverse("schedule:special_put_back", args=[special_id])
    return render.toast(request, back, _("The days are ordinary again."), undo_url=undo)


@require_POST
@requires(permissions.SET_PERIODS)
def special_put_back(request: Request, special_id: UUID) -> HttpResponse:
    """Put days in force again."""
    back = redirect("schedule:periods")
    try:
        services.put_back(actor=request.actor, special_id=special_id)
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("The days are in force again."))


def _preview(
    request: Request,
    form: Form | None,
    laying: services.Laying,
    *,
    title: str,
    year: str,
    is_taking_back: bool = False,
) -> HttpResponse:
    classes = contingent.classes(actor=request.actor, year=year)
    context = {
        "told": showing.told(laying, classes),
        "title": title,
        "kept": _as_sent(request, form) if form else [],
        "is_taking_back": is_taking_back,
        "is_many": laying.size > MANY,
        "action": request.get_full_path(),
    }
    return render.page(request, "schedule/change_preview.html", context, help="schedule/special")


def _as_sent(request: Request, form: Form) -> list[tuple[str, str]]:
    """What was typed, to be sent once more with the confirmation."""
    return [(name, value) for name in form.fields for value in request.POST.getlist(name)]


def _plain(given: dict[str, Any]) -> dict[str, str]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in given.items()
    }


def _start(request: Request, params: dict[str, Any]) -> HttpResponse:
    job = jobs.start(tasks.CHANGE_YEAR, actor=request.actor, url=reverse("schedule:periods"), **params)
    return redirect("schedule:year_job", job.pk)


@require_http_methods(["GET"])
@requires(permissions.SET_PERIODS)
def year_job(request: Request, job_id: UUID) -> HttpResponse:
    """How far the change is."""
    job = jobs.get(actor=request.actor, job_id=job_id)
    url, done = reverse("schedule:year_job", args=[job_id]), reverse("schedule:periods")
    if render.htmx_partial(request):
        return render.progress(request, job, url=url, done_url=done)
    context = {"job": job, "url": url, "done_url": done}
    return render.page(request, "schedule/year_job.html", context, help="schedule/special")


# --- bells


@require_safe
@requires(permissions.SET_PERIODS)
def bells(request: Request) -> HttpResponse:
    """The usual bells and the sets of other days."""
    context = {
        "usual": _by_shift(None),
        "sets": [(one, _when(one), _by_shift(one.id)) for one in year_queries.bell_sets()],
    }
    return render.page(request, "schedule/bells.html", context, help="schedule/bells")


def _by_shift(set_id: UUID | None) -> list[tuple[int, list[Any]]]:
    rows = year_queries.bell_times(set_id=set_id)
    return [(n, [row for row in rows if row.shift == n]) for n in sorted({row.shift for row in rows})]


def _when(one: Any) -> str:
    """When a set rings, in words."""
    if one.is_on_call:
        return _("on days declared shortened")
    parts = []
    if one.grades:
        parts.append(_("grades {grades}").format(grades=year_queries.spans(one.grades)))
    if one.weekdays:
        parts.append(", ".join(str(WEEKDAYS[n - 1]) for n in sorted(one.weekdays)))
    if one.since or one.until:
        parts.append(f"{one.since:%d.%m.%Y}" if one.since else "…")
        parts[-1] += f"–{one.until:%d.%m.%Y}" if one.until else "–…"
    return "; ".join(parts) or _("every day")


def _initial_times(set_id: UUID | None) -> dict[str, Any]:
    found: dict[str, dict[int, Any]] = {"first": {}, "second": {}}
    for row in year_queries.bell_times(set_id=set_id):
        found["first" if row.shift == 1 else "second"][row.number] = (row.start, row.end)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_PERIODS)
def bells_usual(request: Request) -> HttpResponse:
    """The bells of ordinary days."""
    form = forms.UsualBells(request.POST or None, initial=_initial_times(None))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_usual_bells(actor=request.actor, times=form.times())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, redirect("schedule:bells"), _("Saved."))
    answer = render.refused if form.is_bound else render.page
    return answer(
        request, "schedule/bell_set.html", {"form": form, "title": _("Usual bells")}, help="schedule/bells"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_PERIODS)
def bell_set_add(request: Request) -> HttpResponse:
    return _bell_set(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_PERIODS)
def bell_set(request: Request, set_id: UUID) -> HttpResponse:
    return _bell_set(request, set_id)


def _bell_set(request: Request, set_id: UUID | None) -> HttpResponse:
    """A set of bells: new ones begin with the usual times."""
    initial: dict[str, Any] = _initial_times(set_id)
    title = _("New bells")
    if set_id is not None:
        row = year_queries.get_bell_set(set_id=set_id)
        initial |= {
            "name": row.name,
            "is_on_call": row.is_on_call,
            "since": row.since,
            "until": row.until,
            "weekdays": row.weekdays,
            "grades": row.grades,
        }
        title = row.name
    form = forms.BellSetForm(request.POST or None, grades=range(0, 12), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        names = ("name", "is_on_call", "since", "until", "weekdays", "grades")
        try:
            services.save_set(
                actor=request.actor,
                times=form.times(),
                set_id=set_id,
                **{name: given[name] for name in names},
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, redirect("schedule:bells"), _("Saved."))
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/bell_set.html", {"form": form, "title": title}, help="schedule/bells")


@require_POST
@requires(permissions.SET_PERIODS)
def bell_set_drop(request: Request, set_id: UUID) -> HttpResponse:
    back = redirect("schedule:bells")
    try:
        services.drop_set(actor=request.actor, set_id=set_id)
    except services.SetInUse as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("The bells are removed."))
