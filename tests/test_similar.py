"""Initiatives that share a question find each other, and questions nobody can serve are seen."""

from datetime import date

import numpy as np
import pytest

from expertise.initiatives import Initiative, shipped_initiatives
from inbox.facts import Facts
from inbox.found_need import Need
from matcher.pool import Matrix
from matcher.ranking import rank
from matcher.similar import similar_initiatives, unserved_needs
from tests.pool_builders import a_pool, a_request, an_expert, word_vectors

TEXT = "Wij willen ouderen in de wijk laten praten over eenzaamheid."
TALK = Need("dialogue", 0.9, "laten praten")
MONEY = Need("financing", 0.6, "")


def an_initiative(code: str, question: str, *needs: str) -> Initiative:
    return Initiative(code, code, "Een stichting", "Oss", ("Oss",), (1,), (), (), needs, question)


PORTFOLIO = (
    an_initiative("lonely", "Hoe laten wij ouderen in de wijk praten over eenzaamheid?", "dialogue"),
    an_initiative("stable", "Wat doen we met lege stallen op het land?", "design"),
    an_initiative("glass", "Hoe leggen wij glasvezel aan met een coöperatie?", "dialogue", "governance"),
)


def vectors_of(initiatives: tuple[Initiative, ...]) -> Matrix:
    questions = [initiative.question for initiative in initiatives]
    return np.stack([vector.whole for vector in word_vectors(questions, [()] * len(questions))])


def test_the_same_question_comes_first_with_the_needs_both_have() -> None:
    found = similar_initiatives(a_request(TEXT).whole, [MONEY, TALK], PORTFOLIO, vectors_of(PORTFOLIO))
    assert [(similar.code, similar.needs) for similar in found] == [
        ("lonely", ("dialogue",)),
        ("glass", ("dialogue",)),
    ]
    assert 1 >= found[0].score > found[1].score >= 0


def test_a_close_question_counts_without_a_shared_need() -> None:
    found = similar_initiatives(a_request(TEXT).whole, [], PORTFOLIO, vectors_of(PORTFOLIO))
    assert [(similar.code, similar.needs) for similar in found] == [("lonely", ())]


def test_an_initiative_is_not_like_itself_and_the_number_is_limited() -> None:
    vectors, request = vectors_of(PORTFOLIO), a_request(TEXT).whole
    assert [s.code for s in similar_initiatives(request, [TALK], PORTFOLIO, vectors, own="lonely")] == ["glass"]
    assert len(similar_initiatives(request, [TALK], PORTFOLIO, vectors, limit=1)) == 1


def test_equals_are_ordered_by_code() -> None:
    twins = tuple(an_initiative(code, "Dezelfde vraag", "dialogue") for code in ("c", "a", "b"))
    found = similar_initiatives(a_request(TEXT).whole, [TALK], twins, vectors_of(twins))
    assert [similar.code for similar in found] == ["a", "b", "c"]


def test_the_shipped_portfolio_can_be_compared() -> None:
    portfolio = shipped_initiatives()
    found = similar_initiatives(a_request(TEXT).whole, [TALK], portfolio, vectors_of(portfolio))
    assert len(found) == 3
    assert all("dialogue" in similar.needs for similar in found)


def test_no_initiatives_and_missing_vectors() -> None:
    request = a_request(TEXT).whole
    assert similar_initiatives(request, [TALK], (), np.zeros((0, len(request)), np.float32)) == ()
    with pytest.raises(ValueError, match="one vector"):
        similar_initiatives(request, [TALK], PORTFOLIO, vectors_of(PORTFOLIO)[:2])


def test_needs_that_nobody_available_declared_are_unserved() -> None:
    needs = [TALK, MONEY, Need("data", 0.5, "")]
    people = [
        an_expert("a", needs=("financing",)),
        an_expert("b", needs=("dialogue",), active=False),
        *(an_expert(f"m{i:02d}", needs=("financing",)) for i in range(12)),
    ]
    ranking = rank(
        needs, Facts(municipality="Oss"), "nl", a_request(TEXT), a_pool(people), loads={}, today=date(2026, 3, 2)
    )
    assert unserved_needs(ranking, needs) == ("dialogue", "data")
    assert unserved_needs(ranking, []) == ()


def test_who_ranks_below_the_list_still_serves() -> None:
    people = [an_expert("a", needs=("financing",)), an_expert("b", needs=("dialogue",))]
    ranking = rank(
        [TALK, MONEY], Facts(), "nl", a_request(TEXT), a_pool(people), loads={}, today=date(2026, 3, 2), limit=1
    )
    assert len(ranking.matches) == 1
    assert unserved_needs(ranking, [TALK, MONEY]) == ()
