"""Figures of schools and the sums above them, as each side's own login role sees them."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import clock, tenancy
from kernel.tenancy import TenantRef
from tenants import rollups
from tenants.models import RollupDelta, RollupFact, RollupNode
from tenants.rollups import Figure, closed_where_small
from tests.tenants.conftest import mismatches

YEAR, PERIOD = "2026-27", "q1"
METRIC = rollups.register(
    rollups.Metric("test.share", "Share", "percent", "A share, for tests", "those", "all of them")
)


def figure(numerator: int, denominator: int, people: int | None = None, **more: Any) -> Figure:
    return Figure(
        METRIC.code, YEAR, PERIOD, numerator, denominator, denominator if people is None else people, **more
    )


def write(school: TenantRef, *figures: Figure, fold: bool = True) -> int:
    with tenancy.use(school):
        with transaction.atomic():
            changed = rollups.write(figures, metrics=[METRIC.code], year=YEAR, period=PERIOD)
        if fold:
            rollups.fold()
    return changed


class TestWhatIsClosed:
    def shown(self, dimension: str, *people: int) -> list[bool]:
        cells = [figure(1, 9, n, dimension=dimension, value=f"{i}") for i, n in enumerate(people)]
        return [f.is_open for f in sorted(closed_where_small(cells), key=lambda f: f.value)]

    def test_a_cell_of_five_is_open_and_of_four_is_not(self) -> None:
        assert self.shown("all", 5) == [True]
        assert self.shown("all", 4) == [False]

    def test_the_rest_does_not_give_a_closed_cell_away(self) -> None:
        assert self.shown("grade", 3, 20, 9) == [False, True, False]

    def test_two_small_grades_cover_each_other(self) -> None:
        assert self.shown("grade", 3, 20, 3) == [False, True, False]
        assert self.shown("grade", 3, 20, 2, 9) == [False, True, False, True]

    def test_two_small_subjects_may_be_the_same_pupils(self) -> None:
        assert self.shown("subject", 3, 20, 3, 9) == [False, True, False, False]

    @given(st.lists(st.integers(1, 12), min_size=1, max_size=8))
    def test_what_total_less_open_tells_is_never_of_few(self, people: list[int]) -> None:
        cells = [figure(1, 9, n, dimension="grade", value=f"{i}") for i, n in enumerate(people)]
        hidden = [f.people for f in closed_where_small(cells) if not f.is_open]
        assert not hidden or sum(hidden) >= 5 or sum(people) < 5
        assert all(f.people >= 5 for f in closed_where_small(cells) if f.is_open)


class TestWrite:
    def test_touches_only_what_changed(self, in_school: TenantRef) -> None:
        first = [
            figure(3, 10),
            figure(1, 5, dimension="grade", value="5"),
            figure(2, 5, dimension="grade", value="6"),
        ]
        assert write(in_school, *first, fold=False) == 3
        before = {f.pk: f.as_of for f in RollupFact.objects.all()}
        assert write(in_school, *first, fold=False) == 0
        assert write(in_school, figure(4, 10), *first[1:], fold=False) == 1
        moved = [f for f in RollupFact.objects.all() if before.get(f.pk) != f.as_of]
        assert [(f.dimension, f.numerator) for f in moved] == [("all", 4)]

    def test_what_is_gone_goes(self, in_school: TenantRef) -> None:
        write(in_school, figure(3, 10), figure(1, 5, dimension="grade", value="5"), fold=False)
        assert write(in_school, figure(3, 10), fold=False) == 1
        assert [f.dimension for f in rollups.own(year=YEAR)] == ["all"]

    def test_other_periods_and_metrics_stay(self, in_school: TenantRef) -> None:
        write(in_school, figure(3, 10), fold=False)
        rollups.write([], metrics=["test.other"], year=YEAR, period=PERIOD)
        rollups.write([], metrics=[METRIC.code], year=YEAR, period="q2")
        assert len(rollups.own()) == 1

    def test_refuses_figures_outside_the_slice(self, in_school: TenantRef) -> None:
        with pytest.raises(ValueError, match="outside"):
            rollups.write([figure(1, 5)], metrics=[METRIC.code], year=YEAR, period="q2")

    def test_an_authority_writes_none(self, authority: TenantRef) -> None:
        with tenancy.use(authority), pytest.raises(ValueError, match="Only a school"):
            rollups.write([], metrics=[], year=YEAR, period=PERIOD)

    def test_a_school_touches_neither_deltas_nor_sums(self, in_school: TenantRef) -> None:
        write(in_school, figure(3, 10), fold=False)
        for model in (RollupDelta, RollupNode):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                model.objects.update(numerator=0)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            list(RollupDelta.objects.all())


@pytest.mark.requirement("TEN-04", "ANL-00")
class TestWhatAuthoritiesSee:
    def test_sums_of_numerators_and_denominators_at_every_level(
        self, committed: dict[str, TenantRef]
    ) -> None:
        write(committed["school-a"], figure(10, 20))
        write(committed["school-b"], figure(27, 30))
        write(committed["school-n"], figure(1, 50))
        with tenancy.use(committed["authority"]):
            assert {f.owner: f.amount for f in rollups.of_schools()} == {
                committed["school-a"].id: 50.0,
                committed["school-b"].id: 90.0,
            }
            [total] = rollups.of_node(committed["authority"].id)
            assert (total.numerator, total.denominator, total.schools, total.amount) == (37, 50, 2, 74.0)
        with tenancy.use(committed["region"]):
            assert {f.owner: f.amount for f in rollups.of_nodes()} == {
                committed["authority"].id: 74.0,
                committed["neighbour"].id: 2.0,
            }
            [total] = rollups.of_node(committed["region"].id)
            assert (total.numerator, total.denominator, total.schools) == (38, 100, 3)
        assert mismatches() == 0

    def test_the_neighbour_sees_nothing_of_it(self, committed: dict[str, TenantRef]) -> None:
        write(committed["school-a"], figure(10, 20))
        with tenancy.use(committed["neighbour"]):
            assert rollups.of_schools() == []
            assert rollups.of_node(committed["authority"].id) == []
            assert rollups.of_node(committed["region"].id) == []
            assert RollupFact.objects.count() == RollupNode.objects.count() == 0
            assert rollups.closed_cells(metric=METRIC.code, year=YEAR, period=PERIOD) == set()

    def test_another_school_sees_nothing_of_it(self, committed: dict[str, TenantRef]) -> None:
        write(committed["school-a"], figure(10, 20))
        with tenancy.use(committed["school-b"]):
            assert rollups.own() == []
            assert RollupFact.objects.count() == RollupNode.objects.count() == 0

    def test_fewer_than_five_are_known_to_be_there_and_no_more(self, committed: dict[str, TenantRef]) -> None:
        write(committed["school-a"], figure(3, 4))
        write(committed["school-b"], figure(27, 30))
        with tenancy.use(committed["school-a"]):
            assert [f.numerator for f in rollups.own()] == [3]
        with tenancy.use(committed["authority"]):
            assert [f.owner for f in rollups.of_schools()] == [committed["school-b"].id]
            assert not RollupFact.objects.filter(school_id=committed["school-a"].id).exists()
            closed = rollups.closed_cells(metric=METRIC.code, year=YEAR, period=PERIOD)
            assert closed == {(committed["school-a"].id, "")}
            [total] = rollups.of_node(committed["authority"].id)
            assert (total.numerator, total.schools, total.hidden) == (27, 1, 1)
        assert mismatches() == 0

    def test_a_school_cannot_open_a_small_cell(self, committed: dict[str, TenantRef]) -> None:
        with tenancy.use(committed["school-a"]):
            RollupFact(
                school_id=committed["school-a"].id,
                metric=METRIC.code,
                year=YEAR,
                period=PERIOD,
                numerator=1,
                denominator=4,
                people=4,
                is_open=True,
                as_of=clock.now(),
            ).save()
        with tenancy.use(committed["authority"]):
            assert RollupFact.objects.count() == 0

    def test_freshness_is_read_above_and_nowhere_else(self, committed: dict[str, TenantRef]) -> None:
        at = clock.now() - timedelta(minutes=1)
        with tenancy.use(committed["school-a"]):
            rollups.refreshed(at=at)
        for code in ("authority", "school-a"):
            with tenancy.use(committed[code]):
                assert rollups.freshness()[committed["school-a"].id].refreshed_at == at
        for code in ("neighbour", "school-b", "region"):
            with tenancy.use(committed[code]):
                assert rollups.freshness() == {}


class TestFold:
    def test_deletions_empty_the_sums(self, committed: dict[str, TenantRef]) -> None:
        write(committed["school-a"], figure(10, 20))
        write(committed["school-a"])
        with tenancy.owner():
            assert RollupNode.objects.count() == 0
        assert mismatches() == 0

    def test_schools_of_one_district_never_wait_for_each_other(self, committed: dict[str, TenantRef]) -> None:
        """Two schools write the same sums in opposite order, both uncommitted: nothing blocks, nothing is lost."""
        rounds, failures = 15, []
        barrier = threading.Barrier(2)

        def work(code: str, backwards: bool) -> None:
            try:
                with tenancy.use(committed[code]):
                    for number in range(rounds):
                        values = sorted("abcdef", reverse=backwards)
                        barrier.wait(timeout=20)
                        with transaction.atomic():
                            for period in ("q1", "q2")[:: -1 if backwards else 1]:
                                rollups.write(
                                    [
                                        Figure(METRIC.code, YEAR, period, number, 9, 9, 1, "subject", value)
                                        for value in values
                                    ],
                                    metrics=[METRIC.code],
                                    year=YEAR,
                                    period=period,
                                )
                            barrier.wait(timeout=20)  # both hold all they took
                        rollups.fold()
            except Exception as failure:  # told by the test below
                failures.append(failure)
                barrier.abort()
            finally:
                tenancy.forget()

        threads = [
            threading.Thread(target=work, args=("school-a", False)),  # noqa: TID251
            threading.Thread(target=work, args=("school-b", True)),  # noqa: TID251
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert failures == []
        with tenancy.owner():
            rollups.fold()
        assert mismatches() == 0
        with tenancy.use(committed["authority"]):
            sums = rollups.of_node(committed["authority"].id, dimension="subject")
            assert {(f.numerator, f.schools) for f in sums} == {(2 * (rounds - 1), 2)}

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["school-a", "school-b", "school-n"]),
                st.lists(
                    st.tuples(st.sampled_from("567"), st.integers(0, 9), st.integers(1, 9)),
                    max_size=3,
                    unique_by=lambda cell: cell[0],
                ),
                st.booleans(),
            ),
            max_size=8,
        )
    )
    def test_sums_equal_the_facts_after_any_changes(
        self, committed: dict[str, TenantRef], changes: list[tuple[str, list[tuple[str, int, int]], bool]]
    ) -> None:
        for code, cells, fold in changes:
            figures = [figure(n, p, dimension="grade", value=grade) for grade, n, p in cells]
            write(committed[code], *figures, fold=fold)
        with tenancy.owner():
            rollups.fold()
        assert mismatches() == 0

    def test_the_check_bites(self, committed: dict[str, TenantRef]) -> None:
        write(committed["school-a"], figure(10, 20))
        with tenancy.owner(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE public.tenants_rollupnode SET numerator = numerator + 1 WHERE parent_id IS NULL"
            )
        assert mismatches() == 1

    @pytest.mark.parametrize("code", ["school-a", "authority", "vendor"])
    def test_the_check_is_the_owners_alone(self, committed: dict[str, TenantRef], code: str) -> None:
        with (
            tenancy.use(committed[code]),
            connection.cursor() as cursor,
            pytest.raises(ProgrammingError, match="permission denied"),
        ):
            cursor.execute("SELECT public.tenants_rollup_mismatches()")


def test_counting_waits_for_whoever_notes_a_change_and_noting_for_nobody_who_notes(
    committed: dict[str, TenantRef],
) -> None:
    held, done, told = threading.Event(), threading.Event(), []

    def note() -> None:
        with tenancy.use(committed["school-a"]), transaction.atomic():
            rollups.hold_shared()
            held.set()
            done.wait(20)
        tenancy.forget()

    def waits(code: str, lock: Any) -> bool:
        try:
            with tenancy.use(committed[code]), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
                lock()
        except OperationalError:
            return True
        return False

    other = threading.Thread(target=note)  # noqa: TID251
    other.start()
    held.wait(20)
    try:
        told = [
            waits("school-a", rollups.hold),
            waits("school-a", rollups.hold_shared),
            waits("school-b", rollups.hold),
        ]
    finally:
        done.set()
        other.join(20)
    assert told == [True, False, False]
    assert not waits("school-a", rollups.hold)
