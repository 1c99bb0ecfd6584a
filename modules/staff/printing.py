"""The papers of this module."""

from django.utils.translation import gettext_lazy as _

from documents import form
from modules.staff import permissions
from modules.staff.data import ServiceTable

form(
    "staff.service",
    _("Length of service of employees"),
    version=1,
    since="2020-08-01",
    template="service.typ",
    data=ServiceTable,
    archived=False,
    permission=permissions.OVERVIEW,
    texts={
        "heading": _("Length of service of employees"),
        "on": _("on {day}"),
        "no": _("No."),
        "name": _("Full name"),
        "posts": _("Post"),
        "general": _("General service"),
        "pedagogical": _("Pedagogical service"),
        "here": _("At this school"),
        "in_post": _("In the present post"),
        "band": _("Pay band"),
        "total": _("Employees in all: {n}"),
    },
)
