"""Reads of the contingent; every one narrows to what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from kernel import clock
from kernel.access import Actor, Permission, Scope, require
from kernel.errors import NotFound
from kernel.names import fold
from modules.contingent import permissions
from modules.contingent.data import (
    Counts,
    GuardianInfo,
    NewGuardian,
    NewPupil,
    PupilCard,
    PupilInfo,
    StatusInfo,
    TermInfo,
)
from modules.contingent.models import (
    Guardian,
    Membership,
    Pupil,
    PupilStatus,
    SchoolClass,
    SightBan,
    SpecialNeed,
)
from modules.contingent.queries import custody
from modules.contingent.queries.charges import class_with_leaders, led_by, on_day, with_leaders

ORDER = ("surname", "name", "patronymic", "id")
_MEMBER_ORDER = tuple(f"pupil__{part}" for part in ORDER)


def info_of_pupil(row: Pupil, member: Membership | None = None) -> PupilInfo:
    return PupilInfo(
        id=row.pk,
        surname=row.surname,
        name=row.name,
        patronymic=row.patronymic,
        sex=row.sex,
        birth_date=row.birth_date,
        class_id=member.school_class_id if member else None,
        class_label=member.school_class.label if member else "",
        since=member.since if member else None,
        until=member.until if member else None,
    )


def visible(*, actor: Actor, through: Permission = permissions.VIEW, path: str = "") -> Q:
    """The condition on pupils that the permission opens to the actor; `path` leads to the pupil's table."""
    scopes = require(actor, through)
    alive = Q(**{f"{path}removed_at": None})
    if Scope.SCHOOL in scopes:
        return alive
    if actor.person_id is None:
        return Q(pk__in=[])
    mine = Q(pk__in=[])
    if Scope.OWN_CLASS in scopes or Scope.OWN_LESSONS in scopes:
        taught = Membership.objects.filter(
            on_day(clock.today()), school_class_id__in=led_by(actor.person_id)
        ).values("pupil_id")
        mine |= Q(**{f"{path}id__in": taught})
    if Scope.OWN_CHILD in scopes:
        children = custody.seen_by(actor.person_id).values("pupil_id")
        mine |= Q(**{f"{path}id__in": children})
    if Scope.SELF in scopes:
        mine |= Q(**{f"{path}id": actor.person_id})
    return alive & mine


def get_pupil(*, actor: Actor, pupil_id: UUID, through: Permission = permissions.VIEW) -> Pupil:
    """The pupil if the permission opens him to the actor; raises NotFound otherwise."""
    row = Pupil.objects.filter(visible(actor=actor, through=through), pk=pupil_id).first()
    if row is None:
        raise NotFound
    return row


# --- classes


def classes_of_year(*, actor: Actor, year: str | None = None) -> QuerySet[SchoolClass]:
    """Classes of the school year, by grade and letter; those of one's own children for parents and pupils."""
    scopes = require(actor, permissions.VIEW)
    rows = with_leaders(SchoolClass.objects.filter(year=year or current_year())).order_by(
        "grade", Length("letter"), "letter", "id"
    )
    if Scope.SCHOOL in scopes:
        return rows
    pupils = Pupil.objects.filter(visible(actor=actor)).values("id")
    return rows.filter(
        Exists(Membership.objects.filter(school_class=OuterRef("pk"), pupil_id__in=pupils))
        | Q(pk__in=led_by(actor.person_id or UUID(int=0)))
    )


def get_class(*, actor: Actor, class_id: UUID) -> SchoolClass:
    row = class_with_leaders(class_id)
    if row is None:
        raise NotFound
    # Whoever sees every class sees this one; others are asked for.
    everything = Scope.SCHOOL in require(actor, permissions.VIEW)
    if not everything and not classes_of_year(actor=actor, year=row.year).filter(pk=class_id).exists():
        raise NotFound
    return row


def current_year() -> str:
    return clock.school_year_of(clock.today())


# --- members


def members(
    *,
    actor: Actor,
    class_ids: Iterable[UUID],
    on: date | None = None,
    during: tuple[date, date] | None = None,
) -> list[PupilInfo]:
    """Pupils in the classes on the day (today by default), or at any time between two days; in Kazakh order.

    With `during` a pupil who was twice in a class stands twice, once for each term.
    """
    rows = Membership.objects.filter(
        visible(actor=actor, path="pupil__"), school_class_id__in=list(class_ids)
    ).select_related("pupil", "school_class")
    if during is None:
        rows = rows.filter(on_day(on or clock.today()))
    else:
        rows = rows.filter(Q(until=None) | Q(until__gte=during[0]), since__lte=during[1])
    return [info_of_pupil(row.pupil, row) for row in rows.order_by(*_MEMBER_ORDER, "since")]


def pupils_by_id(*, actor: Actor, pupil_ids: Iterable[UUID], on: date | None = None) -> dict[UUID, PupilInfo]:
    """The pupils whom the actor may see, with their class on the day."""
    wanted = list(pupil_ids)
    rows = {row.pk: row for row in Pupil.objects.filter(visible(actor=actor), pk__in=wanted)}
    places = places_of(rows, on=on)
    return {key: info_of_pupil(row, places.get(key)) for key, row in rows.items()}


def places_of(pupil_ids: Iterable[UUID], *, on: date | None = None) -> dict[UUID, Membership]:
    """The membership of each pupil on the day. Callers have checked the right to the pupils."""
    rows = (
        Membership.objects.filter(on_day(on or clock.today()), pupil_id__in=list(pupil_ids))
        .select_related("school_class")
        .order_by("since", "id")
    )
    return {row.pupil_id: row for row in rows}


def counts(*, actor: Actor, year: str | None = None, on: date | None = None) -> Counts:
    """Classes and pupils of the year on the day, for staff."""
    require(actor, permissions.VIEW)
    year = year or current_year()
    rows = dict(
        Membership.objects.filter(
            on_day(on or clock.today()), school_class__year=year, pupil__removed_at=None
        )
        .values_list("school_class_id")
        .annotate(n=Count("id"))
        .order_by()
    )
    return Counts(
        classes=SchoolClass.objects.filter(year=year).count(), pupils=sum(rows.values()), by_class=rows
    )


def needs_in_classes(*, actor: Actor, class_ids: Iterable[UUID], on: date | None = None) -> dict[UUID, int]:
    """How many pupils of each class have special needs on the day: a figure and no names, for dividing into groups."""
    require(actor, permissions.VIEW)
    day = on or clock.today()
    needs = SpecialNeed.objects.filter(on_day(day), pupil_id=OuterRef("pupil_id"))
    rows = Membership.objects.filter(
        on_day(day), Exists(needs), school_class_id__in=list(class_ids), pupil__removed_at=None
    )
    return dict(rows.values_list("school_class_id").annotate(n=Count("id")).order_by())


# --- guardians and statuses


def guardians_of(*, actor: Actor, pupil_id: UUID) -> list[GuardianInfo]:
    """The pupil's guardians, mother first. Needs the right to the card."""
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    return custody.guardians_of_card(pupil_id)


def children_of(*, actor: Actor, guardian_id: UUID, on: date | None = None) -> list[PupilInfo]:
    """Children whom the guardian may see, eldest class first. The guardian asks for herself, the staff for anyone."""
    require(actor, permissions.VIEW)
    if actor.person_id != guardian_id and not actor.reaches_school(permissions.VIEW):
        raise NotFound
    rows = {link.pupil_id: link.pupil for link in custody.seen_by(guardian_id).select_related("pupil")}
    places = places_of(rows, on=on)
    found = [info_of_pupil(row, places.get(key)) for key, row in rows.items()]
    grade = {key: place.school_class.grade for key, place in places.items()}
    return sorted(found, key=lambda p: (-grade.get(p.id, -1), p.birth_date, p.id))


def statuses_of(*, actor: Actor, pupil_id: UUID) -> list[PupilStatus]:
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    return list(PupilStatus.objects.filter(pupil_id=pupil_id).order_by("-since", "code"))


def movement_of(*, actor: Actor, pupil_id: UUID) -> list[Membership]:
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    rows = Membership.objects.filter(pupil_id=pupil_id).select_related("school_class")
    return list(rows.order_by("-since", "-id"))


def siblings_of(*, actor: Actor, pupil_id: UUID) -> list[PupilInfo]:
    """Other children of the same guardians."""
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    return sorted(
        pupils_by_id(actor=actor, pupil_ids=custody.siblings(pupil_id)).values(),
        key=lambda p: (p.birth_date, p.id),
    )


def ids_by_iin(iin: str) -> list[UUID]:
    """The pupil and the guardian whose number this is: for the sign-in, which tells nobody what it finds."""
    pupils = Pupil.objects.filter(iin=iin, removed_at=None).values_list("pk", flat=True)
    return list(pupils.union(Guardian.objects.filter(iin=iin).values_list("pk", flat=True)))


def phones_of(guardian_ids: Iterable[UUID], *, actor: Actor) -> dict[UUID, str]:
    """The numbers of these guardians, for the accounts that follow them."""
    require(actor, permissions.EDIT)
    return dict(Guardian.objects.filter(pk__in=list(guardian_ids)).values_list("pk", "phone"))


def find_guardian(*, iin: str, surname: str, name: str, phone: str) -> Guardian | None:
    """The guardian the school knows already: by ИИН, or by name and phone."""
    if iin:
        return Guardian.objects.filter(iin=iin).first()
    if phone:
        return Guardian.objects.filter(surname=surname, name=name, phone=phone).first()
    return None


def get_guardian(*, actor: Actor, pupil_id: UUID, guardian_id: UUID) -> GuardianInfo:
    """One guardian of a card that is open to the actor; raises NotFound."""
    known = guardians_of(actor=actor, pupil_id=pupil_id)
    found = next((one for one in known if one.id == guardian_id), None)
    if found is None:
        raise NotFound
    return found


def guardian_to_edit(*, actor: Actor, pupil_id: UUID, guardian_id: UUID) -> NewGuardian:
    """The guardian with all that the form of the card changes, for those who may change it."""
    require(actor, permissions.EDIT)
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    link = custody.tie(pupil_id=pupil_id, guardian_id=guardian_id)
    if link is None:
        raise NotFound
    return custody.to_send(link, None, whole_iin=True)


def bans_of(*, actor: Actor, pupil_id: UUID) -> list[SightBan]:
    """Bans of the card, those that are over too, the newest first."""
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    return custody.bans_of(pupil_id)


def without_iin(*, actor: Actor) -> int:
    """How many of those who learn here have no ИИН yet."""
    require(actor, permissions.EDIT)
    return Pupil.objects.filter(iin="", left_date=None, removed_at=None).count()


def pupil_names(ids: Iterable[str]) -> dict[str, str]:
    """Full names by id as text, for the security log."""
    return {str(row.pk): row.person_name.full for row in Pupil.objects.filter(pk__in=list(ids))}


def class_labels(ids: Iterable[str]) -> dict[str, str]:
    """Labels of classes by id as text, for the security log."""
    return {str(row.pk): row.label for row in SchoolClass.objects.filter(pk__in=list(ids))}


def classes_of_people(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Where pupils and guardians belong today: the label of the class, or the labels of the children's classes."""
    ids = list(person_ids)
    rows = Membership.objects.filter(on_day(clock.today()), year=current_year()).select_related(
        "school_class"
    )
    found = {row.pupil_id: row.school_class.label for row in rows.filter(pupil_id__in=ids)}
    children = custody.children_by_guardian(ids)
    of_child = {
        row.pupil_id: row.school_class.label
        for row in rows.filter(pupil_id__in={one for several in children.values() for one in several})
    }
    for guardian_id, pupil_ids in children.items():
        labels = dict.fromkeys(of_child[one] for one in pupil_ids if one in of_child)
        if labels:
            found[guardian_id] = ", ".join(labels)
    return found


def cards_like(
    *, actor: Actor, iin: str = "", surname: str = "", name: str = "", birth_date: date | None = None
) -> list[Pupil]:
    """Those who learn or learned here and may be this child: by ИИН, or by name (near letters alike) and birth date."""
    require(actor, permissions.EDIT)
    wanted = Q(pk__in=[])
    if iin:
        wanted |= Q(iin=iin)
    if surname and birth_date:
        called = f"{fold(surname)} {fold(name)}"
        wanted |= Q(birth_date=birth_date) & Q(folded__startswith=f"{called} ")
    return list(Pupil.objects.filter(wanted, removed_at=None).order_by("-enrolled_date", *ORDER))


def card(*, actor: Actor, pupil_id: UUID) -> PupilCard:
    """The whole card; the ИИН only for those who may see it. Needs the right to the card."""
    row = get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    whole = actor.may(permissions.REVEAL_IIN)
    values = {name: getattr(row, name) for name in NewPupil.__slots__}
    terms = Membership.objects.filter(pupil=row).select_related("school_class").order_by("since", "id")
    return PupilCard(
        id=row.pk,
        pupil=NewPupil(**(values if whole else values | {"iin": ""})),
        enrolled_date=row.enrolled_date,
        left_date=row.left_date,
        left_reason=row.left_reason,
        guardians=custody.guardians_to_send(row.pk, whole_iin=whole),
        statuses=tuple(
            StatusInfo(one.code, one.since, one.until, one.ground)
            for one in PupilStatus.objects.filter(pupil=row).order_by("since", "code")
        ),
        terms=tuple(
            TermInfo(
                one.school_class.label,
                one.school_class.grade,
                one.school_class.language,
                one.year,
                one.since,
                one.until,
                one.reason,
                one.order_number,
            )
            for one in terms
        ),
    )
