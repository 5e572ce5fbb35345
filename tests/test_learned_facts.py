"""What was learned about a fact only speaks where the rules are silent or clearly wrong, and with its sentence."""

from dataclasses import replace

import numpy as np
import pytest

from bot.learning.fitting import firm_from, sure_enough
from inbox.facts import Budget, Facts
from inbox.learned_facts import FACT_VALUES, LearnedFact, fact_probabilities, place_of, rule_marks, second_opinion

SENTENCES = ("Wij zijn een dorpswinkel.", "Er blijft elk jaar geld over.", "Groeten!")
PARTS = np.eye(4, dtype=np.float32)[:3]
WHOLE = PARTS.mean(axis=0)
NO_EXTRA = PARTS[:0]
SEEN = np.eye(4, dtype=np.float32)  # what is seen in a sentence is its vector
NEVER = np.full(4, 1.01, dtype=np.float32)


def budget_learned(**changed: object) -> LearnedFact:
    """Knows only that the second sentence shows a budget that closes."""
    weights = np.zeros((4, 4), dtype=np.float32)
    weights[1, 1] = 8
    nothing = np.zeros((4, 4), dtype=np.float32)
    zero = np.zeros(4, dtype=np.float32)
    least = np.full(4, 0.6, dtype=np.float32)
    made = LearnedFact(zero, SEEN, zero, weights, zero, nothing, nothing, zero, 1.0, least, least)
    return replace(made, **changed)  # type: ignore[arg-type]


def opinion(facts: Facts, learned: LearnedFact) -> Facts:
    """The facts with the second opinion on the budget."""
    return second_opinion(facts, {"budget": learned}, PARTS, NO_EXTRA, WHOLE, SENTENCES)


def test_a_fact_that_the_rules_missed_is_added_with_its_sentence() -> None:
    found = opinion(Facts(municipality="Best"), budget_learned())
    assert found.budget == "closing"
    assert found.evidence == (("budget", SENTENCES[1]),)
    assert found.municipality == "Best"


def test_what_is_not_sure_enough_changes_nothing() -> None:
    told = Facts(budget="not_closing", evidence=(("budget", SENTENCES[0]),))
    assert opinion(told, budget_learned(least=NEVER)) == told


def test_a_helpful_value_below_what_is_sure_is_told_and_asked_again() -> None:
    found = opinion(Facts(), budget_learned(firm=NEVER))
    assert (found.budget, found.unsure) == ("closing", ("budget",))


def test_a_helpful_value_of_the_rules_that_is_unlikely_is_asked_again() -> None:
    told = Facts(budget="prospect", evidence=(("budget", SENTENCES[0]),))
    assert opinion(told, budget_learned(least=NEVER)).unsure == ("budget",)


def test_a_value_that_does_not_help_is_never_unsure() -> None:
    weights = np.zeros((4, 4), dtype=np.float32)
    weights[1, 3] = 8
    found = opinion(Facts(), budget_learned(value_weights=weights, firm=NEVER))
    assert (found.budget, found.unsure) == ("not_closing", ())


def test_a_surer_value_takes_the_place_of_what_the_rules_read() -> None:
    told = Facts(budget="prospect", evidence=(("budget", SENTENCES[0]), ("phase", SENTENCES[2])), phase=2)
    found = opinion(told, budget_learned())
    assert found.budget == "closing"
    assert found.evidence == (("phase", SENTENCES[2]), ("budget", SENTENCES[1]))


@pytest.mark.parametrize(("read", "unsure"), [("not_closing", ("budget",)), ("prospect", ()), (None, ())])
def test_a_helpful_value_against_a_careful_reading_is_asked_again(read: Budget | None, unsure: tuple[str, ...]) -> None:
    told = Facts(budget=read, evidence=(("budget", SENTENCES[0]),) if read else ())
    found = opinion(told, budget_learned())
    assert (found.budget, found.unsure) == ("closing", unsure)


def test_what_the_rules_read_weighs_along() -> None:
    rules = np.eye(4, dtype=np.float32) * 20
    told = Facts(budget="not_closing", evidence=(("budget", SENTENCES[0]),))
    assert opinion(told, budget_learned(rule_weights=rules)) == told


def test_a_text_without_sentences_has_no_second_opinion() -> None:
    facts = second_opinion(Facts(), {"budget": budget_learned()}, PARTS[:0], NO_EXTRA, WHOLE, ())
    assert facts == Facts()


@pytest.mark.parametrize("name", FACT_VALUES)
def test_probabilities_add_up_to_one(name: str) -> None:
    values = len(FACT_VALUES[name])
    random = np.random.default_rng(1)

    def drawn(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return random.normal(size=shape).astype(np.float32)

    learned = LearnedFact(
        part_centre=drawn(4),
        part_weights=drawn(4, 6),
        part_bias=drawn(6),
        value_weights=drawn(6, values),
        whole_centre=drawn(4),
        whole_weights=drawn(4, values),
        rule_weights=drawn(values, values),
        bias=drawn(values),
        sharpness=1.5,
        least=np.ones(values, dtype=np.float32),
        firm=np.ones(values, dtype=np.float32),
    )
    for value in FACT_VALUES[name]:
        chances = fact_probabilities(learned, PARTS, WHOLE, rule_marks(name, value))
        assert chances.shape == (values,)
        assert chances.sum() == pytest.approx(1, abs=1e-5)


def test_not_told_is_no_dependence_nor_independence() -> None:
    assert [place_of("provincial_dependence", value) for value in (None, True, False)] == [0, 1, 2]


def judged(*chances: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Probabilities of a fact with one value besides not told."""
    return np.asarray([(1 - chance, chance) for chance in chances], dtype=np.float32)


def test_a_value_is_believed_from_where_it_gains() -> None:
    told, by_rule = np.array([1, 1, 1, 0, 0]), np.array([1, 0, 0, 0, 0])
    least = sure_enough(judged(0.9, 0.8, 0.7, 0.4, 0.1), told, by_rule, 0.0)
    assert 0.4 < least[1] <= 0.7


def test_a_value_that_must_be_sure_is_not_believed_when_it_errs() -> None:
    told, by_rule = np.array([1, 1, 0, 0]), np.array([0, 0, 0, 0])
    unsure = judged(0.7, 0.6, 0.8, 0.9)
    assert sure_enough(unsure, told, by_rule, 0.0)[1] <= 0.6
    assert sure_enough(unsure, told, by_rule, 0.9)[1] > 1


def test_a_value_is_firm_from_where_nearly_all_above_are_right() -> None:
    told, by_rule = np.array([1, 1, 0, 1]), np.array([0, 0, 0, 0])
    assert 0.5 < firm_from(judged(0.9, 0.7, 0.5, 0.4), told, by_rule, 0.9)[1] <= 0.7
    assert firm_from(judged(0.5, 0.6, 0.99, 0.4), told, by_rule, 0.9)[1] > 1
