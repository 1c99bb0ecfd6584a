"""A mentor reads how her young teacher does and says it; nobody becomes one without the deputy."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.journal.reports import services
from modules.journal.reports.models import MentorReport, Mentorship
from modules.journal.reports.queries import mentors as queries
from modules.journal.reports.queries.ground import span_of
from tests.conftest import ActorOf
from tests.factories import schedule as make
from tests.modules.journal.reports.conftest import ClientFor, School, at

pytestmark = pytest.mark.requirement("SIS-30")
SAID = {"done": "Екі сабаққа қатысты", "results": "", "advice": ""}


@pytest.fixture
def pair(school: School, aigul: Actor) -> Mentorship:
    """Dana is the mentor of Bolat."""
    return services.appoint_mentor(
        actor=aigul, mentor_id=school.dana.pk, teacher_id=school.scene.teacher.pk, since=date(2026, 9, 1)
    )


@pytest.fixture
def dana(school: School, actor_of: ActorOf) -> Actor:
    return actor_of(Role.TEACHER, person_id=school.dana.pk, user_id=1003, name="Дана")


def quarter(actor: Actor, pair: Mentorship, code: str = "q1") -> queries.MenteeQuarter:
    span, __ = span_of(year=make.YEAR, code=code, with_year=False)
    return queries.quarter_of(actor=actor, mentorship_id=pair.pk, span=span)


def save(actor: Actor, pair: Mentorship, school: School, **more: Any) -> MentorReport:
    return services.save_mentor_report(
        actor=actor, mentorship_id=pair.pk, period_id=school.q1.id, said=SAID, seen=more.get("seen")
    )


class TestAppointing:
    def test_a_teacher_has_one_mentor_at_a_time_and_never_oneself(
        self, school: School, pair: Mentorship, aigul: Actor
    ) -> None:
        other = make.teacher("Оспанова", "Айжан")
        who = {"teacher_id": school.scene.teacher.pk, "since": date(2026, 11, 1)}
        with pytest.raises(services.HasMentor):
            services.appoint_mentor(actor=aigul, mentor_id=other.pk, **who)
        with pytest.raises(services.MentorOfOneself):
            services.appoint_mentor(actor=aigul, mentor_id=school.scene.teacher.pk, **who)
        with pytest.raises(services.EndsBeforeItBegins):
            services.end_mentorship(actor=aigul, mentorship_id=pair.pk, until=date(2026, 8, 1))
        services.end_mentorship(actor=aigul, mentorship_id=pair.pk, until=date(2026, 10, 31))
        services.appoint_mentor(actor=aigul, mentor_id=other.pk, **who)
        done = set(AuditEntry.objects.values_list("action", flat=True))
        assert {"journal.mentor.appointed", "journal.mentor.ended"} <= done

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.PARENT, Role.PUPIL])
    def test_nobody_but_who_answers_for_journals_appoints(
        self, school: School, actor_of: Any, role: Role
    ) -> None:
        with pytest.raises(NotAllowed):
            services.appoint_mentor(
                actor=actor_of(role, person_id=school.dana.pk),
                mentor_id=school.dana.pk,
                teacher_id=school.scene.teacher.pk,
                since=date(2026, 9, 1),
            )
        assert not Mentorship.objects.exists()


class TestReport:
    def test_the_mentor_sees_the_journals_of_her_young_teacher_only(
        self, school: School, pair: Mentorship, dana: Actor, bolat: Actor
    ) -> None:
        found = quarter(dana, pair)
        [(course, marks, figures)] = found.journals
        assert (course.subject_code, marks.quality, figures.lessons) == ("algebra", 50.0, 6)
        assert found.writes
        with pytest.raises(NotFound):
            quarter(bolat, pair)

    def test_the_deputy_reads_and_only_the_mentor_writes(
        self, school: School, pair: Mentorship, dana: Actor, aigul: Actor
    ) -> None:
        first = save(dana, pair, school)
        assert quarter(aigul, pair).said == first
        assert not quarter(aigul, pair).writes
        with pytest.raises(NotFound):
            save(aigul, pair, school, seen=first.changed_at)
        with pytest.raises(services.WrittenMeanwhile):
            save(dana, pair, school)
        assert quarter(dana, pair, "q2").said is None

    def test_when_the_term_is_over_later_quarters_are_closed_to_the_mentor(
        self, school: School, pair: Mentorship, dana: Actor, aigul: Actor, client_for: ClientFor
    ) -> None:
        services.end_mentorship(actor=aigul, mentorship_id=pair.pk, until=school.q1.end)
        assert quarter(dana, pair, "q1").writes
        with pytest.raises(NotFound):
            quarter(dana, pair, "q2")
        with pytest.raises(NotFound):
            services.save_mentor_report(
                actor=dana, mentorship_id=pair.pk, period_id=school.scene.quarter.id, said=SAID, seen=None
            )
        page = client_for(Role.TEACHER, person_id=school.dana.pk).get(at(f"mentors/{pair.pk}/", period="q2"))
        assert 'value="q2"' not in page.content.decode()

    def test_another_schools_pair_is_not_there(
        self, school: School, pair: Mentorship, school_b: TenantRef, actor_of: Any
    ) -> None:
        zhanna = actor_of(Role.DIRECTOR, school=school_b)
        with tenancy.use(school_b):
            make.periods()
            with pytest.raises(NotFound):
                quarter(zhanna, pair)
            with pytest.raises(NotFound):
                services.end_mentorship(actor=zhanna, mentorship_id=pair.pk, until=date(2026, 12, 1))


class TestPages:
    def test_the_deputy_appoints_and_the_mentor_writes_and_prints(
        self, school: School, deputys: Client, client_for: ClientFor
    ) -> None:
        who = {"mentor": school.dana.pk, "teacher": school.scene.teacher.pk, "since": "2026-09-01"}
        assert deputys.post(at("mentors/"), {**who, "mentor": who["teacher"]}).status_code == 422
        assert deputys.post(at("mentors/"), who).status_code == 302
        pair = Mentorship.objects.get()
        mentor = client_for(Role.TEACHER, person_id=school.dana.pk)
        assert "Ермекова" in mentor.get(at("mentors/")).content.decode()
        address = at(f"mentors/{pair.pk}/", period="q1")
        assert mentor.post(address, {**SAID, "seen": ""}).status_code == 302
        paper = mentor.get(f"{address}&as=pdf&lang=kk")
        text = " ".join(
            " ".join(one.extract_text() for one in PdfReader(BytesIO(paper.content)).pages).split()
        )
        assert "Екі сабаққа қатысты" in text
        assert "Ермекова" in text

    def test_strangers_find_nothing_and_appoint_nobody(
        self, school: School, pair: Mentorship, bolats: Client, client_for: ClientFor, deputys: Client
    ) -> None:
        assert bolats.get(at(f"mentors/{pair.pk}/")).status_code == 404
        assert bolats.post(at("mentors/"), {"mentor": school.dana.pk}).status_code == 404
        assert bolats.post(at(f"mentors/{pair.pk}/end/"), {"until": "2026-12-01"}).status_code == 403
        assert client_for(Role.PARENT).get(at("mentors/")).status_code == 403
        assert deputys.post(at(f"mentors/{pair.pk}/"), SAID).status_code == 404
        assert deputys.post(at(f"mentors/{pair.pk}/end/"), {"until": "2026-12-01"}).status_code == 302
        assert Mentorship.objects.get().until == date(2026, 12, 1)

    def test_costs_the_same_for_one_pair_and_for_many(
        self, school: School, pair: Mentorship, aigul: Actor, deputys: Client
    ) -> None:
        def used() -> int:
            with CaptureQueriesContext(connection) as found:
                assert deputys.get(at("mentors/")).status_code == 200
            return len(found)

        used()
        before = used()
        for n in range(4):
            young = make.teacher(f"Жас{n}", "Маман")
            services.appoint_mentor(
                actor=aigul, mentor_id=school.dana.pk, teacher_id=young.pk, since=date(2026, 9, 1)
            )
        assert used() == before
        assert before <= 9


class TestLists:
    @pytest.mark.parametrize("what", ["achievement", "quality", "marks", "lessons", "topics", "late"])
    def test_each_figure_of_the_page_opens_its_list(
        self, school: School, pair: Mentorship, dana: Actor, client_for: ClientFor, what: str
    ) -> None:
        hers = client_for(Role.TEACHER, person_id=school.dana.pk)
        figures = figures_of(quarter(dana, pair))
        page = hers.get(at(f"mentors/{pair.pk}/", period="q1")).content.decode()
        address = f"/journal/reports/mentors/{pair.pk}/behind/{what}/"
        assert (address in page) is bool(figures[what])
        answer = hers.get(f"{address}?period=q1")
        assert answer.status_code == 200
        assert answer.context["page"].paginator.count == figures[what]
        assert 'href="/journal/' + str(school.scene.course.pk) not in answer.content.decode()

    def test_is_narrowed_to_a_journal_and_leads_who_may_open_it(
        self, school: School, pair: Mentorship, deputys: Client
    ) -> None:
        address = f"/journal/reports/mentors/{pair.pk}/behind/lessons/?period=q1"
        assert f"/journal/{school.scene.course.pk}/" in deputys.get(address).content.decode()
        assert deputys.get(f"{address}&journal={school.scene.course.pk}").status_code == 200
        assert deputys.get(f"{address}&journal={pair.pk}").status_code == 404
        assert deputys.get(f"/journal/reports/mentors/{pair.pk}/behind/all/?period=q1").status_code == 404

    def test_is_not_there_for_others(self, school: School, pair: Mentorship, client_for: ClientFor) -> None:
        others = client_for(Role.TEACHER, person_id=school.scene.teacher.pk)
        address = f"/journal/reports/mentors/{pair.pk}/behind/marks/?period=q1"
        assert others.get(address).status_code == 404


def figures_of(found: queries.MenteeQuarter) -> dict[str, int]:
    """How long each list must be."""
    marks, filling = found.total, found.filling
    return {
        "achievement": marks.n5 + marks.n4 + marks.n3,
        "quality": marks.n5 + marks.n4,
        "marks": marks.whole,
        "lessons": filling.lessons,
        "topics": filling.no_topic,
        "late": filling.late,
    }
