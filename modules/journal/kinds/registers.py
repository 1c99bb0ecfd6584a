"""The list of journals of every kind."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel import audit
from kernel.http import path_to
from modules.journal import permissions
from modules.journal.kinds.data import KIND_LABELS
from modules.journal.kinds.queries import listing
from modules.journal.kinds.queries.listing import Line
from registers.api import Column, Filter, Group, Register, Total
from ui import render
from ui.drawn import badge
from ui.markup import markup


def _name(line: Line) -> Any:
    return markup('<a href="{}">{}</a>', path_to("journal:grid", line.row.pk), line.subject)


def _class(line: Line) -> Any:
    if not line.opens_class:
        return line.class_label
    address = path_to("journal:class", line.row.school_class_id)
    return markup('<a href="{}">{}</a>', address, line.class_label)


def _programmes(line: Line) -> Any:
    return badge(_("own programmes"), "info") if line.row.has_programmes else ""


def _counted(count: int) -> str:
    return ngettext("%(n)s journal", "%(n)s journals", count) % {"n": count}


JOURNALS = Register(
    code="journal.journals",
    title=gettext_lazy("Journals by kind"),
    icon="list-details",
    url="journal:journals",
    export_url="journal:journals_excel",
    permission=permissions.VIEW,
    export_permission=permissions.VIEW,
    exported=audit.exports(action="journal.list.exported", object_type="class"),
    around=lambda request: {"year": render.school_year(request)},
    rows=listing.rows,
    prepare=listing.lines,
    counted=_counted,
    search=listing.called,
    search_label=lambda actor: _("Class, subject or teacher"),
    sort="class",
    empty_text=gettext_lazy("A journal appears when a subject of a class is given to a teacher in the load."),
    columns=(
        Column(
            code="subject",
            label=gettext_lazy("Subject"),
            value=lambda line: line.subject,
            show=_name,
            sort=listing.by_subject,
            main=True,
        ),
        Column(
            code="class",
            label=gettext_lazy("Class"),
            value=lambda line: line.class_label,
            show=_class,
            sort=listing.by_class,
            quiet=True,
        ),
        Column(
            code="kind",
            label=gettext_lazy("Kind of journal"),
            value=lambda line: str(line.kind.label),
            sort=listing.IN_ORDER,
            quiet=True,
        ),
        Column(
            code="teacher",
            label=gettext_lazy("Teacher"),
            value=lambda line: line.teacher,
            sort=listing.BY_TEACHER,
            quiet=True,
        ),
        Column(
            code="hours",
            label=gettext_lazy("Hours a week"),
            value=lambda line: line.row.hours_per_week,
            kind="number",
            sort=("hours_per_week",),
        ),
        Column(
            code="programmes",
            label=gettext_lazy("Own programmes"),
            value=lambda line: _("yes") if line.row.has_programmes else "",
            show=_programmes,
            sort=("-has_programmes",),
        ),
    ),
    filters=(
        Filter(
            code="kind",
            label=gettext_lazy("Kind of journal"),
            choices=lambda actor: [(code, capfirst(label)) for code, label in KIND_LABELS.items()],
            narrow=lambda rows, value, actor: rows.filter(journal_kind=value),
        ),
        Filter(
            code="grade",
            label=gettext_lazy("Grade"),
            choices=listing.grades,
            narrow=lambda rows, value, actor: rows.filter(class_grade=int(value) if value.isdigit() else -1),
        ),
        Filter(
            code="programmes",
            label=gettext_lazy("Own programmes"),
            choices=lambda actor: [("with", _("with pupils of a programme of their own"))],
            narrow=lambda rows, value, actor: rows.filter(has_programmes=True),
        ),
    ),
    groups=(
        Group(
            code="kind",
            label=gettext_lazy("kind of journal"),
            by=listing.BY_KIND,
            name=lambda code: capfirst(KIND_LABELS[code]),
        ),
    ),
    totals=(Total(code="journals", label=gettext_lazy("journals"), value=Count("pk")),),
)
