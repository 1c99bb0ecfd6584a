"""Which plans are open to whom, and what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from kernel.access import Actor, Scope, require
from kernel.errors import NotAllowed, NotFound
from modules.plans import permissions
from modules.plans.data import State
from modules.plans.models import Follower, Line, Plan, Remark, Step
from modules.plans.queries.teams import heads_of
from modules.plans.rules.hours import QuarterHours, by_quarters
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo


def plans(*, actor: Actor) -> QuerySet[Plan]:
    """Plans open to the actor: one's own, the approved, what colleagues opened; to who approves, all of them."""
    if not actor.may(permissions.VIEW):
        require(actor, permissions.WRITE)
    rows = Plan.objects.all()
    if actor.reaches_school(permissions.APPROVE):
        return rows
    mine = Q(author_id=actor.person_id) if actor.person_id else Q(pk=None)
    if actor.may(permissions.VIEW):
        mine |= Q(state__in=[State.APPROVED, State.REPLACED]) | Q(is_shared=True)
    if actor.may(permissions.AGREE) and (subjects := heads_of(actor.person_id)):
        mine |= Q(subject_code__in=subjects)
    return rows.filter(mine)


def get_plan(*, actor: Actor, plan_id: UUID) -> Plan:
    """One plan; what is not open is not there (NotFound)."""
    row = plans(actor=actor).filter(pk=plan_id).first()
    if row is None:
        raise NotFound
    return row


def may_write(actor: Actor, plan: Plan) -> bool:
    """Whether the plan is the actor's to look after: one's own, or any for who writes for the school."""
    scopes = actor.scopes(permissions.WRITE)
    return Scope.SCHOOL in scopes or (bool(scopes) and actor.person_id == plan.author_id is not None)


def may_edit(actor: Actor, plan: Plan) -> bool:
    """Whether the actor may change the lines now: only of a draft."""
    return plan.state == State.DRAFT and may_write(actor, plan)


def reads_before(actor: Actor, plan: Plan) -> bool:
    """Whether the actor reads the plan for its subject team."""
    scopes = actor.scopes(permissions.AGREE)
    return Scope.SCHOOL in scopes or (bool(scopes) and plan.subject_code in heads_of(actor.person_id))


def lines_of(plan_id: UUID) -> list[Line]:
    """Lines in order. The caller has got the plan."""
    return list(Line.objects.filter(plan_id=plan_id).order_by("quarter", "position", "id"))


def get_line(*, actor: Actor, line_id: UUID) -> Line:
    """One line of a plan that is open to the actor; raises NotFound."""
    row = Line.objects.select_related("plan").filter(pk=line_id).first()
    if row is None:
        raise NotFound
    get_plan(actor=actor, plan_id=row.plan_id)
    return row


def versions(plan: Plan) -> list[Plan]:
    """All versions of the plan, the newest first."""
    return list(Plan.objects.filter(series_id=plan.series_id).order_by("-version"))


def spans(year: str) -> dict[int, tuple[date, date]]:
    """Days of the year's quarters."""
    return {one.number: (one.start, one.end) for one in schedule.periods(year=year, kind="quarter")}


def hours_of(plan: Plan) -> list[QuarterHours]:
    """Hours by quarters against the curriculum."""
    rows = Line.objects.filter(plan_id=plan.pk).order_by().values_list("quarter").annotate(total=Sum("hours"))
    return by_quarters(rows, plan.hours_per_week, spans(plan.year))


def remarks_of(plan: Plan) -> list[Remark]:
    """Remarks on the plan, the oldest first."""
    return list(Remark.objects.filter(plan_id=plan.pk).order_by("at", "id"))


def open_remarks(plan_id: UUID) -> bool:
    """Whether a remark waits for its answer."""
    return Remark.objects.filter(plan_id=plan_id, answer="").exists()


def undoable(plan_id: UUID) -> tuple[bool, bool]:
    """Whether something can be undone, and whether something undone can be done again."""
    done, undone = (
        Step.objects.filter(plan_id=plan_id)
        .aggregate(done=Count("id", filter=Q(is_undone=False)), undone=Count("id", filter=Q(is_undone=True)))
        .values()
    )
    return bool(done), bool(undone)


def followers(plan_id: UUID) -> list[UUID]:
    """Courses that are taught by the plan."""
    return list(Follower.objects.filter(plan_id=plan_id).values_list("course_id", flat=True))


def courses_for(*, actor: Actor, plan: Plan) -> list[tuple[CourseInfo, UUID | None]]:
    """Courses of the plan's subject and grade that the actor may put under a plan, with the plan each follows."""
    scopes = require(actor, permissions.WRITE)
    found = schedule.courses(
        actor=actor, year=plan.year, teacher_id=None if Scope.SCHOOL in scopes else actor.person_id
    )
    if Scope.SCHOOL not in scopes and actor.person_id is None:
        return []
    fitting = [c for c in found if c.subject_code == plan.subject_code and c.grade == plan.grade]
    known = dict(
        Follower.objects.filter(course_id__in=[c.id for c in fitting]).values_list("course_id", "plan_id")
    )
    return [(one, known.get(one.id)) for one in fitting]


def sources(*, actor: Actor, subject_code: str, grade: int) -> list[tuple[Plan, int]]:
    """Plans of the subject and grade from which a new one may begin, each with its number of lines: last year's,
    colleagues', the library's.

    The newest years first; of a year first the approved.
    """
    rows = plans(actor=actor).filter(subject_code=subject_code, grade=grade).exclude(state=State.REPLACED)
    found = (
        rows.annotate(line_count=Count("lines"))
        .filter(line_count__gt=0)
        .order_by("-year", "-changed_at", "id")
    )
    first = sorted(found[:60], key=lambda one: (-int(one.year[:4]), one.state != State.APPROVED))
    return [(one, one.line_count) for one in first]


def waiting_for(*, actor: Actor) -> list[Plan]:
    """Plans that wait for the actor: as the head of a subject team, or as who approves."""
    wanted = Q(pk=None)
    if actor.may(permissions.APPROVE):
        wanted |= Q(state=State.OFFICE)
    if actor.may(permissions.AGREE) and (subjects := heads_of(actor.person_id)):
        wanted |= Q(state=State.TEAM, subject_code__in=subjects)
    if not actor.may(permissions.APPROVE) and not actor.may(permissions.AGREE):
        raise NotAllowed
    return list(Plan.objects.filter(wanted).order_by("sent_at", "id"))


def get_remark(*, actor: Actor, remark_id: UUID) -> Remark:
    """A remark on a plan that the actor looks after; raises NotFound."""
    row = Remark.objects.select_related("plan").filter(pk=remark_id).first()
    if row is None or not may_write(actor, row.plan):
        raise NotFound
    return row


def untouched(*, actor: Actor, plan_ids: Iterable[UUID]) -> list[Plan]:
    """Those of the plans that are as they were loaded: drafts written once, that no course follows."""
    rows = plans(actor=actor).filter(pk__in=list(plan_ids), state=State.DRAFT, revision__lte=1)
    return list(rows.filter(followers=None))


def followed(course_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the courses that are taught by a plan."""
    return set(Follower.objects.filter(course_id__in=list(course_ids)).values_list("course_id", flat=True))
