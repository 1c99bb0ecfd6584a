"""The papers of reports. What order 130 says of the analysis of works could not be read (its columns are remembered);
the other reports have no form of their own. A corrected form is another version with its own first day.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from documents.registry import form
from modules.journal.reports.papers import Paper

for code, title in (
    ("journal.achievement", _("Achievement and quality of knowledge")),
    ("journal.work_analysis", _("Analysis of a summative work")),
    ("journal.class_report", _("Class teacher's report")),
    ("journal.mentor_report", _("Mentor's report")),
    ("journal.teacher_quality", _("Quality of knowledge of a teacher")),
):
    form(
        code,
        title,
        version=1,
        since="2020-08-01",
        template="report.typ",
        data=Paper,
        archived=False,
        texts={"nobody": _("Nobody.")},
    )
