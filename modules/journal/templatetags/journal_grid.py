"""The journal's table, built in one pass: 1,800 cells are too many for a template's loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape
from itertools import groupby
from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel import clock
from modules.journal import rules
from modules.journal.data import ABSENCE_LETTERS, KIND_LABELS
from modules.journal.queries import Cell, Column, Grid, Row
from modules.journal.services import mark_text, summary_texts
from ui.templatetags.ui import icon

register = template.Library()


def summary_heads(rule: rules.Rule) -> list[tuple[str, str]]:
    """The right-hand columns that the rule knows."""
    heads = [("fo", rule.fo), ("sor", rule.sor), ("soch", rule.soch)]
    shown = [(name, f"{KIND_LABELS[name]} %") for name, share in heads if share]
    if rule.mode is rules.Mode.NONE:
        return []
    return [*shown, ("percent", "%"), ("recommended", pgettext("short head of a column", "Recom."))]


def _head(column: Column, today: date) -> str:
    kind = "jg-today" if column.day == today else ""
    if column.is_cancelled:
        kind = f"{kind} jg-off".strip()
    mark = f' class="{kind}"' if kind else ""
    title = f' title="{escape(column.topic)}"' if column.topic else ""
    text = f"{column.day:%d.%m}"
    if column.kind != "fo":
        text += f"<small>{escape(str(KIND_LABELS[column.kind]))}/{column.maximum}</small>"
    return f'<th scope="col" data-kind="{column.kind}"{mark}{title}>{text}</th>'


def _cell(cell: Cell | None, letters: dict[str, str]) -> str:
    if cell is None:
        return "<td></td>"
    points, version, absence, other = cell
    text = "" if points is None else str(points)
    if not other:
        return f'<td data-v="{version}">{text}</td>'
    if absence is not None:
        text = f"{text} {letters[absence]}" if text else letters[absence]
    mark = f' data-v="{version}"' if version else ""
    return f'<td{mark} data-av="{other}">{text}</td>'


def _row(number: int, row: Row, grid: Grid, heads: list[str], letters: dict[str, str], away: str) -> str:
    first, last = grid.columns[0].day if grid.columns else grid.period.start, grid.period.end
    since, until = row.terms[0]
    line = [
        f'<tr data-pupil="{row.pupil_id}"><th scope="row" class="jg-name"><span>{number}</span> {escape(row.name)}</th>'
    ]
    if len(row.terms) == 1 and since <= first and (until is None or until >= last):
        line += [_cell(cell, letters) for cell in row.cells]
    else:
        for column, cell in zip(grid.columns, row.cells, strict=True):
            text = _cell(cell, letters)
            line.append(text if row.was_there(column.day) else text.replace("<td", away, 1))
    final = f' data-v="{row.final_version}"' if row.final_version else ""
    reason = f' title="{escape(row.reason)}"' if row.reason else ""
    line.append(f"<td data-final{final}{reason}>{escape(mark_text(row.final))}</td>")
    said = summary_texts(row.said)
    line += [f'<td data-summary="{name}">{escape(said[name])}</td>' for name in heads]
    line.append("</tr>")
    return "".join(line)


@register.simple_tag
def journal_head(grid: Grid) -> SafeString:
    today = clock.today()
    cells = [f'<tr><th scope="col" class="jg-name">{escape(pgettext("column", "Pupil"))}</th>']
    cells += [_head(column, today) for column in grid.columns]
    cells.append(f'<th scope="col" data-kind="period">{escape(pgettext("column", "Mark"))}</th>')
    cells += [
        f'<th scope="col" data-summary="{name}">{escape(label)}</th>'
        for name, label in summary_heads(grid.rule)
    ]
    return SafeString("".join([*cells, "</tr>"]))


@register.simple_tag
def journal_sums(grid: Grid) -> int:
    """How many summary columns stand at the right, for the style that freezes them."""
    return len(summary_heads(grid.rule))


@register.simple_tag
def journal_rows(grid: Grid) -> SafeString:
    letters = {code: escape(str(letter)) for code, letter in ABSENCE_LETTERS.items()}
    away = f'<td class="jg-away" data-locked="{escape(_("Not in the class on this day"))}"'
    heads = [name for name, _label in summary_heads(grid.rule)]
    return SafeString("".join(_row(n, row, grid, heads, letters, away) for n, row in enumerate(grid.rows, 1)))


@register.simple_tag
def journal_works(works: list[Column], removable: bool) -> SafeString:
    """Rows of СОР and СОЧ; with `removable` each opens the question whether to take it off."""
    trash = icon("trash", label=_("Take the work off"))
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th><td>{}</td><td class="not-phone">{}</td><td class="num">{}</td><td>{}</td></tr>',
        (
            (
                f"{one.day:%d.%m.%Y}",
                one.label,
                one.title,
                one.maximum,
                format_html(
                    '<button class="icon-btn" type="button" data-dialog="drop-{}" aria-haspopup="dialog">{}</button>',
                    one.work_id,
                    trash,
                )
                if removable
                else "",
            )
            for one in works
        ),
    )


@register.simple_tag
def journal_topics(course_id: UUID, lessons: list[Column]) -> SafeString:
    """Rows of topics and homework, the newest first; each can be written in place."""
    draw = topic_rows(course_id)
    return SafeString(
        "".join(
            draw(
                one.lesson_id, one.day, one.topic, one.homework, is_off=one.is_cancelled, is_mine=one.is_mine
            )
            for one in lessons
        )
    )


def topic_rows(course_id: UUID) -> Callable[..., str]:
    """Draw a lesson's row: date, topic, homework, and for who may write them a way to change both.

    The links lead to the lesson's own page; with HTMX the row itself becomes a form.
    """
    nobody = str(UUID(int=0))
    page, form = (
        address.split(nobody)
        for address in (
            reverse("schedule:lesson", args=[nobody]),
            reverse("journal:topic", args=[course_id, nobody]),
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
        return (
            f'<tr id="lesson-{lesson_id}"><th scope="row"><a href="{url}">{day:%d.%m.%Y}</a></th>'
            f'<td data-label="{topic_head}"{said}>{told}</td><td{more}>{escape(homework)}</td><td>{way}</td></tr>'
        )

    return draw


@register.simple_tag
def journal_columns(grid: Grid) -> SafeString:
    """Columns that are coloured from head to foot: works, today, and what is still to come."""
    today = clock.today()
    looks = ["jg-work" if c.kind != "fo" else _look_of_day(c.day, today) for c in grid.columns]
    found = "".join(
        f'<col span="{len(list(same))}"{f" class={look}" if look else ""}>' for look, same in groupby(looks)
    )
    return SafeString(f"<colgroup><col>{found}</colgroup>")


def _look_of_day(day: date, today: date) -> str:
    return "jg-later" if day > today else "jg-now" if day == today else ""


def columns_of(grid: Grid) -> list[dict[str, Any]]:
    """Columns for the island, in the order of the cells."""
    closed = _("The period is closed, its marks stand.") if grid.period.is_closed else ""
    off, foreign, unmarked = _("The lesson is cancelled."), _("This lesson is not yours."), ""
    if grid.rule.mode is rules.Mode.NONE:
        unmarked = _("No marks are given here.")
    columns = []
    for one in grid.columns:
        why = closed or (off if one.is_cancelled else "") or ("" if one.is_mine else foreign)
        columns.append(
            {
                "lesson": one.lesson_id,
                "kind": one.kind,
                "max": one.maximum,
                "min": 1 if one.kind == "fo" else 0,
                "locked": bool(why),
                "lockedReason": why,
                "date": one.day.isoformat(),
                "label": f"{one.day:%d.%m}" + ("" if one.kind == "fo" else f" {KIND_LABELS[one.kind]}"),
                "absence": one.kind == "fo",
            }
        )
    why = closed or unmarked or ("" if grid.decides else foreign)
    if not why and grid.rule.mode is rules.Mode.PASS_FAIL:
        why = _("Set it on the page “Period marks”.")
    columns.append(
        {
            "lesson": str(grid.period.id),
            "kind": "period",
            "max": 5,
            "min": 2,
            "locked": bool(why),
            "lockedReason": why,
            "date": grid.period.end.isoformat(),
            "label": grid.period.label,
            "absence": False,
        }
    )
    return columns
