"""What a school of the demo says of itself."""

from __future__ import annotations

from demo.district import SchoolPlan
from demo.emblem import account_number, emblem
from kernel.access import Actor
from modules.contingent.models import SchoolClass
from modules.school import api as school
from modules.staff.models import Employee


def _sign(plan: SchoolPlan) -> str:
    """What stands in the school's emblem: its number, else the first letter of its name."""
    number = "".join(sign for sign in plan.tenant.name_kk if sign.isdigit())
    return number or plan.tenant.name_kk[0]


def of_school(plan: SchoolPlan, actor: Actor) -> dict[str, object]:
    """The fields of the school's profile; its emblem is kept as a file."""
    logo = emblem(_sign(plan), seed=plan.seed)
    director = Employee.objects.filter(positions__post_code="director").order_by("id").first()
    return {
        "short_kk": plan.tenant.name_kk.replace("жалпы білім беретін мектеп", "ЖББМ"),
        "short_ru": plan.tenant.name_ru.replace("Общеобразовательная школа", "ОШ"),
        "languages": sorted({str(one) for one in SchoolClass.objects.values_list("language", flat=True)}),
        "shifts": max(SchoolClass.objects.values_list("shift", flat=True), default=1),
        "director": director.person_name.short if director else "",
        "phone": f"+7 721 46 {3_0000 + plan.seed}",
        "email": f"{plan.tenant.code}@mektep.example",
        "logo_id": school.keep_logo(actor=actor, content=logo),
        "post_kk": "Мектеп директоры",
        "post_ru": "Директор школы",
        "iik": account_number(plan.seed),
        "bank": "Демо Банк",
        "bik": "DEMOKZ00",
        "kbe": "12",
        "name_kk": plan.tenant.name_kk,
        "name_ru": plan.tenant.name_ru,
        "bin": plan.bin,
        "kato": plan.tenant.kato,
        "address_kk": f"{plan.village_kk}, Мектеп көшесі, 1",
        "address_ru": f"{plan.village_ru}, ул. Школьная, 1",
        "capacity": plan.capacity,
    }
