"""What the journal brings to the frame: its menu entry, the lessons that wait for their topic or marks, and the rules
that a school may choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from documents import api as documents
from kernel import audit, clock
from kernel.access import Actor, Role, Scope
from kernel.errors import NotFound
from kernel.http import path_to
from modules.journal import api, permissions, queries, rules, services
from modules.journal.cards import panels as cards
from modules.journal.closing import queries as closing
from modules.journal.export import panels as export
from modules.journal.kinds import queries as kinds
from modules.journal.kinds.queries import classbook
from modules.journal.opening.queries import requests
from modules.journal.planner import queries as planner
from modules.journal.remarks import queries as remarks
from modules.journal.remarks.registers import is_late
from modules.journal.settling import queries as settling
from modules.plans import ports as plans
from modules.schedule import ports as schedule
from modules.school import api as school
from ui import registry
from ui.context import TOKEN

__all__ = ["cards", "export"]


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


def closing_soon(*, actor: Actor) -> Iterator[registry.TodayCard]:
    """For who keeps journals: periods that close by themselves in the next days."""
    if Scope.OWN_LESSONS not in actor.scopes(permissions.SET_MARKS) or actor.person_id is None:
        return
    for period, day in closing.closes_soon():
        yield registry.TodayCard(
            title=gettext("{period} closes").format(period=period.label),
            text=gettext("From {day} on its marks stand.").format(day=f"{day:%d.%m.%Y}"),
            url=reverse("journal:index"),
            icon="lock",
            urgency="soon",
        )


def words_waiting(*, actor: Actor) -> Iterator[registry.TodayCard]:
    """In a period's last days: texts on pupils without marks that the teacher has not written."""
    texts, journals, course_id = kinds.unwritten(actor=actor)
    if texts and course_id:
        url = path_to("journal:words", course_id) if journals == 1 else reverse("journal:index")
        yield registry.TodayCard(
            title=_("Progress in words"),
            text=ngettext(
                "{count} text is not written: the period is ending",
                "{count} texts are not written: the period is ending",
                texts,
            ).format(count=texts),
            url=url,
            icon="message",
            urgency="soon",
            count=texts,
        )


def lessons_of_the_day(*, actor: Actor, **_more: object) -> str:
    """On a teacher's first page: the lessons of the day, each one press from its journal."""
    day = queries.teaching_day(actor=actor)
    return render_to_string("journal/_day.html", {"day": day}) if day else ""


def remarks_waiting(*, actor: Actor) -> Iterator[registry.TodayCard]:
    """For a teacher: remarks on her journals; for who made them: answers to look at."""
    found = remarks.to_put_right(actor=actor)
    if found:
        first = found[0]
        yield registry.TodayCard(
            title=_("Remarks on your journals"),
            text=first.text if len(first.text) <= 90 else f"{first.text[:89]}…",
            url=reverse("journal:remarks_of", args=[first.course_id])
            if len({one.course_id for one in found}) == 1
            else f"{reverse('journal:remarks')}?state=open",
            icon="message",
            urgency="now" if any(is_late(one) for one in found) else "soon",
            count=len(found),
        )
    if actor.may(permissions.MAKE_REMARKS) and (answers := remarks.to_look_at(actor=actor)):
        yield registry.TodayCard(
            title=_("Answers to your remarks"),
            text=ngettext(
                "{count} answer waits for the mark of execution",
                "{count} answers wait for the mark of execution",
                answers,
            ).format(count=answers),
            url=f"{reverse('journal:remarks')}?state=answered",
            icon="checks",
            count=answers,
        )


MOST_REQUESTS = 3


def openings_waiting(*, actor: Actor, **_more: object) -> str:
    """On the first page of whoever answers: requests to open closed cells, each one tap."""
    lines = requests.waiting(actor=actor)
    if not lines:
        return ""
    context = {
        "lines": lines[:MOST_REQUESTS],
        "more": max(0, len(lines) - MOST_REQUESTS),
        "hours": requests.usual_hours(),
        "csrf_token": TOKEN,
    }
    return render_to_string("journal/_openings_waiting.html", context)


def _begun(*, actor: Actor) -> school.Look:
    return school.Look(queries.is_begun())


schedule.sign_lessons(queries.signs_of_lessons)
plans.count_attendance(queries.attendance_of)
registry.menu(
    section="study",
    label=_("Journals"),
    url_name="journal:index",
    permission=permissions.VIEW,
    icon="notebook",
    order=30,
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


def to_class_journal(*, actor: Actor, class_id: UUID, **_more: object) -> str:
    """On a class's page: the class's journal, for whom it is open."""
    try:
        classbook.opened(actor=actor, class_id=class_id)
    except NotFound:
        return ""
    return render_to_string("journal/kinds/_to_class.html", {"class_id": class_id})


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
)
registry.menu(
    section="study",
    label=_("Signing of journals"),
    url_name="journal:sheets",
    permission=permissions.SHEETS,
    icon="signature",
    order=31,
    match="journal:sheets",
)


def works_to_move(*, actor: Actor) -> Iterator[registry.TodayCard]:
    """Days ahead on which a class would write more than the order allows."""
    count = planner.ahead(actor=actor)
    if count:
        yield registry.TodayCard(
            title=_("SOR and SOCH break the order"),
            text=ngettext("{count} day ahead", "{count} days ahead", count).format(count=count),
            url=reverse("journal:planner_watch"),
            icon="alert-triangle",
            urgency="soon",
            count=count,
        )


registry.menu(
    section="study",
    label=_("Schedule of SOR and SOCH"),
    url_name="journal:planner",
    permission=permissions.PLAN_WORKS,
    icon="calendar-stats",
    order=32,
    match="journal:planner",
)
registry.menu(
    section="study",
    label=_("Pupils with a 2 for the year"),
    url_name="journal:year_failing",
    permission=permissions.YEAR_RESULTS,
    icon="alert-circle",
    order=33,
    match="journal:year_failing",
)
registry.today(works_to_move, permission=permissions.WATCH_WORKS)
registry.menu(
    section="study",
    label=_("Remarks on journals"),
    url_name="journal:remarks",
    permission=permissions.REMARKS,
    icon="message",
    order=33,
    match="journal:remark",
    daily={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
)
registry.menu(
    section="study",
    label=_("History of marks"),
    url_name="journal:changes",
    permission=permissions.HISTORY,
    icon="history",
    order=34,
    match="journal:changes",
)
registry.menu(
    section="study",
    label=_("Opening of closed cells"),
    url_name="journal:openings",
    permission=permissions.OPENINGS,
    icon="lock-open",
    order=32,
    match="journal:opening",
    daily={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
)
registry.panel("school.home", openings_waiting, permission=permissions.OPEN_CELLS, order=5)
registry.menu(
    section="study",
    label=_("Journals by kind"),
    url_name="journal:journals",
    permission=permissions.VIEW,
    icon="list-details",
    order=32,
    match="journal:journals",
    daily={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_UPBRINGING, Role.DEPUTY_PROFILE},
)
registry.menu(
    section="study",
    label=_("Preschool development"),
    url_name="journal:monitoring",
    permission=permissions.DEVELOPMENT,
    icon="mood-kid",
    order=33,
    match="journal:monitoring",
    daily={Role.EDUCATOR},
)
registry.menu(
    section="reports",
    label=_("Reports on marks"),
    url_name="journal:reports",
    permission=permissions.VIEW,
    icon="report-analytics",
    order=15,
    match="journal:report",
)
registry.today(waiting)
registry.today(remarks_waiting, permission=permissions.REMARKS)
registry.today(closing_soon, permission=permissions.SET_MARKS)
registry.today(words_waiting, permission=permissions.SET_MARKS)
registry.today(sheets_waiting, permission=permissions.SIGN)
registry.panel("contingent.class", to_class_journal, permission=permissions.VIEW, order=10)
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
_WORKS = _("Schedule of SOR and SOCH")
school.declare_setting(
    planner.USUAL_SOR,
    _("SOR of a subject in a quarter"),
    default=2,
    minimum=0,
    maximum=rules.quarterly_sor_limit(),
    section=_WORKS,
    hint=_("So many are proposed to a subject whose plan has no SOR and SOCH in the quarter."),
    source=_("Order 125 allows at most three in a quarter and leaves the number to the school."),
    order=40,
)
school.declare_setting(
    planner.USUAL_SOR_POINTS,
    _("Usual maximum of a SOR"),
    default=10,
    minimum=7,
    maximum=100,
    unit=pgettext_lazy("after a number", "points"),
    section=_WORKS,
    hint=_("A proposed SOR gets it; its teacher may set another."),
    source=_("Order 125 gives 7 to 15 points for grades 1-4 and leaves the rest to the school."),
    order=41,
)
school.declare_setting(
    requests.HOURS,
    _("Cells of a closed period are opened for"),
    default=24,
    minimum=1,
    maximum=168,
    unit=pgettext_lazy("after a number", "hours"),
    section=_("Closed periods"),
    hint=_("So long does one tap open what a teacher asked for; then it closes by itself."),
    source=_(
        "Order 125 closes marks of a period and names no way to correct a slip: this is the school’s own."
    ),
    order=40,
)
school.declare_setting(
    settling.MINUTES,
    _("Families hear of marks and absences after"),
    default=10,
    minimum=1,
    maximum=240,
    unit=pgettext_lazy("after a number", "minutes"),
    section=_("What families hear"),
    hint=_("What is put right within this time is told as it finally stands, or not at all."),
    source=_("Order 125, paragraph 27, wants results given to parents and names no time."),
    order=39,
)
school.declare_setting(
    closing.DAYS,
    _("A period closes by itself after its end in"),
    default=0,
    minimum=0,
    maximum=60,
    unit=pgettext_lazy("after a number", "days"),
    section=_("Closed periods"),
    hint=_("0: only by hand. Teachers are told three days before; one that you reopen stays open."),
    source=_("No order names a day. Marks of a period are summed up by its end, order 125."),
    order=41,
)
school.declare_setting(
    "journal.late_days",
    _("A mark is late when it comes later after its lesson than"),
    default=3,
    minimum=0,
    maximum=30,
    unit=pgettext_lazy("after a number", "days"),
    section=_("How journals are filled"),
    hint=_("The deputy reads late marks in the report on how journals are filled."),
    source=_("The order names no term: schools set one."),
    order=40,
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
        "journal.class_pupils": _("data on pupils in the class's journal"),
        "journal.home": _("why a child is taught at home, in its journal"),
        "journal.class_health": _("health list in the class's journal"),
    },
)
