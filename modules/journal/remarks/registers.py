"""Remarks on journals of the school, as a list."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from kernel import audit, clock
from kernel.access import Actor
from kernel.http import path_to
from modules.journal import permissions
from modules.journal.queries import BY_TEACHER, SheetLine, by_class, by_subject
from modules.journal.remarks import queries
from modules.journal.remarks.models import Remark
from registers.api import Column, Filter, Group, Register, Total
from ui import render
from ui.drawn import badge
from ui.markup import markup

State = Remark.State
LATE = "late"
TONES = {
    State.OPEN: "warning",
    State.ANSWERED: "info",
    State.DONE: "success",
    State.TAKEN_BACK: "neutral",
}


def state_badge(row: Remark) -> Any:
    return badge(capfirst(row.get_state_display()), TONES[State(row.state)])


def is_late(row: Remark) -> bool:
    return row.state == State.OPEN and row.due_date is not None and row.due_date < clock.today()


def _class(line: SheetLine) -> Any:
    address = f"{path_to('journal:remarks_of', line.row.course_id)}#remark-{line.row.pk}"
    return markup('<a href="{}">{}</a>', address, line.class_label)


def _state(line: SheetLine) -> Any:
    late = markup(" {}", badge(pgettext("answer to a remark", "late"), "danger")) if is_late(line.row) else ""
    return markup("{}{}", state_badge(line.row), late)


def _of_state(rows: Any, code: str, _actor: Actor) -> Any:
    if code == LATE:
        return rows.filter(state=State.OPEN, due_date__lt=clock.today())
    return rows.filter(state=code)


REMARKS = Register(
    code="journal.remarks",
    title=gettext_lazy("Remarks on journals"),
    icon="message",
    url="journal:remarks",
    export_url="journal:remarks_excel",
    permission=permissions.REMARKS,
    export_permission=permissions.REMARKS,
    exported=audit.exports(action="journal.remarks.exported", object_type="remark"),
    around=lambda request: {"year": render.school_year(request)},
    rows=queries.remarks,
    prepare=queries.lines,
    counted=lambda n: ngettext("%(n)s remark", "%(n)s remarks", n) % {"n": n},
    search=queries.called,
    search_label=lambda actor: _("Class, subject, teacher or words"),
    sort="-date",
    empty_text=gettext_lazy("A remark is made on the page of the journal it is about."),
    columns=(
        Column(
            code="class",
            label=gettext_lazy("Class"),
            value=lambda line: line.class_label,
            show=_class,
            sort=by_class,
            main=True,
        ),
        Column(
            code="subject",
            label=gettext_lazy("Subject"),
            value=lambda line: line.subject,
            sort=by_subject,
            quiet=True,
        ),
        Column(
            code="teacher",
            label=gettext_lazy("Teacher"),
            value=lambda line: line.teacher,
            sort=BY_TEACHER,
            quiet=True,
        ),
        Column(
            code="date",
            label=gettext_lazy("Date"),
            value=lambda line: line.row.date,
            kind="date",
            sort=("date",),
        ),
        Column(code="text", label=gettext_lazy("Remark"), value=lambda line: line.row.text),
        Column(
            code="by",
            label=gettext_lazy("Checked by"),
            value=lambda line: line.row.made_name,
            sort=("made_name",),
            shown=False,
        ),
        Column(
            code="due",
            label=gettext_lazy("Put right by"),
            value=lambda line: line.row.due_date,
            kind="date",
            sort=("due_date",),
            shown=False,
        ),
        Column(
            code="answer",
            label=gettext_lazy("The teacher’s answer"),
            value=lambda line: line.row.answer,
            shown=False,
        ),
        Column(
            code="state",
            label=gettext_lazy("State"),
            value=lambda line: line.row.get_state_display(),
            show=_state,
            sort=("state",),
            quiet=True,
        ),
        Column(
            code="done",
            label=gettext_lazy("Mark of execution"),
            value=lambda line: line.row.done_at,
            kind="moment",
            sort=("done_at",),
            shown=False,
        ),
    ),
    filters=(
        Filter(
            code="state",
            label=gettext_lazy("State"),
            choices=lambda actor: [
                *((one.value, capfirst(one.label)) for one in State),
                (LATE, capfirst(pgettext("answer to a remark", "late"))),
            ],
            narrow=_of_state,
        ),
    ),
    groups=(
        Group(
            code="by",
            label=pgettext_lazy("gather by", "who checked"),
            by={"made": F("made_name")},
            name=lambda name: name,
        ),
    ),
    totals=(
        Total(code="open", label=State.OPEN.label, value=Count("pk", filter=Q(state=State.OPEN))),
        Total(code="answered", label=State.ANSWERED.label, value=Count("pk", filter=Q(state=State.ANSWERED))),
        Total(code="done", label=State.DONE.label, value=Count("pk", filter=Q(state=State.DONE))),
    ),
)
