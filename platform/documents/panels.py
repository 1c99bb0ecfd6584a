"""What this app adds to the frame. It stands below ui, so ui hands its register in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from documents import permissions
from kernel.tenancy import Kind


def add_to(registry: Any) -> None:
    registry.menu(
        section="reports",
        label=_("Issued documents"),
        url_name="documents:issued",
        permission=permissions.VIEW_ISSUED,
        icon="file-certificate",
        order=80,
        kinds={Kind.SCHOOL},
    )
