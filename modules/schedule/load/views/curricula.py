"""Curricula of classes and their division into groups."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imports import api as imports
from kernel.access import requires
from kernel.errors import DomainError
from kernel.http import Request
from modules.contingent import api as contingent
from modules.schedule import forms as base_forms
from modules.schedule import permissions
from modules.schedule import queries as base
from modules.schedule.load import forms, queries, services
from modules.schedule.load.views.parts import direction_label, tabs, teacher_choices
from tenants import reference
from ui import render


@require_safe
@requires(permissions.SET_LOAD)
def classes(request: Request) -> HttpResponse:
    """Classes with their hours, and what is still to be done in each."""
    rows = queries.overview(actor=request.actor, year=render.school_year(request))
    context = {
        "rows": rows,
        "tabs": tabs("load", vacant=sum(one.vacant for one in rows)),
        "may_load": "load" in imports.loadable(actor=request.actor),
    }
    return render.page(request, "schedule/load.html", context, help="schedule/load")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_LOAD)
def school_class(request: Request, class_id: UUID) -> HttpResponse:
    """The curriculum of a class: hours against the typical plan, groups, teachers; POST adds a line."""
    actor = request.actor
    found = queries.curriculum_of(actor=actor, class_id=class_id)
    one = found.school_class
    subjects = [(code, each.name) for code, each in reference.subjects().items() if one.grade in each.grades]
    pupils = [
        (str(each.id), each.list_name) for each in contingent.pupils_of_class(actor=actor, class_id=class_id)
    ]
    form = forms.AddLine(
        request.POST or None, subjects=subjects, teachers=teacher_choices(request), pupils=pupils
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.add_course(actor=actor, school_class_id=class_id, **form.values())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, HttpResponseRedirect(request.path), _("The subject is added."))
    periods = base.periods(year=one.year, kind="quarter")
    context = {
        "plan": found,
        "school_class": one,
        "direction": direction_label(found.direction),
        "names": base.short_names(
            actor=actor, teacher_ids=[c.teacher_id for line in found.lines for c in line.courses]
        ),
        "places": base.places_of_class(school_class_id=class_id),
        "form": form,
        "laying": base_forms.Laying(periods=[(str(p.id), p.label) for p in periods]) if periods else None,
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/class_load.html", context, help="schedule/load")


def _back(class_id: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("schedule:load_class", args=[class_id]))


@require_POST
@requires(permissions.SET_LOAD)
def take(request: Request, class_id: UUID) -> HttpResponse:
    """Take the typical curriculum for the class."""
    try:
        taken = services.take_typical(actor=request.actor, class_id=class_id)
    except (services.NoTypicalPlan, services.UnknownDirection) as refusal:
        return render.toast(request, _back(class_id), str(refusal), kind="danger")
    text = ngettext("{count} subject is taken.", "{count} subjects are taken.", taken).format(count=taken)
    return render.toast(request, _back(class_id), text if taken else _("Nothing was missing."))


@require_POST
@requires(permissions.SET_LOAD)
def divide(request: Request, class_id: UUID) -> HttpResponse:
    """Divide the class into groups for a subject."""
    subject = request.POST.get("subject", "")
    parts = request.POST.get("parts", "2")
    try:
        services.divide(
            actor=request.actor,
            class_id=class_id,
            subject_code=subject,
            parts=int(parts) if parts in ("2", "3", "4") else 2,
        )
    except services.CannotDivide as refusal:
        return render.toast(request, _back(class_id), str(refusal), kind="danger")
    there = HttpResponseRedirect(reverse("schedule:load_groups", args=[class_id, subject]))
    return render.toast(request, there, _("The class is divided, half by half by the list."))


@require_POST
@requires(permissions.SET_LOAD)
def undivide(request: Request, class_id: UUID) -> HttpResponse:
    """Teach the class whole again."""
    subject = request.POST.get("subject", "")
    try:
        services.undivide(actor=request.actor, class_id=class_id, subject_code=subject)
    except (services.CannotJoin, services.GroupsInUse) as refusal:
        return render.toast(request, _back(class_id), str(refusal), kind="danger")
    return render.toast(request, _back(class_id), _("The class is taught whole again."))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_LOAD)
def groups(request: Request, class_id: UUID, subject_code: str) -> HttpResponse:
    """Which pupils are in which group."""
    actor = request.actor
    table = queries.group_table(actor=actor, class_id=class_id, subject_code=subject_code)
    if not table.courses:
        return _back(class_id)
    form = forms.Since(request.POST or None)
    if request.method == "POST" and form.is_valid():
        numbers = {str(one.group): one.group for one in table.courses} | {"0": 0}
        places = {
            pupil.id: numbers[said]
            for pupil, _now in table.pupils
            if (said := request.POST.get(f"pupil-{pupil.id}", "")) in numbers
        }
        moved = services.place_pupils(
            actor=actor, class_id=class_id, subject_code=subject_code, places=places, since=form.day()
        )
        text = ngettext("{count} pupil moved.", "{count} pupils moved.", moved).format(count=moved)
        return render.toast(
            request, HttpResponseRedirect(request.path), text if moved else _("Nothing changed.")
        )
    names = base.short_names(actor=actor, teacher_ids=[one.teacher_id for one in table.courses])
    context = {"table": table, "form": form, "names": names}
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/groups.html", context, help="schedule/groups")


@require_POST
@requires(permissions.SET_LOAD)
def halve(request: Request, class_id: UUID, subject_code: str) -> HttpResponse:
    """Put the class into its groups half by half by the list."""
    try:
        services.halve(
            actor=request.actor,
            class_id=class_id,
            subject_code=subject_code,
            by_sex=request.POST.get("by") == "sex",
        )
    except services.CannotJoin as refusal:
        return render.toast(request, _back(class_id), str(refusal), kind="danger")
    there = HttpResponseRedirect(reverse("schedule:load_groups", args=[class_id, subject_code]))
    return render.toast(request, there, _("The groups are set."))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_LOAD)
def circle(request: Request, course_id: UUID) -> HttpResponse:
    """Which pupils of the class are in a club, an elective, or taught at home."""
    line, pupils = queries.circle(actor=request.actor, course_id=course_id)
    form = forms.Since(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = set(request.POST.getlist("pupil"))
        services.set_members(
            actor=request.actor,
            course_id=course_id,
            pupil_ids=[one.id for one, _inside in pupils if str(one.id) in chosen],
            since=form.day(),
        )
        return render.toast(request, _back(line.school_class_id), _("Saved."))
    answer = render.refused if form.is_bound else render.page
    shared = queries.shared(actor=request.actor, line=line)
    context = {
        "line": line,
        "pupils": pupils,
        "form": form,
        "shared": shared,
        "widening": forms.Widening(classes=shared.classes) if shared else None,
    }
    return answer(request, "schedule/circle.html", context, help="schedule/groups")


@require_POST
@requires(permissions.SET_LOAD)
def circle_add(request: Request, course_id: UUID) -> HttpResponse:
    """Let pupils of one more class attend the circle; then they are chosen."""
    line, _pupils = queries.circle(actor=request.actor, course_id=course_id)
    shared = queries.shared(actor=request.actor, line=line)
    form = forms.Widening(request.POST, classes=shared.classes if shared else ())
    here = HttpResponseRedirect(reverse("schedule:load_circle", args=[course_id]))
    if not form.is_valid():
        return render.toast(request, here, _("Choose a class."), kind="danger")
    try:
        made = services.add_class(
            actor=request.actor, course_id=course_id, class_id=form.cleaned_data["school_class"]
        )
    except DomainError as refusal:
        return render.toast(request, here, str(refusal), kind="danger")
    there = HttpResponseRedirect(reverse("schedule:load_circle", args=[made]))
    return render.toast(request, there, _("The class is added. Mark its pupils."))


@require_POST
@requires(permissions.SET_LOAD)
def drop(request: Request, course_id: UUID) -> HttpResponse:
    """Take a subject without lessons out of the load."""
    found = base.get_course(actor=request.actor, course_id=course_id)
    try:
        services.drop_course(actor=request.actor, course_id=course_id)
    except services.CourseHasLessons as refusal:
        return render.toast(request, _back(found.school_class_id), str(refusal), kind="danger")
    return render.toast(request, _back(found.school_class_id), _("The subject is taken out."))
