"""The disk is full: nothing is acknowledged, nothing is lost, nothing goes to quarantine, all goes on by itself.

Full for everything the process writes (a limit on its files, which needs no rights), and where this machine lets us,
a small disk of its own that is really full.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot import flow
from bot.store.database import is_trouble
from bot.story import Story
from tests.bot_api import BotApi
from tests.dovecot import Dovecot
from tests.faults import around
from tests.faults.around import hand_over, nothing_lost_or_twice, question, start, wait_until_quiet
from tests.faults.installation import Installation, installed
from tests.faults.starter import Starter
from tests.mails import COMPLETE, mail
from tests.shelf import wait_until
from tests.store_builders import one, receive

here, programs, dovecot = around.here, around.programs, around.dovecot
pytestmark = [pytest.mark.faults, pytest.mark.needs_dovecot]

STORED, LATER = 250, 451
SMALL_DISK = "size=8m"
BLOCK = 4096


@contextmanager
def no_more_bytes(here: Installation) -> Iterator[None]:
    """The process, already running, can write to no file any more: not to the database, not to its log."""
    assert here.running is not None
    before = resource.prlimit(here.running.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(here.running.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    resource.prlimit(here.running.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def filled(here: Installation) -> Iterator[None]:
    """Another program fills the disk to the last byte."""
    filler = here.folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(BLOCK))
    assert shutil.disk_usage(here.folder).free == 0
    yield
    filler.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of a few megabytes in the place of a folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", SMALL_DISK, "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def can_mount() -> bool:
    """Whether this machine lets us make a disk."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    tried = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def go_through_it(here: Installation, full: Callable[[Installation], AbstractContextManager[None]]) -> None:
    """Everything comes in while the disk is full, and again when it is not."""
    start(here)
    sam = here.telegram.person("Bewoner")
    assert hand_over(here, question(1, here)) == STORED
    wait_until_quiet(here, 1)
    with full(here):
        here.dovecot.deliver(here.address, question(2, here))
        here.telegram.writes(sam, COMPLETE)
        assert [hand_over(here, question(3, here)) for _ in range(3)] == [LATER] * 3
        time.sleep(3)  # the other ways in have tried as well
        assert here.telegram.unconfirmed(), "Telegram still has it"
        assert len(here.dovecot.raw_mails(here.address)) == 1
    assert hand_over(here, question(3, here)) == STORED
    wait_until_quiet(here, 4)
    wait_until(lambda: not here.telegram.unconfirmed() and not here.dovecot.raw_mails(here.address), 60)
    nothing_lost_or_twice(here, 4)
    here.stop()
    assert "Traceback" not in here.log.read_text()


def test_a_process_that_may_write_nothing(here: Installation) -> None:
    go_through_it(here, no_more_bytes)


# A second way to the same fault, on machines where it can be made: the one above is run everywhere.
if can_mount():

    def test_a_disk_without_a_byte_left(
        tmp_path: Path, programs: Starter, dovecot: Dovecot, telegram: BotApi, prepared_database: Path
    ) -> None:
        with small_disk(tmp_path), installed(tmp_path, programs, dovecot, telegram) as here:
            here.prepare(prepared_database, weeks_old=0)
            go_through_it(here, filled)


def test_a_service_that_finds_the_disk_full_at_its_start_says_so(here: Installation) -> None:
    """In Dutch, without a traceback; started again once there is room, it takes up its work."""
    prefix = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, -1)); "
    program = f"{prefix}import sys; from bot import cli; sys.exit(cli.run(['run']))"
    ended = around.in_a_process_of_its_own(here, program)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "kan niet worden gebruikt" in ended.stderr
    start(here)
    assert hand_over(here, question(1, here)) == STORED
    wait_until_quiet(here, 1)
    here.stop()


def test_a_decision_that_does_not_fit_counts_as_no_try_of_the_message(story: Story) -> None:
    """What was received fits, what follows from it does not: however long that lasts, the message waits."""
    receive(story.db, "een", mail(COMPLETE, now=story.now))
    story.db.execute(f"PRAGMA max_page_count = {one(story.db, 'PRAGMA page_count')}")
    for _ in range(5):
        with pytest.raises(Exception, match="full") as met:
            flow.process_one_message(story.db, story.wiring, story.shelf, story.now)
        assert is_trouble(met.value)
        story.now += timedelta(minutes=1)
    assert one(story.db, "SELECT count(*) FROM letters") == 0
    story.db.execute("PRAGMA max_page_count = 1000000")
    assert flow.process_one_message(story.db, story.wiring, story.shelf, story.now)
    assert one(story.db, "SELECT state FROM messages") == "handled"
    assert one(story.db, "SELECT attempts FROM messages") == 1
