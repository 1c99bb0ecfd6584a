"""The list of pupils, declared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.db.models.functions import ExtractYear
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kernel import audit, clock, iin
from kernel.access import Actor
from kernel.http import path_to
from modules.contingent import permissions, queries
from modules.contingent.models import Pupil, SchoolClass, Sex
from modules.contingent.registers.acts import BULKS
from registers.api import Column, Filter, Group, Persons, Register, Total, parts_of_name
from tenants import reference
from ui.drawn import badge
from ui.markup import markup


class _Batch:
    """What the cells of one page ask for, read or drawn once for all its rows when the first cell asks."""

    def __init__(
        self, ids: Sequence[UUID], open_ids: set[UUID], doors: set[UUID], *, whole_iin: bool
    ) -> None:
        self.ids = ids
        self.doors = doors
        self.open_ids = open_ids
        self.whole_iin = whole_iin
        self.sexes = {str(code): str(label) for code, label in Sex.choices}
        self.languages = {str(code): str(label) for code, label in SchoolClass.Language.choices}
        self._card = _pattern("contingent:pupil")
        self._classes: dict[UUID, SafeString] = {}

    @cached_property
    def statuses(self) -> dict[UUID, list[str]]:
        return queries.statuses_of_many(self.open_ids)

    @cached_property
    def guardians(self) -> dict[UUID, list[str]]:
        return queries.guardians_of_many(self.open_ids)

    def link(self, pupil_id: UUID, name: str) -> SafeString:
        return markup('<a href="{}">{}</a>', self._card.format(pupil_id), name)

    def class_link(self, class_id: UUID, label: str) -> SafeString:
        if class_id not in self._classes:
            url = path_to("contingent:school_class", class_id)
            self._classes[class_id] = markup('<a href="{}">{}</a>', url, label)
        return self._classes[class_id]


def _pattern(name: str) -> str:
    """The address of a record, with a place for its id: a page has hundreds of them."""
    return path_to(name, _NOBODY).replace(str(_NOBODY), "{}")


_NOBODY = UUID(int=0)


class _Line:
    """A pupil as the list shows her; what stands on the card only where the card is open to the reader."""

    __slots__ = ("batch", "is_open", "name", "pupil")

    def __init__(self, pupil: Any, batch: _Batch) -> None:
        self.pupil = pupil
        self.batch = batch
        self.is_open = pupil.pk in batch.open_ids
        self.name = pupil.person_name.full

    @property
    def class_label(self) -> str:
        return f"{self.pupil.grade}{self.pupil.letter}" if self.pupil.class_id else ""

    def iin(self) -> str:
        return self.pupil.iin if self.batch.whole_iin else iin.mask(self.pupil.iin)

    def of_card(self, name: str) -> Any:
        return getattr(self.pupil, name) if self.is_open else ""

    def statuses(self) -> str:
        terms = reference.terms("privileges")
        codes = self.batch.statuses.get(self.pupil.pk, [])
        return "; ".join(str(terms[code].name) if code in terms else code for code in codes)

    def guardians(self) -> str:
        return "; ".join(self.batch.guardians.get(self.pupil.pk, []))


def _prepare(rows: Sequence[Pupil], actor: Actor) -> list[_Line]:
    ids = [row.pk for row in rows]
    open_ids = queries.open_cards(ids, actor=actor)
    doors = queries.doors(ids, actor=actor)
    batch = _Batch(ids, open_ids, doors, whole_iin=actor.may(permissions.REVEAL_IIN))
    return [_Line(row, batch) for row in rows]


def _name(line: _Line) -> Any:
    if line.pupil.pk not in line.batch.doors:
        return line.name
    return line.batch.link(line.pupil.pk, line.name)


def _class(line: _Line) -> Any:
    if line.pupil.class_id:
        return line.batch.class_link(line.pupil.class_id, line.class_label)
    return badge(_("has left"), "neutral") if line.pupil.left_date else badge(_("in no class"), "warning")


def _term(kind: str, name: str) -> Any:
    def value(line: _Line) -> Any:
        code = line.of_card(name)
        terms = reference.terms(kind)
        return terms[code].name if code in terms else code

    return value


def _age(line: _Line) -> int:
    born, today = line.pupil.birth_date, clock.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _counted(count: int) -> str:
    return ngettext("%(n)s pupil", "%(n)s pupils", count) % {"n": count}


# --- filters and groups


def _classes(actor: Actor) -> list[tuple[str, str]]:
    return queries.class_labels_of_year(actor=actor)


def _grades(_actor: Actor) -> list[tuple[str, str]]:
    return [(str(n), str(n)) for n in range(12)]


def _class_label(grade: int | None, letter: str | None) -> str:
    return f"{grade}{letter}" if grade is not None else _("in no class")


def _grade_label(grade: int | None) -> str:
    return _("grade {n}").format(n=grade) if grade is not None else _("in no class")


def _language_label(code: str | None) -> str:
    return str(SchoolClass.Language(code).label) if code else _("in no class")


def _with_iin(actor: Actor, columns: Collection[str]) -> dict[str, bool]:
    return {"with_iin": "iin" in columns and actor.may(permissions.REVEAL_IIN)}


PUPILS = Register(
    code="contingent.pupils",
    steady=True,
    title=gettext_lazy("Pupils"),
    icon="school",
    url="contingent:pupils",
    act_url="contingent:act_on_pupils",
    export_url="contingent:pupils_excel",
    permission=permissions.LISTS,
    export_permission=permissions.EXPORT,
    exported=audit.exports(action="contingent.pupils.exported", object_type="pupil", more=_with_iin),
    of=Persons("pupil"),
    rows=queries.register_rows,
    prepare=_prepare,
    counted=_counted,
    search=queries.named,
    near=queries.nearly_named,
    search_label=lambda actor: _("Name or IIN") if actor.may(permissions.REVEAL_IIN) else _("Full name"),
    empty_text=gettext_lazy("The list that the school keeps in Excel will do."),
    columns=(
        Column(
            code="name",
            label=gettext_lazy("Full name"),
            value=lambda line: line.name,
            show=_name,
            sort=queries.ORDER[:-1],
            main=True,
        ),
        Column(
            code="class",
            label=gettext_lazy("Class"),
            value=lambda line: line.class_label,
            show=_class,
            sort=(F("grade").asc(nulls_last=True), "letter"),
            quiet=True,
        ),
        Column(
            code="sex",
            label=gettext_lazy("Sex"),
            value=lambda line: line.batch.sexes[line.pupil.sex],
            sort=("sex",),
            quiet=True,
        ),
        Column(
            code="birth_date",
            label=gettext_lazy("Date of birth"),
            value=lambda line: line.pupil.birth_date,
            kind="date",
            sort=("birth_date",),
            quiet=True,
        ),
        Column(
            code="iin",
            label=gettext_lazy("IIN"),
            value=lambda line: line.iin(),
            show=lambda line: iin.mask(line.pupil.iin) or badge(_("none"), "warning"),
            sort=queries.WITHOUT_IIN,
            permission=permissions.EDIT,
            quiet=True,
        ),
        Column(
            code="age",
            label=gettext_lazy("Age"),
            value=_age,
            kind="number",
            sort=("-birth_date",),
            shown=False,
        ),
        *parts_of_name(lambda line: line.pupil),
        Column(
            code="language",
            label=gettext_lazy("Language of teaching"),
            value=lambda line: line.batch.languages.get(line.pupil.language, ""),
            sort=("language",),
            shown=False,
        ),
        Column(
            code="shift",
            label=gettext_lazy("Shift"),
            value=lambda line: line.pupil.shift,
            kind="number",
            sort=("shift",),
            shown=False,
        ),
        Column(
            code="status",
            label=gettext_lazy("Statuses"),
            value=lambda line: line.statuses(),
            shown=False,
            permission=permissions.CARD,
        ),
        Column(
            code="guardians",
            label=gettext_lazy("Parents and guardians"),
            value=lambda line: line.guardians(),
            shown=False,
            permission=permissions.CARD,
        ),
        Column(
            code="phone",
            label=gettext_lazy("Phone"),
            value=lambda line: line.of_card("phone"),
            shown=False,
            permission=permissions.CARD,
        ),
        Column(
            code="address",
            label=gettext_lazy("Address"),
            value=lambda line: line.of_card("address"),
            shown=False,
            permission=permissions.CARD,
        ),
        Column(
            code="nationality",
            label=gettext_lazy("Nationality"),
            value=_term("nationalities", "nationality"),
            shown=False,
            permission=permissions.CARD,
        ),
        Column(
            code="file_number",
            label=gettext_lazy("Personal file No."),
            value=lambda line: line.pupil.file_number,
            sort=("file_number",),
            shown=False,
        ),
        Column(
            code="enrolled",
            label=gettext_lazy("Enrolled on"),
            value=lambda line: line.pupil.enrolled_date,
            kind="date",
            sort=("enrolled_date",),
            shown=False,
        ),
        Column(
            code="left",
            label=gettext_lazy("Left on"),
            value=lambda line: line.pupil.left_date,
            kind="date",
            sort=("left_date",),
            shown=False,
        ),
    ),
    filters=(
        Filter(
            code="class",
            label=gettext_lazy("Class"),
            choices=_classes,
            narrow=lambda rows, value, actor: queries.in_class(rows, UUID(value)),
        ),
        Filter(
            code="grade",
            label=gettext_lazy("Grade"),
            choices=_grades,
            narrow=lambda rows, value, actor: rows.filter(grade=value),
        ),
        Filter(
            code="language",
            label=gettext_lazy("Language of teaching"),
            choices=lambda actor: SchoolClass.Language.choices,
            narrow=lambda rows, value, actor: rows.filter(language=value),
        ),
        Filter(
            code="sex",
            label=gettext_lazy("Sex"),
            choices=lambda actor: [("f", _("girls")), ("m", _("boys"))],
            narrow=lambda rows, value, actor: rows.filter(sex=value),
        ),
        Filter(
            code="status",
            label=gettext_lazy("Status"),
            choices=lambda actor: [(code, one.name) for code, one in reference.terms("privileges").items()],
            narrow=queries.with_status,
            permission=permissions.CARD,
        ),
        Filter(
            code="state",
            label=gettext_lazy("Who"),
            choices=lambda actor: [
                ("here", _("learn here")),
                ("left", _("have left")),
                ("all", _("all together")),
            ],
            narrow=lambda rows, value, actor: queries.of_state(rows, value),
            default="here",
        ),
    ),
    groups=(
        Group(
            code="class",
            label=gettext_lazy("class"),
            by={"by_grade": F("grade"), "by_letter": F("letter")},
            name=_class_label,
        ),
        Group(
            code="grade",
            label=gettext_lazy("grade"),
            by={"by_grade": F("grade")},
            name=_grade_label,
        ),
        Group(
            code="language",
            label=gettext_lazy("language of teaching"),
            by={"by_language": F("language")},
            name=_language_label,
        ),
        Group(
            code="sex",
            label=pgettext_lazy("gather by", "sex"),
            by={"by_sex": F("sex")},
            name=lambda code: str(Sex(code).label),
        ),
        Group(
            code="born",
            label=gettext_lazy("year of birth"),
            by={"by_year": ExtractYear("birth_date")},
            name=str,
        ),
    ),
    totals=(
        Total(code="girls", label=gettext_lazy("girls"), value=Count("pk", filter=Q(sex="f"))),
        Total(code="boys", label=gettext_lazy("boys"), value=Count("pk", filter=Q(sex="m"))),
    ),
    bulks=BULKS,
)
