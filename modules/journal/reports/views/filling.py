"""How journals are filled, for the deputy: every figure opens its list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from identity import api as identity
from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request
from kernel.names import kazakh_order
from modules.journal import permissions
from modules.journal.data import KIND_LABELS, mark_text
from modules.journal.reports.data import Head, Line, Table
from modules.journal.reports.queries import filling as queries
from modules.journal.reports.queries.ground import CourseOf, Span, span_of
from modules.journal.reports.views import lists, shown
from ui import render
from ui.figures import NONE, figure

TITLES: dict[str, Any] = {
    "journals": gettext_lazy("Journals with their figures"),
    "silent": gettext_lazy("Teachers who give no marks"),
    "topics": gettext_lazy("Lessons without a topic"),
    "unmarked": gettext_lazy("Lessons without a mark or an absence"),
    "late": gettext_lazy("Late marks"),
    "finals": gettext_lazy("Pupils without a mark of the period"),
    "differs": gettext_lazy("Marks that differ from the recommended"),
    "deleted": gettext_lazy("Deleted marks"),
}
# Columns of the page: the code of the list behind, the figure, the head, whether it is left out on a phone.
COLUMNS: tuple[tuple[str, str, Any, bool], ...] = (
    ("journals", "current", pgettext_lazy("column", "FO marks"), False),
    ("journals", "mean", gettext_lazy("For one pupil"), True),
    ("topics", "no_topic", gettext_lazy("No topic"), False),
    ("unmarked", "unmarked", gettext_lazy("No marks"), True),
    ("late", "late", pgettext_lazy("column", "Late"), False),
    ("finals", "no_final", gettext_lazy("Marks of the period"), True),
    ("differs", "differs", pgettext_lazy("column", "Unlike"), True),
    ("deleted", "deleted", pgettext_lazy("column", "Deleted"), True),
)


# What the list of journals has in Excel only.
_IN_FILE = {"differs", "deleted"}


@require_safe
@requires(permissions.CONTROL)
def filling(request: Request) -> HttpResponse:
    """Teachers and how their journals are filled in the period."""
    span, known = _span(request)
    found = queries.control(actor=request.actor, span=span)
    sort = request.GET.get("sort", "")
    teachers = _sorted(list(found.teachers), sort)
    total = _row(found.total, span, "")
    context = {
        "span": span,
        "spans": known,
        "heads": [(name, label, wide) for __, name, label, wide in COLUMNS],
        "rows": [(one.name, _row(one.figures, span, str(one.teacher_id))) for one in teachers],
        "total": total,
        "stats": _stats(found, span),
        "late_days": queries.late_days(),
        "excel": _address("journals", span, "") + "&as=excel",
    }
    return render.page(request, "journal/reports/filling.html", context, help="journal/filling")


def _span(request: Request) -> tuple[Span, list[Span]]:
    return span_of(year=render.school_year(request), code=request.GET.get("period", ""), with_year=False)


def _address(what: str, span: Span, teacher: str) -> str:
    return reverse("journal:report_filling_list", args=[what]) + shown.query(
        period=span.code, teacher=teacher
    )


def _row(figures: queries.Filling, span: Span, teacher: str) -> list[tuple[Any, str, bool]]:
    """Value, address of its list, whether a phone leaves it out."""
    cells = []
    for what, name, __, wide in COLUMNS:
        value = getattr(figures, name)
        words: Any = value or ""
        if name == "mean" and value:
            words = figure(value, 1)
        elif name == "no_final" and figures.places:
            words = f"{figures.finals}/{figures.places}"
        cells.append((words or NONE, _address(what, span, teacher) if value else "", wide))
    return cells


def _stats(found: queries.Control, span: Span) -> list[dict[str, Any]]:
    total, silent = found.total, len(found.silent)
    figures = [
        ("silent", silent),
        ("topics", total.no_topic),
        ("late", total.late),
        ("finals", total.no_final),
        ("differs", total.differs),
        ("deleted", total.deleted),
    ]
    return [
        {"label": TITLES[what], "value": value, "url": _address(what, span, "") if value else ""}
        for what, value in figures
    ]


def _sorted(teachers: list[queries.TeacherFilling], sort: str) -> list[queries.TeacherFilling]:
    name = sort.lstrip("-")
    if name in {one for __, one, *_more in COLUMNS}:
        teachers.sort(key=lambda one: getattr(one.figures, name) or 0)
    if sort.startswith("-"):
        teachers.reverse()
    return teachers


@require_safe
@requires(permissions.CONTROL)
@identity.proved(when=identity.takes_away, file=True)
def filling_list(request: Request, what: str) -> HttpResponse:
    """The list behind a figure. `?as=excel`."""
    if what not in TITLES:
        raise NotFound
    span, __ = _span(request)
    teacher = _teacher(request)
    table = _LISTS[what](request, span, what, teacher)
    scope = f"{span.year} · {span.label}"
    back = (_("How journals are filled"), reverse("journal:report_filling") + shown.query(period=span.code))
    return shown.listed(request, table, scope=scope, back=back, help="journal/filling")


def _teacher(request: Request) -> UUID | None:
    asked = request.GET.get("teacher", "")
    try:
        return UUID(asked) if asked else None
    except ValueError:
        raise NotFound from None


def _journal(course: CourseOf, span: Span) -> str:
    part = span.part_of(course)
    return reverse("journal:grid", args=[course.id]) + (f"?period={part.code}" if part else "")


def _journals(request: Request, span: Span, what: str, teacher: UUID | None) -> Table:
    found = queries.control(actor=request.actor, span=span)
    heads = (
        Head(_("Teacher")),
        Head(_("Class")),
        Head(_("Subject")),
        Head(_("Pupils"), "number"),
        Head(_("Lessons"), "number", on_page=False),
        Head(_("Marks of the period"), "number"),
        Head(_("SOR and SOCH marks"), "number", on_page=False),
        *(
            Head(label, "number", on_page=name not in _IN_FILE)
            for __, name, label, __wide in COLUMNS
            if name != "no_final"
        ),
    )
    lines = []
    for one in found.teachers:
        if teacher not in (None, one.teacher_id):
            continue
        journals = [(found.courses[key], figures) for key, figures in one.journals.items()]
        for course, figures in sorted(
            journals, key=lambda pair: (pair[0].grade, kazakh_order(pair[0].whose), pair[0].subject)
        ):
            counted = (figures.places, figures.lessons, figures.finals, figures.summative)
            named = [getattr(figures, name) for __, name, *_more in COLUMNS if name != "no_final"]
            cells = (one.name, course.whose, course.subject, *counted, *named)
            lines.append(Line(cells, _journal(course, span)))
    return Table(TITLES[what], heads, lines)


def _silent(request: Request, span: Span, what: str, teacher: UUID | None) -> Table:
    found = queries.control(actor=request.actor, span=span)
    heads = (Head(_("Teacher")), Head(_("Journals")), Head(_("Lessons"), "number"))
    lines = []
    for one in found.silent:
        own = [found.courses[key] for key in one.journals]
        said = ", ".join(sorted({f"{c.whose} · {c.subject}" for c in own}, key=kazakh_order))
        lines.append(
            Line((one.name, said, one.figures.lessons), _address("journals", span, str(one.teacher_id)))
        )
    return Table(TITLES[what], heads, lines)


def _lessons(request: Request, span: Span, what: str, teacher: UUID | None) -> Table:
    found = queries.lessons_behind(actor=request.actor, span=span, what=what, teacher=teacher)
    return lists.lessons(TITLES[what], found, partial(_journal, span=span))


def _late(request: Request, span: Span, what: str, teacher: UUID | None) -> Table:
    found = queries.marks_behind(actor=request.actor, span=span, what=what, teacher=teacher)
    return lists.late(TITLES[what], found, partial(_journal, span=span))


def _deleted(request: Request, span: Span, what: str, teacher: UUID | None) -> Table:
    found = queries.marks_behind(actor=request.actor, span=span, what=what, teacher=teacher)
    heads = (
        Head(pgettext("column", "Pupil")),
        Head(_("Class")),
        Head(_("Subject")),
        Head(_("Teacher")),
        Head(_("What stood there")),
        Head(_("Lesson of"), "date"),
        Head(_("Deleted on"), "date"),
        Head(_("Deleted by")),
        Head(_("Reason")),
    )
    lines = [
        Line(
            (
                one.pupil,
                one.course.whose,
                one.course.subject,
                one.teacher,
                f"{KIND_LABELS[one.kind]}: {one.old}",
                one.day,
                one.at,
                one.by,
                one.reason,
            ),
            _journal(one.course, span),
            one.pupil_id,
        )
        for one in found
    ]
    return Table(TITLES[what], heads, lines)


def _finals(request: Request, span: Span, what: str, teacher: UUID | None) -> Table:
    found, names = queries.without_final(actor=request.actor, span=span, teacher=teacher)
    heads = (
        Head(pgettext("column", "Pupil")),
        Head(_("Class")),
        Head(_("Subject")),
        Head(_("Teacher")),
        Head(pgettext("column", "Forecast")),
    )
    lines = [
        Line(
            (
                names.get(one.pupil_id, ""),
                one.course.whose,
                one.course.subject,
                one.course.teacher,
                mark_text(one.mark),
            ),
            _journal(one.course, span),
            one.pupil_id,
        )
        for one in found
    ]
    return Table(TITLES[what], heads, lines)


def _differs(request: Request, span: Span, what: str, teacher: UUID | None) -> Table:
    found = queries.marks_behind(actor=request.actor, span=span, what=what, teacher=teacher)
    heads = (
        Head(pgettext("column", "Pupil")),
        Head(_("Class")),
        Head(_("Subject")),
        Head(_("Teacher")),
        Head(pgettext("column", "Recommended")),
        Head(pgettext("column", "Given")),
        Head(_("Reason")),
    )
    lines = [
        Line(
            (
                one.pupil,
                one.course.whose,
                one.course.subject,
                one.teacher,
                mark_text(one.old),
                mark_text(one.new),
                one.reason,
            ),
            _journal(one.course, span),
            one.pupil_id,
        )
        for one in found
    ]
    return Table(TITLES[what], heads, lines)


_LISTS: dict[str, Callable[[Request, Span, str, UUID | None], Table]] = {
    "journals": _journals,
    "silent": _silent,
    "topics": _lessons,
    "unmarked": _lessons,
    "late": _late,
    "finals": _finals,
    "differs": _differs,
    "deleted": _deleted,
}
