"""The alphabetical book on the screen, on paper and as a spreadsheet; and the personal file of a pupil."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from documents import api as documents
from documents import excel
from identity import api as identity
from kernel import audit
from kernel.access import requires
from kernel.http import Request
from modules.contingent import api as contingent
from modules.records import permissions, printing, queries, services
from modules.records.data import ALPHABET, BookLine
from modules.records.views.parts import language_of, pdf
from modules.school import api as school
from ui import render

PAGE = 50


@require_GET
@requires(permissions.BOOKS)
@identity.proved(when=identity.takes_away, file=True)
def book(request: Request) -> HttpResponse:
    """By letter and number; `?as=pdf` and `?as=excel` give what is filtered, whole."""
    actor = request.actor
    wanted = {
        "letter": request.GET.get("letter", "").upper()[:1],
        "year": request.GET.get("year", "")[:7],
        "text": request.GET.get("q", "").strip()[:100],
    }
    shape = request.GET.get("as", "")
    if shape in ("pdf", "excel"):
        audit.record(
            actor=actor,
            action="records.alphabet.exported",
            object_type="alphabet",
            details={"as": shape, **wanted},
        )
        return _printed(request, wanted) if shape == "pdf" else _workbook(_taken(request, wanted))
    page = Paginator(queries.entries(actor=actor, **wanted), PAGE).get_page(request.GET.get("page"))
    entries = list(page.object_list)
    audit.viewed(
        actor=actor,
        subject="pupil",
        subject_ids=[one.pupil_id for one in entries],
        purpose="records.alphabet",
        leafing=True,
    )
    context: dict[str, Any] = {
        "page": page,
        "lines": queries.lines_of(entries, actor=actor),
        "wanted": wanted,
        "letters": ALPHABET,
        "years": queries.years_of_book(actor=actor),
        "query": request.GET.urlencode(),
        "may_keep": actor.may(permissions.KEEP),
        "keeps_number": school.setting("records.returning_number") == "same",
    }
    template = "records/_alphabet.html" if render.htmx_partial(request) else "records/alphabet.html"
    return render.page(request, template, context, help="records/alphabet")


def _taken(request: Request, wanted: dict[str, str]) -> list[BookLine]:
    """The lines for paper or a file; everybody in them was seen."""
    lines = queries.book_lines(actor=request.actor, **wanted)
    audit.viewed(
        actor=request.actor,
        subject="pupil",
        subject_ids=[one.pupil_id for one in lines],
        purpose="records.alphabet.taken",
        leafing=True,
    )
    return lines


def _printed(request: Request, wanted: dict[str, str]) -> HttpResponse:
    language = language_of(request)
    with translation.override(language):
        scope = ", ".join(
            filter(
                None,
                (
                    _("letter {letter}").format(letter=wanted["letter"]) if wanted["letter"] else "",
                    _("entered in {year}").format(year=wanted["year"]) if wanted["year"] else "",
                ),
            )
        )
        lines = _taken(request, wanted)
        name = _("Alphabetical book")
    data = printing.alphabet(lines, scope=scope)
    printed = documents.render("records.alphabet", data, language=language, actor=request.actor)
    return pdf(printed.content, name)


def _workbook(lines: list[BookLine]) -> HttpResponse:
    columns = [
        excel.Column(_("No. (personal file)")),
        excel.Column(_("Surname, name, patronymic")),
        excel.Column(_("Date of birth"), "date"),
        excel.Column(_("Sex")),
        excel.Column(_("Nationality")),
        excel.Column(_("Entered on"), "date"),
        excel.Column(_("Into class")),
        excel.Column(_("From where")),
        excel.Column(_("Order")),
        excel.Column(_("Home address")),
        excel.Column(_("Left on"), "date"),
        excel.Column(_("From class")),
        excel.Column(_("To where")),
        excel.Column(_("Reason")),
        excel.Column(_("Order")),
        excel.Column(_("Personal file given out"), "date"),
    ]
    sexes = {"m": _("male"), "f": _("female")}
    rows = (
        (
            one.number, one.full_name if not one.is_struck else _("{name} (entry void)").format(name=one.full_name),
            one.birth_date, sexes.get(one.sex, ""), one.nationality, one.came, one.came_class, one.came_from,
            one.came_order, one.address, one.left, one.left_class, one.left_to, one.left_reason, one.left_order,
            one.file_given,
        )
        for one in lines
    )  # fmt: skip
    return excel.response(_("Alphabetical book"), [excel.Sheet(_("Alphabetical book"), columns, rows)])


@require_POST
@requires(permissions.KEEP)
def write(request: Request) -> HttpResponse:
    """Write in whoever came and has no number yet: a school that has just begun, a load long ago."""
    made = services.write_in(actor=request.actor)
    text = ngettext("{n} entry is written.", "{n} entries are written.", made).format(n=made)
    return render.toast(
        request, redirect("records:alphabet"), text if made else _("Everybody is in the book.")
    )


@require_GET
@requires(permissions.PERSONAL_FILE)
def personal_file(request: Request, pupil_id: UUID) -> HttpResponse:
    """The extract that goes into the folder; that it was printed is logged."""
    actor, language = request.actor, language_of(request)
    card = contingent.card(actor=actor, pupil_id=pupil_id)
    audit.viewed(actor=actor, subject="pupil", subject_ids=[pupil_id], purpose="records.personal_file")
    audit.record(actor=actor, action="records.file.printed", object_type="pupil", object_id=pupil_id)
    data = printing.personal_file(card, actor=actor, language=language)
    printed = documents.render("records.personal_file", data, language=language, actor=actor)
    return pdf(printed.content, f"{_('Personal file')} {card.person.short}")
