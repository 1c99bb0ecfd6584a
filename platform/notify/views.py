"""A person's own notifications and own long work."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel import jobs
from kernel.access import signed_in
from kernel.http import Request
from kernel.models import Job
from notify import queries, services

STOP_POLLING = 286
_ENDED = {Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED}


@require_GET
@signed_in
def notifications(request: Request) -> HttpResponse:
    """All of the person's notifications."""
    page = Paginator(queries.mine(actor=request.actor), 30).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "notes": queries.notes(page.object_list),
        "unread": queries.unread(actor=request.actor),
    }
    return render(request, "notify/notifications.html", context)


@require_GET
@signed_in
def bell(request: Request) -> HttpResponse:
    """The count and the last ones, as a fragment."""
    context = {"unread": queries.unread(actor=request.actor), "notes": queries.latest(actor=request.actor)}
    return render(request, "notify/_bell.html", context)


@require_POST
@signed_in
def open_note(request: Request, note_id: UUID) -> HttpResponse:
    """Mark one read and go where it leads."""
    return redirect(services.open_note(actor=request.actor, note_id=note_id) or "notify:notifications")


@require_POST
@signed_in
def read_all(request: Request) -> HttpResponse:
    services.mark_read(actor=request.actor)
    return redirect("notify:notifications")


@require_http_methods(["GET", "POST"])
@signed_in
def preferences(request: Request) -> HttpResponse:
    """Which topics the person wants to be told of."""
    if request.method == "POST":
        services.choose(actor=request.actor, topics_on=request.POST.getlist("topic"))
        return redirect("notify:notifications")
    return render(request, "notify/preferences.html", {"choices": queries.choices(actor=request.actor)})


@require_GET
@signed_in
def my_jobs(request: Request) -> HttpResponse:
    """The person's long work: what runs, what has ended, where the results are."""
    return render(
        request, "notify/jobs.html", {"jobs": [_shown(row) for row in jobs.mine(actor=request.actor)]}
    )


@require_GET
@signed_in
def job(request: Request, job_id: UUID) -> HttpResponse:
    """One piece of work as a fragment that asks for itself until the work ends; in the list, with its buttons."""
    row = jobs.get(actor=request.actor, job_id=job_id)
    status = STOP_POLLING if row.state in _ENDED and request.headers.get("HX-Request") == "true" else 200
    if "list" not in request.GET:
        shown = {**_shown(row), "again": reverse("notify:job", args=[row.pk])}
        return render(request, "notify/_progress.html", {"one": shown}, status=status)
    response = render(request, "notify/_job.html", {"one": _shown(row)}, status=status)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = f"#task-{row.pk}", "outerHTML"
    return response


@require_POST
@signed_in
def cancel_job(request: Request, job_id: UUID) -> HttpResponse:
    """Ask one's own work to stop."""
    jobs.get(actor=request.actor, job_id=job_id)
    jobs.cancel(actor=request.actor, job_id=job_id)
    return redirect("notify:jobs")


def _shown(row: Job) -> dict[str, object]:
    url = str(row.result.get("url", ""))
    return {
        "job": row,
        "again": f"{reverse('notify:job', args=[row.pk])}?list=1",
        "ended": row.state in _ENDED,
        "stopping": row.cancel_asked_at is not None and row.state == Job.State.RUNNING,
        "done_url": url if services.is_own_page(url) else "",
    }
