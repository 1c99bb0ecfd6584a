"""`make shots`: the main pages of every role, in both languages, wide and narrow, light and dark.

Needs the running demo. Pictures go to docs/screens/, to be looked at by a person.

shots.py [--only TEXT] [--home var]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, StorageState, sync_playwright

from stack import chromium

ROOT = Path(__file__).resolve().parents[1]
SCREENS = ROOT / "docs" / "screens"
VIEWS = (("wide", 1280, 860, "light"), ("phone", 375, 780, "dark"))
LARGE, DISTRICT, REGION = "karkaraly-1", "karkaraly", "karaganda"


@dataclass(frozen=True)
class Shot:
    """A page as one role sees it; `find` follows the first link whose address contains the text."""

    name: str
    tenant: str
    role: str
    path: str = "/"
    find: str = ""


SHOTS = (
    Shot("portal", "", "", "/"),
    Shot("sign-in", LARGE, "", "/sign-in/"),
    Shot("director-home", LARGE, "director"),
    Shot("director-dashboard", LARGE, "director", "/analytics/"),
    Shot("accounts", LARGE, "director", "/accounts/"),
    Shot("roles", LARGE, "director", "/roles/"),
    Shot("profile", LARGE, "director", "/school/"),
    Shot("staff", LARGE, "director", "/staff/"),
    Shot("staff-new", LARGE, "director", "/staff/new/"),
    Shot("classes", LARGE, "secretary", "/contingent/"),
    Shot("pupils", LARGE, "secretary", "/contingent/pupils/"),
    Shot("pupil-card", LARGE, "secretary", "/contingent/pupils/", find="/contingent/pupils/01"),
    Shot("alphabet", LARGE, "secretary", "/records/alphabet/"),
    Shot("arrivals", LARGE, "secretary", "/records/movement/"),
    Shot("certificates", LARGE, "secretary", "/records/certificates/"),
    Shot("imports", LARGE, "secretary", "/imports/"),
    Shot("class", LARGE, "secretary", "/contingent/", find="/contingent/classes/01"),
    Shot("charges", LARGE, "secretary", "/contingent/charges/"),
    Shot("orders", LARGE, "secretary", "/orders/contingent/"),
    Shot("order", LARGE, "secretary", "/orders/contingent/", find="/orders/01"),
    Shot("employee", LARGE, "director", "/staff/", find="/staff/01"),
    Shot("staffing", LARGE, "director", "/staff/staffing/"),
    Shot("prove", LARGE, "director", "/me/prove/?next=/staff/excel/"),
    Shot("rules", LARGE, "director", "/school/settings/"),
    Shot("access-review", LARGE, "director", "/school/access/"),
    Shot("slips", LARGE, "director", "/school/slips/"),
    Shot("teacher-home", LARGE, "teacher"),
    Shot("journals", LARGE, "teacher", "/journal/"),
    Shot("journal-grid", LARGE, "teacher", "/journal/", find="/journal/"),
    Shot("signing", LARGE, "deputy_academic", "/journal/sheets/"),
    Shot("report-cards", LARGE, "deputy_academic", "/journal/cards/", find="/journal/cards/classes/"),
    Shot("report-card", LARGE, "parent", "/journal/cards/"),
    Shot("journal-archives", LARGE, "deputy_academic", "/journal/archives/"),
    Shot("timetable", LARGE, "teacher", "/schedule/"),
    Shot("mother", LARGE, "parent"),
    Shot("pupil", LARGE, "pupil"),
    Shot("district", DISTRICT, "authority_head"),
    Shot("region", REGION, "authority_head"),
    Shot("family-host", "my", "guardian"),
    Shot("vendor", "ops", "operator"),
    Shot("gallery", LARGE, "director", "/ui/"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", help="names containing the text")
    parser.add_argument("--home", default=os.environ.get("MEKTEP_HOME", str(ROOT / "var")))
    asked = parser.parse_args()
    home = Path(asked.home)
    logins = json.loads((home / "demo" / "logins.json").read_text())
    port = int((home / "demo" / "web.port").read_text())
    SCREENS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        for shot in SHOTS:
            if asked.only in shot.name:
                take(browser, shot, logins, port)
        browser.close()
    return 0


def take(browser: Browser, shot: Shot, logins: list[dict[str, str]], port: int) -> None:
    host = next((x["host"] for x in logins if x["tenant"] == shot.tenant), "mektep.localhost")
    base = f"http://{host}:{port}"
    session = signed_in(browser, shot, logins, base)
    for language in ("kk", "ru"):
        for view, width, height, theme in VIEWS:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=theme, storage_state=session
            )
            context.add_cookies(
                [{"name": n, "value": v, "url": base} for n, v in (("lang", language), ("theme", theme))]
            )
            page = context.new_page()
            page.goto(f"{base}{shot.path}")
            if shot.find:
                link = page.locator(f"main a[href*='{shot.find}']").first
                page.goto(f"{base}{link.get_attribute('href')}")
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(300)
            page.screenshot(path=SCREENS / f"{shot.name}-{language}-{view}.png", full_page=True)
            context.close()
    print(f"{shot.name}: done")


_SESSIONS: dict[tuple[str, str], StorageState | None] = {}


def signed_in(browser: Browser, shot: Shot, logins: list[dict[str, str]], base: str) -> StorageState | None:
    """The cookies of the role's person, who signs in once."""
    who = (shot.tenant, shot.role)
    login = next((x for x in logins if (x["tenant"], x["role"]) == who), None)
    if who not in _SESSIONS and login:
        page = browser.new_page()
        page.goto(f"{base}/sign-in/")
        page.fill("input[name=username]", login["username"])
        page.fill("input[name=password]", login["password"])
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state("networkidle")
        _SESSIONS[who] = page.context.storage_state()
        page.context.close()
    return _SESSIONS.get(who)


if __name__ == "__main__":
    sys.exit(main())
