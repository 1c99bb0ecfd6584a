"""Fill the demo: tenants, people by the real import, two years of school life, figures, logins.

Runs once on an empty database; a run that was killed is begun again from an empty one (see platform/stack).
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import django
from django.db import connection, transaction

from config.env import environment
from demo import (
    accounts,
    archives,
    cards,
    careers,
    changed_days,
    corrections,
    groups,
    kinds,
    lists,
    made_up,
    marks,
    order_books,
    people_of_school,
    period_marks,
    profile,
    school_life,
    signing,
    special_days,
    substitutions,
    transfers,
    variants,
    visits,
)
from demo import plans as plans_of_school
from demo import (
    records as books,
)
from demo import (
    reports as reports_on_marks,
)
from demo import (
    rooms as rooms_of_school,
)
from demo import works as works_ahead
from demo.district import AUTHORITIES, LARGE, MIDDLE, SCHOOLS, SERVICES, SMALL, SchoolPlan, TenantPlan
from demo.people import Crowd
from imports import api as imports
from kernel import clock, tenancy
from kernel.access import Actor
from kernel.tenancy import TenantRef
from modules.analytics import api as analytics
from modules.contingent.models import SchoolClass
from modules.schedule import api as schedule
from modules.school import api as school
from modules.staff.models import Employee
from tenants import provisioning, reference
from tenants.lifecycle import services as lifecycle

FILES = Path(__file__).parent / "import"
Say = Callable[[str], None]


def years() -> tuple[str, str]:
    """This school year and the one before, as far as the ministry's calendars reach."""
    known = list(reference.school_years())
    year = clock.school_year_of(clock.today())
    year = year if year in known else known[-1]
    return year, known[known.index(year) - 1]


def fill(home: Path, say: Say) -> None:
    small = os.environ.get("MEKTEP_DEMO_SCALE") == "small"
    crowd = Crowd(2026)
    lines: list[accounts.Line] = []
    opened: dict[str, TenantRef] = {}
    for tenant in (*AUTHORITIES, *SERVICES):
        ref = opened[tenant.code] = _open(tenant)
        with tenancy.use(ref), transaction.atomic():
            lines += accounts.of_officials(ref, crowd)
        made_up.only(ref)
    say("region, districts, family and vendor hosts")
    schools = [_open(plan.tenant) for plan in SCHOOLS]
    opened |= {ref.code: ref for ref in schools}
    for told, of_school in _side_by_side(schools, only_shown=small):
        lines += of_school
        for line in told:
            say(line)
    for plan in SCHOOLS:
        _contract(plan)
    transfers.move_children(
        large=opened[LARGE.tenant.code],
        small=opened[SMALL.tenant.code],
        middle=opened[MIDDLE.tenant.code],
        year=years()[0],
    )
    say("three pupils on the way between schools")
    visits.keep(vendor=opened["ops"], school=opened[LARGE.tenant.code])
    say("three requests of support, one let in")
    target = home / "demo" / "logins.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps([line.as_dict() for line in lines], ensure_ascii=False, indent=1))
    target.chmod(0o600)


Filled = tuple[list[str], list[accounts.Line]]  # what was said of a school, and its logins


def _side_by_side(refs: list[TenantRef], *, only_shown: bool) -> Iterator[Filled]:
    """Fill the schools, one a processor: none knows of another. They come in the order of SCHOOLS."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), django.setup) as processes:
        yield from processes.map(_alone, range(len(refs)), refs, repeat(only_shown))


def _alone(number: int, ref: TenantRef, only_shown: bool) -> Filled:
    begun = time.monotonic()
    told: list[str] = []
    plan = SCHOOLS[number]
    lines = _school(ref, plan, told.append, only_shown=only_shown)
    return [*told, f"{plan.tenant.name_ru}: {time.monotonic() - begun:.0f} s"], lines


def _contract(plan: SchoolPlan) -> None:
    """Two years for each; the small school's staff are told of the end a year ahead, so that the notice is seen."""
    until = date(clock.today().year + 2, 12, 31) if not plan.is_small else clock.today() + timedelta(days=300)
    lifecycle.contract(
        code=plan.tenant.code,
        number=f"{plan.seed}/{clock.today().year}",
        until=until,
        warning_days=365 if plan.is_small else 30,
    )


def refill(home: Path, code: str, say: Say) -> TenantRef:
    """Fill one demo school anew; the others, and the logins of their people, stay. Raises WrongState and ValueError."""
    plan = next((one for one in SCHOOLS if one.tenant.code == code), None)
    if plan is None:
        raise ValueError(f"{code} is no school of the demonstration.")
    ref = lifecycle.renew(code=code, report=say)
    lines = [
        line.as_dict()
        for line in _school(ref, plan, say, only_shown=os.environ.get("MEKTEP_DEMO_SCALE") == "small")
    ]
    target = home / "demo" / "logins.json"
    known = json.loads(target.read_text()) if target.exists() else []
    kept = [line for line in known if line["tenant"] != code]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps([*kept, *lines], ensure_ascii=False, indent=1))
    target.chmod(0o600)
    return ref


def one_school(ref: TenantRef, plan: SchoolPlan, say: Say) -> None:
    """Fill one school that stands already, this year alone: trials in a scratch database want people too."""
    _school(ref, plan, say, only_shown=True)
    year, _ = years()
    with tenancy.use(ref), transaction.atomic():
        rooms_of_school.wish(year=year)
        variants.lay_out(year=year, since=reference.school_year(year).start)
        signing.sign(year=year)


def _open(plan: TenantPlan) -> TenantRef:
    return provisioning.create_tenant(
        code=plan.code,
        kind=plan.kind,
        name_kk=plan.name_kk,
        name_ru=plan.name_ru,
        mode="demo",
        parent=plan.parent,
        language=plan.language,
        kato=plan.kato,
    )


def _school(ref: TenantRef, plan: SchoolPlan, say: Say, *, only_shown: bool) -> list[accounts.Line]:
    year, last_year = years()
    crowd = Crowd(plan.seed)
    dice = random.Random(plan.seed)  # noqa: S311 - a demo's dice
    with tenancy.use(ref):
        actor = Actor.system_actor("demo")
        schedule.open_year(actor=actor, year=last_year)
        schedule.open_year(actor=actor, year=year)
        if plan.staff_file:
            for kind, name in (("staff", plan.staff_file), ("pupils", plan.pupils_file)):
                told = imports.run_file(kind, FILES / name, actor=actor, check_only=False)
                say(f"  {name}: {told['create']} loaded, {len(told['errors'])} remarks")
        else:
            with transaction.atomic():
                people_of_school.staff_whole_school(crowd, primary_classes=len(plan.letters) * 4)
                people_of_school.enrol_whole_school(
                    plan, crowd, year=year, start=reference.school_year(year).start
                )
        school.open_profile(actor=actor, since=date(2020, 1, 1), **profile.of_school(plan, actor))
        with transaction.atomic():
            _join_classes(plan, year)
            people_of_school.fill_vacancies(
                crowd,
                primary_classes=SchoolClass.objects.filter(year=year, grade__range=(1, 4)).count(),
                is_small=plan.is_small,
            )
            classes = _classes(year)
            school_life.give_rooms(classes)
            rooms_of_school.describe(plan, classes)
            teachers = list(
                Employee.objects.filter(positions__post_code__in=("teacher_subject", "teacher_primary"))
                .order_by("id")
                .values_list("id", flat=True)
                .distinct()
            )
            people_of_school.appoint_class_teachers(
                classes, [*teachers, *teachers, *teachers], reference.school_year(year).start
            )
            people_of_school.remember_last_year(year=year, last_year=last_year)
            careers.live(plan, crowd, year=year)
            cards.fill(plan, Crowd(plan.seed + 2), year=year)
        with transaction.atomic():
            signed = order_books.keep(ref, Crowd(plan.seed + 1), year=year, last_year=last_year)
        say(f"  {signed} orders in the books")
        shown = (
            [c for c in classes if c.grade in (7, 9)]
            if plan is LARGE
            else [c for c in classes if c.grade in (7, 8)]
        )
        with transaction.atomic():
            lines = accounts.of_school(ref, shown_classes=shown, year=year)
            careers.sign_orders(crowd)
            cards.divorce(plan, year=year)
            cards.looks(year=year)
            lists.keep_views()
            if plan is LARGE:
                visits.breach()
        with transaction.atomic():
            written, given = books.keep(ref, many={LARGE: 12, SMALL: 5}.get(plan, 3))
        say(f"  {written} entries of the alphabetical book, {given} certificates of study")
    for code in (last_year, year):
        if only_shown and code == last_year:
            continue
        _year(ref, plan, code, dice, say, only_grades=(7,) if only_shown and plan is LARGE else None)
    if plan is LARGE:
        with tenancy.use(ref), transaction.atomic():
            rooms_of_school.wish(year=year)
            laid = variants.lay_out(year=year, since=reference.school_year(year).start)
        say(f"  {laid} lessons of a week in a variant of the timetable")
    _analyse(ref)
    with tenancy.use(ref), transaction.atomic():
        stood_in = substitutions.live(plan)
        changed_days.tell(year=year)
    say(f"  {stood_in} lines in the book of substituted lessons")
    made_up.only(ref)
    with tenancy.use(ref), transaction.atomic():
        planned = plans_of_school.keep(ref, year=year)
        said = reports_on_marks.enliven(year=year, language=plan.tenant.language)
        reports_on_marks.conclude(year=year)
        reports_on_marks.give_mentors(year=year)
    say(f"  {planned} lines of plans, {said} analyses of works")
    with tenancy.use(ref), transaction.atomic():
        put = works_ahead.keep(year=year)
    say(f"  {put} СОР/СОЧ ahead")
    with tenancy.use(ref):
        lines = accounts.heroes_first(lines, year)
        with transaction.atomic():
            groups.enliven(actor=Actor.system_actor("demo"), year=year, has_clubs=plan is LARGE)
            described = kinds.live(actor=Actor.system_actor("demo"), year=year, seed=plan.seed)
        say(f"  {described} texts on first-graders")
        analytics.recount(actor=Actor.system_actor("demo"), years=[last_year, year])
        signing.give_keys(environment.home)
        if plan is LARGE:
            with transaction.atomic():
                under_papers = signing.sign(year=year)
            say(f"  {under_papers} sheets of journals signed")
        with transaction.atomic():
            remarks, requests = corrections.keep(year=year)
        mothers = corrections.tell_mothers(year=year)
        say(f"  {remarks} remarks on journals, {requests} requests to open cells, {mothers} families told")
        if plan is LARGE:
            archives.keep(year=year)
    return lines


def _classes(year: str) -> list[SchoolClass]:
    return list(SchoolClass.objects.filter(year=year).order_by("grade", "letter"))


def _join_classes(plan: SchoolPlan, year: str) -> None:
    """A small school teaches neighbouring grades together."""
    if plan.is_small:
        for pair in ((0, 1), (2, 3), (5, 6), (7, 8), (10, 11)):
            SchoolClass.objects.filter(year=year, grade__in=pair).update(set_code=f"{pair[0]}-{pair[1]}")


def _year(
    ref: TenantRef,
    plan: SchoolPlan,
    year: str,
    dice: random.Random,
    say: Say,
    *,
    only_grades: tuple[int, ...] | None,
) -> None:
    """One school year, written as the owner of the tables: no door of the product makes half a million marks at once."""
    today = clock.today()
    with tenancy.owner(ref), transaction.atomic():
        classes = [
            c for c in _classes(year) if c.grade > 0 and (only_grades is None or c.grade in only_grades)
        ]
        courses = school_life.open_courses(year=year, classes=classes, dice=dice)
        school_life.open_slots(courses=courses, classes=classes, seed=plan.seed)
    with tenancy.use(ref):
        lessons, fallen = _lessons(year)
    with tenancy.owner(ref), transaction.atomic():
        school_life.tell_topics(year=year, until=today, languages={})
        works = school_life.set_works(year=year, classes=classes, until=today, dice=dice)
        written = 0
        graded = {c.id: c.grade for c in classes}
        marked = [
            str(c.id)
            for c in courses
            if reference.subject(c.subject_code).mode_in(graded[c.school_class_id]) == "points"
        ]
        for span in reference.school_year(year).quarters:
            if span.start <= today:
                written += marks.write(
                    year=year, start=span.start, end=min(span.end, today), courses=marked, density=0.27
                )
        decided = period_marks.write(year=year, today=today)
        decided += period_marks.examine(year=year, today=today)
    say(
        f"  {year}: {len(courses)} courses, {lessons} lessons ({fallen} fell out), {works} СОР/СОЧ, {written} marks, {decided} for the quarters"
    )


def _lessons(year: str) -> tuple[int, int]:
    """Lessons of all quarters laid by the school's calendar, and those that frost and quarantine took."""
    actor = Actor.system_actor("demo")
    made = sum(
        schedule.generate_lessons(actor=actor, period_id=one.id).made
        for one in schedule.periods(year=year, kind="quarter")
    )
    return made, special_days.declare(actor=actor, year=year)


def _analyse(ref: TenantRef) -> None:
    """Tell the planner what has been poured in; autovacuum would come minutes later."""
    with tenancy.owner(ref), connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = %s", [ref.schema])
        cursor.execute("ANALYZE " + ", ".join(row[0] for row in cursor.fetchall()))
