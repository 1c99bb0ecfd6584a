"""The journal grid in a real browser: faults for people with aids, a lost connection, a slow teacher on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.benchmarks import journal_grid_browser as grid
from tests.journeys import sight

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with grid.harness() as url:
        yield url


def opened(browser: Browser, address: str, **more: object) -> Page:
    context = browser.new_context(**more)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("[data-island=journal-grid][data-ready]", state="attached")
    return page


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator(f"#journal tbody tr:nth-child({row}) td:nth-of-type({column})")


def test_a_lost_connection_loses_nothing(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    page.context.set_offline(True)
    cell(page, 1, 55).click()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    page.locator(".jg-status[data-state=offline]").wait_for()
    assert cell(page, 2, 55).inner_text().startswith("10")
    page.context.set_offline(False)
    page.locator(".jg-status[data-state=saved]").wait_for()
    assert (cell(page, 1, 55).inner_text(), cell(page, 2, 55).inner_text()) == ("7", "10")
    assert page.locator(".jg-queued").count() == 0


def test_what_was_not_sent_is_there_after_a_reload(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    page.route("**/save*", lambda route: route.abort())
    cell(page, 3, 55).click()
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    page.locator(".jg-status[data-state=offline]").wait_for()
    page.reload()
    page.locator(".jg-queued").wait_for()
    assert cell(page, 3, 55).inner_text().startswith("8")
    page.unroute("**/save*")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator(".jg-status[data-state=saved]").wait_for()
    assert cell(page, 3, 55).inner_text() == "8"


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, address: str, width: int, scheme: str) -> None:
    page = opened(browser, address, viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert sight.faults(page) + sight.wider_than_its_place(page) == []


def test_on_a_phone_one_tap_marks_and_goes_on(browser: Browser, address: str) -> None:
    page = opened(browser, address, viewport={"width": 375, "height": 740}, has_touch=True, is_mobile=True)
    pupils = page.locator(".jg-pupils button")
    page.get_by_role("button", name="9", exact=True).tap()
    assert pupils.nth(0).locator(".jg-value").inner_text().startswith("9")
    assert pupils.nth(1).get_attribute("aria-current") == "true"
    sizes = page.locator(".jg-key").evaluate_all("all => all.map(k => [k.offsetWidth, k.offsetHeight])")
    assert all(width >= 44 and height >= 44 for width, height in sizes)
