"""The fixtures of the fault tests, and what must be true once a fault is over. Makes no fault; no tests live here.

Use a fixture in a test module with `here = around.here`, which makes it known there.
"""

from __future__ import annotations

import smtplib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

import tests.dovecot
from matcher.encoder import Encoder
from tests.bot_api import BotApi
from tests.dovecot import Dovecot
from tests.faults.installation import Installation, installed
from tests.faults.starter import ROOT, Starter, starter
from tests.mails import COMPLETE, mail
from tests.shelf import wait_until

dovecot = tests.dovecot.dovecot
QUIET_SECONDS = 120.0
LINE_SECONDS = 60


@pytest.fixture(scope="session")
def programs(encoder: Encoder) -> Iterator[Starter]:
    """From where services start within a second; the model is unpacked."""
    with starter() as found:
        yield found


@pytest.fixture
def here(
    tmp_path: Path, programs: Starter, dovecot: Dovecot, telegram: BotApi, prepared_database: Path
) -> Iterator[Installation]:
    """An installation that did not run yet."""
    with installed(tmp_path, programs, dovecot, telegram) as found:
        found.prepare(prepared_database, weeks_old=0)
        yield found


def start(here: Installation) -> None:
    """Start the service and wait until it is up."""
    here.start()
    here.wait_until_up()
    assert here.is_up(), here.log.read_text()


def in_a_process_of_its_own(here: Installation, program: str) -> subprocess.CompletedProcess[str]:
    """Run a program with the settings of the installation, to its end."""
    environment = {**here.environment, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, cwd=here.folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def question(number: int, here: Installation) -> bytes:
    """A mail of somebody new with a whole question."""
    text = f"{COMPLETE}\nKenmerk van onze groep: {number}.\n"
    return mail(text, sender=f"bewoner{number}@example.org", to=here.address, now=datetime.now(UTC))


def hand_over(here: Installation, raw: bytes) -> int:
    """Hand a mail over by LMTP, as the mail server beside the service does; returns the answer to its text."""
    with smtplib.LMTP("127.0.0.1", here.lmtp_port, timeout=LINE_SECONDS) as line:
        line.ehlo_or_helo_if_needed()
        line.mail("bewoner@example.org")
        line.rcpt(here.address)
        return int(line.data(raw)[0])


def rows(here: Installation, sql: str) -> list[dict[str, Any]]:
    """What the database tells, beside the service."""
    with here.store() as db:
        return list(db.query(sql))


def is_quiet(here: Installation, messages: int) -> bool:
    """Whether so many messages came in, nothing waits, and nothing is on its way."""
    (count,) = rows(here, "SELECT count(*) AS n FROM messages")
    waiting = "SELECT 1 FROM messages WHERE state = 'received' UNION ALL SELECT 1 FROM letters WHERE state IN {}"
    return bool(count["n"] >= messages) and not rows(here, waiting.format("('waiting', 'sending')"))


def wait_until_quiet(here: Installation, messages: int) -> None:
    """Wait until everything that came in was handled and every letter is gone."""
    wait_until(lambda: is_quiet(here, messages), QUIET_SECONDS)


def nothing_lost_or_twice(here: Installation, messages: int) -> None:
    """Every message is there once and handled; every letter left, and arrived once."""
    states = Counter((row["state"], row["problem"]) for row in rows(here, "SELECT state, problem FROM messages"))
    assert states == {("handled", ""): messages}
    letters = rows(here, "SELECT channel, state, message_id, recipient, parts_sent FROM letters")
    assert {row["state"] for row in letters} == {"sent"}
    arrived = Counter(str(message_from_bytes(one.raw)["Message-ID"]) for one in here.receiver.mails)
    assert arrived == Counter(row["message_id"] for row in letters if row["channel"] == "mail")
    chats = Counter(f"telegram:{sent.chat_id}" for sent in here.telegram.sent())
    told: Counter[str] = Counter()
    for row in letters:
        if row["channel"] == "chat":
            told[row["recipient"]] += max(row["parts_sent"], 1)
    assert chats == told
