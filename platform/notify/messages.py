"""This app's own messages: a person's long work has ended, a file that the person sent was judged."""

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

topic("files", _("Files that I sent"), hint=_("A file waits for the antivirus, and what it has found."))
message(
    "files.waits",
    topic="files",
    title=_("Your file is in quarantine"),
    body=_(
        "The antivirus does not answer at the moment. The file is kept, and opens when it has been found clean."
    ),
    icon="clock",
)
message("files.clean", topic="files", title=_("Your file is clean and can be opened"), icon="shield-check")
message(
    "files.infected",
    topic="files",
    title=_("There was a virus in your file: {virus}"),
    body=_("The file is destroyed. Check the device that it came from and send a clean one."),
    icon="alert-circle",
)
