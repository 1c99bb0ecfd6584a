"""Outside systems behind Protocols: the lowest package that needs one names the port, settings name the adapter.

In a tenant for trials nothing leaves: every port is off there but those that settings.PORTS_WITHIN names, which stay
inside the cell. A new port is off until somebody places it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from kernel import tenancy
from kernel.errors import DomainError


class PortClosed(DomainError):
    """The adapter is off; nothing leaves this tenant."""

    code = "port_closed"
    status = 503


class OnlyForTrials(PortClosed):
    message = _("Test mode: nothing is sent from here to anybody outside.")
    code = "only_for_trials"


def is_shut() -> bool:
    """Whether the tenant that is served is one for trials, which nothing leaves."""
    ref = tenancy.current_or_none()
    return ref is not None and ref.mode in tenancy.SHUT_MODES


def is_off(port: str) -> bool:
    """Whether nothing goes by the port here: it is unbound, or leads out of a tenant for trials."""
    return port not in settings.PORTS or (port not in settings.PORTS_WITHIN and is_shut())


def adapter(port: str) -> Any:
    """The adapter bound to the port ("contingent.national_register"), made anew; raises PortClosed when it is off."""
    if port not in settings.PORTS:
        raise PortClosed
    if is_off(port):
        raise OnlyForTrials
    return import_string(settings.PORTS[port])()
