"""What transfers tell the others."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PupilArrived(Event):
    """A pupil from another school learns here now; what he brought can be asked for."""

    name = "transfers.pupil.arrived.v1"
    transfer_id: str
    pupil_id: str
    first_day: str
