"""The page of a child taught at home."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.access import requires
from kernel.http import Request
from modules.journal import permissions
from modules.journal.data import ABSENCE_LETTERS
from modules.journal.kinds.queries import home
from modules.journal.services import looks
from modules.journal.views.pages import NoPeriods
from modules.schedule import api as schedule
from ui import render


@require_safe
@requires(permissions.VIEW)
def home_journal(request: Request, course_id: UUID) -> HttpResponse:
    """All that the child is taught at home in a quarter, subject by subject and lesson by lesson."""
    course, pupil_id, name = home.child_of(actor=request.actor, course_id=course_id)
    known = schedule.periods(year=course.year, kind="quarter")
    if not known:
        raise NoPeriods
    begun = [one for one in known if one.start <= clock.today()]
    usual = begun[-1] if begun else known[0]
    quarter = next((one for one in known if one.code == request.GET.get("period", "")), usual)
    found = home.journal(actor=request.actor, course=course, pupil_id=pupil_id, name=name, quarter=quarter)
    looks.saw(actor=request.actor, pupils=[pupil_id], purpose="journal.page")
    if found.ground is not None:
        looks.saw(actor=request.actor, pupils=[pupil_id], purpose="journal.home")
    context = {
        "course": course,
        "journal": found,
        "quarter": quarter,
        "quarters": tuple(known),
        "lessons": [(one, str(ABSENCE_LETTERS.get(one.absence, ""))) for one in found.lessons],
        "given": sum(one.given for one in found.subjects),
        "laid": sum(one.laid for one in found.subjects),
    }
    return render.page(request, "journal/kinds/home.html", context, help="journal/home")
