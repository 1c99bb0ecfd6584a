"""What a load makes and changes, as its report and the way back call it."""

from __future__ import annotations

PUPIL, CLASS, CHARGE = "contingent.pupil", "contingent.class", "contingent.charge"
GUARDIAN, LINK, BAN = "contingent.guardian", "contingent.guardianship", "contingent.ban"
PLACE, STATUS = "contingent.membership", "contingent.status"
GUARDIAN_FIELDS = (
    "id",
    "iin",
    "surname",
    "name",
    "patronymic",
    "phone",
    "email",
    "language",
    "created_at",
    "changed_at",
)
