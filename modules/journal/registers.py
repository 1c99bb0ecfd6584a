"""The list of sheets of journals: who has signed and who has not."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kernel import audit, clock
from kernel.access import Actor
from kernel.http import path_to
from modules.journal import permissions, queries
from modules.journal.data import SHEET_LABELS, SHEET_TONES, SheetState
from modules.journal.queries import SheetLine
from registers.api import Column, Filter, Group, Register, Total
from ui import render
from ui.drawn import badge
from ui.markup import markup


def _class(line: SheetLine) -> Any:
    address = f"{path_to('journal:sheet', line.row.course_id)}?period={line.period.code}"
    return markup('<a href="{}">{}</a>', address, line.class_label)


def _state(line: SheetLine) -> Any:
    return badge(SHEET_LABELS[line.row.state], SHEET_TONES[line.row.state])


def _periods(_actor: Actor) -> list[tuple[str, str]]:
    """The same codes in every year; words of this one's."""
    year = clock.school_year_of(clock.today())
    return [(one.code, one.label) for one in queries.periods_of_sheets(year=year)]


def _of_period(rows: Any, code: str, _actor: Actor) -> Any:
    kind = {"q": "quarter", "h": "half_year"}.get(code[:1], "")
    return rows.filter(period__kind=kind, period__number=int(code[1:]) if code[1:].isdigit() else 0)


def _counted(count: int) -> str:
    return ngettext("%(n)s sheet", "%(n)s sheets", count) % {"n": count}


SHEETS = Register(
    code="journal.sheets",
    title=gettext_lazy("Signing of journals"),
    icon="signature",
    url="journal:sheets",
    export_url="journal:sheets_excel",
    permission=permissions.SHEETS,
    export_permission=permissions.SHEETS,
    exported=audit.exports(action="journal.sheets.exported", object_type="sheet"),
    around=lambda request: {"year": render.school_year(request)},
    rows=queries.sheet_rows,
    prepare=queries.sheet_lines,
    counted=_counted,
    search=queries.sheets_called,
    search_label=lambda actor: _("Class, subject or teacher"),
    sort="class",
    empty_text=gettext_lazy("Sheets appear here when a quarter or a half-year is closed."),
    columns=(
        Column(
            code="class",
            label=gettext_lazy("Class"),
            value=lambda line: line.class_label,
            show=_class,
            sort=queries.by_class,
            main=True,
        ),
        Column(
            code="subject",
            label=gettext_lazy("Subject"),
            value=lambda line: line.subject,
            sort=queries.by_subject,
            quiet=True,
        ),
        Column(
            code="teacher",
            label=gettext_lazy("Teacher"),
            value=lambda line: line.teacher,
            sort=queries.BY_TEACHER,
            quiet=True,
        ),
        Column(
            code="period",
            label=gettext_lazy("Period"),
            value=lambda line: line.period.label,
            sort=("period__end", "period__kind"),
        ),
        Column(
            code="state",
            label=gettext_lazy("State"),
            value=lambda line: SHEET_LABELS[line.row.state],
            show=_state,
            sort=("state",),
            quiet=True,
        ),
        Column(
            code="signed",
            label=pgettext_lazy("column", "Signed"),
            value=lambda line: line.row.signed_at,
            kind="moment",
            sort=("signed_at",),
        ),
        Column(
            code="version",
            label=gettext_lazy("Version"),
            value=lambda line: line.row.version or None,
            kind="number",
            sort=("version",),
            shown=False,
        ),
    ),
    filters=(
        Filter(code="period", label=gettext_lazy("Period"), choices=_periods, narrow=_of_period),
        Filter(
            code="state",
            label=gettext_lazy("State"),
            choices=lambda actor: [(code, capfirst(label)) for code, label in SHEET_LABELS.items()],
            narrow=lambda rows, value, actor: rows.filter(state=value),
        ),
    ),
    groups=(
        Group(
            code="state",
            label=pgettext_lazy("gather by", "state"),
            by=queries.BY_STATE,
            name=lambda code: capfirst(SHEET_LABELS[code]),
        ),
    ),
    totals=(
        Total(
            code="signed",
            label=SHEET_LABELS[SheetState.SIGNED],
            value=Count("pk", filter=Q(state=SheetState.SIGNED)),
        ),
        Total(
            code="changed",
            label=SHEET_LABELS[SheetState.CHANGED],
            value=Count("pk", filter=Q(state=SheetState.CHANGED)),
        ),
    ),
)
