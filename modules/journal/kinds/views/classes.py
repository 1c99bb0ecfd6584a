"""The journal of a class as a whole, in the parts that order 130 names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from documents import excel
from identity import api as identity
from kernel import audit, clock
from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request, path_to
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo
from modules.journal import permissions
from modules.journal.data import mark_text
from modules.journal.kinds import queries
from modules.journal.kinds.queries import classbook
from modules.journal.kinds.queries.classbook import PupilRow, Subject, Summary
from modules.journal.kinds.rules import journal_of_course
from modules.journal.queries import unfilled_by_course
from modules.journal.services import looks
from modules.journal.views.pages import NoPeriods
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo
from ui import render
from ui.components import Tab


def _page(
    request: Request, school_class: ClassInfo, of: list[CourseInfo], part: str, **context: Any
) -> HttpResponse:
    found = {"school_class": school_class, "tabs": _tabs(request, school_class, of, part), **context}
    return render.page(request, f"journal/kinds/class_{part}.html", found, help="journal/classbook")


def _tabs(request: Request, school_class: ClassInfo, of: list[CourseInfo], part: str) -> list[Tab]:
    """Parts of the journal that there are in this class and that are open to the reader."""
    actor, key = request.actor, school_class.id
    shapes = [journal_of_course(one) for one in of]
    has_words = any(one.has_words for one in shapes)
    health = actor.may(contingent.permissions.HEALTH) or actor.may(contingent.permissions.HEALTH_ADVICE)
    parts = [
        ("subjects", _("Subjects"), "journal:class", True),
        ("summary", _("Summary of marks"), "journal:class_summary", any(one.has_marks for one in shapes)),
        (
            "words",
            _("Progress in words"),
            "journal:class_words",
            has_words or _has_unmarked(school_class, of),
        ),
        ("attendance", _("Attendance"), "journal:class_attendance", True),
        ("pupils", _("Data on pupils"), "journal:class_pupils", actor.may(contingent.permissions.CARD)),
        ("health", _("Health list"), "journal:class_health", health),
        (
            "development",
            _("Development"),
            "journal:development",
            queries.is_preschool(school_class) and queries.may_note(actor, school_class),
        ),
    ]
    return [Tab(label, path_to(name, key), code == part) for code, label, name, is_there in parts if is_there]


def _has_unmarked(school_class: ClassInfo, of: list[CourseInfo]) -> bool:
    known = schedule.periods(year=school_class.year)
    if not known or not of:
        return False
    start, end = min(one.start for one in known), max(one.end for one in known)
    return bool(queries.unmarked(course_ids=[one.id for one in of], start=start, end=end))


def _opened(request: Request, class_id: UUID) -> tuple[ClassInfo, list[CourseInfo]]:
    found = classbook.opened(actor=request.actor, class_id=class_id)
    return found, classbook.courses(actor=request.actor, school_class=found)


def _quarters(request: Request, school_class: ClassInfo) -> tuple[PeriodInfo, list[PeriodInfo]]:
    """The quarter that is asked for, or the one that runs, and all of the year."""
    known = schedule.periods(year=school_class.year, kind="quarter")
    if not known:
        raise NoPeriods
    asked = request.GET.get("period", "")
    begun = [one for one in known if one.start <= clock.today()]
    usual = begun[-1] if begun else known[0]
    return next((one for one in known if one.code == asked), usual), known


def _seen(request: Request, rows: list[PupilRow]) -> None:
    looks.saw(actor=request.actor, pupils=[row.pupil_id for row in rows], purpose="journal.class")


@require_safe
@requires(permissions.VIEW)
def subjects(request: Request, class_id: UUID) -> HttpResponse:
    """The contents: every journal of the class with its kind, its teacher, and what is not filled."""
    school_class, of = _opened(request, class_id)
    period = schedule.current_period(year=school_class.year)
    lacking: dict[UUID, int] = {}
    if period is not None and of:
        lacking = unfilled_by_course(
            course_ids=[one.id for one in of], start=period.start, until=min(clock.today(), period.end)
        )
    lines = [(one, journal_of_course(one), lacking.get(one.id, 0)) for one in of]
    return _page(request, school_class, of, "subjects", lines=lines)


@require_safe
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def summary(request: Request, class_id: UUID) -> HttpResponse:
    """Marks of all subjects: of a quarter, or of the whole year; `?as=excel` gives the sheet of the year."""
    school_class, of = _opened(request, class_id)
    quarter, known = _quarters(request, school_class)
    rows = classbook.pupils(
        actor=request.actor, school_class=school_class, start=known[0].start, end=known[-1].end
    )
    found = classbook.summary(school_class=school_class, of=of, rows=rows)
    _seen(request, rows)
    if request.GET.get("as") == "excel":
        return _workbook(request, school_class, found)
    is_year = request.GET.get("period") == "year"
    table = [
        (
            row,
            [
                _shown_year(found, row, one) if is_year else _shown(row, one, quarter.number)
                for one in found.subjects
            ],
        )
        for row in found.rows
    ]
    return _page(
        request,
        school_class,
        of,
        "summary",
        quarter=quarter,
        quarters=tuple(known),
        is_year=is_year,
        subjects=found.subjects,
        table=table,
    )


def _shown(row: PupilRow, subject: Subject, quarter: int) -> str:
    mark = classbook.mark_in(row, subject, quarter)
    return "·" if mark is None else mark_text(mark)


def _shown_year(found: Summary, row: PupilRow, subject: Subject) -> str:
    return mark_text(row.year[subject.code].result(found.options))


def _workbook(request: Request, school_class: ClassInfo, found: Summary) -> HttpResponse:
    """A line for each pupil and period, as the sheet of the journal has it."""
    audit.record(
        actor=request.actor,
        action="journal.summary.exported",
        object_type="class",
        object_id=school_class.id,
        details={"count": len(found.rows)},
    )
    columns = [
        excel.Column(_("No."), "number"),
        excel.Column(pgettext("column", "Pupil")),
        excel.Column(_("Period")),
        *(excel.Column(one.title) for one in found.subjects),
    ]
    lines: list[tuple[Any, ...]] = []
    for n, row in enumerate(found.rows, 1):
        for quarter in (1, 2, 3, 4):
            label = _("Quarter {number}").format(number=quarter)
            marks = [mark_text(classbook.mark_in(row, one, quarter) or "") for one in found.subjects]
            lines.append((n, row.name, label, *marks))
        years = [row.year[one.code] for one in found.subjects]
        if found.has_exams:
            annual = (mark_text(one.settled(found.options)) for one in years)
            lines.append((n, row.name, pgettext("mark", "Annual"), *annual))
            lines.append((n, row.name, pgettext("mark", "Exam"), *(mark_text(one.exam) for one in years)))
        lines.append((n, row.name, _("Year"), *(mark_text(one.result(found.options)) for one in years)))
    title = _("Summary of marks")
    name = f"{title} {school_class.label}"
    return excel.response(name, [excel.Sheet(school_class.label, columns, lines)])


@require_safe
@requires(permissions.VIEW)
def attendance(request: Request, class_id: UUID) -> HttpResponse:
    """Who missed how many days and lessons in a quarter, or since the year began."""
    school_class, of = _opened(request, class_id)
    quarter, known = _quarters(request, school_class)
    is_year = request.GET.get("period") == "year"
    start, end = (known[0].start, known[-1].end) if is_year else (quarter.start, quarter.end)
    rows = classbook.pupils(actor=request.actor, school_class=school_class, start=start, end=end)
    _seen(request, rows)
    figures = classbook.missed(class_id=school_class.id, start=start, end=end)
    none = classbook.Missed()
    return _page(
        request,
        school_class,
        of,
        "attendance",
        quarter=quarter,
        quarters=tuple(known),
        is_year=is_year,
        table=[(row, figures.get(row.pupil_id, none)) for row in rows],
    )


@require_safe
@requires(permissions.VIEW)
def words(request: Request, class_id: UUID) -> HttpResponse:
    """What was written of the pupils: how much by subject, and all of one pupil."""
    school_class, of = _opened(request, class_id)
    quarter, known = _quarters(request, school_class)
    told = classbook.told(actor=request.actor, school_class=school_class, of=of, quarter=quarter.number)
    names: dict[UUID, str] = {}
    for one in told:
        names |= {line.pupil_id: line.name for line in one.lines}
    looks.saw(actor=request.actor, pupils=names, purpose="journal.class")
    counts = [
        (key, name, sum(1 for one in told for line in one.lines if line.pupil_id == key and line.words.text))
        for key, name in names.items()
    ]
    asked = next((key for key in names if str(key) == request.GET.get("pupil", "")), None)
    texts = [(one.course, line.words) for one in told for line in one.lines if line.pupil_id == asked]
    return _page(
        request,
        school_class,
        of,
        "words",
        quarter=quarter,
        quarters=tuple(known),
        told=told,
        counts=counts,
        asked=asked,
        asked_name=names.get(asked, "") if asked else "",
        texts=texts,
    )


@require_safe
@requires(permissions.VIEW)
def pupils(request: Request, class_id: UUID) -> HttpResponse:
    """Data on the pupils, from their cards."""
    school_class, of = _opened(request, class_id)
    if not request.actor.may(contingent.permissions.CARD):
        raise NotFound
    lines = contingent.roll_of_class(actor=request.actor, class_id=school_class.id)
    looks.saw(actor=request.actor, pupils=[one.pupil.id for one in lines], purpose="journal.class_pupils")
    return _page(request, school_class, of, "pupils", lines=lines)


@require_safe
@requires(permissions.VIEW)
def health(request: Request, class_id: UUID) -> HttpResponse:
    """The health list, for whom health is open: groups and advice, never an illness."""
    school_class, of = _opened(request, class_id)
    lines = contingent.health_lines(actor=request.actor, class_id=school_class.id)
    if not lines:
        raise NotFound
    looks.saw(actor=request.actor, pupils=[one.pupil.id for one in lines], purpose="journal.class_health")
    return _page(request, school_class, of, "health", lines=lines)
