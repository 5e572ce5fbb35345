"""Counting how good answers are: precision, recall, F1, ranking; where the answers come from does not belong here."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

CONFIDENCE_STEPS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
GOOD = 2
"""From this relevance on an expert is a good one."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something was said rightly, said wrongly and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The part of what was said that is right; 0 when nothing was said."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """The part of what should be said that was said; 0 when nothing should."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0

    def __add__(self, other: "Counted") -> "Counted":
        """Count both together."""
        return Counted(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class Surely:
    """Answers of about one confidence: from where, how many, their mean confidence and the part that is right."""

    start: float
    answers: int
    confidence: float
    right: float


def count_label(label: str, said: Sequence[Iterable[str]], wanted: Sequence[Iterable[str]]) -> Counted:
    """Count one label over messages; `said` and `wanted` hold the labels of each."""
    pairs = [(label in set(own), label in set(gold)) for own, gold in zip(said, wanted, strict=True)]
    return Counted(pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True)))


def count_fact(said: Sequence[object], wanted: Sequence[object]) -> Counted:
    """Count one fact over messages, None for unknown; a wrong value is both said wrongly and missed."""
    right = sum(own == gold and gold is not None for own, gold in zip(said, wanted, strict=True))
    told = sum(own is not None for own in said)
    known = sum(gold is not None for gold in wanted)
    return Counted(right, told - right, known - right)


def total(counted: Iterable[Counted]) -> Counted:
    """Count all together, for the micro average."""
    return sum(counted, Counted())


def macro_f1(counted: Sequence[Counted]) -> float:
    """The mean F1 of labels, each counting the same; labels that should never be said do not count."""
    seen = [one.f1 for one in counted if one.right + one.missed]
    return sum(seen) / len(seen) if seen else 0.0


def share(holds: Sequence[bool]) -> float:
    """The part that holds; 0 of nothing."""
    return sum(holds) / len(holds) if holds else 0.0


def reliability(answers: Sequence[tuple[float, bool]]) -> tuple[Surely, ...]:
    """Put answers (confidence, right or not) in steps of confidence; an honest confidence is as often right."""
    found = []
    ends = (*CONFIDENCE_STEPS[1:], 1.01)
    for start, end in zip(CONFIDENCE_STEPS, ends, strict=True):
        own = [(sure, right) for sure, right in answers if start <= sure < end]
        if own:
            mean = sum(sure for sure, _ in own) / len(own)
            found.append(Surely(start, len(own), mean, share([right for _, right in own])))
    return tuple(found)


def ndcg(ranked: Sequence[str], relevance: Mapping[str, int], depth: int = 5) -> float:
    """Normalised discounted cumulative gain of a ranking, gain 2^relevance - 1, discount log2(place + 1)."""
    best = sorted(relevance.values(), reverse=True)[:depth]
    ideal = _discounted(best)
    return _discounted([relevance.get(name, 0) for name in ranked[:depth]]) / ideal if ideal else 0.0


def hit(ranked: Sequence[str], relevance: Mapping[str, int], depth: int = 3) -> bool:
    """Whether a good one is among the first."""
    return any(relevance.get(name, 0) >= GOOD for name in ranked[:depth])


def reciprocal_rank(ranked: Sequence[str], relevance: Mapping[str, int]) -> float:
    """One divided by the place of the first good one; 0 when there is none."""
    places = (place for place, name in enumerate(ranked, start=1) if relevance.get(name, 0) >= GOOD)
    return next((1 / place for place in places), 0.0)


def _discounted(relevance: Sequence[int]) -> float:
    return sum((2.0**value - 1) / math.log2(place + 1) for place, value in enumerate(relevance, start=1))
