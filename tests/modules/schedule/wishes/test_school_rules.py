"""What the school asks is said to the solver as it weighs it; nothing of it needs a table."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from modules.schedule.rooms.rules import RoomInfo
from modules.schedule.solver.problem import Kind, Rule
from modules.schedule.timetabling import school_problem, seating, telling
from modules.schedule.timetabling.answers import Fit
from modules.schedule.timetabling.grid import DayOff, Grid, Piece
from modules.schedule.timetabling.problems import problems
from modules.schedule.wishes.rules import CARDS, Doubles, Level, SubjectDemand, Wishes
from tests.modules.schedule.timetabling.test_grid import BELLS, BOLAT, DANA, SEVEN_A, SEVEN_B, lesson

pytestmark = pytest.mark.requirement("SIS-15")
GYM = RoomInfo("Зал", "gymnasium", None)


def said(pieces: list[Piece], name: str = "", **wishes: Any) -> list[Rule]:
    more = {key: wishes.pop(key) for key in ("off", "closed") if key in wishes}
    grid = Grid(pieces, BELLS, 5, **more, school=Wishes(**wishes))
    rules = school_problem.asked(grid, keep=False).problem.rules
    return [one for one in rules if not name or one.name == name]


def course(count: int, **more: Any) -> list[Piece]:
    key = uuid4()
    return [lesson(None, course_id=key, **more) for _n in range(count)]


def sport(count: int, *, of: UUID = SEVEN_A, **more: Any) -> list[Piece]:
    return course(count, of=of, by=None, subject_code="physical_education", subject="Дене тәрбиесі", **more)


def test_a_rule_weighs_as_the_school_says_or_is_not_said() -> None:
    pieces = course(3)
    assert [one.weight for one in said(pieces, "gaps")] == [100.0]
    assert [one.weight for one in said(pieces, "gaps", levels={"gaps": Level.RATHER})] == [50.0]
    assert said(pieces, "gaps", levels={"gaps": Level.OFF}) == []
    assert {one.name for one in said(pieces)} <= set(CARDS)


@pytest.mark.parametrize(
    ("doubles", "kinds"),
    [
        (Doubles.NEVER, [(Kind.MIN_DAYS, 4)]),
        (Doubles.SOMETIMES, [(Kind.BESIDE, 4)]),
        (Doubles.ALWAYS, [(Kind.GROUPED, 2), (Kind.GROUPED, 2), (Kind.MIN_DAYS, 2)]),
    ],
)
def test_double_lessons_stand_in_pairs(doubles: Doubles, kinds: list[tuple[Kind, int]]) -> None:
    pieces = course(4)
    rules = said(pieces, doubles={pieces[0].course_id: doubles})
    found = [(one.kind, len(one.activities)) for one in rules if one.name in ("double", "spread")]
    assert found == kinds


def test_a_subject_stands_at_the_hours_that_are_set() -> None:
    demand = SubjectDemand(5, "ordinary", 2, 4)
    rule = said(course(2), "hours", subjects={"geography": demand})[0]
    assert rule.is_hard
    assert len(rule.slots) == 5 * 3


def test_groups_run_together_where_they_have_teachers_and_rooms() -> None:
    def groups(by: UUID) -> list[Piece]:
        return [
            *course(2, group=1, subject_code="informatics"),
            *course(2, group=2, by=by, subject_code="informatics"),
        ]

    lab = RoomInfo("12", "informatics", None)
    assert [one.kind for one in said(groups(DANA), "parallel")] == [Kind.SAME_START] * 2
    assert said(groups(BOLAT), "parallel") == []
    assert said(groups(DANA), "parallel", rooms=(lab,)) == []
    assert len(said(groups(DANA), "parallel", rooms=(lab, RoomInfo("13", "informatics", None)))) == 2


def test_a_circle_binds_its_pupils_and_is_no_day_of_the_class() -> None:
    whole, circle = course(4), course(2, group=51, by=DANA)
    problem = school_problem.asked(Grid([*whole, *circle], BELLS, 5), keep=False).problem
    students = {len(one.activities) for one in problem.agents if not one.is_teacher}
    assert students == {4, 6}  # the class as one, and the pupils of the circle in both
    for rule in problem.rules:
        if rule.name in ("gaps", "early", "most", "least"):
            assert [len(problem.agents[n].activities) for n in rule.agents] == [4]
    assert said([*whole, *circle], "parallel") == []


def test_a_grade_has_no_more_lessons_a_day_than_its_norm_unless_the_load_needs_it() -> None:
    pieces = course(12, of=SEVEN_A)
    assert [one.limit for one in said(pieces, "norm", grades={SEVEN_A: 1})] == [4]
    crowded = [one for _n in range(3) for one in course(8)]
    assert [one.limit for one in said(crowded, "norm", grades={SEVEN_A: 1})] == [5]
    assert said(pieces, "norm") == []


def test_hard_subjects_are_shared_out_by_the_schools_own_ranks() -> None:
    pieces = course(7, difficulty=12)
    shared, edges = said(pieces, "shared"), said(pieces, "edges")
    assert [(one.limit, len(one.activities)) for one in shared] == [(2, 7)]
    assert [(one.limit, len(one.slots)) for one in edges] == [(2, 14)]
    assert said(course(7), "shared") == []


def test_hours_of_a_teacher_are_told_with_the_day_and_the_lesson() -> None:
    off = {(1, 1, 1): DayOff(True, "бос емес"), (2, 1, 3): DayOff(True, "бос емес")}
    busy = {(5, 1, 1): DayOff(True, "басқа мектепте", "elsewhere")}
    rules = said(course(2), closed={BOLAT: off | busy})
    away, elsewhere = (next(one for one in rules if one.name == name) for name in ("away", "elsewhere"))
    assert len(away.slots) == 35 - 2
    assert "1;" in away.told
    assert away.told.startswith("бос емес")
    assert len(elsewhere.slots) == 35 - 1


def test_lessons_outside_his_hours_are_impossible_on_the_board() -> None:
    one = lesson(None)
    grid = Grid([one], BELLS, 5, closed={BOLAT: {(1, 1, 2): DayOff(True, "сабақ жүргізе алмайды")}})
    assert grid.answer(one, (1, 2)).fit is Fit.IMPOSSIBLE
    assert grid.answer(one, (1, 3)).fit is Fit.FITS


def test_no_more_classes_do_sport_at_once_than_the_gymnasiums_take() -> None:
    pieces = [*sport(2), *sport(2, of=SEVEN_B)]
    assert said(pieces, "room_kind") == []
    assert [one.limit for one in said(pieces, "room_kind", rooms=(GYM,))] == [1]
    large = RoomInfo("Зал", "gymnasium", None, 4)
    assert said(pieces, "room_kind", rooms=(large,)) == []


def test_a_large_class_has_only_the_large_rooms() -> None:
    rooms = (RoomInfo("Зал", "gymnasium", 40), RoomInfo("Кіші", "gymnasium", 20))
    pieces = [*sport(2), *sport(2, of=SEVEN_B)]
    sizes = {SEVEN_A: 30, SEVEN_B: 25}
    limits = [one.limit for one in said(pieces, "room_kind", rooms=rooms, sizes=sizes)]
    assert limits == [2, 1]


def test_gymnasiums_serve_both_shifts_when_they_ring_at_one_time() -> None:
    pieces = [*sport(1), *sport(1, of=SEVEN_B, shift=2)]
    rules = said(pieces, "room_kind", rooms=(GYM,))
    assert {one.kind for one in rules} == {Kind.SIMULTANEOUS_MAX, Kind.FROM_SET_MAX}


class TestBeforehand:
    def told(self, pieces: list[Piece], **wishes: Any) -> str:
        more = {key: wishes.pop(key) for key in ("off", "closed") if key in wishes}
        return "\n".join(telling.beforehand(Grid(pieces, BELLS, 5, **more, school=Wishes(**wishes))))

    def test_more_lessons_of_sport_than_the_hall_holds(self) -> None:
        pieces = [one for _n in range(12) for one in sport(3, of=uuid4())]
        assert "36" in self.told(pieces, rooms=(GYM,))
        assert "35" in self.told(pieces, rooms=(GYM,))
        assert self.told(pieces, rooms=(RoomInfo("Зал", "gymnasium", None, 2),)) == ""

    def test_a_class_that_no_room_seats_and_a_kind_that_is_not_there(self) -> None:
        small = RoomInfo("Кіші", "gymnasium", 20)
        assert "7А" in self.told(sport(1), rooms=(small,), sizes={SEVEN_A: 28})
        assert self.told(sport(1), rooms=(RoomInfo("1", "ordinary", None),)) != ""
        assert self.told(sport(1)) == ""

    def test_a_teacher_who_is_there_too_little(self) -> None:
        closed = {(day, 1, n): DayOff(True, "") for day in range(1, 6) for n in range(2, 8)}
        assert "Ермекова" in self.told(course(6), closed={BOLAT: closed})
        assert self.told(course(5), closed={BOLAT: closed}) == ""


class TestSeating:
    def grid(self, *pieces: Piece, **wishes: Any) -> Grid:
        return Grid(pieces, BELLS, 5, school=Wishes(**wishes))

    def test_lessons_get_rooms_where_they_stand(self) -> None:
        one = lesson((1, 1), subject_code="physical_education")
        other = lesson((1, 2), by=DANA)
        rooms = (GYM, RoomInfo("7", "ordinary", None))
        grid = self.grid(one, other, rooms=rooms, homes={SEVEN_A: "7"})
        places = {each.id: each.place for each in (one, other)}
        assert seating.rooms_of(grid, places) == {one.id: "Зал", other.id: "7"}
        assert seating.rooms_of(self.grid(one), places) == {}

    def test_joined_classes_get_one_room(self) -> None:
        pieces = [lesson((1, 1), set_code="1-3"), lesson((1, 1), of=SEVEN_B, set_code="1-3")]
        grid = self.grid(*pieces, rooms=(RoomInfo("7", "ordinary", None),))
        assert set(seating.rooms_of(grid, {}).values()) == {"7"}

    def test_two_classes_in_one_hall_are_absurd_unless_it_takes_two(self) -> None:
        pieces = [lesson((1, 1), room="Зал"), lesson((1, 1), of=SEVEN_B, by=DANA, room="Зал")]
        texts = [one.text for one in problems(self.grid(*pieces)) if "Зал" in one.text]
        assert len(texts) == 1
        large = RoomInfo("Зал", "gymnasium", None, 2)
        assert [one for one in problems(self.grid(*pieces, rooms=(large,))) if "Зал" in one.text] == []

    def test_sport_in_a_classroom_is_a_broken_wish_where_there_is_a_gymnasium(self) -> None:
        one = lesson((1, 1), subject_code="physical_education", room="7")
        rooms = (GYM, RoomInfo("7", "ordinary", None))
        assert [each.kind for each in problems(self.grid(one, rooms=rooms)) if each.kind == "room"] == [
            "room"
        ]
        assert not [each for each in problems(self.grid(one, rooms=rooms[1:])) if each.kind == "room"]

    def test_double_lessons_on_one_day_are_no_problem(self) -> None:
        key = uuid4()
        pieces = [lesson((1, n), course_id=key) for n in (1, 2)]
        assert "twice" in {one.kind for one in problems(self.grid(*pieces))}
        doubled = self.grid(*pieces, doubles={key: Doubles.ALWAYS})
        assert "twice" not in {one.kind for one in problems(doubled)}

    def test_a_wish_that_is_switched_off_is_no_problem(self) -> None:
        key = uuid4()
        pieces = [lesson((1, n), course_id=key, subject_code="algebra") for n in (5, 6)]
        assert {"twice", "late"} <= {one.kind for one in problems(self.grid(*pieces))}
        off = self.grid(*pieces, levels={"late": Level.OFF, "spread": Level.OFF})
        assert not {"twice", "late"} & {one.kind for one in problems(off)}
