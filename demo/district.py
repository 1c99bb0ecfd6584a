"""What stands in the demo: one region, two districts, four schools."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.tenancy import Kind


@dataclass(frozen=True, slots=True)
class TenantPlan:
    code: str
    kind: Kind
    name_kk: str
    name_ru: str
    parent: str = ""
    language: str = "kk"
    kato: str = ""


@dataclass(frozen=True, slots=True)
class SchoolPlan:
    """A school of the demo: from spreadsheets when `staff_file` is named, otherwise made up whole."""

    tenant: TenantPlan
    seed: int
    bin: str
    staff_file: str = ""
    pupils_file: str = ""
    pupils_a_class: int = 20
    letters: str = "АӘ"
    is_small: bool = False
    capacity: int = 300
    village_kk: str = ""
    village_ru: str = ""


# Every name says that it is no real office or school: the geography is Karkaraly's, the rest is made up (DEM-01).
AUTHORITIES = (
    TenantPlan(
        "karaganda",
        Kind.AUTHORITY,
        "Қарағанды облысының білім басқармасы (демо)",
        "Управление образования Карагандинской области (демо)",
        kato="350000000",
    ),
    TenantPlan(
        "karkaraly",
        Kind.AUTHORITY,
        "Қарқаралы ауданының білім бөлімі (демо)",
        "Отдел образования Каркаралинского района (демо)",
        parent="karaganda",
        kato="354800000",
    ),
    TenantPlan(
        "shet",
        Kind.AUTHORITY,
        "Шет ауданының білім бөлімі (демо)",
        "Отдел образования Шетского района (демо)",
        parent="karaganda",
        kato="356400000",
    ),
)

SERVICES = (
    TenantPlan("my", Kind.FAMILY, "Mektep: отбасы кабинеті (демо)", "Mektep: кабинет семьи (демо)"),
    TenantPlan("ops", Kind.VENDOR, "Mektep: жеткізуші (демо)", "Mektep: поставщик (демо)", language="ru"),
)

LARGE = SchoolPlan(
    TenantPlan(
        "karkaraly-1",
        Kind.SCHOOL,
        "№ 1 жалпы білім беретін мектеп (демо)",
        "Общеобразовательная школа № 1 (демо)",
        parent="karkaraly",
        language="ru",
        kato="354820100",
    ),
    seed=11,
    bin="260140000015",
    staff_file="large-school-staff-ru.xlsx",
    pupils_file="large-school-pupils-ru.xlsx",
    capacity=900,
    village_kk="Қарқаралы қаласы",
    village_ru="город Каркаралинск",
)
SMALL = SchoolPlan(
    TenantPlan(
        "tegisshildik",
        Kind.SCHOOL,
        "Тегісшілдік ауылының негізгі орта мектебі (демо)",
        "Тегисшилдикская основная средняя школа (демо)",
        parent="karkaraly",
        kato="354800000",
    ),
    seed=23,
    bin="260140001023",
    staff_file="small-school-staff-kk.xlsx",
    pupils_file="small-school-pupils-kk.xlsx",
    is_small=True,
    letters="А",
    capacity=80,
    village_kk="Тегісшілдік ауылы",
    village_ru="село Тегисшилдик",
)
MIDDLE = SchoolPlan(
    TenantPlan(
        "mady",
        Kind.SCHOOL,
        "Мәди атындағы мектеп-гимназия (демо)",
        "Школа-гимназия имени Мади (демо)",
        parent="karkaraly",
        kato="354820100",
    ),
    seed=37,
    bin="260140002031",
    pupils_a_class=17,
    letters="АБ",
    capacity=320,
    village_kk="Қарқаралы қаласы",
    village_ru="город Каркаралинск",
)
NEIGHBOUR = SchoolPlan(
    TenantPlan(
        "aqsu-ayuly",
        Kind.SCHOOL,
        "Ақсу-Аюлы ауылының мектебі (демо)",
        "Аксу-Аюлинская школа (демо)",
        parent="shet",
        kato="356400000",
    ),
    seed=53,
    bin="260140003046",
    pupils_a_class=14,
    letters="А",
    capacity=200,
    village_kk="Ақсу-Аюлы ауылы",
    village_ru="село Аксу-Аюлы",
)
SCHOOLS = (LARGE, SMALL, MIDDLE, NEIGHBOUR)
