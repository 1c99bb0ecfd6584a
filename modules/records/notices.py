"""Who is told of a certificate: the office when a family orders one, the family when it is ready or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel.access import Actor, Role
from modules.contingent import api as contingent
from modules.records.models import Certificate
from notify import api as notify

TOPIC = "records"


def _declared(code: str, title: Any, icon: str, body: Any = "") -> str:
    notify.message(code, topic=TOPIC, title=title, body=body, icon=icon)
    return code


notify.topic(
    TOPIC,
    _("Certificates of study"),
    hint=_("Orders of families, and when a certificate is ready."),
)
ORDERED = _declared("records.ordered", _("A family orders a certificate of study"), "file-certificate")
READY = _declared("records.ready", _("The certificate of study is ready"), "file-certificate", "№ {number}")
DECLINED = _declared(
    "records.declined", _("The certificate of study was not issued"), "file-certificate", "{reason}"
)


def tell_office(row: Certificate, *, actor: Actor) -> None:
    """Names of children stay on the page."""
    people = [one.id for one in identity.users_with_role(Role.SECRETARY)]
    page = f"{_path('records:certificates')}?state=ordered"
    notify.tell(people, TOPIC, ORDERED, {}, page, actor=actor, group=ORDERED)


def tell_family(row: Certificate, message: str, *, actor: Actor) -> None:
    """Whoever ordered it, if the child is still open to her."""
    if row.ordered_by_id is None:
        return
    people = contingent.watching(pupil_id=row.pupil_id, user_ids=[row.ordered_by_id])
    params: Mapping[str, Any] = {"number": row.number or "", "reason": row.reason}
    notify.tell(people, TOPIC, message, params, _path("records:of_child", row.pupil_id), actor=actor)


def _path(name: str, *ids: Any) -> str:
    # A worker serves no host, so it has no routes of its own.
    return reverse(name, args=ids, urlconf=str(settings.TENANT_TYPES["school"]["URLCONF"]))
