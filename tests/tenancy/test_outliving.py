"""What outlives its school: rows, querysets, callbacks, jobs, cache keys and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import Ignore
from django.core.cache import cache as shared_cache
from django.db import transaction

from config import celery
from identity.models import Role, RolePermission
from kernel import cache, events, files, jobs, tenancy
from kernel.access import Actor
from kernel.db.stamps import ForeignRow
from kernel.errors import NoTenant, NotFound
from kernel.tenancy import TenantRef
from tenants.models import Tenant

Make = Callable[..., TenantRef]


class TestRows:
    """Pitfall 4: the same primary keys stand in both schools, so a strayed object would overwrite a stranger."""

    def stray(self, school: TenantRef) -> Role:
        with tenancy.use(school):
            return Role.objects.get(code="director")

    def test_saved_in_another_school_is_refused(self, school_a: TenantRef, school_b: TenantRef) -> None:
        row = self.stray(school_a)
        row.name_ru = "Чужой"
        with tenancy.use(school_b):
            assert Role.objects.filter(pk=row.pk).exists()
            with pytest.raises(ForeignRow):
                row.save(update_fields=["name_ru"])
            assert not Role.objects.filter(name_ru="Чужой").exists()

    def test_saved_at_home_is_well(self, school_a: TenantRef, school_b: TenantRef) -> None:
        row = self.stray(school_a)
        with tenancy.use(school_b):
            pass
        row.name_ru = "Своя"
        with tenancy.use(school_a):
            row.save(update_fields=["name_ru"])
            assert Role.objects.get(pk=row.pk).name_ru == "Своя"

    @pytest.mark.parametrize(
        "act",
        [
            lambda row: row.delete(),
            lambda row: row.refresh_from_db(),
            lambda row: list(row.permissions.all()),
            lambda row: RolePermission(role=row, code="x", scope="school").role.permissions.first(),
        ],
        ids=["delete", "refresh", "relation", "relation of a new row"],
    )
    def test_nothing_else_works_abroad(
        self, school_a: TenantRef, school_b: TenantRef, act: Callable[[Role], Any]
    ) -> None:
        row = self.stray(school_a)
        with tenancy.use(school_b), pytest.raises(ForeignRow):
            act(row)

    def test_a_row_made_here_is_refused_there(self, school_a: TenantRef, school_b: TenantRef) -> None:
        row = Role(code="own", base="teacher")
        with tenancy.use(school_a):
            row.save()
        row.name_kk = "Басқа"
        with tenancy.use(school_b), pytest.raises(ForeignRow):
            row.save(update_fields=["name_kk"])

    def test_a_related_row_of_another_school_is_refused(
        self, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        with tenancy.use(school_a):
            right = RolePermission.objects.first()
        assert right is not None
        with tenancy.use(school_b), pytest.raises(ForeignRow):
            _ = right.role.code

    def test_the_register_is_the_same_everywhere(self, school_a: TenantRef, school_b: TenantRef) -> None:
        with tenancy.use(school_a):
            row = Tenant.objects.select_related(None).get(pk=school_a.id)
        with tenancy.use(school_b):
            assert row.parent.code == "authority"


class TestLazyQuerysets:
    def test_outside_every_school_it_does_not_open(self, school_a: TenantRef) -> None:
        with tenancy.use(school_a):
            roles = Role.objects.all()
        with pytest.raises(NoTenant):
            list(roles)
        with pytest.raises(NoTenant):
            roles.exists()

    def test_in_another_school_it_shows_only_that_schools_rows(
        self, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        with tenancy.use(school_a):
            Role.objects.create(code="only-a", base="teacher")
            late = Role.objects.filter(code="only-a")
        with tenancy.use(school_b):
            assert list(late) == []

    def test_an_iterator_begun_here_stays_here(self, school_a: TenantRef, school_b: TenantRef) -> None:
        with tenancy.use(school_a):
            Role.objects.create(code="only-a", base="teacher")
            rows = Role.objects.order_by("-id").iterator(chunk_size=1)
            first = next(rows)
        with tenancy.use(school_b):
            rest = list(rows)
            with pytest.raises(ForeignRow):
                first.save(update_fields=["code"])
        assert first.code == "only-a"
        assert rest


class TestAfterCommit:
    def test_runs_in_the_school_of_the_transaction(self, committed_school: Make) -> None:
        refs = [committed_school(), committed_school()]
        seen: list[tuple[str, str, bool]] = []

        def remember() -> None:
            seen.append(
                (
                    tenancy.current().schema,
                    tenancy.connections["default"].binding.schema,
                    Role.objects.filter(code="new").exists(),
                )
            )

        for ref in refs:
            with tenancy.use(ref), transaction.atomic():
                Role.objects.create(code="new", base="teacher")
                transaction.on_commit(remember)
        assert seen == [(ref.schema, ref.schema, True) for ref in refs]

    def test_a_job_remembers_its_school(self, committed_school: Make) -> None:
        @jobs.job("test.where", title="where", permission=None)
        def where(ctx: jobs.JobContext) -> dict[str, Any]:
            return {"schema": tenancy.current().schema}

        try:
            jobs.Collected.clear()
            refs = [committed_school(), committed_school()]
            for ref in refs:
                with tenancy.use(ref), transaction.atomic():
                    jobs.start("test.where", actor=Actor.system_actor("test"))
            done = []
            for ref, job_id in jobs.Collected.jobs:
                with tenancy.use(ref):
                    done.append(jobs.run(job_id).result)
            assert done == [{"schema": ref.schema} for ref in refs]
        finally:
            jobs.REGISTER.pop("test.where")
            jobs.Collected.clear()


class TestQueueMessages:
    @pytest.mark.parametrize("task", [celery.deliver, celery.run_job, celery.clear_outbox])
    def test_without_a_school_is_refused(self, tenants_db: None, task: Any) -> None:
        with pytest.raises(TypeError, match="schema"):
            task()

    @pytest.mark.parametrize("schema", ["public", "template_school", "s_nosuchone0", ""])
    def test_of_no_known_school_is_refused(self, tenants_db: None, schema: str) -> None:
        with pytest.raises((NoTenant, Ignore)):
            celery.deliver(schema=schema)

    def test_of_a_school_works_in_it_alone(
        self, school_a: TenantRef, school_b: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[str] = []
        monkeypatch.setattr(events, "deliver", lambda: seen.append(tenancy.current().schema))
        with tenancy.use(school_b):
            celery.deliver(schema=school_a.schema, unknown="tolerated")
            assert tenancy.current() == school_b
        assert seen == [school_a.schema]


class TestKeepsakes:
    def test_the_cache_is_kept_apart(self, school_a: TenantRef, school_b: TenantRef) -> None:
        with tenancy.use(school_a):
            cache.set("top", "of A", 60)
            assert cache.increment("n", 60) == 1
        with tenancy.use(school_b):
            assert cache.get("top") is None
            assert cache.increment("n", 60) == 1
            assert cache.add("top", "of B", 60)
            cache.delete("top")
        with tenancy.use(school_a):
            assert cache.get("top") == "of A"
        with pytest.raises(NoTenant):
            cache.get("top")
        assert shared_cache.get("top") is None

    def test_files_are_kept_apart(
        self, school_a: TenantRef, school_b: TenantRef, settings: Any, tmp_path: Path
    ) -> None:
        settings.FILES_ROOT = tmp_path
        with tenancy.use(school_a):
            row = files.store(
                actor=Actor.system_actor("test"),
                name="../../тізім.xlsx",
                content=b"of A",
                content_type="text/plain",
                purpose="imports",
            )
            assert files.read(file_id=row.pk, purpose="imports")[1] == b"of A"
        with tenancy.use(school_b), pytest.raises(NotFound):
            files.read(file_id=row.pk, purpose="imports")
        [kept] = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert kept.relative_to(tmp_path).parts[0] == school_a.schema

    def test_a_row_that_points_into_another_school_reads_nothing(
        self, school_a: TenantRef, school_b: TenantRef, settings: Any, tmp_path: Path
    ) -> None:
        settings.FILES_ROOT = tmp_path
        with tenancy.use(school_a):
            secret = files.store(
                actor=Actor.system_actor("test"),
                name="a",
                content=b"of A",
                content_type="text/plain",
                purpose="x",
            )
        with tenancy.use(school_b):
            own = files.store(
                actor=Actor.system_actor("test"),
                name="b",
                content=b"of B",
                content_type="text/plain",
                purpose="x",
            )
            type(own).objects.filter(pk=own.pk).update(path=f"../{school_a.schema}/{secret.path}")
            with pytest.raises(NotFound):
                files.read(file_id=own.pk, purpose="x")
