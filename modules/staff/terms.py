"""Codes of posts, education and subjects with their names, and the role that a post usually has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kernel.access import Role
from modules.staff.rules.ages import Norm
from modules.staff.rules.service import YEAR, Length, band
from tenants import reference

# Files say only "higher": which level it was is seen from the diploma.
HIGHER = "higher"

ROLE_OF_POST: dict[str, Role] = {
    "director": Role.DIRECTOR,
    "deputy_academic": Role.DEPUTY_ACADEMIC,
    "deputy_scientific": Role.DEPUTY_ACADEMIC,
    "deputy_educational": Role.DEPUTY_UPBRINGING,
    "deputy_profile": Role.DEPUTY_PROFILE,
    "deputy_household": Role.DEPUTY_FACILITIES,
    "teacher_primary": Role.TEACHER,
    "teacher_subject": Role.TEACHER,
    "teacher_preschool": Role.TEACHER,
    "teacher_nvtp": Role.TEACHER,
    "teacher_pe": Role.TEACHER,
    "psychologist": Role.PSYCHOLOGIST,
    "social_pedagogue": Role.SOCIAL_PEDAGOGUE,
    "educator": Role.EDUCATOR,
    "counsellor": Role.MENTOR,
    "librarian": Role.LIBRARIAN,
    "nurse": Role.NURSE,
    "cook": Role.CANTEEN,
    "secretary": Role.SECRETARY,
    "laboratory_assistant": Role.LAB_ASSISTANT,
}


def roles_of(posts: Iterable[str]) -> list[str]:
    """The roles that usually go with the posts, each once."""
    return list(dict.fromkeys(str(ROLE_OF_POST[code]) for code in posts if code in ROLE_OF_POST))


# Departments by the category of posts: login slips, reports and orders group people so.
DEPARTMENTS: Mapping[str, Any] = {
    "leader": _("Administration"),
    "teacher": _("Teachers"),
    "support": _("Support of children"),
    "specialist": _("Specialists"),
    "service": _("Service staff"),
}


def choices(kind: str) -> list[tuple[str, Any]]:
    """Coded terms of the country, to be chosen from."""
    return [(code, term.name) for code, term in reference.terms(kind).items()]


def name(kind: str, code: str) -> str:
    """The term's name in the reader's language; the code itself when nobody knows it."""
    found = reference.terms(kind).get(code)
    return found.name if found else code


def department(post_code: str) -> str:
    """The code of the department that the post belongs to; empty for an unknown post."""
    found = reference.terms("posts").get(post_code)
    return str(found.extra["category"]) if found else ""


def department_of(post_code: str) -> str:
    """The department's name in the reader's language; empty for an unknown post."""
    return str(DEPARTMENTS.get(department(post_code), ""))


def leaves_by_order() -> list[tuple[str, Any]]:
    """Kinds of leave that an order gives."""
    terms = reference.terms("leave_kinds").items()
    return [(code, term.name) for code, term in terms if term.extra.get("by_order")]


def dismissal_grounds() -> list[tuple[str, Any]]:
    return [(code, dismissal_ground(code)) for code in reference.terms("dismissal_grounds")]


def dismissal_ground(code: str) -> str:
    """The ground with its article: по инициативе работника (ст. 56 ТК РК)."""
    found = reference.terms("dismissal_grounds").get(code)
    if found is None:
        return code
    return gettext("{ground} (article {article} of the Labour Code)").format(
        ground=found.name, article=found.extra["article"]
    )


def languages_of_teaching() -> list[tuple[str, Any]]:
    """Languages in which schools teach, and English, in which some subjects are taught."""
    return [
        (code, term.name)
        for code, term in reference.terms("languages").items()
        if term.extra.get("instruction") or code == "en"
    ]


def is_pedagogical(post_code: str) -> bool:
    """Whether years in the post are pedagogical service."""
    found = reference.terms("posts").get(post_code)
    return bool(found and found.extra.get("pedagogical"))


def is_first_head(category_code: str) -> bool:
    """Whether the category is one of first heads, who are attested more often."""
    found = reference.terms("categories").get(category_code)
    return bool(found and found.extra.get("first_head"))


def converts_to(category_code: str) -> str:
    """The category of today that one of the old system becomes on application; empty for others."""
    return str(reference.raw("qualification-categories")["conversion_from_old"].get(category_code, ""))


def retirement_norms(sex: str, ground: str) -> list[Norm]:
    """The ages of retirement with the days they come into force; a preferential ground has one for ever."""
    found = reference.terms("preferential").get(ground)
    years = found.extra.get(sex) if found else None
    if years is not None:
        return [Norm(date(1998, 1, 1), years * 12)]
    return [
        Norm(row["since"], row["years"] * 12 + row["months"])
        for row in reference.raw("pension-age")["pension_ages"]
        if row["sex"] == sex
    ]


def served(length: Length) -> str:
    """A length of service in words: 15 years 1 month 9 days."""
    parts = [
        ngettext("%(n)s year", "%(n)s years", length.years) % {"n": length.years} if length.years else "",
        ngettext("%(n)s month", "%(n)s months", length.months) % {"n": length.months}
        if length.months
        else "",
        ngettext("%(n)s day", "%(n)s days", length.days) % {"n": length.days}
        if length.days or not length
        else "",
    ]
    return " ".join(part for part in parts if part)


def band_name(edges: tuple[int, int | None]) -> str:
    """A band of pay by length of service."""
    start, end = edges
    if not start:
        return gettext("under {years} year").format(years=end)
    if end is None:
        return gettext("{years} years and more").format(years=start)
    return gettext("{start} to {end} years").format(start=start, end=end)


def bands() -> list[tuple[str, str]]:
    """Every band, to be chosen from: the code is its first year."""
    edges = sorted({band(Length(years * YEAR)) for years in range(0, 41)}, key=lambda pair: pair[0])
    return [(str(pair[0]), band_name(pair)) for pair in edges]


def rate(value: Decimal) -> str:
    """A rate as people write it: 1, 1,25."""
    return str(number_format(value.normalize() if value else Decimal(0), use_l10n=True))


def posts() -> list[tuple[str, Any]]:
    return [(code, term.name) for code, term in reference.terms("posts").items()]


def post_name(code: str) -> str:
    found = reference.terms("posts").get(code)
    return found.name if found else code


def subjects() -> list[tuple[str, Any]]:
    return sorted(((code, one.name) for code, one in reference.subjects().items()), key=lambda pair: pair[1])


def subject_name(code: str) -> str:
    found = reference.subjects().get(code)
    return found.name if found else code


def education() -> list[tuple[str, Any]]:
    return [
        (HIGHER, _("higher")),
        *((code, t.name) for code, t in reference.terms("education_levels").items()),
    ]


def education_name(code: str) -> str:
    return str(dict(education()).get(code, code))


def categories() -> list[tuple[str, Any]]:
    return [(code, term.name) for code, term in reference.terms("categories").items()]


def category_name(code: str) -> str:
    found = reference.terms("categories").get(code)
    return found.name if found else code


_SUBJECT_WORDS: dict[str, tuple[str, ...]] = {
    "foreign_language": (
        "английский язык",
        "ағылшын тілі",
        "англ. яз.",
        "английский",
        "ағылшын",
        "иностранный язык",
        "шетел тілі",
        "немецкий язык",
        "неміс тілі",
    ),
    "kazakh_language": ("казахский язык", "қазақ тілі", "каз. яз.", "казахский"),
    "kazakh_literature": ("казахская литература", "қазақ әдебиеті", "каз. лит."),
    "kazakh_language_and_literature": (
        "казахский язык и литература",
        "қазақ тілі мен әдебиеті",
        "қазақ тілі және әдебиеті",
    ),
    "russian_language_and_literature": (
        "русский язык и литература",
        "орыс тілі мен әдебиеті",
        "орыс тілі және әдебиеті",
    ),
    "physical_education": ("физкультура", "физическая культура", "дене шынықтыру", "физ-ра", "ФК"),
    "arts_and_crafts": ("художественный труд", "көркем еңбек", "технология", "труд"),
    "military_and_technological_training": ("НВП", "НВТП", "АӘД", "АӘТД", "АӘжТД", "НВиТП"),
    "world_history": ("всемирная история", "дүниежүзі тарихы", "дүние жүзі тарихы"),
    "history_of_kazakhstan": ("история Казахстана", "Қазақстан тарихы", "история"),
    "informatics": ("информатика", "ИКТ", "АКТ"),
    "natural_science": ("естествознание", "жаратылыстану"),
    "basics_of_law": ("основы права", "құқық негіздері", "право", "ЧОП", "человек. общество. право"),
    "visual_arts": ("ИЗО", "изобразительное искусство", "бейнелеу өнері"),
    "graphics_and_design": ("графика", "графика и проектирование", "черчение", "сызу"),
}


def subject_words() -> dict[str, tuple[str, ...]]:
    """What each subject is called in spreadsheets: its names in both languages, and the words besides."""
    return {
        code: (*_SUBJECT_WORDS.get(code, ()), one.name_kk, one.name_ru, one.short_kk, one.short_ru)
        for code, one in reference.subjects().items()
    }
