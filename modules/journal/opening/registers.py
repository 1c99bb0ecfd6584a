"""Requests to open cells of closed periods, as a list."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kernel import audit, clock
from kernel.access import Actor
from kernel.http import path_to
from modules.journal import permissions, queries
from modules.journal.opening.models import Opening
from modules.journal.opening.queries import requests
from modules.journal.opening.queries.requests import OVER, Line
from registers.api import Column, Filter, Group, Register, Total
from ui import render
from ui.drawn import badge
from ui.markup import markup

State = Opening.State
LABELS: dict[str, Any] = {
    **{one.value: one.label for one in State},
    OVER: pgettext_lazy("request", "closed again by itself"),
}
TONES = {
    State.WAITING: "warning",
    State.OPEN: "success",
    State.REFUSED: "danger",
    State.CLOSED: "neutral",
    State.WITHDRAWN: "neutral",
    OVER: "neutral",
}


def said_days(line: Line) -> str:
    """The days, as short as they are read."""
    days = [f"{day:%d.%m}" for day in line.row.days]
    return ", ".join(days) if len(days) < 9 else f"{days[0]} … {days[-1]} ({len(days)})"


def what(line: Line) -> str:
    """Which cells, in one line."""
    parts = [said_days(line), str(_("period marks")) if line.row.with_finals else "", ", ".join(line.pupils)]
    return " · ".join(filter(None, parts))


def state_badge(line: Line) -> Any:
    return badge(capfirst(LABELS[line.state]), TONES[line.state])


def _class(line: Line) -> Any:
    return markup('<a href="{}">{}</a>', path_to("journal:opening", line.row.pk), line.class_label)


def _of_state(rows: Any, code: str, _actor: Actor) -> Any:
    now = clock.now()
    if code == State.OPEN:
        return rows.filter(state=State.OPEN, until__gt=now)
    if code == OVER:
        return rows.filter(state=State.OPEN, until__lte=now)
    return rows.filter(state=code)


OPENINGS = Register(
    code="journal.openings",
    title=gettext_lazy("Opening of closed cells"),
    icon="lock-open",
    url="journal:openings",
    export_url="journal:openings_excel",
    permission=permissions.OPENINGS,
    export_permission=permissions.OPENINGS,
    exported=audit.exports(action="journal.openings.exported", object_type="opening"),
    around=lambda request: {"year": render.school_year(request)},
    rows=requests.openings,
    prepare=requests.lines,
    counted=lambda n: ngettext("%(n)s request", "%(n)s requests", n) % {"n": n},
    search=queries.sheets_called,
    search_label=lambda actor: _("Class, subject or teacher"),
    sort="-asked",
    empty_text=gettext_lazy("A teacher asks from the journal of a closed period: “Open for me”."),
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
            code="who",
            label=pgettext_lazy("column", "Asked by"),
            value=lambda line: line.row.asked_name,
            sort=("asked_name",),
            quiet=True,
        ),
        Column(
            code="period",
            label=gettext_lazy("Period"),
            value=lambda line: line.period.label,
            sort=("period__end",),
        ),
        Column(code="cells", label=gettext_lazy("Cells"), value=what),
        Column(code="reason", label=pgettext_lazy("change", "Why"), value=lambda line: line.row.reason),
        Column(
            code="asked",
            label=pgettext_lazy("column", "Asked"),
            value=lambda line: line.row.asked_at,
            kind="moment",
            sort=("asked_at",),
            shown=False,
        ),
        Column(
            code="state",
            label=gettext_lazy("State"),
            value=lambda line: LABELS[line.state],
            show=state_badge,
            sort=("state",),
            quiet=True,
        ),
        Column(
            code="until",
            label=pgettext_lazy("column", "Open until"),
            value=lambda line: line.row.until,
            kind="moment",
            sort=("until",),
        ),
        Column(
            code="by",
            label=pgettext_lazy("column", "Answered by"),
            value=lambda line: line.row.answered_name,
            sort=("answered_name",),
            shown=False,
        ),
        Column(code="answer", label=gettext_lazy("Answer"), value=lambda line: line.row.answer, shown=False),
    ),
    filters=(
        Filter(
            code="state",
            label=gettext_lazy("State"),
            choices=lambda actor: [(code, capfirst(label)) for code, label in LABELS.items()],
            narrow=_of_state,
        ),
    ),
    groups=(
        Group(
            code="who",
            label=pgettext_lazy("gather by", "teacher"),
            by={"asked": F("asked_name")},
            name=lambda name: name,
        ),
    ),
    totals=(
        Total(
            code="waiting",
            label=gettext_lazy("wait for an answer"),
            value=Count("pk", filter=Q(state=State.WAITING)),
        ),
    ),
)
