"""Kinds of orders on pupils: what each does stands in services/movement.py."""

from modules.contingent.orders.coming import Enrol, Return
from modules.contingent.orders.inside import EndLeave, Leave, Move, Promote, Repeat
from modules.contingent.orders.leaving import Depart, Graduate
from modules.orders import api as orders

for kind in (Enrol(), Return(), Move(), Repeat(), Promote(), Leave(), EndLeave(), Depart(), Graduate()):
    orders.register(kind)
