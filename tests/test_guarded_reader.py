"""Mail and sheets are read in a process of their own: the same outcome, and a breach of its limits harms no other."""

from __future__ import annotations

import base64
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from multiprocessing import Pipe
from pathlib import Path

import pytest

from bot import guarded_reader
from bot.flow import process_one_message
from bot.guarded_reader import GuardedReader, NoReader, PlainReader, ReaderEnded, _OnlyOurs
from bot.store import messages, quarantine
from bot.store.database import transaction
from bot.story import Story
from inbox.budget_sheet import BudgetSheet, find_budget_sheet
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


@pytest.mark.parametrize("size", [1, 5_000_000], ids=["small", "large"])
def test_a_process_that_stands_still_is_not_waited_for(size: int) -> None:
    with closing(GuardedReader(seconds=0.5)) as hasty:
        hasty.mail(SAMPLES[0].read_bytes(), OWN, None)
        assert hasty.process_id is not None
        os.kill(hasty.process_id, signal.SIGSTOP)
        with pytest.raises(TimeoutError):
            hasty.mail(bytes(size), OWN, None)
        assert hasty.process_id is None


@pytest.mark.parametrize(
    "sent",
    [pickle.dumps("x" * 2_000), b"no pickle", b"N}(K\x01K\x02ub."],
    ids=["more than it can hold", "no pickle", "damaged pickle"],
)
def test_an_answer_that_is_none_ends_the_process(sent: bytes) -> None:
    with closing(GuardedReader()) as taken_over:
        taken_over.mail(SAMPLES[0].read_bytes(), OWN, None)
        assert taken_over._child is not None
        ours, its = Pipe()
        with its, taken_over._child.line:  # which stays open so long: without it the process would end by itself
            its.send_bytes(sent)
            taken_over.memory = 1_000
            taken_over._child = replace(taken_over._child, line=ours)
            with pytest.raises(ReaderEnded):
                taken_over.mail(SAMPLES[0].read_bytes(), OWN, None)


def test_a_sheet_beyond_the_limits_is_refused_and_not_the_message_it_came_with() -> None:
    # Well over a tick of the processor's clock: a file that takes less can be read before anybody sees the time.
    long = [Attachment("begroting.csv", "text/csv", csv_bytes(GOOD + 2_000 * GOOD[-1:]))]
    assert isinstance(find_budget_sheet(long), BudgetSheet)
    with closing(GuardedReader(seconds=0.0001)) as hasty:
        assert hasty.sheet([*long, *SHEETS]) == SheetRefusal("begroting.csv", "too_large")


def test_a_process_that_was_killed_is_replaced(reader: GuardedReader) -> None:
    reader.start()
    assert reader.process_id is not None
    os.kill(reader.process_id, signal.SIGKILL)
    while _lives(reader.process_id):
        time.sleep(0.01)
    assert reader.mail(SAMPLES[0].read_bytes(), OWN, None).message_id


def test_a_process_that_read_much_makes_way_for_a_fresh_one(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = SAMPLES[0].read_bytes()
    monkeypatch.setattr(guarded_reader, "FRESH_AFTER", 2 * len(raw))
    with closing(GuardedReader()) as made:
        used = [made.process_id for _ in range(6) if made.mail(raw, OWN, None)]
    assert [used.count(each) for each in dict.fromkeys(used)] == [2, 2, 2]


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
    shut = ("Max file size", "Max open files", "Max processes")
    assert [line.split()[-2] for line in limits.splitlines() if line.startswith(shut)] == ["0", "0", "0"]


def test_it_holds_nothing_open_but_the_line_to_the_service(reader: GuardedReader) -> None:
    reader.mail(SAMPLES[0].read_bytes(), OWN, None)
    held = sorted(str(each.readlink()).partition(":")[0] for each in Path(f"/proc/{reader.process_id}/fd").iterdir())
    assert held == ["/dev/null", "/dev/null", "/dev/null", "socket"]


REACHES = """
import socket, subprocess, sys
from pathlib import Path
from bot import reader_process
reader_process.shut_this_process()
ways = (
    lambda: Path(sys.argv[1]).read_bytes(),
    lambda: socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=5),
    lambda: socket.socket(socket.AF_UNIX),
    lambda: subprocess.run([sys.executable, "-c", ""]),
    lambda: __import__("bot.settings"),
)
for way in ways:
    try:
        way()
    except (OSError, ImportError):
        continue
    print("reached")
print("shut")
"""


def test_no_file_no_line_and_no_other_process_is_opened_there(tmp_path: Path) -> None:
    (tmp_path / "mixmatch.toml").write_text("geheim")
    with socket.create_server(("127.0.0.1", 0)) as server:
        told = subprocess.run(
            [sys.executable, "-c", REACHES, tmp_path / "mixmatch.toml", str(server.getsockname()[1])],
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
    assert (told.stdout, told.stderr) == ("shut\n", "")


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


@pytest.mark.parametrize("program", ["/bin/false", "/bin/no-such-program"])
def test_a_reader_that_cannot_be_begun_is_no_fault_of_the_mail(
    story: Story, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    with closing(GuardedReader()) as absent, monkeypatch.context() as broken:
        guarded = Story(story.db, replace(story.wiring, reader=absent), story.shelf, story.now, story.seen)
        broken.setattr(sys, "executable", program)
        for _ in range(messages.MAX_ATTEMPTS + 1):
            with pytest.raises(NoReader):
                guarded.mail_arrives(mail(COMPLETE, now=story.now))
            guarded.later(timedelta(minutes=1))
        assert messages.counts_by_state(story.db) == {"received": 1}
        broken.undo()
        assert guarded.go_on(), "read and answered as soon as it can be"
    assert messages.counts_by_state(story.db) == {"handled": 1}


def _lives(process_id: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
