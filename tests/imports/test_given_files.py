"""The spreadsheets of two schools, with all their troubles: what loads, what waits, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from imports import api
from kernel.access import Actor
from kernel.tenancy import TenantRef
from modules.contingent.models import Guardian, Membership, Pupil, PupilStatus, SchoolClass
from modules.staff.models import Employee, EmployeeSubject, Position

FILES = Path(__file__).resolve().parents[2] / "demo" / "import"
LARGE = FILES / "large-school-pupils-ru.xlsx"
# Row of the file: what was planted in it. Errors keep the row out, doubts do not.
ERRORS = {
    298: {"iin_length"},
    415: {"required"},
    541: {"iin_checksum"},
    641: {"required"},
    671: {"date_impossible"},
    702: {"class_grade"},
    872: {"iin_twice", "iin_birth_date"},
    893: {"sex_unread"},
}
DOUBTS = {
    122: {"formula", "guardian_unnamed"},
    147: {"date_far"},
    165: {"phone_unread"},
    322: {"iin_missing"},
    337: {"date_future"},
    339: {"unknown_word"},
    408: {"phone_unread"},
    479: {"language_unread"},
    522: {"iin_birth_date"},
    761: {"letter_case"},
    823: {"latin_lookalike"},
    919: {"row_twice"},
}


@pytest.fixture(autouse=True)
def november(in_school: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


def by_row(result: dict[str, Any]) -> dict[int, set[str]]:
    rows = defaultdict(set)
    for line in result["errors"]:
        rows[line["row"]].add(line["code"])
    return dict(rows)


def run(name: str | Path, clerk: Actor, code: str = "pupils", *, check: bool = False) -> dict[str, Any]:
    return api.run_file(code, FILES / name, actor=clerk, check_only=check)


@pytest.mark.requirement("SIS-16")
class TestLargeSchool:
    def test_every_planted_trouble_is_found_and_nothing_else(self, clerk: Actor) -> None:
        found = by_row(run(LARGE, clerk, check=True))
        found[122] = found[122] | {"guardian_unnamed"}  # said once for the cell, whichever of the two
        assert found == ERRORS | DOUBTS

    def test_a_check_writes_nothing(self, clerk: Actor) -> None:
        result = run(LARGE, clerk, check=True)
        assert (result["create"], result["update"], result["skip"]) == (908, 0, 1)
        assert not Pupil.objects.exists()
        assert not SchoolClass.objects.exists()

    def test_every_line_speaks_both_languages(self, clerk: Actor) -> None:
        for line in run(LARGE, clerk, check=True)["errors"]:
            assert line.keys() == {"row", "column", "code", "value", "message_kk", "message_ru"}
            assert line["message_kk"] != line["message_ru"]
            assert "{" not in line["message_kk"] + line["message_ru"]

    def test_loads_the_good_rows_as_they_were_meant(self, clerk: Actor) -> None:
        run(LARGE, clerk)
        assert Pupil.objects.count() == 908
        assert SchoolClass.objects.count() == 36
        assert Membership.objects.filter(until=None).count() == 908
        assert SchoolClass.objects.get(grade=5, letter="Б").language == "ru"
        clean = Pupil.objects.get(iin="140201805023")  # no-break spaces inside
        assert clean.file_number
        assert Pupil.objects.filter(surname="Қасымов", name__isnull=False).exists()
        assert Pupil.objects.filter(name="Ерасыл").exists()
        assert not Pupil.objects.filter(name__contains="\n").exists()
        assert Pupil.objects.get(iin="190731763828").birth_date.isoformat() == "2019-07-31"
        assert Pupil.objects.get(iin="180601744723").enrolled_date is not None  # a number cell
        assert PupilStatus.objects.filter(code="school_transport").count() > 50
        assert not Guardian.objects.filter(name="").exists()
        assert not [one for one in Guardian.objects.values_list("phone", flat=True) if "звонить" in one]

    def test_the_same_file_again_changes_nothing(self, clerk: Actor) -> None:
        run(LARGE, clerk)
        before = Pupil.objects.count(), Guardian.objects.count(), PupilStatus.objects.count()
        again = run(LARGE, clerk)
        assert (again["create"], again["update"]) == (0, 0)
        assert again["skip"] == 909
        assert (Pupil.objects.count(), Guardian.objects.count(), PupilStatus.objects.count()) == before

    def test_costs_the_same_queries_for_ten_times_the_rows(self, clerk: Actor) -> None:
        with CaptureQueriesContext(connection) as small:
            run("small-school-pupils-kk.xlsx", clerk)
        with CaptureQueriesContext(connection) as large:
            run(LARGE, clerk)
        assert len(large) <= len(small) + 16, (len(small), len(large))


class TestOthers:
    def test_the_small_school_loads_whole_in_kazakh(self, clerk: Actor) -> None:
        result = run("small-school-pupils-kk.xlsx", clerk)
        assert result["create"] == 50
        assert by_row(result) == {16: {"date_future"}}
        assert {c.label for c in SchoolClass.objects.all()} == {f"{g}А" for g in range(12)}

    @pytest.mark.requirement("SIS-19")
    @pytest.mark.parametrize(
        ("name", "people"), [("large-school-staff-ru.xlsx", 92), ("small-school-staff-kk.xlsx", 17)]
    )
    def test_staff_loads_whole(self, clerk: Actor, name: str, people: int) -> None:
        result = run(name, clerk, "staff")
        assert (result["create"], result["errors"]) == (people, [])
        assert Employee.objects.count() == people
        assert Position.objects.filter(post_code="director").count() == 1
        assert EmployeeSubject.objects.filter(subject_code="algebra").exists()
        assert not Employee.objects.filter(educations=None).exists()
        again = run(name, clerk, "staff")
        assert (again["create"], again["update"], again["skip"]) == (0, 0, people)
