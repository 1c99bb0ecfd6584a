from django.utils.translation import gettext_lazy as _

from kernel.access import Role, permission

SEE_TENANTS = permission(
    "tenants.see", _("See the list of tenants and their state"), roles={Role.OPERATOR, Role.SUPPORT}
)
SEE_CONTRACT = permission(
    "tenants.see_contract",
    _("See the contract with the vendor and take the data along when it ends"),
    roles={Role.DIRECTOR, Role.AUTHORITY_HEAD},
)
