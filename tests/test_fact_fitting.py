"""The small network that learns facts finds what straight weights can't, and the same twice."""

import numpy as np

from bot.learning.fact_fitting import FactFit, fit_fact
from bot.learning.fitting import Rows
from inbox.learned_facts import LearnedFact, fact_probabilities

SIZE, MESSAGES = 8, 400
NO_RULES = np.zeros((MESSAGES, 2), dtype=np.float32)
LIMIT = np.ones(2, dtype=np.float32)


def crosswise() -> tuple[Rows, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Messages of one sentence that tell a fact when its first two signs are equal: no straight line parts them."""
    random = np.random.default_rng(3)
    signs = random.choice([-1.0, 1.0], size=(MESSAGES, 2))
    noise = random.normal(scale=0.1, size=(MESSAGES, SIZE - 2))
    vectors = (np.hstack([signs, noise]) / 20).astype(np.float32)
    told = (signs[:, 0] == signs[:, 1]).astype(np.int64)
    return Rows(vectors, np.arange(MESSAGES), np.zeros((MESSAGES, SIZE), dtype=np.float32)), told


def learned(fit: FactFit) -> LearnedFact:
    """The fit as it is read with."""
    weights = {name: getattr(fit, name) for name in FactFit.__slots__}
    return LearnedFact(**weights, sharpness=1.0, least=LIMIT, firm=LIMIT)


def test_what_no_straight_line_parts_is_learned() -> None:
    rows, told = crosswise()
    fact = learned(fit_fact(rows, NO_RULES, told, 2))
    zero = NO_RULES[0]
    said = [fact_probabilities(fact, rows.parts[[at]], rows.wholes[at], zero).argmax() for at in range(MESSAGES)]
    assert np.mean(np.asarray(said) == told) > 0.95


def test_the_same_messages_give_the_same_weights() -> None:
    rows, told = crosswise()
    one, two = (fit_fact(rows, NO_RULES, told, 2) for _ in range(2))
    assert all(np.array_equal(getattr(one, name), getattr(two, name)) for name in FactFit.__slots__)
