"""Bolat signs the sheet of his closed quarter; nobody else's key will do, and a later correction asks for a new one."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from documents.models import FrozenDocument, Signature
from documents.signing import services as signing
from documents.signing.data import AlreadyDecided, NoIinOfSigner, Outdated, ReasonWanted, SomebodyElse
from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry, ViewEntry
from kernel.tenancy import TenantRef
from modules.journal import handlers, queries, services
from modules.journal.data import SheetState
from modules.journal.events import MarksChanged
from modules.journal.models import Sheet
from modules.schedule.events import PeriodClosed
from modules.schedule.year import services as year
from modules.staff.models import Employee
from tests import eds
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.conftest import MOMENT

pytestmark = pytest.mark.requirement("SIS-36", "INT-05")
ClientFor = Callable[..., Client]


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    settings.SIGNATURE_TRUST = eds.authority().publish(tmp_path / "trust")
    settings.NCALAYER_URL = "wss://127.0.0.1:13579"


@pytest.fixture
def closed(scene: make.Scene, aigul: Actor) -> make.Scene:
    """The quarter is over: marks stand, the period is closed, Bolat's number is in his card."""
    Employee.objects.filter(pk=scene.teacher.pk).update(iin=eds.BOLAT.iin)
    made.mark(scene.lessons[0], scene.pupils[0], 8)
    made.work(scene.lessons[1], "sor", 20)
    made.mark(scene.lessons[1], scene.pupils[1], 17, "sor")
    made.absence(scene.lessons[0], scene.pupils[1], "ill")
    made.final(scene.course, scene.pupils[0], scene.quarter.id, "5")
    close(scene, aigul)
    return scene


def close(scene: make.Scene, aigul: Actor) -> None:
    year.close_period(actor=aigul, period_id=scene.quarter.id)
    told = PeriodClosed(period_id=str(scene.quarter.id), year=make.YEAR, code="q2")
    handlers.want_sheets(told, actor=Actor.system_actor("tests"), at=MOMENT)


def correct(scene: make.Scene, aigul: Actor, points: int) -> None:
    """The deputy opens the quarter, a mark is corrected, the quarter is closed again."""
    year.reopen_period(actor=aigul, period_id=scene.quarter.id)
    row = scene.lessons[0], scene.pupils[0]
    old = made.Mark.objects.get(lesson=row[0], pupil_id=row[1].pk).points
    [result] = services.save_cells(
        actor=aigul, course_id=scene.course.pk, operations=[made.op(row[0], row[1], points, old=old)]
    )
    assert result.status == "ok"
    told = MarksChanged(
        course_id=str(scene.course.pk),
        school_class_id=str(scene.school_class.pk),
        subject_code="algebra",
        period_id=str(scene.quarter.id),
        year=make.YEAR,
    )
    handlers.look_again(told, actor=Actor.system_actor("tests"), at=MOMENT)
    close(scene, aigul)


def prepare(scene: make.Scene, actor: Actor) -> Signature:
    frozen = services.prepare_sheet(actor=actor, course_id=scene.course.pk, period_id=scene.quarter.id)
    [mine] = frozen.signatures
    return Signature.objects.select_related("document__file").get(pk=mine.id)


def cms_of(row: Signature, kind: str = "sign", content: bytes | None = None) -> bytes:
    paper = content if content is not None else signing.queries.content(row.document)
    return eds.authority().sign(eds.key(kind), paper, at=datetime.now(tz=MOMENT.tzinfo))


def sign(scene: make.Scene, actor: Actor) -> Signature:
    row = prepare(scene, actor)
    signing.sign(actor=actor, signature_id=row.pk, cms=cms_of(row))
    row.refresh_from_db()
    return row


def state(scene: make.Scene) -> str:
    return Sheet.objects.get(course_id=scene.course.pk, period_id=scene.quarter.id).state


class TestSigning:
    def test_a_closed_period_wants_the_sheet_of_every_journal_with_lessons(self, closed: make.Scene) -> None:
        assert state(closed) == SheetState.DUE
        assert Sheet.objects.count() == 1

    def test_the_sheet_shows_the_quarter_and_is_the_same_bytes_each_time(
        self, closed: make.Scene, bolat: Actor
    ) -> None:
        row = prepare(closed, bolat)
        text = "\n".join(
            page.extract_text() for page in PdfReader(io.BytesIO(signing.queries.content(row.document))).pages
        )
        for wanted in ("7А", "Ахметова Әлия", "8", "17", "№", f"{closed.lessons[0].date:%d.%m}"):
            assert wanted in text
        again = prepare(closed, bolat)
        assert (again.pk, again.document.version) == (row.pk, 1)

    def test_a_good_signature_is_kept_with_what_was_verified(self, closed: make.Scene, bolat: Actor) -> None:
        row = sign(closed, bolat)
        assert (row.state, row.route, row.verified_by) == ("signed", "ncalayer", "mektep")
        assert (row.subject, row.revocation, row.stamp) == ("ЕРМЕКОВА БОЛАТ", "good", "verified")
        sheet = Sheet.objects.get()
        assert (sheet.state, sheet.version, sheet.signed_at) == ("signed", 1, row.decided_at)
        assert sheet.signed_by_name == row.signer_name != ""
        with pytest.raises(services.NothingToSign):
            prepare(closed, bolat)

    def test_the_number_is_compared_and_kept_nowhere_beside_the_signature(
        self, closed: make.Scene, bolat: Actor
    ) -> None:
        row = sign(closed, bolat)
        said = json.dumps(
            list(AuditEntry.objects.values_list("details", flat=True))
            + [str(value) for name, value in vars(row).items() if name != "cms"]
        )
        assert eds.BOLAT.iin not in said

    def test_another_persons_key_is_refused_and_leaves_a_line(self, closed: make.Scene, bolat: Actor) -> None:
        row = prepare(closed, bolat)
        with pytest.raises(SomebodyElse):
            signing.sign(actor=bolat, signature_id=row.pk, cms=cms_of(row, "aigul"))
        assert state(closed) == SheetState.WAITING
        line = AuditEntry.objects.get(action="documents.signature.rejected")
        assert (line.outcome, line.details["why"]) == ("refused", "somebody_else")

    def test_a_signer_without_a_number_is_told_so(self, closed: make.Scene, bolat: Actor) -> None:
        Employee.objects.filter(pk=closed.teacher.pk).update(iin="")
        row = prepare(closed, bolat)
        with pytest.raises(NoIinOfSigner):
            signing.sign(actor=bolat, signature_id=row.pk, cms=cms_of(row))

    def test_twice_is_refused(self, closed: make.Scene, bolat: Actor) -> None:
        row = sign(closed, bolat)
        with pytest.raises(AlreadyDecided):
            signing.sign(actor=bolat, signature_id=row.pk, cms=bytes(row.cms or b""))

    def test_to_refuse_wants_a_reason_and_stands(self, closed: make.Scene, bolat: Actor) -> None:
        row = prepare(closed, bolat)
        with pytest.raises(ReasonWanted):
            signing.refuse(actor=bolat, signature_id=row.pk, reason="  ")
        signing.refuse(actor=bolat, signature_id=row.pk, reason="Әлияның бағасы қате")
        assert state(closed) == SheetState.REFUSED
        assert prepare(closed, bolat).document.version == 2

    def test_before_the_period_is_closed_there_is_nothing_to_sign(
        self, scene: make.Scene, bolat: Actor
    ) -> None:
        with pytest.raises(services.PeriodIsOpen):
            prepare(scene, bolat)

    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.DEPUTY_ACADEMIC])
    def test_whoever_may_set_marks_everywhere_still_signs_for_nobody(
        self, closed: make.Scene, actor_of: Any, role: Role
    ) -> None:
        with pytest.raises(NotAllowed):
            prepare(closed, actor_of(role))

    def test_another_teachers_sheet_is_not_there(
        self, closed: make.Scene, actor_of: Any, bolat: Actor
    ) -> None:
        other = actor_of(Role.TEACHER, person_id=make.teacher("Сапаров", "Қанат").pk, user_id=77)
        with pytest.raises(NotFound):
            prepare(closed, other)
        row = prepare(closed, bolat)
        with pytest.raises(NotFound):
            signing.sign(actor=other, signature_id=row.pk, cms=cms_of(row))


class TestCorrection:
    def test_a_corrected_mark_makes_the_sheet_an_old_one_and_a_new_one_stands_beside_it(
        self, closed: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        first = sign(closed, bolat)
        before = signing.queries.content(first.document)
        correct(closed, aigul, 3)
        assert state(closed) == SheetState.CHANGED
        second = sign(closed, bolat)
        assert (second.document.version, state(closed)) == (2, SheetState.SIGNED)
        assert signing.queries.content(FrozenDocument.objects.get(pk=first.document_id)) == before
        assert Signature.objects.get(pk=first.pk).state == "signed"

    def test_a_mark_set_back_leaves_the_signature_in_force(
        self, closed: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        sign(closed, bolat)
        correct(closed, aigul, 3)
        correct(closed, aigul, 8)
        assert state(closed) == SheetState.SIGNED

    def test_what_changed_after_it_was_prepared_is_not_signed(
        self, closed: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        row = prepare(closed, bolat)
        correct(closed, aigul, 3)
        with pytest.raises(Outdated):
            signing.sign(actor=bolat, signature_id=row.pk, cms=cms_of(row))

    def test_a_sheet_prepared_and_not_signed_makes_room(
        self, closed: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        prepare(closed, bolat)
        correct(closed, aigul, 3)
        assert prepare(closed, bolat).document.version == 1
        assert FrozenDocument.objects.count() == 1


class TestTheDatabase:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE documents_signature SET signer_name = 'x'",
            "DELETE FROM documents_signature",
            "UPDATE documents_frozendocument SET sha256 = ''",
            "DELETE FROM documents_frozendocument",
        ],
    )
    def test_lets_nobody_touch_what_is_signed(self, closed: make.Scene, bolat: Actor, statement: str) -> None:
        sign(closed, bolat)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_keeps_no_signature_without_its_cms(self, closed: make.Scene, bolat: Actor) -> None:
        row = prepare(closed, bolat)
        with pytest.raises(IntegrityError), transaction.atomic():
            Signature.objects.filter(pk=row.pk).update(state="signed", decided_at=MOMENT, serial="1")


@pytest.fixture
def browser(closed: make.Scene, client_for: ClientFor) -> Client:
    return client_for(Role.TEACHER, person_id=closed.teacher.pk)


def sheet_page(scene: make.Scene) -> str:
    return f"/journal/{scene.course.pk}/sheet/?period=q2"


def to_sign(scene: make.Scene, client: Client) -> str:
    answer = client.post(f"/journal/{scene.course.pk}/sheet/prepare/?period=q2")
    assert answer.status_code == 302
    return answer.headers["Location"]


def post_cms(client: Client, place: str, made_: bytes) -> Any:
    body = json.dumps({"cms": base64.b64encode(made_).decode()})
    return client.post(f"{place}cms/", body, content_type="application/json")


class TestPages:
    def test_the_whole_way(self, closed: make.Scene, browser: Client) -> None:
        assert "prepare" in browser.get(sheet_page(closed)).content.decode()
        place = to_sign(closed, browser)
        page = browser.get(place)
        assert "wss://127.0.0.1:13579" in page.headers["Content-Security-Policy"]
        row = Signature.objects.select_related("document").get()
        paper = browser.get(f"/documents/signed/{row.document_id}/file/").content
        assert paper == signing.queries.content(row.document)
        looks = ViewEntry.objects.filter(purpose="journal.taken").values_list("subject_id", flat=True)
        assert set(looks) == {one.pk for one in closed.pupils}, (
            "the log of looks knows who stands on the paper"
        )
        answer = post_cms(browser, place, cms_of(row, content=paper))
        assert answer.status_code == 200
        done = answer.json()["next"]
        html = browser.get(done).content.decode()
        assert "ЕРМЕКОВА БОЛАТ" in html
        assert eds.BOLAT.iin not in html
        kept = browser.get(f"{done}{row.pk}/cms/")
        assert kept.content == bytes(Signature.objects.get().cms or b"")
        assert browser.get(place).headers["Location"] == done

    def test_only_the_page_of_signing_may_reach_beyond_us(self, closed: make.Scene, browser: Client) -> None:
        place = to_sign(closed, browser)
        assert "127.0.0.1" not in browser.get(sheet_page(closed)).headers["Content-Security-Policy"]
        policy = browser.get(place).headers["Content-Security-Policy"]
        assert "connect-src 'self' wss://127.0.0.1:13579;" in policy
        assert "script-src 'self';" in policy

    def test_a_refused_signature_is_told_in_words(self, closed: make.Scene, browser: Client) -> None:
        place = to_sign(closed, browser)
        row = Signature.objects.select_related("document").get()
        answer = post_cms(browser, place, cms_of(row, "auth"))
        assert (answer.status_code, answer.json()["code"]) == (422, "key_for_sign_in")
        assert "AUTH" in answer.json()["message"]
        assert post_cms(browser, place, b"nonsense").json()["code"] == "unreadable"
        for body in ("[]", "{}", '{"cms": 5}', "no json"):
            answer = browser.post(f"{place}cms/", body, content_type="application/json")
            assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")

    def test_a_reason_is_asked_of_who_does_not_sign(self, closed: make.Scene, browser: Client) -> None:
        place = to_sign(closed, browser)
        assert browser.post(place, {"reason": " "}).status_code == 422
        assert browser.post(place, {"reason": "Қате бар"}).status_code == 302
        assert state(closed) == "refused"
        assert "Қате бар" in browser.get(place, follow=True).content.decode()

    def test_the_director_sees_the_signed_sheet_and_a_stranger_does_not(
        self, closed: make.Scene, bolat: Actor, client_for: ClientFor
    ) -> None:
        row = sign(closed, bolat)
        paths = [
            f"/documents/signed/{row.document_id}/",
            f"/documents/signed/{row.document_id}/file/",
            f"/documents/signed/{row.document_id}/{row.pk}/cms/",
        ]
        director, other, mother = (
            client_for(Role.DIRECTOR),
            client_for(Role.TEACHER, person_id=make.teacher("Сапаров", "Қанат").pk),
            client_for(Role.PARENT),
        )
        for path in paths:
            assert director.get(path).status_code == 200
            assert other.get(path).status_code == 404
            assert mother.get(path).status_code == 404
        assert director.get(f"/documents/sign/{row.pk}/").status_code == 404

    def test_another_schools_director_finds_nothing(
        self, closed: make.Scene, bolat: Actor, client_for: ClientFor, school_b: TenantRef
    ) -> None:
        row = sign(closed, bolat)
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        for path in (
            f"/documents/signed/{row.document_id}/",
            f"/documents/sign/{row.pk}/",
            f"/journal/{closed.course.pk}/sheet/?period=q2",
        ):
            assert zhanna.get(path).status_code == 404
        with tenancy.use(school_b):
            assert FrozenDocument.objects.count() == 0


class TestList:
    def test_says_who_has_signed_and_who_has_not(
        self, closed: make.Scene, bolat: Actor, aigul: Actor, client_for: ClientFor
    ) -> None:
        other = make.course(closed.school_class, make.teacher("Сапаров", "Қанат"), "physics")
        make.lessons(other, closed.quarter.start, count=2, number=3)
        services.expect_sheets(actor=aigul, period_id=closed.quarter.id)
        sign(closed, bolat)
        rows = queries.sheet_rows(aigul, make.YEAR)
        lines = {one.row.course.subject_code: one.row.state for one in queries.sheet_lines(list(rows), aigul)}
        assert lines == {"algebra": "signed", "physics": "due"}
        director = client_for(Role.DIRECTOR)
        html = director.get("/journal/sheets/?state=due").content.decode()
        assert "Сапаров" in html
        assert "Ермекова" not in html
        assert "Сапаров" not in director.get("/journal/sheets/?q=ермекова").content.decode()
        assert director.get("/journal/sheets/?sort=-teacher&group=state&period=q2").status_code == 200
        own = client_for(Role.TEACHER, person_id=closed.teacher.pk).get("/journal/sheets/").content.decode()
        assert "Алгебра" in own
        assert "Сапаров" not in own, "a teacher's list is of own subjects only"
        assert client_for(Role.NURSE).get("/journal/sheets/").status_code == 403

    def test_a_teachers_first_page_tells_what_waits(
        self, closed: make.Scene, bolat: Actor, browser: Client
    ) -> None:
        assert "Қол қоятын журналдар" in browser.get("/").content.decode()
        sign(closed, bolat)
        assert "Қол қоятын журналдар" not in browser.get("/").content.decode()

    def test_costs_the_same_for_one_sheet_and_for_many(
        self, closed: make.Scene, aigul: Actor, client_for: ClientFor
    ) -> None:
        director, used = client_for(Role.DIRECTOR), []
        for subjects in ((), ("physics", "chemistry", "biology", "geography")):
            for number, code in enumerate(subjects, 3):
                taught = make.course(closed.school_class, make.teacher(code), code)
                make.lessons(taught, closed.quarter.start, count=1, number=number)
            services.expect_sheets(actor=aigul, period_id=closed.quarter.id)
            director.get("/journal/sheets/")
            with CaptureQueriesContext(connection) as caught:
                assert director.get("/journal/sheets/").status_code == 200
            used.append(len(caught))
        assert used[0] == used[1] <= 10
