"""Accounts of the demo: everybody on the staff, and families of the classes that are shown."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from demo.people import Crowd
from identity import api as identity
from identity.data import NewAccount
from identity.models import User
from kernel.access import ROLES_OF_KIND, Actor, Role
from kernel.tenancy import Kind, TenantRef, current
from modules.contingent.models import Charge, Guardianship, Membership, SchoolClass
from modules.schedule.models import Course
from modules.staff.models import Employee

PASSWORD = "mektep-2026"  # noqa: S105 - the demo's, printed for everybody to see
ROLE_OF_POST = {
    "director": Role.DIRECTOR,
    "deputy_academic": Role.DEPUTY_ACADEMIC,
    "deputy_educational": Role.DEPUTY_UPBRINGING,
    "deputy_profile": Role.DEPUTY_PROFILE,
    "deputy_household": Role.DEPUTY_FACILITIES,
    "psychologist": Role.PSYCHOLOGIST,
    "social_pedagogue": Role.SOCIAL_PEDAGOGUE,
    "teacher_primary": Role.TEACHER,
    "teacher_subject": Role.TEACHER,
    "teacher_pe": Role.TEACHER,
    "teacher_nvtp": Role.TEACHER,
    "teacher_preschool": Role.EDUCATOR,
    "educator": Role.EDUCATOR,
    "librarian": Role.LIBRARIAN,
    "nurse": Role.NURSE,
    "cook": Role.CANTEEN,
    "secretary": Role.SECRETARY,
    "laboratory_assistant": Role.LAB_ASSISTANT,
}
# Rights that somebody carries beside the post.
BESIDE = (Role.MENTOR, Role.OBSERVER)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of logins.json."""

    host: str
    tenant: str
    kind: str
    role: str
    username: str
    password: str
    full_name: str
    language: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def of_officials(ref: TenantRef, crowd: Crowd) -> list[Line]:
    """One person for every role of an authority, the family service or the vendor."""
    people, accounts, roles = [], [], sorted(ROLES_OF_KIND[ref.kind], key=list(Role).index)
    for role in roles:
        person = crowd.adult()
        people.append(person)
        accounts.append(
            NewAccount(
                person_kind="guardian" if ref.kind is Kind.FAMILY else "official",
                person_id=None,
                surname=person.surname,
                name=person.name,
                patronymic=person.patronymic,
                language=ref.language,
                username=role.value.split("_")[-1],
                roles=(role.value,),
            )
        )
    return _make(ref, accounts, [[role] for role in roles])


def of_school(ref: TenantRef, *, shown_classes: list[SchoolClass], year: str) -> list[Line]:
    """Everybody on the staff by post, and the families of the shown classes."""
    class_teachers = set(
        Charge.objects.filter(school_class__year=year, duty="class_teacher").values_list(
            "employee_id", flat=True
        )
    )
    posts: dict[UUID, list[str]] = defaultdict(list)
    for employee in Employee.objects.prefetch_related("positions"):
        posts[employee.id] = [p.post_code for p in employee.positions.all() if p.until is None]
    accounts, roles_of = [], []
    beside = list(BESIDE)
    for employee in Employee.objects.filter(left_date=None).order_by("surname", "name", "id"):
        roles = list(dict.fromkeys(ROLE_OF_POST[p] for p in posts[employee.id] if p in ROLE_OF_POST))
        if not roles:
            continue
        if employee.id in class_teachers:
            roles.append(Role.CLASS_TEACHER)
        elif Role.TEACHER in roles and beside:
            roles.append(beside.pop())
        accounts.append(
            NewAccount(
                person_kind="staff",
                person_id=employee.id,
                surname=employee.surname,
                name=employee.name,
                patronymic=employee.patronymic,
                language=ref.language,
                phone=employee.phone,
                roles=tuple(r.value for r in roles),
            )
        )
        roles_of.append(roles)
    seen: set[UUID] = set()
    members = (
        Membership.objects.filter(school_class__in=shown_classes, until=None)
        .select_related("pupil")
        .order_by("school_class__grade", "school_class__letter", "pupil__surname", "pupil__name", "pupil_id")
    )
    guardians = defaultdict(list)
    for tie in (
        Guardianship.objects.filter(pupil__memberships__in=members)
        .select_related("guardian")
        .order_by("-relation", "id")
    ):
        guardians[tie.pupil_id].append(tie.guardian)
    for member in members:
        pupil = member.pupil
        accounts.append(
            NewAccount(
                person_kind="pupil",
                person_id=pupil.id,
                surname=pupil.surname,
                name=pupil.name,
                patronymic=pupil.patronymic,
                language="kk",
                roles=(Role.PUPIL.value,),
            )
        )
        roles_of.append([Role.PUPIL])
        for guardian in guardians[pupil.id]:
            if guardian.id in seen:
                continue
            seen.add(guardian.id)
            accounts.append(
                NewAccount(
                    person_kind="guardian",
                    person_id=guardian.id,
                    surname=guardian.surname,
                    name=guardian.name,
                    patronymic=guardian.patronymic,
                    language="kk",
                    phone=guardian.phone,
                    roles=(Role.PARENT.value,),
                )
            )
            roles_of.append([Role.PARENT])
    return _make(ref, accounts, roles_of)


def _make(ref: TenantRef, accounts: list[NewAccount], roles_of: list[list[Role]]) -> list[Line]:
    slips = identity.create_accounts(
        actor=Actor.system_actor("demo"), accounts=accounts, password=PASSWORD, password_hash=_hash()
    )
    lines = []
    for slip, account, roles in zip(slips, accounts, roles_of, strict=True):
        # The role that is rarest names the line, so that every role can be found in the list.
        role = roles[-1]
        lines.append(
            Line(
                host=current().host,
                tenant=ref.code,
                kind=ref.kind.value,
                role=role.value,
                username=slip.username,
                password=PASSWORD,
                full_name=slip.full_name,
                language=account.language,
            )
        )
    return lines


_hashed: list[str] = []


def _hash() -> str:
    if not _hashed:
        _hashed.append(identity.password_hash(PASSWORD))
    return _hashed[0]


def heroes_first(lines: list[Line], year: str) -> list[Line]:
    """The story's people lead the list: who teaches algebra in 7А, a mother and a pupil of that class."""
    logins = {a.person_id: a.username for a in User.objects.exclude(person_id=None)}
    first_seven = SchoolClass.objects.filter(year=year, grade=7).order_by("letter").first()
    if first_seven is None:
        return lines
    course = Course.objects.filter(school_class_id=first_seven.id, subject_code="algebra").first()
    if course is None:
        return lines
    teacher = logins.get(course.teacher_id) if course.teacher_id else None
    pupils = Membership.objects.filter(school_class_id=course.school_class_id, until=None).order_by(
        "pupil__surname", "pupil_id"
    )
    children = [m.pupil_id for m in pupils]
    mothers = Guardianship.objects.filter(pupil_id__in=children, relation="mother").order_by(
        "pupil__surname", "id"
    )
    heroes = [
        (teacher, Role.TEACHER),
        *((logins.get(m.guardian_id), Role.PARENT) for m in mothers[:2]),
        *((logins.get(child), Role.PUPIL) for child in children[:2]),
    ]
    by_login = {line.username: line for line in lines}
    first = [replace(by_login[name], role=role.value) for name, role in heroes if name in by_login]
    taken = {(line.username, line.role) for line in first}
    return first + [line for line in lines if (line.username, line.role) not in taken]
