"""`mixmatch bench`: how fast the product reads, beside its encoder alone, side by side in one run."""

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from bot.analysis import analyse, as_object, initiative_vectors
from bot.config import Settings
from bot.demo_messages import sample_texts
from bot.intake_files import Given, plain_message
from bot.pool_vectors import embed_profiles
from bot.terminal import WRONG_USE, Refused, progress
from bot.wiring import Wiring, wire
from expertise.experts import shipped_pool
from inbox.sentences import split_sentences
from matcher.pool import pool_vectors, shipped_means

LENGTHS = (15, 60, 200)  # words a message, as chat, mail and long mail
ROUNDS = 3  # alternated, and the best of each kept: another program on the machine slows single rounds
LEAST = 10
SENTENCE = 12  # words


@dataclass(frozen=True, slots=True)
class Speed:
    """Times of one length (0: all lengths mixed), in milliseconds a message, best of ROUNDS."""

    words: int
    encoder_ms: float
    product_ms: float

    @property
    def overhead(self) -> float:
        """What everything but the encoder adds, as a part of the encoder's time."""
        return self.product_ms / self.encoder_ms - 1


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Measure and print a table."""
    if options.messages < LEAST:
        raise Refused(f"Meet met minstens {LEAST} berichten.", WRONG_USE)
    started = time.perf_counter()
    wiring = wire(settings, progress)
    loading = time.perf_counter() - started
    experts = shipped_pool()
    pool = pool_vectors(experts, embed_profiles(experts, wiring.encoder), shipped_means(wiring.encoder.name))
    portfolio = initiative_vectors(wiring.initiatives, wiring.encoder)
    today = datetime.now(UTC).date()

    def product(given: Sequence[Given]) -> None:
        for outcome in analyse(given, wiring, pool, portfolio, today):
            if not isinstance(outcome, Given):
                json.dumps(as_object(outcome))

    mixed = _messages(options.messages, LENGTHS)
    speeds = [_measure(0, mixed, wiring, product)]
    for length in LENGTHS:
        progress(f"berichten van {length} woorden")
        speeds.append(_measure(length, _messages(max(options.messages // 6, LEAST), (length,)), wiring, product))
    _print(speeds, loading, options.json)
    return 0


def _messages(count: int, lengths: Sequence[int]) -> list[Given]:
    """Messages of so many words in sentences of a dozen, no two the same: the encoder reads a repeated one once."""
    words = " ".join(sample_texts()).replace(".", "").split()
    dice = random.Random(len(words))  # noqa: S311 - the same sentences every time, no secret
    made = []
    for number in range(count):
        left, sentences = lengths[number % len(lengths)], []
        while left > 0:
            size = min(left, SENTENCE)
            sentences.append(" ".join(dice.choices(words, k=size)).capitalize() + ".")
            left -= size
        made.append(Given(str(number), plain_message(str(number), "mail", "", " ".join(sentences))))
    return made


def _measure(length: int, given: Sequence[Given], wiring: Wiring, product: Callable[[Sequence[Given]], None]) -> Speed:
    texts = [one.message.text for one in given if one.message is not None]
    spans = [split_sentences(text) for text in texts]
    alone: list[float] = []
    whole: list[float] = []
    for _ in range(ROUNDS):
        wiring.encoder.forget()  # it keeps what it read lately, and every round must read anew
        alone.append(_seconds(lambda: wiring.encoder.read(texts, spans)))
        wiring.encoder.forget()
        whole.append(_seconds(lambda: product(given)))
    progress(f"ruis tussen de rondes: {statistics.pstdev(alone) / statistics.mean(alone):.0%}")
    return Speed(length, min(alone) / len(given) * 1000, min(whole) / len(given) * 1000)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _print(speeds: Sequence[Speed], loading: float, as_json: bool) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1024**2)
    if as_json:
        rows = [{**asdict(speed), "overhead": speed.overhead} for speed in speeds]
        print(json.dumps({"speeds": rows, "load_seconds": loading, "memory_mb": memory}))
        return
    print(f"{'woorden':>10} {'taalmodel':>12} {'alles samen':>12} {'per seconde':>12} {'erbij':>7}")
    for speed in speeds:
        name = str(speed.words or "gemengd")
        rate = 1000 / speed.product_ms
        print(
            f"{name:>10} {speed.encoder_ms:>9.1f} ms {speed.product_ms:>9.1f} ms {rate:>12.1f} {speed.overhead:>7.0%}"
        )
    print(f"\nTaalmodel geladen in {loading:.1f} s; geheugen op het hoogst {memory} MB.")
