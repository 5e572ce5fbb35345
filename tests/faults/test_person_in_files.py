"""A noisy person in a running service: in no log, and after erasing in no file, mailbox, copy or export whatever.

The canary stands in every word, name and address of that person; it is looked for in every byte that was written.
"""

from __future__ import annotations

import json
import re
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from tests.canary import CANARY, files_with
from tests.command_line import in_a_process
from tests.faults import around
from tests.faults.around import hand_over, rows, start, wait_until_quiet
from tests.faults.installation import Installation
from tests.planted_person import OWN, PLANTED
from tests.shelf import wait_until
from tests.test_story_service import reply, wait_for_mail

here, programs, dovecot = around.here, around.programs, around.dovecot
pytestmark = [pytest.mark.faults, pytest.mark.needs_dovecot]

SERVICE_NUMBER, PHONE, ILL = "111222333", "06-12345678", "schizofrenie"
SECRETS = (CANARY, SERVICE_NUMBER, PHONE, ILL)
CLOCK_SECONDS = 90.0  # the clock comes by every minute


def planted(here: Installation, number: int, text: str = PLANTED) -> bytes:
    """A mail with the canary in every field of it, and in an attachment."""
    letter = EmailMessage()
    letter["From"] = f'"Bewoner {CANARY}" <{OWN}>'
    letter["To"] = here.address
    letter["Subject"] = f"Winkel {CANARY} {number}"
    letter["Date"] = format_datetime(datetime.now(UTC))
    letter["Message-ID"] = f"<{CANARY}.{number}@example.org>"
    letter.set_content(f"{text}\nBSN {SERVICE_NUMBER}, bel {PHONE}, mijn zoon heeft {ILL}.\n", cte="base64")
    letter.add_attachment(f"Verslag van {CANARY}\n", filename=f"{CANARY}.txt")
    return letter.as_bytes()


def command(here: Installation, *arguments: str) -> str:
    """Run mixmatch beside the service."""
    done = in_a_process(here.folder, *arguments, **{**here.environment, "OMP_NUM_THREADS": "1"})
    assert done.code == 0, (arguments, done.out, done.err)
    return done.out


def live_noisily(here: Installation, first: bytes) -> None:
    """Everything a person can do, and what goes wrong with it."""
    here.dovecot.deliver(here.address, first, OWN)
    wait_until(lambda: bool(rows(here, "SELECT 1 FROM letters")), around.QUIET_SECONDS)
    proposal = wait_for_mail(here.receiver, None, "Voorstel")
    here.dovecot.deliver(here.address, reply(proposal, f"Nee, want {CANARY} past niet."), proposal.recipient)
    person = here.telegram.person(CANARY, username=CANARY)
    here.telegram.world.private_chat(person)
    here.telegram.writes(person, f"{PLANTED} Bel {PHONE}.")
    assert hand_over(here, planted(here, 2, f"Laat mijn gegevens zien. {CANARY}")) == 250
    assert hand_over(here, b"Subject: =?utf-8?b?" + CANARY.encode() + b"\xff\x00?=\r\nFrom: " + OWN.encode()) == 250
    with httpx.Client(base_url=here.site, trust_env=False) as browser:
        for page in (f"/bureau?zoek={OWN}", f"/besluit/{CANARY}", f"/gesprek/{CANARY}", f"/{CANARY}", "/metrics"):
            browser.get(page, headers={"User-Agent": CANARY, "Referer": f"https://{CANARY}.example.org/"})
        browser.post("/bureau/aanmelden", data={"address": OWN})
        browser.post("/vraag", data={CANARY: OWN})
    wait_until_quiet(here, 5)


def no_word_in_the_log(here: Installation) -> None:
    """Every line of the service is one object with codes, and tells of which case; no word, number or address."""
    told = []
    for log in sorted(here.folder.glob("log*")):
        text = log.read_text()
        assert [secret for secret in SECRETS if secret in text.lower()] == []
        assert re.findall(r"[\w.]+@[\w.]+", text) == []
        lines = [line for line in text.splitlines() if line.startswith("{")]
        assert lines
        told += [json.loads(line) for line in lines]
        assert "Traceback" not in text
    about = [each for each in told if each.get("event", "").startswith(("letter_", "message_"))]
    assert about
    assert [each for each in about if not ({"letter", "message"} & each.keys())] == []
    assert any("case" in each for each in about)


def files_of_a_copy(copy: Path, folder: Path) -> Path:
    with zipfile.ZipFile(copy) as archive:
        archive.extractall(folder)
    return folder


def forget_the_last_letter(here: Installation) -> None:
    """A day after it left the letter that says it is done goes as well."""
    on_its_way = "SELECT 1 FROM letters WHERE template = 'erasure' AND state != 'sent'"
    wait_until(lambda: not rows(here, on_its_way), around.QUIET_SECONDS)
    with here.store() as db:
        db.execute("UPDATE letters SET sent_at = '2026-01-01T09:00:00.000+00:00' WHERE template = 'erasure'")
    wait_until(lambda: not rows(here, "SELECT 1 FROM letters WHERE template = 'erasure'"), CLOCK_SECONDS)


def nothing_is_left(here: Installation, chat: str) -> bool:
    return files_with(here.data, CANARY, chat.partition(":")[2]) == []


def test_in_no_log_and_after_erasing_in_no_file(here: Installation, tmp_path: Path) -> None:
    here.environment["MIXMATCH_LOG_FORMAT"] = "json"
    start(here)
    first = planted(here, 1)
    live_noisily(here, first)
    (chat,) = {row["sender"] for row in rows(here, "SELECT sender FROM messages WHERE channel = 'chat'")}
    no_word_in_the_log(here)
    assert files_with(here.data, CANARY), "it was planted"

    command(here, "backup", "voor.zip")
    for address in (OWN, chat):
        command(here, "privacy", "erase", address, "--yes")
    forget_the_last_letter(here)
    here.dovecot.deliver(here.address, first, OWN)  # the mailbox was put back
    wait_until(lambda: not here.dovecot.raw_mails(here.address), CLOCK_SECONDS)
    command(here, "backup", "na.zip")
    command(here, "export", "open")
    command(here, "report", "--format", "json")
    wait_until(lambda: nothing_is_left(here, chat), CLOCK_SECONDS)
    assert files_with(files_of_a_copy(here.folder / "na.zip", tmp_path / "na"), CANARY) == []
    assert files_with(here.folder / "open", CANARY) == []
    assert "mixmatch.db" in files_with(files_of_a_copy(here.folder / "voor.zip", tmp_path / "voor"), CANARY)

    here.stop()
    command(here, "restore", "--replace", "voor.zip")
    assert not nothing_is_left(here, chat), "the older database brought the person back"
    start(here)
    wait_until(lambda: nothing_is_left(here, chat), CLOCK_SECONDS)
    here.stop()
    assert nothing_is_left(here, chat)
    no_word_in_the_log(here)
