"""What the journal brings to the frame: its menu entry, the lessons that wait for their topic or marks, and the rules
that a school may choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from documents import api as documents
from kernel import audit, clock, concerned
from kernel.access import Actor, Scope
from kernel.errors import NotFound
from modules.journal import api, permissions, queries, rules, services
from modules.journal.cards import panels as cards
from modules.journal.changes import panels as changes
from modules.journal.closing import panels as closing
from modules.journal.export import panels as export
from modules.journal.kinds import panels as kinds
from modules.journal.offline import panels as offline
from modules.journal.opening import panels as opening
from modules.journal.opening.queries import standing
from modules.journal.planner import panels as planner
from modules.journal.remarks import panels as remarks
from modules.journal.reports import panels as reports
from modules.journal.settling import panels as settling
from modules.journal.voices import panels as voices
from modules.plans import ports as plans
from modules.schedule import ports as schedule
from modules.school import api as school
from ui import registry

ROOMS = (
    cards,
    changes,
    closing,
    export,
    kinds,
    offline,
    opening,
    planner,
    remarks,
    reports,
    settling,
    voices,
)


def waiting(*, actor: Actor) -> Iterator[registry.TodayCard]:
    """A teacher's held lessons of two weeks that are not filled."""
    own = Scope.OWN_LESSONS in actor.scopes(permissions.SET_MARKS)
    if not own or actor.person_id is None:
        return
    found = api.unfilled_lessons(actor=actor, teacher_id=actor.person_id)
    if not found:
        return
    oldest = (clock.today() - found[0].day).days
    yield registry.TodayCard(
        title=_("Unfilled lessons"),
        text=ngettext(
            "{count} lesson has no topic or no marks",
            "{count} lessons have no topic or no marks",
            len(found),
        ).format(count=len(found)),
        url=reverse("journal:index") + "?unfilled=1",
        icon="notebook",
        urgency="now" if oldest > 7 else "soon" if oldest > 2 else "normal",
        count=len(found),
    )


def sheets_waiting(*, actor: Actor) -> Iterator[registry.TodayCard]:
    """A teacher's sheets of closed periods that are not signed, or were corrected since."""
    count = queries.sheets_to_sign(actor=actor)
    if count:
        yield registry.TodayCard(
            title=_("Journals to sign"),
            text=ngettext(
                "{count} sheet of a closed period waits for your signature",
                "{count} sheets of closed periods wait for your signature",
                count,
            ).format(count=count),
            url=reverse("journal:sheets"),
            icon="signature",
            urgency="soon",
            count=count,
        )


def lessons_of_the_day(*, actor: Actor, **_more: object) -> str:
    """On a teacher's first page: the lessons of the day, each one press from its journal."""
    day = queries.teaching_day(actor=actor)
    return render_to_string("journal/_day.html", {"day": day}) if day else ""


def _begun(*, actor: Actor) -> school.Look:
    return school.Look(queries.is_begun())


schedule.sign_lessons(queries.signs_of_lessons)
schedule.open_days(standing.has_topic)
plans.count_attendance(queries.attendance_of)
registry.menu(
    section="journals",
    label=_("Journals"),
    url_name="journal:index",
    permission=permissions.VIEW,
    icon="notebook",
    order=10,
    tab=True,
    match="journal:",
)


def to_journal(*, actor: Actor, course_id: UUID, **_more: object) -> str:
    """On a lesson's page: its journal, for whom it is open."""
    try:
        queries.open_course(actor=actor, course_id=course_id)
    except NotFound:
        return ""
    return render_to_string("journal/_to_journal.html", {"course_id": course_id})


def _sheet_page(sheet_id: UUID) -> str:
    course_id, period = queries.place_of_sheet(sheet_id)
    return f"{reverse('journal:sheet', args=[course_id])}?period={period}"


def _facts(*, actor: Actor, subject_id: UUID) -> str:
    return queries.facts_of_sheet(actor=actor, sheet_id=subject_id)


documents.signed_kind(
    queries.SHEET_KIND,
    _("Sheet of a journal"),
    may_see=queries.may_see_sheet,
    require_signer=services.require_signer,
    content=_facts,
    page=_sheet_page,
    decided=services.sheet_decided,
    shown=services.sheet_shown,
)
registry.menu(
    section="journals",
    label=_("Signing of journals"),
    url_name="journal:sheets",
    permission=permissions.SHEETS,
    icon="signature",
    order=20,
    match="journal:sheets",
)


registry.today(waiting)
registry.today(sheets_waiting, permission=permissions.SIGN)
registry.panel("schedule.lesson", to_journal, permission=permissions.VIEW)
registry.panel("school.home", lessons_of_the_day, permission=permissions.SET_MARKS, order=10)

school.step(
    "journal.first",
    _("Open the first journal"),
    "journal:index",
    _begun,
    hint=_("The first mark or absence in any journal: from then on the school works here."),
    order=80,
    permission=permissions.VIEW,
    may_skip=False,
    goal=True,
)

_MARKS = _("How points become marks")
_DEFAULTS = rules.Options()
school.declare_setting(
    "journal.sor_pooling",
    _("Several SOR in one period"),
    default=_DEFAULTS.sor_pooling,
    choices=[
        ("pooled", _("all points out of all maximum points")),
        ("mean", _("the mean of the percentages")),
    ],
    section=_MARKS,
    hint=_("SOR of 9 out of 10 and 18 out of 30: 67.5 % by points, 75 % by the mean."),
    source=_(
        "We have not found words on several SOR in order 125 of 18.03.2008. Electronic journals add the points up."
    ),
    order=30,
)
school.declare_setting(
    "journal.rounding",
    _("Percentage of a period before its mark"),
    default=_DEFAULTS.rounding,
    choices=[("half_up", _("a half goes up: 64.5 is 65")), ("down", _("always down: 64.9 is 64"))],
    section=_MARKS,
    source=_("Annex 1 to the rules of order 125 names whole percentages and not how to come to them."),
    order=31,
)
school.declare_setting(
    "journal.half_year_fo",
    _("Share of FO in the mark of a half-year"),
    default=_DEFAULTS.half_year_fo,
    minimum=0,
    maximum=100,
    unit="%",
    section=_MARKS,
    hint=_("For subjects of one hour a week. The rest is the share of SOR."),
    source=_("Order 125, paragraph 28, names FO and SOR and not their shares."),
    order=32,
)
school.declare_setting(
    "journal.pass_from",
    _("“Pass” is recommended from this percentage of FO"),
    default=_DEFAULTS.pass_from,
    minimum=1,
    maximum=100,
    unit="%",
    section=_MARKS,
    source=_("Order 125, paragraph 16, names pass and fail and no boundary. 40 % is where mark 3 begins."),
    order=33,
)
school.declare_setting(
    "journal.primary_arts",
    _("Fine art and labour training in primary school"),
    default=_DEFAULTS.primary_arts,
    choices=[("points", _("points and marks")), ("passfail", _("pass or fail"))],
    section=_MARKS,
    source=_(
        "Both stand in the plan since 01.09.2025. Order 125, paragraph 16, names only the subject before them."
    ),
    order=34,
)
school.declare_setting(
    "journal.exam_share",
    _("Share of the exam in the final mark"),
    default=_DEFAULTS.exam_share,
    minimum=0,
    maximum=100,
    unit="%",
    section=_MARKS,
    hint=_("For exams of grades 9 and 11. The rest is the share of the annual mark."),
    source=_("We have not found the shares in order 125; schools take 70 % and 30 %."),
    order=36,
)
school.declare_setting(
    "journal.year_pass",
    _("The year in a subject with pass and fail"),
    default=_DEFAULTS.year_pass,
    choices=[("last", _("as in the last period")), ("all", _("pass when every period is passed"))],
    section=_MARKS,
    source=_("Order 125, paragraph 16, names pass and fail of a quarter or half-year and not of the year."),
    order=37,
)
school.declare_setting(
    "journal.usual_soch",
    _("Usual maximum of a SOCH"),
    default=_DEFAULTS.usual_soch,
    minimum=1,
    maximum=100,
    unit=pgettext_lazy("after a number", "points"),
    section=_MARKS,
    hint=_("While a SOCH is not planned, a pupil reads from it how many points are needed."),
    source=_("Published task books. The order leaves the maximum to the school."),
    order=35,
)
audit.words(
    actions={
        "journal.work.changed": _("SOR or SOCH changed"),
        "journal.work.moved": _("SOR or SOCH moved"),
        "journal.works.accepted": _("Schedule of SOR and SOCH accepted"),
        "journal.works.exported": _("List of days that break the order of SOR and SOCH exported"),
        "journal.remark.made": _("Remark on a journal made"),
        "journal.remark.answered": _("Remark on a journal answered"),
        "journal.remark.done": _("Remark on a journal marked as put right"),
        "journal.remark.sent_back": _("Answer to a remark on a journal sent back"),
        "journal.remark.taken_back": _("Remark on a journal taken back"),
        "journal.remarks.exported": _("List of remarks on journals exported"),
        "journal.remarks.printed": _("Remarks on a journal printed"),
        "journal.changes.exported": _("History of marks exported"),
        "journal.closing.announced": _("Closing of a period announced to teachers"),
        "journal.opening.asked": _("Opening of closed cells asked for"),
        "journal.opening.allowed": _("Closed cells opened"),
        "journal.opening.refused": _("Opening of closed cells refused"),
        "journal.opening.closed": _("Opened cells closed before the time"),
        "journal.openings.exported": _("List of requests to open closed cells exported"),
        "journal.exported": _("Journal exported"),
        "journal.work.added": _("SOR or SOCH added"),
        "journal.work.removed": _("SOR or SOCH removed"),
        "journal.year_marks.set": _("Marks after the year set"),
        "journal.failing.exported": _("List of pupils with a 2 for the year exported"),
        "journal.work.analysed": _("Analysis of a SOR or SOCH written"),
        "journal.sheets.exported": _("List of signed journals exported"),
        "journal.mentor.appointed": _("Mentor appointed"),
        "journal.mentor.ended": _("Mentor's term ended"),
        "journal.class_report.concluded": _("Conclusion of the class teacher's report written"),
        "journal.mentor.reported": _("Mentor's report written"),
        "journal.report.exported": _("Report on marks taken away"),
        "journal.list.exported": _("List of journals exported"),
        "journal.summary.exported": _("Summary of marks of a class exported"),
        "journal.described": _("Progress of pupils written in words"),
        "journal.programme.set": _("Own programme of a pupil set"),
        "journal.programme.ended": _("Own programme of a pupil ended"),
        "journal.development.noted": _("Development of preschool children noted"),
    },
    objects={
        "work": _("SOR or SOCH"),
        "sheet": _("sheet of a journal"),
        "opening": _("request to open cells"),
        "remark": _("remark on a journal"),
        "mark": _("mark"),
        "report": _("report on marks"),
    },
    purposes={
        "api.journal": _("read the journal through a program"),
        "journal.changes": _("read the history of marks"),
        "journal.page": _("saw in a journal"),
        "journal.taken": _("printed or saved a journal"),
        "journal.class": _("saw in the class's journal"),
        "journal.report": _("saw in a report on marks"),
        "journal.class_pupils": _("data on pupils in the class's journal"),
        "journal.home": _("why a child is taught at home, in its journal"),
        "journal.class_health": _("health list in the class's journal"),
    },
)
concerned.history(
    "journal.mark_changed",
    _("changed a mark or an absence"),
    subject="pupil",
    table="journal_markevent",
    subject_column="pupil_id",
    author_column="by_user",
    session_column="by_session",
)
