"""Kinds of orders on the staff."""

from modules.orders import api as orders
from modules.staff.orders.acting import ActingDirector
from modules.staff.orders.hiring import Hire
from modules.staff.orders.leaves import GiveLeave
from modules.staff.orders.leaving import Dismiss
from modules.staff.orders.posts import PartTime, Transfer

for kind in (Hire(), Transfer(), PartTime(), GiveLeave(), Dismiss(), ActingDirector()):
    orders.register(kind)
