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
        "documents.document.opened": _("Issued document opened"),
        "documents.login_slips.printed": _("Sign-in slips printed"),
        "documents.signing.prepared": _("Document prepared for signing"),
        "documents.signing.phone_shown": _("Code for signing with the phone shown"),
        "documents.signature.signed": _("Document signed with ЭЦП"),
        "documents.signature.refused": _("Signature under a document refused"),
        "documents.signature.rejected": _("Signature not accepted"),
        "documents.signed.opened": _("Signed document opened"),
    },
    objects={
        "document": _("issued document"),
        "login_slips": _("sign-in slips"),
        "signed_document": _("document with signatures"),
    },
    purposes={"documents.archive": _("opened an issued document")},
)
