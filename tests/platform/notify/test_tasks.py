"""Long work: its starter is told when it ends, sees it under way, and stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse

from kernel import clock, events, jobs
from kernel.access import Actor, Role
from kernel.errors import DomainError
from kernel.jobs import JobContext, JobFinished
from kernel.models import Job, OutboxEvent
from kernel.tenancy import TenantRef
from notify import api, views
from ui import registry


class TooMuch(DomainError):
    message = "тым көп"


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch, settings: pytest.FixtureRequest) -> Iterator[None]:
    monkeypatch.setattr(jobs, "REGISTER", dict(jobs.REGISTER))
    settings.ACTOR_OF_USER = f"{__name__}.actor_of_user"

    @jobs.job("test.counts", title="Санау", permission=None)
    def counts(ctx: JobContext, *, url: str) -> dict[str, str]:
        return {"url": url}

    @jobs.job("test.fails", title="Құлау", permission=None)
    def fails(ctx: JobContext) -> None:
        raise TooMuch

    @jobs.job("test.stops", title="Тоқтау", permission=None)
    def stops(ctx: JobContext) -> None:
        jobs.cancel(actor=ctx.actor, job_id=ctx.row.pk)
        ctx.progress(1, 2)

    return


def actor_of_user(user_id: int) -> Actor:
    from kernel.tenancy import current

    return Actor(tenant=current(), user_id=user_id, name="Айгүл")


@pytest.fixture
def aigul(in_school: TenantRef, works: None, actor_of: Callable[..., Actor]) -> Actor:
    user = get_user_model().objects.create(
        username="aigul", surname="С", name="Айгүл", person_kind="staff", created_at=clock.now()
    )
    return actor_of(Role.DIRECTOR, user_id=user.pk)


def run(name: str, actor: Actor, **params: str) -> Job:
    return jobs.run(jobs.start(name, actor=actor, **params).pk)


class TestTheEnd:
    def test_is_an_event_committed_with_the_state(self, aigul: Actor) -> None:
        row = run("test.counts", aigul, url="/x/")
        [event] = OutboxEvent.objects.filter(name=JobFinished.name)
        assert event.payload == {
            "job_id": str(row.pk),
            "kind": "test.counts",
            "state": "done",
            "user_id": aigul.user_id,
            "url": "/x/",
            "message": "",
        }

    def test_the_starter_is_told_once_with_the_way_to_the_result(self, aigul: Actor) -> None:
        run("test.counts", aigul, url="/imports/7/")
        events.deliver()
        events.deliver()
        [note] = api.latest(actor=aigul)
        assert (note.title, note.url) == ("Дайын: Санау", "/imports/7/")

    @pytest.mark.parametrize("url", ["https://evil.kz/", ""])
    def test_leads_to_the_tasks_when_there_is_no_page_of_ours(self, aigul: Actor, url: str) -> None:
        run("test.counts", aigul, url=url)
        events.deliver()
        assert api.latest(actor=aigul)[0].url == "/notify/jobs/"

    def test_a_failure_says_why(self, aigul: Actor) -> None:
        run("test.fails", aigul)
        events.deliver()
        [note] = api.latest(actor=aigul)
        assert (note.title, note.body) == ("Орындалмады: Құлау", "тым көп")

    def test_who_stopped_it_is_not_told(self, aigul: Actor) -> None:
        assert run("test.stops", aigul).state == Job.State.CANCELLED
        events.deliver()
        assert api.latest(actor=aigul) == []

    def test_the_product_tells_nobody_of_its_own_work(self, in_school: TenantRef, works: None) -> None:
        run("test.counts", Actor.system_actor("test"), url="")
        assert events.deliver() == 1


class TestMyTasks:
    def test_says_what_comes_here_when_there_is_nothing(
        self, aigul: Actor, ask: Callable[..., HttpResponse]
    ) -> None:
        assert "Орындалып жатқан жұмыс жоқ" in ask(views.my_jobs, aigul).content.decode()

    def test_shows_work_under_way_with_its_stop_and_finished_work_with_its_result(
        self, aigul: Actor, ask: Callable[..., HttpResponse]
    ) -> None:
        waiting = jobs.start("test.counts", actor=aigul, url="")
        run("test.counts", aigul, url="/imports/7/")
        page = ask(views.my_jobs, aigul).content.decode()
        assert f"/notify/jobs/{waiting.pk}/cancel/" in page
        assert 'href="/imports/7/"' in page

    def test_a_result_elsewhere_is_not_linked(self, aigul: Actor, ask: Callable[..., HttpResponse]) -> None:
        run("test.counts", aigul, url="//evil.kz/")
        assert "evil" not in ask(views.my_jobs, aigul).content.decode()

    def test_the_bar_stops_asking_when_the_work_has_ended(
        self, aigul: Actor, ask: Callable[..., HttpResponse]
    ) -> None:
        row = jobs.start("test.counts", actor=aigul, url="")
        htmx = {"HX-Request": "true"}
        under_way = ask(views.job, aigul, job_id=row.pk, headers=htmx)
        jobs.run(row.pk)
        ended = ask(views.job, aigul, job_id=row.pk, headers=htmx, data={"list": "1"})
        assert (under_way.status_code, ended.status_code) == (200, 286)
        assert b"hx-get" in under_way.content
        assert b"hx-get" not in ended.content
        assert ended["HX-Retarget"] == f"#task-{row.pk}"

    def test_only_the_starter_sees_and_stops_it(
        self, aigul: Actor, actor_of: Callable[..., Actor], ask: Callable[..., HttpResponse]
    ) -> None:
        row = jobs.start("test.counts", actor=aigul, url="")
        bolat = actor_of(Role.DIRECTOR, user_id=aigul.user_id + 1)
        for view, method in ((views.job, "get"), (views.cancel_job, "post")):
            with pytest.raises(Job.DoesNotExist):
                ask(view, bolat, method=method, job_id=row.pk)
        assert ask(views.cancel_job, aigul, method="post", job_id=row.pk).status_code == 302
        row.refresh_from_db()
        assert row.state == Job.State.CANCELLED


class TestPages:
    def test_the_list_the_bell_and_the_choices(self, aigul: Actor, ask: Callable[..., HttpResponse]) -> None:
        assert "хабарлама жоқ" in ask(views.notifications, aigul).content.decode()
        run("test.counts", aigul, url="/x/")
        events.deliver()
        assert "Дайын: Санау" in ask(views.notifications, aigul).content.decode()
        assert "Дайын: Санау" in ask(views.bell, aigul).content.decode()
        assert registry.bell_for(aigul) == registry.Bell(1, "/notify/", "/notify/bell/")
        assert ask(views.read_all, aigul, method="post").status_code == 302
        assert api.unread(actor=aigul) == 0
        assert 'value="jobs"' in ask(views.preferences, aigul).content.decode()
        ask(views.preferences, aigul, method="post", data={"topic": []})
        assert "checked" not in ask(views.preferences, aigul).content.decode()
