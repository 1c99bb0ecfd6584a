"""Classes of the year from a spreadsheet: what they are, who leads them, which are taught together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from imports import normalise
from imports.api import Change, ChangeKind, Column, Importer, Read, Row, Verdict, doubt, error, used
from imports.people import People
from kernel import clock
from kernel.access import Actor, require
from kernel.ports import PortClosed
from modules.contingent import permissions, ports, queries, services
from modules.contingent.importers.checking import Label, text_of
from modules.contingent.importers.loading import CLASS
from modules.contingent.models import Charge, SchoolClass

CHARGE = "contingent.charge"
_PRESCHOOL = re.compile(r"^(?:0|предшкол\w*|мектепалды\w*|мад|кпп)$", re.IGNORECASE)
_SET_LENGTH = 12
_FIELDS = ("language", "shift", "kind", "direction", "room", "capacity")
_WORDS: dict[str, type[TextChoices]] = {
    "language": SchoolClass.Language,
    "kind": SchoolClass.Kind,
    "direction": SchoolClass.Direction,
}
_BETWEEN = re.compile(r"[,;+&]|\s(?:и|және|мен|пен)\s")
_KINDS: dict[str, tuple[str, ...]] = {
    "general": ("общеобразовательный", "обычный", "жалпы білім беретін", "жалпы", "общий"),
    "gymnasium": ("гимназический", "гимназия", "гимназиялық"),
    "lyceum": ("лицейский", "лицей", "лицейлік"),
    "preschool": ("предшкольный", "предшкола", "мектепалды", "класс предшкольной подготовки", "мад"),
    "special": ("специальный", "коррекционный", "арнайы", "түзету"),
}
_DIRECTIONS: dict[str, tuple[str, ...]] = {
    "natural": (
        "естественно-математическое", "естественно-математический", "ЕМН", "ЕМ", "физико-математический",
        "химико-биологический", "жаратылыстану-математикалық", "жаратылыстану-математика", "ЖМБ", "ЖМ",
    ),
    "social": (
        "общественно-гуманитарное", "общественно-гуманитарный", "ОГН", "ОГ", "гуманитарный",
        "қоғамдық-гуманитарлық", "ҚГБ", "ҚГ", "гуманитарлық",
    ),
}  # fmt: skip
_NO_DIRECTION = ("-", "–", "—", "нет", "жоқ", "без профиля", "бейінсіз", "общий", "жалпы")


def _direction(value: Any) -> Read:
    """The profile of a senior class; a dash or “none” is nothing said, as an empty cell is."""
    line = normalise.clean(value)
    if line.casefold() in _NO_DIRECTION:
        return Read()
    return normalise.words(lambda: _DIRECTIONS)(value)


def _grade(value: Any) -> Read:
    """The grade alone: 7, “7 класс”, VII, “предшкола”."""
    line = normalise.clean(value)
    if _PRESCHOOL.match(line):
        return Read(0)
    read = normalise.school_class(value)
    if read.value is None:
        return read
    grade, letter = read.value
    return error("class_unread", value=normalise.clip(line)) if letter else Read(grade)


def _letter(value: Any) -> Read:
    line = normalise.clean(value).strip(" «»\"'“”")
    read = normalise.school_class(f"1{line}") if line else Read()
    if read.value is None:
        return error("class_unread", value=normalise.clip(line)) if line else read
    return Read(read.value[1])


def _small(least: int, most: int) -> Any:
    """A whole number within bounds; another one is left out."""

    def read(value: Any) -> Read:
        found = normalise.number(value)
        if found.value is None:
            return found
        if not found.value.isdigit() or not least <= int(found.value) <= most:
            return doubt("number_bounds", None, value=normalise.clip(normalise.clean(value)))
        return Read(int(found.value))

    return read


COLUMNS: tuple[Column, ...] = (
    Column(
        code="class",
        kk="Сыныбы",
        ru="Класс",
        names=("сынып", "класс, литера", "класс-комплект", "наименование класса", "сынып атауы", "сыныптар", "классы"),
        read=normalise.school_class,
        strict=True,
        example_kk="7 «Ә»",
        example_ru="7А",
    ),
    Column(
        code="grade",
        kk="Параллель",
        ru="Параллель",
        names=("параллель (цифра)", "номер класса", "сынып нөмірі", "ступень", "год обучения", "класс (цифра)"),
        read=_grade,
        strict=True,
    ),
    Column(
        code="letter",
        kk="Литері",
        ru="Литера",
        names=("буква", "литер", "әріпі", "әрпі", "литера класса", "сынып литері"),
        read=_letter,
        strict=True,
    ),
    Column(
        code="language",
        kk="Оқыту тілі",
        ru="Язык обучения",
        names=("оқу тілі", "язык", "язык класса", "тілі", "сынып тілі"),
        read=normalise.language,
        example_kk="қазақ",
        example_ru="казахский",
        choices_kk=("қазақ", "орыс"),
        choices_ru=("казахский", "русский"),
    ),
    Column(
        code="shift",
        kk="Ауысым",
        ru="Смена",
        names=("ауысымы", "смена обучения"),
        read=normalise.shift,
        example_kk="1",
        example_ru="1",
        choices_kk=("1", "2"),
        choices_ru=("1", "2"),
    ),
    Column(
        code="kind",
        kk="Сынып түрі",
        ru="Вид класса",
        names=("тип класса", "түрі", "вид", "статус класса"),
        read=normalise.words(lambda: _KINDS),
        example_kk="жалпы білім беретін",
        example_ru="общеобразовательный",
        choices_kk=("жалпы білім беретін", "гимназиялық", "лицейлік", "мектепалды", "арнайы"),
        choices_ru=("общеобразовательный", "гимназический", "лицейский", "предшкольный", "специальный"),
    ),
    Column(
        code="direction",
        kk="Бағыты (бейіні)",
        ru="Направление (профиль)",
        names=("профиль", "профиль класса", "направление", "профильное направление", "бейіні", "бейін", "бағыты", "бағыт", "сынып бейіні"),
        read=_direction,
        choices_kk=("жаратылыстану-математикалық", "қоғамдық-гуманитарлық"),
        choices_ru=("естественно-математическое", "общественно-гуманитарное"),
    ),
    Column(
        code="room",
        kk="Бекітілген кабинет",
        ru="Закреплённый кабинет",
        names=("кабинет", "кабинет №", "№ кабинета", "закрепленный кабинет", "номер кабинета", "каб.", "кабинеті", "кабинет нөмірі", "сынып бөлмесі", "аудитория"),
        read=normalise.text(20),
        example_kk="214",
        example_ru="214",
    ),
    Column(
        code="capacity",
        kk="Орын саны",
        ru="Число мест",
        names=("наполняемость", "вместимость", "мест", "орын", "орындар", "предельная наполняемость", "сыйымдылығы"),
        read=_small(1, 60),
        example_kk="25",
        example_ru="25",
    ),
    Column(
        code="teacher",
        kk="Сынып жетекшісі",
        ru="Классный руководитель",
        names=("кл. руководитель", "классный рук.", "кл. рук.", "жетекші", "сынып жетекшісінің аты-жөні", "руководитель"),
        read=normalise.text(120),
        example_kk="Ахметова Гүлнар Серікқызы",
        example_ru="Ахметова Гүлнар Серікқызы",
    ),
    Column(
        code="joined",
        kk="Қосылған сыныптар",
        ru="Совмещён с",
        names=("совмещенный с", "совмещённые классы", "комплект", "класс-комплект с", "бірге оқитын сыныптар", "біріктірілген"),
        read=normalise.text(60),
    ),
)  # fmt: skip
MESSAGES = {
    "number_bounds": _("“{value}” cannot be here; it is left out."),
    "class_twice": _("Row {row} is the same class. This row is left out."),
    "class_no_longer_same": _("In the school: {before}. Loading puts {after}."),
    "teacher_unknown": _("There is no employee “{value}”. The class stays without a class teacher."),
    "teacher_several": _("Several employees are called so: {name}. Write the whole name."),
    "teacher_changes": _("Now {before} leads the class; from today it will be {after}."),
    "teacher_later": _("Somebody is appointed from {date} on; change that on the page of the class."),
    "teacher_no_right": _(
        "Class teachers are appointed by those who have the right to; this cell is left out."
    ),
    "direction_of_seniors": _("Only classes from grade 10 on have a direction; this cell is left out."),
    "joined_unread": _("“{value}” is too long for a name of joined classes; it is left out."),
}


@dataclass(slots=True)
class Plan:
    """What loading the row will do."""

    label: Label = (0, "")
    present: SchoolClass | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    teacher_id: UUID | None = None
    since: date | None = None


class Classes(Importer):
    """Classes of this school year, known again by grade and letter."""

    code = "classes"
    title = _("Classes")
    permission = permissions.CLASSES
    columns = COLUMNS
    needs = (("class", "grade"),)
    icon = "table"
    list_url_name = "contingent:classes"
    messages = MESSAGES
    named_by = (("class",), ("grade", "letter"))

    def check(self, rows: Sequence[Row], *, actor: Actor) -> None:
        year = queries.current_year()
        known = {
            (one.grade, one.letter): one
            for one in queries.with_leaders(SchoolClass.objects.filter(year=year))
        }
        teachers = People(_choices(actor) if any(row.get("teacher") for row in rows) else ())
        latest = _latest_charges(year)
        for row in rows:
            row.plan = Plan()
            _complete(row)
        joined = _joined(rows)
        seen: dict[Label, Row] = {}
        for row in rows:
            _plan(row, known, joined, seen)
            _teacher(row, teachers, latest, actor)

    def commit(self, rows: Sequence[Row], *, actor: Actor) -> list[Change]:
        require(actor, permissions.CLASSES)
        year = queries.current_year()
        changes: list[Change] = []
        for row in rows:
            changes.extend(_write(row, year, actor))
        return changes

    def undo(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        require(actor, permissions.CLASSES)
        stays = _staying(changes)
        charges = [change.object_id for change in changes if change.object_type == CHARGE]
        for charge in Charge.objects.filter(pk__in=charges).exclude(school_class_id__in=stays):
            services.take_charge_back(actor=actor, charge_id=charge.pk)
        for change in changes:
            if change.object_type != CLASS or change.object_id in stays:
                continue
            if change.kind is ChangeKind.CREATED:
                services.close_class(actor=actor, class_id=change.object_id)
            else:
                services.change_class(actor=actor, class_id=change.object_id, **dict(change.before))
        return sorted(stays.values())

    def what_stays(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return sorted(_staying(changes).values())


def _choices(actor: Actor) -> list[tuple[UUID, str]]:
    try:
        return ports.employees().choices(actor=actor)
    except PortClosed:
        return []


# --- the check


def _complete(row: Row) -> None:
    """The class from one column or from two."""
    found = row.get("class")
    touched = {column for column, _found in row.findings}
    if found is None and row.get("grade") is not None:
        found = [row.get("grade"), row.get("letter") or ""]
    elif found is not None and not found[1] and row.get("letter"):
        found = [found[0], row.get("letter")]
    if found is None:
        if not touched & {"class", "grade"}:
            row.error("class", "required")
        return
    row.values["class"] = found
    row.plan.label = (found[0], found[1])


def _joined(rows: Sequence[Row]) -> dict[Label, str]:
    """The word that classes taught together share: made of their labels, or the word of the file itself."""
    groups: dict[Label, set[Label]] = {}
    words: dict[Label, str] = {}
    for row in rows:
        line = row.get("joined")
        if not line or not row.get("class"):
            continue
        read = [normalise.school_class(part).value for part in _BETWEEN.split(line) if part.strip()]
        if not all(read):
            if len(line) > _SET_LENGTH:
                row.doubt("joined", "joined_unread", value=normalise.clip(line))
            else:
                words[row.plan.label] = line
            continue
        together = {row.plan.label, *((one[0], one[1]) for one in read if one)}
        for label in list(together):
            together |= groups.get(label, set())
        for label in together:
            groups[label] = together
    for label, together in groups.items():
        words[label] = "+".join(text_of(one) for one in sorted(together))[:_SET_LENGTH]
    return words


def _plan(
    row: Row, known: Mapping[Label, SchoolClass], joined: Mapping[Label, str], seen: dict[Label, Row]
) -> None:
    plan = row.plan
    if row.is_blocked:
        return
    first = seen.setdefault(plan.label, row)
    if first is not row:
        row.doubt("class", "class_twice", row=first.where)
        row.verdict = Verdict.SKIP
        return
    plan.present = present = known.get(plan.label)
    if row.get("direction") and plan.label[0] < SchoolClass.SENIOR:
        row.doubt("direction", "direction_of_seniors")
        row.values.pop("direction")
    wanted = {name: row.get(name) for name in _FIELDS}
    wanted["set_code"] = joined.get(plan.label)
    if present is None:
        plan.changes = {name: value for name, value in wanted.items() if value is not None}
        row.verdict = Verdict.CREATE
        return
    row.target = present.pk
    plan.changes = {
        name: value for name, value in wanted.items() if value is not None and getattr(present, name) != value
    }
    for name, value in plan.changes.items():
        before, words = getattr(present, name), _WORDS.get(name)
        if words is not None and before:
            said = {"before": str(words(before).label), "after": str(words(value).label)}
            row.doubt(name, "class_no_longer_same", **said)
    row.verdict = Verdict.UPDATE if plan.changes else Verdict.SKIP


def _latest_charges(year: str) -> dict[UUID, date]:
    """The day from which the newest class teacher of each class leads it."""
    rows = Charge.objects.filter(school_class__year=year, duty=Charge.Duty.CLASS_TEACHER)
    return dict(rows.order_by("since").values_list("school_class_id", "since"))


def _teacher(row: Row, teachers: People, latest: Mapping[UUID, date], actor: Actor) -> None:
    said, plan = row.get("teacher"), row.plan
    if not said or row.is_blocked or (row.verdict is Verdict.SKIP and plan.present is None):
        return
    if not actor.may(permissions.APPOINT):
        row.doubt("teacher", "teacher_no_right")
        return
    found = teachers.find(said)
    if len(found) != 1:
        if found:
            row.doubt(
                "teacher", "teacher_several", name=", ".join(sorted(teachers.names[one] for one in found))
            )
        else:
            row.doubt("teacher", "teacher_unknown", teachers.nearest(said), value=said)
        return
    [employee_id] = found
    now = plan.present.class_teacher_id if plan.present else None
    if now == employee_id:
        return
    today, last = clock.today(), latest.get(plan.present.pk) if plan.present else None
    if last is not None and last >= today:
        row.doubt("teacher", "teacher_later", date=f"{last:%d.%m.%Y}")
        return
    if now is not None:
        row.doubt(
            "teacher",
            "teacher_changes",
            before=teachers.names.get(now, "?"),
            after=teachers.names[employee_id],
        )
    plan.teacher_id, plan.since = employee_id, today if last else None
    if row.verdict is Verdict.SKIP:
        row.verdict = Verdict.UPDATE


# --- the load and the way back


def _write(row: Row, year: str, actor: Actor) -> list[Change]:
    plan, changes = row.plan, []
    if plan.present is None:
        grade, letter = plan.label
        made = services.open_class(
            actor=actor,
            year=year,
            grade=grade,
            letter=letter,
            language=plan.changes.pop("language", SchoolClass.Language.KAZAKH),
            **plan.changes,
        )
        class_id = made.pk
        changes.append(Change(CLASS, class_id, ChangeKind.CREATED))
    else:
        class_id = plan.present.pk
        if plan.changes:
            before = {name: getattr(plan.present, name) for name in plan.changes}
            services.change_class(actor=actor, class_id=class_id, **plan.changes)
            changes.append(Change(CLASS, class_id, ChangeKind.UPDATED, before, dict(plan.changes)))
    if plan.teacher_id is not None:
        charge = services.appoint(
            actor=actor, class_id=class_id, employee_id=plan.teacher_id, since=plan.since
        )
        changes.append(Change(CHARGE, charge.pk, ChangeKind.CREATED))
    return changes


def _staying(changes: Sequence[Change]) -> dict[UUID, str]:
    """Classes that somebody uses or has changed since, with their labels."""
    made = {c.object_id for c in changes if c.object_type == CLASS and c.kind is ChangeKind.CREATED}
    turned = {c.object_id: c for c in changes if c.object_type == CLASS and c.kind is ChangeKind.UPDATED}
    ours = [c.object_id for c in changes if c.object_type == CHARGE]
    charged = set(Charge.objects.filter(pk__in=ours).values_list("school_class_id", flat=True))
    rows = {one.pk: one for one in SchoolClass.objects.filter(pk__in={*made, *turned, *charged})}
    busy = used(CLASS, made)
    busy |= set(
        SchoolClass.objects.filter(pk__in=made).exclude(memberships=None).values_list("pk", flat=True)
    )
    later = Charge.objects.filter(school_class_id__in=rows).exclude(pk__in=ours)
    busy |= set(later.filter(school_class_id__in=made).values_list("school_class_id", flat=True))
    busy |= set(
        Charge.objects.filter(pk__in=ours).exclude(until=None).values_list("school_class_id", flat=True)
    )
    busy |= {
        key
        for key, change in turned.items()
        if key in rows and any(getattr(rows[key], name) != value for name, value in change.after.items())
    }
    return {key: rows[key].label for key in busy if key in rows}
