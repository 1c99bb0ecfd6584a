"""The lists of the contingent, declared: pupils, classes, and who answers for them."""

from modules.contingent.registers.charges import CHARGES
from modules.contingent.registers.classes import CLASSES
from modules.contingent.registers.pupils import PUPILS

__all__ = ["CHARGES", "CLASSES", "PUPILS"]
