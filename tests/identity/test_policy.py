"""Two profiles, one file: the product does what the file says, shows it, and writes it down."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from pypdf import PdfReader
from typer.testing import CliRunner

from identity import api as identity
from identity import policy, policy_lines
from identity.models import FormerPassword, Session, User
from identity.profiles import FILE, PROFILES, Profile
from identity.services import password_rules, passwords, sessions, signing_in
from kernel import clock, tenancy
from kernel.access import Actor, Role
from kernel.tenancy import Kind, TenantRef
from tests.conftest import PASSWORD, Accounts, ClientFor

pytestmark = [pytest.mark.requirement("SEC-01"), pytest.mark.requirement("SEC-04")]
HOME = signing_in.Attempt(address="10.0.0.1", device="tests")


@pytest.fixture(params=sorted(PROFILES))
def profile(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Profile:
    """The profile in force as in a live school; second factors have tests of their own."""
    monkeypatch.setattr(settings, "POLICY_PROFILE", request.param)
    strict = dataclasses.replace(policy._IN_FORCE[request.param, "live"], demands_factor=False)
    monkeypatch.setattr(policy, "of", lambda _tenant: strict)
    return PROFILES[request.param]


def made(length: int, kinds: int = 4) -> str:
    """A password nobody has, of so many signs and so many kinds."""
    base = "".join(("қ", "Ж", "7", "~")[:kinds])
    return (base + "ұзынсөз" * 5)[:length] if kinds > 1 else "ұзынсөзқатар" * 2


def person(kind: str) -> User:
    return User(username="somebody", surname="Ахметов", name="Болат", person_kind=kind)


class TestPasswords:
    @pytest.mark.parametrize("kind", ["staff", "official", "pupil", "guardian"])
    def test_are_as_long_as_the_profile_says(self, profile: Profile, in_school: TenantRef, kind: str) -> None:
        family = kind in ("pupil", "guardian")
        least = profile.passwords.family_length if family else profile.passwords.staff_length
        assert password_rules.problems(made(least - 1), person(kind))
        assert password_rules.problems(made(least), person(kind)) == []

    def test_of_the_vendor_are_the_longest(self, profile: Profile, vendor: TenantRef) -> None:
        with tenancy.use(vendor):
            assert password_rules.problems(made(profile.passwords.vendor_length - 1), person("staff"))
            assert password_rules.problems(made(profile.passwords.vendor_length), person("staff")) == []

    @pytest.mark.parametrize("kind", ["staff", "pupil"])
    @pytest.mark.parametrize("kinds", [1, 2, 3, 4])
    def test_are_of_as_many_kinds_of_signs(
        self, profile: Profile, in_school: TenantRef, kind: str, kinds: int
    ) -> None:
        wanted = profile.passwords.classes if kind == "staff" else profile.passwords.family_classes
        told = password_rules.problems(made(20, kinds), person(kind))
        assert bool(told) == (kinds < wanted), told

    def test_do_not_come_again(self, profile: Profile, in_school: TenantRef, account: Accounts) -> None:
        user = account(Role.TEACHER)
        actor = Actor(tenant=in_school, user_id=user.pk)
        most = profile.passwords.history
        words = [f"{made(20)}{number:02}" for number in range(most + 1)]
        for word in words:
            passwords._set(actor, word)
        with pytest.raises(passwords.SamePassword):
            passwords._set(actor, words[-1])
        # The present one and those before it, as many as the profile remembers, and not one more.
        for word in words[1:-1]:
            with pytest.raises(passwords.UsedBefore):
                passwords._set(actor, word)
        assert FormerPassword.objects.filter(user=user).count() == most - 1
        passwords._set(actor, words[0])

    def test_of_staff_have_a_term(self, profile: Profile, in_school: TenantRef, account: Accounts) -> None:
        days = profile.passwords.most_days
        teacher, pupil = account(Role.TEACHER), account(Role.PUPIL)
        for user, methods, is_bound in (
            (teacher, "password+totp", False),
            (pupil, "password", False),
            (teacher, "password", bool(days)),
        ):
            User.objects.filter(pk=user.pk).update(must_change_password=False)
            user.refresh_from_db()
            with time_machine.travel(clock.now() + timedelta(days=(days or 4000) - 1), tick=False):
                signing_in.enter(user=user, methods=methods, attempt=HOME)
                assert not user.must_change_password
            with time_machine.travel(clock.now() + timedelta(days=days or 4000, minutes=1), tick=False):
                signing_in.enter(user=user, methods=methods, attempt=HOME)
            user.refresh_from_db()
            assert user.must_change_password == is_bound, (methods, user.person_kind)

    def test_whose_term_is_over_are_changed_at_the_next_page(
        self, profile: Profile, school_a: TenantRef, account: Accounts, client_for: ClientFor
    ) -> None:
        account(Role.TEACHER, username="bolat", language="ru")
        with time_machine.travel(clock.now() + timedelta(days=100), tick=False):
            client = client_for()
            client.post("/sign-in/", {"username": "bolat", "password": PASSWORD})
            answer = client.get("/me/", follow=True)
        is_asked = "истёк" in answer.content.decode()
        assert is_asked == (0 < profile.passwords.most_days <= 100)

    def test_for_one_use_live_as_long_as_it_says(
        self, profile: Profile, in_school: TenantRef, actor_of: Callable[..., Actor]
    ) -> None:
        new = identity.NewAccount(
            person_kind="staff", person_id=None, surname="Ли", name="Ян", roles=(Role.TEACHER,)
        )
        [slip] = identity.create_accounts(actor=actor_of(Role.DIRECTOR), accounts=[new])
        hours = profile.passwords.first_hours
        with time_machine.travel(clock.now() + timedelta(hours=hours, minutes=-5), tick=False):
            assert signing_in.check_login(login=slip.username, password=slip.password, attempt=HOME)
        with (
            time_machine.travel(clock.now() + timedelta(hours=hours, minutes=1), tick=False),
            pytest.raises(signing_in.OneTimePasswordOver),
        ):
            signing_in.check_login(login=slip.username, password=slip.password, attempt=HOME)


def guess(login: str, address: str = "10.0.0.1") -> type[Exception]:
    attempt = signing_in.Attempt(address=address, device="tests")
    try:
        signing_in.check_login(login=login, password="wrong", attempt=attempt)
    except Exception as refusal:
        return type(refusal)
    raise AssertionError


class TestGuessing:
    def test_closes_the_pair_for_as_long(
        self, profile: Profile, in_school: TenantRef, account: Accounts
    ) -> None:
        login, limits = account(Role.TEACHER).username, profile.lockout
        with time_machine.travel("2026-11-23 09:00+05:00", tick=False) as moment:
            for _each in range(limits.failures):
                assert guess(login) is signing_in.WrongLoginOrPassword
            assert guess(login) is signing_in.TooManyFailures
            moment.shift(limits.minutes * 60 - 30)
            with pytest.raises(signing_in.TooManyFailures):
                signing_in.check_login(login=login, password=PASSWORD, attempt=HOME)
            moment.shift(60)
            assert signing_in.check_login(login=login, password=PASSWORD, attempt=HOME)

    def test_from_many_places_slows_the_login_down(
        self, profile: Profile, in_school: TenantRef, account: Accounts
    ) -> None:
        login, limits = account(Role.TEACHER).username, profile.lockout
        with time_machine.travel("2026-11-23 09:00+05:00", tick=False) as moment:
            for number in range(limits.failures_of_login):
                assert guess(login, f"10.0.1.{number}") is signing_in.WrongLoginOrPassword
            assert guess(login, "10.0.2.1") is signing_in.TooQuick
            for number in range(12):
                moment.shift(limits.longest_wait_seconds + 1)
                assert guess(login, f"10.0.3.{number}") is signing_in.WrongLoginOrPassword

    def test_from_one_network_has_a_limit(
        self, profile: Profile, in_school: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fewer = dataclasses.replace(profile.lockout, attempts_of_address=3)
        assert profile.lockout.attempts_of_address == 1000
        monkeypatch.setattr(policy, "lockout", lambda: fewer)
        for _each in range(3):
            signing_in.count_address(HOME)
        with pytest.raises(signing_in.TooManyFromHere):
            signing_in.count_address(HOME)

    def test_the_second_step_has_its_minutes(
        self, profile: Profile, school_a: TenantRef, account: Accounts, client_for: ClientFor
    ) -> None:
        assert policy.lockout().second_step_seconds == profile.lockout.second_step_minutes * 60


class TestSessions:
    @pytest.mark.parametrize(
        ("role", "figure"),
        [
            (Role.OPERATOR, "vendor_idle_minutes"),
            (Role.SUPPORT, "vendor_idle_minutes"),
            (Role.DIRECTOR, "sensitive_idle_minutes"),
            (Role.PSYCHOLOGIST, "sensitive_idle_minutes"),
            (Role.NURSE, "sensitive_idle_minutes"),
            (Role.AUTHORITY_HEAD, "sensitive_idle_minutes"),
            (Role.TEACHER, "staff_idle_minutes"),
            (Role.LIBRARIAN, "staff_idle_minutes"),
        ],
    )
    def test_left_alone_end(self, profile: Profile, school_a: TenantRef, role: Role, figure: str) -> None:
        assert policy.idle_minutes(school_a, {role}) == getattr(profile.sessions, figure)

    def test_of_a_person_end_when_left_alone_and_at_the_latest(
        self, profile: Profile, in_school: TenantRef, account: Accounts
    ) -> None:
        for role, idle, longest in (
            (Role.TEACHER, timedelta(minutes=profile.sessions.staff_idle_minutes), timedelta(hours=profile.sessions.longest_hours)),
            (Role.PUPIL, timedelta(days=profile.sessions.family_idle_days), timedelta(days=profile.sessions.family_longest_days)),
        ):  # fmt: skip
            _key, row = sessions.begin(user=account(role), methods="password")
            assert not row.is_idle(row.seen_at + idle - timedelta(minutes=1))
            assert row.is_idle(row.seen_at + idle + timedelta(minutes=1))
            assert row.expires_at - row.created_at == longest

    @pytest.mark.parametrize(
        ("role", "figure"),
        [
            (Role.TEACHER, "staff_devices"),
            (Role.PUPIL, "family_devices"),
            (Role.OPERATOR, "vendor_devices"),
        ],
    )
    def test_are_so_many_at_once(
        self,
        profile: Profile,
        school_a: TenantRef,
        vendor: TenantRef,
        account: Accounts,
        role: Role,
        figure: str,
    ) -> None:
        place = vendor if role is Role.OPERATOR else school_a
        user = account(role, school=place)
        with tenancy.use(place):
            for _each in range(7):
                sessions.begin(user=user, methods="password")
            assert Session.objects.filter(user=user, ended_at=None).count() == getattr(
                profile.sessions, figure
            )


class TestTheFile:
    def test_has_every_figure_in_every_profile_and_no_other(self) -> None:
        with FILE.open("rb") as file:
            said = tomllib.load(file)
        assert set(said) == {"kz-tdib", "asvs"}
        shapes = {code: {part: set(values) for part, values in parts.items()} for code, parts in said.items()}
        assert shapes["kz-tdib"] == shapes["asvs"]

    def test_says_what_the_security_concept_asks(self) -> None:
        ours, theirs = PROFILES["kz-tdib"].passwords, PROFILES["asvs"].passwords
        assert (ours.staff_length, ours.vendor_length, ours.family_length) == (12, 15, 8)
        assert (ours.classes, ours.history, ours.most_days) == (3, 12, 90)
        kept = PROFILES["kz-tdib"].terms
        assert (kept.log_years, kept.backup_days, kept.backup_months, kept.backup_years) == (3, 35, 12, 3)
        assert (theirs.staff_length, theirs.classes, theirs.most_days) == (15, 0, 0)

    def test_is_shown_whole(self) -> None:
        for one in PROFILES.values():
            lines = [line for section in policy_lines.sections(one) for line in section.lines]
            figures = [
                value
                for part in (one.passwords, one.lockout, one.sessions, one.terms)
                for value in dataclasses.asdict(part).values()
            ]
            assert sorted(line.figure for line in lines) == sorted(figures)
            assert len({str(line.label) for line in lines}) == len(lines)

    @pytest.mark.parametrize("mode", ["demo", "test"])
    def test_made_up_people_have_it_easier(self, mode: Any) -> None:
        here = TenantRef(id=tenancy.PUBLIC.id, code="x", schema="x", kind=Kind.SCHOOL, mode=mode)
        assert policy.password_length(here, "staff") == 8
        assert policy.password_lasts(here, "staff") is None


class TestThePage:
    @pytest.mark.parametrize("language", ["kk", "ru"])
    def test_shows_every_figure(self, client_for: ClientFor, language: str) -> None:
        page = client_for(Role.DIRECTOR, language=language).get("/rules/").content.decode()
        chosen = policy.profile()
        assert chosen.code in page
        for section in policy_lines.sections(chosen)[1:]:
            for line in section.lines:
                assert f">{line.figure}" in page, line.label

    @pytest.mark.parametrize("language", ["kk", "ru"])
    def test_gives_the_document(self, client_for: ClientFor, language: str) -> None:
        answer = client_for(Role.DIRECTOR).get(f"/rules/document/{language}/")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer["Content-Disposition"].startswith("attachment")
        assert written(answer.content)

    def test_is_for_those_who_answer_for_protection(self, client_for: ClientFor) -> None:
        for path in ("/rules/", "/rules/document/kk/"):
            assert client_for(Role.TEACHER).get(path).status_code == 403
            assert client_for(Role.PARENT).get(path).status_code == 403


def written(content: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


class TestTheDocument:
    @pytest.mark.parametrize("language", ["kk", "ru"])
    @pytest.mark.parametrize("code", sorted(PROFILES))
    def test_is_written_from_the_same_figures(self, tmp_path: Path, code: str, language: str) -> None:
        from django.utils import translation

        from tenants import cli

        target = tmp_path / "policy.pdf"
        if not any(group.name == "policy" for group in cli.app.registered_groups):
            from config import commands

            commands.add_to(cli.app)
        done = CliRunner().invoke(
            cli.app,
            ["policy", "document", "--profile", code, "--language", language, "--to", str(target)],
        )
        assert done.exit_code == 0, done.output
        text, one = written(target.read_bytes()), PROFILES[code]
        assert code in text
        with translation.override(language):
            for section in policy_lines.sections(one):
                assert str(section.title) in text
                for line in section.lines:
                    assert f"{line.value}" in text
            words = [str(line.label).split()[0] for line in section.lines]
        assert all(word in text for word in words)

    def test_of_an_unknown_profile_is_refused(self) -> None:
        from config.policy_commands import app

        assert CliRunner().invoke(app, ["document", "--profile", "none"]).exit_code == 2
