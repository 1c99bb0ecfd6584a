"""What a class teacher says of a period: hers alone to write, kept by period, printed, read by the deputy."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.journal.models import ClassConclusion
from modules.journal.reports import services
from modules.journal.reports.queries.ground import span_of
from tests.factories import schedule as make
from tests.modules.journal.reports.conftest import ClientFor, School, at

pytestmark = pytest.mark.requirement("SIS-30")
SAID = {"done": "Екі жиналыс өтті", "conclusion": "Үлгерім өсті", "ahead": "Алгебрадан қосымша сабақ"}


@pytest.fixture
def head(school: School, actor_of: Any) -> Actor:
    actor: Actor = actor_of(Role.CLASS_TEACHER, person_id=school.scene.teacher.pk)
    return actor


@pytest.fixture
def heads(school: School, client_for: ClientFor) -> Client:
    return client_for(Role.CLASS_TEACHER, person_id=school.scene.teacher.pk)


def conclude(
    actor: Actor, school: School, code: str = "q1", seen: Any = None, **said: str
) -> ClassConclusion:
    span, __ = span_of(year=make.YEAR, code=code)
    return services.conclude(
        actor=actor, class_id=school.scene.school_class.pk, span=span, said=SAID | said, seen=seen
    )


class TestService:
    def test_is_kept_for_each_period_and_leaves_a_trace(self, school: School, head: Actor) -> None:
        conclude(head, school)
        conclude(head, school, "y", conclusion="Жыл аяқталды")
        kept = ClassConclusion.objects.order_by("period").values_list("period", "conclusion")
        assert list(kept) == [("q1", "Үлгерім өсті"), ("y", "Жыл аяқталды")]
        told = AuditEntry.objects.filter(action="journal.class_report.concluded").order_by("id")
        assert [one.details["period"] for one in told] == ["q1", "y"]

    def test_what_another_has_written_meanwhile_is_not_overwritten(self, school: School, head: Actor) -> None:
        first = conclude(head, school)
        with pytest.raises(services.WrittenMeanwhile):
            conclude(head, school, conclusion="Басқа")
        conclude(head, school, conclusion="Түзетілді", seen=first.changed_at)
        assert ClassConclusion.objects.get().conclusion == "Түзетілді"

    def test_only_whoever_has_the_class_writes(self, school: School, aigul: Actor, actor_of: Any) -> None:
        for role in (Role.TEACHER, Role.PARENT, Role.DEPUTY_ACADEMIC):
            with pytest.raises(NotAllowed):
                conclude(actor_of(role, person_id=school.scene.teacher.pk), school)
        with pytest.raises(NotFound):
            conclude(actor_of(Role.CLASS_TEACHER, person_id=school.dana.pk), school)
        assert not ClassConclusion.objects.exists()

    def test_another_school_has_no_such_class(
        self, school: School, school_b: TenantRef, actor_of: Any
    ) -> None:
        stranger = actor_of(Role.CLASS_TEACHER, school=school_b, person_id=school.scene.teacher.pk)
        with tenancy.use(school_b):
            make.periods()
            with pytest.raises(NotFound):
                conclude(stranger, school)


class TestPages:
    def test_is_typed_saved_and_printed_and_the_deputy_reads_it(
        self, school: School, heads: Client, deputys: Client
    ) -> None:
        make.school_class(8, "Ә")
        page = heads.get(at("class/", period="q1")).content.decode()
        assert 'name="conclusion"' in page
        sent = heads.post(at("class/", period="q1"), {**SAID, "seen": ""})
        assert sent.status_code == 302
        assert "period=q1" in sent["Location"]
        chosen = {"class": school.scene.school_class.pk, "period": "q1"}
        read = deputys.get(at("class/", **chosen)).content.decode()
        assert SAID["conclusion"] in read
        assert 'name="conclusion"' not in read
        assert (
            SAID["conclusion"] not in deputys.get(at("class/", **chosen | {"period": "q2"})).content.decode()
        )
        paper = deputys.get(at("class/", **chosen, **{"as": "pdf", "lang": "kk"}))
        assert SAID["ahead"] in " ".join(
            " ".join(one.extract_text() for one in PdfReader(BytesIO(paper.content)).pages).split()
        )
        kept = ClassConclusion.objects.get().changed_at
        assert f"{kept:%d.%m.%Y}" in deputys.get(at("class/", period="q1")).content.decode()

    def test_a_text_that_met_a_newer_one_comes_back_with_it(
        self, school: School, head: Actor, heads: Client
    ) -> None:
        conclude(head, school)
        again = heads.post(at("class/", period="q1"), {**SAID, "conclusion": "Менікі", "seen": ""})
        page = again.content.decode()
        assert again.status_code == 422
        assert "Менікі" in page
        assert SAID["conclusion"] in page

    def test_the_deputy_posts_nothing(self, school: School, deputys: Client) -> None:
        chosen = {"class": school.scene.school_class.pk, "period": "q1"}
        assert deputys.post(at("class/", **chosen), SAID).status_code == 404
        assert not ClassConclusion.objects.exists()
