"""What the books add to the frame: menu, settings, cards of today, panels on a pupil's card, a class and a child."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor
from kernel.errors import NotFound
from kernel.tenancy import Kind
from modules.contingent import api as contingent
from modules.records import permissions, queries
from modules.records.services.alphabet import NEW_NUMBER, RETURNING, SAME_NUMBER
from modules.records.services.certificates import DESTINATION, VALID_DAYS
from modules.school import api as school
from ui import registry
from ui.registry import TodayCard

registry.menu(
    section="people",
    label=_("Alphabetical book"),
    url_name="records:alphabet",
    permission=permissions.BOOKS,
    icon="book-2",
    order=50,
    kinds={Kind.SCHOOL},
    match="records:alphabet",
)
registry.menu(
    section="people",
    label=_("Arrivals and departures"),
    url_name="records:movement",
    permission=permissions.BOOKS,
    icon="arrows-sort",
    order=51,
    kinds={Kind.SCHOOL},
    match="records:movement",
)
registry.menu(
    section="people",
    label=_("Certificates of study"),
    url_name="records:certificates",
    permission=permissions.ISSUE,
    icon="file-certificate",
    order=52,
    kinds={Kind.SCHOOL},
    match="records:certificate",
)


def _today(*, actor: Actor) -> Iterable[TodayCard]:
    if waiting := queries.waiting(actor=actor):
        yield TodayCard(
            gettext("Certificates of study"),
            ngettext("{n} family waits", "{n} families wait", waiting).format(n=waiting),
            f"{reverse('records:certificates')}?state=ordered",
            "file-certificate",
            urgency="soon",
            count=waiting,
        )


def _on_card(*, actor: Actor, pupil_id: UUID, **_more: object) -> str:
    """On a pupil's card: his number in the book, the personal file, certificates in two presses."""
    pupil = contingent.opens_card(actor=actor, pupil_id=pupil_id)
    may_issue = actor.may(permissions.ISSUE)
    context = {
        "pupil_id": pupil_id,
        "number": queries.number_of(actor=actor, pupil_id=pupil_id) if actor.may(permissions.BOOKS) else "",
        "may_file": actor.may(permissions.PERSONAL_FILE),
        "may_issue": may_issue and pupil.class_id is not None,
        "certificates": queries.of_pupil(actor=actor, pupil_id=pupil_id)[:5] if may_issue else [],
    }
    return render_to_string("records/_on_card.html", context)


def _on_class(*, actor: Actor, class_id: UUID, **_more: object) -> str:
    return render_to_string("records/_on_class.html", {"class_id": class_id})


def _of_child(*, actor: Actor, pupil_id: UUID, **_more: object) -> str:
    """On the family's page of a child."""
    try:
        found = queries.of_child(actor=actor, pupil_id=pupil_id)
    except NotFound:
        return ""
    return render_to_string("records/_of_child.html", {"pupil_id": pupil_id, "certificates": found[:3]})


registry.today(_today, permission=permissions.ISSUE)
registry.panel(
    "contingent.pupil",
    _on_card,
    permission=(permissions.BOOKS, permissions.PERSONAL_FILE, permissions.ISSUE),
    order=20,
)
registry.panel("contingent.class", _on_class, permission=permissions.ISSUE, order=40)
registry.panel("family.child", _of_child, permission=permissions.ORDER, order=10)

_BOOKS, _CERTIFICATES = _("Books of the school"), _("Certificates of study")
_OWN = _("The product's own choice: no act says it")
school.declare_setting(
    RETURNING,
    _("A pupil who returns stands in the alphabetical book"),
    default=SAME_NUMBER,
    choices=(
        (SAME_NUMBER, _("in a new line under his old number")),
        (NEW_NUMBER, _("in a new line under a new number")),
    ),
    section=_BOOKS,
    source=_(
        "A new line is asked for by the instruction that the form comes from; the number is the personal file's"
    ),
    order=70,
)
school.declare_setting(
    "records.first_day",
    _("Who comes on the first day of the school year counts"),
    default="at_beginning",
    choices=(
        ("at_beginning", _("as being there at the beginning")),
        ("as_arrived", _("as arrived in September")),
    ),
    section=_BOOKS,
    source=_OWN,
    order=71,
)
school.declare_setting(
    DESTINATION,
    _("Where a certificate of study is demanded, if nothing else is said"),
    default="on_demand",
    choices=tuple((one.code, one) for one in queries.destinations() if one.code != "other"),
    section=_CERTIFICATES,
    source=_OWN,
    order=72,
)
school.declare_setting(
    VALID_DAYS,
    _("How long a certificate of study is valid"),
    default=30,
    minimum=0,
    maximum=365,
    unit=_("days, 0: without a term"),
    section=_CERTIFICATES,
    source=_OWN,
    order=73,
)
audit.words(
    actions={
        "records.alphabet.written": _("Pupils written into the alphabetical book"),
        "records.alphabet.exported": _("Alphabetical book printed or exported"),
        "records.movement.exported": _("Book of arrivals and departures printed or exported"),
        "records.file.printed": _("Personal file printed"),
        "records.certificate.ordered": _("Certificate of study ordered by the family"),
        "records.certificate.issued": _("Certificate of study issued"),
        "records.certificate.opened": _("Certificate of study opened"),
        "records.certificate.declined": _("Order of a certificate declined"),
        "records.certificate.withdrawn": _("Certificate of study withdrawn"),
        "records.certificates.exported": _("Register of certificates exported"),
    },
    objects={
        "alphabet": pgettext_lazy("of the security log", "alphabetical book"),
        "movement": pgettext_lazy("of the security log", "book of arrivals and departures"),
        "certificate": pgettext_lazy("of the security log", "certificate of study"),
    },
    purposes={
        "records.alphabet": _("had the child in sight in the alphabetical book"),
        "records.alphabet.taken": _("printed or exported the alphabetical book"),
        "records.personal_file": _("printed the personal file"),
    },
)
