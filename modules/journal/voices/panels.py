"""What the audit trail says of recordings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel import audit

audit.words(
    actions={
        "journal.voice.kept": _("Comment of a journal recorded by voice"),
        "journal.voice.taken_back": _("Recorded comment of a journal deleted"),
    }
)
