"""Measures how well messages are understood and experts ranked, on labelled cases nothing was learned from.

By cross-validation, where each group of writers is judged by what was learned from the others, on the development
file, which is never learned from, and on stories and plain messages of writers from whom nothing was learned. How it
reads on a screen belongs in evaluation_table.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.learning.cases import DEVELOPMENT, Case, read_cases, read_unseen
from bot.learning.judgments import Judged, read_judged
from bot.learning.measures import (
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
from bot.learning.plain_messages import read_unseen_plain
from bot.learning.rank_learning import RankingFigures, held_out_figures
from bot.learning.rebuilding import Study
from bot.pool_vectors import embed_profiles
from expertise.topics import Topic
from inbox.kind import KINDS
from inbox.understanding import Reading, understand_with_vectors
from matcher.encoder import Encoder
from matcher.pool import PoolVectors, pool_vectors, shipped_means
from matcher.ranking import rank
from matcher.request import request_vectors
from matcher.rules import assess

Progress = Callable[[str], None]

FACTS = ("municipality", "budget", "provincial_dependence", "phase")
JUDGED = "dev"  # the judged pool of the development file
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
    new_writers: Quality | None
    plain: Quality | None  # the plainest messages, of which facts and eligibility are not labelled
    ranking: RankingQuality | None
    new_pools: RankingFigures | None  # each judged pool by weights learned from the others


def evaluate(study: Study, progress: Progress) -> Evaluation:
    """Measure on the cases of a folder; takes minutes, and much longer when a fold's model must be learned first.

    The cross-validation reads each fold with a model and weights that learned nothing from it; the development file
    and new writers are read with what ships. Raises BadCases.
    """
    cross = quality(study.cases, study.readings, study.topics)
    progress("ontwikkelset lezen")
    kept = [case for case in read_cases(study.folder) if case.writer == DEVELOPMENT]
    readings = _read_by_product(kept, study)
    pool = read_judged(study.folder, JUDGED, kept, study.labels.codes) if kept else None
    unseen, plain = read_unseen(study.folder), read_unseen_plain(study.folder)
    return Evaluation(
        model=study.encoder.name,
        learned_from=len(study.cases),
        cross=cross,
        development=quality(kept, readings, study.topics) if kept else None,
        new_writers=quality(unseen, _read_by_product(unseen, study), study.topics) if unseen else None,
        plain=quality(plain, _read_by_product(plain, study), study.topics) if plain else None,
        ranking=_ranking_quality(kept, readings, pool, study.encoder) if pool else None,
        new_pools=held_out_figures(study.lessons),
    )


def _read_by_product(cases: Sequence[Case], study: Study) -> list[Reading]:
    return understand_with_vectors([case.message for case in cases], study.topics, study.encoder.read)


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


def _ranking_quality(
    cases: Sequence[Case], readings: Sequence[Reading], judged: Judged, encoder: Encoder
) -> RankingQuality:
    shipped = shipped_means(encoder.name)
    means = shipped if shipped and len(shipped.whole) == encoder.dimension else None
    pool = pool_vectors(judged.experts, embed_profiles(judged.experts, encoder), means)
    ranked = [
        (_ranked(reading, pool), judged.grades[case.id])
        for case, reading in zip(cases, readings, strict=True)
        if judged.grades.get(case.id)
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
    found = rank(
        understood.needs,
        understood.facts,
        understood.language,
        request,
        pool,
        loads={},
        today=JUDGED_ON,
        probabilities=reading.probabilities,
    )
    return [match.expert.id for match in found.matches]
