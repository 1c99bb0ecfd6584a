"""Breaches: the list, a new one, its persons with the notice, and the spreadsheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from identity import api as identity
from kernel import audit, clock, jobs
from kernel.access import requires
from kernel.errors import DomainError
from kernel.http import Request
from kernel.models import Job
from modules.breaches import notices, permissions, queries, services
from modules.breaches.data import WAYS, Way
from modules.breaches.forms import BreachForm
from modules.breaches.models import Breach
from registers import excel
from ui import figures, render

PAGE, BATCH = 50, 500


@require_GET
@requires(permissions.MANAGE)
def index(request: Request) -> HttpResponse:
    """What was noted, and the way to the next: an account, or the whole school."""
    text = request.GET.get("q", "").strip()[:80]
    context = {
        "rows": list(queries.breaches(actor=request.actor)[:100]),
        "text": text,
        "found": identity.find_accounts(text, limit=20) if text else [],
        "today": clock.today(),
    }
    template = "breaches/_accounts.html" if render.htmx_partial(request) else "breaches/index.html"
    return render.page(request, template, context, help="breaches/breaches")


@require_http_methods(["GET", "POST"])
@requires(permissions.MANAGE)
def new(request: Request) -> HttpResponse:
    """What is known: with `user` of an account, one of its sign-ins or tokens; without it of the whole school."""
    wanted = request.GET.get("user", "")
    user_id = int(wanted) if wanted.isdecimal() and len(wanted) < 15 else None
    whose = identity.name_of(user_id) if user_id is not None else ""
    known = _ways(user_id)
    ways = [(choice, f"{words}: {detail}" if detail else words) for choice, (words, detail) in known.items()]
    form = BreachForm(request.POST or None, ways=ways)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        chosen = given.pop("way")
        way, __, number = chosen.partition(":")
        try:
            row = services.note(
                actor=request.actor,
                way=Way(way),
                user_id=user_id,
                way_id=int(number) if number else None,
                whose=", ".join(part for part in (whose, known[chosen][1]) if part),
                **given,
            )
        except DomainError as no:
            form.add_error("until", str(no))
        else:
            page = reverse("breaches:show", args=[row.pk])
            services.start(actor=request.actor, breach_id=row.pk, url=page)
            return HttpResponseRedirect(page)
    context = {"form": form, "whose": whose}
    status = 422 if request.method == "POST" else 200
    return render.page(request, "breaches/new.html", context, help="breaches/breaches", status=status)


def _ways(user_id: int | None) -> dict[str, tuple[Any, str]]:
    """Choices with their words and what tells one from the others: "session:12" names one sign-in."""
    if user_id is None:
        return {str(Way.EVERYTHING): (WAYS[Way.EVERYTHING], "")}
    found: dict[str, tuple[Any, str]] = {str(Way.ACCOUNT): (_("everything done from the account"), "")}
    for one in identity.ways_of(user_id):
        found[f"{one.kind}:{one.id}"] = (WAYS[one.kind], str(one.label))
    return found


def _job(request: Request, row: Breach) -> Job | None:
    """The counting started last, if it is the reader's own."""
    return next((one for one in jobs.mine(actor=request.actor) if one.pk == row.job_id), None)


@require_GET
@requires(permissions.MANAGE)
def show(request: Request, breach_id: UUID) -> HttpResponse:
    """The persons, the deadline and the text to send; how far the counting is, while it goes on."""
    row = queries.breach(actor=request.actor, breach_id=breach_id)
    url = reverse("breaches:show", args=[row.pk])
    job = _job(request, row)
    if job is not None and render.htmx_partial(request):
        return render.progress(request, job, url=url, done_url=url)
    is_counting = job is not None and job.finished_at is None
    page = Paginator(queries.lines(row), PAGE).get_page(request.GET.get("page"))
    context = {
        "row": row,
        # One that ended without a list stays in sight with the reason.
        "job": job if is_counting or row.counted_at is None else None,
        "is_counting": is_counting,
        "url": url,
        "page": page,
        "persons": queries.persons(list(page.object_list), actor=request.actor),
        "fields": queries.fields(row),
        "texts": notices.texts(row),
        "is_to_tell": row.is_to_tell,
        "is_late": row.is_to_tell and row.due < clock.today(),
    }
    return render.page(request, "breaches/breach.html", context, help="breaches/breaches")


@require_GET
@requires(permissions.MANAGE)
@identity.proved(file=True)
def workbook(request: Request, breach_id: UUID) -> HttpResponse:
    """All persons with IIN and phones, and the notice."""
    row = queries.breach(actor=request.actor, breach_id=breach_id)
    found = list(queries.lines(row))
    audit.record(
        actor=request.actor,
        action="breaches.exported",
        object_type="breach",
        object_id=row.pk,
        details={"count": len(found)},
    )
    people = [
        one
        for start in range(0, len(found), BATCH)
        for one in queries.persons(found[start : start + BATCH], actor=request.actor)
    ]
    columns = [
        excel.Column(_("Full name")),
        excel.Column(_("Who")),
        excel.Column(pgettext("of a person", "Class")),
        excel.Column(_("IIN")),
        excel.Column(_("Phones"), width=36),
        excel.Column(_("Seen, times"), "number"),
        excel.Column(_("Changed, times"), "number"),
        excel.Column(_("What"), width=48),
        excel.Column(_("First time"), "moment"),
        excel.Column(_("Last"), "moment"),
    ]
    lines = (
        (
            one.name,
            str(one.kind),
            one.place,
            one.iin,
            "\n".join(f"{figures.telephone(number)} {whose}".rstrip() for number, whose in one.calls),
            one.looks,
            one.changes,
            "; ".join(map(str, one.what)),
            one.first_at,
            one.last_at,
        )
        for one in people
    )
    notice = excel.Sheet(
        _("Notice"),
        [excel.Column(_("Text of the notice"), width=48)],
        [(text,) for _code, text in notices.texts(row)],
    )
    return excel.response(
        _("Persons concerned"), [excel.Sheet(_("Persons concerned"), columns, lines), notice]
    )


@require_POST
@requires(permissions.MANAGE)
def notified(request: Request, breach_id: UUID) -> HttpResponse:
    queries.breach(actor=request.actor, breach_id=breach_id)
    services.notified(actor=request.actor, breach_id=breach_id)
    answer = HttpResponseRedirect(reverse("breaches:show", args=[breach_id]))
    return render.toast(request, answer, _("Noted that the persons were told."))


@require_POST
@requires(permissions.MANAGE)
def recount(request: Request, breach_id: UUID) -> HttpResponse:
    """Count again from the logs as they are now."""
    page = reverse("breaches:show", args=[queries.breach(actor=request.actor, breach_id=breach_id).pk])
    services.start(actor=request.actor, breach_id=breach_id, url=page)
    return HttpResponseRedirect(page)
