"""Learns from judged requests what each feature is worth in the order of experts; reads no message and no database.

A request is one choice among the experts who may be proposed: the weights make the good ones likely, by the listwise
loss of ListNet (Cao et al. 2007) on gains of 2^grade - 1. An expert whom nobody graded is not surely a bad one and
counts half among the rest. No weight is below 0: more of a feature never speaks against an expert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.learning.measures import hit, ndcg, reciprocal_rank, share
from matcher.features import FEATURES, feature_table
from matcher.pool import PoolVectors
from matcher.ranking import Told, compare, fitting_rows
from matcher.weights import Weights

Floats = NDArray[np.float64]
Grades = NDArray[np.int64]

SHIPPED_FILE = "judged.npz"
UNGRADED = 0.5
"""What an expert counts among those to be passed whom nobody has graded."""
ROOM = 0.02
"""The share of `room`: no judgment tells about it, and it should only part equals."""
SIZE = 1e-3
"""How much the size of the weights costs beside the loss of a request."""
LEARNED = tuple(name for name in FEATURES if name != "room")
STEPS = 500
LEAST_GAIN = 1e-10
AGAINST = -1
"""The grade of an expert who was turned down because the subject was wrong."""


class BadLessons(ValueError):
    """The bytes are no lessons, or those of another release."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """One judged request: the experts who may be proposed for it, their features (n, f) in the order of FEATURES and
    their grades (n,): 1 to 3, 0 for nobody knows, AGAINST. `source` names the pool, or "decisions"; `missed` holds
    the grades of good experts who may not be proposed, so that no order can reach them."""

    source: str
    experts: tuple[str, ...]
    features: NDArray[np.float32]
    grades: Grades
    missed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RankingFigures:
    """How well weights order lessons: nDCG@5, a good expert among three, MRR, and how often one who was turned down
    still comes first (of `turned_down` lessons)."""

    lessons: int
    ndcg_at_5: float
    hit_at_3: float
    reciprocal_rank: float
    turned_down: int
    turned_down_first: float


def lesson_of(source: str, told: Told, pool: PoolVectors, grades: Mapping[str, int]) -> Lesson:
    """Lay out what is known of one request; nobody is busy or away in it, as that says nothing about a subject."""
    compared = compare(told, pool, loads={}, today=date.max)
    rows = fitting_rows(compared)
    names = tuple(pool.experts[int(row)].id for row in rows)
    known = np.array([grades.get(name, 0) for name in names], dtype=np.int64)
    missed = tuple(grade for name, grade in grades.items() if grade > 0 and name not in set(names))
    return Lesson(source, names, feature_table(compared, rows).astype(np.float32), known, missed)


def learn_weights(lessons: Sequence[Lesson]) -> Weights:
    """Return the weights under which the good experts of these lessons come first; the same for the same lessons.

    Raises ValueError when no lesson tells anything.
    """
    telling = [lesson for lesson in lessons if (lesson.grades != 0).any() and len(lesson.grades) > 1]
    if not telling:
        raise ValueError("nothing to learn from")
    worth = _least(_stacked(telling))
    total = worth.sum()
    if total <= 0:
        raise ValueError("no feature tells good experts from others")
    shares = {name: float((1 - ROOM) * each / total) for name, each in zip(LEARNED, worth, strict=True)}
    return Weights(**shares, room=ROOM)


def measure(lessons: Sequence[Lesson], weights: Weights) -> RankingFigures:
    """Order every lesson by the weights and compare with its grades; one without any good expert does not count."""
    ranked = [(_ordered(lesson, weights), lesson) for lesson in lessons]
    good = [(names, known) for names, lesson in ranked if any((known := _relevance(lesson)).values())]
    refused = [_grade(lesson, names[0]) == AGAINST for names, lesson in ranked if AGAINST in lesson.grades]
    count = max(len(good), 1)
    return RankingFigures(
        lessons=len(good),
        ndcg_at_5=sum(ndcg(names, known) for names, known in good) / count,
        hit_at_3=share([hit(names, known) for names, known in good]),
        reciprocal_rank=sum(reciprocal_rank(names, known) for names, known in good) / count,
        turned_down=len(refused),
        turned_down_first=share(refused),
    )


def together(measured: Sequence[RankingFigures]) -> RankingFigures:
    """Figures over all lessons of several measurements."""
    lessons, refused = sum(one.lessons for one in measured), sum(one.turned_down for one in measured)
    return RankingFigures(
        lessons=lessons,
        ndcg_at_5=sum(one.ndcg_at_5 * one.lessons for one in measured) / max(lessons, 1),
        hit_at_3=sum(one.hit_at_3 * one.lessons for one in measured) / max(lessons, 1),
        reciprocal_rank=sum(one.reciprocal_rank * one.lessons for one in measured) / max(lessons, 1),
        turned_down=refused,
        turned_down_first=sum(one.turned_down_first * one.turned_down for one in measured) / max(refused, 1),
    )


def held_out_figures(lessons: Sequence[Lesson]) -> RankingFigures | None:
    """Judge the lessons of each source by weights learned from the others: other requests and other experts.

    None when there are not two sources.
    """
    sources = sorted({lesson.source for lesson in lessons})
    if len(sources) < 2:
        return None
    parts = [([one for one in lessons if one.source == name], name) for name in sources]
    return together(
        [measure(own, learn_weights([one for one in lessons if one.source != name])) for own, name in parts]
    )


def write_lessons(lessons: Sequence[Lesson]) -> bytes:
    """Return lessons as a file; half precision keeps it small."""
    file = BytesIO()
    np.savez_compressed(
        file,
        names=np.array(list(FEATURES)),
        features=np.concatenate([lesson.features for lesson in lessons]).astype(np.float16),
        grades=np.concatenate([lesson.grades for lesson in lessons]).astype(np.int8),
        counts=np.array([len(lesson.grades) for lesson in lessons]),
        sources=np.array([lesson.source for lesson in lessons]),
        experts=np.array([name for lesson in lessons for name in lesson.experts]),
        missed=np.array([grade for lesson in lessons for grade in lesson.missed], dtype=np.int8),
        missed_counts=np.array([len(lesson.missed) for lesson in lessons]),
    )
    return file.getvalue()


def read_lessons(data: bytes) -> tuple[Lesson, ...]:
    """Read the file of `write_lessons`. Raises BadLessons, also when it holds other features than this release."""
    try:
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            if tuple(str(name) for name in arrays["names"]) != tuple(FEATURES):
                raise BadLessons("lessons with other features")
            ends = np.cumsum(arrays["counts"])[:-1]
            features = np.split(arrays["features"].astype(np.float32), ends)
            grades = np.split(arrays["grades"].astype(np.int64), ends)
            experts = np.split(arrays["experts"], ends)
            missed = np.split(arrays["missed"].astype(np.int64), np.cumsum(arrays["missed_counts"])[:-1])
            sources = [str(source) for source in arrays["sources"]]
    except (OSError, KeyError, ValueError, TypeError, EOFError, BadZipFile) as error:
        raise BadLessons("not a file of lessons") from error
    return tuple(
        Lesson(source, tuple(str(name) for name in names), own, known, tuple(out.tolist()))
        for source, names, own, known, out in zip(sources, experts, features, grades, missed, strict=True)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Stack:
    """All lessons under each other: `features` (r, f), `wanted` (r,) the share of the choice each should get,
    `counted` (r,) what each counts among the rest, `of` (r,) and `starts` (l,) whose they are. A pair (worse, better)
    of rows with its share of a lesson says that one was turned down and the other was not."""

    features: Floats
    wanted: Floats
    counted: Floats
    of: Grades
    starts: Grades
    worse: Grades
    better: Grades
    pair_share: Floats

    def loss(self, worth: Floats) -> tuple[float, Floats]:
        """Return the mean loss of a lesson with the cost of the weights' size, and its gradient (f,)."""
        score = self.features @ worth
        score -= np.maximum.reduceat(score, self.starts)[self.of]
        likely = self.counted * np.exp(score)
        together = np.add.reduceat(likely, self.starts)
        choosing = np.add.reduceat(self.wanted, self.starts) > 0  # a lesson may only hold somebody turned down
        value = float((choosing * np.log(together)).sum() - self.wanted @ score)
        slope = self.features.T @ (choosing[self.of] * likely / together[self.of] - self.wanted)
        ahead = score[self.worse] - score[self.better]
        value += float(self.pair_share @ np.logaddexp(0, ahead))
        pull = self.pair_share / (1 + np.exp(-ahead))
        slope = slope + self.features[self.worse].T @ pull - self.features[self.better].T @ pull
        count = len(self.starts)
        return value / count + SIZE / 2 * float(worth @ worth), slope / count + SIZE * worth


def _stacked(lessons: Sequence[Lesson]) -> _Stack:
    grades = np.concatenate([lesson.grades for lesson in lessons])
    counts = np.array([len(lesson.grades) for lesson in lessons])
    of, starts = np.repeat(np.arange(len(lessons)), counts), np.cumsum(counts) - counts
    gains = np.where(grades > 0, 2.0**grades - 1, 0.0)
    pairs = [
        (int(start) + worse, int(start) + better)
        for start, lesson in zip(starts, lessons, strict=True)
        for worse in np.flatnonzero(lesson.grades == AGAINST)
        for better in np.flatnonzero(lesson.grades != AGAINST)
    ]
    worse, better = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return _Stack(
        features=np.concatenate([lesson.features for lesson in lessons])[:, _COLUMNS].astype(np.float64),
        wanted=gains / np.maximum(np.add.reduceat(gains, starts)[of], 1),
        counted=np.where(grades == 0, UNGRADED, 1.0),
        of=of,
        starts=starts,
        worse=worse,
        better=better,
        pair_share=1 / np.maximum(np.bincount(of[worse], minlength=len(lessons))[of[worse]], 1),
    )


_COLUMNS = [place for place, name in enumerate(FEATURES) if name in LEARNED]


def _least(stack: _Stack) -> Floats:
    """Return the weights of 0 or more with the least loss: gradient steps with momentum, cut off at 0 (FISTA)."""
    worth = np.ones(len(LEARNED))
    ahead, momentum, step = worth, 1.0, 8.0
    best = stack.loss(worth)[0]
    for _ in range(STEPS):
        value, slope = stack.loss(ahead)
        moved = np.maximum(ahead - step * slope, 0)
        while stack.loss(moved)[0] > value + slope @ (moved - ahead) + ((moved - ahead) ** 2).sum() / (2 * step):
            step /= 2
            moved = np.maximum(ahead - step * slope, 0)
        reached = stack.loss(moved)[0]
        if reached > best:  # the momentum went too far: start again from the best so far
            ahead, momentum = worth, 1.0
            continue
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = moved + (momentum - 1) / following * (moved - worth)
        gained, best, worth, momentum = best - reached, reached, moved, following
        if gained < LEAST_GAIN:
            break
    return worth


def _ordered(lesson: Lesson, weights: Weights) -> list[str]:
    worth = np.array([weights.of(name) for name in FEATURES])
    scores = np.round(lesson.features @ worth / max(weights.total, 1e-9), 6)
    return [lesson.experts[int(place)] for place in np.lexsort((np.array(lesson.experts), -scores))]


def _relevance(lesson: Lesson) -> dict[str, int]:
    """The grades above 0 by expert; those out of reach get a name that no expert has."""
    known = {name: int(grade) for name, grade in zip(lesson.experts, lesson.grades, strict=True) if grade > 0}
    return known | {f" {place}": grade for place, grade in enumerate(lesson.missed)}


def _grade(lesson: Lesson, name: str) -> int:
    return int(lesson.grades[lesson.experts.index(name)])
