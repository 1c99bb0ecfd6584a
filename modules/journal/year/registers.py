"""Pupils with a 2 for the year, and what follows from it."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kernel import audit
from modules.journal import permissions
from modules.journal.rules import Outcome
from modules.journal.year import queries
from modules.journal.year.queries import FailingLine
from registers.api import Column, Filter, Persons, Register
from ui import render
from ui.drawn import badge

OUTCOMES: dict[str, Any] = {
    Outcome.SUMMATIVE: gettext_lazy("summative assessment for the year"),
    Outcome.EXTRA: gettext_lazy("additional summative assessment before the new school year"),
    Outcome.REPEATS: gettext_lazy("repeats the year"),
    Outcome.CLEARED: gettext_lazy("the 2 is taken away by the later work"),
}
TONES: dict[str, str] = {
    Outcome.SUMMATIVE: "warning",
    Outcome.EXTRA: "warning",
    Outcome.REPEATS: "danger",
    Outcome.CLEARED: "success",
}


def _counted(count: int) -> str:
    return ngettext("%(n)s pupil", "%(n)s pupils", count) % {"n": count}


def _basis(line: FailingLine) -> str:
    return _("marks of the whole year") if line.how.is_whole else _("marks given so far")


FAILING = Register(
    code="journal.failing",
    title=gettext_lazy("Pupils with a 2 for the year"),
    icon="alert-circle",
    url="journal:year_failing",
    export_url="journal:year_failing_excel",
    permission=permissions.YEAR_RESULTS,
    export_permission=permissions.YEAR_RESULTS,
    exported=audit.exports(action="journal.failing.exported", object_type="pupil"),
    of=Persons("pupil", lambda row: row.pupil_id),
    around=lambda request: {"year": render.school_year(request)},
    rows=queries.failing_rows,
    prepare=queries.failing_lines,
    counted=_counted,
    search=queries.called,
    search_label=lambda actor: _("Name or class"),
    sort="name",
    empty_text=gettext_lazy("Nobody has a 2 for the year by the marks given so far."),
    columns=(
        Column(
            code="name",
            label=gettext_lazy("Full name"),
            value=lambda line: line.name,
            sort=queries.BY_NAME,
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
            code="subjects",
            label=gettext_lazy("Subjects with a 2"),
            value=lambda line: ", ".join(line.subjects),
        ),
        Column(
            code="outcome",
            label=pgettext_lazy("after a 2 for the year", "What follows"),
            value=lambda line: OUTCOMES[line.how.outcome],
            show=lambda line: badge(OUTCOMES[line.how.outcome], TONES[line.how.outcome]),
        ),
        Column(code="basis", label=gettext_lazy("By"), value=_basis, quiet=True),
    ),
    filters=(
        Filter(
            code="outcome",
            label=pgettext_lazy("after a 2 for the year", "What follows"),
            choices=lambda actor: [(code, capfirst(label)) for code, label in OUTCOMES.items()],
            narrow=lambda rows, value, actor: queries.of_outcome(rows, value),
        ),
    ),
)
