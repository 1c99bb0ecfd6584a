"""What the wizard adds to the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from imports import permissions
from kernel import audit
from kernel.tenancy import Kind
from ui import registry

registry.menu(
    section="school",
    label=_("Load from a spreadsheet"),
    url_name="imports:batches",
    permission=permissions.IMPORT,
    icon="file-import",
    order=60,
    kinds={Kind.SCHOOL},
)
audit.words(
    actions={
        "imports.uploaded": _("Spreadsheet taken in"),
        "imports.loaded": _("Spreadsheet loaded"),
        "imports.undone": _("Load of a spreadsheet taken back"),
        "imports.discarded": _("Spreadsheet thrown away"),
    },
    objects={"import": _("load of a spreadsheet")},
)
