"""The definitions of the figures, each said once: for pages, tooltips, and levels above."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.rollups import Metric, register

QUALITY = register(
    Metric(
        "journal.quality",
        _("Quality of knowledge"),
        "percent",
        _(
            "Marks 4 and 5 out of all marks of the period, one mark for a pupil and a subject. "
            "Until the teacher sets the mark of the period, its forecast counts. "
            "Pass or fail, exempted and not assessed pupils do not count."
        ),
        _("marks 4 and 5"),
        _("all marks of the period"),
    )
)
ACHIEVEMENT = register(
    Metric(
        "journal.achievement",
        _("Achievement"),
        "percent",
        _(
            "Marks 3, 4 and 5 out of all marks of the period, one mark for a pupil and a subject. "
            "Until the teacher sets the mark of the period, its forecast counts."
        ),
        _("marks 3, 4 and 5"),
        _("all marks of the period"),
    )
)
AVERAGE = register(
    Metric(
        "journal.average",
        _("Average mark"),
        "mark",
        _("The sum of the marks of the period divided by their number."),
        _("sum of marks"),
        _("number of marks"),
    )
)
FINAL = register(
    Metric(
        "journal.final",
        _("Final marks set"),
        "percent",
        _("Marks of the period that teachers have set, out of all that count; the others are forecasts."),
        _("marks set by teachers"),
        _("all marks of the period"),
    )
)
ATTENDANCE = register(
    Metric(
        "journal.attendance",
        _("Attendance"),
        "percent",
        _("Lessons at which pupils were present out of pupils × lessons held. Being late counts as present."),
        _("lessons attended"),
        _("lessons held × pupils"),
    )
)
PUPILS = register(
    Metric(
        "contingent.pupils",
        _("Pupils"),
        "count",
        _("Pupils in classes today; the denominator is the number of classes."),
        _("pupils"),
        _("classes"),
    )
)

OF_MARKS = (QUALITY, ACHIEVEMENT, AVERAGE, FINAL)
OF_PERIOD = (*OF_MARKS, ATTENDANCE)
ON_PAGES = (QUALITY, ACHIEVEMENT, AVERAGE, ATTENDANCE)

SHORT = {
    QUALITY.code: pgettext_lazy("short head of a column", "Quality"),
    ACHIEVEMENT.code: pgettext_lazy("short head of a column", "Achiev."),
    AVERAGE.code: pgettext_lazy("short head of a column", "Average"),
    ATTENDANCE.code: pgettext_lazy("short head of a column", "Attend."),
}


def codes(metrics: tuple[Metric, ...]) -> list[str]:
    return [metric.code for metric in metrics]
