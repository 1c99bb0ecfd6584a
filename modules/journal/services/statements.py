"""The statements by which cells are read and saved: one place for each operation, one statement for each save."""

from __future__ import annotations

_CONTEXT = """
SELECT o.n, l.course_id, l.date, l.state = 'cancelled', l.teacher_id, c.teacher_id, c.school_class_id, c.subject_code,
       c.year, c.hours_per_week::float8, w.kind, w.maximum,
       q.id, q.start, q."end", q.closed_at IS NOT NULL, h.id, h.start, h."end", h.closed_at IS NOT NULL,
       k.grade, m.here, EXISTS (
         SELECT FROM schedule_substitution s WHERE s.lesson_id = l.id AND s.state IN ('taken', 'joined')),
       c.kind, k.kind, EXISTS (
         SELECT FROM journal_programme r WHERE r.course_id = c.id AND r.pupil_id = o.pupil AND NOT r.is_marked
           AND r.since <= l.date AND (r.until IS NULL OR r.until >= l.date)),
       EXISTS (SELECT FROM contingent_homeschooling s WHERE s.pupil_id = o.pupil
           AND s.since <= l.date AND (s.until IS NULL OR s.until >= l.date))
FROM {asked}
JOIN schedule_lesson l ON l.id = o.lesson
JOIN schedule_course c ON c.id = l.course_id
JOIN contingent_schoolclass k ON k.id = c.school_class_id
LEFT JOIN journal_summativework w ON w.lesson_id = l.id
LEFT JOIN schedule_period q ON q.year = c.year AND q.kind = 'quarter' AND l.date BETWEEN q.start AND q."end"
LEFT JOIN schedule_period h ON h.year = c.year AND h.kind = 'half_year' AND l.date BETWEEN h.start AND h."end"
CROSS JOIN LATERAL (SELECT EXISTS (
  SELECT 1 FROM contingent_membership m WHERE m.pupil_id = o.pupil AND m.school_class_id = c.school_class_id
    AND m.since <= l.date AND (m.until IS NULL OR m.until >= l.date))
  AND (EXISTS (SELECT 1 FROM schedule_groupmember g WHERE g.course_id = c.id AND g.pupil_id = o.pupil
                 AND g.since <= l.date AND (g.until IS NULL OR g.until >= l.date))
       OR NOT EXISTS (SELECT 1 FROM schedule_groupmember g WHERE g.course_id = c.id AND g.since <= l.date))
  AS here) m
"""
CONTEXT_OF_MANY = _CONTEXT.format(asked="unnest(%s::uuid[], %s::uuid[]) WITH ORDINALITY o(lesson, pupil, n)")
# The usual save is of one cell. Without an array the server keeps one plan for all of them.
CONTEXT_OF_ONE = _CONTEXT.format(asked="(VALUES (1, %s::uuid, %s::uuid)) AS o(n, lesson, pupil)")

# {table}, {value}, {type}: the fields of a cell differ in little else. One statement locks, compares, writes, puts
# the news into the outbox (kernel.events.publish in SQL) and answers; the history is the triggers' work. Being one
# statement it is one transaction, so no BEGIN and COMMIT are sent.
_SAVE = """
WITH o AS (
  SELECT * FROM unnest(%(ops)s::uuid[], %(lessons)s::uuid[], %(pupils)s::uuid[], %(kinds)s::text[],
                       %(old)s::{type}[], %(new)s::{type}[], %(reasons)s::text[], %(periods)s::text[])
    AS o(op, lesson, pupil, kind, old, new, reason, period)
  WHERE NOT EXISTS (SELECT 1 FROM journal_markevent e WHERE e.operation_id = o.op)
    AND NOT EXISTS (SELECT 1 FROM journal_idleoperation i WHERE i.operation_id = o.op)
), updated AS (
  UPDATE {table} t SET {value} = o.new, version = t.version + 1, set_by = %(user)s, set_session = %(session)s,
                       set_at = now(), operation_id = o.op, reason = o.reason
  FROM o WHERE t.lesson_id = o.lesson AND t.pupil_id = o.pupil {kind_matches}
    AND t.{value} IS NOT DISTINCT FROM o.old AND t.{value} IS DISTINCT FROM o.new
  RETURNING t.operation_id, t.version
), inserted AS (
  INSERT INTO {table} (id, lesson_id, pupil_id, {kind} {value}, version, set_by, set_session, set_at, operation_id, reason)
  SELECT gen_random_uuid(), o.lesson, o.pupil, {o_kind} o.new, 1, %(user)s, %(session)s, now(), o.op, o.reason
  FROM o WHERE o.old IS NULL AND o.new IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.lesson_id = o.lesson AND t.pupil_id = o.pupil {kind_matches})
  ON CONFLICT DO NOTHING
  RETURNING operation_id, version
), done AS (
  SELECT * FROM updated UNION ALL SELECT * FROM inserted
) {news}
SELECT * FROM done
"""
NEWS = """
, news AS (
  INSERT INTO kernel_outboxevent (event_id, name, payload, at, actor_id, actor_name, attempts, error)
  SELECT gen_random_uuid(), %(event)s, %(payload)s::jsonb || jsonb_build_object(
           'period_id', o.period, 'pupil_ids', jsonb_agg(DISTINCT o.pupil), 'count', count(*)),
         now(), %(user)s, %(signature)s, 0, ''
  FROM done JOIN o ON o.op = done.operation_id GROUP BY o.period
)
"""
_NOW = """
SELECT o.op, t.{value}, coalesce(t.version, 0), t.set_by, t.set_at,
       EXISTS (SELECT 1 FROM journal_markevent e WHERE e.operation_id = o.op)
         OR EXISTS (SELECT 1 FROM journal_idleoperation i WHERE i.operation_id = o.op)
FROM unnest(%(ops)s::uuid[], %(lessons)s::uuid[], %(pupils)s::uuid[], %(kinds)s::text[]) AS o(op, lesson, pupil, kind)
LEFT JOIN {table} t ON t.lesson_id = o.lesson AND t.pupil_id = o.pupil {kind_matches}
"""
# An operation that found its value there leaves no history. Its id is kept, or its echo would be done one day.
IDLE = """
INSERT INTO journal_idleoperation (operation_id, at) SELECT unnest(%s::uuid[]), now() ON CONFLICT DO NOTHING
"""
_MARK = {
    "table": "journal_mark",
    "value": "points",
    "type": "smallint",
    "kind": "kind,",
    "o_kind": "o.kind,",
    "kind_matches": "AND t.kind = o.kind",
}
_ABSENCE = {
    "table": "journal_absence",
    "value": "code",
    "type": "text",
    "kind": "",
    "o_kind": "",
    "kind_matches": "",
}
# No figure hangs on a comment, so it is no news to those who count.
_COMMENT = {**_MARK, "table": "journal_comment", "value": "text", "type": "text"}
STATEMENTS = {
    name: (_SAVE.format(news=news, **parts), _NOW.format(**parts))
    for name, parts, news in (
        ("points", _MARK, NEWS),
        ("absence", _ABSENCE, NEWS),
        ("comment", _COMMENT, ""),
    )
}
