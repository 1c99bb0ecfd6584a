"""What the grid asks besides cells: the decisions on who is attested here, who has a programme of his own, what is written
in words and who is taught at home, at no cost, and whom the course teaches.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from modules.journal.queries import at_home

if TYPE_CHECKING:
    from modules.journal.queries.journals import Row

KINDS_OF_CELLS = ("fo", "sor", "soch", "absence", "final", "attested", "programme", "words", "home")
ATTESTED = """UNION ALL
SELECT 'attested', '', d.pupil_id::text, NULL, 0,
       CASE WHEN NOT d.attested_here THEN 'no' WHEN EXISTS (
         SELECT 1 FROM contingent_membership m WHERE m.pupil_id = d.pupil_id AND m.since <= %(end)s
           AND (m.until IS NULL OR m.until >= %(end)s) AND m.school_class_id <> %(class)s) THEN 'elsewhere'
         ELSE 'here' END, d.note
FROM contingent_perioddecision d WHERE d.year = %(year)s AND d.quarter = %(quarter)s
UNION ALL
SELECT 'programme', r.since::text, r.pupil_id::text, NULL, 0, CASE WHEN r.is_marked THEN 'marked' ELSE 'unmarked' END, ''
FROM journal_programme r WHERE r.course_id = %(course)s AND r.since <= %(end)s AND coalesce(r.until, 'infinity') >= %(end)s
UNION ALL
SELECT 'words', '', d.pupil_id::text, NULL, d.version, NULL, d.text FROM (
  SELECT DISTINCT ON (t.pupil_id) t.pupil_id, t.version, t.text FROM journal_description t
  WHERE t.course_id = %(course)s AND t.period_id = %(period)s ORDER BY t.pupil_id, t.version DESC) d
UNION ALL
SELECT 'home', h.since::text, h.pupil_id::text, NULL, 0, h.until::text, '' FROM contingent_homeschooling h
WHERE %(yields)s AND h.since <= %(end)s AND coalesce(h.until, 'infinity') >= %(start)s
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


def without_marks() -> str:
    """Why the pupil's cells take no points."""
    return _("Learns by a programme of his own, without marks.")


def why_not_asked(row: Row, end: date) -> str:
    """Why no mark of the period that ends so is asked of the pupil; empty when it is."""
    if row.is_at_home(end):
        return at_home.words()
    if row.programme == "unmarked":
        return without_marks()
    if row.is_attested(end):
        return ""
    if row.decided == "no":
        note = row.decided_note
        return (
            _("Not attested here: {note}").format(note=note) if note else _("Not attested here by decision.")
        )
    return _("Not in the class on the last day of the period: no mark is asked.")


def takes_no_final(row: Row, end: date) -> bool:
    """He is taught at home, or it was decided that he is not attested here, and no mark stands to be taken away."""
    return row.final is None and (row.decided == "no" or row.is_at_home(end))
