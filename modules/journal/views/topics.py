"""A lesson's topic and homework, written in the journal itself."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request
from modules.journal import permissions, queries
from modules.journal.templatetags.journal_grid import topic_rows
from modules.schedule import api as schedule
from modules.schedule.data import LessonInfo
from ui import render


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_MARKS)
def topic(request: Request, course_id: UUID, lesson_id: UUID) -> HttpResponse:
    """The lesson's row of the journal's topics: as a form, or saved, or as it was (`?as=row`)."""
    lesson = _lesson(request, course_id, lesson_id)
    if request.method == "POST":
        schedule.fill_lesson(
            actor=request.actor,
            lesson_id=lesson_id,
            topic=request.POST.get("topic", "").strip(),
            homework=request.POST.get("homework", "").strip(),
        )
        lesson = _lesson(request, course_id, lesson_id)
    if not render.htmx_partial(request):
        return HttpResponseRedirect(f"{reverse('journal:grid', args=[course_id])}#lesson-{lesson_id}")
    if request.method != "POST" and request.GET.get("as") != "row":
        context = {"lesson": lesson, "course_id": course_id}
        return render.page(request, "journal/_topic_form.html", context)
    draw = topic_rows(course_id)
    row = draw(
        str(lesson.id),
        lesson.date,
        lesson.topic,
        lesson.homework,
        is_off=lesson.is_cancelled,
        is_mine=True,
        is_fresh=True,
    )
    return HttpResponse(row)


def _lesson(request: Request, course_id: UUID, lesson_id: UUID) -> LessonInfo:
    """A lesson of a journal that the actor may open."""
    course = queries.open_course(actor=request.actor, course_id=course_id, needed=permissions.SET_MARKS)
    found = schedule.lessons_of_course(course_id=course.id, start=date.min, end=date.max)
    lesson = next((one for one in found if one.id == lesson_id), None)
    if lesson is None:
        raise NotFound
    return lesson
