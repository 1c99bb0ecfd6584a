"""Children taught at home. While the order holds a child stands in the class's journals of subjects and takes no marks there:
they are kept in his own journal, and the summary of the class has those of the period from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils import formats
from django.utils.translation import gettext as _

Span = tuple[date, date | None]

_ON = "SELECT pupil_id FROM contingent_homeschooling WHERE since <= %(day)s AND (until IS NULL OR until >= %(day)s)"


def pupils_on(day: date) -> set[UUID]:
    """Who is taught at home on the day; a school has a few. The caller shows only pupils whom the actor may see."""
    with connection.cursor() as cursor:
        cursor.execute(_ON, {"day": day})
        return {key for (key,) in cursor.fetchall()}


def covers(spans: Iterable[Span], day: date) -> bool:
    return any(since <= day and (until is None or day <= until) for since, until in spans)


def words() -> str:
    """What a cell says that takes nothing."""
    return _("Taught at home: marks are kept in the journal at home.")


def note(spans: Iterable[Span], start: date, end: date) -> str:
    """Beside the name, for a journal of these days: that he is taught at home, and since or until when."""
    return ", ".join(
        _said(since, until, start, end) for since, until in sorted(spans, key=lambda one: one[0])
    )


def _said(since: date, until: date | None, start: date, end: date) -> str:
    first, last = formats.date_format(since, "d.m"), formats.date_format(until, "d.m") if until else ""
    ends = until is not None and until < end
    if since > start:
        if ends:
            return _("taught at home {first} – {last}").format(first=first, last=last)
        return _("taught at home from {first}").format(first=first)
    return _("taught at home until {last}").format(last=last) if ends else _("taught at home")
