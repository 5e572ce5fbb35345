"""`make bench-load`: thousands of mails and chat messages through the real service as a process. No test.

Mail comes in over LMTP and goes out to a real SMTP server, chats go through the local Bot API server; advisers and
initiators answer the letters that they get. With --stored the database holds so many cases before it begins. The
servers and the people around the service share the machine with it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from shutil import copy

from sqlite_utils import Database

from bot import flow
from bot.installation import seed_pool
from bot.pool_vectors import PoolShelf
from bot.settings import Settings
from bot.store.database import open_database
from bot.terminal import progress
from bot.wiring import Wiring, wire
from inbox.sentences import split_sentences
from inbox.understanding import LONGEST_READ
from inbox.vectors import TextVectors
from tests.bot_api import BotApi
from tests.load.feeding import Feeder
from tests.load.service import Running, running
from tests.load.stored import fill
from tests.load.texts import chat_lines, shuffled, written_by
from tests.load.timed import MODEL
from tests.smtp_receiver import SmtpReceiver

ROOM = 1_000_000  # initiatives that one expert can take on: nobody runs full
SAMPLES = 60
WARM_UP = 60  # of both
READ_ALONE = 150  # of both, for what the language model needs alone
QUESTIONS_SHOWN = 25
LATENCY_PART = 10  # a tenth of the messages again, at half the speed, to see how long one takes
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fed:
    """What one feed came to: seconds it took, seconds of a core, and milliseconds from arrival to its letters.

    `read_seconds` the language model took of it, where that was timed.
    """

    messages: int
    seconds: float
    cpu_seconds: float
    read_seconds: float
    waits: tuple[float, ...]


def main() -> int:
    """Fill, feed, and print."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        wiring = wire(Settings(data_dir=folder), progress)
        _prepare(wiring, options)
        alone = _read_alone(wiring, options)
        receiver = SmtpReceiver()
        receiver.start()
        try:
            with BotApi() as telegram, running(Path(folder), receiver, telegram, timed=options.queries) as service:
                _measure(options, service, Feeder(service, receiver, telegram, Random(options.seed)), alone)
        finally:
            receiver.stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--chats", type=int, default=10_000, help="chat messages")
    parser.add_argument("--stored", type=int, default=0, help="cases in the database before it begins")
    parser.add_argument("--filled", type=Path, help="keep the filled database here, and begin with it when it is there")
    parser.add_argument("--waiting", type=int, default=100, help="messages that wait at most when fed at full speed")
    parser.add_argument("--minutes", type=float, default=60.0, help="stop feeding at full speed after so long")
    parser.add_argument("--queries", action="store_true", help="also time every question to the database")
    parser.add_argument("--folder", default=None, help="where the database is made for as long as it lasts")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _prepare(wiring: Wiring, options: argparse.Namespace) -> None:
    """A store with the sample pool, with room for everybody, and the cases of ten years when asked for."""
    shelf, database = PoolShelf(wiring.encoder), wiring.settings.database
    if options.filled is not None and options.filled.exists():
        copy(options.filled, database)
    else:
        _fill(wiring, shelf, options.stored)
        if options.filled is not None:
            copy(database, options.filled)
    if options.stored:
        with closing(open_database(database)) as db:
            _time_the_clock(db, wiring, shelf, datetime.now(UTC))


def _fill(wiring: Wiring, shelf: PoolShelf, stored: int) -> None:
    start = time.perf_counter()
    with closing(open_database(wiring.settings.database)) as db:
        seed_pool(db)
        shelf.current(db)
        db.execute("UPDATE experts SET capacity = ?", [ROOM])
        if stored:
            fill(db, stored, datetime.now(UTC), wiring.encoder.name, _samples(wiring))
    if stored:
        size = wiring.settings.database.stat().st_size / 1e6
        print(f"{stored} cases stored in {time.perf_counter() - start:.0f} s: {size:.0f} MB", flush=True)


def _samples(wiring: Wiring) -> list[TextVectors]:
    texts = [words.text[:LONGEST_READ] for words in written_by("mail")[:SAMPLES]]
    return wiring.encoder.read(texts, [split_sentences(text) for text in texts])


def _time_the_clock(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> None:
    """Every step of the clock at noon on a working day: the first time, and when nothing is due any more."""
    noon = now.replace(hour=11, minute=0)
    while noon.weekday() > 4:
        noon += DAY
    print("\nstep of the clock                     first      again")
    total = [0.0, 0.0]
    for name, step in flow.CLOCK:
        taken = []
        for turn in range(2):
            start = time.perf_counter()
            step(db, wiring, shelf, noon)
            taken.append(1000 * (time.perf_counter() - start))
            total[turn] += taken[-1]
        if max(taken) >= 1:
            print(f"{name:<32} {taken[0]:>7.0f} ms {taken[1]:>7.1f} ms", flush=True)
    print(f"{'all steps':<32} {total[0]:>7.0f} ms {total[1]:>7.1f} ms\n", flush=True)


def _read_alone(wiring: Wiring, options: argparse.Namespace) -> tuple[float, float]:
    """Milliseconds a message, and those of a core, that the language model needs for such texts, each read once."""
    mails, chats = shuffled(written_by("mail"), Random(options.seed)), chat_lines(Random(options.seed))
    words = [each for each, _ in zip(mails, range(min(options.mails, READ_ALONE)), strict=False)]
    lines = [line for (_, line), _ in zip(chats, range(min(options.chats, READ_ALONE)), strict=False)]
    texts = [text[:LONGEST_READ] for text in (*(f"{each.subject}\n\n{each.text}" for each in words), *lines)]
    spans = [split_sentences(text) for text in texts]
    wiring.encoder.forget()
    start, cpu = time.perf_counter(), time.process_time()
    for text, parts in zip(texts, spans, strict=True):
        wiring.encoder.read([text], [parts])
    spent = time.perf_counter() - start, time.process_time() - cpu
    return 1000 * spent[0] / len(texts), 1000 * spent[1] / len(texts)


def _measure(options: argparse.Namespace, service: Running, feeder: Feeder, alone: tuple[float, float]) -> None:
    feeder.feed(WARM_UP, WARM_UP, waiting=options.waiting)  # what is made once is made now
    before = service.file_bytes()
    fed = _feed(service, feeder, options.mails, options.chats, options)
    _print_fed("at full speed", fed)
    after = service.file_bytes()
    each = (after - before) / fed.messages / 1000
    print(f"database: {before / 1e6:.0f} MB, then {after / 1e6:.0f} MB: {each:.1f} kB a message")
    print(
        f"language model alone: {alone[0]:.1f} ms a message, {alone[1]:.1f} ms of a core;"
        f" the service: {1000 * fed.seconds / fed.messages:.1f} ms,"
        f" {1000 * fed.cpu_seconds / fed.messages:.1f} ms of a core"
    )
    rate = fed.messages / fed.seconds / 2
    slow = _feed(service, feeder, options.mails // LATENCY_PART, options.chats // LATENCY_PART, options, rate)
    _print_fed(f"at {rate:.1f} messages a second", slow)
    print(
        f"letters: {feeder.left()} left, {feeder.waiting_letters()} wait; load of the machine {os.getloadavg()[0]:.1f}"
    )
    if options.queries:
        _print_questions(service)


def _feed(
    service: Running, feeder: Feeder, mails: int, chats: int, options: argparse.Namespace, rate: float | None = None
) -> Fed:
    """Feed so many of both; the steps in between show whether memory and speed stay as they are."""
    known = service.count("SELECT coalesce(max(id), 0) FROM messages")
    start, cpu, read = time.perf_counter(), service.cpu_seconds(), _reading_seconds(service)
    feeder.feed(mails, chats, waiting=options.waiting, rate=rate, minutes=options.minutes, told=_tell_step)
    seconds, spent = time.perf_counter() - start, service.cpu_seconds() - cpu
    waits = tuple(feeder.waits(known))
    return Fed(len(waits), seconds, spent, _reading_seconds(service) - read, waits)


def _reading_seconds(service: Running) -> float:
    return service.spent().get(MODEL, (0, 0.0, 0.0))[1]


def _tell_step(service: Running, fed: int, seconds: float, letters: int) -> None:
    print(
        f"{fed:>7} fed {seconds:>7.1f} s  memory {service.own_megabytes():>6.0f} MB"
        f" (with its reader {service.megabytes():.0f}), letters that wait {letters}",
        flush=True,
    )


def _print_fed(how: str, fed: Fed) -> None:
    print(
        f"\n{how}: {fed.messages} messages in {fed.seconds:.1f} s: {fed.messages / fed.seconds:.1f} a second,"
        f" {1000 * fed.cpu_seconds / max(fed.messages, 1):.1f} ms of a core each\n"
        f"from arrival to letters in the outbox: p50 {_at(fed.waits, 0.5):.0f} ms, p99 {_at(fed.waits, 0.99):.0f} ms,"
        f" longest {_at(fed.waits, 1):.0f} ms",
        flush=True,
    )
    if fed.read_seconds:
        print(f"of which the language model: {1000 * fed.read_seconds / fed.messages:.1f} ms a message")


def _at(numbers: Sequence[float], part: float) -> float:
    ordered = sorted(numbers)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def _print_questions(service: Running) -> None:
    """The questions to the database on which most time was spent."""
    rows = sorted(service.spent().items(), key=lambda row: -row[1][1])
    print(f"\n{'times':>8} {'seconds':>9} {'ms each':>9} {'longest':>9}")
    for what, (times, seconds, longest) in rows[:QUESTIONS_SHOWN]:
        print(f"{times:>8} {seconds:>9.2f} {1000 * seconds / max(times, 1):>9.3f} {1000 * longest:>9.1f}  {what[:150]}")


if __name__ == "__main__":
    sys.exit(main())
