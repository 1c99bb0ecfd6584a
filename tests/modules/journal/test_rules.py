"""The worked examples of the rules, one by one."""

from __future__ import annotations

from typing import Literal

import pytest

from modules.journal import rules
from modules.journal.rules import Options, Parts, Rule
from modules.journal.services import summary_texts

NOW = rules.rule_for(year="2026-27", mode="points", period="quarter")
OLD = rules.rule_for(year="2020-21", mode="points", period="quarter")
HALF = rules.rule_for(year="2026-27", mode="points", period="half_year")
PASS = rules.rule_for(year="2026-27", mode="passfail", period="quarter", has_sor=False, has_soch=False)
NONE = rules.rule_for(year="2026-27", mode="none", period="quarter")


@pytest.mark.requirement("SIS-53")
class TestRecommend:
    @pytest.mark.parametrize(
        ("rule", "parts", "percent", "mark"),
        [
            (NOW, Parts.of(fo=[8, 9, 7, 10], sor=[(12, 15), (8, 10)], soch=[(18, 25)]), 77, "4"),
            (NOW, Parts.of(fo=[5, 5, 4, 6], sor=[(6, 15)], soch=[(9, 25)]), 41, "3"),
            (NOW, Parts.of(fo=[8, 8], sor=[(8, 10)], soch=[(22, 25)]), 84, "4"),
            (NOW, Parts.of(fo=[9, 8], sor=[(9, 10)], soch=[(21, 25)]), 86, "5"),
            (HALF, Parts.of(fo=[7, 8, 9], sor=[(10, 15)]), 73, "4"),
            (OLD, Parts.of(sor=[(20, 25)], soch=[(18, 25)]), 76, "4"),
            (NOW, Parts.of(fo=[10], sor=[(10, 10)], soch=[(25, 25)]), 100, "5"),
            (NOW, Parts.of(fo=[1], sor=[(0, 10)], soch=[(0, 25)]), 3, "2"),
        ],
    )
    def test_gives_the_mark_of_the_worked_examples(
        self, rule: Rule, parts: Parts, percent: int, mark: str
    ) -> None:
        answer = rules.recommend(parts, rule)
        assert (answer.percent, answer.mark, answer.is_complete) == (percent, mark, True)

    def test_rounds_a_half_up_at_the_boundary(self) -> None:
        parts = Parts.of(fo=[6, 6], sor=[(33, 50)], soch=[(66, 100)])  # 15 + 16.5 + 33 = 64.5
        answer = rules.recommend(parts, NOW)
        assert answer.total == 64.5
        assert (answer.percent, answer.mark) == (65, "4")

    @pytest.mark.parametrize(
        ("percent", "mark"),
        [(0, "2"), (39, "2"), (40, "3"), (64, "3"), (65, "4"), (84, "4"), (85, "5"), (100, "5")],
    )
    def test_keeps_the_bands(self, percent: int, mark: str) -> None:
        assert rules.mark_of(percent, NOW) == mark

    def test_pools_several_works_or_takes_their_mean_as_the_school_chose(self) -> None:
        parts = Parts.of(fo=[8], sor=[(9, 10), (18, 30)], soch=[(20, 25)])
        assert rules.recommend(parts, NOW).sor == 67.5
        mean = rules.rule_for(
            year="2026-27", mode="points", period="quarter", options=Options(sor_pooling="mean")
        )
        assert rules.recommend(parts, mean).sor == 75

    def test_forecasts_over_the_parts_present(self) -> None:
        answer = rules.recommend(Parts.of(fo=[8, 8], sor=[(8, 10)]), NOW)
        assert (answer.percent, answer.mark, answer.is_complete) == (80, "4", False)
        assert set(answer.flags) == {"no_soch", "not_assessed"}

    def test_tells_that_formative_points_are_missing(self) -> None:
        answer = rules.recommend(Parts.of(sor=[(8, 10)], soch=[(20, 25)]), NOW)
        assert answer.flags == ("no_fo",)
        assert not answer.is_complete

    def test_tells_that_one_of_two_works_was_not_written(self) -> None:
        parts = Parts(fo_points=8, fo_count=1, sor_points=8, sor_maximum=10, sor_count=1, sor_planned=2,
                      soch_points=20, soch_maximum=25, soch_planned=1)  # fmt: skip
        assert rules.recommend(parts, NOW).flags == ("not_assessed",)

    def test_says_nothing_without_points(self) -> None:
        answer = rules.recommend(Parts(), NOW)
        assert (answer.mark, answer.percent, answer.flags) == (None, None, ("nothing",))

    def test_passes_or_fails_where_there_are_no_marks(self) -> None:
        assert rules.recommend(Parts.of(fo=[4]), PASS).mark == "pass"
        assert rules.recommend(Parts.of(fo=[3]), PASS).mark == "fail"
        assert rules.recommend(Parts(), PASS).mark is None

    def test_marks_nobody_in_grade_one(self) -> None:
        assert rules.recommend(Parts.of(fo=[9]), NONE).mark is None

    def test_keeps_the_version_of_the_rule(self) -> None:
        assert rules.recommend(Parts(), NOW).version == "125-2022"
        assert rules.recommend(Parts(), OLD).version == "125-2017"

    def test_a_part_that_the_subject_has_not_leaves_its_share_to_the_rest(self) -> None:
        only_fo = rules.rule_for(
            year="2026-27", mode="points", period="quarter", has_sor=False, has_soch=False
        )
        answer = rules.recommend(Parts.of(fo=[8, 9]), only_fo)
        assert (answer.percent, answer.mark, answer.is_complete) == (85, "5", True)


@pytest.mark.requirement("MOB-12")
class TestNeededPoints:
    def test_follows_the_worked_example(self) -> None:
        parts = Parts.of(fo=[8, 8], sor=[(8, 10)])
        needed = {n.mark: n.points for n in rules.needed_points(parts, NOW, soch_maximum=25)}
        assert needed["5"] == 23

    @pytest.mark.parametrize("maximum", [10, 15, 20, 25, 30, 40])
    def test_is_the_least_that_is_enough(self, maximum: int) -> None:
        for fo in range(1, 11):
            for sor in range(11):
                parts = Parts.of(fo=[fo, 7], sor=[(sor, 10)])
                for need in rules.needed_points(parts, NOW, soch_maximum=maximum):
                    reached = [
                        p
                        for p in range(maximum + 1)
                        if (
                            mark := rules.recommend(
                                Parts.of(fo=[fo, 7], sor=[(sor, 10)], soch=[(p, maximum)]), NOW
                            ).mark
                        )
                        and mark >= need.mark
                    ]
                    assert need.points == (reached[0] if reached else None)

    def test_is_silent_once_the_work_is_written(self) -> None:
        assert rules.needed_points(Parts.of(fo=[8], soch=[(20, 25)]), NOW, soch_maximum=25) == []

    def test_is_silent_for_half_year_subjects(self) -> None:
        assert rules.needed_points(Parts.of(fo=[8]), HALF, soch_maximum=25) == []


@pytest.mark.requirement("SIS-53")
class TestAnnual:
    @pytest.mark.parametrize(
        ("marks", "annual"), [("4455", "5"), ("3434", "4"), ("5555", "5"), ("2333", "3"), ("44", "4")]
    )
    def test_is_the_mean_half_up(self, marks: str, annual: str) -> None:
        assert rules.annual_mark(marks) == annual

    def test_is_nothing_without_marks(self) -> None:
        assert rules.annual_mark([None, "na"]) is None

    @pytest.mark.parametrize(
        ("annual", "exam", "final"),
        [("4", "2", "3"), ("4", "3", "4"), ("4", "5", "4"), ("3", "5", "4"), ("5", "3", "4"), ("5", "4", "5"),
         ("5", "2", "4"), ("3", "2", "3"), ("2", "4", "3")],
    )  # fmt: skip
    def test_the_exam_weighs_three_tenths(self, annual: str, exam: str, final: str) -> None:
        assert rules.final_with_exam(annual, exam) == final


def test_half_year_subjects_are_those_of_one_hour() -> None:
    one = rules.period_kind(half_year_when_1h=True, hours=1)
    two = rules.period_kind(half_year_when_1h=True, hours=2)
    assert (one, two) == ("half_year", "quarter")


def test_the_grid_rounds_parts_as_the_mark_is_rounded() -> None:
    """64,5 % is 65 to a teacher: half up, not to the nearest even."""
    said = rules.recommend(Parts.of(fo=[6] * 11 + [7] * 9), NOW)
    assert said.fo == pytest.approx(64.5)
    assert summary_texts(said)["fo"] == "65"


def of(
    *marks: str, exam: str | None = None, year: str | None = None, extra: str | None = None
) -> rules.YearMarks:
    return rules.YearMarks(marks, exam, year, extra)


@pytest.mark.requirement("SIS-53")
class TestYear:
    @pytest.mark.parametrize(
        ("marks", "annual"),
        [("4455", "5"), ("3434", "4"), ("33", "3"), ("45", "5"), ("2233", "3"), ("2223", "2")],
    )
    def test_the_annual_mark_is_the_mean_half_up(self, marks: str, annual: str) -> None:
        assert of(*marks).annual == annual

    def test_the_exam_weighs_as_the_school_chose(self) -> None:
        taken = of("4", "4", "4", "4", exam="2")
        assert taken.final(Options()) == "3"
        assert taken.final(Options(exam_share=0)) == "4"
        assert of("2", "2", "2", "2", exam="4").final(Options()) == "3"

    def test_a_half_year_subject_has_the_mean_of_two(self) -> None:
        assert of("4", "5").annual == "5"
        assert of("4", "5").is_whole
        assert not rules.YearMarks(("4", None)).is_whole

    @pytest.mark.parametrize(("work", "final"), [("3", "3"), ("4", "3"), ("5", "4"), ("2", "2")])
    def test_after_a_two_the_mean_with_the_years_work_is_final(self, work: str, final: str) -> None:
        assert of("2", "2", "2", "3", year=work).final(Options()) == final

    @pytest.mark.parametrize(
        ("subjects", "expected"),
        [
            ({"algebra": of(*"4444")}, None),
            ({"algebra": of(*"2222")}, rules.Outcome.SUMMATIVE),
            ({"algebra": of(*"2222"), "physics": of(*"2223")}, rules.Outcome.SUMMATIVE),
            ({"algebra": of(*"2222"), "physics": of(*"2223"), "biology": of(*"2222")}, rules.Outcome.REPEATS),
            ({"algebra": of(*"2222", year="3")}, rules.Outcome.CLEARED),
            ({"algebra": of(*"2222", year="2")}, rules.Outcome.EXTRA),
            ({"algebra": of(*"2222", year="3"), "physics": of(*"2222")}, rules.Outcome.SUMMATIVE),
            ({"algebra": of(*"2222", year="2", extra="3")}, rules.Outcome.CLEARED),
            ({"algebra": of(*"2222", year="2", extra="2")}, rules.Outcome.REPEATS),
        ],
    )
    def test_what_follows_from_a_two(
        self, subjects: dict[str, rules.YearMarks], expected: rules.Outcome | None
    ) -> None:
        assert rules.outcome(subjects, Options()) == expected

    def test_the_year_of_a_pass_or_fail_subject(self) -> None:
        marks = ["fail", "pass", "pass", "pass"]
        assert rules.annual_pass(marks, Options()) == "pass"
        assert rules.annual_pass(marks, Options(year_pass="all")) == "fail"
        assert rules.annual_pass([None, None], Options()) is None

    @pytest.mark.parametrize(
        ("grade", "expected"), [(8, False), (9, True), (10, False), (11, True), (12, True)]
    )
    def test_exams_are_taken_in_the_last_grades_of_a_level(self, grade: int, expected: bool) -> None:
        assert rules.takes_exams(grade) is expected


class TestWhatEachPartBrings:
    """The shares of the worked examples, part by part."""

    @pytest.mark.parametrize(("pooling", "sor", "brings"), [("pooled", 67.5, 16.875), ("mean", 75, 18.75)])
    def test_several_sor_by_points_and_by_the_mean(
        self, pooling: Literal["pooled", "mean"], sor: float, brings: float
    ) -> None:
        rule = rules.rule_for(
            year="2026-27", mode="points", period="quarter", options=Options(sor_pooling=pooling)
        )
        answer = rules.recommend(Parts.of(fo=[10], sor=[(9, 10), (18, 30)], soch=[(25, 25)]), rule)
        assert answer.sor == sor
        assert answer.total == 25 + brings + 50

    @pytest.mark.parametrize(
        ("rule", "parts", "total"),
        [
            (NOW, Parts.of(fo=[8, 9, 7, 10], sor=[(12, 15), (8, 10)], soch=[(18, 25)]), 77.25),
            (NOW, Parts.of(fo=[5, 5, 4, 6], sor=[(6, 15)], soch=[(9, 25)]), 40.5),
            (NOW, Parts.of(fo=[8, 8], sor=[(8, 10)], soch=[(22, 25)]), 84),
            (NOW, Parts.of(fo=[9, 8], sor=[(9, 10)], soch=[(21, 25)]), 85.75),
            (HALF, Parts.of(fo=[7, 8, 9], sor=[(10, 15)]), 73.3333),
            (OLD, Parts.of(sor=[(20, 25)], soch=[(18, 25)]), 76),
        ],
    )
    def test_the_total_before_rounding(self, rule: Rule, parts: Parts, total: float) -> None:
        assert rules.recommend(parts, rule).total == pytest.approx(total, abs=1e-4)
