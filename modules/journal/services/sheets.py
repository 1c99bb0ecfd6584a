"""Sheets of journals: prepared by the teacher of the subject when the period is closed, signed with ЭЦП, kept."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import get_language, gettext_lazy

from documents import api as documents
from documents.signing.data import FrozenInfo, Signer, State
from kernel import clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.journal import permissions, queries, rules
from modules.journal.data import ABSENCE_LABELS, ABSENCE_LETTERS, KIND_LABELS, SheetState, mark_text
from modules.journal.models import Sheet
from modules.journal.papers import SheetColumn, SheetPaper, SheetRow, SheetTopic, SheetWords
from modules.journal.queries import Cell, Grid, Row
from modules.journal.queries import sheets as known
from modules.journal.services import looks
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo


class PeriodIsOpen(DomainError):
    message = gettext_lazy("The sheet is signed when the period is closed: until then its marks may change.")
    code = "period_is_open"


class NothingToSign(DomainError):
    message = gettext_lazy("The sheet is signed and nothing on it has changed since.")
    code = "nothing_to_sign"


# --- which sheets are expected

_EXPECT = """
INSERT INTO journal_sheet (id, course_id, period_id, state, version, signed_by_name)
SELECT gen_random_uuid(), c.id, %(period)s, 'due', 0, '' FROM unnest(%(courses)s::uuid[]) c(id)
WHERE EXISTS (SELECT FROM schedule_lesson l
              WHERE l.course_id = c.id AND l.date BETWEEN %(start)s AND %(end)s AND l.state <> 'cancelled')
ON CONFLICT DO NOTHING
"""


def expect_sheets(*, actor: Actor, period_id: UUID) -> None:
    """A closed period wants a sheet of every journal that had lessons in it; asked again it adds what is missing."""
    period = schedule.period(period_id=period_id)
    if not period.is_closed:
        return
    courses = [
        one.id for one in schedule.courses(actor=actor, year=period.year) if one.period_kind == period.kind
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _EXPECT, {"period": period.id, "courses": courses, "start": period.start, "end": period.end}
        )


# --- preparing


def require_signer(*, actor: Actor, subject_id: UUID) -> None:
    """A sheet is signed by the teacher of the subject and nobody else, when its period is closed."""
    require(actor, permissions.SIGN)
    __, course, period = known.opened_sheet(actor=actor, sheet_id=subject_id)
    _require_own(actor, course, period)


def _require_own(actor: Actor, course: CourseInfo, period: PeriodInfo) -> None:
    if actor.person_id is None or course.teacher_id != actor.person_id:
        raise NotFound
    if not period.is_closed:
        raise PeriodIsOpen


@transaction.atomic
def prepare_sheet(*, actor: Actor, course_id: UUID, period_id: UUID) -> FrozenInfo:
    """Freeze the sheet as it stands, for the teacher to sign. What is prepared already and has not changed stays.

    Raises NotFound for another's journal, PeriodIsOpen, NothingToSign.
    """
    require(actor, permissions.SIGN)
    course = queries.open_course(actor=actor, course_id=course_id)
    period = schedule.period(period_id=period_id)
    if period.year != course.year or period.kind != course.period_kind:
        raise NotFound
    _require_own(actor, course, period)
    Sheet.objects.get_or_create(course_id=course.id, period_id=period.id)
    # Two presses at once: the second waits here and finds what the first prepared.
    sheet = Sheet.objects.select_for_update(of=("self",)).get(course_id=course.id, period_id=period.id)
    found = queries.grid(actor=actor, course=course, period=period)
    facts = known.facts(found)
    versions = documents.versions(kind=known.SHEET_KIND, subject_id=sheet.pk)
    if versions and versions[0].content_sha256 == facts:
        if versions[0].state == State.WAITING and any(
            one.state == State.WAITING for one in versions[0].signatures
        ):
            return versions[0]
        if versions[0].state == State.SIGNED:
            raise NothingToSign
    printed = documents.render(
        "journal.sheet", paper(found), language=_language(), actor=actor, on=clock.today()
    )
    frozen = documents.freeze(
        actor=actor,
        kind=known.SHEET_KIND,
        subject_id=sheet.pk,
        title=f"{course.title} · {period.label} · {course.year}",
        printed=printed,
        content_sha256=facts,
        signers=[Signer(actor.user_id or 0, course.teacher_id or UUID(int=0), course.teacher)],
    )
    sheet.state, sheet.version = SheetState.WAITING, frozen.version
    sheet.save(update_fields=["state", "version"])
    return frozen


def sheet_shown(*, actor: Actor, subject_id: UUID) -> None:
    """The log of looks is told who stands in the journal whose signed sheet is opened, as it is now."""
    # Whoever signed it opens it when the journal is another's long since: the names are read by nobody's right.
    reader = Actor.system_actor("journal")
    __, course, period = known.opened_sheet(actor=reader, sheet_id=subject_id)
    found = queries.grid(actor=reader, course=course, period=period)
    looks.saw(actor=actor, pupils=looks.pupils_of([found]), purpose="journal.taken")


def _language() -> str:
    return "ru" if get_language() == "ru" else "kk"


def paper(found: Grid) -> SheetPaper:
    """The grid as its sheet, in the language of the reader."""
    course, period = found.course, found.period
    given = Counter(row.final for row in found.rows if row.final)
    return SheetPaper(
        school_class=course.class_label,
        subject=course.title.partition(" · ")[2] or course.subject,
        teacher=course.teacher,
        year=course.year,
        period=period.label,
        start=period.start,
        end=period.end,
        columns=tuple(
            SheetColumn(
                f"{one.day:%d.%m}",
                "" if one.kind == "fo" else f"{KIND_LABELS[one.kind]}/{one.maximum}",
            )
            for one in found.columns
        ),
        rows=tuple(
            SheetRow(called(row, period), tuple(_cell(cell) for cell in row.cells), mark_text(row.final))
            for row in found.rows
        ),
        topics=tuple(
            SheetTopic(one.day, one.topic, one.homework)
            for one in found.columns
            if one.kind == "fo" and not one.is_cancelled
        ),
        marks=tuple((mark_text(mark), n) for mark, n in sorted(given.items(), reverse=True)),
        letters=", ".join(f"{ABSENCE_LETTERS[code]} – {label}" for code, label in ABSENCE_LABELS.items()),
        words=tuple(SheetWords(row.name, row.words) for row in found.told),
        has_marks=found.rule.mode is not rules.Mode.NONE,
    )


def called(row: Row, period: PeriodInfo) -> str:
    """The pupil's name as a journal on paper has it: who is taught at home is said to be."""
    at_home = queries.at_home.note(row.home, period.start, period.end)
    return f"{row.name} ({at_home})" if at_home else row.name


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    points, __, absence, ___ = cell
    said = ["" if points is None else str(points), str(ABSENCE_LETTERS[absence]) if absence else ""]
    return " ".join(filter(None, said))


# --- what happens to a sheet


def sheet_decided(*, actor: Actor, frozen: FrozenInfo) -> None:
    """The newest version of a sheet was signed or refused."""
    Sheet.objects.filter(pk=frozen.subject_id, version=frozen.version).update(
        state=SheetState(frozen.state),
        signed_at=frozen.signed_at,
        signed_by_name=", ".join(one.signer for one in frozen.signatures if one.state == State.SIGNED),
    )


def state_now(*, actor: Actor, sheet: Sheet, versions: list[FrozenInfo]) -> SheetState:
    """The state as the facts have it at this moment, before the news of a change has been heard."""
    state = SheetState(sheet.state)
    if state in (SheetState.SIGNED, SheetState.CHANGED) and versions:
        stands = known.facts_of_sheet(actor=actor, sheet_id=sheet.pk) == versions[0].content_sha256
        return SheetState.SIGNED if stands else SheetState.CHANGED
    return state


@transaction.atomic
def look_at_sheets(*, actor: Actor, course_id: UUID | None = None, period_id: UUID | None = None) -> int:
    """Tell signed sheets that have changed from those that stand as they were signed; answers how many turned."""
    turned = 0
    for sheet in known.signed_sheets(course_id=course_id, period_id=period_id):
        versions = documents.versions(kind=known.SHEET_KIND, subject_id=sheet.pk)
        wanted = state_now(actor=actor, sheet=sheet, versions=versions)
        turned += (
            Sheet.objects.filter(pk=sheet.pk, version=versions[0].version)
            .exclude(state=wanted)
            .update(state=wanted)
        )
    return turned
