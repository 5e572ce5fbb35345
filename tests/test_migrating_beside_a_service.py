"""A database that an older service still uses is left as it is: only that service's successor brings it up to date."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from sqlite_utils import Database

from bot import service_lock
from bot.installation import open_store
from bot.settings import Settings
from bot.store.migrations import MIGRATIONS
from tests.command_line import ROOT, in_a_process
from tests.releases import of_release
from tests.shelf import wait_until

NEWEST, BEFORE = MIGRATIONS[-1][0], MIGRATIONS[-2][0]
START_SECONDS = 90  # a loaded machine loads the model slowly
REFUSED = "draait nog met een oudere versie. Stop die eerst, en probeer het dan opnieuw. Er is niets veranderd."
SERVICE = """
import sys
from pathlib import Path
from bot import service_lock
with service_lock.held(Path({!r})):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation as the release before this one left it."""
    settings = Settings(data_dir=str(tmp_path / "data"))
    settings.folder.mkdir(mode=0o700)
    with closing(of_release(settings.database, BEFORE)) as db:
        db.execute("PRAGMA journal_mode=WAL").fetchall()
    return settings


@pytest.fixture
def older_service(settings: Settings) -> Iterator[None]:
    """Another process that holds the installation, as a service does from its start to its end."""
    program = SERVICE.format(str(settings.folder))
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.communicate(timeout=20)


def last_change(settings: Settings) -> str:
    """The newest change that the database has had; looking changes nothing."""
    with closing(Database(settings.database, execute_plugins=False)) as db:
        return str(db.execute("SELECT max(name) FROM _sqlite_migrations").fetchone()[0])


@pytest.mark.usefixtures("older_service")
@pytest.mark.parametrize(
    "command", [("experts", "list"), ("quarantine", "list"), ("privacy", "retention", "--dry-run")]
)
def test_a_command_of_a_newer_release_changes_nothing_under_an_older_service(
    settings: Settings, tmp_path: Path, command: tuple[str, ...]
) -> None:
    before = settings.database.read_bytes()
    answered = in_a_process(tmp_path, *command)
    assert (answered.code, answered.out) == (1, "")
    assert answered.err == f"mixmatch: De dienst op {settings.folder} {REFUSED}\n"
    assert last_change(settings) == BEFORE
    assert settings.database.read_bytes() == before


def test_when_no_service_runs_a_command_takes_the_data_along(settings: Settings, tmp_path: Path) -> None:
    assert in_a_process(tmp_path, "experts", "list").code == 0
    assert last_change(settings) == NEWEST
    assert not service_lock.is_held(settings.folder)


@pytest.mark.usefixtures("older_service")
def test_a_new_installation_is_nobodys_yet(settings: Settings) -> None:
    settings.database.unlink()
    with open_store(settings):
        assert last_change(settings) == NEWEST


def test_commands_that_come_at_once_do_not_take_each_other_for_a_service(settings: Settings) -> None:
    at_once = Barrier(8)

    def opened(_: int) -> str:
        at_once.wait()
        with open_store(settings):
            return last_change(settings)

    with ThreadPoolExecutor(8) as commands:
        assert set(commands.map(opened, range(8))) == {NEWEST}


def test_the_service_itself_takes_the_data_along_and_commands_work_beside_it(
    settings: Settings, tmp_path: Path
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = str(free.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MIXMATCH_")} | {
        "MIXMATCH_DATA_DIR": str(settings.folder), "MIXMATCH_MODEL_CACHE": str(Settings().model_cache),
        "MIXMATCH_LMTP_PORT": "0", "MIXMATCH_WEB_PORT": port,
    }  # fmt: skip
    log = tmp_path / "log"
    with log.open("wb") as output:
        service = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        wait_until(lambda: "Mix&Match draait" in log.read_text() or service.poll() is not None, START_SECONDS)
        assert last_change(settings) == NEWEST, log.read_text()
        assert service_lock.is_held(settings.folder)
        assert in_a_process(tmp_path, "experts", "list").code == 0
        assert service.poll() is None
    finally:
        service.kill()
        service.wait()
