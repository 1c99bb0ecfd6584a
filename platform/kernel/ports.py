"""Outside systems behind Protocols: the lowest package that needs one names the port, settings name the adapter."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from kernel.errors import DomainError


class PortClosed(DomainError):
    """The adapter is off; nothing leaves this tenant."""

    code = "port_closed"
    status = 503


def adapter(port: str) -> Any:
    """The adapter bound to the port ("contingent.national_register"), made anew; raises PortClosed when unbound."""
    path = settings.PORTS.get(port)
    if path is None:
        raise PortClosed
    return import_string(path)()
