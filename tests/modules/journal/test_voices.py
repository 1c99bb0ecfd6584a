"""A comment that a teacher says: judged by its bytes, kept beside the cell, heard by the family and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel import sounds
from kernel.access import Actor, Role
from kernel.models import AuditEntry, StoredFile
from modules.contingent.models import Guardian, Guardianship
from modules.journal import queries, services
from modules.journal.models import MarkEvent, Voice
from modules.journal.voices import services as voices
from modules.schedule.year import services as schedule_services
from tests.factories import schedule as make

ClientFor = Callable[..., Client]
CLIP = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + b"\x16T\xaek\x86\x86A_OPUS" + bytes(2000)


def keep(actor: Actor, scene: make.Scene, **more: Any) -> Voice:
    values: dict[str, Any] = {
        "lesson_id": scene.lessons[0].pk,
        "pupil_id": scene.pupils[0].pk,
        "kind": "fo",
        "content": CLIP,
        "seconds": 7,
        **more,
    }
    return voices.keep(actor=actor, course_id=scene.course.pk, **values)


@pytest.mark.requirement("MOB-03")
class TestRecordings:
    @pytest.mark.parametrize(
        ("content", "media_type"),
        [
            (CLIP, "audio/webm"),
            (b"OggS" + bytes(24) + b"OpusHead" + bytes(100), "audio/ogg"),
            (b"\x00\x00\x00\x18ftypM4A " + bytes(40) + b"hdlr" + bytes(8) + b"soun", "audio/mp4"),
        ],
    )
    def test_are_known_by_their_bytes(self, content: bytes, media_type: str) -> None:
        assert sounds.recording(content).media_type == media_type

    @pytest.mark.parametrize(
        "content",
        [
            b"<html><script>alert(1)</script>",
            b"",
            CLIP.replace(b"A_OPUS", b"V_VP9 A_OPUS"),
            b"\x00\x00\x00\x18ftypisom" + b"soun" + b"vide",
        ],
    )
    def test_are_nothing_else(self, scene: make.Scene, bolat: Actor, content: bytes) -> None:
        with pytest.raises(sounds.NoRecording):
            keep(bolat, scene, content=content)
        with pytest.raises(sounds.RecordingTooLarge):
            keep(bolat, scene, content=CLIP + bytes(sounds.LARGEST))
        with pytest.raises(voices.NotSoLong):
            keep(bolat, scene, seconds=61)
        assert not StoredFile.objects.exists()

    def test_stand_beside_the_cell_one_at_a_time(self, scene: make.Scene, bolat: Actor) -> None:
        keep(bolat, scene)
        second = keep(bolat, scene, seconds=9)
        assert Voice.objects.get() == second
        assert StoredFile.objects.get().pk == second.file_id
        course = queries.open_course(actor=bolat, course_id=scene.course.pk)
        found = queries.grid(actor=bolat, course=course, period=scene.quarter)
        assert found.voices == [
            (str(scene.lessons[0].pk), str(scene.pupils[0].pk), "fo", str(second.file_id), 9)
        ]

    def test_go_with_their_file_and_leave_a_line_in_the_trail(self, scene: make.Scene, bolat: Actor) -> None:
        row = keep(bolat, scene)
        assert row.file_id is not None
        voices.take_back(actor=bolat, course_id=scene.course.pk, file_id=row.file_id)
        assert Voice.objects.filter(file_id=None, seconds=None).get().version == 2
        assert not StoredFile.objects.exists()
        course = queries.open_course(actor=bolat, course_id=scene.course.pk)
        assert queries.grid(actor=bolat, course=course, period=scene.quarter).voices == []
        actions = AuditEntry.objects.filter(action__startswith="journal.voice").order_by("id")
        assert [one.action for one in actions] == ["journal.voice.kept", "journal.voice.taken_back"]

    def test_stay_in_the_history_and_its_list(
        self, scene: make.Scene, bolat: Actor, client_for: ClientFor
    ) -> None:
        row = keep(bolat, scene, seconds=7)
        assert row.file_id is not None
        keep(bolat, scene, seconds=65 - 5)
        again = Voice.objects.get()
        assert again.file_id is not None
        voices.take_back(actor=bolat, course_id=scene.course.pk, file_id=again.file_id)
        lines = MarkEvent.objects.order_by("id").values_list("field", "old", "new", "by_user", "source")
        assert list(lines) == [
            ("voice-fo", None, "7", 1001, "product"),
            ("voice-fo", "7", "60", 1001, "product"),
            ("voice-fo", "60", None, 1001, "product"),
        ]
        of = {"course_id": scene.course.pk, "pupil_id": scene.pupils[0].pk, "lesson_id": scene.lessons[0].pk}
        assert len(queries.history(actor=bolat, kind="fo", **of)) == 3
        assert queries.history(actor=bolat, kind="sor", **of) == []
        text = client_for(Role.DIRECTOR).get("/journal/changes/?year=2026-27").content.decode()
        assert text.count("1:00") == 2
        assert "0:07" in text

    def test_changed_past_the_product_are_noted_as_such(self, scene: make.Scene, bolat: Actor) -> None:
        keep(bolat, scene)
        Voice.objects.all().delete()
        line = MarkEvent.objects.get(action="delete")
        assert (line.old, line.source, line.by_user) == ("7", "sql", None)

    def test_of_a_closed_period_stay(self, scene: make.Scene, bolat: Actor, aigul: Actor) -> None:
        row = keep(bolat, scene)
        schedule_services.close_period(actor=aigul, period_id=scene.quarter.id)
        with pytest.raises(services.CellIsClosed):
            voices.take_back(actor=bolat, course_id=scene.course.pk, file_id=row.file_id)
        with pytest.raises(services.CellIsClosed):
            keep(bolat, scene)
        assert Voice.objects.get() == row


@pytest.mark.requirement("MOB-03", "MOB-11")
class TestTheirSound:
    def send(self, client: Client, scene: make.Scene) -> Any:
        clip = SimpleUploadedFile("voice", CLIP, content_type="text/html")
        values = {"lesson": scene.lessons[-1].pk, "pupil": scene.pupils[0].pk, "kind": "fo", "seconds": 7}
        return client.post(f"/journal/{scene.course.pk}/voices/", {**values, "clip": clip})

    def test_is_played_whole_or_in_part(self, scene: make.Scene, client_for: ClientFor) -> None:
        browser = client_for(Role.TEACHER, person_id=scene.teacher.pk)
        kept = self.send(browser, scene).json()
        address = f"/journal/{scene.course.pk}/voices/{kept['id']}/"
        whole = browser.get(address)
        assert (whole.status_code, whole.content, whole["Content-Type"]) == (200, CLIP, "audio/webm")
        assert whole["X-Content-Type-Options"] == "nosniff"
        part = browser.get(address, headers={"Range": "bytes=0-1"})
        assert (part.status_code, part.content) == (206, CLIP[:2])
        assert part["Content-Range"] == f"bytes 0-1/{len(CLIP)}"
        assert browser.get(address, headers={"Range": "bytes=999999-"}).status_code == 416

    def test_is_for_the_family_of_the_child_only(self, scene: make.Scene, client_for: ClientFor) -> None:
        browser = client_for(Role.TEACHER, person_id=scene.teacher.pk)
        voice_id = self.send(browser, scene).json()["id"]
        pupil = scene.pupils[0]
        mother = Guardian.objects.create(surname="Ахметова", name="Сәуле")
        Guardianship.objects.create(pupil=pupil, guardian=mother, relation="mother")
        home = client_for(Role.PARENT, person_id=mother.pk)
        page = home.get(f"/family/{pupil.pk}/")
        assert f"/family/{pupil.pk}/voices/{voice_id}/" in page.content.decode()
        assert page["Content-Security-Policy"].endswith("media-src 'self'")
        assert "microphone=()" in page["Permissions-Policy"]
        assert home.get(f"/family/{pupil.pk}/voices/{voice_id}/").content == CLIP
        stranger = client_for(Role.PARENT, person_id=uuid4())
        assert stranger.get(f"/family/{pupil.pk}/voices/{voice_id}/").status_code == 404
        assert home.get(f"/journal/{scene.course.pk}/voices/{voice_id}/").status_code in {403, 404}
        colleague = client_for(Role.TEACHER, person_id=uuid4())
        assert colleague.get(f"/journal/{scene.course.pk}/voices/{voice_id}/").status_code == 404
        assert self.send(colleague, scene).status_code == 404

    def test_is_recorded_on_the_page_of_the_grid_alone(
        self, scene: make.Scene, client_for: ClientFor
    ) -> None:
        browser = client_for(Role.TEACHER, person_id=scene.teacher.pk)
        page = browser.get(f"/journal/{scene.course.pk}/")
        assert "microphone=(self)" in page["Permissions-Policy"]
        assert "media-src 'self' blob:" in page["Content-Security-Policy"]
        other = browser.get("/journal/")
        assert "microphone=()" in other["Permissions-Policy"]
        assert "media-src" not in other["Content-Security-Policy"]


def test_a_recording_is_taken_where_a_comment_is(scene: make.Scene, bolat: Actor) -> None:
    with pytest.raises(services.CellIsClosed):
        keep(bolat, scene, kind="soch")
