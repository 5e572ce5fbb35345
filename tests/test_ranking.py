"""The best experts come first: exactly, always in the same order, and together they serve every need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expertise.experts import Expert
from inbox.facts import Facts
from inbox.found_need import Need
from inbox.sentences import split_sentences
from inbox.vectors import TextVectors
from matcher import ranking as ranking_module
from matcher.coverage import cover_needs
from matcher.features import FEATURES, LEAST_SPREAD, REACH
from matcher.pool import Matrix, QueryMeans, Vector, pool_vectors, query_means, shipped_means
from matcher.ranking import Ranking, rank
from matcher.request import request_vectors
from matcher.weights import Weights, shipped_weights
from tests.pool_builders import DIMENSIONS, a_pool, a_request, an_expert, word_vectors

TODAY = date(2026, 3, 2)
TEXT = "Wij zoeken iemand die met ons een begroting maakt. Hoe meten wij ons effect? Groet uit Oss"
MONEY = Need("financing", 0.9, "een begroting maakt")
EFFECT = Need("impact", 0.6, "Hoe meten wij ons effect?")
WORDS = ("wij", "begroting", "effect", "gesprek", "wijk", "huur", "dorp", "meten", "geld", "tuin", "zorg")


def ranked(people: Sequence[Expert], **changes: Any) -> Ranking:
    asked: dict[str, Any] = {
        "needs": [MONEY],
        "facts": Facts(municipality="Oss"),
        "language": "nl",
        "request": a_request(TEXT),
        "loads": {},
        "today": TODAY,
    }
    return rank(pool=a_pool(people), **asked | changes)


def ids(ranking: Ranking) -> list[str]:
    return [match.expert.id for match in ranking.matches]


def some_people(count: int, seed: int = 0) -> list[Expert]:
    rng = np.random.default_rng(seed)
    return [
        an_expert(
            f"e{i:03d}",
            needs=tuple(rng.choice(["financing", "impact", "data"], rng.integers(1, 3), replace=False).tolist()),
            profile=" ".join(rng.choice(WORDS, 6)) + ". " + " ".join(rng.choice(WORDS, 5)) + ".",
            regions=(str(rng.choice(["Noord-Brabant", "Oss", "Noordoost-Brabant", "Nederland"])),),
            capacity=int(rng.integers(1, 4)),
        )
        for i in range(count)
    ]


def test_the_profile_that_answers_the_message_comes_first() -> None:
    wrong = an_expert("a", profile="Schrijft stukjes voor de krant over kunst en muziek.")
    right = an_expert("b", profile="Maakt met initiatieven een begroting en meet het effect.")
    other = an_expert("c", profile="Zet een kast in elkaar met hout van het bos.")
    assert ids(ranked([wrong, right, other]))[0] == "b"


def test_scores_lie_between_0_and_1_and_fall() -> None:
    scores = [match.score for match in ranked(some_people(40)).matches]
    assert len(scores) == 10
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_order_of_the_pool_does_not_matter_and_equals_are_ordered_by_id() -> None:
    people = some_people(30)
    assert ids(ranked(people)) == ids(ranked(people[::-1])) == ids(ranked(people))
    twins = [an_expert(f"e{i}") for i in (3, 1, 2, 10)]
    assert ids(ranked(twins)) == ["e1", "e10", "e2", "e3"]


def test_the_scores_are_those_of_a_plain_calculation() -> None:
    """Every feature once more, for one expert at a time and without arrays of the whole pool."""
    people, weights, needs = some_people(25, seed=4), Weights(*range(1, 9)), [MONEY, EFFECT]
    pool, request = a_pool(people), a_request(TEXT)
    loads, probabilities = {"e003": 1, "e007": 2}, {"financing": 0.9, "impact": 0.6, "data": 0.05}
    got = {
        m.expert.id: m.score
        for m in ranked(
            people, needs=needs, loads=loads, limit=25, probabilities=probabilities, weights=weights
        ).matches
    }
    assert got

    def bare(vectors: Matrix, mean: Vector) -> Matrix:
        left = vectors - mean
        unit: Matrix = left / np.linalg.norm(left, axis=-1, keepdims=True)
        return unit

    whole, parts = bare(request.whole, pool.query_means.whole), bare(request.parts, pool.query_means.parts)
    all_close = [float(profile @ whole) for profile in pool.profile]
    spread = max(float(np.std(all_close)), LEAST_SPREAD)

    def beside_others(cosine: float) -> float:
        return min(max(0.5 + (cosine - float(np.mean(all_close))) / spread / REACH, 0.0), 1.0)

    for row, expert in enumerate(people):
        if expert.id not in got:
            continue
        closeness = pool.sentences[pool.sentence_rows(row)] @ parts.T
        shared = sum(probabilities[code] for code in expert.needs)
        near = {"Oss": 1.0, "Noordoost-Brabant": 0.8, "Noord-Brabant": 0.5, "Nederland": 0.2}
        shown = 0.9 * closeness[:, 0].max() + 0.6 * closeness[:, 1].max()
        plain = {
            "belief": shared / 1.55,
            "focus": shared / (len(expert.needs) + 1.55 - shared),
            "message": beside_others(all_close[row]),
            "sentences": beside_others((closeness.max(axis=1).mean() + closeness.max(axis=0).mean()) / 2),
            "evidence": beside_others(shown / 1.5),
            "language": 1.0,
            "region": near[expert.regions[0]],
            "room": 1 - loads.get(expert.id, 0) / expert.capacity,
        }
        assert plain.keys() == FEATURES.keys()
        total = sum(weights.of(name) * value for name, value in plain.items())
        assert got[expert.id] == pytest.approx(total / weights.total, abs=2e-5)


def test_only_the_proportions_of_weights_matter() -> None:
    people = some_people(20)
    double = Weights(**{name: 2 * shipped_weights().of(name) for name in FEATURES})
    assert ids(ranked(people, weights=double)) == ids(ranked(people))


def test_a_topic_that_may_well_be_meant_brings_in_who_declared_it() -> None:
    people = [an_expert("a"), an_expert("b", needs=("impact",), profile="Zit op zondag in de tuin.")]
    assert ids(ranked(people)) == ["a"]
    assert ids(ranked(people, probabilities={"financing": 0.9, "impact": 0.3})) == ["a", "b"]
    assert ids(ranked(people, probabilities={"financing": 0.9, "impact": 0.02})) == ["a"]


def test_what_is_believed_of_all_topics_counts_and_not_only_the_needs() -> None:
    text = "Wij vragen hulp."
    people = [an_expert("a", profile=""), an_expert("b", profile="", needs=("financing", "data"))]
    found = {"request": a_request(text), "probabilities": {"financing": 0.9, "data": 0.8}}
    assert ids(ranked(people, **found)) == ["b", "a"]
    assert ids(ranked(people, request=a_request(text))) == ["a", "b"]


def test_the_writers_own_language_is_preferred() -> None:
    people = [an_expert("a", languages=("nl",)), an_expert("b", languages=("nl", "pl"))]
    assert ids(ranked(people, language="pl")) == ["b", "a"]


def test_who_works_nearer_comes_first() -> None:
    near = {"a": "Nederland", "b": "Noord-Brabant", "c": "Noordoost-Brabant", "d": "Oss"}
    people = [an_expert(name, regions=(region,)) for name, region in near.items()]
    assert ids(ranked(people)) == ["d", "c", "b", "a"]


def test_work_is_spread_over_equals() -> None:
    people = [an_expert("a", capacity=3), an_expert("b", capacity=3)]
    assert ids(ranked(people, loads={"a": 1})) == ["b", "a"]


def test_the_first_three_together_serve_every_need() -> None:
    money = [an_expert(f"m{i}", profile=f"Maakt met ons een begroting voor {word}.") for i, word in enumerate(WORDS)]
    effect = an_expert("z", needs=("impact",), profile="Kookt op zondag in een zaal.")
    alone, together = ranked([*money, effect]), ranked([*money, effect], needs=[MONEY, EFFECT])
    assert "z" not in ids(alone)
    assert ids(together)[2] == "z", "nobody else serves the second need"
    assert [match.needs for match in together.matches[:3]] == [("financing",), ("financing",), ("impact",)]


@given(st.lists(st.integers(0, 31), max_size=9), st.integers(0, 4))
def test_no_other_top_serves_more_needs(served: list[int], top: int) -> None:
    order = cover_needs(served, top)
    assert sorted(order) == list(range(len(served)))

    def covered(places: Sequence[int]) -> int:
        union = 0
        for place in places:
            union |= served[place]
        return union.bit_count()

    best = max(covered(group) for group in combinations(range(len(served)), min(top, len(served))))
    assert covered(order[:top]) == best
    if covered(list(range(len(served)))[:top]) == best and top > 0:
        assert order == list(range(len(served))), "a top that is good enough keeps its order"


def test_a_message_without_needs_is_ranked_by_closeness_alone() -> None:
    ranking = ranked(some_people(5), needs=[])
    assert len(ranking.matches) == 5
    assert {match.needs for match in ranking.matches} == {()}
    assert {match.why for match in ranking.matches} == {()}


def test_nobody_in_the_pool_and_nothing_in_the_message() -> None:
    assert ranked([]) == Ranking()
    assert len(ranked(some_people(3), request=a_request(""), needs=[]).matches) == 3
    assert len(ranked([an_expert(profile="")]).matches) == 1


def test_at_most_ten_are_returned_and_the_rest_is_told_so() -> None:
    ranking = ranked([an_expert(f"e{i:02d}") for i in range(14)])
    assert len(ranking.matches) == 10
    assert [left.because for left in ranking.left_out] == [("ranked_lower",)] * 4
    assert len(ranking.left_out[:3]) == 3


def test_a_shortlist_finds_the_best_of_a_large_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    people = some_people(300, seed=9)
    in_full = ranked(people, needs=[MONEY, EFFECT])
    monkeypatch.setattr(ranking_module, "SHORTLIST", 100)
    assert ids(ranked(people, needs=[MONEY, EFFECT])) == ids(in_full)


def test_a_rare_need_reaches_the_top_of_a_large_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking_module, "SHORTLIST", 5)
    people = [an_expert(f"m{i:03d}", profile="Maakt met ons een begroting.") for i in range(60)]
    people.append(an_expert("z", needs=("impact",), profile="Kookt op zondag."))
    assert "z" in ids(ranked(people, needs=[MONEY, EFFECT]))[:3]


def test_the_pool_refuses_vectors_of_other_profiles() -> None:
    people = some_people(3)
    vectors = word_vectors([person.profile for person in people], [()] * 3)
    with pytest.raises(ValueError, match="do not belong"):
        pool_vectors(people, vectors)
    with pytest.raises(ValueError, match="share an id"):
        a_pool([an_expert("a"), an_expert("a")])
    with pytest.raises(ValueError, match="another model"):
        a_pool(people, means=QueryMeans(np.zeros(3, np.float32), np.zeros(3, np.float32)))
    with pytest.raises(ValueError, match="do not belong"):
        request_vectors("Een. Twee.", split_sentences("Een. Twee."), word_vectors(["Een. Twee."], [()])[0])


def test_means_of_requests_are_used_when_they_are_known() -> None:
    people = some_people(12)
    texts = ["Wij zoeken geld.", "Wij zoeken hulp bij een gesprek.", "Wij zoeken een tuin."]
    means = query_means(word_vectors(texts, [split_sentences(text) for text in texts]))
    assert means.whole.shape == means.parts.shape == (DIMENSIONS,)
    got = rank([MONEY], Facts(), "nl", a_request(TEXT), a_pool(people, means), loads={}, today=TODAY)
    assert len(got.matches) > 0


def test_directions_are_evened_out_without_turning_equal_texts_apart() -> None:
    texts = ["Wij zoeken geld.", "Wij zoeken hulp bij een gesprek. Wij zoeken een zaal.", "Wij zoeken een tuin."]
    means = query_means(word_vectors(texts, [split_sentences(text) for text in texts]))
    assert means.even is not None
    assert means.even.shape == (DIMENSIONS, DIMENSIONS)
    assert np.allclose(means.even, means.even.T, atol=1e-5)
    pool = a_pool([an_expert("a"), an_expert("b"), an_expert("c", profile="Iets anders.")], means)
    assert pool.profile[0] == pytest.approx(pool.profile[1])
    assert np.linalg.norm(pool.profile, axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_the_shipped_means_belong_to_the_default_model_only() -> None:
    means = shipped_means("multilingual-e5-small-1-1@0")
    assert means is not None
    assert means.whole.shape == means.parts.shape == (384,)
    assert shipped_means("another-model@1") is None


def test_a_very_long_request_is_compared_sentence_by_sentence() -> None:
    long = a_request(" ".join(["Wij zoeken een begroting."] * 200))
    assert len(long.spans) == 200
    assert len(ranked(some_people(15), request=long).matches) > 0


def test_vectors_of_length_zero_do_no_harm() -> None:
    spans = split_sentences(TEXT)
    nothing = TextVectors(np.zeros(DIMENSIONS, np.float32), np.zeros((len(spans), DIMENSIONS), np.float32))
    ranking = ranked(some_people(4), request=request_vectors(TEXT, spans, nothing))
    assert all(np.isfinite(match.score) for match in ranking.matches)
