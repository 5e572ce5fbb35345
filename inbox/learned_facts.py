"""A second opinion on facts, learned from labelled messages, beside the rules; the rules are in their own files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from inbox.budget_words import Budget
from inbox.facts import Facts
from inbox.vectors import Vector

Floats = NDArray[np.float32]
Value = Budget | bool | int | None

FACT_VALUES: Final[Mapping[str, tuple[Value, ...]]] = {
    "budget": (None, "closing", "prospect", "not_closing"),
    "provincial_dependence": (None, True, False),
    "phase": (None, 1, 2, 3, 4, 5),
}
"""The values each fact can have; not told comes first."""
HELPS: Final[Mapping[str, tuple[Value, ...]]] = {
    "budget": ("closing", "prospect"),
    "provincial_dependence": (False,),
    "phase": (),
}
"""The values that help an initiative to be eligible: believing them wrongly does the most harm."""
OVERRULES = 0.8
"""A value that the rules read gives way only to another that is at least this likely."""
DOUBTED = 0.5
"""A value that helps, read by the rules but less likely than this, is asked again."""


@dataclass(frozen=True, slots=True, eq=False)
class LearnedFact:
    """What was learned about a fact of c values, for sentences of length p and messages of length d.

    Sentences: `part_centre` (p,), `part_weights` (p, h) and `part_bias` (h,) for what is seen in them, `value_weights`
    (h, c) for what that tells; whole messages: `whole_centre` (d,), `whole_weights` (d, c); `rule_weights` (c, c) for
    what the rules read; `bias` (c,). A value counts from `least` (c,) up and is sure from `firm` (c,) up; 1 and more
    is never.
    """

    part_centre: Vector
    part_weights: Floats
    part_bias: Floats
    value_weights: Floats
    whole_centre: Vector
    whole_weights: Floats
    rule_weights: Floats
    bias: Floats
    sharpness: float
    least: Floats
    firm: Floats


def second_opinion(
    facts: Facts,
    learned: Mapping[str, LearnedFact],
    parts: Vector,
    extra: Vector,
    whole: Vector,
    sentences: Sequence[str],
) -> Facts:
    """The facts as the rules read them, with what was learned where that is surer.

    `parts` (s, p) are the rows of the sentences, `extra` (e, p) of what is no evidence, such as a subject. What the
    rules read stays unless another value is told with enough confidence; what they did not read is added then,
    with the sentence that shows it best. A value that helps and is not told surely goes among the unsure; so does one
    against a reading of the rules that asks for care, for then somebody has to look.
    """
    if len(parts) == 0 or len(parts) != len(sentences):
        return facts
    rows = np.concatenate([parts, extra])
    for name, own in learned.items():
        chances = fact_probabilities(own, rows, whole, rule_marks(name, getattr(facts, name)))
        likeliest = int(chances[1:].argmax()) + 1
        value, by_rule = FACT_VALUES[name][likeliest], getattr(facts, name)
        least = own.least[likeliest] if by_rule is None else max(own.least[likeliest], OVERRULES)
        if chances[likeliest] >= least and value != by_rule:
            row = int(_told_by(own, parts)[:, likeliest].argmax())
            facts = _with(facts, name, value, sentences[row])
            sure = chances[likeliest] >= own.firm[likeliest] and (by_rule is None or by_rule in HELPS[name])
        else:
            value = by_rule
            sure = chances[place_of(name, by_rule)] >= DOUBTED
        if value in HELPS[name] and not sure:
            facts = replace(facts, unsure=(*facts.unsure, name))
    return facts


def _with(facts: Facts, name: str, value: Value, sentence: str) -> Facts:
    evidence = tuple(pair for pair in facts.evidence if pair[0] != name)
    changed: dict[str, Any] = {name: value, "evidence": (*evidence, (name, sentence))}
    return replace(facts, **changed)


def fact_probabilities(learned: LearnedFact, parts: Vector, whole: Vector, by_rule: Floats) -> Floats:
    """The probability (c,) of each value: one telling sentence is enough, the rest and the rules speak along."""
    sentences = _told_by(learned, parts)
    message = (whole - learned.whole_centre) @ learned.whole_weights
    odds = np.logaddexp.reduce(sentences, axis=0) + message + by_rule @ learned.rule_weights + learned.bias
    odds = (odds - odds.max()) * learned.sharpness
    chances: Floats = (np.exp(odds) / np.exp(odds).sum()).astype(np.float32)
    return chances


def _told_by(learned: LearnedFact, parts: Vector) -> Floats:
    """How strongly each sentence (s, p) tells each value (s, c)."""
    seen = np.maximum((parts - learned.part_centre) @ learned.part_weights + learned.part_bias, 0)
    told: Floats = seen @ learned.value_weights
    return told


def place_of(name: str, value: object) -> int:
    """The place of a value among those of its fact."""
    return FACT_VALUES[name].index(cast(Value, value))


def rule_marks(name: str, value: object) -> Floats:
    """Which value the rules read, as marks (c,) of 0 and 1."""
    marks = np.zeros(len(FACT_VALUES[name]), dtype=np.float32)
    marks[place_of(name, value)] = 1
    return marks
