"""Whoever comes is written into the alphabetical book."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel.access import Actor
from kernel.events import handles
from modules.contingent.events import PupilEnrolled, PupilReturned, PupilsEnrolled
from modules.records import services


@handles(PupilEnrolled)
def write_in(event: PupilEnrolled, *, actor: Actor, at: datetime) -> None:
    services.write_in(actor=actor, pupil_ids=[UUID(event.pupil_id)])


@handles(PupilsEnrolled)
def write_all_in(event: PupilsEnrolled, *, actor: Actor, at: datetime) -> None:
    services.write_in(actor=actor, pupil_ids=[UUID(one) for one in event.pupil_ids])


@handles(PupilReturned)
def write_in_again(event: PupilReturned, *, actor: Actor, at: datetime) -> None:
    services.write_in(actor=actor, pupil_ids=[UUID(event.pupil_id)])
