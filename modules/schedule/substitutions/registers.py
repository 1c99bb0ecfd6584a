"""The book of substituted lessons as a list, in the columns of its legal form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Sum
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel.access import Actor
from kernel.http import path_to
from modules.schedule import permissions
from modules.schedule.substitutions import queries
from modules.schedule.substitutions.queries import BookLine
from registers.api import Column, Filter, Register, Total
from ui.drawn import badge, under
from ui.markup import markup


def _prepare(rows: Sequence[Any], actor: Actor) -> list[tuple[BookLine, bool]]:
    may_correct = actor.may(permissions.ARRANGE)
    return [(line, may_correct) for line in queries.lines(rows, actor=actor)]


def _day(pair: tuple[BookLine, bool]) -> Any:
    line, may_correct = pair
    day: Any = f"{line.date:%d.%m.%Y}"
    if may_correct:
        day = markup('<a href="{}">{}</a>', path_to("schedule:book_line", line.id), day)
    return under(day, _("lesson {number}").format(number=line.number))


def _subject(pair: tuple[BookLine, bool]) -> Any:
    """The subject of the timetable; under it the one that was held, when it is another."""
    line, __ = pair
    if line.held_subject == line.subject:
        return line.subject
    return under(line.subject, _("held: {subject}").format(subject=line.held_subject))


def _teacher(pair: tuple[BookLine, bool]) -> Any:
    return under(pair[0].teacher, pair[0].reason)


def _hours(pair: tuple[BookLine, bool]) -> Any:
    line, __ = pair
    joined = markup(" {}", badge(_("joined"), "neutral")) if line.is_joined else ""
    return markup("{}{}", formats.localize(line.hours.normalize() if line.hours else 0), joined)


def _months(_actor: Actor) -> list[tuple[str, str]]:
    return [(f"{one:%Y-%m}", formats.date_format(one, "F Y")) for one in queries.months()]


def _counted(count: int) -> str:
    return ngettext("%(n)s line", "%(n)s lines", count) % {"n": count}


BOOK = Register(
    code="schedule.substitutions",
    title=gettext_lazy("Book of substituted lessons"),
    icon="book-2",
    url="schedule:book",
    export_url="schedule:book_excel",
    permission=permissions.SUBSTITUTION_BOOK,
    export_permission=permissions.SUBSTITUTION_BOOK,
    rows=queries.book_rows,
    prepare=_prepare,
    counted=_counted,
    search=queries.of_person,
    search_label=lambda actor: _("Absent teacher or substitute"),
    sort="-date",
    empty_text=gettext_lazy("A line appears when a colleague takes a lesson of somebody who is absent."),
    columns=(
        Column(
            code="date",
            label=gettext_lazy("Date"),
            value=lambda pair: pair[0].date,
            show=_day,
            kind="date",
            sort=("date", "shift", "number"),
            main=True,
        ),
        Column(
            code="class",
            label=gettext_lazy("Class"),
            value=lambda pair: pair[0].school_class,
            quiet=True,
            sort=queries.by_class,
        ),
        Column(
            code="subject",
            label=gettext_lazy("Subject"),
            value=lambda pair: pair[0].subject,
            show=_subject,
            quiet=True,
        ),
        Column(
            code="teacher",
            label=gettext_lazy("Absent teacher"),
            value=lambda pair: pair[0].teacher,
            show=_teacher,
            sort=queries.by_person("teacher_id"),
        ),
        Column(
            code="substitute",
            label=gettext_lazy("Substitute"),
            value=lambda pair: pair[0].substitute,
            sort=queries.by_person("substitute_id"),
        ),
        Column(
            code="hours",
            label=gettext_lazy("Hours"),
            value=lambda pair: pair[0].hours,
            show=_hours,
            kind="number",
            sort=("hours", "date"),
        ),
        Column(code="ground", label=gettext_lazy("Order No."), value=lambda pair: pair[0].ground),
        Column(
            code="paid",
            label=gettext_lazy("Pay"),
            value=lambda pair: _("paid") if pair[0].is_paid else _("not paid"),
            shown=False,
        ),
    ),
    filters=(
        Filter(
            code="month",
            label=gettext_lazy("Month"),
            choices=_months,
            narrow=lambda rows, value, actor: queries.of_month(rows, value),
        ),
        Filter(
            code="teacher",
            label=gettext_lazy("Teacher"),
            choices=queries.people_of_book,
            narrow=lambda rows, value, actor: queries.of_teacher(rows, value),
        ),
    ),
    totals=(
        Total(code="hours", label=gettext_lazy("hours"), value=Sum("hours"), digits=0),
        Total(code="lessons", label=gettext_lazy("lessons"), value=Count("pk")),
    ),
)
