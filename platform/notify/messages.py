"""This app's own messages: a person's long work has ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel import jobs
from notify.registry import message, topic


def _with_title(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The work's name in the reader's language; it is kept as a code."""
    declared = jobs.REGISTER.get(str(params.get("kind", "")))
    return {**params, "work": str(declared.title) if declared else str(params.get("kind", ""))}


topic("jobs", _("My tasks"), hint=_("Long work that you started has ended: imports, prints, recounts."))
message("jobs.done", topic="jobs", title=_("Ready: {work}"), icon="circle-check", values=_with_title)
message(
    "jobs.failed",
    topic="jobs",
    title=_("Did not work out: {work}"),
    body="{reason}",
    icon="alert-circle",
    values=_with_title,
)
