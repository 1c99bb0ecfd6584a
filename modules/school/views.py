"""Pages: the first page, the start of a school, the profile, the settings."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import api as documents
from documents import excel
from identity import api as identity
from identity.data import HeldFilter
from identity.models import User
from kernel import clock, jobs
from kernel.access import requires, signed_in
from kernel.errors import DomainError, NotFound
from kernel.http import Request, picture
from kernel.models import Job
from kernel.names import kazakh_order
from modules.school import (
    access,
    forms,
    home,
    permissions,
    queries,
    services,
    settings_register,
    slips,
    start,
)
from modules.school.data import KIND_LABELS, LANGUAGE_LABELS, LOGO, OWNERSHIP_LABELS, StepState
from notify import api as notify
from tenants import permissions as tenants_permissions
from tenants.api import State
from tenants.exports import taking_along
from tenants.lifecycle import doors
from tenants.lifecycle import queries as lifecycle
from ui import render


@require_GET
@signed_in
def first_page(request: Request) -> HttpResponse:
    """What needs this person today."""
    actor = request.actor
    if home.is_family(actor):
        try:
            return redirect(reverse("family:home"))
        except NoReverseMatch:
            pass  # a school without that room shows everybody its first page
    steps: list[StepState] = []
    if actor.may(permissions.EDIT_PROFILE) and queries.setting("school.show_start"):
        steps = start.unfinished(actor=actor)
    context = {
        "greeting": str(home.greeting()).format(name=home.first_names(actor.name)),
        "day": documents.in_words(clock.today(), get_language() or "kk", weekday=True),
        **start.card(steps),
        "shortcuts": home.shortcuts(actor),
        "notes": notify.latest(actor=actor, limit=4),
    }
    return render.page(request, "school/home.html", context, help="school/home")


@require_GET
@requires(permissions.EDIT_PROFILE)
def start_page(request: Request) -> HttpResponse:
    """The steps of the start, in order, each with its state and the ways to do it."""
    return _start_page(request)


def _start_page(request: Request, code: str = "", fault: Any = "") -> HttpResponse:
    steps = [
        replace(one, fault=str(fault)) if fault and one.step.code == code else one
        for one in start.states(actor=request.actor)
    ]
    context = {
        "steps": steps,
        "steps_done": sum(one.settled for one in steps),
        "next_code": next((one.step.code for one in steps if not one.settled), ""),
    }
    status = 422 if fault else 200
    return render.page(request, "school/start.html", context, help="school/start", status=status)


@require_POST
@requires(permissions.EDIT_PROFILE)
def skip_step(request: Request, code: str) -> HttpResponse:
    """Say that the school does not need a step, and why."""
    step = start.get(code)
    form = forms.SkipForm(request.POST)
    if not form.is_valid():
        return _start_page(request, code, form.errors["reason"][0])
    try:
        services.skip_step(actor=request.actor, code=code, reason=form.cleaned_data["reason"])
    except services.StepIsNeeded as refusal:
        return _start_page(request, code, refusal)
    undo = reverse("school:resume_step", args=[code])
    said = _("Not needed: {step}").format(step=step.label)
    return render.toast(request, redirect("school:start"), said, undo_url=undo)


@require_POST
@requires(permissions.EDIT_PROFILE)
def resume_step(request: Request, code: str) -> HttpResponse:
    """Take a step up again."""
    services.resume_step(actor=request.actor, code=code)
    return redirect("school:start")


@require_GET
@requires(permissions.VIEW_PROFILE)
def profile(request: Request) -> HttpResponse:
    """The school's details today, and every earlier version."""
    history = queries.history(actor=request.actor)
    shown = queries.profile()
    context = {
        "profile": shown,
        "kind": KIND_LABELS.get(shown.kind, shown.kind),
        "ownership": OWNERSHIP_LABELS.get(shown.ownership, shown.ownership),
        "languages": ", ".join(str(LANGUAGE_LABELS.get(code, code)) for code in shown.languages),
        "history": [
            (row, queries.differences(row, older)) for row, older in zip_longest(history, history[1:])
        ],
        "may_edit": request.actor.may(permissions.EDIT_PROFILE),
        "logo_form": forms.LogoForm(),
    }
    return render.page(request, "school/profile.html", context, help="school/profile")


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT_PROFILE)
def edit_profile(request: Request) -> HttpResponse:
    """Give the school other details."""
    form = forms.ProfileForm(queries.profile(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        seen = values.pop("seen")
        try:
            services.change_profile(actor=request.actor, seen=UUID(seen) if seen else None, **values)
        except services.NotFilledRight as refusal:
            for field, said in refusal.faults.items():
                form.add_error(field if field in form.fields else None, said)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, redirect("school:profile"), _("The school's details are saved."))
    if form.errors:
        return render.refused(request, "school/profile_form.html", {"form": form}, help="school/profile")
    return render.page(request, "school/profile_form.html", {"form": form}, help="school/profile")


@require_GET
@requires(permissions.VIEW_PROFILE)
def logo(request: Request) -> HttpResponse:
    """The school's logo of today."""
    return picture(queries.profile().logo_id, purpose=LOGO)


@require_POST
@requires(permissions.EDIT_PROFILE)
def set_logo(request: Request) -> HttpResponse:
    """Another logo from today on, or none."""
    back = redirect("school:profile")
    if "drop" in request.POST:
        services.drop_logo(actor=request.actor)
        return render.toast(request, back, _("The logo is removed. Papers of earlier days keep it."))
    form = forms.LogoForm(request.POST, request.FILES)
    if not form.is_valid():
        return render.toast(request, back, _("Choose a picture first."), kind="danger")
    try:
        services.set_logo(actor=request.actor, content=form.cleaned_data["logo"].content)
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("The logo is saved."))


def _by_grade(label: str) -> tuple[int, list[int]]:
    """2А before 10А."""
    letters = label.lstrip("0123456789")
    return int(label[: len(label) - len(letters)] or 0), kazakh_order(letters)


@require_http_methods(["GET", "POST"])
@requires(identity.permissions.MANAGE_ACCOUNTS)
def login_slips(request: Request) -> HttpResponse:
    """Choose who gets a login slip, and print the sheet, this once."""
    refusal = ""
    if request.method == "POST":
        try:
            ids = [int(one) for one in request.POST.getlist("user") if one.isascii() and one.isdigit()]
            shape: documents.Shape = "cards" if request.POST.get("shape") == "cards" else "slips"
            printed = slips.print_for(actor=request.actor, user_ids=ids, shape=shape)
        except DomainError as refused:
            refusal = str(refused)
        else:
            response = HttpResponse(printed.content, content_type="application/pdf")
            response.headers["Content-Disposition"] = excel.attachment(printed.name)
            response.headers["Cache-Control"] = "no-store"
            return response
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:60]
    place = request.GET.get("place", "")
    found = slips.waiting(actor=request.actor, kind=kind, text=text)
    places = list(dict.fromkeys(one for person in found for one in person.place.split(", ") if one))
    people = [one for one in found if place in one.place.split(", ")] if place else found
    context = {
        "people": people[: slips.MOST_AT_ONCE],
        "more": max(0, len(people) - slips.MOST_AT_ONCE),
        "kind": kind,
        "text": text,
        "place": place,
        "places": sorted(places, key=_by_grade),
        "kinds": User.PersonKind.choices,
        "refusal": refusal,
    }
    status = 422 if refusal else 200
    return render.page(request, "school/slips.html", context, help="school/slips", status=status)


def _held(request: Request) -> HeldFilter:
    asked = request.GET
    return HeldFilter(
        search=asked.get("q", "").strip()[:60],
        role=asked.get("role", "")[:40],
        kind=asked.get("kind", "staff")[:10],
        state=asked.get("state", "")[:10],
        sort=asked.get("sort", "name")[:10],
    )


@require_GET
@requires(identity.permissions.READ_AUDIT)
def access_review(request: Request) -> HttpResponse:
    """Who holds which role, since when and from whom."""
    return _review_page(request)


def _review_page(request: Request, refusal: str = "") -> HttpResponse:
    wanted = _held(request)
    page, rows = identity.page_of_access(actor=request.actor, wanted=wanted, number=request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows,
        "wanted": wanted,
        "roles": list(identity.role_labels().items()),
        "kinds": User.PersonKind.choices,
        "query": request.GET.urlencode(),
        "may_open": request.actor.may(identity.permissions.MANAGE_ACCOUNTS),
        "refusal": refusal,
    }
    status = 422 if refusal else 200
    return render.page(request, "school/access.html", context, help="school/access", status=status)


@require_GET
@requires(identity.permissions.READ_AUDIT)
@identity.proved(file=True)
def access_workbook(request: Request) -> HttpResponse:
    sheet = access.review_sheet(actor=request.actor, wanted=_held(request))
    return excel.response(sheet.title, [sheet])


@require_GET
@requires(identity.permissions.READ_AUDIT)
@identity.proved(file=True)
def access_paper(request: Request) -> HttpResponse:
    """The review as it is filtered, for an inspector."""
    try:
        printed = access.print_review(actor=request.actor, wanted=_held(request))
    except access.TooLong as refused:
        return _review_page(request, str(refused))
    response = HttpResponse(printed.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(printed.name)
    return response


@require_GET
@requires(permissions.VIEW_PROFILE)
def settings(request: Request) -> HttpResponse:
    """Every rule that the school may set: its value, the default, and where the rule comes from."""
    sections: dict[str, list[Any]] = {}
    for one in queries.settings(actor=request.actor):
        sections.setdefault(str(one.setting.section), []).append(one)
    context = {
        "sections": list(sections.items()),
        "may_edit": request.actor.may(permissions.EDIT_SETTINGS),
    }
    return render.page(request, "school/settings.html", context, help="school/settings")


def _turns_safety(request: Request) -> bool:
    """A figure of sign-in and roles is about to be chosen: at a computer left open it could be loosened."""
    code = request.resolver_match.kwargs["code"] if request.resolver_match else ""
    return identity.sends(request) and code in {one.code for one in (*identity.FIGURES, *identity.CHOICES)}


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT_SETTINGS)
@identity.proved(when=_turns_safety)
def edit_setting(request: Request, code: str) -> HttpResponse:
    """Choose another value of one rule."""
    if code not in settings_register.REGISTER:
        raise NotFound
    declared = settings_register.get(code)
    restores = "restore" in request.POST
    typed = request.POST if request.method == "POST" and not restores else None
    form = forms.SettingForm(declared, queries.setting(code), typed)
    if restores or form.is_valid():
        asked = declared.default if restores else form.cleaned_data["value"]
        try:
            services.change_setting(actor=request.actor, code=code, value=asked)
        except DomainError as refusal:
            form.add_error("value", str(refusal))
        else:
            return render.toast(request, redirect("school:settings"), _("The rule is saved."))
    template = "school/setting_form.html"
    context: dict[str, Any] = {"form": form, "setting": declared}
    context["default"] = declared.in_words(declared.default)
    if form.errors:
        return render.refused(request, template, context, help="school/settings")
    return render.page(request, template, context, help="school/settings")


@require_GET
@requires(tenants_permissions.SEE_CONTRACT)
def contract(request: Request) -> HttpResponse:
    """The contract with the vendor: how the school stands, what comes when, and what can be taken along."""
    standing = lifecycle.standing()
    context = {
        "standing": standing,
        "state": State(standing.state),
        "comes": standing.comes and State(standing.comes.state).label,
        "steps": [
            (State(one.state).label, one.since, one.state == standing.state) for one in standing.steps[1:]
        ],
        "lists": doors.lists_of(request.actor),
        "archive": next(
            (row for row in jobs.mine(actor=request.actor) if row.kind == taking_along.MAKE), None
        ),
    }
    return render.page(request, "school/contract.html", context, help="school/contract")


@require_POST
@requires(tenants_permissions.SEE_CONTRACT)
@identity.proved
def take_along(request: Request) -> HttpResponse:
    """Have all data of the school made into one archive in open formats."""
    return redirect("school:take_along_job", taking_along.ask(actor=request.actor).pk)


@require_GET
@requires(tenants_permissions.SEE_CONTRACT)
def take_along_job(request: Request, job_id: UUID) -> HttpResponse:
    """How far the archive is; the file when it is ready."""
    row = _archive_job(request, job_id)
    url = reverse("school:take_along_job", args=[job_id])
    if render.htmx_partial(request):
        return render.progress(request, row, url=url, done_url=url)
    context = {
        "job": row,
        "url": url,
        "is_there": taking_along.is_kept(row),
        "keeps_until": row.finished_at + taking_along.KEPT if row.finished_at else None,
    }
    return render.page(request, "school/take_along_job.html", context, help="school/contract")


@require_GET
@requires(tenants_permissions.SEE_CONTRACT)
@identity.proved(file=True)
def take_along_file(request: Request, job_id: UUID) -> HttpResponse:
    """The archive, for as long as it is kept."""
    kept, content = taking_along.take(actor=request.actor, row=_archive_job(request, job_id))
    response = HttpResponse(content, content_type=kept.content_type)
    response.headers["Content-Disposition"] = excel.attachment(kept.name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _archive_job(request: Request, job_id: UUID) -> Job:
    """The actor's own job; raises NotFound for another kind, Job.DoesNotExist for another's."""
    row = jobs.get(actor=request.actor, job_id=job_id)
    if row.kind != taking_along.MAKE:
        raise NotFound
    return row
