"""The history of marks, declared as a list."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kernel import audit
from kernel.access import Actor
from kernel.http import path_to
from modules.contingent import api as contingent
from modules.journal import permissions
from modules.journal.changes import queries
from modules.journal.changes.queries import ChangeLine
from modules.journal.data import KIND_LABELS, YEAR_KINDS
from registers.api import Column, Filter, Group, Persons, Register, Total
from tenants import reference
from ui import render
from ui.drawn import under
from ui.markup import markup

FIELDS: dict[str, Any] = {
    **KIND_LABELS,
    **YEAR_KINDS,
    **{f"comment-{kind}": pgettext_lazy("field of a cell", "comment") for kind in KIND_LABELS},
    **{f"voice-{kind}": pgettext_lazy("field of a cell", "recorded comment") for kind in KIND_LABELS},
    "absence": pgettext_lazy("field of a cell", "absence"),
    "final": pgettext_lazy("field of a cell", "period mark"),
}
WHAT: dict[str, Any] = {
    "put": pgettext_lazy("change", "put in"),
    "changed": pgettext_lazy("change", "changed"),
    "cleared": pgettext_lazy("change", "cleared"),
    "reason": pgettext_lazy("change", "with a reason"),
    "sql": pgettext_lazy("change", "past the product"),
}


def _when(line: ChangeLine) -> Any:
    return line.row.at


def _pupil(line: ChangeLine) -> Any:
    address = path_to("journal:changes_of_pupil", line.row.pupil_id)
    return markup('<a href="{}">{}</a>', address, line.pupil)


def _who(line: ChangeLine) -> str:
    return line.row.who or (str(WHAT["sql"]) if line.row.source == "sql" else "")


def _journal(line: ChangeLine) -> str:
    return line.course.title if line.course else ""


def _show_journal(line: ChangeLine) -> Any:
    if line.course is None:
        return ""
    return markup('<a href="{}">{}</a>', path_to("journal:grid", line.course.id), line.course.title)


def _show_who(line: ChangeLine) -> Any:
    return under(_who(line), line.device) if line.device else _who(line)


def _days(_actor: Actor) -> list[tuple[str, str]]:
    return [
        ("1", _("today")),
        *((str(n), ngettext("{n} day", "{n} days", n).format(n=n)) for n in (7, 30, 90)),
    ]


CHANGES = Register(
    code="journal.changes",
    title=gettext_lazy("History of marks"),
    icon="history",
    url="journal:changes",
    export_url="journal:changes_excel",
    permission=permissions.HISTORY,
    export_permission=permissions.HISTORY,
    exported=audit.exports(action="journal.changes.exported", object_type="mark"),
    of=Persons("pupil", lambda row: row.pupil_id),
    around=lambda request: {"year": render.school_year(request)},
    rows=queries.changes,
    prepare=queries.lines,
    counted=lambda n: ngettext("%(n)s change", "%(n)s changes", n) % {"n": n},
    search=queries.called,
    search_label=lambda actor: _("Pupil, or who changed it"),
    sort="-when",
    parse_key=int,
    empty_text=gettext_lazy(
        "Every mark, absence and period mark that is put in, changed or cleared stands here."
    ),
    columns=(
        Column(
            code="pupil",
            label=pgettext_lazy("column", "Pupil"),
            value=lambda line: line.pupil,
            show=_pupil,
            main=True,
        ),
        Column(code="when", label=gettext_lazy("When"), value=_when, kind="moment", sort=("at", "id")),
        Column(code="journal", label=gettext_lazy("Journal"), value=_journal, show=_show_journal, quiet=True),
        Column(code="day", label=gettext_lazy("Lesson"), value=lambda line: line.day, kind="date"),
        Column(
            code="field",
            label=pgettext_lazy("column", "Cell"),
            value=lambda line: FIELDS[line.row.field],
            sort=("field",),
        ),
        Column(code="old", label=pgettext_lazy("column", "Was"), value=lambda line: line.old),
        Column(code="new", label=pgettext_lazy("column", "Now"), value=lambda line: line.new),
        Column(
            code="who",
            label=pgettext_lazy("column", "Who"),
            value=_who,
            show=_show_who,
            sort=("who",),
            quiet=True,
        ),
        Column(code="device", label=gettext_lazy("Device"), value=lambda line: line.device, shown=False),
        Column(code="reason", label=pgettext_lazy("change", "Why"), value=lambda line: line.row.reason),
    ),
    filters=(
        Filter(
            code="pupil",
            label=pgettext_lazy("column", "Pupil"),
            narrow=queries.of_pupil,
            named=queries.called_pupil,
        ),
        Filter(
            code="class",
            label=gettext_lazy("Class"),
            choices=lambda actor: [(str(one.id), one.label) for one in contingent.classes(actor=actor)],
            narrow=queries.of_class,
        ),
        Filter(
            code="subject",
            label=gettext_lazy("Subject"),
            choices=lambda actor: [(code, one.name) for code, one in reference.subjects().items()],
            narrow=queries.of_subject,
        ),
        Filter(
            code="field",
            label=pgettext_lazy("column", "Cell"),
            choices=lambda actor: [(code, capfirst(words)) for code, words in FIELDS.items()],
            narrow=lambda rows, value, actor: rows.filter(field=value),
        ),
        Filter(
            code="what",
            label=pgettext_lazy("of a mark", "What happened"),
            choices=lambda actor: [(code, capfirst(words)) for code, words in WHAT.items()],
            narrow=queries.what,
        ),
        Filter(code="days", label=gettext_lazy("In the last"), choices=_days, narrow=queries.since),
    ),
    groups=(
        Group(
            code="who",
            label=pgettext_lazy("gather by", "who changed"),
            by={"by": F("who")},
            name=lambda who: who or WHAT["sql"],
        ),
    ),
    totals=(Total(code="changes", label=gettext_lazy("changes"), value=Count("pk")),),
)
