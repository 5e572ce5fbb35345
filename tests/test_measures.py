"""The figures of an evaluation mean what they say."""

import math

import pytest

from bot.learning.measures import (
    Counted,
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


def test_precision_recall_and_f1_of_a_label() -> None:
    counted = count_label("data", [["data"], ["data"], [], []], [["data"], [], ["data"], []])
    assert counted == Counted(right=1, wrong=1, missed=1)
    assert (counted.precision, counted.recall, counted.f1) == (0.5, 0.5, 0.5)


def test_nothing_said_and_nothing_wanted_is_zero_not_an_error() -> None:
    assert (Counted().precision, Counted().recall, Counted().f1) == (0, 0, 0)
    assert share([]) == 0
    assert macro_f1([]) == 0


def test_micro_counts_answers_and_macro_counts_labels() -> None:
    labels = [Counted(right=8, wrong=0, missed=0), Counted(right=0, wrong=1, missed=1), Counted()]
    assert total(labels).f1 == pytest.approx(16 / 18)
    assert macro_f1(labels) == 0.5


def test_a_wrong_fact_is_said_wrongly_and_missed() -> None:
    assert count_fact(["Oss", "Best", None, "Uden"], ["Oss", "Boxtel", "Goirle", None]) == Counted(1, 2, 2)
    assert count_fact([False, None], [False, None]) == Counted(1, 0, 0)


def test_reliability_puts_confidence_beside_how_often_it_is_right() -> None:
    low, high = reliability([(0.35, True), (0.31, False), (0.95, True), (1.0, True)])
    assert (low.start, low.answers, low.right) == (0.3, 2, 0.5)
    assert (high.start, high.answers, high.right) == (0.9, 2, 1.0)


def test_ndcg_by_hand() -> None:
    relevance = {"a": 3, "b": 1, "c": 2}
    assert ndcg(["a", "c", "b"], relevance) == pytest.approx(1)
    found = ndcg(["x", "a"], relevance)
    assert found == pytest.approx((7 / math.log2(3)) / (7 + 3 / math.log2(3) + 1 / 2))
    assert ndcg(["a"], {}) == 0


def test_only_a_good_expert_is_a_hit() -> None:
    relevance = {"a": 1, "b": 2}
    assert not hit(["a", "x", "y", "b"], relevance)
    assert hit(["a", "x", "b"], relevance)
    assert reciprocal_rank(["a", "b"], relevance) == 0.5
    assert reciprocal_rank(["a"], relevance) == 0
