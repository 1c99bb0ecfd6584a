"""The teacher's page: questions to her, and the lessons that she takes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.schedule import permissions
from modules.schedule.substitutions import queries, services
from modules.schedule.substitutions.models import Question
from ui import render
from ui.toasts import Tone


@require_GET
@requires(permissions.STAND_IN)
def standing_in(request: Request) -> HttpResponse:
    """What waits for one's answer, and what one has taken."""
    actor = request.actor
    context = {
        "questions": queries.questions_to(actor=actor),
        "taken": queries.taken_by(actor=actor, since=clock.today()),
    }
    return render.page(request, "schedule/standing_in.html", context, help="schedule/standing-in")


@require_POST
@requires(permissions.STAND_IN)
def answer(request: Request, question_id: UUID) -> HttpResponse:
    """Yes or no; whoever was second is told calmly."""
    back = HttpResponseRedirect(reverse("schedule:standing_in"))
    is_yes = request.POST.get("answer") == "yes"
    try:
        done = services.answer(actor=request.actor, question_id=question_id, is_yes=is_yes)
    except NotFound:
        raise
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="info")
    said = {
        Question.Answer.YES: _("Thank you! The lesson is yours: it stands in your day."),
        Question.Answer.NO: _("Understood. Somebody else will be asked."),
        Question.Answer.LATE: _(
            "Thank you! A colleague was a moment earlier, the lesson has been provided for."
        ),
    }
    kind: Tone = "success" if done.answer == Question.Answer.YES else "info"
    return render.toast(request, back, said[Question.Answer(done.answer)], kind=kind)
