"""What the contingent tells the others."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PupilEnrolled(Event):
    """A pupil is in a class from that day on."""

    name = "contingent.pupil.enrolled.v1"
    pupil_id: str
    class_id: str
    since: str


@dataclass(frozen=True, kw_only=True)
class PupilsEnrolled(Event):
    """Many pupils came at once from a spreadsheet; the same fact as PupilEnrolled, told once for all of them."""

    name = "contingent.pupils.enrolled.v1"
    pupil_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PupilMoved(Event):
    """A pupil went over to another class of the school."""

    name = "contingent.pupil.moved.v1"
    pupil_id: str
    from_class_id: str
    to_class_id: str
    since: str


@dataclass(frozen=True, kw_only=True)
class PupilLeft(Event):
    """A pupil learns here no more; the last day was `on`."""

    name = "contingent.pupil.left.v1"
    pupil_id: str
    class_id: str
    on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PupilsWithdrawn(Event):
    """A load was taken back: these pupils have never been here."""

    name = "contingent.pupils.withdrawn.v1"
    pupil_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ClassesChanged(Event):
    """Who is in these classes has changed for many at once: a new year, a leave, an order cancelled."""

    name = "contingent.classes.changed.v1"
    class_ids: tuple[str, ...]
    pupil_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PupilReturned(Event):
    """A pupil who had left is back in a class from that day on."""

    name = "contingent.pupil.returned.v1"
    pupil_id: str
    class_id: str
    since: str


@dataclass(frozen=True, kw_only=True)
class PhonesChanged(Event):
    """Other numbers stand on these guardians' cards; the cards say which."""

    name = "contingent.phones.changed.v1"
    guardian_ids: tuple[str, ...]
