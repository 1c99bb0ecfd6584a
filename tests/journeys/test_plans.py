"""A plan from Excel to the lesson: pasted, corrected through a lost connection, laid over the dates, approved; a lesson plan is
written from its line on the phone.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.journal import SCHOOL
from tests.journeys.walking import Walk

HEAD = "№ п/п\tРаздел/ Сквозные темы\tТема урока\tЦели обучения\tКоличество часов\tСроки\tПримечание"
FIRST_TOPIC = "Степень с натуральным показателем"


def table() -> str:
    """A year of algebra, three hours a week, as it stands in a teacher's workbook; the first quarter has an hour too many."""
    rows = [HEAD]
    for quarter, (roman, hours) in enumerate(zip(("І", "ІІ", "ІІІ", "ІV"), (25, 24, 30, 24), strict=True), 1):
        rows.append(f"{roman} четверть\t\t\t\t\t\t")
        for n in range(1, hours - 2):
            topic = FIRST_TOPIC if (quarter, n) == (1, 1) else f"Тема {quarter}.{n}"
            rows.append(f"{n}\t7.{quarter}А Раздел\t{topic}\t7.{quarter}.1.{n}\t1\t\t")
        rows.append(f"{hours - 2}\t\tСОР за раздел\t\t1\t\t")
        rows.append(f"{hours - 1}\t\tСОЧ за {roman} четверть\t\t1\t\t")
        rows.append(f"{hours}\t\tРезерв\t\t1\t\t")
        rows.append(f"\t\tИтого\t\t{hours}\t\t")
    return "\n".join(rows)


def in_russian(visitor: Any, host: str) -> None:
    visitor.context.add_cookies([{"name": "lang", "value": "ru", "url": visitor.district.url(host)}])


def look(walk: Walk, visitor: Any, host: str) -> None:
    """Look at the page as it stands; the look speaks both languages and leaves the last one behind."""
    walk.look(visitor)
    in_russian(visitor, host)


def press(page: Page, name: str) -> None:
    page.locator("main, .page-actions, body").get_by_role("button", name=name, exact=True).first.click()


def topic(page: Page, number: int) -> Any:
    return page.get_by_label(f"Тема урока, {number}", exact=True)


@pytest.mark.requirement("SIS-24", "SIS-39", "SIS-40", "MOB-01", screen="plans:plan")
def test_a_plan_goes_from_excel_to_the_lesson(visitors: Any, walk: Walk) -> None:
    teacher = visitors()
    login = teacher.sign_in(SCHOOL, "teacher")
    in_russian(teacher, login.host)
    page = teacher.open(login.host, "/plans/new/?subject=algebra&grade=7&hours=3")
    page.get_by_label("Чем отличается от других").fill("углублённый")
    press(page, "Начать и вставить таблицу")

    # Read and shown; nothing is written yet.
    page.fill("textarea[name=text]", table())
    press(page, "Прочитать таблицу")
    expect(page.get_by_text("103 строки, часов всего: 103")).to_be_visible()
    expect(page.locator("select[name='column-2']")).to_have_value("topic")
    page.locator("textarea[name^='topic-']").nth(1).fill("Свойства степени")
    walk_here = page.url
    press(page, "Добавить в план")
    expect(page).not_to_have_url(walk_here)
    expect(page.locator("#plan-hours")).to_contain_text("1 час лишний")
    expect(topic(page, 2)).to_have_value("Свойства степени")

    # A lesson too many: deleted and undone, moved, then deleted for good; the hours follow.
    topic(page, 3).focus()
    page.keyboard.press("Alt+Delete")
    expect(page.locator("#plan-hours")).not_to_contain_text("лишний")
    page.keyboard.press("Control+KeyZ")
    expect(page.locator("#plan-hours")).to_contain_text("1 час лишний")
    topic(page, 3).focus()
    page.keyboard.press("Alt+Delete")
    expect(page.locator("#plan-hours")).not_to_contain_text("лишний")

    # The connection breaks while she types: it stays, and goes when the connection is back.
    teacher.context.set_offline(True)
    topic(page, 1).fill("Степень и её основание")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("Нет связи")
    expect(topic(page, 2)).to_be_focused()
    teacher.context.set_offline(False)
    expect(page.locator("[data-state]")).to_have_text("Сохранено", timeout=20_000)
    page.reload()
    expect(topic(page, 1)).to_have_value("Степень и её основание")
    look(walk, teacher, login.host)
    plan = page.url.partition("?")[0]

    # Laid over the lessons of the class.
    page.goto(f"{plan}dates/")
    page.locator("input[name=course]").first.check()
    press(page, "Разложить план по урокам")
    first = page.locator("main tbody tr", has_text="Степень и её основание")
    expect(first).to_contain_text(re.compile(r"\d\d\.09"))
    look(walk, teacher, login.host)

    page.goto(plan)
    press(page, "Отправить на утверждение")
    expect(
        page.locator("main, header").get_by_text(re.compile("ждёт утверждения|у методобъединения")).first
    ).to_be_visible()
    assert page.locator("textarea").count() == 0

    # The deputy agrees for the team, gives it back once, and approves it.
    deputy = visitors()
    login = deputy.sign_in(SCHOOL, "deputy_academic")
    in_russian(deputy, login.host)
    office = deputy.open(login.host, "/plans/waiting/")
    look(walk, deputy, login.host)
    office.goto(plan)
    office.get_by_role("link", name="Сделать замечание").click()
    office.fill("textarea[name=text]", "Где повторение?")
    press(office, "Вернуть с замечанием")
    page.goto(f"{plan}remarks/")
    expect(page.get_by_text("Где повторение?")).to_be_visible()
    page.fill("textarea[name=text]", "Первый урок каждой четверти")
    press(page, "Ответить")
    press(page, "Отправить на утверждение")
    office.goto(office.url.replace("remarks/", ""))
    if office.get_by_role("button", name="Согласовать").count():
        press(office, "Согласовать")
    press(office, "Утвердить")
    expect(office.get_by_text("План не меняется; исправление – новая версия.")).to_be_visible()

    # On the phone: a lesson plan from the line of a lesson, a stage more, saved, and deleted.
    phone = visitors(width=375, height=780)
    login = phone.sign_in(SCHOOL, "teacher")
    in_russian(phone, login.host)
    small = phone.page
    small.goto(f"{plan}dates/")
    row = small.locator("main tbody tr", has_text="Степень и её основание")
    row.get_by_role("link", name="План урока").click()
    press(small, "Начать")
    expect(small.locator("input[name=topic]")).to_have_value("Степень и её основание")
    small.fill("textarea[name=s1-teacher]", "Объясняет на примере")
    press(small, "Добавить этап")
    expect(small.locator("textarea[name=s1-teacher]")).to_have_value("Объясняет на примере")
    small.fill("textarea[name=s3-pupils]", "Решают в парах")
    small.locator("button[name=do][value=save]").click()
    expect(small.locator("textarea[name=s3-pupils]")).to_have_value("Решают в парах")
    look(walk, phone, login.host)
    lesson_plan = small.url
    for shape, begins in (("pdf", "%PDF"), ("docx", "PK")):
        got = small.evaluate(
            "path => fetch(path).then(a => a.text()).then(t => t.slice(0, 4))", f"{lesson_plan}paper.{shape}"
        )
        assert got.startswith(begins)
    small.locator("details:has([data-dialog=delete-lesson-plan]) > summary").click()
    small.locator("[data-dialog=delete-lesson-plan]").click()
    small.locator("dialog[open]").get_by_role("button", name="Удалить").click()
    expect(small).to_have_url(re.compile("/plans/lessons/$"))
