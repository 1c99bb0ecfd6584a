"""What looks at the pages of all journeys sees a fault itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import sight

_PAGE = """<!doctype html><html lang="kk"><title>Бет</title><style>
  body { background: #fff; color: #111 } .pale, .pale[data-state=off] { color: #eee } .navy p { color: #225 }
  @media (prefers-color-scheme: dark) { body { background: #111; color: #eee } }
  @media (max-width: 500px) { .wide { display: none } }
</style><main><h1>Бет</h1>{}</main></html>"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=sight.PHONE) as context:
        yield context.new_page()


def faults(page: Page, body: str, seen: set[int]) -> list[str]:
    page.set_content(_PAGE.replace("{}", body))
    return [one.split(" Fix")[0] for one in sight.faults(page, seen=seen)]


def test_colours_are_measured_once_by_all_that_they_stand_in(page: Page) -> None:
    met: set[int] = set()
    assert faults(page, "<p>Мәтін</p>", met) == []
    assert faults(page, "<p class=pale>Мәтін</p><p class=pale>Мәтін</p>", met) == [
        'color-contrast: <p class="pale">Мәтін</p>',
        'color-contrast: <p class="pale">Мәтін</p>',
    ]
    assert faults(page, "<p class=pale>Мәтін</p>", met) == []  # told already
    assert faults(page, "<div class=navy><p>Мәтін</p></div>", met) == ["dark color-contrast: <p>Мәтін</p>"]
    assert faults(page, "<p class=pale data-state=off>Мәтін</p>", met) == [
        'color-contrast: <p class="pale" data-state="off">Мәтін</p>'
    ]


def test_what_a_phone_hides_is_measured_when_it_is_shown(page: Page) -> None:
    met: set[int] = set()
    assert faults(page, "<p class='wide pale'>Мәтін</p>", met) == []
    page.set_viewport_size(sight.WIDE)
    assert faults(page, "<p class='wide pale'>Мәтін</p>", met) == [
        'color-contrast: <p class="wide pale">Мәтін</p>'
    ]


def test_every_other_rule_is_asked_of_every_page(page: Page) -> None:
    met: set[int] = set()
    for _ in range(2):
        assert faults(page, "<p>Мәтін <button></button></p>", met) == ["button-name: <button></button>"]


def test_what_is_pointed_at_is_named_once(page: Page) -> None:
    met: set[int] = set()
    assert faults(page, "<p><label for=one>Аты</label><input id=one></p><p id=two>Мәтін</p>", met) == []
    twice = "<p><label for=one>Аты</label><input id=one></p><p id=one>Мәтін</p><p id=two>Мәтін</p><p id=two>Мәтін</p>"
    assert faults(page, twice, met) == ["named twice: #one"]


def test_of_rows_made_alike_two_are_looked_at(page: Page) -> None:
    assert faults(page, f"<ul>{'<li><input><b>Мәтін</b></li>' * 5}</ul>", set()) == [
        "label: <input>",
        "label: <input>",
    ]


def test_what_a_bar_covers_counts_by_its_own_size_and_what_covers_each_other_is_told(page: Page) -> None:
    bar = "<div style='position:fixed;bottom:0;left:0;right:0;height:40px;background:#fff'></div>"
    low = "<button style='position:absolute;bottom:30px;left:{}px;width:40px;height:24px'>Иә</button>"
    assert faults(page, low.format(0) + low.format(40) + bar, set()) == []
    near = "<button style='position:absolute;top:{}px;left:0;width:40px;height:24px'>Иә</button>"
    assert "target-size" in str(faults(page, near.format(100) + near.format(110), set()))
