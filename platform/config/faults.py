"""Faults told without personal data: to the log, and to Sentry where an installation has one.

An exception's own words carry what people typed ("Key (iin)=(…) already exists"), so only its kind, the database's
code and constraint, and the lines of code are told.
"""

from __future__ import annotations

import sys
import traceback
from typing import Any


def told(failure: BaseException) -> str:
    """The kind of the fault and what of it is not anybody's data."""
    cause: Any = failure
    while cause is not None and not hasattr(cause, "diag"):
        cause = cause.__cause__
    name = f"{type(failure).__module__}.{type(failure).__qualname__}".removeprefix("builtins.")
    if cause is None:
        return name
    parts = [cause.sqlstate, cause.diag.table_name, cause.diag.constraint_name]
    return f"{name} ({', '.join(part for part in parts if part)})"


def exception_processor(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """structlog's format_exc_info without the exception's own words."""
    info = event.pop("exc_info", None)
    if not info:
        return event
    if isinstance(info, BaseException):
        failure: BaseException | None = info
    else:
        failure = info[1] if isinstance(info, tuple) else sys.exc_info()[1]
    if failure is not None:
        frames = traceback.extract_tb(failure.__traceback__, limit=-20)
        places = "".join(f"{frame.filename}:{frame.lineno} in {frame.name}\n" for frame in frames)
        event["exception"] = f"{places}{told(failure)}"
    return event


def scrub(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any] | None:
    """Sentry's before_send: keep the code's places, drop the people's words; of a tenant for trials nothing goes."""
    from kernel import ports

    if ports.is_shut():
        return None
    for key in ("request", "user", "breadcrumbs", "extra", "logentry", "message", "server_name"):
        event.pop(key, None)
    failure = (hint.get("exc_info") or (None, None, None))[1]
    for value in event.get("exception", {}).get("values", []):
        value["value"] = ""
        for frame in value.get("stacktrace", {}).get("frames", []):
            frame.pop("vars", None)
    if failure is not None and event.get("exception", {}).get("values"):
        event["exception"]["values"][-1]["value"] = told(failure)
    return event


def watch(dsn: str) -> None:
    """Send faults to the installation's own Sentry; nothing is sent where no address is given."""
    if not dsn:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        before_send=scrub,  # type: ignore[arg-type]
    )
