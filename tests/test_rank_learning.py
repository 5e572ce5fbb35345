"""Weights are learned from judged requests: what tells good experts is found, always alike, and never below 0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from bot.decisions import shipped_lessons
from bot.learning.rank_learning import (
    AGAINST,
    ROOM,
    BadLessons,
    Lesson,
    held_out_figures,
    learn_weights,
    lesson_of,
    measure,
    read_lessons,
    write_lessons,
)
from inbox.facts import Facts
from inbox.found_need import Need
from matcher.features import FEATURES
from matcher.ranking import Told
from matcher.weights import BadWeights, Weights, read_weights, shipped_weights, weights_from, write_weights
from tests.pool_builders import a_pool, a_request, an_expert

NAMES = list(FEATURES)
PEOPLE = tuple(f"e{number:02d}" for number in range(12))
EQUAL = Weights(*[1.0] * len(NAMES))


def planted(count: int, seed: int, telling: str = "focus", against: str = "", source: str = "a") -> list[Lesson]:
    """Lessons in which one feature tells who is good; with `against` another speaks against it."""
    rng = np.random.default_rng(seed)
    lessons = []
    for _ in range(count):
        features = rng.random((len(PEOPLE), len(NAMES))).astype(np.float32)
        if against:
            features[:, NAMES.index(against)] = 1 - features[:, NAMES.index(telling)]
        best = np.argsort(-features[:, NAMES.index(telling)])
        grades = np.zeros(len(PEOPLE), dtype=np.int64)
        grades[best[:3]] = [3, 2, 1]
        lessons.append(Lesson(source, PEOPLE, features, grades))
    return lessons


def turned_down(lessons: Sequence[Lesson], telling: str) -> list[Lesson]:
    """The same requests, of which is known only that who has least of a feature was turned down."""
    found = []
    for lesson in lessons:
        grades = np.zeros(len(PEOPLE), dtype=np.int64)
        grades[int(lesson.features[:, NAMES.index(telling)].argmin())] = AGAINST
        found.append(Lesson(lesson.source, lesson.experts, lesson.features, grades))
    return found


def test_what_tells_good_experts_is_found() -> None:
    weights = learn_weights(planted(60, seed=1))
    assert weights.focus > 0.7
    assert measure(planted(30, seed=2), weights).ndcg_at_5 > 0.95
    assert measure(planted(30, seed=2), weights).ndcg_at_5 > measure(planted(30, seed=2), EQUAL).ndcg_at_5 + 0.2


def test_no_weight_is_below_zero_and_together_they_are_one() -> None:
    weights = learn_weights(planted(60, seed=3, against="region"))
    assert weights.region == 0
    assert all(weights.of(name) >= 0 for name in NAMES)
    assert weights.total == pytest.approx(1)
    assert weights.room == ROOM


def test_the_same_lessons_give_the_same_weights() -> None:
    assert write_weights(learn_weights(planted(40, seed=4))) == write_weights(learn_weights(planted(40, seed=4)))


def test_who_was_turned_down_counts_more_than_whom_nobody_graded() -> None:
    lessons = planted(60, seed=5, telling="evidence")
    assert learn_weights(turned_down(lessons, "evidence")).evidence > 0.5
    (lesson, *_) = lessons
    grades = np.where(lesson.grades == 0, AGAINST, lesson.grades)
    surely = [Lesson("a", PEOPLE, one.features, np.where(one.grades == 0, AGAINST, one.grades)) for one in lessons]
    assert (grades == AGAINST).sum() == len(PEOPLE) - 3
    assert learn_weights(surely).evidence > 0.5


def test_a_turned_down_expert_who_still_comes_first_is_counted() -> None:
    features = np.zeros((2, len(NAMES)), dtype=np.float32)
    features[0] = 1
    figures = measure([Lesson("a", ("x", "y"), features, np.array([AGAINST, 0]))], EQUAL)
    assert (figures.lessons, figures.turned_down, figures.turned_down_first) == (0, 1, 1.0)


def test_a_good_expert_out_of_reach_costs() -> None:
    features = np.ones((1, len(NAMES)), dtype=np.float32)
    within = measure([Lesson("a", ("x",), features, np.array([2]))], EQUAL)
    beyond = measure([Lesson("a", ("x",), features, np.array([2]), missed=(3,))], EQUAL)
    assert within.ndcg_at_5 == 1
    assert beyond.ndcg_at_5 < 0.5


def test_each_pool_is_judged_by_weights_from_the_others() -> None:
    same = held_out_figures([*planted(30, 6), *planted(30, 7, source="b")])
    other = held_out_figures([*planted(30, 6), *planted(30, 7, telling="region", source="b")])
    assert same is not None
    assert other is not None
    assert same.ndcg_at_5 > 0.95 > other.ndcg_at_5
    assert held_out_figures(planted(5, 6)) is None


def test_nothing_to_learn_from_is_told() -> None:
    nothing = [Lesson("a", PEOPLE, one.features, np.zeros(len(PEOPLE), dtype=np.int64)) for one in planted(2, 1)]
    with pytest.raises(ValueError, match="nothing to learn"):
        learn_weights(nothing)


def test_a_new_expert_without_judgments_is_ranked_by_features() -> None:
    """Nothing is learned about a person: who joins with a profile that fits comes first at once."""
    known = an_expert("a", profile="Maakt met initiatieven een begroting.")
    new = an_expert("z", profile="Rekent met initiatieven een begroting door en maakt de begroting sluitend.")
    other = an_expert("b", profile="Zet op zondag een kast in elkaar.")
    text = "Wij maken de begroting sluitend."
    told = Told([Need("financing", 0.9, text)], Facts(), "nl", a_request(text), {"financing": 0.9})
    lesson = lesson_of("a", told, a_pool([known, other, new]), {"a": 3, "elders": 2})
    assert lesson.grades.tolist() == [3, 0, 0]
    assert lesson.missed == (2,)
    scores = lesson.features @ [shipped_weights().of(name) for name in NAMES]
    assert scores[2] > scores[1]


def test_lessons_are_kept_in_a_file_and_other_bytes_are_refused() -> None:
    lessons = [*planted(3, 1), Lesson("b", ("x",), np.zeros((1, len(NAMES)), np.float32), np.array([1]), (3, 2))]
    back = read_lessons(write_lessons(lessons))
    assert [(one.source, one.experts, one.missed) for one in back] == [
        (one.source, one.experts, one.missed) for one in lessons
    ]
    assert all((one.grades == two.grades).all() for one, two in zip(back, lessons, strict=True))
    assert np.allclose(back[1].features, lessons[1].features, atol=1e-3)
    for bad in (b"", b"PK", write_weights(EQUAL).encode()):
        with pytest.raises(BadLessons):
            read_lessons(bad)


def test_the_shipped_judgments_fit_the_features_of_this_release() -> None:
    lessons = shipped_lessons()
    assert len({lesson.source for lesson in lessons}) >= 2
    assert measure(lessons, shipped_weights()).lessons >= 200


def test_the_file_of_weights_reads_back_and_nothing_else_is_taken_for_one() -> None:
    weights = learn_weights(planted(20, 8))
    assert read_weights(write_weights(weights)).focus == pytest.approx(weights.focus, abs=1e-6)
    for text in ("", "[weights]\nfocus = 1\n", "weights = 3", write_weights(weights).replace("focus", "fokus"), "= ="):
        with pytest.raises(BadWeights):
            read_weights(text)
    good: dict[str, object] = dict.fromkeys(NAMES, 1.0)
    wrong: tuple[dict[str, object], ...] = (
        {**good, "focus": -1},
        {**good, "focus": "veel"},
        {**good, "focus": float("nan")},
        dict.fromkeys(NAMES, 0),
    )
    for worth in wrong:
        with pytest.raises(BadWeights):
            weights_from(worth)
