"""What the grid asks while somebody types: save cells, show a cell's history, count what a pupil still needs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.journal import permissions, queries, rules, services
from modules.journal.changes.queries import shown
from modules.journal.services import Operation, Result, looks
from modules.journal.views.pages import opened

_KINDS = frozenset({"fo", "sor", "soch", "period"})
_FIELDS = frozenset({"points", "absence", "comment"})
_MOST_SENT = 2000  # whoever sends more is not the page; how long a comment may be is said by the service


class NotUnderstood(DomainError):
    message = _("The page sent something that cannot be read. Load it again.")
    code = "not_understood"
    status = 400


class NotYourJournal(NotFound):
    message = _("This is not in your journal any more, so it was not taken.")


def _value(given: Any, field: str) -> Any:
    if given is None:
        return None
    if field == "points" and isinstance(given, int) and not isinstance(given, bool) and -1000 < given < 1000:
        return given
    if field == "absence" and isinstance(given, str) and len(given) <= 20:
        return given
    if field == "comment" and isinstance(given, str) and len(given) <= _MOST_SENT and "\0" not in given:
        return given
    raise NotUnderstood


def _operation(given: Any) -> Operation:
    try:
        kind, field = given["kind"], given["field"]
        if kind not in _KINDS or field not in _FIELDS or (kind == "period" and field != "points"):
            raise NotUnderstood
        return Operation(
            id=UUID(given["id"]),
            lesson_id=UUID(given["lesson"]),
            pupil_id=UUID(given["pupil"]),
            kind=kind,
            field=field,
            old=_value(given.get("old"), field),
            new=_value(given.get("new"), field),
            reason=str(given.get("reason") or "")[:300],
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NotUnderstood from None


def _read(body: bytes) -> tuple[UUID, list[Operation]]:
    try:
        asked = json.loads(body)
        course_id, given = UUID(asked["course"]), asked["operations"]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NotUnderstood from None
    if not isinstance(given, list) or len(given) > services.MOST_AT_ONCE:
        raise NotUnderstood
    operations = [_operation(one) for one in given]
    if len({one.id for one in operations}) != len(operations):
        raise NotUnderstood
    return course_id, operations


def _answer(result: Result) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "id": str(result.id),
        "status": result.status,
        "value": result.value,
        "version": result.version,
    }
    if result.by:
        answer["by"] = result.by
    if result.at is not None:
        answer["at"] = _moment(result.at)
    if result.message:
        answer["message"] = result.message
    if result.summary:
        answer["summary"] = result.summary
    return answer


@require_POST
@requires(permissions.SET_MARKS)
def save(request: Request) -> HttpResponse:
    """Do the operations one by one; each has its own answer."""
    course_id, operations = _read(request.body)
    try:
        results = services.save_cells(actor=request.actor, course_id=course_id, operations=operations)
    except NotFound:
        # The same as of a journal that never was; but who typed without a connection reads why it was not taken.
        raise NotYourJournal from None
    return JsonResponse({"results": [_answer(one) for one in results]})


@require_safe
@requires(permissions.VIEW)
def history(request: Request, course_id: UUID) -> HttpResponse:
    """Who changed the cell, when, from what to what; newest first."""
    kind = request.GET.get("kind", "")
    try:
        lesson, pupil = UUID(request.GET.get("lesson", "")), UUID(request.GET.get("pupil", ""))
    except ValueError:
        raise NotUnderstood from None
    place = {"period_id": lesson} if kind == "period" else {"lesson_id": lesson, "kind": kind}
    lines = queries.history(actor=request.actor, course_id=course_id, pupil_id=pupil, **place)
    if lines:
        looks.saw(actor=request.actor, pupils=[pupil], purpose="journal.page")
    return JsonResponse(
        {
            "items": [
                {
                    "at": _moment(line.at),
                    "by": line.by,
                    "device": line.device,
                    "field": line.field,
                    "old": shown(line.old, line.field),
                    "new": shown(line.new, line.field),
                    "reason": line.reason,
                }
                for line in lines
            ]
        }
    )


@require_safe
@requires(permissions.VIEW)
def needed(request: Request, course_id: UUID) -> HttpResponse:
    """How the pupil stands in the period and what the next marks still take."""
    try:
        pupil_id = UUID(request.GET.get("pupil", ""))
    except ValueError:
        raise NotUnderstood from None
    course, period, _known = opened(request, course_id)
    stands = queries.standing(actor=request.actor, course=course, period=period, pupil_id=pupil_id)
    looks.saw(actor=request.actor, pupils=[pupil_id], purpose="journal.page")
    now = services.summary_texts(stands.said)
    percent = f"{now['percent']} %" if now["percent"] else ""
    return JsonResponse(
        {
            "now": ", ".join(part for part in (now["recommended"], percent) if part),
            "works": [{"mark": one.mark, "text": _points_needed(one)} for one in stands.needed],
            "note": _why_so(stands),
        }
    )


def _points_needed(one: rules.Needed) -> str:
    if one.points is None:
        return str(_("the SOCH alone cannot bring it any more"))
    if not one.points:
        return str(_("safe already"))
    return str(_("{points} of {maximum} points of the SOCH")).format(points=one.points, maximum=one.maximum)


def _why_so(stands: queries.Standing) -> str:
    if not stands.needed:
        return str(_("No SOCH is ahead: the mark follows from what stands in the journal."))
    if stands.is_planned:
        return str(_("The SOCH of this period has {maximum} points.")).format(
            maximum=stands.needed[0].maximum
        )
    return str(_("The SOCH is not planned yet: counted with the usual {maximum} points.")).format(
        maximum=stands.needed[0].maximum
    )


def _moment(value: datetime) -> str:
    """A moment for JSON, in the school's time."""
    return value.astimezone(clock.ALMATY).isoformat(timespec="seconds")
