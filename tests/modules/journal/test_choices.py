"""What the order leaves open is a setting of the school: shown with its source, in force at once, here and not next door."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import audit, tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.journal import queries, rules, services
from modules.journal.models import PeriodMark
from modules.school import api as school
from modules.school import settings_register
from tests.conftest import ClientFor
from tests.factories import journal as made
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-53")


def choose(director: Actor, **values: object) -> None:
    for name, value in values.items():
        school.change_setting(actor=director, code=f"journal.{name}", value=value)


def percent(actor: Actor, scene: make.Scene) -> int | None:
    """What the grid says of the first pupil."""
    course = queries.open_course(actor=actor, course_id=scene.course.pk)
    row = queries.grid(actor=actor, course=course, period=scene.quarter).rows[0]
    return row.said.percent if row.said else None


def rule_of(subject: str = "algebra", *, grade: int = 7, hours: float = 3) -> rules.Rule:
    """The rule in force here now."""
    options = queries.school_options()
    return queries.rule_of_subject(
        year="2026-27", subject_code=subject, grade=grade, hours=hours, options=options
    )


def two_works(scene: make.Scene) -> None:
    """СОР 9 of 10 and 18 of 30, ФО 8, СОЧ 16 of 25: 68.9 % by points, 70.8 by the mean of percentages."""
    pupil = scene.pupils[0]
    for lesson, kind, maximum, points in (
        (1, "sor", 10, 9),
        (3, "sor", 30, 18),
        (9, "soch", 25, 16),
    ):
        made.work(scene.lessons[lesson], kind, maximum)
        made.mark(scene.lessons[lesson], pupil, points, kind)
    made.mark(scene.lessons[0], pupil, 8)


class TestOptions:
    def test_are_those_of_the_product_until_the_school_chooses(self, in_school: TenantRef) -> None:
        assert queries.school_options() == rules.Options()

    def test_every_one_is_a_setting_with_its_source(self, in_school: TenantRef) -> None:
        for name, code in queries.SETTINGS.items():
            declared = settings_register.get(code)
            assert declared.default == getattr(rules.Options(), name)
            assert len(str(declared.source)) > 20, code

    def test_are_read_without_a_query(self, in_school: TenantRef, aigul: Actor) -> None:
        queries.school_options()
        with CaptureQueriesContext(connection) as used:
            queries.school_options()
        assert len(used) == 0


class TestChoosing:
    def test_another_pooling_changes_the_grid_and_the_next_save_at_once(
        self, scene: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        two_works(scene)
        made.mark(scene.lessons[4], scene.pupils[0], 6)
        made.mark(scene.lessons[5], scene.pupils[0], 5)
        # ФО 63.3 %, СОЧ 64 %; СОР 67.5 % by points and 75 % by the mean: 64.7 % and 66.6 % in all
        assert percent(bolat, scene) == 65
        choose(aigul, sor_pooling="mean")
        assert percent(bolat, scene) == 67
        operation = made.op(scene.lessons[5], scene.pupils[0], 6, old=5)
        [saved] = services.save_cells(actor=bolat, course_id=scene.course.pk, operations=[operation])
        assert saved.summary["percent"] == "67"
        assert saved.summary["sor"] == "75"

    def test_rounding_down_takes_the_half_away(self, scene: make.Scene, bolat: Actor, aigul: Actor) -> None:
        half = rules.Parts.of(fo=[6, 6], sor=[(33, 50)], soch=[(66, 100)])  # 64.5
        assert rules.recommend(half, rule_of()).mark == "4"
        choose(aigul, rounding="down")
        assert rules.recommend(half, rule_of()).mark == "3"

    def test_needed_points_follow_the_rounding(self, scene: make.Scene, aigul: Actor) -> None:
        choose(aigul, rounding="down")
        rule = rule_of()
        for maximum in (10, 25, 40):
            for fo in range(1, 11):
                parts = rules.Parts.of(fo=[fo, 7], sor=[(6, 10)])
                for need in rules.needed_points(parts, rule, soch_maximum=maximum):
                    reached = [
                        points
                        for points in range(maximum + 1)
                        if (
                            mark := rules.recommend(
                                rules.Parts.of(fo=[fo, 7], sor=[(6, 10)], soch=[(points, maximum)]), rule
                            ).mark
                        )
                        and mark >= need.mark
                    ]
                    assert need.points == (reached[0] if reached else None)

    def test_shares_of_a_half_year(self, in_school: TenantRef, scene: make.Scene, aigul: Actor) -> None:
        parts = rules.Parts.of(fo=[8], sor=[(5, 10)])
        choose(aigul, half_year_fo=80)
        assert rules.recommend(parts, rule_of(hours=1)).percent == 74  # 64 + 10

    def test_the_arts_of_primary_school_may_be_pass_or_fail(self, scene: make.Scene, aigul: Actor) -> None:
        assert rule_of("visual_arts", grade=3).mode == "points"
        choose(aigul, primary_arts="passfail")
        chosen = rule_of("labour_training", grade=3)
        assert (chosen.mode, chosen.sor, chosen.soch) == ("passfail", 0, 0)
        assert rule_of("visual_arts", grade=1).mode == "none"
        assert rule_of("mathematics", grade=3).mode == "points"

    def test_a_mark_of_the_period_keeps_the_rule_of_its_moment(
        self, scene: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        two_works(scene)
        decide = {"actor": bolat, "course_id": scene.course.pk, "period_id": scene.quarter.id}
        services.set_final(**decide, pupil_id=scene.pupils[0].pk, final="4")
        before = PeriodMark.objects.get()
        choose(aigul, sor_pooling="mean")
        assert PeriodMark.objects.get().percent == before.percent
        services.set_final(**decide, pupil_id=scene.pupils[0].pk, final="5", reason="олимпиада")
        after = PeriodMark.objects.get()
        assert (before.rule_version, after.rule_version) == ("125-2022", "125-2022+own")
        assert before.percent != after.percent

    def test_is_logged_with_what_it_was(self, in_school: TenantRef, scene: make.Scene, aigul: Actor) -> None:
        choose(aigul, pass_from=50)
        [entry] = [e for e in audit.entries() if e.action == "school.setting.changed"]
        assert (entry.object_id, entry.details) == ("journal.pass_from", {"value": 50, "before": 40})

    def test_stays_in_the_school(self, school_a: TenantRef, school_b: TenantRef, actor_of: Any) -> None:
        with tenancy.use(school_b):
            queries.school_options()
        with tenancy.use(school_a):
            choose(actor_of(Role.DIRECTOR), sor_pooling="mean", usual_soch=30)
        with tenancy.use(school_b):
            assert queries.school_options() == rules.Options()


class TestPage:
    @pytest.mark.parametrize(
        ("language", "label", "source"),
        [
            ("kk", "Бір кезеңдегі бірнеше БЖБ", "Электрондық журналдар балдарды қосады"),
            ("ru", "Несколько СОР за период", "Электронные журналы складывают баллы"),
        ],
    )
    def test_shows_value_default_and_source(
        self, school_a: TenantRef, client_for: ClientFor, language: str, label: str, source: str
    ) -> None:
        client = client_for(Role.DIRECTOR, language=language)
        page = client.get("/school/settings/").content.decode()
        assert label in page
        assert source in page

    def test_the_director_chooses_and_is_led_back(self, school_a: TenantRef, client_for: ClientFor) -> None:
        client = client_for(Role.DIRECTOR)
        page = "/school/settings/journal.sor_pooling/"
        assert client.get(page).status_code == 200
        assert client.post(page, {"value": "mean"}).status_code == 302
        for nonsense in ("both", ""):
            assert client.post(page, {"value": nonsense}).status_code == 422
        with tenancy.use(school_a):
            assert queries.school_options().sor_pooling == "mean"
        assert client.post(page, {"restore": "1"}).status_code == 302
        with tenancy.use(school_a):
            assert queries.school_options() == rules.Options()
