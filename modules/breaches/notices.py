"""The text that persons concerned get, in both languages, from what the director wrote."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from kernel.tenancy import current
from modules.breaches import queries
from modules.breaches.models import Breach


def texts(row: Breach) -> list[tuple[str, str]]:
    """(language, text) in Kazakh and in Russian."""
    return [(language, _text(row, language)) for language in ("kk", "ru")]


def _text(row: Breach, language: str) -> str:
    with translation.override(language):
        moments = [
            date_format(timezone.localtime(one), "SHORT_DATETIME_FORMAT") for one in (row.since, row.until)
        ]
        tenant = current()
        lines = [
            gettext("{school} tells you of a breach of the safety of personal data.").format(
                school=tenant.name_ru if language == "ru" else tenant.name_kk
            ),
            gettext("What happened: {what}").format(what=row.what),
            gettext("When: from {since} until {until}.").format(since=moments[0], until=moments[1]),
            gettext("What was seen or changed: {fields}.").format(
                fields="; ".join(map(str, queries.fields(row))) or "–"
            ),
            gettext("Measures taken: {measures}").format(measures=row.measures or "–"),
            gettext("Who answers for it: {contact}").format(contact=row.contact),
        ]
        return "\n".join(lines)
