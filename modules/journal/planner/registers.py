"""The deputy's list: days on which the works of a class break the order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel import audit, clock
from kernel.access import Actor
from modules.journal import permissions
from modules.journal.data import KIND_LABELS
from modules.journal.planner import queries
from modules.journal.planner.queries import WatchLine
from modules.journal.planner.telling import way_out, words
from registers.api import Column, Filter, Register
from ui import render
from ui.markup import markup


def _day(line: WatchLine) -> Any:
    address = f"{reverse('journal:planner')}?of={line.day.class_id}"
    return markup('<a href="{}">{}</a>', address, f"{line.day.day:%d.%m.%Y}")


def _works(line: WatchLine) -> str:
    return "; ".join(f"{KIND_LABELS[work.kind]} {course.subject}" for work, course, __ in line.works)


def _works_shown(line: WatchLine) -> Any:
    """Each work; a press on one leads to where it may go."""
    shown: Any = ""
    for work, course, __ in line.works:
        name = f"{KIND_LABELS[work.kind]} {course.subject}"
        one = (
            name
            if work.has_marks
            else markup('<a href="{}">{}</a>', reverse("journal:planner_work", args=[work.id]), name)
        )
        shown = markup("{}; {}", shown, one) if shown else one
    return shown


def _teachers(line: WatchLine) -> str:
    return ", ".join(dict.fromkeys(course.teacher for _work, course, _target in line.works if course.teacher))


def _ways(line: WatchLine) -> str:
    return "; ".join(
        f"{course.subject}: {way_out(target, has_marks=work.has_marks)}"
        for work, course, target in line.works
    )


def _quarters(_actor: Actor) -> list[tuple[str, str]]:
    __, known = queries.quarter(year=clock.school_year_of(clock.today()))
    return [(str(one.id), one.label) for one in known]


def _counted(count: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": count}


WATCH = Register(
    code="journal.watch",
    title=gettext_lazy("Days that break the order of SOR and SOCH"),
    icon="alert-triangle",
    url="journal:planner_watch",
    export_url="journal:planner_watch_excel",
    permission=permissions.WATCH_WORKS,
    export_permission=permissions.WATCH_WORKS,
    exported=audit.exports(action="journal.works.exported", object_type="work"),
    around=lambda request: {"year": render.school_year(request)},
    rows=queries.watch_rows,
    prepare=queries.watch_lines,
    counted=_counted,
    search=queries.of_class,
    search_label=lambda actor: _("Class"),
    sort="date",
    empty_text=gettext_lazy("No class has a day with more works than the order allows."),
    columns=(
        Column(
            code="date",
            label=gettext_lazy("Date"),
            value=lambda line: line.day.day,
            show=_day,
            kind="date",
            sort=("lesson__date", "class_grade"),
            main=True,
        ),
        Column(
            code="class",
            label=gettext_lazy("Class"),
            value=lambda line: line.class_label,
            sort=queries.BY_CLASS,
            quiet=True,
        ),
        Column(
            code="rule",
            label=gettext_lazy("What is broken"),
            value=lambda line: " ".join(words(line.day.breaches)),
        ),
        Column(code="works", label=gettext_lazy("Works"), value=_works, show=_works_shown),
        Column(code="teachers", label=gettext_lazy("Teachers"), value=_teachers, shown=False),
        Column(code="way", label=gettext_lazy("Where to move"), value=_ways),
    ),
    filters=(
        Filter(
            code="period",
            label=gettext_lazy("Period"),
            choices=_quarters,
            narrow=lambda rows, value, actor: queries.of_quarter(rows, UUID(value)),
        ),
    ),
)
