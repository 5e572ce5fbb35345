"""A second opinion on two facts, learned from labelled messages, beside the rules; the rules are in their own files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from inbox.budget_words import Budget
from inbox.facts import Facts
from inbox.vectors import Vector

Floats = NDArray[np.float32]
Value = Budget | bool | None

FACT_VALUES: Final[Mapping[str, tuple[Value, ...]]] = {
    "budget": (None, "closing", "prospect", "not_closing"),
    "provincial_dependence": (None, True, False),
}
"""The values each fact can have; not told comes first."""
GENEROUS: Final[tuple[Value, ...]] = ("closing", "prospect", False)
"""The values that help an initiative to be eligible: believing them wrongly does the most harm."""


@dataclass(frozen=True, slots=True, eq=False)
class LearnedFact:
    """What was learned about a fact of c values, for vectors of length d.

    Sentences: `part_centre` (d,), `part_weights` (d, c); whole messages alike; `rule_weights` (c, c) for what the
    rules read; `bias` (c,). A value counts from `least` (c,) up; 1 and more is never.
    """

    part_centre: Vector
    part_weights: Floats
    whole_centre: Vector
    whole_weights: Floats
    rule_weights: Floats
    bias: Floats
    sharpness: float
    least: Floats


def second_opinion(
    facts: Facts,
    learned: Mapping[str, LearnedFact],
    parts: Vector,
    extra: Vector,
    whole: Vector,
    sentences: Sequence[str],
) -> Facts:
    """The facts as the rules read them, with what was learned where that is surer.

    `parts` (s, d) are the vectors of the sentences, `extra` (e, d) of what is no evidence, such as a subject. What
    the rules read stays unless another value is told with enough confidence; what they did not read is added then,
    with the sentence that shows it best.
    """
    if len(parts) == 0 or len(parts) != len(sentences):
        return facts
    for name, own in learned.items():
        value, row = _told(own, name, getattr(facts, name), parts, extra, whole)
        if value is not None and value != getattr(facts, name):
            evidence = tuple(pair for pair in facts.evidence if pair[0] != name)
            changed: dict[str, Any] = {name: value, "evidence": (*evidence, (name, sentences[row]))}
            facts = replace(facts, **changed)
    return facts


def _told(
    learned: LearnedFact, name: str, by_rule: Value, parts: Vector, extra: Vector, whole: Vector
) -> tuple[Value, int]:
    """The value that is told surely enough, or None, and the sentence that shows it best."""
    chances = fact_probabilities(learned, np.concatenate([parts, extra]), whole, rule_marks(name, by_rule))
    likeliest = int(chances[1:].argmax()) + 1
    row = int(((parts - learned.part_centre) @ learned.part_weights[:, likeliest]).argmax())
    return (FACT_VALUES[name][likeliest] if chances[likeliest] >= learned.least[likeliest] else None), row


def fact_probabilities(learned: LearnedFact, parts: Vector, whole: Vector, by_rule: Floats) -> Floats:
    """The probability (c,) of each value: one telling sentence is enough, the rest and the rules speak along."""
    sentences = (parts - learned.part_centre) @ learned.part_weights
    message = (whole - learned.whole_centre) @ learned.whole_weights
    odds = np.logaddexp.reduce(sentences, axis=0) + message + by_rule @ learned.rule_weights + learned.bias
    odds = (odds - odds.max()) * learned.sharpness
    chances: Floats = (np.exp(odds) / np.exp(odds).sum()).astype(np.float32)
    return chances


def place_of(name: str, value: object) -> int:
    """The place of a value among those of its fact."""
    return FACT_VALUES[name].index(cast(Value, value))


def rule_marks(name: str, value: object) -> Floats:
    """Which value the rules read, as marks (c,) of 0 and 1."""
    marks = np.zeros(len(FACT_VALUES[name]), dtype=np.float32)
    marks[place_of(name, value)] = 1
    return marks
