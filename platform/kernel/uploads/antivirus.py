"""The port to the antivirus; bound as "kernel.antivirus" unless the installation has switched it off."""

from __future__ import annotations

from typing import Protocol, cast

from kernel.ports import PortClosed, adapter
from kernel.uploads.refusals import AntivirusAway


class Antivirus(Protocol):
    def scan(self, content: bytes) -> str:
        """The name of what was found, empty for nothing. Raises AntivirusAway: no answer is never a good one."""


def scan(content: bytes) -> str:
    """As the bound antivirus says. Raises AntivirusAway."""
    try:
        return cast("Antivirus", adapter("kernel.antivirus")).scan(content)
    except PortClosed as unbound:
        raise AntivirusAway from unbound
