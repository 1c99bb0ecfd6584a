"""What the product does by itself after midnight."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.jobs import JobContext, job
from modules.staff import services


@job("staff.close_logins", title=_("Closing logins of those who left"), permission=None)
def close_logins(ctx: JobContext, **_params: object) -> dict[str, int]:
    with transaction.atomic():
        return {"closed": services.close_ended()}
