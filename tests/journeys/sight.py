"""How a page is looked at: by axe's rules of WCAG 2.2 AA, by its width, in the dark."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 375, "height": 780}
# Every context of the journeys has it as an init script.
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
# Of rows made alike, down to every class and attribute, two are looked at: an odd and an even one.
_RUN = """async ([where, rules]) => {
    const box = where ? document.querySelector(where) : document.documentElement
    const makes = new Map()
    const make = one => {
        const own = [...one.attributes].map(a => /^(class|role|type|style|aria-(current|pressed|expanded|selected|invalid|disabled|hidden|sort)|data-state)/.test(a.name) ? a.name + a.value : a.name)
        const text = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
        const said = one.tagName + own.sort() + text + [...one.children].map(make)
        makes.set(one, said)
        return said
    }
    make(box)
    const alike = []
    const sift = parent => {
        const met = {}
        for (const one of parent.children) {
            const times = (met[makes.get(one)] ?? 0) + 1
            met[makes.get(one)] = times
            if (times > 2) alike.push(one)
            else sift(one)
        }
    }
    sift(box)
    const found = await axe.run({include: [box], exclude: alike}, {runOnly: rules, preload: false, resultTypes: ['violations']})
    // What a place that scrolls cuts off at its edge is whole again a push further: its own size counts.
    const cut = (one, node) => one.id === 'target-size' && /partially obscured/.test(node.failureSummary ?? '')
        && (element => {
            const scroller = element?.closest('.plan-scroll, .table-wrap, .jg-wrap'), size = element?.getBoundingClientRect()
            return scroller && scroller.scrollWidth > scroller.clientWidth && size.width >= 24 && size.height >= 24
        })(document.querySelector(node.target[0]))
    for (const one of found.violations) one.nodes = one.nodes.filter(node => !cut(one, node))
    return found.violations.flatMap(one => one.nodes.slice(0, 3).map(
        node => `${one.id}: ${node.target} ${(node.failureSummary ?? '').slice(0, 240)}`))
}"""
_WIDER = """async where => {
    await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    const box = where ? document.querySelector(where) : document.documentElement
    if (box.scrollWidth <= Math.ceil(box.clientWidth) + 1) return []
    const edge = box.getBoundingClientRect().left + box.clientWidth + 1
    return ['wider than its place: ' + [...box.querySelectorAll('*')]
        .filter(one => one.getBoundingClientRect().right > edge && !one.closest('.table-wrap, .jg-wrap, .sheet-scroll'))
        .slice(0, 3).map(one => `${one.tagName}.${one.getAttribute('class')}`).join(' ')]
}"""
_READY = """() => document.fonts.status === 'loaded'
    && [...document.querySelectorAll('[data-island]')].every(island => island.dataset.ready)"""


def ready(page: Any) -> None:
    """Wait for what the page brings later: its fonts and islands."""
    page.wait_for_function(_READY)


def faults(page: Any, rules: dict[str, Any] = WCAG, within: str | None = None) -> list[str]:
    """Rule and place of what axe finds."""
    return list(page.evaluate(_RUN, [within, rules]))


def wider_than_its_place(page: Any, where: str | None = None) -> list[str]:
    """Whether the page, or the box named, has to be pushed sideways, and by which elements."""
    return list(page.evaluate(_WIDER, where))


def faults_in_the_dark(page: Any, within: str | None = None) -> list[str]:
    page.emulate_media(color_scheme="dark")
    found = faults(page, CONTRAST, within)
    page.emulate_media(color_scheme="light")
    return [f"dark {fault}" for fault in found]


def look(page: Any) -> None:
    """Look at a page to which no address leads again, as it stands: wide and narrow, in the light and in the dark."""
    found = faults(page) + faults_in_the_dark(page)
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    found += wider_than_its_place(page) + faults(page)
    page.set_viewport_size(before)
    assert not found, "\n".join([page.url, *found])
