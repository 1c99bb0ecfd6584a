"""The journal's table, built in one pass: 1,800 cells are too many for a template's loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from itertools import groupby
from uuid import UUID

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kernel import clock
from kernel.http import path_to
from modules.journal import rules
from modules.journal.data import ABSENCE_LABELS, ABSENCE_LETTERS, KIND_LABELS
from modules.journal.queries import (
    Cell,
    Column,
    Grid,
    Row,
    at_home,
    takes_no_final,
    why_not_asked,
    without_marks,
)
from modules.journal.services import mark_text, summary_texts
from ui.drawn import icon
from ui.grid import texts
from ui.markup import markup

register = template.Library()


def summary_heads(rule: rules.Rule) -> tuple[tuple[str, str], ...]:
    """The right-hand columns that the rule knows."""
    return _summary_heads(rule, get_language())


@cache
def _summary_heads(rule: rules.Rule, _language: str | None) -> tuple[tuple[str, str], ...]:
    heads = [("fo", rule.fo), ("sor", rule.sor), ("soch", rule.soch)]
    shown = [(name, f"{KIND_LABELS[name]} %") for name, share in heads if share]
    if rule.mode is rules.Mode.NONE:
        return ()
    return (*shown, ("percent", "%"), ("recommended", pgettext("short head of a column", "Recom.")))


def _head(column: Column, today: date, why: str, *, takes_points: bool) -> str:
    """A lesson's head; what the island needs to know of the column stands in it. `why` says what locks it."""
    kind = "jg-today" if column.day == today else ""
    if column.is_cancelled:
        kind = f"{kind} jg-off".strip()
    low = 1 if column.kind == "fo" else 0
    mark = f' class="{kind}"' if kind else ""
    title = f' title="{escape(column.topic)}"' if column.topic else ""
    lock = f' data-locked="{escape(why)}"' if why else ""
    points = "" if takes_points else ' data-points="no"'
    text = f"{column.day.day:02}.{column.day.month:02}"  # strftime takes five times as long
    if column.kind != "fo":
        text += f"<small>{escape(str(KIND_LABELS[column.kind]))}/{column.maximum}</small>"
    return (
        f'<th scope="col" data-kind="{column.kind}" data-lesson="{column.lesson_id}" data-day="{column.day}"'
        f' data-min="{low}" data-max="{column.maximum}"{points}{lock}{mark}{title}>{text}</th>'
    )


class _Cells(dict[Cell | None, str]):
    """Cells as HTML: the 1,800 of a journal hold a few dozen different values, and each is drawn once."""

    def __init__(self) -> None:
        super().__init__({None: "<td></td>"})
        self.letters = {code: escape(str(letter)) for code, letter in ABSENCE_LETTERS.items()}

    def __missing__(self, cell: Cell) -> str:
        points, version, absence, other = cell
        text = "" if points is None else str(points)
        if absence is not None:
            text = f"{text} {self.letters[absence]}" if text else self.letters[absence]
        mark = f' data-v="{version}"' if version else ""
        also = f' data-av="{other}"' if other else ""
        self[cell] = drawn = f"<td{mark}{also}>{text}</td>"
        return drawn


@dataclass(frozen=True, slots=True)
class _Away:
    """How cells begin that take nothing, of a day when the pupil was not in the class or was taught at home; and those that
    take no points, of a pupil with a programme without marks."""

    elsewhere: str
    at_home: str
    unmarked: str


def _row(number: int, row: Row, grid: Grid, heads: list[str], cells: _Cells, away: _Away) -> str:
    first, last = grid.columns[0].day if grid.columns else grid.period.start, grid.period.end
    since, until = row.terms[0]
    why = "" if grid.rule.mode is rules.Mode.NONE else why_not_asked(row, last)
    line = [
        f'<tr data-pupil="{row.pupil_id}"><th scope="row" class="jg-name"><span>{number}</span> {escape(row.name)}'
        f"{_note(row, grid, why)}</th>"
    ]
    is_plain = not row.home and (row.unmarked_since is None or grid.rule.mode is rules.Mode.NONE)
    if is_plain and len(row.terms) == 1 and since <= first and (until is None or until >= last):
        line += map(cells.__getitem__, row.cells)
    else:
        for column, cell in zip(grid.columns, row.cells, strict=True):
            text = cells[cell]
            if row.is_at_home(column.day):
                text = text.replace("<td", away.at_home, 1)
            elif not row.was_there(column.day):
                text = text.replace("<td", away.elsewhere, 1)
            elif not row.takes_points(column.day):
                text = text.replace("<td", away.unmarked, 1)
            line.append(text)
    if grid.standing.is_of_some:
        line = _closed_but_for(line, row, grid)
    if grid.rule.mode is not rules.Mode.NONE:
        final = f' data-v="{row.final_version}"' if row.final_version else ""
        reason = f' title="{escape(row.reason)}"' if row.reason else ""
        lock = f' data-locked="{escape(why)}"' if takes_no_final(row, last) else ""
        if not lock and grid.standing.is_of_some and not grid.standing.covers_final(UUID(row.pupil_id)):
            lock = f' data-locked="{escape(_closed())}"'
        line.append(f"<td data-final{final}{reason}{lock}>{escape(mark_text(row.final))}</td>")
    said = summary_texts(row.said)
    line += [f'<td data-summary="{name}">{escape(said[name])}</td>' for name in heads]
    line.append("</tr>")
    return "".join(line)


def _closed() -> str:
    return _("The period is closed, its marks stand.")


def _closed_but_for(line: list[str], row: Row, grid: Grid) -> list[str]:
    """Of a closed period of which cells of some pupils are open: the others' say that they are closed."""
    lock, pupil = f'<td data-locked="{escape(_closed())}"', UUID(row.pupil_id)
    return [line[0]] + [
        text
        if "data-locked" in text or grid.standing.covers(column.day, pupil)
        else text.replace("<td", lock, 1)
        for column, text in zip(grid.columns, line[1:], strict=True)
    ]


def _note(row: Row, grid: Grid, why: str) -> str:
    """Under the name, calmly: no mark of the period is asked of the pupil; the title says why."""
    if row.home:
        said = at_home.note(row.home, grid.period.start, grid.period.end)
        return f'<small title="{escape(at_home.words())}">{escape(said)}</small>'
    if row.programme:
        said = _("own programme, no marks") if row.programme == "unmarked" else _("own programme")
        return (
            f'<small title="{escape(why)}">{escape(said)}</small>'
            if why
            else f"<small>{escape(said)}</small>"
        )
    if not why:
        return ""
    said = _("not attested here") if row.decided == "no" else _("no period mark is asked")
    return f'<small title="{escape(why)}">{escape(said)}</small>'


@register.simple_tag
def journal_head(grid: Grid) -> SafeString:
    today = clock.today()
    closed = _closed() if grid.period.is_closed else ""
    off, foreign = _("The lesson is cancelled."), _("This lesson is not yours.")
    cells = [f'<tr><th scope="col" class="jg-name">{escape(pgettext("column", "Pupil"))}</th>']
    for one in grid.columns:
        why = (
            ("" if grid.is_open(one.day) else closed)
            or (off if one.is_cancelled else "")
            or ("" if one.is_mine else foreign)
        )
        cells.append(_head(one, today, why, takes_points=grid.rule.mode is not rules.Mode.NONE))
    if grid.rule.mode is not rules.Mode.NONE:
        cells.append(_period_head(grid, "" if grid.decides else closed, foreign))
    cells += [
        f'<th scope="col" data-summary="{name}">{escape(label)}</th>'
        for name, label in summary_heads(grid.rule)
    ]
    return SafeString("".join([*cells, "</tr>"]))


def _period_head(grid: Grid, closed: str, foreign: str) -> str:
    """The head of the period's marks, which are figures from 2 to 5 or stand on a page of their own."""
    period, mode = grid.period, grid.rule.mode
    elsewhere = _("Set it on the page “Period marks”.") if mode is rules.Mode.PASS_FAIL else ""
    why = closed or ("" if grid.decides else foreign) or elsewhere
    lock = f' data-locked="{escape(why)}"' if why else ""
    return (
        f'<th scope="col" data-kind="period" data-lesson="{period.id}" data-day="{period.end}" data-min="2" data-max="5"'
        f' data-label="{escape(period.label)}"{lock}>{escape(pgettext("column", "Mark"))}</th>'
    )


@register.simple_tag
def journal_sums(grid: Grid) -> int:
    """How many summary columns stand at the right, for the style that freezes them."""
    return len(summary_heads(grid.rule))


@register.simple_tag
def journal_rows(grid: Grid) -> SafeString:
    def locked(why: str) -> str:
        return f'<td class="jg-away" data-locked="{escape(why)}"'

    elsewhere, at_home_then = locked(_("Not in the class on this day")), locked(at_home.words())
    away = _Away(elsewhere, at_home_then, f'<td data-no-points="{escape(without_marks())}"')
    heads = [name for name, _label in summary_heads(grid.rule)]
    cells = _Cells()
    return SafeString("".join(_row(n, row, grid, heads, cells, away) for n, row in enumerate(grid.rows, 1)))


@register.simple_tag
def journal_words() -> SafeString:
    """What the island says and how absences are called: the same for all who speak the language."""
    absence = [
        {"code": code, "letter": str(letter), "label": str(ABSENCE_LABELS[code])}
        for code, letter in ABSENCE_LETTERS.items()
    ]
    return json_script({"absence": absence, "strings": texts()}, "journal-words")


@register.simple_tag
def journal_works(works: list[Column], removable: bool) -> SafeString:
    """Rows of СОР and СОЧ; with `removable` each leads to its analysis and opens the question whether to take it off."""
    trash = icon("trash", label=_("Take the work off"))
    analysis = '<a href="{}">{}</a>'
    ask = '<button class="icon-btn" type="button" data-dialog="drop-{}" aria-haspopup="dialog">{}</button>'
    return SafeString(
        "".join(
            markup(
                '<tr><th scope="row">{}</th><td>{}</td><td class="not-phone">{}</td><td class="num">{}</td><td>{}</td></tr>',
                f"{one.day:%d.%m.%Y}",
                markup(analysis, path_to("journal:report_work", one.work_id), one.label)
                if removable and one.work_id
                else one.label,
                one.title,
                one.maximum,
                markup(ask, one.work_id, trash) if removable else "",
            )
            for one in works
        )
    )


@register.simple_tag
def journal_topics(grid: Grid, lessons: list[Column], has_homework: bool) -> SafeString:
    """Rows of topics and homework, the newest first; each that is open can be written in place."""
    draw = topic_rows(grid.course.id, has_homework=has_homework)
    return SafeString(
        "".join(
            draw(
                one.lesson_id,
                one.day,
                one.topic,
                one.homework,
                is_off=one.is_cancelled,
                is_mine=one.is_mine and grid.takes_topic(one.day),
            )
            for one in lessons
        )
    )


def topic_rows(course_id: UUID, *, has_homework: bool) -> Callable[..., str]:
    """Draw a lesson's row: date, topic, homework where there is any, and for who may write them a way to change both.

    The links lead to the lesson's own page; with HTMX the row itself becomes a form.
    """
    nobody = str(UUID(int=0))
    page, form = (
        address.split(nobody)
        for address in (
            path_to("schedule:lesson", nobody),
            path_to("journal:topic", course_id, nobody),
        )
    )
    topic_head, homework_head = escape(_("Topic")), escape(_("Homework"))
    write, change, off = escape(_("Write the topic")), _("Change"), escape(pgettext("lesson", "cancelled"))
    pencil = icon("pencil", label=change)

    def draw(
        lesson_id: str,
        day: date,
        topic: str,
        homework: str,
        *,
        is_off: bool,
        is_mine: bool,
        is_fresh: bool = False,
    ) -> str:
        url = f"{page[0]}{lesson_id}{page[1]}"
        link = f'href="{url}" hx-get="{form[0]}{lesson_id}{form[1]}"{" autofocus" if is_fresh else ""}'
        told = escape(topic)
        if is_off:
            told = off
        elif not topic and is_mine:
            told = f"<a {link}>{write}</a>"
        said = " data-said" if topic and not is_off else ""
        more = f' data-label="{homework_head}" data-said' if homework else ""
        way = f'<a class="icon-btn" {link}>{pencil}</a>' if is_mine and topic and not is_off else ""
        second = f"<td{more}>{escape(homework)}</td>" if has_homework else ""
        return (
            f'<tr id="lesson-{lesson_id}"><th scope="row"><a href="{url}">{day.day:02}.{day.month:02}.{day.year}</a></th>'
            f'<td data-label="{topic_head}"{said}>{told}</td>{second}<td>{way}</td></tr>'
        )

    return draw


@register.simple_tag
def journal_columns(grid: Grid) -> SafeString:
    """Columns that are coloured from head to foot: works, today, and what is still to come."""
    today = clock.today()
    looks = ["jg-work" if c.kind != "fo" else _look_of_day(c.day, today) for c in grid.columns]
    spans = ((len(list(same)), look) for look, same in groupby(looks))
    columns = [f'<col span="{count}" class="{look}">' for count, look in spans]
    return SafeString("".join(["<colgroup><col>", *columns, "</colgroup>"]))


def _look_of_day(day: date, today: date) -> str:
    return "jg-later" if day > today else "jg-now" if day == today else ""
