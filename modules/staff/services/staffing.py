"""The staffing table: how many rates of each post are approved, and from which day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import DomainError
from modules.staff import permissions
from modules.staff.models import Staffing


class EarlierThanLine(DomainError):
    message = _("This post has a line since {since}. A change begins on that day or later.")
    code = "earlier_than_line"


@transaction.atomic
def approve(*, actor: Actor, post_code: str, rates: Decimal, since: date, ground: str = "") -> Staffing:
    """From the day on so many rates of the post are approved; 0 takes the post out. Raises EarlierThanLine."""
    require(actor, permissions.STAFFING)
    line = Staffing.objects.select_for_update().filter(post_code=post_code, until=None).first()
    if line is not None and since < line.since:
        raise EarlierThanLine(since=f"{line.since:%d.%m.%Y}")
    if line is not None and since == line.since:
        line.rates, line.ground = rates, ground
        line.save(update_fields=["rates", "ground"])
    else:
        if line is not None:
            line.until = since - timedelta(days=1)
            line.save(update_fields=["until"])
        line = Staffing.objects.create(post_code=post_code, rates=rates, since=since, ground=ground)
    audit.record(
        actor=actor,
        action="staff.staffing.approved",
        object_type="staffing",
        object_id=line.pk,
        details={"post": post_code, "rates": str(rates), "since": since.isoformat()},
    )
    return line
