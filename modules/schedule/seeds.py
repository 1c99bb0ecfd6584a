"""What a new school starts with: bells, and the periods of this school year and the one before."""

from __future__ import annotations

from kernel import clock
from kernel.access import Actor
from kernel.tenancy import TenantRef
from modules.schedule.year import services


def seed(ref: TenantRef) -> None:
    """Put the defaults where they are missing; what the school changed stays."""
    services.put_default_bells()
    actor = Actor.system_actor("schedule.seeds")
    year = clock.school_year_of(clock.today())
    if not services.year_is_open(year=year):
        try:
            services.open_year(actor=actor, year=year)
        except services.UnknownYear:
            return
