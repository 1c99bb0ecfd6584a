from django.utils.translation import gettext_lazy as _

from kernel.access import Role, permission

SEE_TENANTS = permission(
    "tenants.see", _("See the list of tenants and their state"), roles={Role.OPERATOR, Role.SUPPORT}
)
