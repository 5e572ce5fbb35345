"""Mail and sheets are read in a process of their own: the same outcome, and a breach of its limits harms no other."""

from __future__ import annotations

import base64
import os
import pickle
import signal
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from bot.flow import process_one_message
from bot.guarded_reader import GuardedReader, PlainReader, ReaderEnded, _OnlyOurs
from bot.store import messages, quarantine
from bot.store.database import transaction
from bot.story import Story
from inbox.budget_sheet import BudgetSheet
from inbox.mail import UnreadableMail, read_mail, subject_of, writer_of
from inbox.message import Attachment
from inbox.sheet_cells import SheetRefusal
from tests.mails import COMPLETE, SHOP, mail
from tests.sheet_builders import csv_bytes, ods, xlsx

SAMPLES = sorted((Path(__file__).parent / "mail_samples").glob("*.eml"))
OWN = ("socialeveerkracht@example.org",)
LONG_TO_READ = b"From: a@example.org\r\nContent-Type: text/html\r\n\r\n" + b"<b>x" * 1_500_000
LARGE = b"From: a@example.org\r\n\r\n" + b"hallo\n" * 10_000_000
GROWS = (
    b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n"
    + base64.encodebytes(bytes(30_000_000))
)
GOOD: list[list[str | int]] = [["Inkomsten"], ["Verhuur", 900], ["Uitgaven"], ["Huur", 1000]]
SHEETS = [
    Attachment("begroting.xlsx", "", xlsx(GOOD)),
    Attachment("begroting.ods", "", ods(GOOD)),
    Attachment("begroting.csv", "text/csv", csv_bytes(GOOD)),
    Attachment("stuk.xlsx", "", b"PK\x03\x04" * 100),
    Attachment("plan.pdf", "application/pdf", b"%PDF"),
]


@pytest.fixture(scope="module")
def reader() -> Iterator[GuardedReader]:
    """A reader with the limits of the service."""
    with closing(GuardedReader()) as made:
        yield made


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_mail_reads_the_same_over_there(reader: GuardedReader, sample: Path) -> None:
    raw = sample.read_bytes()
    assert reader.mail(raw, OWN, None) == PlainReader().mail(raw, OWN, None)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_the_headers_alone_tell_the_same_writer_and_subject(sample: Path) -> None:
    raw = sample.read_bytes()
    message = read_mail(raw, own_addresses=OWN)
    assert (writer_of(raw), subject_of(raw)) == (message.sender, message.subject)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.filename)
def test_a_sheet_reads_the_same_over_there(reader: GuardedReader, sheet: Attachment) -> None:
    assert reader.sheet([sheet]) == PlainReader().sheet([sheet])


def test_a_sheet_over_there_is_understood(reader: GuardedReader) -> None:
    assert isinstance(reader.sheet(SHEETS), BudgetSheet)
    assert reader.sheet([]) is None


def test_one_process_reads_mail_after_mail_and_empty_mail_too(reader: GuardedReader) -> None:
    reader.start()
    before = reader.process_id
    with pytest.raises(UnreadableMail):
        reader.mail(b"\r\n", OWN, None)
    assert reader.mail(mail(COMPLETE, now=datetime.now(UTC)), OWN, None).sender == SHOP
    assert reader.process_id == before


def test_a_mail_that_takes_too_long_ends_its_process_and_the_next_one_is_read() -> None:
    with closing(GuardedReader(seconds=0.05)) as hasty:
        hasty.start()
        before = hasty.process_id
        with pytest.raises(TimeoutError):
            hasty.mail(LONG_TO_READ, OWN, None)
        assert before is not None
        assert not _lives(before)
        hasty.seconds = 20
        assert hasty.mail(SAMPLES[0].read_bytes(), OWN, None).message_id
        assert hasty.process_id != before


@pytest.mark.parametrize("raw", [LARGE, GROWS], ids=["large", "grows"])
def test_a_mail_that_takes_too_much_memory_is_a_breach(raw: bytes) -> None:
    with closing(GuardedReader(memory=120 * 1024 * 1024)) as narrow:
        with pytest.raises((MemoryError, ReaderEnded)):
            narrow.mail(raw, OWN, None)
        assert narrow.mail(SAMPLES[0].read_bytes(), OWN, None).message_id


def test_a_sheet_beyond_the_limits_is_refused_and_not_the_message_it_came_with() -> None:
    with closing(GuardedReader(seconds=0.0001)) as hasty:
        assert hasty.sheet(SHEETS) == SheetRefusal("begroting.xlsx", "too_large")


def test_a_process_that_was_killed_is_replaced(reader: GuardedReader) -> None:
    reader.start()
    assert reader.process_id is not None
    os.kill(reader.process_id, signal.SIGKILL)
    while _lives(reader.process_id):
        time.sleep(0.01)
    assert reader.mail(SAMPLES[0].read_bytes(), OWN, None).message_id


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_sign_to_stop_is_for_the_service_only(reader: GuardedReader, sign: signal.Signals) -> None:
    reader.mail(SAMPLES[0].read_bytes(), OWN, None)
    before = reader.process_id
    assert before is not None
    os.kill(before, sign)
    assert reader.mail(SAMPLES[0].read_bytes(), OWN, None).message_id
    assert reader.process_id == before


def test_it_knows_no_secret_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIXMATCH_IMAP_PASSWORD", "geheim")
    with closing(GuardedReader()) as made:
        made.mail(SAMPLES[0].read_bytes(), OWN, None)
        assert b"geheim" not in Path(f"/proc/{made.process_id}/environ").read_bytes()
        limits = Path(f"/proc/{made.process_id}/limits").read_text()
    assert [line.split()[-2] for line in limits.splitlines() if line.startswith("Max file size")] == ["0"]


def test_nothing_but_records_of_ours_comes_out_of_it() -> None:
    with pytest.raises(pickle.UnpicklingError):
        _OnlyOurs(BytesIO(pickle.dumps(os.system))).load()


def test_a_mail_that_breaks_its_reader_is_quarantined_visible_and_can_be_read_again(story: Story) -> None:
    hasty = GuardedReader(seconds=0.05)
    guarded = Story(story.db, replace(story.wiring, reader=hasty), story.shelf, story.now, story.seen)
    with closing(hasty):
        guarded.mail_arrives(LONG_TO_READ)
        for _ in range(2):
            guarded.later(timedelta(minutes=1))
            guarded.go_on()
    (stuck,) = quarantine.everything(story.db)
    assert stuck.problem == "TimeoutError"
    assert messages.counts_by_state(story.db)["quarantined"] == 1
    with transaction(story.db):
        assert quarantine.try_again(story.db, stuck.id)
    assert process_one_message(story.db, story.wiring, story.shelf, story.now), "read by one that takes its time"
    assert quarantine.everything(story.db) == []


def _lives(process_id: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
