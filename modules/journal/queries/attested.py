"""What the grid asks of the decisions on who is attested here: read together with the cells, so at no cost."""

KINDS_OF_CELLS = ("fo", "sor", "soch", "absence", "final", "attested")
ATTESTED = """UNION ALL
SELECT 'attested', '', d.pupil_id::text, NULL, 0,
       CASE WHEN NOT d.attested_here THEN 'no' WHEN EXISTS (
         SELECT 1 FROM contingent_membership m WHERE m.pupil_id = d.pupil_id AND m.since <= %(end)s
           AND (m.until IS NULL OR m.until >= %(end)s) AND m.school_class_id <> %(class)s) THEN 'elsewhere'
         ELSE 'here' END, d.note
FROM contingent_perioddecision d WHERE d.year = %(year)s AND d.quarter = %(quarter)s
"""
