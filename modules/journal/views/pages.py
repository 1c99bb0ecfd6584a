"""Pages of the journal for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity import api as identity
from kernel import audit, clock
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request, also_sounds, path_to
from modules.journal import exports, forms, permissions, queries, rules, services
from modules.journal.kinds.data import Kind
from modules.journal.kinds.rules import Journal, journal_of_course
from modules.journal.offline import queries as offline
from modules.journal.queries import Column, Grid
from modules.journal.services import looks
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo
from ui import keeping, render
from ui.components import Action


@require_safe
@requires(permissions.VIEW)
def index(request: Request) -> HttpResponse:
    """One's own journals in a list, those of one's class below; who sees all classes chooses one of them."""
    actor, year = request.actor, render.school_year(request)
    courses = queries.my_courses(actor=actor, year=year)
    period = schedule.current_period(year=year)
    lacking: dict[UUID, int] = {}
    if courses and period is not None:
        lacking = queries.unfilled_by_course(
            course_ids=[c.id for c in courses], start=period.start, until=min(clock.today(), period.end)
        )
    only_unfilled = request.GET.get("unfilled") == "1"
    shown = [(c, lacking.get(c.id, 0)) for c in courses if not only_unfilled or lacking.get(c.id)]
    is_mine = {c.id for c in courses if c.teacher_id is not None and c.teacher_id == actor.person_id}
    others: dict[UUID, list[tuple[CourseInfo, int]]] = defaultdict(list)
    for course, missing in shown:
        if course.id not in is_mine:
            others[course.school_class_id].append((course, missing))
    is_wide = actor.reaches_school(permissions.VIEW)
    own = [course for course in courses if course.id in is_mine]
    asked = request.GET.get("class", "")
    rooms = [(key, members[0][0].class_label, sum(n for _c, n in members)) for key, members in others.items()]
    context = {
        "day": _teaching_day(request) if year == clock.school_year_of(clock.today()) else None,
        "mine": [(course, missing) for course, missing in shown if course.id in is_mine],
        "rooms": rooms if is_wide else [],
        "others": [(key, label, others[key]) for key, label, _n in rooms if not is_wide or str(key) == asked],
        "asked": asked,
        "has_any": bool(courses),
        "only_unfilled": only_unfilled,
        "unfilled": sum(1 for n in lacking.values() if n),
        "period": period,
        "year": year,
        "keeping": _kept_ahead(request, own, year) if own else None,
    }
    answer = render.page(request, "journal/index.html", context, help="journal/index")
    return keeping.kept(request, answer, days=offline.days()) if own else answer


def _kept_ahead(request: Request, own: list[CourseInfo], year: str) -> dict[str, Any]:
    """A teacher's own device keeps her journals before she needs them."""
    home = reverse("journal:index")
    pages = offline.pages(courses=own, periods=schedule.periods(year=year), today=clock.today())
    return keeping.orders(request, days=offline.days(), pages=[home, *pages], home=home)


def _teaching_day(request: Request) -> queries.TeachingDay | None:
    """The teacher's lessons of today, or of the next day with any."""
    return None if request.GET.get("unfilled") else queries.teaching_day(actor=request.actor)


def _period(request: Request, course: CourseInfo) -> tuple[PeriodInfo, list[PeriodInfo]]:
    """The period asked for, or the current one, with its neighbours of the same kind."""
    known = schedule.periods(year=course.year, kind=course.period_kind)
    if not known:
        raise NoPeriods
    asked = request.GET.get("period", "") or request.POST.get("period", "")
    found = next((p for p in known if asked in (str(p.id), p.code)), None)
    if found is None:
        today = clock.today()
        begun = [p for p in known if p.start <= today]
        found = begun[-1] if begun else known[0]
    return found, known


class NoPeriods(DomainError):
    message = gettext_lazy("The quarters of this year are not set yet.")
    code = "no_periods"


def opened(request: Request, course_id: UUID) -> tuple[CourseInfo, PeriodInfo, list[PeriodInfo]]:
    """The journal that the address names, with its period and the periods beside it."""
    course = queries.open_course(actor=request.actor, course_id=course_id)
    period, known = _period(request, course)
    return course, period, known


def _props(request: Request, found: Grid) -> dict[str, Any]:
    course = found.course
    return {
        "course": str(course.id),
        "owner": str(request.actor.user_id),
        "saveUrl": path_to("journal:save"),
        "historyUrl": path_to("journal:history", course.id),
        "neededUrl": path_to("journal:needed", course.id),
        "signInUrl": path_to("identity:sign_in"),
        "language": get_language() or "kk",
        "today": clock.today().isoformat(),
        "comments": found.comments,
        "voices": found.voices,
        "voiceUrl": path_to("journal:keep_voice", course.id),
    }


def _kinds(grid: Grid) -> list[str]:
    """Summative works that the actor may put into this journal."""
    if not grid.decides or grid.period.is_closed or grid.rule.mode is not rules.Mode.POINTS:
        return []
    return [kind for kind, share in (("sor", grid.rule.sor), ("soch", grid.rule.soch)) if share]


def _work_form(grid: Grid, data: Any = None) -> forms.Work | None:
    kinds = _kinds(grid)
    if not kinds:
        return None
    return forms.Work(data, columns=grid.columns, kinds=kinds, bounds=rules.sor_bounds(grid.course.grade))


@require_safe
@requires(permissions.VIEW)
def grid(request: Request, course_id: UUID) -> HttpResponse:
    """The journal: pupils by rows, dates by columns."""
    course, period, known = opened(request, course_id)
    found = queries.grid(actor=request.actor, course=course, period=period)
    looks.saw(actor=request.actor, pupils=looks.pupils_of([found]), purpose="journal.page")
    today = clock.today()
    lessons = [c for c in found.columns if c.kind == "fo" and c.day <= today]
    works = [c for c in found.columns if c.kind != "fo"]
    adds_works = bool(_kinds(found))
    journal = journal_of_course(course)
    context = {
        "journal": journal,
        "grid": found,
        "course": course,
        "period": period,
        "periods": tuple(known),
        "props": _props(request, found),
        "adds_works": adds_works,
        "actions": _actions(request, course, period, journal, found, adds_works=adds_works),
        "works": works,
        "drops": [_question(course, period, one) for one in works] if adds_works else [],
        "lessons": lessons[::-1],
        "fills": any(c.is_mine and found.takes_topic(c.day) for c in lessons),
        "lacking": sum(1 for c in lessons if not c.topic and not c.is_cancelled),
        "came_with": queries.came_with(actor=request.actor, course=course, rows=found.rows),
        "keeping": kept_here(request) if found.may_write else None,
    }
    answer = render.page(request, "journal/grid.html", context, help="journal/grid")
    also_sounds(answer, records=found.may_write)
    return keeping.kept(request, answer, days=offline.days()) if found.may_write else answer


def kept_here(request: Request) -> dict[str, Any]:
    """The device keeps the page that is open."""
    return keeping.orders(request, days=offline.days(), pages=[request.get_full_path()])


def _actions(
    request: Request,
    course: CourseInfo,
    period: PeriodInfo,
    journal: Journal,
    grid: Grid,
    *,
    adds_works: bool,
) -> list[Action]:
    """What leads from the grid: what the kind of journal has, and what it may be needed for."""
    of = f"?period={period.code}"
    found = []
    if journal.has_marks:
        found.append(Action(_("Period marks"), path_to("journal:finals", course.id) + of, "certificate"))
    if journal.has_words or any(row.programme == "unmarked" for row in grid.rows):
        found.append(Action(_("Progress in words"), path_to("journal:words", course.id) + of, "message"))
    if journal.kind is Kind.HOME:
        found.append(Action(_("Journal at home"), path_to("journal:home", course.id) + of, "home"))
    if adds_works:
        found.append(Action(_("Add SOR or SOCH"), path_to("journal:add_work", course.id) + of, "plus"))
    if request.actor.may(permissions.REMARKS):
        found.append(Action(_("Remarks"), path_to("journal:remarks_of", course.id), "message", is_small=True))
    if request.actor.may(permissions.HISTORY):
        found.append(Action(_("History"), path_to("journal:changes_of", course.id), "history", is_small=True))
    if journal.may_have_programmes:
        own = path_to("journal:programmes", course.id)
        found.append(Action(_("Own programmes"), own, "user-star", is_small=True))
    return [
        *found,
        Action(_("Signing"), path_to("journal:sheet", course.id) + of, "signature", is_small=True),
        Action(_("Print"), path_to("journal:print", course.id) + of, "printer", is_small=True),
        Action(_("Excel"), path_to("journal:export", course.id) + of, "download", is_small=True),
        Action(_("Whole year"), path_to("journal:course_files", course.id), "archive", is_small=True),
    ]


def _question(course: CourseInfo, period: PeriodInfo, work: Column) -> tuple[str, str, str]:
    """Whether to take the work off: the window's id, its title, where the answer goes."""
    title = _("Take {work} of {day} off?").format(work=work.label, day=f"{work.day:%d.%m}")
    action = path_to("journal:remove_work", course.id, str(work.work_id))
    return f"drop-{work.work_id}", title, f"{action}?period={period.code}"


def _to_grid(course_id: UUID, period: PeriodInfo) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('journal:grid', args=[course_id])}?period={period.code}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.PLAN_WORKS)
def add_work(request: Request, course_id: UUID) -> HttpResponse:
    """Put a СОР or a СОЧ at a lesson; broken rules of the order are told, and may be overridden once they were read."""
    course, period, _known = opened(request, course_id)
    found = queries.grid(actor=request.actor, course=course, period=period)
    form = _work_form(found, request.POST or None)
    if form is None:
        raise NotFound
    warnings: list[str] = []
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        lesson_id = UUID(values["lesson"])
        if not request.POST.get("anyway"):
            warnings = services.warnings_for(
                actor=request.actor, course_id=course_id, lesson_id=lesson_id, kind=values["kind"]
            )
        if not warnings:
            try:
                services.add_work(
                    actor=request.actor,
                    course_id=course_id,
                    lesson_id=lesson_id,
                    kind=values["kind"],
                    maximum=values["maximum"],
                    title=values["title"],
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                return render.toast(request, _to_grid(course_id, period), _("The work is added."))
    context = {"course": course, "period": period, "form": form, "warnings": warnings}
    answer = render.refused if form.is_bound else render.page
    return answer(request, "journal/work.html", context, help="journal/grid")


@require_POST
@requires(permissions.PLAN_WORKS)
def remove_work(request: Request, course_id: UUID, work_id: UUID) -> HttpResponse:
    """Take a work without marks off its lesson."""
    _course, period, _known = opened(request, course_id)
    answer = _to_grid(course_id, period)
    try:
        services.remove_work(actor=request.actor, course_id=course_id, work_id=work_id)
    except services.WorkHasMarks as refusal:
        return render.toast(request, answer, str(refusal), kind="danger")
    return render.toast(request, answer, _("The work is removed."))


# --- period marks


def _choices(rule: rules.Rule) -> list[tuple[str, str]]:
    return [(value, services.mark_text(value)) for value in services.LEGAL[rule.mode]]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW)
def finals(request: Request, course_id: UUID) -> HttpResponse:
    """Marks of the period beside the recommended ones; a difference wants its reason."""
    course, period, known = opened(request, course_id)
    found = queries.grid(actor=request.actor, course=course, period=period)
    looks.saw(actor=request.actor, pupils=looks.pupils_of([found]), purpose="journal.page")
    refusals: dict[UUID, DomainError] = {}
    if request.method == "POST":
        decisions = _decisions(request, found)
        refusals = services.set_finals(
            actor=request.actor, course_id=course_id, period_id=period.id, decisions=decisions
        )
        if not refusals:
            answer = HttpResponseRedirect(f"{request.path}?period={period.code}")
            return render.toast(request, answer, _("Saved."))
    today = clock.today()
    # From then on a work that is missing is one that the pupil has not written.
    is_over = period.end <= today or any(
        c.kind == "soch" and c.day <= today and not c.is_cancelled for c in found.columns
    )
    rows = [
        {
            "pupil": row.pupil_id,
            "name": row.name,
            "said": services.summary_texts(row.said),
            "recommended": row.said.mark if row.said else None,
            "waits": is_over and not row.final and row.said is not None and "not_assessed" in row.said.flags,
            "seen": row.final or "",
            "final": request.POST.get(f"final-{row.pupil_id}", row.final or ""),
            "shown": services.mark_text(row.final),
            "reason": request.POST.get(f"reason-{row.pupil_id}", row.reason),
            "away": queries.why_not_asked(row, period.end),
            "is_closed": queries.takes_no_final(row, period.end),
            "decides": found.decides
            and (not period.is_closed or found.standing.covers_final(UUID(row.pupil_id))),
            "error": str(refusals[UUID(row.pupil_id)]) if UUID(row.pupil_id) in refusals else "",
        }
        for row in found.rows
    ]
    context = {
        "course": course,
        "period": period,
        "periods": tuple(known),
        "rows": rows,
        "choices": _choices(found.rule),
        "decides": found.decides,
        "standing": found.standing,
        "rule": found.rule,
        "errors": len(refusals),
        "tally": _tally(found),
    }
    return render.page(
        request, "journal/finals.html", context, help="journal/finals", status=422 if refusals else 200
    )


def _tally(found: Grid) -> dict[str, Any]:
    """What a teacher reports of the period: how many marks of each kind, quality and achievement."""
    given = Counter(row.final for row in found.rows if row.final)
    marks = [(value, given[value]) for value in ("5", "4", "3", "2")]
    total = sum(n for _value, n in marks)
    tally: dict[str, Any] = {
        "given": sum(given.values()),
        "of": sum(1 for row in found.rows if row.final or row.is_attested(found.period.end)),
    }
    if total:
        good, passed = given["5"] + given["4"], total - given["2"]
        tally |= {
            "marks": marks,
            "quality": rules.half_up(100 * good / total),
            "achievement": rules.half_up(100 * passed / total),
        }
    return tally


def _decisions(request: Request, found: Grid) -> list[services.Decision]:
    """What was changed on the page, against what it showed."""
    decisions = []
    for row in found.rows:
        seen = request.POST.get(f"seen-{row.pupil_id}", "")
        final = request.POST.get(f"final-{row.pupil_id}", "")
        reason = request.POST.get(f"reason-{row.pupil_id}", "").strip()
        if final == seen and reason == row.reason:
            continue
        decisions.append(
            services.Decision(
                pupil_id=UUID(row.pupil_id),
                final=final or None,
                reason=reason,
                expected=seen or None,
                check_expected=True,
            )
        )
    return decisions


@require_POST
@requires(permissions.SET_MARKS)
def accept_recommended(request: Request, course_id: UUID) -> HttpResponse:
    """Give the recommended mark to everybody who has none yet and lacks nothing."""
    _course, period, _known = opened(request, course_id)
    given = services.accept_recommended(actor=request.actor, course_id=course_id, period_id=period.id)
    answer = HttpResponseRedirect(f"{reverse('journal:finals', args=[course_id])}?period={period.code}")
    text = ngettext("{count} mark is given.", "{count} marks are given.", given).format(count=given)
    return render.toast(request, answer, text)


# --- paper and spreadsheet


@require_safe
@requires(permissions.VIEW)
def printed(request: Request, course_id: UUID) -> HttpResponse:
    """The period's journal for paper."""
    course, period, _known = opened(request, course_id)
    found = queries.grid(actor=request.actor, course=course, period=period)
    looks.saw(actor=request.actor, pupils=looks.pupils_of([found]), purpose="journal.taken")
    return render.page(
        request, "journal/print.html", {"grid": found, "course": course, "period": period, "told": found.told}
    )


@require_safe
@requires(permissions.VIEW)
@identity.proved(file=True)
def export(request: Request, course_id: UUID) -> HttpResponse:
    """The period's journal as a spreadsheet."""
    course, period, _known = opened(request, course_id)
    found = queries.grid(actor=request.actor, course=course, period=period)
    looks.saw(actor=request.actor, pupils=looks.pupils_of([found]), purpose="journal.taken")
    audit.record(
        actor=request.actor,
        action="journal.exported",
        object_type="class",
        object_id=course.school_class_id,
        details={"subject": course.subject_code, "period": period.code, "count": len(found.rows)},
    )
    response = HttpResponse(exports.spreadsheet(found), content_type=exports.XLSX)
    name = f"{course.class_label}-{course.subject_code}-{period.code}.xlsx"
    response.headers["Content-Disposition"] = exports.attachment(name)
    return response
