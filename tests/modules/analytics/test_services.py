"""Figures follow the marks, cheaply and without drifting; what drifts all the same is found at night."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import audit, events, jobs, tenancy
from kernel.access import Actor
from kernel.models import Job
from kernel.tenancy import TenantRef
from modules.analytics import services
from modules.analytics.models import ChangedJournal, ClassFact
from modules.analytics.queries import facts
from modules.journal.events import MarksChanged
from tenants import rollups
from tenants.models import RollupFact
from tests.modules.analytics.conftest import YEAR, Journal, Key


def note(actor: Actor, key: Key) -> None:
    period_id, class_id, subject = key
    services.note_changed(actor=actor, period_id=period_id, school_class_id=class_id, subject_code=subject)


def faults(found: dict[str, int]) -> tuple[int, int]:
    return found["classes"], found["public"]


def own(
    metric: str, dimension: str = "all", value: str = "", period: str = "q1"
) -> tuple[int, int, int] | None:
    found = [
        (f.numerator, f.denominator, f.people)
        for f in rollups.own(year=YEAR, period=period, metrics=[metric], dimension=dimension)
        if f.value == value
    ]
    return found[0] if found else None


@pytest.mark.requirement("ANL-00")
class TestRefresh:
    def test_counts_marks_and_adds_them_up_by_sums(self, journal: Journal, system: Actor) -> None:
        note(system, journal.set(0, "algebra", 6, 9, 8, 2))
        note(system, journal.set(1, "algebra", 4, 6, 10, 0))
        note(system, journal.set(1, "physics", 0, 0, 5, 5))
        services.refresh(actor=system)
        assert own("journal.quality", "subject", "algebra") == (25, 45, 45)
        assert own("journal.achievement", "subject", "algebra") == (43, 45, 45)
        assert own("journal.quality") == (25, 55, 45)
        assert own("journal.average", "subject", "physics") == (25, 10, 10)
        assert own("journal.quality", "grade", "7") == (25, 55, 45)
        assert own("journal.quality", "language", "kk") == (25, 55, 45)
        assert own("contingent.pupils", period="now") == (14, 3, 14)

    def test_counts_attendance_of_the_class(self, journal: Journal, system: Actor) -> None:
        services.recount(actor=system)
        journal.missed[journal.classes[0].id] = 7
        note(system, journal.set(0, "algebra", 1, 1, 1, 2))
        services.refresh(actor=system)
        assert own("journal.attendance") == (293, 300, 14)
        [room] = facts.of_classes(
            year=YEAR, period="q1", metrics=["journal.attendance"], class_id=journal.classes[0].id
        )
        assert (room.numerator, room.denominator, room.people) == (93, 100, 6)

    def test_counts_only_what_was_noted(self, journal: Journal, system: Actor) -> None:
        note(system, journal.set(0, "algebra", 6, 9, 8, 2))
        services.refresh(actor=system)
        journal.asked.clear()
        journal.set(1, "algebra", 9, 9, 9, 9)
        note(system, journal.set(0, "algebra", 7, 9, 8, 2))
        services.refresh(actor=system)
        assert journal.asked == [("q1", {journal.classes[0].id})]
        assert own("journal.quality") == (16, 26, 26)

    def test_a_journal_emptied_of_marks_leaves_no_figure(self, journal: Journal, system: Actor) -> None:
        key = journal.set(0, "algebra", 6, 9, 8, 2)
        note(system, key)
        services.refresh(actor=system)
        del journal.marks[key]
        note(system, key)
        services.refresh(actor=system)
        assert own("journal.quality") is None
        assert not ClassFact.objects.filter(subject_code="algebra").exists()

    def test_says_that_it_looked_though_nothing_changed(self, journal: Journal, system: Actor) -> None:
        services.refresh(actor=system)
        before = rollups.freshness()[system.tenant.id].refreshed_at
        assert services.refresh(actor=system) == 0
        assert rollups.freshness()[system.tenant.id].refreshed_at > before

    def test_a_pupil_who_left_leaves_every_journal_of_the_class(
        self, journal: Journal, system: Actor
    ) -> None:
        for subject in ("algebra", "physics"):
            note(system, journal.set(0, subject, 6, 9, 8, 2))
        note(system, journal.set(1, "algebra", 6, 9, 8, 2))
        services.refresh(actor=system)
        for subject in ("algebra", "physics"):
            journal.set(0, subject, 5, 9, 8, 2)
        services.note_classes_changed(actor=system, class_ids=[journal.classes[0].id])
        services.refresh(actor=system)
        assert own("journal.quality") == (14 + 14 + 15, 24 + 24 + 25, 49)

    def test_whoever_notes_journals_does_it_in_one_order(self, journal: Journal, system: Actor) -> None:
        """Two who move pupils the opposite ways note the same two classes: in two orders they would deadlock."""
        classes = [one.id for one in journal.classes[:2]]
        orders = []
        for ids in (classes, classes[::-1]):
            services.note_classes_changed(actor=system, class_ids=ids)
            orders.append(
                list(ChangedJournal.objects.order_by("id").values_list("period_id", "school_class_id"))
            )
            ChangedJournal.objects.all().delete()
        assert orders[0] == orders[1] == sorted(orders[0])
        assert len(orders[0]) > 2


class TestNews:
    def publish(self, actor: Actor, key: Key) -> None:
        period_id, class_id, subject = map(str, key)
        events.publish(
            MarksChanged(
                course_id=class_id,
                school_class_id=class_id,
                subject_code=subject,
                period_id=period_id,
                year=YEAR,
            ),
            actor=actor,
        )

    def test_many_saves_are_one_count(self, journal: Journal, system: Actor, after_commit: Any) -> None:
        jobs.Collected.clear()
        for marks in range(12):
            self.publish(system, journal.set(0, "algebra", marks, 1, 1, 1))
        events.deliver()
        after_commit()
        [(__, job_id)] = jobs.Collected.jobs
        assert jobs.run(job_id).state == Job.State.DONE
        assert len(journal.asked) == 1
        assert own("journal.quality") == (12, 14, 14)

    def test_news_after_the_count_began_asks_for_another(
        self, journal: Journal, system: Actor, after_commit: Any
    ) -> None:
        self.publish(system, journal.set(0, "algebra", 5, 1, 1, 1))
        events.deliver()
        after_commit()
        jobs.run(jobs.Collected.jobs.pop()[1])
        self.publish(system, journal.set(0, "algebra", 6, 1, 1, 1))
        events.deliver()
        after_commit()
        jobs.run(jobs.Collected.jobs.pop()[1])
        assert own("journal.quality") == (7, 9, 9)

    def test_the_same_news_twice_changes_nothing(self, journal: Journal, system: Actor) -> None:
        key = journal.set(0, "algebra", 6, 9, 8, 2)
        note(system, key)
        services.refresh(actor=system)
        note(system, key)
        assert services.refresh(actor=system) == 0


@pytest.mark.requirement("ANL-00")
class TestRecount:
    def test_finds_nothing_after_honest_changes(self, journal: Journal, system: Actor) -> None:
        note(system, journal.set(0, "algebra", 6, 9, 8, 2))
        note(system, journal.set(2, "physics", 1, 1, 1, 0, period=journal.periods[1]))
        services.refresh(actor=system)
        assert faults(services.recount(actor=system)) == (0, 0)

    def test_mends_and_alarms_what_was_changed_behind_its_back(self, journal: Journal, system: Actor) -> None:
        note(system, journal.set(0, "algebra", 6, 9, 8, 2))
        services.recount(actor=system)
        RollupFact.objects.filter(metric="journal.quality", dimension="all").update(numerator=99)
        journal.set(0, "algebra", 1, 9, 8, 2)  # no news
        found = services.recount(actor=system)
        assert found["classes"] == 4
        assert found["public"] >= 5
        assert own("journal.quality") == (10, 20, 20)
        [line] = [e for e in audit.entries() if e.action == "analytics.recount.mismatch"]
        assert line.details["classes"] == 4
        assert rollups.freshness()[system.tenant.id].mismatches == found["classes"] + found["public"]

    def test_lessons_held_meanwhile_are_no_fault(self, journal: Journal, system: Actor) -> None:
        services.recount(actor=system)
        journal.missed[journal.classes[1].id] = 20
        assert faults(services.recount(actor=system)) == (0, 0)
        assert own("journal.attendance") == (280, 300, 14)

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 2),
                st.sampled_from(["algebra", "physics", "history"]),
                st.integers(0, 1),
                st.tuples(*[st.integers(0, 9)] * 4),
                st.booleans(),
            ),
            max_size=12,
        )
    )
    def test_equals_the_folded_figures_after_any_changes(
        self, journal: Journal, system: Actor, changes: list[tuple[int, str, int, tuple[int, ...], bool]]
    ) -> None:
        services.recount(actor=system)
        for room, subject, period, counts, refresh_now in changes:
            note(system, journal.set(room, subject, *counts, period=journal.periods[period]))
            if refresh_now:
                services.refresh(actor=system)
        assert faults(services.recount(actor=system)) == (0, 0)
        for period in ("q1", "q2"):
            told = {
                (f.metric, f.dimension, f.value): (f.numerator, f.denominator)
                for f in rollups.own(year=YEAR, period=period)
            }
            counted = {
                (f.metric, f.dimension, f.value): (f.numerator, f.denominator)
                for f in facts.sums(
                    metrics=[m.code for m in rollups.METRICS.values()], year=YEAR, period=period
                )
            }
            assert told == counted

    def test_two_schools_count_beside_each_other(
        self, journal: Journal, system: Actor, school_b: TenantRef
    ) -> None:
        note(system, journal.set(0, "algebra", 6, 9, 8, 2))
        services.refresh(actor=system)
        with tenancy.use(school_b):
            assert rollups.own() == []
            assert not ClassFact.objects.exists()
