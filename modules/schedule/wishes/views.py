"""Pages of wishes: the rules as cards, demands of subjects, weeks of teachers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.schedule import permissions
from modules.schedule.timetabling import services as timetabling
from modules.schedule.timetabling.forms import Search
from modules.schedule.timetabling.queries import bells
from modules.schedule.wishes import forms, queries, services
from modules.schedule.wishes.rules import CARDS, DOUBLES_LABELS, LEVEL_LABELS, Doubles, Level, SubjectDemand
from modules.staff import api as staff
from ui import render


def level_of(text: str) -> Level:
    """The level as an address or a form names it. Raises NotFound."""
    try:
        return Level(text)
    except ValueError:
        raise NotFound from None


@require_safe
@requires(permissions.ARRANGE_TIMETABLE)
def cards(request: Request) -> HttpResponse:
    """The rules of the timetable, each as a card with its weight."""
    context = {"sections": queries.cards(actor=request.actor)}
    return render.page(request, "schedule/wishes.html", context, help="schedule/wishes")


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def weigh(request: Request, code: str) -> HttpResponse:
    """Make a rule weigh otherwise; the message takes it back."""
    level = level_of(request.POST.get("level", "") or request.GET.get("level", ""))
    before = services.weigh(actor=request.actor, code=code, level=level)
    undo = f"{reverse('schedule:timetable_rule', args=[code])}?level={before}"
    back = redirect(f"{reverse('schedule:timetable_rules')}#{code}")
    return render.toast(request, back, weighed(code, level), undo_url=undo if before is not level else None)


def weighed(code: str, level: Level) -> str:
    return _("“{rule}”: {level} now").format(rule=CARDS[code].words, level=LEVEL_LABELS[level])


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def relax(request: Request, timetable_id: UUID) -> HttpResponse:
    """Make a rule that stands in the way weigh less, and look for places again; the message takes the weight back."""
    code, level = request.POST.get("code", ""), level_of(request.POST.get("level", ""))
    page = reverse("schedule:timetable_search", args=[timetable_id])
    form = Search(request.POST)
    if not form.is_valid():
        return redirect(page)
    before = timetabling.relax(
        actor=request.actor,
        timetable_id=timetable_id,
        code=code,
        level=level,
        url=page,
        **form.cleaned_data,
    )
    undo = f"{reverse('schedule:timetable_rule', args=[code])}?level={before}"
    return render.toast(request, redirect(page), weighed(code, level), undo_url=undo)


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def give_rooms(request: Request, timetable_id: UUID) -> HttpResponse:
    """Share the school's rooms out among the lessons of a variant."""
    changed, without = timetabling.give_rooms(actor=request.actor, timetable_id=timetable_id)
    text = ngettext("{n} lesson has another room.", "{n} lessons have another room.", changed).format(
        n=changed
    )
    if without:
        text += " " + ngettext("{n} lesson has no room.", "{n} lessons have no room.", without).format(
            n=without
        )
    undo = reverse("schedule:timetable_undo", args=[timetable_id])
    page = redirect("schedule:timetable_search", timetable_id=timetable_id)
    return render.toast(
        request,
        page,
        text,
        kind="warning" if without else "success",
        undo_url=undo if changed else None,
    )


@require_safe
@requires(permissions.ARRANGE_TIMETABLE)
def subjects(request: Request) -> HttpResponse:
    """What each subject of the load asks."""
    context = {"lines": queries.subjects(actor=request.actor, year=render.school_year(request))}
    return render.page(request, "schedule/subject_wishes.html", context, help="schedule/wishes")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.ARRANGE_TIMETABLE)
def subject(request: Request, code: str) -> HttpResponse:
    """A subject: how hard it is, which room it needs, at which hours it stands."""
    year = render.school_year(request)
    line, courses = queries.subject(actor=request.actor, year=year, code=code)
    form = forms.SubjectForm(request.POST or None, initial=forms.SubjectForm.values_of(line.demand))
    if request.method == "POST" and form.is_valid():
        services.ask_of_subject(
            actor=request.actor, subject_code=code, demand=SubjectDemand(**form.cleaned_data)
        )
        return render.toast(request, redirect("schedule:timetable_subjects"), _("Saved."))
    context = {"line": line, "form": form, "courses": courses, "choices": list(DOUBLES_LABELS.items())}
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/subject_wish.html", context, help="schedule/wishes")


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def doubles(request: Request, code: str) -> HttpResponse:
    """Say which courses of the subject have double lessons."""
    year = render.school_year(request)
    _line, courses = queries.subject(actor=request.actor, year=year, code=code)
    asked = {one.id: request.POST.get(f"doubles-{one.id}", "") for one in courses}
    given = {key: Doubles(text) for key, text in asked.items() if text in set(Doubles)}
    services.set_doubles(actor=request.actor, year=year, subject_code=code, doubles=given)
    return render.toast(request, redirect("schedule:timetable_subject", code=code), _("Saved."))


# --- weeks of teachers


@require_safe
@requires(permissions.ARRANGE_TIMETABLE)
def whose(request: Request) -> HttpResponse:
    """Open the week of the chosen teacher."""
    key = request.GET.get("teacher", "")
    try:
        return redirect("schedule:timetable_week", teacher_id=UUID(key))
    except ValueError:
        return redirect("schedule:timetable_days")


def _week_page(
    request: Request,
    teacher_id: UUID,
    *,
    busy_form: forms.BusyForm | None = None,
    calendar_form: forms.CalendarForm | None = None,
) -> HttpResponse:
    year = render.school_year(request)
    teacher = staff.teacher(actor=request.actor, employee_id=teacher_id)
    week = queries.week(actor=request.actor, year=year, teacher_id=teacher_id, bells=bells())
    days = range(1, 7)
    context: dict[str, Any] = {
        "teacher": teacher,
        "week": week,
        "days": [(n, str(WEEKDAYS_ABBR[n - 1]), str(WEEKDAYS[n - 1])) for n in days],
        "grids": [
            ("cannot", _("Cannot teach"), week.cannot),
            ("rather_not", _("Would rather not teach"), week.rather_not),
        ],
        "busy": [(one, queries.in_words(one)) for one in week.busy],
        "off": [(one, str(WEEKDAYS[one.weekday - 1])) for one in week.days],
        "busy_form": busy_form or forms.BusyForm(),
        "calendar_form": calendar_form or forms.CalendarForm(),
    }
    answer = render.refused if busy_form or calendar_form else render.page
    return answer(request, "schedule/teacher_week.html", context, help="schedule/teacher-week")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.ARRANGE_TIMETABLE)
def teacher_week(request: Request, teacher_id: UUID) -> HttpResponse:
    """The lessons of the week at which a teacher cannot, or would rather not, teach."""
    if request.method != "POST":
        return _week_page(request, teacher_id)
    services.set_hours(
        actor=request.actor,
        year=render.school_year(request),
        teacher_id=teacher_id,
        cannot=forms.cells(request.POST.getlist("cannot")),
        rather_not=forms.cells(request.POST.getlist("rather_not")),
    )
    return _back(request, teacher_id, _("Saved."))


def _back(request: Request, teacher_id: UUID, text: str) -> HttpResponse:
    return render.toast(request, redirect("schedule:timetable_week", teacher_id=teacher_id), text)


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def busy_add(request: Request, teacher_id: UUID) -> HttpResponse:
    """Write down when the teacher is in another school."""
    form = forms.BusyForm(request.POST)
    if form.is_valid():
        try:
            services.add_busy(
                actor=request.actor,
                year=render.school_year(request),
                teacher_id=teacher_id,
                **form.cleaned_data,
            )
        except services.TimesBackwards as refusal:
            form.add_error("end", str(refusal))
        else:
            return _back(request, teacher_id, _("Saved."))
    return _week_page(request, teacher_id, busy_form=form)


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def busy_read(request: Request, teacher_id: UUID) -> HttpResponse:
    """Read the hours out of the other school's calendar."""
    form = forms.CalendarForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            count = services.take_calendar(
                actor=request.actor,
                year=render.school_year(request),
                teacher_id=teacher_id,
                content=form.cleaned_data["file"],
            )
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            text = ngettext("{n} busy time is read.", "{n} busy times are read.", count).format(n=count)
            return _back(request, teacher_id, text)
    return _week_page(request, teacher_id, calendar_form=form)


@require_POST
@requires(permissions.ARRANGE_TIMETABLE)
def busy_drop(request: Request, busy_id: UUID) -> HttpResponse:
    """The teacher is not busy then any more."""
    teacher_id = services.drop_busy(actor=request.actor, busy_id=busy_id)
    return _back(request, teacher_id, _("Taken back."))
