"""Files of FET: what is understood, what is named as not understood, and what is written back."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from modules.schedule.solver import fet
from modules.schedule.solver.check import judge
from modules.schedule.solver.problem import Kind, Problem, Timetable
from modules.schedule.solver.search import solve

pytestmark = pytest.mark.requirement("SIS-15")

SCHOOL = """<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5">
<Institution_Name>№ 1 мектеп</Institution_Name>
<Days_List><Number_of_Days>2</Number_of_Days>
  <Day><Name>Дүйсенбі</Name></Day><Day><Name>Сейсенбі</Name></Day></Days_List>
<Hours_List><Number_of_Hours>3</Number_of_Hours>
  <Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour><Hour><Name>3</Name></Hour></Hours_List>
<Students_List>
  <Year><Name>5</Name><Number_of_Students>50</Number_of_Students>
    <Group><Name>5А</Name><Number_of_Students>25</Number_of_Students>
      <Subgroup><Name>5А қыздар</Name><Number_of_Students>12</Number_of_Students></Subgroup>
      <Subgroup><Name>5А ұлдар</Name><Number_of_Students>13</Number_of_Students></Subgroup></Group>
    <Group><Name>5Б</Name><Number_of_Students>25</Number_of_Students></Group></Year>
</Students_List>
<Activities_List>
  <Activity><Teacher>Айгүл</Teacher><Subject>Алгебра</Subject><Students>5А</Students><Duration>1</Duration>
    <Id>1</Id><Activity_Group_Id>1</Activity_Group_Id><Active>true</Active></Activity>
  <Activity><Teacher>Айгүл</Teacher><Subject>Алгебра</Subject><Students>5А</Students><Duration>1</Duration>
    <Id>2</Id><Activity_Group_Id>1</Activity_Group_Id><Active>true</Active></Activity>
  <Activity><Teacher>Болат</Teacher><Subject>Еңбек</Subject><Activity_Tag>шеберхана</Activity_Tag>
    <Students>5А ұлдар</Students><Duration>2</Duration>
    <Id>3</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>
  <Activity><Teacher>Болат</Teacher><Subject>Сынып сағаты</Subject><Students>5</Students><Duration>1</Duration>
    <Id>4</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>
  <Activity><Teacher>Болат</Teacher><Subject>Үйірме</Subject><Students>5Б</Students><Duration>1</Duration>
    <Id>5</Id><Activity_Group_Id>0</Activity_Group_Id><Active>false</Active></Activity>
</Activities_List>
<Rooms_List><Room><Name>Шеберхана</Name><Building></Building><Capacity>30</Capacity></Room>
  <Room><Name>Зал</Name><Building></Building><Capacity>20</Capacity></Room></Rooms_List>
<Time_Constraints_List>%s</Time_Constraints_List>
<Space_Constraints_List>%s</Space_Constraints_List>
</fet>
"""
BASIC = "<ConstraintBasicCompulsoryTime><Weight_Percentage>100</Weight_Percentage></ConstraintBasicCompulsoryTime>"


def constraint(name: str, weight: float = 100, **fields: object) -> str:
    inside = "".join(
        f"<{tag}>{one}</{tag}>"
        for tag, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    )
    return (
        f"<Constraint{name}><Weight_Percentage>{weight}</Weight_Percentage>{inside}"
        f"<Active>true</Active></Constraint{name}>"
    )


def time_of(day: str, hour: int) -> str:
    return f"<Day>{day}</Day><Hour>{hour}</Hour>"


def school(times: str = "", spaces: str = "") -> Problem:
    return fet.read_bytes((SCHOOL % (BASIC + times, spaces)).encode()).problem


class TestRead:
    def test_students_are_bound_by_their_smallest_sets(self) -> None:
        problem = school()
        names = [[problem.agents[n].name for n in one.agents] for one in problem.activities]
        assert names[0] == ["Айгүл", "5А қыздар", "5А ұлдар"]
        assert names[2] == ["Болат", "5А ұлдар"]
        assert names[3] == ["Болат", "5А қыздар", "5А ұлдар", "5Б"]

    def test_inactive_activities_stay_out(self) -> None:
        assert [one.number for one in school().activities] == [1, 2, 3, 4]

    def test_the_series_of_a_split_subject_is_numbered(self) -> None:
        assert [(one.series, one.part) for one in school().activities[:3]] == [(1, 1), (1, 2), (0, 1)]

    def test_a_rule_that_is_not_understood_is_named_and_counted(self) -> None:
        strange = constraint("StudentsMaxDreamsPerDay", Max_Dreams=1)
        assert school(strange + strange).unknown_rules == {"ConstraintStudentsMaxDreamsPerDay": 2}

    def test_a_rule_switched_off_asks_nothing(self) -> None:
        off = constraint("StudentsMaxDreamsPerDay").replace("true", "false")
        problem = school(off)
        assert not problem.unknown_rules
        assert not problem.rules

    def test_closed_hours_shut_activities_out_whole(self) -> None:
        closed = constraint(
            "TeacherNotAvailableTimes", Teacher="Болат", Not_Available_Time=[time_of("Дүйсенбі", 2)]
        )
        problem = school(closed)
        domains = problem.domains()
        assert domains[2] == {3, 4}, "a double lesson may not touch the closed hour"
        assert domains[3] == {0, 2, 3, 4, 5}
        assert problem.agents[problem.activities[2].agents[0]].closed == {1}

    def test_filters_choose_by_students_who_share_any(self) -> None:
        filtered = constraint(
            "ActivitiesPreferredStartingTimes",
            Students_Name="5А қыздар",
            Preferred_Starting_Time=[
                "<Preferred_Starting_Day>Сейсенбі</Preferred_Starting_Day>"
                "<Preferred_Starting_Hour>1</Preferred_Starting_Hour>"
            ],
        )
        (rule,) = school(filtered).rules
        assert rule.kind is Kind.STARTS
        assert rule.activities == (0, 1, 3)
        assert rule.slots == {3}

    def test_weights_below_a_hundred_are_wishes(self) -> None:
        kept, rule = school(
            constraint(
                "MinDaysBetweenActivities",
                95,
                Consecutive_If_Same_Day="true",
                Activity_Id=[1, 2],
                MinDays=1,
            )
        ).rules
        assert (rule.kind, rule.weight, rule.limit) == (Kind.MIN_DAYS, 95, 1)
        assert not rule.is_hard
        assert kept.kind is Kind.BESIDE
        assert kept.is_hard, "what lies on one day lies together, whatever the wish weighs"

    def test_rooms_too_small_are_no_rooms(self) -> None:
        spaces = constraint("SubjectPreferredRooms", Subject="Алгебра", Preferred_Room=["Шеберхана", "Зал"])
        (rule,) = school(spaces=spaces).rules
        assert rule.rooms == {0}, "25 pupils do not fit into the hall of 20"

    def test_a_home_room_yields_to_a_preferred_one(self) -> None:
        spaces = constraint("TeacherHomeRoom", Teacher="Болат", Room="Зал") + constraint(
            "ActivityTagPreferredRoom", Activity_Tag="шеберхана", Room="Шеберхана"
        )
        problem = school(spaces=spaces)
        assert [(rule.activities, rule.rooms) for rule in problem.rules] == [((2,), {0}), ((3,), frozenset())]

    def test_a_packed_file_is_read_too(self, tmp_path: Path) -> None:
        packed = tmp_path / "school.fet.gz"
        packed.write_bytes(gzip.compress((SCHOOL % ("", "")).encode()))
        assert len(fet.read(packed).problem.activities) == 4

    @pytest.mark.parametrize("content", [b"", b"<xml", b"<html></html>", b"<fet></fet>"])
    def test_refuses_what_is_no_file_of_fet(self, content: bytes) -> None:
        with pytest.raises(fet.NotFet):
            fet.read_bytes(content)

    def test_refuses_students_whom_the_file_lacks(self) -> None:
        content = (SCHOOL % ("", "")).replace("<Students>5А</Students>", "<Students>9Я</Students>")
        with pytest.raises(fet.NotFet, match="9Я"):
            fet.read_bytes(content.encode())

    def test_refuses_a_number_that_is_none(self) -> None:
        content = (SCHOOL % ("", "")).replace("<Duration>2</Duration>", "<Duration>екі</Duration>")
        with pytest.raises(fet.NotFet, match="екі"):
            fet.read_bytes(content.encode())

    def test_refuses_a_broken_package(self, tmp_path: Path) -> None:
        packed = tmp_path / "school.fet.gz"
        packed.write_bytes(gzip.compress((SCHOOL % ("", "")).encode())[:200])
        with pytest.raises(fet.NotFet):
            fet.read(packed)

    def test_entities_from_outside_are_not_opened(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("құпия")
        declared = f'<!DOCTYPE fet [<!ENTITY x SYSTEM "{secret.as_uri()}">]><fet version='
        content = (SCHOOL % ("", "")).replace("<fet version=", declared).replace("№ 1 мектеп", "&x;")
        assert "құпия" not in fet.read_bytes(content.encode()).problem.name


class TestWrite:
    def test_every_activity_is_locked_and_read_again_the_same(self, tmp_path: Path) -> None:
        wish = constraint(
            "ActivityPreferredStartingTime", Activity_Id=1, Preferred_Day="Сейсенбі", Preferred_Hour=1
        )
        space = constraint("ActivityTagPreferredRoom", Activity_Tag="шеберхана", Room="Шеберхана")
        file = fet.read_bytes((SCHOOL % (BASIC + wish, space)).encode())
        answer = solve(file.problem, seconds=5, workers=1)
        assert answer.timetable is not None
        target = tmp_path / "answer.fet"
        file.write(answer.timetable, target)
        again = fet.read(target).problem
        assert [domain.pop() for domain in again.domains()] == list(answer.timetable.starts)
        assert not any(again.domains()[0] - {answer.timetable.starts[0]})
        assert judge(again, answer.timetable).hard_violations == 0
        locks = etree.parse(target).findall(".//ConstraintActivityPreferredStartingTime")
        assert sorted(int(lock.findtext("Activity_Id") or 0) for lock in locks) == [1, 2, 3, 4]
        assert {lock.findtext("Permanently_Locked") for lock in locks} == {"true"}
        (held,) = etree.parse(target).findall(".//ConstraintActivityPreferredRoom")
        assert held.findtext("Room") == "Шеберхана"

    def test_names_are_written_as_the_file_spells_them(self, tmp_path: Path) -> None:
        """FET takes a name for another when the spaces around it are gone."""
        space = constraint("ActivityTagPreferredRoom", Activity_Tag="шеберхана", Room="Шеберхана")
        text = (SCHOOL % (BASIC, space)).replace("<Name>Шеберхана<", "<Name>Шеберхана \t<")
        file = fet.read_bytes(text.replace("<Name>Сейсенбі<", "<Name> Сейсенбі<").encode())
        file.write(Timetable((3, 4, 3, 5), (None, None, 0, None)), tmp_path / "answer.fet")
        tree = etree.parse(tmp_path / "answer.fet")
        (held,) = tree.findall(".//ConstraintActivityPreferredRoom")
        assert held.findtext("Room") == "Шеберхана \t"
        assert {one.text for one in tree.findall(".//Preferred_Day")} == {" Сейсенбі"}

    def test_the_file_read_stays_as_it_was(self, tmp_path: Path) -> None:
        file = fet.read_bytes((SCHOOL % (BASIC, "")).encode())
        before = etree.tostring(file.tree)
        file.write(Timetable((0, 3, 1, 5), (None,) * 4), tmp_path / "answer.fet")
        assert etree.tostring(file.tree) == before


class TestCommand:
    def run(self, *words: str) -> tuple[int, str]:
        import typer

        from config.commands import add_to

        app = typer.Typer()
        add_to(app)
        done = CliRunner().invoke(app, ["timetable", "solve", *words])
        return done.exit_code, done.stdout

    def test_tells_what_the_issue_fixed_and_writes_the_answer(self, tmp_path: Path) -> None:
        source, target = tmp_path / "school.fet", tmp_path / "answer.fet"
        source.write_text(SCHOOL % (BASIC, ""), encoding="utf-8")
        code, told = self.run(str(source), "--seconds", "3", "--json", "--out", str(target))
        answer = json.loads(told)
        assert code == 0
        assert answer["solved"] is True
        assert answer["hard_violations"] == 0
        assert answer["soft_violations"] == 0
        assert answer["unknown_rules"] == {}
        assert answer["activities"] == 4
        assert 0 <= answer["seconds_to_first"] <= answer["seconds"] < 10
        assert target.exists()

    def test_says_that_there_is_no_answer(self, tmp_path: Path) -> None:
        source = tmp_path / "school.fet"
        both = "".join(
            constraint(
                "ActivityPreferredStartingTime", Activity_Id=n, Preferred_Day="Сейсенбі", Preferred_Hour=1
            )
            for n in (1, 2)
        )
        source.write_text(SCHOOL % (BASIC + both, ""), encoding="utf-8")
        code, told = self.run(str(source), "--seconds", "3", "--json")
        answer = json.loads(told)
        assert code == 1
        assert answer["solved"] is False
        assert answer["impossible"] is True
        assert answer["hard_violations"] is None

    def test_refuses_another_file_in_words(self, tmp_path: Path) -> None:
        source = tmp_path / "school.fet"
        source.write_text("сабақ кестесі", encoding="utf-8")
        code, told = self.run(str(source), "--json")
        assert code == 1
        assert told == ""
