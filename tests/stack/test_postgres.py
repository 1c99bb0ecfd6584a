"""The database server survives whatever an interrupted run left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from stack import postgres, redis
from stack.errors import StackError
from stack.homes import PROJECT, Home

ENSURE = "import sys; from pathlib import Path; from stack import postgres; "
ENSURE += "print(postgres.ensure(Path(sys.argv[1]), 'test').port)"


def another_run(root: Path, code: str = ENSURE) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(root)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT / "platform")},
    )


def answer(server: postgres.Server, query: str) -> object:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_two_runs_at_once_get_one_server(root: Path) -> None:
    runs = [another_run(root) for _ in range(2)]
    told = [run.communicate(timeout=60)[0].strip() for run in runs]

    assert told[0] == told[1] == str(postgres.ensure(root, "test").port)


def test_the_server_knows_kazakh_order_and_the_extensions(root: Path) -> None:
    server = postgres.ensure(root, "test")
    letters = "unnest(string_to_array('Я Ә А Қ К І Ы Ң Н', ' ')) AS x"

    ordered = answer(server, f"""SELECT string_agg(x, ' ' ORDER BY x COLLATE "kk-x-icu") FROM {letters}""")
    assert ordered == "А Ә К Қ Н Ң Ы І Я"
    assert answer(server, "SELECT lower('ӘҚ')") == "әқ"
    assert answer(server, "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'") == 1
    assert answer(server, "SHOW data_checksums") == "on"
    assert answer(server, "SHOW listen_addresses") == "127.0.0.1"


# Where the run kills itself: before initdb has done anything, and when its work has not been moved into place.
DEATHS = {
    "before initdb": "postgres.as_user = die",
    "before the move": "Path.rename = die",
}


@pytest.mark.parametrize("death", DEATHS)
def test_a_run_killed_while_it_made_the_data_does_no_harm(root: Path, death: str) -> None:
    die = "import os; die = lambda *_, **__: os.kill(os.getpid(), 9); "
    killed = another_run(root, ENSURE.replace("print", f"{die}{DEATHS[death]}; print"))
    assert killed.wait(60) == -signal.SIGKILL
    folder = Home.at(root, "test").owned("postgres")
    (remains,) = folder.glob("new-*")
    assert not (folder / "data").exists()

    server = postgres.ensure(root, "test")

    assert answer(server, "SELECT 1") == 1
    assert not remains.exists()


def test_a_stale_pid_file_with_a_strangers_number_is_no_obstacle(root: Path) -> None:
    postgres.ensure(root, "test")
    data = Home.at(root, "test").owned("postgres") / "data"
    lines = (data / "postmaster.pid").read_text().splitlines()
    postgres.stop(root, "test")
    (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    assert postgres.status(root, "test") == "stopped"
    assert postgres.stop(root, "test") is False, "the stranger, this very test, must not be stopped"
    assert answer(postgres.ensure(root, "test"), "SELECT 1") == 1


@pytest.mark.parametrize("server", [postgres, redis])
def test_a_run_killed_while_it_wrote_the_port_down_does_no_harm(root: Path, server: ModuleType) -> None:
    server.ensure(root, "test")
    server.stop(root, "test")
    (Home.at(root, "test").state / f"{server.__name__.rpartition('.')[2]}.port").write_text("")

    assert server.ensure(root, "test").port


def test_a_socket_lock_with_a_strangers_number_is_no_obstacle(root: Path) -> None:
    """A killed server leaves it, and its number may be another's, or a zombie's, when the next one starts."""
    port = postgres.ensure(root, "test").port
    postgres.stop(root, "test")
    data = Home.at(root, "test").owned("postgres") / "data"
    lock = data / f".s.PGSQL.{port}.lock"
    lock.write_text(f"{os.getpid()}\n{data}\n0\n{port}\n{data}\n")

    assert answer(postgres.ensure(root, "test"), "SELECT 1") == 1


def test_a_new_server_waits_for_the_sessions_of_the_killed_one(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.ensure(root, "test")
    postgres.stop(root, "test")
    data = Home.at(root, "test").owned("postgres") / "data"
    orphan = subprocess.Popen(["sleep", "60"], cwd=data)
    try:
        with monkeypatch.context() as impatient:
            impatient.setattr(postgres, "PATIENCE", 0.2)
            with pytest.raises(StackError, match=str(orphan.pid)):
                postgres.ensure(root, "test")
    finally:
        orphan.kill()
        orphan.wait()

    assert answer(postgres.ensure(root, "test"), "SELECT 1") == 1


def test_a_killed_server_starts_again_with_its_data(root: Path) -> None:
    server = postgres.ensure(root, "test")
    assert postgres.create_database(server, "mektep") is True
    postmaster = postgres.Cluster(Home.at(root, "test")).postmaster()
    assert postmaster is not None
    postmaster.kill()
    postmaster.wait(10)

    assert postgres.create_database(postgres.ensure(root, "test"), "mektep") is False


def test_a_port_taken_meanwhile_is_left_to_its_holder(root: Path) -> None:
    first = postgres.ensure(root, "test")
    postgres.stop(root, "test")
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", first.port))
        holder.listen()
        second = postgres.ensure(root, "test")

        assert second.port != first.port
        assert answer(second, "SELECT 1") == 1


def test_data_whose_password_is_lost_is_made_anew(root: Path) -> None:
    postgres.create_database(postgres.ensure(root, "test"), "mektep")
    Home.at(root, "test").secret_path("postgres.password").unlink()

    assert postgres.create_database(postgres.ensure(root, "test"), "mektep") is True


def test_a_given_server_is_used_and_not_touched(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = postgres.ensure(root, "test")
    monkeypatch.setenv("DATABASE_URL", own.dsn())

    given = postgres.ensure(root / "other", "demo")

    assert (given.port, given.ours) == (own.port, False)
    assert not (root / "other").exists()


def test_a_given_server_that_does_not_answer_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("DATABASE_URL", f"postgresql://x:y@127.0.0.1:{unused.getsockname()[1]}/z")
        with pytest.raises(StackError, match="DATABASE_URL does not answer") as refusal:
            postgres.ensure(root, "demo")
    assert refusal.value.exit_code == 2


def test_the_demo_keeps_its_data_through_a_power_cut_and_the_tests_do_not_pay_for_it() -> None:
    assert postgres.SETTINGS["test"]["fsync"] == "off"
    assert not {"fsync", "synchronous_commit", "full_page_writes"} & postgres.SETTINGS["demo"].keys()
