"""The first page, the start, the profile and the settings, as people meet them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
import time_machine
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation

from kernel import cache, events, jobs
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.jobs import JobContext
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.school import api, start, views
from modules.school.models import SchoolProfile
from tests.platform.conftest import ask as ask
from ui import registry
from ui.registry import TodayCard

Ask = Callable[..., HttpResponse]


@pytest.fixture
def aigul(actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.DIRECTOR, name="Сейдахметова Айгүл Серікқызы")


def steps_of(
    monkeypatch: pytest.MonkeyPatch, *, goal: str = "", needed: str = "", **done: bool | None
) -> None:
    monkeypatch.setattr(start, "STEPS", {})
    for order, (code, state) in enumerate(done.items()):

        def answer(*, actor: Actor, state: bool | None = state) -> api.Look:
            if state is None:
                raise RuntimeError("broken")
            return api.Look(state, "бәрі бар" if state else "бірі жоқ")

        api.step(
            code,
            f"Қадам {code}",
            "school:profile",
            answer,
            order=order,
            goal=code == goal,
            may_skip=code != needed,
            importer="staff",
        )


@pytest.fixture
def card() -> Iterator[None]:
    def provider(*, actor: Actor) -> Iterable[TodayCard]:
        yield TodayCard("7А журналы", "Екі сабақ толтырылмаған", "/journal/7a/", urgency="now", count=2)

    registry.today(provider)
    yield
    registry.register.today.pop()


class TestTheFirstPage:
    @pytest.mark.requirement("GEN-05")
    @pytest.mark.parametrize(
        ("language", "hour", "greeting", "day"),
        [
            ("kk", 8, "Қайырлы таң, Айгүл Серікқызы!", "2026 жылғы 23\u00a0қараша, дүйсенбі"),
            ("ru", 14, "Добрый день, Айгүл Серікқызы!", "23\u00a0ноября 2026\u00a0г., понедельник"),
            ("ru", 20, "Добрый вечер, Айгүл Серікқызы!", "23\u00a0ноября 2026\u00a0г., понедельник"),
        ],
    )
    def test_greets_by_name_and_says_the_day_in_words(
        self,
        in_school: TenantRef,
        actor_of: Callable[..., Actor],
        ask: Ask,
        language: str,
        hour: int,
        greeting: str,
        day: str,
    ) -> None:
        actor = actor_of(Role.TEACHER, name="Сейдахметова Айгүл Серікқызы", language=language)
        with time_machine.travel(f"2026-11-23T{hour:02}:00:00+05:00"):
            page = ask(views.first_page, actor).content.decode()
        assert greeting in page
        assert day in page

    def test_shows_the_cards_of_the_modules(
        self, in_school: TenantRef, aigul: Actor, ask: Ask, card: None
    ) -> None:
        page = ask(views.first_page, aigul).content.decode()
        assert 'href="/journal/7a/"' in page
        assert "Екі сабақ толтырылмаған" in page

    def test_says_calmly_that_nothing_waits(
        self, in_school: TenantRef, actor_of: Callable[..., Actor], ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(registry.register, "today", [])
        page = ask(views.first_page, actor_of(Role.LIBRARIAN)).content.decode()
        assert '<div class="nothing">' in page

    def test_shows_the_latest_notifications(
        self, in_school: TenantRef, aigul: Actor, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from notify import api as notify

        notify.tell(
            [aigul.user_id or 0], "jobs", "jobs.done", {"kind": "санау"}, actor=Actor.system_actor("t")
        )
        assert "Дайын: санау" in ask(views.first_page, aigul).content.decode()

    def test_a_persons_shortcuts_are_the_own_menu(
        self,
        in_school: TenantRef,
        actor_of: Callable[..., Actor],
        ask: Ask,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        kept = {"school:home", "school:profile", "documents:issued"}
        lines = [item for item in registry.register.menu if item.url_name in kept]
        monkeypatch.setattr(registry.register, "menu", lines)
        monkeypatch.setattr(registry.register, "actions", [])

        def shortcuts(role: Role) -> list[str]:
            page = ask(views.first_page, actor_of(role)).content.decode()
            return re.findall(r'class="shortcut"\s+href="([^"]+)"', page)

        assert shortcuts(Role.SECRETARY) == ["/school/", "/documents/"]
        assert shortcuts(Role.TEACHER) == ["/school/"]

    def test_who_has_much_to_do_finds_the_actions_instead_of_the_menu(
        self, in_school: TenantRef, actor_of: Callable[..., Actor], ask: Ask
    ) -> None:
        page = ask(views.first_page, actor_of(Role.DIRECTOR)).content.decode()
        found = re.findall(r'class="shortcut"\s+href="([^"]+)"', page)
        absent = "/schedule/substitutions/absent/"
        assert found == ["/contingent/pupils/new/", absent, "/staff/new/", "/imports/", "/school/slips/"]

    @pytest.mark.parametrize(
        ("roles", "goes_on"),
        [((Role.PARENT,), True), ((Role.PUPIL,), True), ((Role.TEACHER, Role.PARENT), False)],
    )
    def test_families_go_on_to_their_own_page(
        self,
        in_school: TenantRef,
        actor_of: Callable[..., Actor],
        ask: Ask,
        roles: tuple[Role, ...],
        goes_on: bool,
    ) -> None:
        answer = ask(views.first_page, actor_of(*roles))
        assert (answer.status_code, answer.headers.get("Location")) == (
            (302, reverse("family:home")) if goes_on else (200, None)
        )

    def test_asks_the_database_little(
        self,
        in_school: TenantRef,
        aigul: Actor,
        ask: Ask,
        django_assert_max_num_queries: Callable[..., object],
    ) -> None:
        ask(views.first_page, aigul)
        # A school that has just begun asks for the steps of its start besides; later they cost nothing. Vacancies,
        # questions to oneself, lessons without a teacher, plans that wait, requests to open cells, answers to one's
        # remarks, days with too many СОЧ, words that a period lacks, a closing that comes, requests to be let in and
        # breaches to be told of are a statement each.
        with django_assert_max_num_queries(46):
            ask(views.first_page, aigul)
        cache.set(start._FINISHED, True, 60)
        with django_assert_max_num_queries(30):
            ask(views.first_page, aigul)


class TestTheStart:
    def test_the_director_sees_progress_and_the_next_step(
        self, in_school: TenantRef, aigul: Actor, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps_of(monkeypatch, a=True, b=False, c=False)
        page = ask(views.first_page, aigul).content.decode()
        assert re.search(r'max="3"\s+value="1"', page)
        assert "Қадам b" in page
        assert "Қадам c" not in page

    def test_a_step_that_breaks_counts_as_not_done(
        self, in_school: TenantRef, aigul: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps_of(monkeypatch, a=None, b=True)
        assert [s.done for s in start.states(actor=aigul)] == [False, True]

    def test_is_gone_when_all_is_done_and_asks_no_more(
        self, in_school: TenantRef, aigul: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps_of(monkeypatch, a=True, b=True)
        assert start.unfinished(actor=aigul) == []
        steps_of(monkeypatch, a=False)
        assert start.unfinished(actor=aigul) == []

    def test_is_gone_with_the_first_journal_whatever_else_is_left(
        self, in_school: TenantRef, aigul: Actor, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps_of(monkeypatch, goal="b", a=False, b=True)
        assert start.unfinished(actor=aigul) == []
        assert "Қадам a" in ask(views.start_page, aigul).content.decode()

    def test_a_step_is_skipped_with_a_reason_and_taken_up_again(
        self, in_school: TenantRef, aigul: Actor, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps_of(monkeypatch, a=True, b=False)
        refused = ask(views.skip_step, aigul, method="post", data={"reason": " "}, code="b")
        assert refused.status_code == 422
        assert (
            ask(
                views.skip_step, aigul, method="post", data={"reason": "Біз бастауышпыз"}, code="b"
            ).status_code
            == 302
        )
        assert "Біз бастауышпыз" in ask(views.start_page, aigul).content.decode()
        assert start.unfinished(actor=aigul) == []
        ask(views.resume_step, aigul, method="post", code="b")
        assert [one.settled for one in start.unfinished(actor=aigul)] == [True, False]
        assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True))[-2:] == [
            "school.step.skipped",
            "school.step.resumed",
        ]

    def test_what_is_done_is_never_a_tick_but_what_the_data_say(
        self, in_school: TenantRef, aigul: Actor, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps_of(monkeypatch, a=False)
        ask(views.skip_step, aigul, method="post", data={"reason": "кейін"}, code="a")
        steps_of(monkeypatch, a=True)
        [state] = start.states(actor=aigul)
        assert (state.done, state.skipped, state.said) == (True, None, "бәрі бар")

    def test_a_step_that_every_school_needs_is_not_skipped(
        self, in_school: TenantRef, aigul: Actor, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps_of(monkeypatch, needed="a", a=False)
        assert ask(views.skip_step, aigul, method="post", data={"reason": "жоқ"}, code="a").status_code == 422
        assert "/skip/" not in ask(views.start_page, aigul).content.decode()
        with pytest.raises(NotFound):
            ask(views.skip_step, aigul, method="post", data={"reason": "жоқ"}, code="z")

    def test_only_who_may_change_the_profile_skips(
        self, in_school: TenantRef, actor_of: Callable[..., Actor], ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps_of(monkeypatch, a=False)
        for view in (views.skip_step, views.resume_step):
            with pytest.raises(NotAllowed):
                ask(view, actor_of(Role.TEACHER), method="post", data={"reason": "жоқ"}, code="a")

    def test_offers_the_spreadsheet_with_its_templates_to_those_who_may_load_it(
        self, in_school: TenantRef, aigul: Actor, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps_of(monkeypatch, a=False)
        page = ask(views.start_page, aigul).content.decode()
        assert "/imports/staff/new/" in page
        assert "/imports/staff/template/kk/" in page

    def test_the_steps_of_a_new_school_go_from_the_profile_to_the_journal(
        self, in_school: TenantRef, aigul: Actor, ask: Ask
    ) -> None:
        states = start.states(actor=aigul)
        assert [one.step.code for one in states] == [
            "school.profile", "schedule.year", "staff.employees", "contingent.classes", "contingent.pupils",
            "contingent.guardians", "identity.accounts", "schedule.load", "schedule.lessons", "journal.first",
        ]  # fmt: skip
        assert not any(one.done for one in states if one.step.code != "schedule.year")
        assert [one.importer for one in states] == [
            "",
            "quarters",
            "staff",
            "classes",
            "pupils",
            "guardians",
            "",
            "load",
            "load",
            "",
        ]
        assert all(one.url for one in states)

    def test_who_may_not_do_a_step_reads_whose_it_is(
        self, in_school: TenantRef, actor_of: Callable[..., Actor], ask: Ask
    ) -> None:
        states = {one.step.code: one for one in start.states(actor=actor_of(Role.SECRETARY))}
        assert not states["schedule.load"].may
        assert states["schedule.load"].importer == ""
        page = ask(views.start_page, actor_of(Role.SECRETARY)).content.decode()
        assert "/imports/load/new/" not in page

    def test_the_start_of_a_full_school_costs_few_queries(
        self, in_school: TenantRef, aigul: Actor, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        with django_assert_max_num_queries(23):
            start.states(actor=aigul)

    def test_the_school_may_hide_it(
        self, in_school: TenantRef, aigul: Actor, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps_of(monkeypatch, a=False)
        api.change_setting(actor=aigul, code="school.show_start", value=False)
        assert "Қадам a" not in ask(views.first_page, aigul).content.decode()
        assert "Қадам a" in ask(views.start_page, aigul).content.decode()

    def test_teachers_are_spared(
        self, in_school: TenantRef, actor_of: Callable[..., Actor], ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps_of(monkeypatch, a=False)
        assert "Қадам a" not in ask(views.first_page, actor_of(Role.TEACHER)).content.decode()
        with pytest.raises(NotAllowed):
            ask(views.start_page, actor_of(Role.TEACHER))

    def test_the_profile_step_is_done_when_the_papers_can_be_printed(
        self, in_school: TenantRef, aigul: Actor
    ) -> None:
        look = start.STEPS["school.profile"].look
        with translation.override("kk"):
            assert "БСН" in str(look(actor=aigul).said)
        api.change_profile(actor=aigul, bin="260140000015", address_kk="Қарқаралы, 1", languages=["kk"])
        assert not look(actor=aigul).done
        api.change_profile(actor=aigul, director="Қ. Сейдахметова")
        assert look(actor=aigul).done


FILLED = {
    "name_kk": "Абай  атындағы мектеп",
    "name_ru": "Школа имени Абая",
    "kind": "lyceum",
    "ownership": "state",
    "languages": ["kk", "ru"],
    "shifts": "2",
    "capacity": "600",
    "bin": "2601 4000 0015",
    "since": "2026-09-01",
}


@pytest.mark.requirement("SIS-04")
class TestTheProfile:
    @pytest.fixture(autouse=True)
    def _today(self) -> Iterator[None]:
        with time_machine.travel("2026-11-23T10:00:00+05:00"):
            yield

    def test_is_saved_and_shown_with_its_history(self, in_school: TenantRef, aigul: Actor, ask: Ask) -> None:
        assert ask(views.edit_profile, aigul, method="post", data=FILLED).status_code == 302
        seen = str(SchoolProfile.objects.get().pk)
        changed = {**FILLED, "phone": "+7 72146 1-23-45", "since": "2026-11-23", "seen": seen}
        assert ask(views.edit_profile, aigul, method="post", data=changed).status_code == 302
        page = ask(views.profile, aigul).content.decode()
        assert "Абай атындағы мектеп" in page
        assert "260140000015" in page
        assert "+7 72146 1-23-45" in page
        assert "23.11.2026" in page

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("bin", "260140000016", "БСН-нің соңғы саны"),
            ("bin", "12", "он екі саннан"),
            ("kato", "12345", "тоғыз саннан"),
            ("since", "2026-12-01", "алдын ала емес"),
            ("name_kk", " ", 'id="id_name_kk_error"'),
            ("iik", "KZ99 0000 0000 0000 0011", "KZ-дан басталып"),
            ("bik", "12", "сегіз немесе он бір"),
            ("kbe", "9", "екі цифрдан"),
        ],
    )
    def test_a_fault_comes_back_with_the_form_and_what_was_typed(
        self, in_school: TenantRef, aigul: Actor, ask: Ask, field: str, value: str, said: str
    ) -> None:
        answer = ask(views.edit_profile, aigul, method="post", data={**FILLED, field: value})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert "Школа имени Абая" in page
        assert SchoolProfile.objects.count() == 0

    def test_a_change_of_somebody_else_meanwhile_is_not_lost(
        self, in_school: TenantRef, aigul: Actor, ask: Ask
    ) -> None:
        api.change_profile(actor=aigul, phone="1")
        answer = ask(views.edit_profile, aigul, method="post", data={**FILLED, "seen": ""})
        assert answer.status_code == 422
        assert "басқа адам өзгертті" in answer.content.decode()
        assert api.profile().phone == "1"

    def test_a_teacher_reads_and_cannot_change(
        self, in_school: TenantRef, actor_of: Callable[..., Actor], ask: Ask
    ) -> None:
        page = ask(views.profile, actor_of(Role.TEACHER)).content.decode()
        assert "/school/edit/" not in page
        with pytest.raises(NotAllowed):
            ask(views.edit_profile, actor_of(Role.TEACHER))


class TestTheSettings:
    def test_are_listed_with_their_source_and_changed(
        self, in_school: TenantRef, aigul: Actor, ask: Ask
    ) -> None:
        page = ask(views.settings, aigul).content.decode()
        assert "Жүйенің бастапқы баптауы" in page
        one = {"code": "school.show_start"}
        assert ask(views.edit_setting, aigul, **one).status_code == 200
        assert ask(views.edit_setting, aigul, method="post", data={}, **one).status_code == 302
        assert api.setting("school.show_start") is False
        ask(views.edit_setting, aigul, method="post", data={"restore": "1"}, **one)
        assert api.setting("school.show_start") is True


def test_a_finished_job_is_heard_of_on_the_first_page(
    in_school: TenantRef,
    aigul: Actor,
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
    settings: pytest.FixtureRequest,
) -> None:
    monkeypatch.setattr(jobs, "REGISTER", {})
    monkeypatch.setattr(jobs, "_actor", lambda row: aigul)

    @jobs.job("test.prints", title="Басып шығару", permission=None)
    def prints(ctx: JobContext) -> None:
        ctx.progress(1, 1)

    jobs.run(jobs.start("test.prints", actor=aigul).pk)
    events.deliver()
    assert "Дайын: Басып шығару" in ask(views.first_page, aigul).content.decode()
