"""Taking a week out on paper and in files, and laying two side by side."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from documents import api as documents
from documents import excel
from kernel import audit
from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request
from kernel.names import fold, kazakh_order
from modules.schedule import permissions
from modules.schedule.exchange import comparing, fet_writing, papers, queries, workbooks
from modules.schedule.exchange.comparing import Difference, Kind
from modules.schedule.exchange.queries import NOW, Week
from modules.schedule.queries import class_names, short_names
from ui import render

_PAGE = 50
WHOSE = ("classes", "teachers", "rooms")


def _week(request: Request, code: str) -> Week:
    """The asked week; raises NotFound."""
    return queries.week(actor=request.actor, code=code, year=render.school_year(request))


def _year(request: Request, week: Week) -> str:
    return week.variant.year if week.variant else render.school_year(request)


# --- out


@require_safe
@requires(permissions.VIEW)
def out(request: Request, code: str) -> HttpResponse:
    """What can be taken out of the week, and in which shapes."""
    week = _week(request, code)
    lessons = week.lessons
    context: dict[str, Any] = {
        "week": week,
        "code": code,
        "lessons": len(lessons),
        "classes": len({one.class_id for one, _weeks in lessons}),
        "teachers": len({one.teacher_id for one, _weeks in lessons if one.teacher_id}),
        "rooms": len({one.room for one, _weeks in lessons if one.room}),
        "may_arrange": request.actor.may(permissions.ARRANGE_TIMETABLE),
    }
    return render.page(request, "schedule/exchange_out.html", context, help="schedule/exchange")


@require_safe
@requires(permissions.VIEW)
def pages(request: Request, code: str, whose: str) -> HttpResponse:
    """A page of A4 for each class, teacher or room. `?lang=` is the paper's language."""
    if whose not in WHOSE:
        raise NotFound
    actor, language = request.actor, _language(request)
    with translation.override(language):
        week = _week(request, code)
        year = _year(request, week)
        term = _term(week, year)
        if whose == "classes":
            classes = class_names(actor=actor, year=year)
            leaders = short_names(actor=actor, teacher_ids=[one.class_teacher_id for one in classes.values()])
            data = papers.of_classes(week, classes, leaders, term=term)
        elif whose == "teachers":
            names = {one.teacher_id: one.teacher for one, _weeks in week.lessons if one.teacher_id}
            data = papers.of_teachers(week, names, term=term)
        else:
            data = papers.of_rooms(week, term=term)
        name = f"{_('Timetable of lessons')}, {_words(whose)}"
    _told(request, week, f"pdf-{whose}")
    return _pdf(documents.render("schedule.weeks", data, language=language, actor=actor).content, name)


@require_safe
@requires(permissions.VIEW)
def wall(request: Request, code: str) -> HttpResponse:
    """The whole school on sheets of A3."""
    actor, language = request.actor, _language(request)
    with translation.override(language):
        week = _week(request, code)
        year = _year(request, week)
        data = papers.wall(week, class_names(actor=actor, year=year).values(), term=_term(week, year))
        name = f"{_('Timetable of lessons')}, A3"
    _told(request, week, "pdf-wall")
    return _pdf(documents.render("schedule.wall", data, language=language, actor=actor).content, name)


@require_safe
@requires(permissions.VIEW)
def workbook(request: Request, code: str) -> HttpResponse:
    """Classes, teachers and rooms as sheets of a workbook."""
    week = _week(request, code)
    _told(request, week, "excel")
    return excel.response(week.title, workbooks.sheets(week))


@require_safe
@requires(permissions.ARRANGE_TIMETABLE)
def fet_file(request: Request, code: str) -> HttpResponse:
    """The school's problem with its places, as FET opens it."""
    week = _week(request, code)
    _told(request, week, "fet")
    answer = HttpResponse(fet_writing.write(week, name=week.title), content_type="application/xml")
    answer.headers["Content-Disposition"] = excel.attachment(f"{week.title}.fet")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _words(whose: str) -> str:
    return {
        "classes": pgettext("whose papers", "classes"),
        "teachers": pgettext("whose papers", "teachers"),
        "rooms": pgettext("whose papers", "rooms"),
    }[whose]


def _term(week: Week, year: str) -> str:
    """Of which year the week is, and whether the school lives by it."""
    known = _("{year} school year").format(year=year)
    if week.variant is None:
        return known
    if week.since:
        return f"{known}, " + _("from {day}").format(day=f"{week.since:%d.%m.%Y}")
    return f"{known}, " + _("draft: {name}").format(name=week.title)


def _language(request: Request) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in ("kk", "ru") else render.language()[:2]


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = excel.attachment(f"{name}.pdf", inline=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(request: Request, week: Week, shape: str) -> None:
    audit.record(
        actor=request.actor,
        action="schedule.timetable.exported",
        object_type="timetable",
        object_id=week.variant.pk if week.variant else None,
        details={"as": shape, "name": week.title},
    )


# --- side by side


@require_safe
@requires(permissions.ARRANGE_TIMETABLE)
def compare(request: Request) -> HttpResponse:
    """Two weeks side by side: figures, the list of what differs, and both weeks of a class. `?as=excel` takes it out."""
    actor, year = request.actor, render.school_year(request)
    offered = queries.weeks(actor=actor, year=year)
    codes = [code for code, _name in offered]
    one = _chosen(request.GET.get("one", ""), codes, NOW)
    other = _chosen(request.GET.get("other", ""), codes, next((code for code in codes if code != one), NOW))
    first, second = (queries.week(actor=actor, code=code, year=year) for code in (one, other))
    found = comparing.differences(first.grid.pieces.values(), second.grid.pieces.values())
    whose = _whose(first, second, found)
    of = request.GET.get("of", "")
    of = of if of in {code for _group, some in whose for code, _label in some} else ""
    asked = _narrowed(found, of=of, kind=request.GET.get("kind", ""), text=request.GET.get("q", "")[:80])
    if request.GET.get("as") == "excel":
        sheet = workbooks.of_differences(asked, one=first.title, other=second.title)
        return excel.response(_("Differences of timetables"), [sheet])
    counts = {kind: sum(one.kind is kind for one in found) for kind in Kind}
    shown = of or _first_class(found)
    context: dict[str, Any] = {
        "weeks": offered,
        "one": first,
        "other": second,
        "one_code": one,
        "other_code": other,
        "same": one == other,
        "counts": [(comparing.KIND_LABELS[kind], kind.value, count) for kind, count in counts.items()],
        "total": len(found),
        "figures": comparing.figures(comparing.quality(first.grid), comparing.quality(second.grid)),
        "whose": whose,
        "of": of,
        "kind": request.GET.get("kind", ""),
        "q": request.GET.get("q", "")[:80],
        "page": Paginator(asked, _PAGE).get_page(request.GET.get("page")),
        "pair": comparing.pair(first.grid, second.grid, of=shown, title=_title_of(first, second, shown))
        if shown
        else None,
        "query": request.GET.urlencode(),
    }
    template = "schedule/_compare.html" if render.htmx_partial(request) else "schedule/compare.html"
    return render.page(request, template, context, help="schedule/compare")


def _chosen(code: str, codes: list[str], otherwise: str) -> str:
    """The asked week. Raises NotFound for one that is not the school's."""
    if code and code not in codes:
        raise NotFound
    return code or otherwise


def _whose(first: Week, second: Week, found: list[Difference]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Classes and teachers to choose from, with the number of their differences."""
    pieces = [*first.grid.pieces.values(), *second.grid.pieces.values()]
    classes = dict.fromkeys((f"class:{one.class_id}", one.class_label) for one in pieces)
    teachers = {(f"teacher:{one.teacher_id}", one.teacher) for one in pieces if one.teacher_id}
    count: dict[str, int] = {}
    for one in found:
        for code in _codes_of(one):
            count[code] = count.get(code, 0) + 1

    def told(code: str, label: str) -> tuple[str, str]:
        return code, f"{label} ({count[code]})" if code in count else label

    return [
        (_("Classes"), [told(*one) for one in classes]),
        (_("Teachers"), [told(*one) for one in sorted(teachers, key=lambda one: kazakh_order(one[1]))]),
    ]


def _codes_of(one: Difference) -> set[str]:
    """Whose week the difference is seen in."""
    teachers = {f"teacher:{each.teacher_id}" for each in (one.one, one.other) if each and each.teacher_id}
    return {f"class:{one.piece.class_id}", *teachers}


def _narrowed(found: list[Difference], *, of: str, kind: str, text: str) -> list[Difference]:
    wanted = fold(text)
    return [
        one
        for one in found
        if (not of or of in _codes_of(one))
        and (not kind or one.kind == kind)
        and (not wanted or wanted in fold(f"{one.piece.class_label} {one.subject} {' '.join(one.teachers)}"))
    ]


def _title_of(first: Week, second: Week, code: str) -> str:
    """The class or the teacher whom the code names."""
    for one in (*first.grid.pieces.values(), *second.grid.pieces.values()):
        if code == f"class:{one.class_id}":
            return one.class_label
        if code == f"teacher:{one.teacher_id}":
            return one.teacher
    return ""


def _first_class(found: list[Difference]) -> str:
    """The class whose week differs first."""
    return f"class:{found[0].piece.class_id}" if found else ""
