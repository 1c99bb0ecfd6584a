"""A lesson's topic and homework, written in the journal itself; the topic is offered from the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.journal import permissions, queries
from modules.journal.kinds.rules import journal_of_course
from modules.journal.opening.queries import standing
from modules.journal.templatetags.journal_grid import topic_rows
from modules.plans import api as plans
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, LessonInfo
from ui import render


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_MARKS)
def topic(request: Request, course_id: UUID, lesson_id: UUID) -> HttpResponse:
    """The lesson's row of the journal's topics: as a form, or saved, or as it was (`?as=row`)."""
    course, lesson = _lesson(request, course_id, lesson_id)
    has_homework = journal_of_course(course).has_homework
    if request.method == "POST":
        topic_, homework = (request.POST.get(name, "").strip() for name in ("topic", "homework"))
        try:
            schedule.fill_lesson(
                actor=request.actor,
                lesson_id=lesson_id,
                topic=topic_,
                homework=homework if has_homework else None,
            )
        except schedule.LessonIsClosed as refusal:
            typed = replace(lesson, topic=topic_, homework=homework)
            context = {"lesson": typed, "course_id": course_id, "topic": topic_, "refusal": refusal}
            context |= {
                "has_homework": has_homework,
                "asks": standing.may_ask(actor=request.actor, course=course),
            }
            context["period"] = next(
                (
                    one
                    for one in schedule.periods(year=course.year, kind=course.period_kind)
                    if lesson.date in one
                ),
                None,
            )
            return render.refused(request, "journal/_topic_form.html", context)
        course, lesson = _lesson(request, course_id, lesson_id)
    if not render.htmx_partial(request):
        return HttpResponseRedirect(f"{reverse('journal:grid', args=[course_id])}#lesson-{lesson_id}")
    if request.method != "POST" and request.GET.get("as") != "row":
        planned = None if lesson.topic else plans.planned_topics(course_id=course_id).get(lesson_id)
        topic = lesson.topic or (planned.topic if planned else "")
        context = {"lesson": lesson, "course_id": course_id, "planned": planned, "topic": topic}
        context["has_homework"] = has_homework
        return render.page(request, "journal/_topic_form.html", context)
    draw = topic_rows(course_id, has_homework=has_homework)
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


def _lesson(request: Request, course_id: UUID, lesson_id: UUID) -> tuple[CourseInfo, LessonInfo]:
    """A lesson of a journal that the actor may open, and the journal's course."""
    course = queries.open_course(actor=request.actor, course_id=course_id, needed=permissions.SET_MARKS)
    found = schedule.lessons_of_course(course_id=course.id, start=date.min, end=date.max)
    lesson = next((one for one in found if one.id == lesson_id), None)
    if lesson is None:
        raise NotFound
    return course, lesson


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_MARKS)
def planned_topics(request: Request, course_id: UUID) -> HttpResponse:
    """Held lessons without a topic, each with what the plan has for it: ticked ones are written at one press."""
    actor = request.actor
    course = queries.open_course(actor=actor, course_id=course_id, needed=permissions.SET_MARKS)
    planned = plans.planned_topics(course_id=course.id)
    lacking = [
        one
        for one in schedule.lessons_of_course(course_id=course.id, start=date.min, end=clock.today())
        if not one.topic and not one.is_cancelled
    ]
    closed = standing.closed_days(actor=actor, course=course, days=[one.date for one in lacking])
    stands = sum(1 for one in lacking if one.date in closed)
    lacking = [one for one in lacking if one.date not in closed]
    if request.method == "POST":
        wanted = set(request.POST.getlist("lesson"))
        written, refused = 0, 0
        for lesson in lacking:
            if str(lesson.id) in wanted and lesson.id in planned and planned[lesson.id].topic:
                try:
                    schedule.fill_lesson(actor=actor, lesson_id=lesson.id, topic=planned[lesson.id].topic)
                except DomainError:  # a substitute's lesson is not one's own
                    refused += 1
                else:
                    written += 1
        text = ngettext("{n} topic is written.", "{n} topics are written.", written).format(n=written)
        if refused:
            text += " " + ngettext(
                "{n} lesson was given by somebody else.", "{n} lessons were given by somebody else.", refused
            ).format(n=refused)
        answer = HttpResponseRedirect(f"{reverse('journal:grid', args=[course.id])}#topics")
        return render.toast(request, answer, text, kind="warning" if refused else "success")
    context = {
        "course": course,
        "lines": [(one, planned.get(one.id)) for one in lacking],
        "stands": stands,
        "offered": sum(1 for one in lacking if one.id in planned and planned[one.id].topic),
        "plan_id": next((one.plan_id for one in planned.values()), None),
        "title": _("Topics from the plan"),
    }
    return render.page(request, "journal/planned_topics.html", context, help="journal/grid")
