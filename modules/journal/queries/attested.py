"""What the grid asks besides cells: the decisions on who is attested here and who has a programme of his own, at no
cost, and whom the course teaches.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from modules.journal.queries.journals import Row

KINDS_OF_CELLS = ("fo", "sor", "soch", "absence", "final", "attested", "programme")
ATTESTED = """UNION ALL
SELECT 'attested', '', d.pupil_id::text, NULL, 0,
       CASE WHEN NOT d.attested_here THEN 'no' WHEN EXISTS (
         SELECT 1 FROM contingent_membership m WHERE m.pupil_id = d.pupil_id AND m.since <= %(end)s
           AND (m.until IS NULL OR m.until >= %(end)s) AND m.school_class_id <> %(class)s) THEN 'elsewhere'
         ELSE 'here' END, d.note
FROM contingent_perioddecision d WHERE d.year = %(year)s AND d.quarter = %(quarter)s
UNION ALL
SELECT 'programme', '', r.pupil_id::text, NULL, 0, CASE WHEN r.is_marked THEN 'marked' ELSE 'unmarked' END, ''
FROM journal_programme r WHERE r.course_id = %(course)s AND r.since <= %(end)s AND coalesce(r.until, 'infinity') >= %(end)s
"""
# A course teaches the whole class until the first day of its group, and from then on the pupils of the group.
ROSTER = """
WITH taught AS (
  SELECT g.pupil_id, g.since, g.until FROM schedule_groupmember g WHERE g.course_id = %(course)s
  UNION ALL
  SELECT NULL, '-infinity'::date, (SELECT min(g.since) - 1 FROM schedule_groupmember g WHERE g.course_id = %(course)s)
)
SELECT p.id::text, p.surname, p.name, greatest(m.since, t.since), least(m.until, t.until)
FROM contingent_membership m JOIN contingent_pupil p ON p.id = m.pupil_id
JOIN taught t ON (t.pupil_id IS NULL OR t.pupil_id = m.pupil_id)
WHERE m.school_class_id = %(class)s AND p.removed_at IS NULL
  AND greatest(m.since, t.since) <= %(end)s AND coalesce(least(m.until, t.until), 'infinity') >= %(start)s
  AND greatest(m.since, t.since) <= coalesce(least(m.until, t.until), 'infinity')
ORDER BY p.surname, p.name, p.patronymic, p.id, m.since, t.since
"""


def why_not_asked(row: Row, end: date) -> str:
    """Why no mark of the period that ends so is asked of the pupil; empty when it is."""
    if row.programme == "unmarked":
        return _("Learns by a programme of his own, without marks.")
    if row.is_attested(end):
        return ""
    if row.decided == "no":
        note = row.decided_note
        return (
            _("Not attested here: {note}").format(note=note) if note else _("Not attested here by decision.")
        )
    return _("Not in the class on the last day of the period: no mark is asked.")


def takes_no_final(row: Row) -> bool:
    """It was decided that he is not attested here, and no mark stands that could still be taken away."""
    return row.decided == "no" and row.final is None
