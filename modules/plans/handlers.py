"""Plans are laid anew when lessons were laid or days of the year changed."""

from __future__ import annotations

from datetime import datetime

from kernel.access import Actor
from kernel.events import handles
from modules.plans import services
from modules.schedule.events import CalendarChanged, LessonsGenerated


@handles(LessonsGenerated)
def lay_over_new_lessons(event: LessonsGenerated, *, actor: Actor, at: datetime) -> None:
    services.lay_year(actor=actor, year=event.year)


@handles(CalendarChanged)
def lay_after_days_changed(event: CalendarChanged, *, actor: Actor, at: datetime) -> None:
    services.lay_year(actor=actor, year=event.year)
