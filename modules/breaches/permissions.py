"""Who makes the list of persons concerned in a breach: names, IINs and phones of many at once."""

from django.utils.translation import gettext_lazy as _

from kernel.access import Role, permission

MANAGE = permission(
    "breaches.manage",
    _("Make the list of persons concerned in a breach"),
    roles={Role.DIRECTOR},
    ceiling={Role.DIRECTOR},
    sensitive=True,
)
