"""Papers: right letters, nothing that a person typed becomes markup, the form and the head of their day."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from documents import api, engine, excel, registry
from documents.data import ClassList, Letterhead, ListedPupil, LoginSlip
from kernel import audit
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef

KAZAKH = "ӘҒҚҢӨҰҮҺІ әғқңөұүһі"


def pages_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    return " ".join(pages_of(pdf))


def class_list(*names: str, school_class: str = "7А") -> ClassList:
    pupils = tuple(ListedPupil(name, "f", date(2013, 5, 1)) for name in names)
    return ClassList(school_class, "2026/2027", "kk", "Дана Ерлқызы", date(2026, 11, 23), pupils)


@pytest.fixture
def director(actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.DIRECTOR)


class TestAForm:
    @pytest.mark.requirement("GEN-05")
    @pytest.mark.parametrize(
        ("language", "words"),
        [("kk", ("Оқушылар тізімі", "1 беттің 1-беті")), ("ru", ("Список учащихся", "страница 1 из 1"))],
    )
    def test_speaks_the_language_asked_for(
        self, in_school: TenantRef, director: Actor, language: str, words: tuple[str, ...]
    ) -> None:
        printed = api.render("documents.class_list", class_list(KAZAKH), language=language, actor=director)
        text = text_of(printed.content)
        assert all(word in text for word in words)
        assert KAZAKH in text
        assert text.index("А мектебі") < text.index("Школа А"), "the state language stands first"

    def test_prints_what_was_typed_and_runs_nothing_of_it(
        self, in_school: TenantRef, director: Actor
    ) -> None:
        evil = '*Әлия* #panic("x") $x^2$ `raw` @see \\u{41} "'
        printed = api.render(
            "documents.class_list", class_list(evil, school_class="#image"), language="ru", actor=director
        )
        text = text_of(printed.content)
        assert evil in text
        assert "#image" in text

    def test_same_data_give_same_bytes(self, in_school: TenantRef, director: Actor) -> None:
        first, second = (
            api.render("documents.class_list", class_list("Ерлан"), language="kk", actor=director)
            for _ in range(2)
        )
        other = api.render("documents.class_list", class_list("Нұрлан"), language="kk", actor=director)
        assert first.sha256 == second.sha256 != other.sha256

    def test_refuses_data_of_another_form(self, in_school: TenantRef, director: Actor) -> None:
        with pytest.raises(TypeError, match="takes ClassList"):
            api.render("documents.class_list", object(), language="kk", actor=director)

    def test_shows_itself_as_pictures_page_by_page(self, in_school: TenantRef, director: Actor) -> None:
        long = class_list(*(f"Оқушы {n}" for n in range(60)))
        pages = api.to_png("documents.class_list", long, language="kk", actor=director, ppi=40)
        assert len(pages) == 2
        assert all(page.startswith(b"\x89PNG") for page in pages)


class TestVersions:
    @pytest.fixture
    def forms(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(registry, "FORMS", {})
        for version, since in ((1, "2024-08-01"), (2, "2026-08-01")):
            registry.form(
                "documents.x", "X", version=version, since=since, template="class-list.typ", data=ClassList
            )

    @pytest.mark.parametrize(("day", "version"), [("2026-07-31", 1), ("2026-08-01", 2), ("2030-01-01", 2)])
    def test_the_form_of_the_day_is_taken(self, forms: None, day: str, version: int) -> None:
        assert registry.get("documents.x", date.fromisoformat(day)).version == version

    def test_a_day_before_the_first_version_has_no_form(self, forms: None) -> None:
        with pytest.raises(registry.UnknownForm):
            registry.get("documents.x", date(2024, 7, 31))

    def test_a_version_is_declared_once(self, forms: None) -> None:
        with pytest.raises(ValueError, match="twice"):
            registry.form("documents.x", "X", version=2, since="2027-08-01", template="x.typ", data=ClassList)


class TestLoginSlips:
    def slips(self, count: int, language: str = "kk") -> list[LoginSlip]:
        return [
            LoginSlip(
                f"Әбілқайырова Гүлжаһан {n}",
                "7А",
                f"login{n}",
                f"Kz7-mTq4-{n}",
                "http://a.mektep.localhost:8000/",
                language,
                date(2026, 12, 1),
            )
            for n in range(count)
        ]

    @pytest.mark.requirement("SIS-04")
    def test_eight_stand_on_a_sheet_each_with_login_and_password(
        self, in_school: TenantRef, director: Actor
    ) -> None:
        printed = api.print_slips(self.slips(9), language="kk", actor=director)
        pages = pages_of(printed.content)
        assert [page.count("Kz7-mTq4-") for page in pages] == [8, 1]
        assert "login8" in pages[1]
        assert "01.12.2026" in pages[1]

    @pytest.mark.requirement("GEN-05")
    def test_each_person_reads_the_own_language(self, in_school: TenantRef, director: Actor) -> None:
        both = [*self.slips(1, "kk"), *self.slips(1, "ru")]
        text = text_of(api.print_slips(both, language="kk", actor=director).content)
        assert "Бір реттік құпиясөз" in text
        assert "Одноразовый пароль" in text

    def test_printing_is_logged_without_the_passwords(self, in_school: TenantRef, director: Actor) -> None:
        api.print_slips(self.slips(3), language="kk", actor=director)
        [entry] = [e for e in audit.entries() if e.action == "documents.login_slips.printed"]
        assert entry.details == {"count": 3}

    def test_takes_an_account_as_identity_gives_it(self, in_school: TenantRef, director: Actor) -> None:
        @dataclass(frozen=True)
        class Slip:
            full_name: str = "Бейсен Дархан"
            username: str = "beisen.d"
            password: str = "aB3-xyz"
            url: str = "http://a.mektep.localhost/"
            language: str = "ru"

        text = text_of(api.print_slips([Slip()], language="ru", actor=director).content)
        assert "beisen.d" in text

    def test_is_never_kept(self, in_school: TenantRef, director: Actor) -> None:
        with pytest.raises(ValueError, match="never kept"):
            api.issue(actor=director, form_code="documents.login_slips", data=None, language="kk")


def letters_in(font: bytes) -> set[int]:
    """The characters of a TrueType font, read from its table of the Basic Multilingual Plane (cmap, format 4)."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {
        font[i : i + 4]: struct.unpack_from(">I", font, i + 8)[0] for i in range(12, 12 + 16 * count, 16)
    }
    cmap = tables[b"cmap"]
    places = [
        cmap + struct.unpack_from(">I", font, cmap + 8 + 8 * n)[0]
        for n in range(struct.unpack_from(">H", font, cmap + 2)[0])
    ]
    start = next(place for place in places if struct.unpack_from(">H", font, place)[0] == 4)
    segments = struct.unpack_from(">H", font, start + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", font, start + 14)
    starts = struct.unpack_from(f">{segments}H", font, start + 16 + 2 * segments)
    return {code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1)}


def test_every_letter_of_both_languages_is_in_every_font() -> None:
    lower = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі"
    needed = {ord(c) for c in f"{lower}{lower.upper()}№«»–—"}
    fonts = list((engine.HERE / "fonts").glob("*.ttf"))
    assert len(fonts) == 6
    for path in fonts:
        assert needed <= letters_in(path.read_bytes()), path.name


@pytest.mark.parametrize(
    ("language", "weekday", "said"),
    [
        ("kk", True, "2026 жылғы 1\u00a0қыркүйек, сейсенбі"),
        ("ru", True, "1\u00a0сентября 2026\u00a0г., вторник"),
        ("ru", False, "1\u00a0сентября 2026\u00a0г."),
    ],
)
def test_days_in_words(language: str, weekday: bool, said: str) -> None:
    assert api.in_words(date(2026, 9, 1), language, weekday=weekday) == said


class TestLetterhead:
    @pytest.fixture
    def renamed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(registry, "LETTERHEADS", [])
        registry.letterhead(
            lambda day: Letterhead("Ескі атау" if day.year < 2026 else "Жаңа атау", "Имя школы")
        )

    def test_an_old_paper_keeps_the_old_name(
        self, renamed: None, in_school: TenantRef, director: Actor
    ) -> None:
        for day, name in ((date(2025, 9, 1), "Ескі атау"), (date(2026, 9, 1), "Жаңа атау")):
            printed = api.render(
                "documents.class_list", class_list("Ерлан"), language="kk", actor=director, on=day
            )
            assert name in text_of(printed.content)

    def test_has_one_provider(self, renamed: None) -> None:
        with pytest.raises(ValueError, match="already"):
            registry.letterhead(lambda day: Letterhead("", ""))


class TestExcel:
    def read(self, content: bytes) -> list[list[object]]:
        return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()

    def test_keeps_kinds_and_leading_zeros(self) -> None:
        columns = [
            excel.Column("ЖСН"),
            excel.Column("Күні", "date"),
            excel.Column("Балл", "number"),
            excel.Column("Үлесі", "percent"),
        ]
        row = ("012345678901", date(2013, 5, 1), Decimal("8.5"), 0.785)
        [head, read] = self.read(excel.workbook([excel.Sheet("Тізім", columns, [row])]))
        assert head == ["ЖСН", "Күні", "Балл", "Үлесі"]
        assert read == ["012345678901", date(2013, 5, 1), 8.5, 0.785]

    @pytest.mark.parametrize(
        "typed", ["=1+1", "+7 701", "-cmd|' /C calc'!A0", "@SUM(A1)", "http://x.kz", "\t=2"]
    )
    def test_a_formula_that_somebody_typed_stays_text(self, typed: str) -> None:
        content = excel.workbook(
            [excel.Sheet("x", [excel.Column("a"), excel.Column("b", "number")], [(typed, typed)])]
        )
        assert self.read(content)[1] == [typed, typed]
        inside = zipfile.ZipFile(io.BytesIO(content))
        sheet = inside.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet

    def test_sheets_get_names_that_excel_takes(self) -> None:
        sheets = [excel.Sheet(t, [excel.Column("a")], []) for t in ("7/А: [тізім]", "7 А тізім", "к" * 40)]
        book = CalamineWorkbook.from_filelike(io.BytesIO(excel.workbook(sheets)))
        assert book.sheet_names == ["7 А тізім", "7 А тізім 2", "к" * 31]
