"""Rights over pupils' records. Names are read by the whole staff; the card and the ИИН by few."""

from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, STAFF, Role, Scope, permission

OFFICE = frozenset({Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.SECRETARY})
CARE = OFFICE | {Role.DEPUTY_UPBRINGING, Role.DEPUTY_PROFILE, Role.PSYCHOLOGIST, Role.SOCIAL_PEDAGOGUE}

VIEW = permission(
    "contingent.view",
    _("See classes and the names of pupils"),
    roles={
        **dict.fromkeys(STAFF, Scope.SCHOOL),
        Role.PARENT: Scope.OWN_CHILD,
        Role.PUPIL: Scope.SELF,
    },
    reading=True,
)
LISTS = permission(
    "contingent.lists",
    _("Open the lists of classes and pupils"),
    roles=STAFF,
    reading=True,
)
CARD = permission(
    "contingent.card",
    _("See a pupil's card"),
    roles={
        **dict.fromkeys(CARE, Scope.SCHOOL),
        Role.CLASS_TEACHER: Scope.OWN_CLASS,
        Role.TEACHER: Scope.OWN_CLASS,
        Role.EDUCATOR: Scope.OWN_CLASS,
        Role.PARENT: Scope.OWN_CHILD,
        Role.PUPIL: Scope.SELF,
    },
    ceiling=STAFF | {Role.PARENT, Role.PUPIL},
    sensitive=True,
    reading=True,
)
DOCUMENTS = permission(
    "contingent.documents",
    _("See a pupil's documents and their scans"),
    roles={**dict.fromkeys(OFFICE | {Role.SOCIAL_PEDAGOGUE}, Scope.SCHOOL), Role.PARENT: Scope.OWN_CHILD},
    ceiling=LEADERS | CARE | {Role.CLASS_TEACHER, Role.TEACHER, Role.EDUCATOR, Role.PARENT},
    sensitive=True,
    reading=True,
)
HEALTH = permission(
    "contingent.health",
    _("See a pupil's health"),
    roles={**dict.fromkeys((Role.DIRECTOR, Role.NURSE), Scope.SCHOOL), Role.PARENT: Scope.OWN_CHILD},
    ceiling=LEADERS | {Role.NURSE, Role.PSYCHOLOGIST, Role.PARENT},
    sensitive=True,
    reading=True,
)
# The class teacher keeps the health list of the class (order 130): groups and advice, never the illness. It is written to
# be known, so that it is not counted among closed data: the clerk goes on giving teachers new passwords.
HEALTH_ADVICE = permission(
    "contingent.health_advice",
    _("See what the class must know of a pupil's health"),
    roles=dict.fromkeys((Role.CLASS_TEACHER, Role.TEACHER, Role.EDUCATOR), Scope.OWN_CLASS),
    ceiling=STAFF,
)
EDIT_HEALTH = permission(
    "contingent.edit_health",
    _("Note a pupil's health"),
    roles={Role.DIRECTOR, Role.NURSE},
    ceiling=LEADERS | {Role.NURSE},
)
CHANGES = permission(
    "contingent.changes",
    _("See who changed what in a pupil's card"),
    roles=OFFICE,
    ceiling=LEADERS | OFFICE,
    sensitive=True,
    reading=True,
)
REVEAL_IIN = permission(
    "contingent.reveal_iin",
    _("See a pupil's IIN in full"),
    roles=OFFICE | {Role.SOCIAL_PEDAGOGUE},
    ceiling=LEADERS | CARE,
    sensitive=True,
)
EDIT = permission(
    "contingent.edit", _("Enrol pupils and change their cards"), roles=OFFICE, ceiling=LEADERS | OFFICE
)
ATTEST = permission(
    "contingent.attest",
    _("Decide where a pupil who moved is attested for the quarter"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
    ceiling=LEADERS,
)
CLASSES = permission(
    "contingent.classes", _("Open and change classes"), roles=OFFICE, ceiling=LEADERS | OFFICE
)
APPOINT = permission(
    "contingent.appoint",
    _("Appoint class teachers and educators"),
    roles=OFFICE | {Role.DEPUTY_UPBRINGING},
    ceiling=LEADERS | OFFICE,
)
EXPORT = permission(
    "contingent.export",
    _("Save the list of pupils as a spreadsheet"),
    roles=CARE,
    ceiling=STAFF,
    sensitive=True,
)
IMPORT = permission(
    "contingent.import", _("Load pupils from a spreadsheet"), roles=OFFICE, ceiling=LEADERS | OFFICE
)
WHO_LOOKED = permission(
    "contingent.who_looked",
    _("See who looked at a pupil's card"),
    roles={Role.DIRECTOR: Scope.SCHOOL, Role.PARENT: Scope.OWN_CHILD},
    ceiling=LEADERS | {Role.PARENT, Role.SECRETARY},
)
