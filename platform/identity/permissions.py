"""Who may give accounts and rights to others."""

from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, Role, permission

MANAGE_ACCOUNTS = permission(
    "identity.manage_accounts",
    _("Create accounts, start password resets, block and restore"),
    roles={Role.DIRECTOR, Role.SECRETARY, Role.AUTHORITY_HEAD, Role.OPERATOR},
    ceiling={*LEADERS, Role.SECRETARY, Role.AUTHORITY_HEAD, Role.OPERATOR},
)
GIVE_ROLES = permission(
    "identity.give_roles",
    _("Give and take roles"),
    roles={Role.DIRECTOR, Role.AUTHORITY_HEAD, Role.OPERATOR},
    ceiling={*LEADERS, Role.AUTHORITY_HEAD, Role.OPERATOR},
)
EDIT_ROLES = permission(
    "identity.edit_roles",
    _("Decide what each role may do"),
    roles={Role.DIRECTOR, Role.AUTHORITY_HEAD, Role.OPERATOR},
    ceiling={Role.DIRECTOR, Role.AUTHORITY_HEAD, Role.OPERATOR},
)
APPROVE_ROLES = permission(
    "identity.approve_roles",
    _("Approve, as the second person, a role with power over roles"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
    ceiling=LEADERS,
)
READ_AUDIT = permission(
    "identity.read_audit",
    _("Read the security log"),
    roles={Role.DIRECTOR, Role.AUTHORITY_HEAD, Role.OPERATOR},
    ceiling={*LEADERS, Role.AUTHORITY_HEAD, Role.OPERATOR},
)
