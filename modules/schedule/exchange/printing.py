"""Weeks on paper: pages of A4 and sheets of A3 for the wall."""

from django.utils.translation import gettext_lazy as _

from documents.registry import form
from modules.schedule import permissions
from modules.schedule.exchange.papers import Wall, Weeks

form(
    "schedule.weeks",
    _("Timetable of lessons"),
    version=1,
    since="2020-08-01",
    template="weeks.typ",
    data=Weeks,
    archived=False,
    permission=permissions.VIEW,
    texts={"lesson": _("Lesson"), "empty": _("There are no lessons.")},
)
form(
    "schedule.wall",
    _("Timetable of lessons"),
    version=1,
    since="2020-08-01",
    template="wall.typ",
    data=Wall,
    archived=False,
    permission=permissions.VIEW,
    texts={"lesson": _("Lesson"), "empty": _("There are no lessons.")},
)
