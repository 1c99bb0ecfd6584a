"""Structured logs without personal data: codes and ids, never names, numbers or bodies."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from config.faults import exception_processor


def _tenant(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    from kernel.tenancy import current_or_none

    ref = current_or_none()
    if ref is not None:
        event["tenant"] = ref.schema
    return event


class _WithoutPath(logging.Filter):
    """Django's own lines name the path, which may hold what somebody typed; our request line names the route."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.args:
            record.msg, record.args = str(record.msg).partition(":")[0], ()
        return True


def configure(level: str, *, as_json: bool) -> None:
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _tenant,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        exception_processor,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event", "tenant"])
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("django.request", "django.security", "django.security.csrf", "django.server"):
        logging.getLogger(name).filters[:] = [_WithoutPath()]
    logging.getLogger("django.request").setLevel(logging.ERROR)  # refusals stand in our own line
    logging.getLogger("django.security.DisallowedHost").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
