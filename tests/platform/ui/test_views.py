"""Switches that come back to the page, messages that survive a redirect, help that carries no harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from kernel.access import SignInNeeded
from kernel.errors import NotFound
from ui import articles, gallery, harness, middleware, registry, render, toasts, views
from ui.context import Shell

RequestTo = Callable[..., HttpRequest]


def post(view: Callable[..., HttpResponse], data: dict[str, str]) -> HttpResponse:
    return view(RequestFactory().post("/", data))


class TestLanguage:
    @pytest.mark.requirement("GEN-05")
    def test_the_switch_keeps_the_page_and_its_query(self) -> None:
        response = post(views.language, {"language": "ru", "next": "/journal/?class=7А&page=2"})
        assert (response.status_code, unquote(response["Location"])) == (302, "/journal/?class=7А&page=2")
        assert response.cookies["lang"].value == "ru"

    @pytest.mark.parametrize(
        "back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "1000042", ""]
    )
    def test_the_switch_leads_nowhere_else(self, back: str) -> None:
        assert post(views.language, {"language": "ru", "next": back})["Location"] == "/"

    def test_an_unknown_language_changes_nothing(self) -> None:
        assert "lang" not in post(views.language, {"language": "en", "next": "/"}).cookies

    @pytest.mark.parametrize(
        ("cookie", "own", "spoken"), [("ru", "kk", "ru"), (None, "ru", "ru"), ("en", None, "kk")]
    )
    def test_the_choice_goes_before_the_person_s_own_language(
        self,
        request_to: RequestTo,
        actor: Callable[..., object],
        cookie: str | None,
        own: str | None,
        spoken: str,
    ) -> None:
        request = request_to()
        if cookie:
            request.COOKIES["lang"] = cookie
        if own:
            request.actor = actor().speaking(own)
        heard = []

        def answer(request: HttpRequest) -> HttpResponse:
            heard.append(translation.get_language())
            return HttpResponse()

        response = middleware.Language(answer)(request)
        assert heard == [spoken]
        assert response["Content-Language"] == spoken
        assert translation.get_language() == "kk"  # as it was before the request


class TestOtherSwitches:
    def test_the_theme_is_drawn_by_the_server(self, request_to: RequestTo) -> None:
        assert post(views.theme, {"theme": "dark", "next": "/"}).cookies["theme"].value == "dark"
        request = request_to("/ui/")
        request.COOKIES["theme"] = "dark"
        assert b'data-bs-theme="dark"' in gallery.show(request).content

    def test_a_year_wants_a_signed_in_person_and_a_known_year(self, actor: Callable[..., object]) -> None:
        with pytest.raises(SignInNeeded):
            post(views.year, {"year": "2026-27"})
        request = RequestFactory().post("/", {"year": "1999-00"})
        request.actor = actor()
        assert "year" not in views.year(request).cookies

    def test_the_frame_stands_without_a_person_and_without_a_school(self, request_to: RequestTo) -> None:
        shell = Shell(request_to())
        reader = shell.reader
        assert (reader.menu, reader.tabs, reader.account, reader.sign_out_url) == ([], [], [], "")
        assert (shell.bell, shell.tenant) == (None, None)
        html = render.page(request_to(), "ui/errors/404.html", status=404).content.decode()
        assert "Мұндай бет жоқ" in html


class TestFragments:
    def test_a_fragment_is_wanted_only_by_htmx_itself(self, request_to: RequestTo) -> None:
        assert render.htmx_partial(request_to(hx_request="true"))
        assert not render.htmx_partial(request_to())
        assert not render.htmx_partial(request_to(hx_request="true", hx_boosted="true"))
        assert not render.htmx_partial(request_to(hx_request="true", hx_history_restore_request="true"))

    def test_a_refusal_is_422(self, request_to: RequestTo) -> None:
        assert render.refused(request_to(), "ui/offline.html").status_code == 422

    def test_progress_stops_asking_when_the_job_ended(self, request_to: RequestTo) -> None:
        running = render.progress(request_to(), gallery.SampleJob(10), url="/again")
        ended = render.progress(
            request_to(), gallery.SampleJob(240, state="done"), url="/again", done_url="/r"
        )
        assert (running.status_code, ended.status_code) == (200, 286)
        assert b'hx-get="/again"' in running.content
        assert b"hx-get" not in ended.content


class TestToasts:
    def test_with_htmx_the_message_comes_at_once(self, request_to: RequestTo) -> None:
        response = render.toast(request_to(hx_request="true"), HttpResponse(), "Сақталды", undo_url="/undo")
        assert json.loads(response["HX-Trigger"]) == {
            "mektep:toast": {"text": "Сақталды", "kind": "success", "undo": "/undo"}
        }

    def test_after_a_redirect_it_is_shown_once_with_its_undo(self, request_to: RequestTo) -> None:
        response = render.toast(request_to(), HttpResponse(status=302), "Жойылды", undo_url="/undo")
        request = request_to("/ui/")
        request.COOKIES["toast"] = response.cookies["toast"].value
        page = middleware.Language(gallery.show)(request)
        assert "Жойылды" in page.content.decode()
        assert 'action="/undo"' in page.content.decode()
        assert page.cookies["toast"]["max-age"] == 0

    def test_a_forged_message_is_not_shown(self, request_to: RequestTo) -> None:
        request = request_to()
        request.COOKIES["toast"] = "W3sidGV4dCI6ImhhY2sifV0:1abc:xyz"
        assert toasts.take(request) == []


class TestHelp:
    def test_shows_the_article_in_the_reader_s_language(self, request_to: RequestTo) -> None:
        assert "Құрамдас бөліктер" in views.help(request_to(), app="ui", slug="gallery").content.decode()

    def test_carries_no_html_of_its_own_and_no_harm(self) -> None:
        html = articles.as_html(
            "# T\n<script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](https://adilet.zan.kz) <b onclick=x>c</b>\n\n"
            '![x](https://evil.example/x.png "y")\n\n| a |\n|---|\n| 1 |\n'
        )
        assert "<script" not in html
        assert 'href="javascript' not in html
        assert "<img" not in html
        assert "<b" not in html.replace("<blockquote", "")
        assert '<a href="https://adilet.zan.kz" rel="noopener noreferrer">' in html
        assert "<h2>T</h2>" in html
        assert "<td>1</td>" in html

    @pytest.mark.parametrize(
        ("app", "slug"), [("ui", "../../kernel"), ("..", "gallery"), ("ui", "none"), ("nobody", "x")]
    )
    def test_leaves_its_folder_for_nobody(self, app: str, slug: str) -> None:
        with pytest.raises(NotFound):
            articles.article(app, slug, "kk")

    def test_says_in_the_panel_that_an_article_is_missing(self, request_to: RequestTo) -> None:
        shown = views.help(request_to(hx_request="true"), app="ui", slug="none")
        assert "мақала әлі жоқ" in shown.content.decode()
        with pytest.raises(NotFound):
            views.help(request_to(), app="ui", slug="none")


class TestSearch:
    def test_finds_by_groups_and_asks_for_two_letters(
        self, register: registry.Register, request_to: RequestTo, actor: Callable[..., object]
    ) -> None:
        registry.search(
            lambda query, *, actor, limit: [registry.SearchHit(f"<{query}>", "7А", "/p")], label="Оқушылар"
        )
        request = request_to("/ui/search?q=әл", hx_request="true")
        request.actor = actor()
        html = views.search(request).content.decode()
        assert "&lt;әл&gt;" in html
        assert "<html" not in html
        short = request_to("/ui/search?q=ә")
        short.actor = actor()
        page = views.search(short).content.decode()
        assert "search-hit" not in page.split("<main")[1].split("</main>")[0]
        assert "<html" in page


class TestLiveHosts:
    def test_the_gallery_is_closed_there(
        self, request_to: RequestTo, settings: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.http import Http404

        monkeypatch.setattr(gallery, "is_open", lambda: False)
        for view in (views.component_gallery, views.journal_harness):
            with pytest.raises(Http404):
                view(request_to())

    def test_the_journal_harness_has_lean_cells(self, request_to: RequestTo) -> None:
        html = harness.show(request_to("/ui/journal-grid")).content
        assert html.count(b"<td") == 30 * (60 + 2)
        assert len(html) < 120_000
