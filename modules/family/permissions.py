from django.utils.translation import gettext_lazy as _

from kernel.access import Role, Scope, permission

VIEW_CHILD = permission(
    "family.view_child",
    _("See the timetable and the marks of one's child, or one's own"),
    roles={Role.PARENT: Scope.OWN_CHILD, Role.PUPIL: Scope.SELF},
)
