"""What the wizard adds to the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from imports import permissions, queries
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
registry.action(
    label=_("Load from a spreadsheet"),
    url_name="imports:batches",
    icon="file-import",
    permission=permissions.IMPORT,
    order=30,
)
audit.words(
    actions={
        "imports.uploaded": _("Spreadsheet taken in"),
        "imports.loaded": _("Spreadsheet loaded"),
        "imports.words_said": _("Words of a spreadsheet explained"),
        "imports.undone": _("Load of a spreadsheet taken back"),
        "imports.columns_forgotten": _("Choice of columns of a spreadsheet forgotten"),
        "imports.discarded": _("Spreadsheet thrown away"),
    },
    objects={"import": _("load of a spreadsheet")},
)
audit.naming("import", queries.file_names)
