"""Report cards on the screen and on paper: classes, the table of a class, a pupil's card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from documents import api as documents
from documents import excel
from identity import api as identity
from kernel import audit, clock
from kernel.access import Actor, requires
from kernel.errors import NotFound
from kernel.http import Request, path_to
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo, PupilInfo
from modules.journal import permissions
from modules.journal.cards import queries, showing
from modules.journal.cards.data import ClassYear
from modules.journal.cards.papers import ReportCards
from modules.journal.services import looks
from modules.schedule import api as schedule
from ui import render
from ui.components import Tab


@require_safe
@requires(permissions.CARDS)
def index(request: Request) -> HttpResponse:
    """Classes whose cards one may see; a family's own children."""
    actor, year = request.actor, render.school_year(request)
    children = _children(actor)
    if len(children) == 1:
        return HttpResponseRedirect(path_to("journal:card", children[0].id))
    context = {
        "classes": queries.classes_to_open(actor=actor, year=year),
        "children": children,
        "year": year,
        "exports_all": actor.reaches_school(permissions.EXPORT),
    }
    return render.page(request, "journal/cards.html", context, help="journal/cards")


def _children(actor: Actor) -> list[PupilInfo]:
    if actor.person_kind == "guardian" and actor.person_id is not None:
        return contingent.children_of(actor=actor, guardian_id=actor.person_id)
    if actor.person_kind == "pupil" and actor.person_id is not None:
        return [contingent.pupil(actor=actor, pupil_id=actor.person_id)]
    return []


# --- a class


@require_safe
@requires(permissions.CARDS)
def of_class(request: Request, class_id: UUID) -> HttpResponse:
    """The class's marks by pupil and subject: of a quarter, or of the year."""
    school_class, years, year = _class_and_year(request, class_id)
    rooms = queries.of_room(actor=request.actor, school_class=school_class, year=year)
    shown = [one.id for room in rooms for one in room.pupils]
    looks.saw(actor=request.actor, pupils=shown, purpose="journal.card")
    at = _at(request, year)
    address = path_to("journal:cards_of_class", class_id)
    context = {
        "school_class": school_class,
        "year": year,
        "years": [Tab(one, f"{address}?year={one}", active=one == year) for one in years]
        if len(years) > 1
        else [],
        "tabs": _tabs(f"{address}?year={year}", year, at),
        "tables": [showing.table(room, at) for room in rooms],
        "is_year": at == showing.YEAR,
        "query": f"?year={year}",
    }
    return render.page(request, "journal/cards_of_class.html", context, help="journal/cards")


def _class_and_year(request: Request, class_id: UUID) -> tuple[ClassInfo, list[str], str]:
    school_class = queries.open_class(actor=request.actor, class_id=class_id)
    years = queries.years_of_class(actor=request.actor, school_class=school_class)
    return school_class, years, _chosen(request, years)


def _chosen(request: Request, years: Sequence[str]) -> str:
    asked = request.GET.get("year", "")
    return asked if asked in years else years[0]


def _at(request: Request, year: str) -> str:
    """The quarter that was asked for, else the last one that is over; the whole year when all are."""
    quarters = schedule.periods(year=year, kind="quarter")
    asked = request.GET.get("period", "")
    if asked in {showing.YEAR, *(one.code for one in quarters)}:
        return asked
    over = [one.code for one in quarters if one.end < clock.today()]
    if quarters and len(over) < len(quarters):
        return over[-1] if over else quarters[0].code
    return showing.YEAR


def _tabs(address: str, year: str, at: str) -> list[Tab]:
    periods = [(one.code, one.label) for one in schedule.periods(year=year, kind="quarter")]
    return [
        Tab(label, f"{address}&period={code}", active=code == at)
        for code, label in [*periods, (showing.YEAR, _("Whole year"))]
    ]


@require_safe
@requires(permissions.CARDS)
@identity.proved(file=True)
def cards_pdf(request: Request, class_id: UUID) -> HttpResponse:
    """The cards of all pupils of the class, each on a sheet of its own."""
    with translation.override(_language(request)):
        school_class, rooms, year = _rooms(request, class_id)
        found = showing.cards(rooms)
        name = _("Report cards, {class}, {year}").format(**{"class": school_class.label, "year": year})
        _taken(request.actor, rooms, shape="cards")
        return _pdf(request, "journal.report_cards", ReportCards(year, found), name)


@require_safe
@requires(permissions.CARDS)
@identity.proved(file=True)
def book_pdf(request: Request, class_id: UUID) -> HttpResponse:
    """The book of report cards of the class. Of an earlier year: of the class in which most of its pupils were."""
    with translation.override(_language(request)):
        school_class, rooms, year = _rooms(request, class_id)
        room = max(rooms, key=lambda one: len(one.pupils))
        _taken(request.actor, [room], shape="book")
        name = _("Book of report cards, {class}, {year}").format(
            **{"class": school_class.label, "year": year}
        )
        return _pdf(request, "journal.card_book", showing.book(room), name)


@require_safe
@requires(permissions.CARDS)
@identity.proved(file=True)
def book_excel(request: Request, class_id: UUID) -> HttpResponse:
    """The class's year as a workbook: each quarter on a sheet, the book on the first."""
    school_class, rooms, year = _rooms(request, class_id)
    _taken(request.actor, rooms, shape="excel")
    name = _("Book of report cards, {class}, {year}").format(**{"class": school_class.label, "year": year})
    return excel.response(name, [sheet for room in rooms for sheet in _sheets(room, alone=len(rooms) == 1)])


def _sheets(room: ClassYear, *, alone: bool) -> list[excel.Sheet]:
    front = [excel.Column("№", "number"), excel.Column(_("Surname, name, patronymic"))]
    subjects = [excel.Column(one.title, "number") for one in room.subjects]
    tail = "" if alone else f" {room.label}"
    made = showing.book(room)
    found = [
        excel.Sheet(
            _("Whole year") + tail,
            [
                *front,
                excel.Column(_("Personal file No.")),
                *subjects,
                excel.Column(_("Decision of the pedagogical council")),
            ],
            [
                (n, row.pupil, row.file_number, *map(_number, row.marks), row.decision)
                for n, row in enumerate(made.rows, 1)
            ],
        )
    ]
    parts = [(one.code, str(one.label)) for one in schedule.periods(year=room.year, kind="quarter")]
    if room.has_exams:
        parts += [(showing.ANNUAL, pgettext("mark", "Annual")), (showing.EXAM, pgettext("mark", "Exam"))]
    for code, label in parts:
        rows = showing.table(room, code).rows
        found.append(
            excel.Sheet(
                f"{label}{tail}",
                [*front, *subjects],
                [
                    (n, one.person.full, *(_number(cell.text) for cell in row.cells))
                    for n, (one, row) in enumerate(zip(room.pupils, rows, strict=True), 1)
                ],
            )
        )
    return found


def _number(text: str) -> Any:
    return int(text) if text.isdigit() else text


def _rooms(request: Request, class_id: UUID) -> tuple[ClassInfo, list[ClassYear], str]:
    """What a file is made of; raises NotFound where nobody was here that year."""
    school_class, __, year = _class_and_year(request, class_id)
    rooms = queries.of_room(actor=request.actor, school_class=school_class, year=year)
    if not rooms:
        raise NotFound
    return school_class, rooms, year


# --- a pupil


@require_safe
@requires(permissions.CARDS)
def card(request: Request, pupil_id: UUID) -> HttpResponse:
    """A pupil's card of this or an earlier year."""
    pupil, years, year = _pupil_and_year(request, pupil_id)
    rooms = queries.of_pupils(actor=request.actor, year=year, pupil_ids=[pupil_id])
    if request.actor.person_kind == "staff":
        audit.viewed(actor=request.actor, subject="pupil", subject_ids=[pupil_id], purpose="journal.card")
    address = path_to("journal:card", pupil_id)
    context = {
        "pupil": pupil,
        "year": year,
        "years": [Tab(one, f"{address}?year={one}", active=one == year) for one in years]
        if len(years) > 1
        else [],
        "card": next(iter(showing.cards(rooms)), None),
        "pdf": f"{path_to('journal:card_pdf', pupil_id)}?year={year}",
        "to_class": request.actor.person_kind == "staff" and pupil.class_id,
    }
    return render.page(request, "journal/card.html", context, help="journal/cards")


@require_safe
@requires(permissions.CARDS)
def card_pdf(request: Request, pupil_id: UUID) -> HttpResponse:
    """The same on paper."""
    with translation.override(_language(request)):
        pupil, __, year = _pupil_and_year(request, pupil_id)
        rooms = queries.of_pupils(actor=request.actor, year=year, pupil_ids=[pupil_id])
        found = showing.cards(rooms)
        if not found:
            raise NotFound
        _taken(request.actor, rooms, shape="card")
        name = _("Report card, {pupil}, {year}").format(pupil=pupil.list_name, year=year)
        return _pdf(request, "journal.report_card", ReportCards(year, found), name)


def _pupil_and_year(request: Request, pupil_id: UUID) -> tuple[PupilInfo, list[str], str]:
    pupil = queries.open_pupil(actor=request.actor, pupil_id=pupil_id)
    years = queries.years_of(pupil_ids=[pupil_id], until=contingent.current_year())
    if not years:
        years = [contingent.current_year()]
    return pupil, years, _chosen(request, years)


# --- files


def _language(request: Request) -> str:
    """The language asked for the paper, else the reader's own."""
    asked = request.GET.get("lang", "")
    return asked if asked in ("kk", "ru") else render.language()[:2]


def _pdf(request: Request, form: str, data: Any, name: str) -> HttpResponse:
    printed = documents.render(form, data, language=_language(request), actor=request.actor)
    response = HttpResponse(printed.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(f"{name}.pdf", inline=True)
    response.headers["Cache-Control"] = "no-store"
    return response


def _taken(actor: Actor, rooms: Sequence[ClassYear], *, shape: str) -> None:
    """What was printed or saved, and whose cards were on it."""
    pupils = [one.id for room in rooms for one in room.pupils]
    audit.record(
        actor=actor,
        action="journal.cards.exported",
        object_type="class",
        object_id=rooms[0].school_class.id,
        details={"as": shape, "year": rooms[0].year, "count": len(pupils)},
    )
    if actor.person_kind == "staff":
        audit.viewed(actor=actor, subject="pupil", subject_ids=pupils, purpose="journal.cards.taken")
