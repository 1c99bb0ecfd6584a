"""The history of marks for those who answer for journals."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from identity import api as identity
from kernel import audit
from kernel.access import requires
from kernel.http import Request, path_to
from modules.contingent import api as contingent
from modules.journal import permissions, queries
from modules.journal.changes.registers import CHANGES
from registers import api as registers


@require_safe
@requires(permissions.HISTORY)
def changes(request: Request) -> HttpResponse:
    """Who changed which cell, the newest first."""
    return registers.show(request, CHANGES, help="journal/changes")


@require_safe
@requires(permissions.HISTORY)
@identity.proved(file=True)
def changes_excel(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, CHANGES)


@require_safe
@requires(permissions.HISTORY)
def changes_of(request: Request, course_id: UUID) -> HttpResponse:
    """The history of one journal: the list, narrowed to its class and subject."""
    course = queries.open_course(actor=request.actor, course_id=course_id)
    asked = urlencode({"class": str(course.school_class_id), "subject": course.subject_code})
    return HttpResponseRedirect(f"{path_to('journal:changes')}?{asked}")


@require_safe
@requires(permissions.HISTORY)
def changes_of_pupil(request: Request, pupil_id: UUID) -> HttpResponse:
    """The history of one pupil's marks: the list, narrowed to him, not to his name. That it was looked at is logged."""
    pupil = contingent.pupil(actor=request.actor, pupil_id=pupil_id)
    audit.viewed(actor=request.actor, subject="pupil", subject_ids=[pupil_id], purpose="journal.changes")
    return HttpResponseRedirect(f"{path_to('journal:changes')}?{urlencode({'pupil': str(pupil.id)})}")
