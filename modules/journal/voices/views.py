"""The recorder's requests, and the sound itself."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from kernel.access import requires
from kernel.errors import DomainError
from kernel.http import Request, sound
from modules.journal import permissions
from modules.journal.views.saving import NotUnderstood
from modules.journal.voices import forms, queries, services


@require_POST
@requires(permissions.SET_MARKS)
def keep(request: Request, course_id: UUID) -> HttpResponse:
    """A recording comes by itself, when the person pressed "Save" under it."""
    form = forms.VoiceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(NotUnderstood())
    given = form.cleaned_data
    try:
        row = services.keep(
            actor=request.actor,
            course_id=course_id,
            lesson_id=given["lesson"],
            pupil_id=given["pupil"],
            kind=given["kind"],
            content=given["clip"].content,
            seconds=given["seconds"],
        )
    except DomainError as refusal:
        return _refused(refusal)
    return JsonResponse({"id": str(row.file_id), "seconds": row.seconds})


@require_POST
@requires(permissions.SET_MARKS)
def take_back(request: Request, course_id: UUID, file_id: UUID) -> HttpResponse:
    """Delete the recording."""
    try:
        services.take_back(actor=request.actor, course_id=course_id, file_id=file_id)
    except DomainError as refusal:
        return _refused(refusal)
    return JsonResponse({})


@require_safe
@requires(permissions.VIEW)
def hear(request: Request, course_id: UUID, file_id: UUID) -> HttpResponse:
    """The sound, for who may open the journal."""
    found = queries.file_in_journal(actor=request.actor, course_id=course_id, file_id=file_id)
    return sound(request, found, purpose=queries.PURPOSE)


def _refused(refusal: DomainError) -> HttpResponse:
    return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=refusal.status)
