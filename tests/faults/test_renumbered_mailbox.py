"""The mailbox is put back from a backup while the service reads it: other numbers, old mail again, nothing twice."""

from __future__ import annotations

import pytest

from tests.faults import around
from tests.faults.around import nothing_lost_or_twice, question, start, wait_until_quiet
from tests.faults.installation import Installation
from tests.shelf import wait_until

here, programs, dovecot = around.here, around.programs, around.dovecot
pytestmark = [pytest.mark.faults, pytest.mark.needs_dovecot]

FOLDER = "Vragen"
SECONDS = 60


def put_back(here: Installation, mails: list[bytes]) -> None:
    """Let the folder be a new one that holds these mails."""
    with here.dovecot.mailbox(here.address) as box:
        if box.folder.exists(FOLDER):
            box.folder.delete(FOLDER)
        box.folder.create(FOLDER)
        for each in mails:
            box.append(each, FOLDER)


@pytest.mark.parametrize("done_folder", ["Verwerkt", ""])
def test_a_mailbox_numbered_anew_while_it_is_read(here: Installation, done_folder: str) -> None:
    here.environment |= {
        "MIXMATCH_IMAP_FOLDER": FOLDER,
        "MIXMATCH_IMAP_DONE_FOLDER": done_folder,
        "MIXMATCH_IMAP_POLL_SECONDS": "1",
    }
    mails = [question(number, here) for number in range(1, 5)]
    put_back(here, mails[:2])
    start(here)
    wait_until_quiet(here, 2)
    for known in (3, 4):
        put_back(here, mails[:known])
        wait_until_quiet(here, known)
    if done_folder:
        wait_until(lambda: here.dovecot.raw_mails(here.address, FOLDER) == [], SECONDS)
    nothing_lost_or_twice(here, 4)
    here.stop()
    log = here.log.read_text()
    assert "imap_renumbered" in log
    assert "Traceback" not in log
