"""`mixmatch bench`: how fast the product reads, beside its encoder alone and single texts; prints, decides nothing."""

import argparse
import json
import random
import resource
import statistics
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial

from bot.analysis import analyse, as_object, initiative_vectors
from bot.demo_messages import sample_texts
from bot.intake_files import Given, plain_message
from bot.pool_vectors import embed_profiles
from bot.settings import Settings
from bot.terminal import WRONG_USE, Refused, progress
from bot.wiring import Wiring, packed_model, wire
from expertise.experts import shipped_pool
from inbox.sentences import split_sentences
from inbox.understanding import phrases_of_topics
from matcher.pool import pool_vectors, shipped_means
from matcher.reader import Reader

LENGTHS = (15, 60, 200)  # words a message, as chat, mail and long mail
ROUNDS = 3  # alternated, and the best of each kept: another program on the machine slows single rounds
LEAST = 10
TOKENS = (15, 60, 200)  # of a single text
TIMES = 30
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


@dataclass(frozen=True, slots=True)
class Single:
    """The time for one text of so many tokens, in milliseconds."""

    tokens: int
    ms: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured; `compared` is empty when nobody asked for it."""

    speeds: Sequence[Speed]
    singles: Sequence[Single]
    compared: Sequence[Single]
    load_seconds: float
    memory_mb: int


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

    singles = single_texts(wiring.encoder.reader)
    mixed = _messages(options.messages, LENGTHS)
    speeds = [_measure(0, mixed, wiring, product)]
    for length in LENGTHS:
        progress(f"berichten van {length} woorden")
        speeds.append(_measure(length, _messages(max(options.messages // 6, LEAST), (length,)), wiring, product))
    memory = _most_memory_mb()  # before torch comes in
    compared = _with_torch(settings) if options.compare else []
    _print(Measured(speeds, singles, compared, loading, memory), options.json)
    return 0


def start_anew(wiring: Wiring) -> None:
    """Forget the messages, which must be read again in every round, but not the phrases of the topics: a service
    reads those once."""
    wiring.encoder.forget()
    wiring.encoder.read(*phrases_of_topics(wiring.topics))


def single_texts(reader: Reader) -> list[Single]:
    """How long one text takes, by its length in tokens: the best of many, in ordinary words."""
    words = " ".join(sample_texts()).split()

    def tokens(count: int) -> int:
        return int(reader.read_rows([" ".join(words[:count])]).sizes[0])

    found = []
    for wanted in TOKENS:
        row = " ".join(words[: bisect_left(range(wanted), wanted, key=tokens)])
        found.append(Single(wanted, min(_seconds(partial(reader.read_rows, [row])) for _ in range(TIMES)) * 1000))
    return found


def _with_torch(settings: Settings) -> list[Single]:
    """The same for the weights as sentence-transformers reads them, in float32 and without anything learned."""
    packed = packed_model(settings)
    if packed is None:
        raise Refused("Vergelijken kan alleen met het gewone taalmodel.", WRONG_USE)
    from matcher.e5_folder import unpacked_folder
    from matcher.sentence_reader import open_sentences

    progress("hetzelfde taalmodel met torch in float32")
    reader = open_sentences(str(unpacked_folder(packed, settings.model_cache)))
    reader.reduced = False
    return single_texts(reader)


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
        start_anew(wiring)
        alone.append(_seconds(lambda: wiring.encoder.read(texts, spans)))
        start_anew(wiring)
        whole.append(_seconds(lambda: product(given)))
    progress(f"ruis tussen de rondes: {statistics.pstdev(alone) / statistics.mean(alone):.0%}")
    return Speed(length, min(alone) / len(given) * 1000, min(whole) / len(given) * 1000)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _most_memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1024**2)


def _print(measured: Measured, as_json: bool) -> None:
    if as_json:
        rows = [{**asdict(speed), "overhead": speed.overhead} for speed in measured.speeds]
        print(json.dumps({**asdict(measured), "speeds": rows}))
        return
    _print_speeds(measured.speeds)
    print(f"\n{'tokens':>10} {'één tekst':>12}" + (f" {'torch':>12}" if measured.compared else ""))
    for place, single in enumerate(measured.singles):
        beside = f" {measured.compared[place].ms:>9.1f} ms" if measured.compared else ""
        print(f"{single.tokens:>10} {single.ms:>9.1f} ms{beside}")
    print(f"\nTaalmodel geladen in {measured.load_seconds:.1f} s; geheugen op het hoogst {measured.memory_mb} MB.")


def _print_speeds(speeds: Sequence[Speed]) -> None:
    print(f"{'woorden':>10} {'taalmodel':>12} {'alles samen':>12} {'per seconde':>12} {'erbij':>7}")
    for speed in speeds:
        name = str(speed.words or "gemengd")
        rate = 1000 / speed.product_ms
        print(
            f"{name:>10} {speed.encoder_ms:>9.1f} ms {speed.product_ms:>9.1f} ms {rate:>12.1f} {speed.overhead:>7.0%}"
        )
