"""СОР and СОЧ of the running quarter: accepted by parallels as the product proposes them, one class still to be
accepted, and one that would write four СОЧ on a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from kernel import clock
from kernel.access import Actor
from modules.journal.planner import queries, services
from modules.journal.planner.rules import Work
from modules.schedule import api as schedule

# Among its classes the deputy finds the open proposal and the day that breaks the order.
SHOWN = 7


def keep(*, year: str) -> int:
    """Put the works; answer how many. The caller stands in the school."""
    actor = Actor.system_actor("demo")
    period = schedule.current_period(year=year)
    if period is None or period.is_closed or period.end <= clock.today():
        return 0
    whole = queries.desk(actor=actor, period=period, of="school")
    shown = list(dict.fromkeys(c.school_class_id for c in whole.courses.values() if c.grade == SHOWN))
    accepted = [f"g{grade}" for grade in whole.grades if grade != SHOWN]
    accepted += [str(one) for one in (shown[:-1] if len(shown) > 1 else shown)]
    count = 0
    for of in accepted:
        desk = queries.desk(actor=actor, period=period, of=of)
        count += services.accept(actor=actor, period_id=period.id, of=of, seen=desk.seen)
    for one in shown[-2:-1]:
        _crowd(actor, queries.desk(actor=actor, period=period, of=str(one)))
    return count


def _crowd(actor: Actor, desk: queries.Desk) -> None:
    """One СОЧ more goes to a day that has three already."""
    days: dict[tuple[UUID, date], list[Work]] = defaultdict(list)
    movable: list[Work] = []
    for line in desk.lines:
        for cell in line.cells:
            for chip in cell:
                if chip.work.kind == "soch" and not chip.is_proposed:
                    days[chip.work.class_id, chip.work.day].append(chip.work)
                    if not chip.work.has_marks and chip.work.day > clock.today():
                        movable.append(chip.work)
    full = sorted(
        (day, room) for (room, day), works in days.items() if len(works) >= 2 and day > clock.today()
    )
    for day, room in full[::-1]:
        present = {one.subject for one in days[room, day]}
        for work in movable:
            column = desk.days.index(day)
            is_free = column in desk.columns[work.course_id]
            if work.id is None or work.class_id != room or work.subject in present or not is_free:
                continue
            lesson = queries.free_lesson(course_id=work.course_id, day=day)
            services.move(actor=actor, work_id=work.id, lesson_id=lesson)
            present.add(work.subject)
            if len(present) > 3:
                return
