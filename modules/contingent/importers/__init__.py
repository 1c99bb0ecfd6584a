"""What may be loaded from spreadsheets: classes, pupils, guardians; and which employees classes need."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from imports.api import register, uses
from modules.contingent import queries
from modules.contingent.importers.classes import Classes
from modules.contingent.importers.guardians import Guardians
from modules.contingent.importers.pupils import Pupils

register(Classes())
register(Pupils())
register(Guardians())


@uses("staff.employee")
def class_teachers(ids: Iterable[UUID]) -> set[UUID]:
    return queries.class_teachers(ids)
