"""Development of preschool children: levels by area, at three stages of the year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.access import requires
from kernel.http import Request, path_to
from modules.journal import permissions
from modules.journal.kinds import queries, services
from modules.journal.kinds.data import LEVELS, Area, Stage
from modules.journal.services import looks
from ui import render


@require_safe
@requires(permissions.DEVELOPMENT)
def monitoring(request: Request) -> HttpResponse:
    """Preschool classes with how far their monitoring is."""
    year = render.school_year(request)
    known = queries.preschool_classes(actor=request.actor, year=year)
    if len(known) == 1:
        return HttpResponseRedirect(path_to("journal:development", known[0].id))
    return render.page(
        request, "journal/kinds/monitoring.html", {"classes": known, "year": year}, help="journal/development"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.DEVELOPMENT)
def development(request: Request, class_id: UUID) -> HttpResponse:
    """Levels of the class's children at a stage, and how many show which."""
    actor = request.actor
    school_class = queries.preschool_class(actor=actor, class_id=class_id)
    stage = _stage(request)
    pupils = queries.children(actor=actor, class_id=class_id)
    error = ""
    if request.method == "POST":
        try:
            changed = services.note_development(
                actor=actor, class_id=class_id, stage=stage, seen=_levels(request, list(pupils))
            )
        except (services.NotedMeanwhile, services.NoSuchLevel) as refusal:
            error = str(refusal)
        else:
            text = ngettext("{n} level is noted.", "{n} levels are noted.", changed).format(n=changed)
            answer = HttpResponseRedirect(f"{request.path}?stage={stage}")
            return render.toast(request, answer, text)
    looks.saw(actor=actor, pupils=pupils, purpose="journal.class")
    stands = queries.development(class_id=class_id)
    counts = queries.tally(stands)
    context = {
        "school_class": school_class,
        "stage": Stage(stage),
        "stages": list(Stage),
        "areas": list(Area),
        "levels": list(LEVELS.items()),
        "rows": [
            (key, name, [(area, _cell(request, stands, stage, key, area)) for area in Area])
            for key, name in pupils.items()
        ],
        "counts": [
            (one.label, [(area.label, _by_level(counts[one][area])) for area in Area])
            for one in Stage
            if one in counts
        ],
        "error": error,
    }
    status = 422 if error else 200
    return render.page(
        request, "journal/kinds/development.html", context, help="journal/development", status=status
    )


def _by_level(counted: Mapping[int, int]) -> list[tuple[Any, int]]:
    return [(label, counted[level]) for level, label in LEVELS.items()]


def _stage(request: Request) -> str:
    """The stage that is asked for, or the one that the month calls for."""
    asked = request.GET.get("stage", "")
    if asked in {str(one) for one in Stage}:
        return asked
    month = clock.today().month
    return "start" if month >= 9 else "middle" if month <= 2 else "end"


def _cell(request: Request, stands: Any, stage: str, pupil_id: UUID, area: str) -> dict[str, Any]:
    look = stands.get((stage, pupil_id, str(area)), queries.Look())
    typed = request.POST.get(f"level-{pupil_id}-{area}")
    return {"level": look.level if typed is None else _level(typed), "version": look.version}


def _level(typed: str) -> int | None:
    return int(typed) if typed.isdigit() else None


def _levels(request: Request, pupils: list[UUID]) -> list[services.Seen]:
    found = []
    for pupil_id in pupils:
        for area in Area:
            name = f"{pupil_id}-{area}"
            level, seen = request.POST.get(f"level-{name}"), request.POST.get(f"seen-{name}", "")
            if level is not None and seen.isdigit():
                found.append(services.Seen(pupil_id, str(area), _level(level), int(seen)))
    return found
