"""Where the frame leads to saving journals, and the words of what is logged of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel import audit
from modules.journal import permissions
from ui import registry

registry.menu(
    section="journals",
    label=_("Journals as files"),
    url_name="journal:archive",
    permission=permissions.EXPORT,
    icon="archive",
    order=80,
    match="journal:archive",
)
audit.words(
    actions={
        "journal.archive.made": _("Archive of journals made"),
        "journal.archive.taken": _("Archive of journals downloaded"),
    },
    objects={"archive": _("archive of journals")},
)
