"""The small network that learns facts finds what straight weights can't, and the same twice."""

import numpy as np

from bot.learning.fact_fitting import FactFit, fit_fact
from bot.learning.fitting import Rows
from inbox.learned_facts import LearnedFact, fact_probabilities

SIZE, MESSAGES = 8, 400
NO_RULES = np.zeros((MESSAGES, 2), dtype=np.float32)
LIMIT = np.ones(2, dtype=np.float32)
NOTHING_WHOLE = np.zeros((MESSAGES, SIZE), dtype=np.float32)


def crosswise() -> tuple[Rows, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Messages of one sentence that tell a fact when its first two signs are equal: no straight line parts them."""
    random = np.random.default_rng(3)
    signs = random.choice([-1.0, 1.0], size=(MESSAGES, 2))
    noise = random.normal(scale=0.1, size=(MESSAGES, SIZE - 2))
    vectors = (np.hstack([signs, noise]) / 20).astype(np.float32)
    told = (signs[:, 0] == signs[:, 1]).astype(np.int64)
    return Rows(vectors, np.arange(MESSAGES), NOTHING_WHOLE, vectors[:, :0]), told


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


def test_what_is_only_heard_halfway_is_learned() -> None:
    """Halfway the vectors lie a hundred times closer together, and around another centre."""
    rows, told = crosswise()
    halfway = (rows.parts / 100 + 0.5).astype(np.float32)
    silent = np.random.default_rng(4).normal(scale=0.05, size=rows.parts.shape).astype(np.float32)
    fact = learned(fit_fact(Rows(silent, rows.of, rows.wholes, halfway), NO_RULES, told, 2))
    heard = np.hstack([silent, halfway])
    said = [fact_probabilities(fact, heard[[at]], rows.wholes[at], NO_RULES[0]).argmax() for at in range(MESSAGES)]
    assert np.mean(np.asarray(said) == told) > 0.9


def test_the_same_messages_give_the_same_weights() -> None:
    rows, told = crosswise()
    one, two = (fit_fact(rows, NO_RULES, told, 2) for _ in range(2))
    assert all(np.array_equal(getattr(one, name), getattr(two, name)) for name in FactFit.__slots__)
