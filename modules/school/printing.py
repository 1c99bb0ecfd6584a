"""The head of the school's papers, as the school was called on the day of the paper; the review of access."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents import api as documents
from documents import form
from documents.data import Letterhead
from kernel import files
from modules.school import queries
from modules.school.access import Review
from modules.school.data import LOGO


def head_on(day: date) -> Letterhead:
    known = queries.profile(on=day)
    return Letterhead(
        name_kk=known.name_kk,
        name_ru=known.name_ru,
        place_kk=known.address_kk,
        place_ru=known.address_ru,
        bin=known.bin,
        director=known.director,
        post_kk=known.post_kk,
        post_ru=known.post_ru,
        seal=known.seal,
        logo=files.read(file_id=known.logo_id, purpose=LOGO)[1] if known.logo_id else b"",
    )


documents.letterhead(head_on)
form(
    "school.access_review",
    _("Access review"),
    version=1,
    since="2020-08-01",
    template="access-review.typ",
    data=Review,
    archived=False,
    texts={
        "heading": _("Who has access to the school's information system"),
        "on": _("As of {day}"),
        "no_": "№",
        "person": _("Full name"),
        "login": pgettext_lazy("account", "Login"),
        "role": _("Role"),
        "closed": _("Closed data"),
        "since": _("From"),
        "until": _("Until"),
        "endless": _("without end"),
        "given_by": _("Given by"),
        "seen": _("Last sign-in"),
        "never": _("never"),
        "factor": _("Second factor"),
        "yes": _("yes"),
        "no": _("no"),
        "total": _(
            "People: {people}, roles: {roles}. Never signed in: {never}. "
            "Read closed data without a second factor: {without}."
        ),
        "made_by": _("Printed by"),
    },
)
