"""Whatever bytes come in as a mail: they are read or stand in quarantine, nothing raises, and the next one is served.

MUTANTS says how many damaged mails are made; every twentieth as many go through the whole service.
"""

from __future__ import annotations

import os
from base64 import encodebytes
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from bot.channels.fingerprint import delivered_to, external_id, message_id_hint, return_path
from bot.channels.shape import KEPT_WHOLE_BYTES
from bot.guarded_reader import GuardedReader
from bot.store import messages
from bot.story import Story
from inbox.answer import read_answer
from inbox.asked import read_reply
from inbox.decision_token import find_tokens
from inbox.mail import UnreadableMail, subject_of, writer_of
from inbox.message import Message
from tests.faults.damaged_mail import mutant
from tests.mails import ADDRESS, COMPLETE, mail

pytestmark = pytest.mark.faults

MUTANTS = int(os.environ.get("MUTANTS", "2000"))
WHOLE = MUTANTS // 20
SHARES = 10  # pieces of the work, so that each stays within a test's time
RETRIES = timedelta(minutes=5)


@pytest.fixture(scope="module")
def reader() -> Iterator[GuardedReader]:
    """A reader with the limits of the service."""
    with closing(GuardedReader()) as made:
        yield made


@pytest.fixture
def guarded(story: Story, reader: GuardedReader) -> Story:
    """A story whose mail is read as in the service."""
    return Story(story.db, replace(story.wiring, reader=reader), story.shelf, story.now)


def problems_of(number: int, raw: bytes, reader: GuardedReader) -> Iterator[str]:
    """What is wrong with how a mail is taken in and read; nothing, for every mail there is."""
    hints = (message_id_hint(raw), return_path(raw) or "", delivered_to(raw) or "")
    if len(external_id(raw)) != 64 or not "".join(hints).isprintable():
        yield f"{number}: taken in"
    try:
        message = reader.mail(raw, (ADDRESS,), None)
    except UnreadableMail:
        if raw.strip(b"\x00 \t\r\n"):
            yield f"{number}: called empty"
        return
    if "unparsed" in message.defects:
        yield f"{number}: not read"
    if (writer_of(raw), subject_of(raw)) != (message.sender, message.subject):
        yield f"{number}: its headers tell something else"
    if not is_harmless(message):
        yield f"{number}: harm in a header"
    sheet = reader.sheet(message.attachments)
    if sheet is not None and sheet.filename not in [each.filename for each in message.attachments]:
        yield f"{number}: a sheet that is not there"
    find_tokens(message), read_answer(message.text, message.sender_name), read_reply(message.text, ("consent",))


def is_harmless(message: Message) -> bool:
    """Whether what goes into headers, pages and file names is printable and on one line."""
    texts = (message.subject, message.sender, message.sender_name, *message.recipients, *message.references)
    names = [each.filename for each in message.attachments]
    return "".join((*texts, *names)).isprintable() and not any("/" in name for name in names)


@pytest.mark.parametrize("share", range(SHARES))
def test_damaged_mail_is_read(reader: GuardedReader, share: int) -> None:
    before = None
    for number in range(share, MUTANTS, SHARES):
        assert list(problems_of(number, mutant(number), reader)) == []
        before = before or reader.process_id
    assert reader.process_id == before, "no mail ended the process that reads"


@pytest.mark.parametrize("share", range(SHARES))
def test_damaged_mail_goes_through_the_whole_service(guarded: Story, share: int) -> None:
    for number in range(share, WHOLE, SHARES):
        for letter in guarded.mail_arrives(mutant(number, seed=66)):
            sent = message_from_bytes(letter.raw, policy=default)
            assert not sent.defects
            assert sent["Bcc"] is None
            assert "\n" not in str(sent["Subject"])
    assert guarded.mail_arrives(mail(COMPLETE, now=guarded.now)), "the next one is served"
    for _ in range(messages.MAX_ATTEMPTS):
        guarded.later(RETRIES)
        guarded.go_on()
    states = messages.counts_by_state(guarded.db)
    assert states.get("received", 0) == 0
    stuck = guarded.db.query("SELECT problem FROM messages WHERE state = 'quarantined'")
    assert {row["problem"] for row in stuck} <= {"no_sender", "UnreadableMail"}, "nothing failed that could be read"


HEADERS = b"From: buurttuin@example.org\r\nTo: socialeveerkracht@example.org\r\nSubject: Vraag\r\n"
MIXED = HEADERS + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
BASE64 = b"Content-Transfer-Encoding: base64\r\n"


def _whole(start: bytes, filler: bytes) -> bytes:
    """As much as is kept of one mail: 50 MB."""
    return start + filler * ((KEPT_WHOLE_BYTES - len(start)) // len(filler))


def _boxes() -> bytes:
    raw = HEADERS + b"\r\n" + b"x\r\n" * 1_200_000
    for _ in range(8):
        raw = HEADERS + BASE64 + b"Content-Type: message/rfc822\r\n\r\n" + encodebytes(raw)
    return raw[:KEPT_WHOLE_BYTES]


GIANTS: dict[str, Callable[[], bytes]] = {
    "a file": lambda: MIXED + BASE64 + b"Content-Type: application/pdf\r\n\r\n" + encodebytes(bytes(37_000_000)),
    "no base64": lambda: _whole(MIXED + BASE64 + b"Content-Type: application/pdf\r\n\r\n", b"%%a="),
    "line feeds": lambda: _whole(HEADERS + b"\r\n", b"\n"),
    "one line": lambda: _whole(HEADERS + b"\r\n", b"a"),
    "headers": lambda: _whole(HEADERS, b"X-A: b\r\n"),
    "one header": lambda: _whole(HEADERS + b"X-A: ", b"a"),
    "a folded header": lambda: _whole(HEADERS + b"References: ", b"<a@example.org>\r\n "),
    "parts": lambda: _whole(MIXED, b"\n--b\n\nx"),
    "almost boundaries": lambda: _whole(MIXED, b"\n--bx"),
    "markup": lambda: _whole(HEADERS + b"Content-Type: text/html\r\n\r\n", b"<b>x"),
    "quoted-printable": lambda: _whole(HEADERS + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n", b"=41=\r\n"),
    "attached mails": lambda: _whole(HEADERS, b"Content-Type: message/rfc822\r\n\r\n"),
    "mails in base64": _boxes,
    "NUL": lambda: _whole(HEADERS + b"\r\n", b"\x00"),
    "recipients": lambda: b"Cc: " + b", ".join(b"a%d@example.org" % n for n in range(30_000)) + b"\n" + HEADERS,
}


@pytest.mark.parametrize("name", GIANTS)
def test_a_giant_is_read_within_the_limits(reader: GuardedReader, name: str) -> None:
    raw = GIANTS[name]()
    assert list(problems_of(0, raw, reader)) == []
