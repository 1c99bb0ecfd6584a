"""Who may hear a recording: who may open the journal, and whoever may see the child's marks.

A recording is named by its file: the one that takes its place has another address, which no browser has kept.
"""

from __future__ import annotations

from uuid import UUID

from kernel.access import Actor
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.journal.queries import open_course
from modules.journal.voices.models import Voice

PURPOSE = "journal-voice"  # of the files


def file_in_journal(*, actor: Actor, course_id: UUID, file_id: UUID) -> UUID:
    """The file of a recording in the journal; raises NotFound where the journal is not the actor's."""
    course = open_course(actor=actor, course_id=course_id)
    if not Voice.objects.filter(file_id=file_id, lesson__course_id=course.id).exists():
        raise NotFound
    return file_id


def file_for_family(*, actor: Actor, pupil_id: UUID, file_id: UUID) -> UUID:
    """The file of a recording about the child; raises NotFound for a child whom the actor may not see."""
    contingent.pupil(actor=actor, pupil_id=pupil_id)
    if not Voice.objects.filter(file_id=file_id, pupil_id=pupil_id).exists():
        raise NotFound
    return file_id
