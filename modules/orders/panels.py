"""What orders add to the frame: the settings of their numbers."""

from django.utils.translation import gettext_lazy as _

from modules.orders.data import Register
from modules.school import api as school

for book, label, default in (
    (Register.CONTINGENT, _("Number of an order on pupils"), "{n}-қ"),
    (Register.STAFF, _("Number of an order on staff"), "{n}-ж"),
    (Register.MAIN, _("Number of an order on the main activity"), "{n}"),
):
    school.declare_setting(
        f"orders.number_{book}",
        label,
        default=default,
        section=_("Orders"),
        hint=_("{n} stands for the number, which begins with 1 every January."),
        source=_("The school's own rules of office work"),
    )
