"""Every page that a role's menu leads to and one of each kind behind them: readable by everybody, whole at 375 px, in both languages."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pytest

ID = "[0-9a-f-]{36}"
# Kinds of pages behind the menu: the first link of each kind is followed, from pages of the menu and one step deeper.
DEEP = [
    re.compile(f"^{pattern}$")
    for pattern in (
        rf"/journal/{ID}/",
        rf"/journal/{ID}/marks/",
        rf"/journal/{ID}/works/",
        rf"/schedule/lessons/{ID}/",
        rf"/schedule/classes/{ID}/",
        rf"/schedule/load/{ID}/",
        rf"/[a-z]+/classes/{ID}/",
        rf"/[a-z]+/pupils/{ID}/",
        rf"/[a-z]+/pupils/{ID}/edit/",
        rf"/staff/{ID}/",
        r"/accounts/\d+/",
        r"/roles/[\w-]+/",
        r"/imports/[\w-]+/new/",
        rf"/analytics/class/{ID}/",
        r"(/analytics)?/definitions/",
        r"(/analytics)?/of/[\w-]+/",
        rf"/family/{ID}/",
        rf"/family/{ID}/{ID}/",
        rf"/family/{ID}/year/",
        rf"/family/{ID}/lookers/",
        r"/me/\w+/",
    )
]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ROLES = [
    ("karkaraly-1", "director"),
    ("karkaraly-1", "secretary"),
    ("karkaraly-1", "teacher"),
    ("karkaraly-1", "parent"),
    ("karkaraly-1", "pupil"),
    ("tegisshildik", "deputy_academic"),
    ("karkaraly", "authority_head"),
    ("karaganda", "authority_analyst"),
    ("my", "guardian"),
    ("ops", "operator"),
]


def faults(page: Any) -> list[str]:
    """What axe finds on the page: rule, and where."""
    page.evaluate(AXE)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", WCAG
    )
    return [
        f"{page.url} {v['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for v in found["violations"]
        for node in v["nodes"][:3]
    ]


def menu_of(page: Any) -> list[str]:
    """Addresses that the page's own navigation offers, each once."""
    links = page.eval_on_selector_all(
        "nav a[href^='/'], aside a[href^='/']", "nodes => nodes.map(n => n.getAttribute('href'))"
    )
    return list(dict.fromkeys(link.split("#")[0] for link in links if link and "sign-out" not in link))


def deeper(visitor: Any, host: str, paths: list[str]) -> list[str]:
    """The first page of every deep kind that pages of the menu lead to, and that those lead to."""
    found: dict[re.Pattern[str], str] = {}
    waiting = list(paths)
    for path in waiting:
        page = visitor.open(host, path)
        links = page.eval_on_selector_all(
            "main a[href], header a[href]", "nodes => nodes.map(n => new URL(n.href).pathname)"
        )
        for kind in DEEP:
            fitting = next((x for x in links if kind.match(x) and x not in paths), None)
            if fitting and kind not in found:
                found[kind] = fitting
                waiting.append(fitting)
    return list(found.values())


def wider_than_screen(page: Any) -> list[str]:
    if page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"):
        return []
    culprits = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1
            && !e.closest('.table-responsive, .m-scroll, [role=grid]')).slice(0, 3).map(e => e.tagName + '.' + e.className)"""
    )
    return [f"{page.url} is wider than the screen: {culprits}"]


@pytest.mark.requirement("GEN-05", "MOB-06")
@pytest.mark.parametrize(("tenant", "role"), ROLES, ids=[f"{t}-{r}" for t, r in ROLES])
def test_pages_of_the_menu_and_behind_it(visitors: Any, tenant: str, role: str) -> None:
    visitor = visitors(width=1280)
    login = visitor.sign_in(tenant, role)
    paths = menu_of(visitor.page) or ["/"]
    paths += deeper(visitor, login.host, paths)
    troubles: list[str] = []
    for language in ("kk", "ru"):
        visitor.context.add_cookies(
            [{"name": "lang", "value": language, "url": visitor.district.url(login.host)}]
        )
        for path in paths:
            page = visitor.page
            page.set_viewport_size({"width": 1280, "height": 800})
            response = page.goto(visitor.district.url(login.host, path))
            page.wait_for_load_state("networkidle")
            if response is None or response.status != 200:
                troubles.append(f"{path}: {response and response.status}")
                continue
            if page.get_attribute("html", "lang") != language:
                troubles.append(f"{path}: not in {language}")
            troubles += faults(page)
            page.set_viewport_size({"width": 375, "height": 780})
            page.wait_for_timeout(150)
            troubles += wider_than_screen(page)
    # Dark, once over all pages.
    visitor.context.add_cookies([{"name": "theme", "value": "dark", "url": visitor.district.url(login.host)}])
    for path in paths:
        visitor.page.goto(visitor.district.url(login.host, path))
        visitor.page.wait_for_load_state("networkidle")
        troubles += [f"dark {t}" for t in faults(visitor.page) if "color-contrast" in t]
    assert troubles == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_pages_without_sign_in(visitors: Any, language: str) -> None:
    visitor = visitors(width=375)
    troubles = []
    for host, path in (
        ("mektep.localhost", "/"),
        ("karkaraly-1.mektep.localhost", "/sign-in/"),
        ("karkaraly-1.mektep.localhost", "/sign-in/forgotten/"),
        ("karkaraly-1.mektep.localhost", "/nowhere/"),
        ("nobody.mektep.localhost", "/"),
    ):
        visitor.context.add_cookies([{"name": "lang", "value": language, "url": visitor.district.url(host)}])
        page = visitor.open(host, path)
        page.wait_for_load_state("networkidle")
        troubles += faults(page) + wider_than_screen(page)
    assert troubles == []
