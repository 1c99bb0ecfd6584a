"""The journal's page of remarks on paper, in the columns of order 130."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.registry import form
from kernel import clock
from modules.journal.remarks.models import Remark
from modules.journal.remarks.papers import RemarkLine, RemarksPaper
from modules.schedule.data import CourseInfo

form(
    "journal.remarks",
    gettext_lazy("Remarks on how the journal is kept"),
    version=1,
    since="2020-08-01",
    template="remarks.typ",
    data=RemarksPaper,
    archived=False,
    texts={
        "heading": gettext_lazy("Remarks on how the journal is kept"),
        "below": gettext_lazy("Class {class}, {subject} · {teacher} · {year} school year"),
        "date": gettext_lazy("Date"),
        "text": gettext_lazy("Remark and proposal"),
        "by": gettext_lazy("Checked by"),
        "answer": gettext_lazy("The teacher’s answer"),
        "done": gettext_lazy("Mark of execution"),
        "none": gettext_lazy("There are no remarks."),
    },
)


def paper(course: CourseInfo, rows: Iterable[Remark]) -> RemarksPaper:
    """What stands; remarks taken back are left out."""
    return RemarksPaper(
        school_class=course.class_label,
        subject=course.title.partition(" · ")[2] or course.subject,
        teacher=course.teacher,
        year=course.year,
        lines=tuple(line(row) for row in rows if row.state != Remark.State.TAKEN_BACK),
    )


def line(row: Remark) -> RemarkLine:
    return RemarkLine(row.date, row.text, row.made_name, row.answer, _done(row))


def _done(row: Remark) -> str:
    if row.done_at is None:
        return ""
    day = row.done_at.astimezone(clock.ALMATY)
    return _("Put right {day}, {name}").format(day=f"{day:%d.%m.%Y}", name=row.done_name)
