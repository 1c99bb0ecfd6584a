"""The REST API: the same doors as the screens, fuzzed from its own schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import schemathesis
import time_machine
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from config import api
from identity import api as identity
from kernel import cache, tenancy
from kernel.access import Role
from kernel.clock import ALMATY
from kernel.ids import uuid7
from kernel.models import ViewEntry
from kernel.tenancy import TenantRef
from tests.factories import schedule as make

BASE = "/api/v1"


@pytest.fixture
def scene(school_a: TenantRef) -> Iterator[make.Scene]:
    with time_machine.travel(datetime(2026, 11, 25, 10, 0, tzinfo=ALMATY), tick=True), tenancy.use(school_a):
        yield make.scene()


@pytest.fixture
def bolat(scene: make.Scene, client_for: Callable[..., Client]) -> Client:
    return client_for(Role.TEACHER, username="bolat", person_id=scene.teacher.pk)


@pytest.fixture
def director(scene: make.Scene, client_for: Callable[..., Client]) -> Client:
    return client_for(Role.DIRECTOR, username="aigul")


def token_of(client: Client, school: TenantRef) -> dict[str, str]:
    with tenancy.use(school):
        actor = identity.actor_of_user(client.user.pk)  # type: ignore[attr-defined]
        key, _row = identity.issue_token(actor=actor, label="test")
    return {"authorization": f"Bearer {key}"}


class TestWhoAsks:
    def test_nobody_is_refused_in_words(self, client_for: Callable[..., Client]) -> None:
        answer = client_for().get(f"{BASE}/me")
        assert answer.status_code == 401
        assert answer.json()["code"] == "sign_in"
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    def test_a_browser_signed_in_is_known(self, director: Client) -> None:
        answer = director.get(f"{BASE}/me").json()
        assert answer["roles"] == ["director"]
        assert "contingent.view" in answer["permissions"]

    def test_a_token_is_its_owner(self, director: Client, school_a: TenantRef) -> None:
        stranger = Client(SERVER_NAME=school_a.host)
        answer = stranger.get(f"{BASE}/me", headers=token_of(director, school_a))
        assert answer.json()["user_id"] == director.user.pk  # type: ignore[attr-defined]

    @pytest.mark.requirement("TEN-01")
    def test_a_token_of_one_school_is_nothing_in_another(
        self, director: Client, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        headers = token_of(director, school_a)
        assert Client(SERVER_NAME=school_b.host).get(f"{BASE}/me", headers=headers).status_code == 401

    @pytest.mark.parametrize(
        "value", ["Bearer", "Bearer x", "Bearer mk_" + "x" * 43, "Basic YTpi", "Bearer \x00"]
    )
    def test_a_wrong_token_is_nobody(self, school_a: TenantRef, value: str) -> None:
        answer = Client(SERVER_NAME=school_a.host).get(f"{BASE}/me", headers={"authorization": value})
        assert answer.status_code == 401

    def test_a_browser_writes_only_with_its_csrf_token(self, scene: make.Scene, bolat: Client) -> None:
        careful = Client(enforce_csrf_checks=True, SERVER_NAME=bolat.defaults["SERVER_NAME"])
        careful.cookies.update(bolat.cookies)
        answer = careful.post(
            f"{BASE}/courses/{scene.course.pk}/cells", {"operations": []}, content_type="application/json"
        )
        assert answer.status_code == 403

    def test_a_greedy_program_is_asked_to_wait(
        self, director: Client, school_a: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(api, "PER_MINUTE", 2)
        answers = [director.get(f"{BASE}/me").status_code for _ in range(4)]
        assert answers == [200, 200, 429, 429]
        with tenancy.use(school_a):
            assert cache.get("api") is None


class TestDocument:
    @pytest.mark.parametrize("kind", ["school_a", "authority"])
    def test_is_served(self, kind: str, request: pytest.FixtureRequest) -> None:
        host = request.getfixturevalue(kind).host
        answer = Client(SERVER_NAME=host).get(f"{BASE}/openapi.json")
        assert answer.status_code == 200
        assert answer.json()["openapi"].startswith("3.")
        assert f"{BASE}/me" in answer.json()["paths"]

    @pytest.mark.parametrize("built", [api.school, api.authority], ids=["school", "authority"])
    def test_every_operation_says_who_may(self, built: Any) -> None:
        for operation in api.operations(built):
            guard = operation.view_func
            assert getattr(guard, "permissions", ()) or getattr(guard, "signed_in", False), operation.path

    @pytest.mark.parametrize("kind", ["school_a", "authority"])
    def test_no_operation_answers_nobody(self, kind: str, request: pytest.FixtureRequest) -> None:
        nobody = Client(SERVER_NAME=request.getfixturevalue(kind).host)
        document = nobody.get(f"{BASE}/openapi.json").json()
        for path, methods in document["paths"].items():
            for method in methods:
                address = path.format(class_id=uuid7(), course_id=uuid7())
                assert getattr(nobody, method)(address).status_code == 401, (method, path)


class TestSchool:
    def test_the_teacher_writes_a_mark_and_reads_it(
        self, scene: make.Scene, bolat: Client, school_a: TenantRef
    ) -> None:
        headers = token_of(bolat, school_a)
        where = f"{BASE}/courses/{scene.course.pk}/cells"
        operation = {
            "id": str(uuid7()),
            "lesson_id": str(scene.lessons[0].pk),
            "pupil_id": str(scene.pupils[0].pk),
            "kind": "fo",
            "field": "points",
            "old": None,
            "new": 9,
        }
        program = Client(enforce_csrf_checks=True, SERVER_NAME=school_a.host)
        saved = program.post(
            where, {"operations": [operation]}, content_type="application/json", headers=headers
        )
        assert saved.status_code == 200, saved.content
        assert saved.json()[0]["value"] == 9
        grid = program.get(where, {"period_id": str(scene.quarter.id)}, headers=headers).json()
        [row] = [row for row in grid["rows"] if row["pupil_id"] == str(scene.pupils[0].pk)]
        assert 9 in [cell["points"] for cell in row["cells"]]

    def test_a_day_of_a_class_is_told(self, scene: make.Scene, director: Client) -> None:
        day = scene.lessons[0].date
        answer = director.get(f"{BASE}/classes/{scene.school_class.pk}/timetable?day={day}")
        assert answer.status_code == 200, answer.content
        assert str(scene.lessons[0].pk) in [line["lesson_id"] for line in answer.json()]
        assert {line["change"] for line in answer.json()} == {""}

    def test_pupils_come_without_their_numbers_and_are_logged_as_seen(
        self, scene: make.Scene, director: Client, school_a: TenantRef
    ) -> None:
        [one, *_] = director.get(f"{BASE}/classes").json()
        answer = director.get(f"{BASE}/classes/{one['id']}/pupils")
        assert answer.status_code == 200
        assert "iin" not in answer.content.decode()
        assert "birth" not in answer.content.decode()
        with tenancy.use(school_a):
            assert ViewEntry.objects.filter(purpose="api.class").count() == len(answer.json())

    @pytest.mark.requirement("TEN-01")
    def test_what_is_another_schools_is_not_there(
        self, scene: make.Scene, client_for: Callable[..., Client], school_b: TenantRef
    ) -> None:
        zhanna = client_for(Role.DIRECTOR, school=school_b, username="zhanna")
        for path in (
            f"classes/{scene.school_class.pk}/pupils",
            f"classes/{scene.school_class.pk}/timetable?day=2026-11-25",
            f"courses/{scene.course.pk}/cells?period_id={scene.quarter.id}",
        ):
            assert zhanna.get(f"{BASE}/{path}").status_code == 404, path
        assert zhanna.get(f"{BASE}/classes").json() == []

    def test_a_parent_opens_no_lists(self, scene: make.Scene, client_for: Callable[..., Client]) -> None:
        mother = client_for(Role.PARENT, username="gulnar")
        assert mother.get(f"{BASE}/classes").json() == []
        assert mother.get(f"{BASE}/classes/{scene.school_class.pk}/pupils").status_code in (403, 404)
        assert mother.get(f"{BASE}/facts?year=2026-27").status_code == 403

    @pytest.mark.parametrize(
        "path",
        ["classes?year=2026", "classes/x/pupils", "periods?year=%00", "facts", "facts?year=2026-27&period=Q"],
    )
    def test_bad_input_is_told_and_never_breaks(self, director: Client, path: str) -> None:
        answer = director.get(f"{BASE}/{path}")
        assert answer.status_code in (404, 422)
        if answer.status_code == 422:
            assert answer.json()["code"] == "invalid"


def known_ids(scene: make.Scene) -> list[UUID]:
    return [scene.school_class.pk, scene.course.pk, scene.quarter.id, scene.lessons[0].pk, scene.pupils[0].pk]


def test_its_own_schema_breaks_nothing(scene: make.Scene, director: Client, school_a: TenantRef) -> None:
    """Random requests as the document allows them, half of them about things that are there: never a 5xx."""
    document = schemathesis.openapi.from_dict(json.loads(director.get(f"{BASE}/openapi.json").content))
    headers = token_of(director, school_a)
    ids = known_ids(scene)
    program = Client(SERVER_NAME=school_a.host, raise_request_exception=False)
    asked: list[int] = []

    def fuzz(operation: Any) -> None:
        @settings(
            max_examples=40,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), real=st.booleans(), pick=st.sampled_from(ids))
        def once(case: Any, real: bool, pick: UUID) -> None:
            values = dict(case.path_parameters or {})
            if real:
                values = dict.fromkeys(values, str(pick))
            path = operation.path.format(**values)
            body = case.body if isinstance(case.body, dict | list) else {}
            cache_key = {k: v for k, v in (case.query or {}).items() if v is not None}
            with tenancy.use(school_a):
                cache._cache.clear()
            answer = program.generic(
                operation.method.upper(),
                path,
                data=json.dumps(body) if operation.method.upper() == "POST" else "",
                content_type="application/json",
                query_params=cache_key,
                headers=headers,
            )
            asked.append(answer.status_code)
            assert answer.status_code < 500, (path, cache_key, body, answer.content[:300])

        once()

    for found in document.get_all_operations():
        fuzz(found.ok())
    assert len(asked) > 200
    assert {200, 404, 422} <= set(asked)
