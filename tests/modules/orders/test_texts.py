"""The school's own texts: what is refused at the door, what is filled in, which text an order gets."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date

import docx
import pytest
import time_machine
from django.db import IntegrityError, transaction

from documents import word
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from modules.orders import api, kinds, services
from modules.orders.models import Order, OrderTemplate
from modules.orders.services import papers
from tests.conftest import ActorOf

pytestmark = [pytest.mark.usefixtures("in_school"), pytest.mark.requirement("GEN-02")]
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def director(actor_of: ActorOf) -> Actor:
    return actor_of(Role.DIRECTOR)


def document(*paragraphs: str) -> bytes:
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def with_part(content: bytes, name: str, part: bytes, *, instead: bool = False) -> bytes:
    """The document with one more part, or with a part replaced."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if not (instead and entry.filename == name):
                new.writestr(entry.filename, old.read(entry.filename))
        new.writestr(name, part)
    return target.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def text_of(blocks: list[word.Block]) -> str:
    said = []
    for block in blocks:
        if isinstance(block, word.Table):
            said += [p.text for row in block.rows for cell in row for p in cell.paragraphs]
        else:
            said.append(block.text)
    return "\n".join(said)


PLAIN = document("№ {{number}}", "{{text}}")


class TestTheGate:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "empty"),
            (b"PK\x03\x04 broken", "broken"),
            (b"%PDF-1.7", "not_word"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
            (b"x" * (2 * 1024 * 1024 + 1), "too_large"),
            (with_part(PLAIN, "word/vbaProject.bin", b"x"), "macro"),
            (with_part(PLAIN, "word/embeddings/oleObject1.bin", b"x"), "macro"),
            (with_part(PLAIN, "word/activeX/activeX1.xml", b"<x/>"), "macro"),
            (with_part(PLAIN, "word/big.xml", b" " * (21 * 1024 * 1024)), "bomb"),
            (with_part(PLAIN, "word/evil.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "broken"),
            (with_part(PLAIN, "word/evil.xml", '<!DOCTYPE x><x/>'.encode("utf-16")), "broken"),
        ],
    )  # fmt: skip
    def test_refuses(self, director: Actor, content: bytes, reason: str) -> None:
        with pytest.raises(word.BadDocument) as refusal:
            services.examine(actor=director, kind="orders.plain", content=content)
        assert refusal.value.code == reason

    def test_refuses_a_template_or_picture_from_outside(self, director: Actor) -> None:
        relations = part_of(PLAIN, "word/_rels/document.xml.rels").replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://x/attachedTemplate" Target="http://evil/t.dotm" '
            b'TargetMode="External"/></Relationships>',
        )
        content = with_part(PLAIN, "word/_rels/document.xml.rels", relations, instead=True)
        with pytest.raises(word.BadDocument) as refusal:
            services.examine(actor=director, kind="orders.plain", content=content)
        assert refusal.value.code == "outside"

    def test_refuses_a_field_that_fetches(self, director: Actor) -> None:
        body = part_of(PLAIN, "word/document.xml").replace(
            b"</w:body>", b"<w:p><w:r><w:instrText> DDEAUTO c:\\\\cmd.exe </w:instrText></w:r></w:p></w:body>"
        )
        with pytest.raises(word.BadDocument) as refusal:
            services.examine(
                actor=director,
                kind="orders.plain",
                content=with_part(PLAIN, "word/document.xml", body, instead=True),
            )
        assert refusal.value.code == "outside"

    def test_names_the_unknown_words(self, director: Actor) -> None:
        content = document("№ {{number}} {{директор}} {{ line.name }} {{ text }} {{__import__('os')}}")
        with pytest.raises(services.UnknownWords) as refusal:
            services.examine(actor=director, kind="orders.plain", content=content)
        assert refusal.value.words == ["__import__('os')", "line.name", "директор"]
        assert "{{директор}}" in str(refusal.value)

    def test_wants_at_least_one_word(self, director: Actor) -> None:
        with pytest.raises(services.NoWords):
            services.examine(actor=director, kind="orders.plain", content=document("Бұйрық"))

    def test_says_what_is_left_out(self, director: Actor) -> None:
        left = services.examine(actor=director, kind="orders.plain", content=PLAIN)
        assert "date" in left
        assert "number" not in left

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.DEPUTY_UPBRINGING, Role.PARENT])
    def test_is_for_few(self, actor_of: ActorOf, role: Role) -> None:
        with pytest.raises(NotAllowed):
            services.examine(actor=actor_of(role), kind="orders.plain", content=PLAIN)


class TestFilling:
    def test_a_word_cut_into_pieces_by_word_is_one_word(self) -> None:
        made = docx.Document()
        paragraph = made.add_paragraph()
        for piece in ("№ {", "{num", "ber}", "} күні {{da", "te}}."):
            paragraph.add_run(piece)
        target = io.BytesIO()
        made.save(target)
        filled = word.fill(target.getvalue(), {"number": "87-қ", "date": "бүгін"})
        assert text_of(word.read(filled)) == "№ 87-қ күні бүгін."

    def test_a_row_and_a_paragraph_of_a_line_repeat(self) -> None:
        content = word.compose(
            "|| № || Аты ||\n|| {{line.no}} || {{line.name}} ||\n{{line.no}}) {{line.name}}"
        )
        lines = [{"line.no": "1", "line.name": "Әлия"}, {"line.no": "2", "line.name": "Ғани"}]
        table, *rest = word.read(word.fill(content, {}, lines))
        assert isinstance(table, word.Table)
        assert [[cell.paragraphs[0].text for cell in row] for row in table.rows] == [
            ["№", "Аты"],
            ["1", "Әлия"],
            ["2", "Ғани"],
        ]
        assert [one.text for one in rest if isinstance(one, word.Paragraph)] == ["1) Әлия", "2) Ғани"]

    def test_a_paragraph_of_empty_words_is_left_out(self) -> None:
        filled = word.fill(document("Негіздеме: {{ground}}", "Бар"), {"ground": ""})
        assert text_of(word.read(filled)) == "Бар"

    def test_lines_of_a_value_become_paragraphs(self) -> None:
        assert text_of(word.read(word.fill(document("{{text}}"), {"text": "бір\nекі"}))) == "бір\nекі"

    @pytest.mark.parametrize(
        "value", ["<w:p/>&amp;", "#panic(\"x\") $x$ *y* _z_", "\x00\x0b\ud800ә".encode("utf-8", "ignore").decode(), "= {{number}}"]
    )  # fmt: skip
    def test_what_people_typed_is_letters_and_nothing_else(self, value: str) -> None:
        filled = word.fill(document("{{number}}|{{text}}"), {"number": "7", "text": value})
        said = text_of(word.read(filled))
        assert said.startswith("7|")
        assert said.count("7") == 1
        assert "{{" not in said

    def test_looks_are_kept(self) -> None:
        made = docx.Document()
        run = made.add_paragraph(style="List Number").add_run("{{text}}")
        run.bold = run.italic = True
        made.add_paragraph("екінші", style="List Number")
        target = io.BytesIO()
        made.save(target)
        first, second = word.read(word.fill(target.getvalue(), {"text": "бірінші"}))
        assert isinstance(first, word.Paragraph)
        assert isinstance(second, word.Paragraph)
        assert (first.label, second.label) == ("1.", "2.")
        assert first.runs == (word.Run("бірінші", bold=True, italic=True),)


class TestVersions:
    def draft(self, actor: Actor, **more: object) -> api.OrderInfo:
        return api.draft(actor=actor, kind="orders.plain", values={"text": "Мәтін."}, language="kk", **more)  # type: ignore[arg-type]

    def take(self, actor: Actor, text: str, since: date = TODAY) -> OrderTemplate:
        return services.take(
            actor=actor,
            kind="orders.plain",
            language="kk",
            content=document(text),
            name="біздің.docx",
            since=since,
        )

    def said(self, order: api.OrderInfo, actor: Actor) -> str:
        return text_of(papers.blocks_of(order, actor=actor))

    def test_an_order_gets_the_text_of_its_day(self, director: Actor) -> None:
        self.take(director, "Ескі {{number}}")
        old = api.sign(actor=director, order_id=self.draft(director).id)
        with time_machine.travel("2026-12-01 09:00+05:00"):
            self.take(director, "Жаңа {{number}}", date(2026, 12, 1))
            assert self.said(self.draft(director), director).startswith("Жаңа")
            assert self.said(self.draft(director, date=TODAY), director).startswith("Ескі")
        assert "Ескі 1" in str(Order.objects.get(pk=old.id).text)

    def test_a_text_of_the_past_is_refused(self, director: Actor) -> None:
        with pytest.raises(services.Back):
            self.take(director, "{{number}}", date(2026, 11, 22))

    def test_the_given_text_comes_back(self, director: Actor) -> None:
        self.take(director, "Өзіміздікі {{number}}")
        services.use_given(actor=director, kind="orders.plain", language="kk")
        assert "БҰЙЫРАМЫН" in self.said(self.draft(director), director)

    def test_the_word_file_keeps_the_schools_own_look(self, director: Actor) -> None:
        self.take(director, "Өзіміздікі {{number}}")
        order = api.sign(actor=director, order_id=self.draft(director).id)
        row = Order.objects.get(pk=order.id)
        assert row.word_file_id
        assert text_of(word.read(papers.signed_word(row.word_file_id))) == "Өзіміздікі 1"

    def test_a_version_is_never_changed(self, director: Actor) -> None:
        made = self.take(director, "{{number}}")
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderTemplate.objects.filter(pk=made.pk).update(since=date(2020, 1, 1))


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("code", sorted(kinds.KINDS))
def test_every_given_text_knows_its_words_and_prints(director: Actor, code: str, language: str) -> None:
    kind = kinds.get(code)
    content = papers.given(kind, language)
    services.examine(actor=director, kind=code, content=content)
    said = text_of(papers.sample(kind, content, language=language, actor=director))
    assert ("БҰЙРЫҚ" if language == "kk" else "ПРИКАЗ") in said
    assert "{{" not in said
