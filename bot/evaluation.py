"""Measures how well messages are understood and experts ranked, on labelled cases nothing was learned from.

Twice: by cross-validation, where each group of writers is judged by what was learned from the others, and on the
development file, which is never learned from. How it reads on a screen belongs in evaluation_table.py.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.cases import DEVELOPMENT, BadCases, Case, read_cases
from bot.measures import (
    Counted,
    Surely,
    count_fact,
    count_label,
    hit,
    macro_f1,
    ndcg,
    reciprocal_rank,
    reliability,
    share,
    total,
)
from bot.pool_vectors import embed_profiles
from bot.training import learn, read_vectors, writer_folds
from expertise.experts import read_pool
from expertise.places import is_known_region
from expertise.pool_file import pool_rows_from_csv
from expertise.topics import Topic
from inbox.kind import KINDS
from inbox.learned import Learned
from inbox.understanding import Reading, understand_with_vectors
from inbox.vectors import Embed, Span, TextVectors
from matcher.encoder import Encoder
from matcher.pool import PoolVectors, QueryMeans, pool_vectors, query_means
from matcher.ranking import rank
from matcher.request import request_vectors
from matcher.rules import assess

Progress = Callable[[str], None]

FACTS = ("municipality", "budget", "provincial_dependence", "phase")
EXPERTS, JUDGMENTS = "dev_experts.csv", "dev_qrels.tsv"
JUDGED_ON = date(2026, 1, 1)  # nobody in the pool of the judgments is away


@dataclass(frozen=True, slots=True)
class Quality:
    """How well messages were understood. Eligibility counts requests only; `wrongly_eligible` must be none."""

    messages: int
    needs: tuple[tuple[str, Counted], ...]
    writers: tuple[tuple[str, float], ...]  # micro-F1 of the needs by writer of requests
    surely: tuple[Surely, ...]
    kinds: tuple[tuple[str, Counted], ...]
    kind_accuracy: float
    requests_seen: float  # requests and vague requests taken for one of the two
    facts: tuple[tuple[str, Counted], ...]
    eligibility: float
    wrongly_eligible: int

    @property
    def needs_micro(self) -> Counted:
        """All needs together."""
        return total(counted for _, counted in self.needs)

    @property
    def needs_macro(self) -> float:
        """The mean F1 of the needs."""
        return macro_f1([counted for _, counted in self.needs])

    @property
    def kinds_macro(self) -> float:
        """The mean F1 of the kinds that occur."""
        return macro_f1([counted for _, counted in self.kinds])


@dataclass(frozen=True, slots=True)
class RankingQuality:
    """How well experts were ranked for the requests of the development file, gain 2^relevance - 1."""

    requests: int
    ndcg_at_5: float
    hit_at_3: float
    reciprocal_rank: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything measured, with the model that read the messages."""

    model: str
    learned_from: int
    cross: Quality
    development: Quality | None
    ranking: RankingQuality | None


def evaluate(cases_dir: Path, encoder: Encoder, topics: Sequence[Topic], progress: Progress) -> Evaluation:
    """Measure on the cases of a folder; takes minutes, as it learns several times. Raises BadCases."""
    cases = read_cases(cases_dir)
    progress(f"{len(cases)} berichten lezen")
    embed = remembering(encoder.read)
    read_vectors(cases, embed)
    seen = [case for case in cases if case.writer != DEVELOPMENT]
    unseen = [case for case in cases if case.writer == DEVELOPMENT]
    cross = quality(seen, _cross_readings(seen, topics, embed, progress), topics)
    progress("leren van alle berichten")
    vectors = read_vectors(seen, embed)
    learned = learn(seen, vectors, topics, embed)
    readings = understand_with_vectors([case.message for case in unseen], topics, embed, learned)
    means = query_means([own for case, own in zip(seen, vectors, strict=True) if case.kind == "request"])
    pool = _judged_pool(cases_dir, encoder, topics, means) if unseen else None
    return Evaluation(
        model=encoder.name,
        learned_from=len(seen),
        cross=cross,
        development=quality(unseen, readings, topics) if unseen else None,
        ranking=_ranking_quality(unseen, readings, pool, cases_dir) if pool else None,
    )


def quality(cases: Sequence[Case], readings: Sequence[Reading], topics: Sequence[Topic]) -> Quality:
    """Compare readings with the labels of the cases."""
    understood = [reading.understood for reading in readings]
    said = [[need.code for need in one.needs] for one in understood]
    wanted = [case.needs for case in cases]
    kinds = [(one.kind, case.kind) for one, case in zip(understood, cases, strict=True)]
    sure = [
        (need.confidence, need.code in case.needs)
        for one, case in zip(understood, cases, strict=True)
        for need in one.needs
    ]
    verdicts = [
        (assess(one.facts).eligibility, case.eligibility)
        for one, case in zip(understood, cases, strict=True)
        if case.kind == "request"
    ]
    return Quality(
        messages=len(cases),
        needs=tuple((topic.code, count_label(topic.code, said, wanted)) for topic in topics),
        writers=_by_writer(cases, said, topics),
        surely=reliability(sure),
        kinds=tuple((kind, count_label(kind, [[k] for k, _ in kinds], [[k] for _, k in kinds])) for kind in KINDS),
        kind_accuracy=share([own == gold for own, gold in kinds]),
        requests_seen=share([own.endswith("request") for own, gold in kinds if gold.endswith("request")]),
        facts=tuple((fact, _count_fact(fact, cases, readings)) for fact in FACTS),
        eligibility=share([own == gold for own, gold in verdicts]),
        wrongly_eligible=sum(own == "eligible" != gold for own, gold in verdicts),
    )


def remembering(embed: Embed) -> Embed:
    """Read every text only once, however often it is asked for."""
    known: dict[tuple[str, tuple[Span, ...]], TextVectors] = {}

    def read(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[TextVectors]:
        keys = [(text, tuple(own)) for text, own in zip(texts, spans, strict=True)]
        new = list(dict.fromkeys(key for key in keys if key not in known))
        known.update(zip(new, embed([text for text, _ in new], [own for _, own in new]), strict=True))
        return [known[key] for key in keys]

    return read


def _cross_readings(cases: Sequence[Case], topics: Sequence[Topic], embed: Embed, progress: Progress) -> list[Reading]:
    """Understand each case by what was learned from the other folds, in the order of the cases."""
    folds = writer_folds(cases)
    readings: dict[int, Reading] = {}
    for number in sorted(set(folds)):
        progress(f"kruisvalidatie: deel {number + 1} van {len(set(folds))}")
        others = [case for case, fold in zip(cases, folds, strict=True) if fold != number]
        learned: Learned = learn(others, read_vectors(others, embed), topics, embed)
        places = [place for place, fold in enumerate(folds) if fold == number]
        found = understand_with_vectors([cases[place].message for place in places], topics, embed, learned)
        readings |= dict(zip(places, found, strict=True))
    return [readings[place] for place in range(len(cases))]


def _by_writer(
    cases: Sequence[Case], said: Sequence[Sequence[str]], topics: Sequence[Topic]
) -> tuple[tuple[str, float], ...]:
    writers = sorted({case.writer for case in cases if case.kind == "request"})
    found = []
    for writer in writers:
        own = [(codes, case.needs) for case, codes in zip(cases, said, strict=True) if case.writer == writer]
        answers, labels = [codes for codes, _ in own], [needs for _, needs in own]
        found.append((writer, total(count_label(topic.code, answers, labels) for topic in topics).f1))
    return tuple(found)


def _count_fact(fact: str, cases: Sequence[Case], readings: Sequence[Reading]) -> Counted:
    said = [getattr(reading.understood.facts, fact) for reading in readings]
    return count_fact(said, [getattr(case.facts, fact) for case in cases])


def _judged_pool(folder: Path, encoder: Encoder, topics: Sequence[Topic], means: QueryMeans) -> PoolVectors | None:
    if not (folder / EXPERTS).is_file() or not (folder / JUDGMENTS).is_file():
        return None
    header, rows = pool_rows_from_csv((folder / EXPERTS).read_bytes())
    experts, errors = read_pool(rows, header, {topic.code for topic in topics}, is_known_region)
    if errors:
        raise BadCases(f"{folder / EXPERTS}: {errors[0]}")
    return pool_vectors(experts, embed_profiles(experts, encoder), means)


def _ranking_quality(
    cases: Sequence[Case], readings: Sequence[Reading], pool: PoolVectors, folder: Path
) -> RankingQuality:
    judged = read_judgments(folder / JUDGMENTS)
    ranked = [
        (_ranked(reading, pool), judged[case.id])
        for case, reading in zip(cases, readings, strict=True)
        if judged.get(case.id)
    ]
    return RankingQuality(
        requests=len(ranked),
        ndcg_at_5=sum(ndcg(names, wanted) for names, wanted in ranked) / len(ranked),
        hit_at_3=share([hit(names, wanted) for names, wanted in ranked]),
        reciprocal_rank=sum(reciprocal_rank(names, wanted) for names, wanted in ranked) / len(ranked),
    )


def _ranked(reading: Reading, pool: PoolVectors) -> list[str]:
    request = request_vectors(reading.text, reading.spans, reading.vectors)
    understood = reading.understood
    found = rank(understood.needs, understood.facts, understood.language, request, pool, loads={}, today=JUDGED_ON)
    return [match.expert.id for match in found.matches]


def read_judgments(file: Path) -> dict[str, dict[str, int]]:
    """For each request the relevance (0 to 3) of experts, from lines of request, expert and relevance."""
    judged: dict[str, dict[str, int]] = {}
    for number, row in enumerate(csv.reader(file.read_text(encoding="utf-8").splitlines(), delimiter="\t"), start=1):
        if len(row) != 3 or not row[2].isdigit():
            raise BadCases(f"{file}:{number}: not request, expert, relevance")
        judged.setdefault(row[0], {})[row[1]] = int(row[2])
    return judged
