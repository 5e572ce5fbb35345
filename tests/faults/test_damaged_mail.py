"""Whatever bytes come in as a mail: they are read or stand in quarantine, nothing raises, and the next one is served.

MUTANTS says how many damaged mails are made; a twentieth as many go through the whole service.
"""

from __future__ import annotations

import os
import re
from base64 import encodebytes
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from bot import logs
from bot.channels.fingerprint import delivered_to, external_id, message_id_hint, return_path
from bot.channels.shape import KEPT_WHOLE_BYTES
from bot.guarded_reader import GuardedReader, ReaderEnded
from bot.reading import LONGEST_HEARD
from bot.store import messages
from bot.story import Story
from inbox.answer import read_answer
from inbox.asked import read_reply
from inbox.authentication import is_aligned
from inbox.decision_token import find_tokens
from inbox.mail import MAX_QUOTED, MAX_RECIPIENTS, UnreadableMail, subject_of, writer_of
from inbox.message import Message
from inbox.mime import MAX_PARTS
from tests.faults.damaged_mail import mutant
from tests.mails import ADDRESS, COMPLETE, mail

pytestmark = pytest.mark.faults

MUTANTS = int(os.environ.get("MUTANTS", "1000"))
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


@dataclass(slots=True)
class Tally:
    """What became of mails: how many were read, how many were found empty, and what was wrong with others.

    `slowest` is in seconds of a processor and `largest` in bytes of memory, both of the process that reads.
    """

    read: int = 0
    empty: int = 0
    problems: list[str] = field(default_factory=list)
    slowest: float = 0.0
    largest: int = 0

    def add(self, number: int, raw: bytes, reader: GuardedReader) -> None:
        """Take in and read one more mail."""
        process, before = reader.process_id, used_by(reader)
        try:
            found = list(problems_of(raw, reader))
            self.read += 1
        except UnreadableMail:
            found = [] if not raw.strip(b"\x00 \t\r\n") else ["called empty"]
            self.empty += 1
        except (TimeoutError, MemoryError, ReaderEnded) as problem:
            found = [type(problem).__name__]
        self.problems += [f"{number}: {each}" for each in found]
        if reader.process_id is not None:
            status = Path(f"/proc/{reader.process_id}/status").read_text()
            self.largest = max(self.largest, int(status.partition("VmHWM:")[2].split()[0]) * 1024)
            self.slowest = max(self.slowest, used_by(reader) - (before if process == reader.process_id else 0.0))


def used_by(reader: GuardedReader) -> float:
    """How many seconds of a processor the process that reads used so far."""
    with suppress(OSError):
        ticks = Path(f"/proc/{reader.process_id}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def problems_of(raw: bytes, reader: GuardedReader) -> Iterator[str]:
    """What is wrong with how a mail is taken in and read: nothing, for any mail. Raises what `reader.mail` does."""
    hints = (message_id_hint(raw), return_path(raw) or "", delivered_to(raw) or "")
    if len(external_id(raw)) != 64 or not "".join(hints).isprintable():
        yield "taken in"
    message = reader.mail(raw, (ADDRESS,), None)
    if "unparsed" in message.defects:
        yield "not read"
    if (writer_of(raw), subject_of(raw)) != (message.sender, message.subject):
        yield "its headers tell something else"
    if not is_harmless(message):
        yield "harm in a header"
    if not can_be_kept(message):
        yield "cannot be stored"
    sheet = reader.sheet(message.attachments)
    if sheet is not None and sheet.filename not in [each.filename for each in message.attachments]:
        yield "a sheet that is not there"
    is_aligned(raw, message.sender, "mx.example.org")
    text = message.text[:LONGEST_HEARD]
    find_tokens(message), read_answer(text, message.sender_name), read_reply(text, ("consent",))


def ended() -> int:
    """How often a process that reads came to an end on what it read."""
    return logs.told().get("reader_ended", 0)


def is_harmless(message: Message) -> bool:
    """Whether what goes into headers, pages and file names is printable and on one line."""
    texts = (message.subject, message.sender, message.sender_name, *message.recipients, *message.references)
    names = [each.filename for each in message.attachments]
    return "".join((*texts, *names)).isprintable() and not any("/" in name for name in names)


def can_be_kept(message: Message) -> bool:
    """Whether the words are such as a database, a page and a letter can hold, and not without end."""
    texts = (message.text, message.quoted, message.signature)
    words = "".join(texts)
    whole = not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", words)
    return whole and max(map(len, texts)) <= 3 * MAX_QUOTED and len(message.recipients) <= MAX_RECIPIENTS


@pytest.mark.parametrize("share", range(SHARES))
def test_damaged_mail_is_read(reader: GuardedReader, share: int) -> None:
    before, tally = ended(), Tally()
    for number in range(share, MUTANTS, SHARES):
        tally.add(number, mutant(number), reader)
    print(tally)
    assert tally.problems == []
    assert tally.read > 10 * tally.empty, "most of what is damaged can still be read"
    assert ended() == before, "no mail and no sheet ended the process that reads"


@pytest.mark.parametrize("share", range(SHARES))
def test_damaged_mail_goes_through_the_whole_service(guarded: Story, share: int) -> None:
    written = 0
    for number in range(share, WHOLE, SHARES):
        for letter in guarded.mail_arrives(mutant(number, seed=66)):
            sent = message_from_bytes(letter.raw, policy=default)
            assert not sent.defects
            assert OUR_HEADERS.issuperset(name.lower() for name in sent), "nothing of theirs became a header of ours"
            written += 1
    assert guarded.mail_arrives(mail(COMPLETE, now=guarded.now)), "the next one is served"
    for _ in range(messages.MAX_ATTEMPTS):
        guarded.later(RETRIES)
        guarded.go_on()
    states = messages.counts_by_state(guarded.db)
    stuck = Counter(
        row["problem"] for row in guarded.db.query("SELECT problem FROM messages WHERE state = 'quarantined'")
    )
    print(f"{states} {stuck} {written} letters")
    assert states.get("received", 0) == 0
    assert stuck.keys() <= {"no_sender", "UnreadableMail"}, "nothing failed that could be read"
    settled = guarded.db.query("SELECT 1 FROM proposals WHERE state IN ('accepted', 'declined')")
    assert list(settled) == [], "no adviser decided anything"


OUR_HEADERS = frozenset({
    "return-path", "delivered-to", "from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to",
    "references", "auto-submitted", "x-auto-response-suppress", "mime-version", "content-type", "content-language",
    "content-transfer-encoding",
})  # fmt: skip
HEADERS = b"From: buurttuin@example.org\r\nTo: socialeveerkracht@example.org\r\nSubject: Vraag\r\n"
MIXED = HEADERS + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
BASE64 = b"Content-Transfer-Encoding: base64\r\n"


def _whole(start: bytes, filler: bytes) -> bytes:
    """As much as is kept of one mail: 50 MB."""
    return start + filler * ((KEPT_WHOLE_BYTES - len(start)) // len(filler))


def _parts(part: bytes) -> bytes:
    """Just as many parts as are cut."""
    return (MIXED + (part + b"\r\n--b\r\n") * (MAX_PARTS - 2) + part)[:KEPT_WHOLE_BYTES]


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
    "parts of markup": lambda: _parts(b"Content-Type: text/html\r\n\r\n" + b"<p>" * 55_000),
    "parts of quoted markup": lambda: _parts(b"Content-Type: text/html\r\n\r\n" + b"<blockquote>" * 14_000),
    "parts of wrapped text": lambda: _parts(b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"x \n" * 55_000),
    "parts of headers": lambda: _parts(b"a:\n" * 19_999 + b"\nx"),
    "parts of known headers": lambda: _parts(b"To:\n" * 19_999 + b"\nx"),
    "charsets": lambda: b"".join(b"To: =?x%d?q?%b?= <a@b>\n" % (n, b"=E4=F6" * 25) for n in range(9_000)) + HEADERS,
    "recipients": lambda: b"Cc: " + b", ".join(b"a%d@example.org" % n for n in range(30_000)) + b"\n" + HEADERS,
}


@pytest.mark.parametrize("name", GIANTS)
def test_a_giant_is_read_within_the_limits(reader: GuardedReader, name: str) -> None:
    tally = Tally()
    tally.add(0, GIANTS[name](), reader)
    print(name, tally)
    assert tally.problems == []
