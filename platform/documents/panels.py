"""What this app adds to the frame: the archive's line in the menu."""

from django.utils.translation import gettext_lazy as _

from documents import permissions
from kernel import audit
from kernel.tenancy import Kind
from ui import registry

registry.menu(
    section="reports",
    label=_("Issued documents"),
    url_name="documents:issued",
    permission=permissions.VIEW_ISSUED,
    icon="file-certificate",
    order=80,
    kinds={Kind.SCHOOL},
)
audit.words(
    actions={
        "documents.login_slips.printed": _("Sign-in slips printed"),
        "documents.document.opened": _("Issued document opened"),
    },
    objects={"login_slips": _("sign-in slips"), "document": _("document")},
    purposes={"documents": _("printed a document"), "documents.archive": _("opened an issued document")},
)
