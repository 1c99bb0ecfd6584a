"""A line of the security log as a syslog message (RFC 5424) in a frame that counts its octets (RFC 5425)."""

from __future__ import annotations

import json
import re
from datetime import UTC

from kernel.feeds import Line

AUDIT = 13  # the facility "log audit"
SEVERITIES = {"ok": 6, "refused": 4, "failed": 3}  # informational, warning, error
NOTICE = 5
_NOT_PRINTABLE = re.compile(r"[^\x21-\x7e]")


def message(line: Line, *, host: str, enterprise: str) -> bytes:
    """One message. The text after the data repeats the action, so that a screen of raw lines can be read."""
    severity = SEVERITIES.get(line.outcome, NOTICE)
    stamp = line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    header = f"<{AUDIT * 8 + severity}>1 {stamp} {_name(host, 255)} mektep {_name(line.tenant, 128)} {_name(line.action, 32)}"
    values = {
        "tenant": line.tenant,
        "number": str(line.number),
        "actor": line.actor,
        "action": line.action,
        "outcome": line.outcome,
        "objectType": line.object_type,
        "objectId": line.object_id,
        "address": line.address,
        "request": line.request_id,
        "details": json.dumps(line.details, ensure_ascii=False, sort_keys=True) if line.details else "",
        "hash": line.hash,
    }
    data = "".join(f' {name}="{_escaped(value)}"' for name, value in values.items() if value)
    text = f"{line.action} {line.outcome}"
    return f"{header} [mektep@{enterprise}{data}] \ufeff{text}".encode()


def framed(one: bytes) -> bytes:
    return str(len(one)).encode() + b" " + one


def _name(value: str, longest: int) -> str:
    """A header field: printable ASCII without spaces, `-` for nothing."""
    return _NOT_PRINTABLE.sub("_", value)[:longest] or "-"


def _escaped(value: str) -> str:
    """A parameter's value: quote, backslash and bracket are escaped (§6.3.3); a control character becomes a space."""
    clean = "".join(" " if ord(one) < 32 or ord(one) == 127 else one for one in value)
    return clean.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")
