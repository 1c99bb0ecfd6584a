"""Saving cells by compare-and-set (decision 0011).

An operation says what the teacher saw and what she typed. It is done when the cell still shows what she saw; if
somebody changed it meanwhile, the answer is theirs, and nothing is overwritten. An operation's id is written into
the history, so the same one sent twice is done once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock, events
from kernel.access import Actor, Scope, require
from kernel.errors import DomainError, NotFound
from modules.journal import permissions, queries, rules
from modules.journal.data import LONGEST_COMMENT, mark_text
from modules.journal.events import MarksChanged
from modules.journal.kinds.rules import journal_of
from modules.journal.opening.models import Opening
from modules.journal.opening.queries import standing
from modules.journal.services import finals
from modules.journal.services.operations import Operation, Result
from modules.journal.services.statements import CONTEXT_OF_MANY, CONTEXT_OF_ONE, IDLE, STATEMENTS
from modules.journal.settling import services as settling
from modules.schedule import api as schedule

MOST_AT_ONCE = 50


@dataclass(slots=True)
class _Place:
    """What the rules need to know of an operation's lesson."""

    course_id: UUID
    school_class_id: UUID
    subject_code: str
    year: str
    day: date
    period_id: UUID | None
    start: date
    end: date
    rule: rules.Rule
    reason: str = ""  # why the cell of a closed period is open


_ABSENCES = frozenset({"unexcused", "excused", "ill", "late"})


def save_cells(*, actor: Actor, course_id: UUID, operations: Sequence[Operation]) -> list[Result]:
    """Do the operations, each by itself: one refused or late does not stop the others. Results in their order.

    Raises NotFound when the journal and all the places are not the actor's; of several, a lesson that is gone or another's
    is refused and nothing of it is told: a day without a connection may outlive a right. Sending the same operations again
    changes nothing.
    """
    scopes = require(actor, permissions.SET_MARKS)
    results: dict[UUID, Result] = {}
    strange: list[Operation] = []
    cells = [one for one in operations if one.kind != "period"]
    places = _places(actor, scopes, course_id, cells, results, set())
    for one in operations:
        if one.kind == "period":
            try:
                results[one.id] = finals.save_operation(actor=actor, course_id=course_id, operation=one)
            except NotFound:
                strange.append(one)
    if operations and len(strange) == len(operations):
        raise NotFound
    results |= {one.id: _refused_as_strange(one) for one in strange}
    wanted = [one for one in cells if one.id in places]
    if wanted:
        try:
            _write(actor, course_id, wanted, places, results)
        except IntegrityError:
            # The same operation came twice at one moment and lost the race: now its trace is there to be found.
            _write(actor, course_id, wanted, places, results)
        _summarise(course_id, wanted, places, results)
    return [results[one.id] for one in operations]


class CellIsClosed(DomainError):
    message = gettext_lazy("{why}")
    code = "cell_closed"


def require_open(*, actor: Actor, course_id: UUID, operation: Operation) -> None:
    """Raise what saving would refuse the operation with: NotFound, or CellIsClosed with the reason."""
    scopes = require(actor, permissions.SET_MARKS)
    results: dict[UUID, Result] = {}
    missing: set[UUID] = set()
    if _places(actor, scopes, course_id, [operation], results, missing):
        return
    if missing:
        raise NotFound
    raise CellIsClosed(why=results[operation.id].message)


def _places(
    actor: Actor,
    scopes: frozenset[Scope],
    course_id: UUID,
    operations: Sequence[Operation],
    results: dict[UUID, Result],
    missing: set[UUID],
) -> dict[UUID, _Place]:
    """Where each operation is to be written; those that are refused get their result here, and are `missing` when
    their lesson is not of the course or not the actor's."""
    if not operations:
        return {}
    with connection.cursor() as cursor:
        lessons, pupils = [o.lesson_id for o in operations], [o.pupil_id for o in operations]
        if len(operations) == 1:
            cursor.execute(CONTEXT_OF_ONE, [*lessons, *pupils])
        else:
            cursor.execute(CONTEXT_OF_MANY, [lessons, pupils])
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    everywhere = Scope.SCHOOL in scopes
    me = actor.person_id if Scope.OWN_LESSONS in scopes else None
    options = queries.school_options()
    right, today = schedule.lesson_right(), clock.today()
    opened = _opened(actor, course_id, rows.values())
    places: dict[UUID, _Place] = {}
    for n, one in enumerate(operations, 1):
        row = rows.get(n)
        if row is None or row[0] != course_id:
            missing.add(one.id)
            continue
        (_course, day, off, teacher, owner, class_id, subject_code, year, hours, work, maximum,
         q_id, q_start, q_end, q_closed, h_id, h_start, h_end, h_closed, grade, here, stood_in,
         part, class_kind, unmarked, at_home) = row  # fmt: skip
        if not everywhere and not right.may_write(
            me, owner=owner, teacher=teacher, is_substituted=stood_in, day=day, today=today
        ):
            missing.add(one.id)
            continue
        rule = queries.rule_of_subject(
            year=year,
            subject_code=subject_code,
            grade=grade,
            hours=hours,
            options=options,
            part=part,
            class_kind=class_kind,
        )
        if rule.period == "half_year":
            period_id, start, end, closed = h_id, h_start, h_end, h_closed
        else:
            period_id, start, end, closed = q_id, q_start, q_end, q_closed
        key = next(
            (o for o in opened if closed and o.period_id == period_id and o.covers(day, one.pupil_id)), None
        )
        status, message = _fault(
            one,
            off=off,
            closed=closed and key is None,
            here=here,
            work=work,
            maximum=maximum,
            rule=rule,
            unmarked=unmarked,
            at_home=at_home and journal_of(part=part, class_kind=class_kind, grade=grade).yields_to_home,
        )
        if status:
            results[one.id] = Result(one.id, status, one.old, message=message)
            continue
        places[one.id] = _Place(
            course_id, class_id, subject_code, year, day, period_id, start or day, end or day, rule,
            key.reason if key else "",
        )  # fmt: skip
    if results or missing:
        _tell_refused(operations, results, missing)
    unknown = [one for one in operations if one.id in missing and one.id not in results]
    if unknown:
        if len(unknown) == len(operations):
            _require_journal(actor, course_id, is_own=not everywhere)
        results |= {one.id: _refused_as_strange(one) for one in unknown}
    return places


def _refused_as_strange(one: Operation) -> Result:
    """Of a lesson or pupil that is not the actor's nothing is told but what was sent."""
    message = _("This is not in your journal any more, so it was not taken.")
    return Result(one.id, "refused", one.old, message=message)


def _require_journal(actor: Actor, course_id: UUID, *, is_own: bool) -> None:
    """Nothing of what was sent is the actor's: unless the journal is, it is not there."""
    course = schedule.course(actor=actor, course_id=course_id)
    if is_own and (actor.person_id is None or course.teacher_id != actor.person_id):
        raise NotFound


_Q_CLOSED, _H_CLOSED = 14, 18  # places in a row of the context


def _opened(actor: Actor, course_id: UUID, rows: Iterable[tuple[Any, ...]]) -> list[Opening]:
    """What is open for the actor of the closed periods that the rows name; in an open period nothing is asked."""
    closed = {row[at - 3] for row in rows for at in (_Q_CLOSED, _H_CLOSED) if row[at]}
    if not closed:
        return []
    return standing.open_now(actor=actor, course_id=course_id, period_ids=closed)


def _fault(
    one: Operation,
    *,
    off: bool,
    closed: bool,
    here: bool,
    work: str,
    maximum: int,
    rule: rules.Rule,
    unmarked: bool,
    at_home: bool,
) -> tuple[str, str]:
    """Why the cell does not take the value, in the reader's language; empty when it does."""
    if closed:
        return "locked", _("The period is closed, its marks stand.")
    if off:
        return "locked", _("The lesson is cancelled.")
    if one.new is None:
        return "", ""
    if not here:
        return "refused", _("The pupil was not in the class on this day.")
    if at_home:
        return "refused", queries.at_home.words()
    if one.field == "absence":
        return ("", "") if one.new in _ABSENCES else ("refused", _("There is no such reason of absence."))
    if one.kind != "fo" and one.kind != work:
        return "refused", _("There is no such work at this lesson.")
    if one.field == "comment":
        if is_a_comment(one.new):
            return "", ""
        return "refused", _("A comment has from 1 to {most} letters.").format(most=LONGEST_COMMENT)
    if rule.mode is rules.Mode.NONE:
        return "refused", _("No marks are given here.")
    if unmarked:
        return "refused", _("The pupil learns by a programme of his own, without marks.")
    low, high = (1, 10) if one.kind == "fo" else (0, maximum)
    if not isinstance(one.new, int) or isinstance(one.new, bool) or not low <= one.new <= high:
        return "refused", _("From {low} to {high} points.").format(low=low, high=high)
    return "", ""


def is_a_comment(text: Any) -> bool:
    return (
        isinstance(text, str) and 0 < len(text.strip()) <= len(text) <= LONGEST_COMMENT and "\0" not in text
    )


def _arrays(operations: Iterable[Operation]) -> dict[str, list[Any]]:
    rows = list(operations)
    return {
        "ops": [o.id for o in rows],
        "lessons": [o.lesson_id for o in rows],
        "pupils": [o.pupil_id for o in rows],
        "kinds": [o.kind for o in rows],
    }


def _rounds(operations: Iterable[Operation]) -> list[tuple[str, list[Operation]]]:
    """Groups to be written one after another: a cell stands once in a group, so its changes keep their order."""
    groups: list[tuple[str, list[Operation], set[tuple[Any, ...]]]] = []
    for one in operations:
        cell = (one.lesson_id, one.pupil_id, "" if one.field == "absence" else one.kind)
        last = max((n for n, g in enumerate(groups) if g[0] == one.field and cell in g[2]), default=-1)
        for name, members, cells in groups[last + 1 :]:
            if name == one.field:
                members.append(one)
                cells.add(cell)
                break
        else:
            groups.append((one.field, [one], {cell}))
    return [(name, members) for name, members, _cells in groups]


def _write(
    actor: Actor,
    course_id: UUID,
    operations: Sequence[Operation],
    places: dict[UUID, _Place],
    results: dict[UUID, Result],
) -> None:
    done: dict[UUID, int] = {}
    with connection.cursor() as cursor:
        for name, group in _rounds(operations):
            cursor.execute(STATEMENTS[name][0], _values(actor, course_id, group, places))
            done.update(cursor.fetchall())
    if done:
        events.deliver_after_commit()
    commented = {one.pupil_id for one in operations if one.id in done and one.field == "comment"}
    if commented:  # no news for those who count, but families hear of it
        settling.note(pupil_ids=commented, at=clock.now())
    late = []
    for one in operations:
        if one.id in done:
            results[one.id] = Result(one.id, "ok", one.new, done[one.id])
        else:
            late.append(one)
    if late:
        _answer_late(late, results)


def _values(
    actor: Actor, course_id: UUID, group: Sequence[Operation], places: dict[UUID, _Place]
) -> dict[str, Any]:
    place = places[group[0].id]
    news = {
        "course_id": str(course_id),
        "school_class_id": str(place.school_class_id),
        "subject_code": place.subject_code,
        "year": place.year,
    }
    return {
        **_arrays(group),
        "old": [o.old for o in group],
        "new": [o.new for o in group],
        "reasons": [o.reason or places[o.id].reason for o in group],
        "periods": [str(places[o.id].period_id or "") for o in group],
        "user": actor.user_id,
        "session": actor.session_id,
        "signature": actor.system or actor.name,
        "event": MarksChanged.name,
        "payload": json.dumps(news),
    }


def _current(
    operations: Sequence[Operation],
) -> dict[UUID, tuple[Any, int, int | None, datetime | None, bool]]:
    found = {}
    for name in STATEMENTS:
        group = [one for one in operations if one.field == name]
        if group:
            with connection.cursor() as cursor:
                cursor.execute(STATEMENTS[name][1], _arrays(group))
                found.update({row[0]: row[1:] for row in cursor.fetchall()})
    return found


def _answer_late(operations: Sequence[Operation], results: dict[UUID, Result]) -> None:
    """For operations that changed nothing: done before, the same as is there already, or overtaken by another."""
    current = _current(operations)
    names = queries.names_of(by for _v, _n, by, _at, _done in current.values() if by)
    idle = [one.id for one in operations if not current[one.id][4] and current[one.id][0] == one.new]
    if idle:
        with connection.cursor() as cursor:
            cursor.execute(IDLE, [idle])
    for one in operations:
        value, version, by, at, was_done = current[one.id]
        status = "ok" if was_done or value == one.new else "conflict"
        name = names.get(by or 0, "") if status == "conflict" else ""
        results[one.id] = Result(one.id, status, value, version, name, at if status == "conflict" else None)


def _tell_refused(operations: Sequence[Operation], results: dict[UUID, Result], missing: set[UUID]) -> None:
    """A refused cell keeps what is in it: say what that is, but not of lessons that are not the actor's.

    What was done already, before the cell was closed or the lesson taken away, is answered as it was then.
    """
    refused = [one for one in operations if one.id in results or one.id in missing]
    for key, (value, version, _by, _at, was_done) in _current(refused).items():
        if was_done:
            results[key] = Result(key, "ok", value, version)
        elif key not in missing:
            results[key].value, results[key].version = value, version


def _summarise(
    course_id: UUID,
    operations: Sequence[Operation],
    places: dict[UUID, _Place],
    results: dict[UUID, Result],
) -> None:
    """The right-hand columns of the pupils whose points changed, as the rule sees them now."""
    by_period: dict[UUID | None, list[Operation]] = {}
    for one in operations:
        if one.field == "points":
            by_period.setdefault(places[one.id].period_id, []).append(one)
    for group in by_period.values():
        place = places[group[0].id]
        parts = queries.parts_of(
            course_id=course_id,
            start=place.start,
            end=place.end,
            pupil_ids={one.pupil_id for one in group},
        )
        for one in group:
            said = rules.recommend(parts.get(one.pupil_id, rules.Parts()), place.rule)
            results[one.id].summary = summary_texts(said)


def summary_texts(said: rules.Recommendation | None) -> dict[str, str]:
    """The recommendation as the grid's right-hand columns show it; a forecast stands in brackets."""
    if said is None:
        return dict.fromkeys(("fo", "sor", "soch", "percent", "recommended"), "")
    mark = mark_text(said.mark)
    return {
        "fo": "" if said.fo is None else str(rules.half_up(said.fo)),
        "sor": "" if said.sor is None else str(rules.half_up(said.sor)),
        "soch": "" if said.soch is None else str(rules.half_up(said.soch)),
        "percent": "" if said.percent is None else str(said.percent),
        "recommended": mark if said.is_complete or not mark else f"({mark})",
    }
