"""News from below that make figures old."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel.access import Actor
from kernel.events import handles
from modules.analytics import services
from modules.contingent.events import (
    ClassesChanged,
    PupilEnrolled,
    PupilLeft,
    PupilMoved,
    PupilReturned,
    PupilsEnrolled,
    PupilsWithdrawn,
)
from modules.journal import api as journal
from modules.journal.events import MarksChanged
from modules.school.events import SettingChanged


@handles(MarksChanged)
def count_journal_again(event: MarksChanged, *, actor: Actor, at: datetime) -> None:
    services.note_changed(
        actor=actor,
        period_id=UUID(event.period_id),
        school_class_id=UUID(event.school_class_id),
        subject_code=event.subject_code,
    )


@handles(PupilsEnrolled)
def count_pupils_again(event: PupilsEnrolled, *, actor: Actor, at: datetime) -> None:
    services.ask_refresh(actor=actor)


@handles(PupilsWithdrawn)
def count_pupils_without_them(event: PupilsWithdrawn, *, actor: Actor, at: datetime) -> None:
    services.ask_refresh(actor=actor)


@handles(PupilEnrolled)
def count_class_of_newcomer(event: PupilEnrolled, *, actor: Actor, at: datetime) -> None:
    services.note_classes_changed(actor=actor, class_ids=[UUID(event.class_id)])


@handles(PupilMoved)
def count_both_classes(event: PupilMoved, *, actor: Actor, at: datetime) -> None:
    services.note_classes_changed(actor=actor, class_ids=[UUID(event.from_class_id), UUID(event.to_class_id)])


@handles(PupilReturned)
def count_class_of_returned(event: PupilReturned, *, actor: Actor, at: datetime) -> None:
    services.note_classes_changed(actor=actor, class_ids=[UUID(event.class_id)])


@handles(ClassesChanged)
def count_changed_classes(event: ClassesChanged, *, actor: Actor, at: datetime) -> None:
    services.note_classes_changed(actor=actor, class_ids=map(UUID, event.class_ids))


@handles(PupilLeft)
def count_class_left(event: PupilLeft, *, actor: Actor, at: datetime) -> None:
    if event.class_id:
        services.note_classes_changed(actor=actor, class_ids=[UUID(event.class_id)])


@handles(SettingChanged)
def count_by_the_new_rule(event: SettingChanged, *, actor: Actor, at: datetime) -> None:
    if event.code in journal.RULE_SETTINGS:
        services.note_all_changed(actor=actor)
