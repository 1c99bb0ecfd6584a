"""Lines of the menus of hosts that are no school's, and the log's words of the post."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor
from kernel.tenancy import Kind, current_or_none
from tenants import permissions
from tenants.api import State
from tenants.lifecycle import queries
from ui import registry
from ui.registry import Strip

registry.menu(
    section="platform",
    label=_("Tenants"),
    url_name="ops:home",
    permission=permissions.SEE_TENANTS,
    icon="building",
    order=10,
    kinds={Kind.VENDOR},
    tab=True,
)
registry.menu(
    section="study",
    label=_("My schools"),
    url_name="my:home",
    permission=None,
    icon="school",
    order=10,
    kinds={Kind.FAMILY},
    tab=True,
)


def how_it_stands(*, actor: Actor) -> Iterable[Strip]:
    """Over every page: until when everything works, to those who work here; that nothing is saved, to everybody."""
    ref = current_or_none()
    if ref is None or ref.state == State.ACTIVE:
        return
    url, link = "", ""
    if actor.may(permissions.SEE_CONTRACT) and ref.kind is Kind.SCHOOL:
        url, link = reverse("school:contract"), pgettext("of the contract", "What comes next")
    if ref.state == State.WARNED and actor.person_kind in ("staff", "official"):
        contract = queries.own_contract()
        if contract is not None:
            day = date_format(contract.until, "SHORT_DATE_FORMAT")
            text = gettext("The contract ends on {day}. Everything works until then.").format(day=day)
            yield Strip(text, "warning", url, link)
    elif ref.state == State.READ_ONLY:
        text = gettext(
            "Reading only for now: lists and documents can be opened and saved as files, nothing can be changed."
        )
        yield Strip(text, "warning", url, link)


registry.strip(how_it_stands)
audit.words(
    actions={
        "tenants.letter.sent": _("Sealed letter sent to another school"),
        "tenants.letter.malformed": _("Letter refused: it is not what it should be"),
        "tenants.letter.refused": _("Letter refused: unreadable, altered or sent twice"),
        "tenants.backup.taken": _("Backup taken by the vendor"),
        "tenants.backup.restored": _("Organisation put back to a backup by the vendor"),
        "tenants.backups.night": _("Backups of all organisations taken"),
        "tenants.backups.drilled": _("Backups restored on trial and compared"),
        "tenants.cell.configured": _("Archive of the whole cell set up"),
        "tenants.cell.copied": _("The whole cell copied into the archive"),
        "tenants.cell.drilled": _("The whole cell recovered on trial and compared"),
        "tenants.cell.added": _("Cell taken in"),
        "tenants.cell.marked": _("Cell said to be full or open"),
        "tenants.cells.synced": _("Register, figures and letters carried between cells"),
        "tenants.tenant.moved": _("Organisation moved to another cell by the vendor"),
        "tenants.keys.renewed": _("Keys of the school's letters renewed"),
        "tenants.key.turned": _("Key of closed data turned: everything is closed anew"),
        "tenants.key.retired": _("Old key of closed data destroyed"),
        "tenants.log.opened": _("Log of the vendor's acts opened"),
        "tenants.tenant.created": _("Organisation created by the vendor"),
        "tenants.state.changed": _("State of the organisation changed by its contract"),
        "tenants.contract.written": _("Contract written by the vendor"),
        "tenants.contracts.followed": _("Organisations moved as their contracts say"),
        "tenants.tenant.suspended": _("Organisation suspended by the vendor"),
        "tenants.tenant.resumed": _("Organisation resumed by the vendor"),
        "tenants.tenant.archived": _("Organisation put into the archive by the vendor"),
        "tenants.tenant.destroyed": _("Organisation destroyed by the vendor"),
        "tenants.export.asked": _("Archive of all data in open formats asked for"),
        "tenants.export.taken": _("Archive of all data in open formats downloaded"),
        "tenants.tenant.exported": _("Organisation written out in open formats by the vendor"),
        "tenants.tenant.imported": _("Organisation filled by the vendor from an export"),
        "tenants.tenant.cloned": _("Organisation copied by the vendor into one for trials"),
        "tenants.host.renamed": _("Host of the organisation changed by the vendor"),
        "tenants.role.approved": _("Role approved by the vendor on a letter of the authority"),
        "tenants.keys.renewed_by_vendor": _("Keys of letters renewed by the vendor"),
        "tenants.keys.rotated_by_vendor": _("Keys of closed data turned by the vendor"),
        "tenants.schemas.migrated": _("Tables brought up to date by the vendor"),
        "tenants.file.imported": _("File loaded by the vendor"),
        "tenants.demo.filled": _("Demonstration filled"),
        "tenants.pooler.configured": _("Settings of the pooler of connections written"),
        "tenants.list.exported": _("List of organisations exported"),
        "tenants.demo.reset": _("Demonstration of a school filled anew"),
    },
    objects={
        "tenant": pgettext_lazy("of the security log", "organisation"),
        "letter": pgettext_lazy("of the security log", "letter"),
        "export": pgettext_lazy("of the security log", "archive of all data"),
        "keys": pgettext_lazy("of the security log", "keys of letters"),
        "data_key": pgettext_lazy("of the security log", "key of closed data"),
    },
)
