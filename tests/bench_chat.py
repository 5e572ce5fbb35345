"""`make bench-chat`: how soon a chat has its answer, on the real parts with the model loaded. A measurement, no test.

From the moment that a message is accepted by the Bot API server to the moment that the answer is accepted there: first
one after another, then many chats at once. Server and service share the machine, so both count.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from bot import flow
from bot.installation import seed_pool
from bot.pool_vectors import PoolShelf
from bot.serving import Service
from bot.settings import Settings
from bot.store.database import open_database
from bot.terminal import progress
from bot.wiring import Wiring, wire
from inbox.understanding import phrases_of_topics
from tests.bot_api import BotApi
from tests.bot_api.chats import Person
from tests.running_chats import running, write_all

QUESTION = (
    "We zijn met {number} buren en beginnen een buurttuin bij nummer {number}. In huis {number} is iemand boos."
    " Wie kan ons helpen om met die {number} mensen een goed gesprek te voeren?"
)
TALK = (QUESTION, "Ja, dit klopt. Het gaat om huis {number} in Oss.", "De begroting van {number} duizend euro sluit.")
"""What somebody says in turn; no two people say the same, as what was read before is not read again."""
WARM_UP = 3
PATIENCE = 600.0
SHOWN = 40


@dataclass(slots=True)
class Clocks:
    """When what began and ended, by time.time(), of the message in hand."""

    stored: list[float] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)
    decided: list[float] = field(default_factory=list)
    reading: float = 0.0

    def clear(self) -> None:
        """Forget the last message."""
        self.stored.clear()
        self.begun.clear()
        self.decided.clear()
        self.reading = 0.0


@dataclass(frozen=True, slots=True)
class Answered:
    """One message and its answer, in seconds: in all, and in each of the parts in their order."""

    total: float
    fetched: float
    waited: float
    model: float
    handled: float
    sent: float


PARTS = {
    "fetched": "ophalen en bewaren",
    "waited": "wachten op de lezer",
    "model": "taalmodel",
    "handled": "de rest van lezen en beslissen",
    "sent": "versturen",
}


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        wiring = wire(Settings(data_dir=folder), progress)
        with closing(open_database(wiring.settings.database)) as db:
            seed_pool(db)
            shelf = PoolShelf(wiring.encoder)
            shelf.current(db)
        wiring.encoder.read(*phrases_of_topics(wiring.topics))
        with BotApi() as telegram, running(wiring, shelf, telegram) as service:
            with _profiled(service, options.profile):
                _print_single(_one_after_another(telegram, wiring, service, options.messages))
            _many_at_once(telegram, options.chats)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=120, help="one after another, at least 100 for a p99")
    parser.add_argument("--chats", type=int, default=200, help="at once, three messages each; 0 leaves this out")
    parser.add_argument("--profile", action="store_true", help="also print what the reader spends its time on")
    return parser.parse_args()


def _one_after_another(telegram: BotApi, wiring: Wiring, service: Service, count: int) -> list[Answered]:
    measured: list[Answered] = []
    with _timed(wiring, service) as clocks:
        while len(measured) < count + WARM_UP:
            person = telegram.person(f"Bewoner {len(measured)}")
            for turn, words in enumerate(TALK):
                clocks.clear()
                start = telegram.world.now()
                telegram.writes(person, words.format(number=len(measured) + 20))
                answer = telegram.wait_sent(person, turn + 1, PATIENCE)[turn]
                measured.append(_answered(start, answer.at.timestamp(), clocks))
    return measured[WARM_UP : count + WARM_UP]


def _answered(start: float, end: float, clocks: Clocks) -> Answered:
    stored, begun, decided = clocks.stored[0], clocks.begun[0], clocks.decided[0]
    handled = decided - begun - clocks.reading
    return Answered(end - start, stored - start, begun - stored, clocks.reading, handled, end - decided)


@contextmanager
def _timed(wiring: Wiring, service: Service) -> Iterator[Clocks]:
    """Note when each part of the way begins and ends."""
    clocks = Clocks()
    handle, read, keep = flow.on_message, wiring.encoder.read, service.keep

    def on_message(*given: Any) -> Any:
        clocks.begun.append(time.time())
        try:
            return handle(*given)
        finally:
            clocks.decided.append(time.time())

    def reading(*given: Any) -> Any:
        start = time.time()
        try:
            return read(*given)
        finally:
            clocks.reading += time.time() - start

    def keeping(*given: Any) -> bool:
        clocks.stored.append(time.time())
        return keep(*given)

    assert service.telegram is not None
    with ExitStack() as stack:
        stack.enter_context(patch.object(flow, "on_message", on_message))
        stack.enter_context(patch.object(wiring.encoder, "read", reading))
        stack.enter_context(patch.object(service.telegram, "keep", keeping))
        yield clocks


@contextmanager
def _profiled(service: Service, wanted: bool) -> Iterator[None]:
    """Let the reader's own work be profiled, and print what it spent most time on."""
    if not wanted:
        yield
        return
    profile, process = cProfile.Profile(), flow.process_one_message
    with patch.object(flow, "process_one_message", lambda *given: profile.runcall(process, *given)):
        yield
    pstats.Stats(profile).sort_stats("cumulative").print_stats(SHOWN)


def _many_at_once(telegram: BotApi, count: int) -> None:
    if not count:
        return
    people = [telegram.person(f"Buur {number}") for number in range(count)]
    numbers = {person.id: 2000 + place for place, person in enumerate(people)}
    before, start = len(telegram.sent()), time.perf_counter()

    def words_of(person: Person) -> Sequence[str]:
        return [words.format(number=numbers[person.id]) for words in TALK]

    write_all(telegram, people, words_of)
    wanted = before + count * len(TALK)
    telegram.wait_until(lambda: len(telegram.sent()) >= wanted, PATIENCE)
    spent, answers = time.perf_counter() - start, wanted - before
    print(
        f"\n{count} chats tegelijk, {answers} berichten in {spent:.1f} s: {answers / spent:.1f} antwoorden per seconde"
    )


def _print_single(measured: Sequence[Answered]) -> None:
    print(f"\n{len(measured)} berichten na elkaar {'mediaan':>22} {'p95':>9} {'p99':>9}")
    for name, label in {"total": "van bericht tot antwoord", **PARTS}.items():
        numbers = sorted(1000 * getattr(one, name) for one in measured)
        print(f"{label:<34} {_at(numbers, 0.5):>7.1f} ms {_at(numbers, 0.95):>6.1f} ms {_at(numbers, 0.99):>6.1f} ms")


def _at(numbers: Sequence[float], part: float) -> float:
    """The value that this part of the numbers stays under."""
    return numbers[min(int(part * len(numbers)), len(numbers) - 1)]


if __name__ == "__main__":
    main()
