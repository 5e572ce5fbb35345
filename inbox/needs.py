"""What a message asks help for, each need with its sentence and how sure it is; who can help is not decided here.

Every sentence is scored for every topic, and so is the message as a whole. Four signs of a message (its best
sentence, its second best, all sentences together, the whole) give the probability of a need.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inbox.found_need import MOST_NEEDS, Need
from inbox.vectors import Vector

Floats = NDArray[np.float32]

LEAST_SURE = 1e-3  # nearer to never or always a probability says nothing more
NO_SENTENCE = -10.0
"""The score of a sentence that is not there."""


@dataclass(frozen=True, slots=True, eq=False)
class LearnedNeeds:
    """What was learned about n topics, for vectors of length d.

    Sentences: `part_centre` (d,), `part_weights` (d, n), `part_bias` (n,); whole messages alike. `mix` (4,) and
    `mix_bias` turn the signs of a message into the log odds of a need, which counts from `thresholds` (n,) up.
    `likeness` (2,) does that for topics that nothing was learned about: slope and bias on a cosine.
    """

    codes: tuple[str, ...]
    part_centre: Vector
    part_weights: Floats
    part_bias: Floats
    whole_centre: Vector
    whole_weights: Floats
    whole_bias: Floats
    mix: Floats
    mix_bias: float
    thresholds: Floats
    likeness: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """For n topics: the probability of each (n,), from where it counts (n,), and each sentence's score (s, n)."""

    codes: tuple[str, ...]
    probabilities: Floats
    thresholds: Floats
    sentences: Floats


def learned_scores(learned: LearnedNeeds, parts: Vector, whole: Vector, extra: Vector) -> Scores:
    """Score one message: `parts` (s, d) its sentences, `extra` (e, d) what is no evidence, such as a subject line."""
    rows = np.concatenate([parts, extra]) - learned.part_centre
    scored = (rows @ learned.part_weights + learned.part_bias).astype(np.float32)
    message = ((whole - learned.whole_centre) @ learned.whole_weights + learned.whole_bias).astype(np.float32)
    odds = (message_signs(scored, message) @ learned.mix + learned.mix_bias).astype(np.float32)
    return Scores(learned.codes, probability(odds), learned.thresholds, scored[: len(parts)])


def message_signs(sentences: Floats, message: Floats) -> Floats:
    """The signs (n, 4) of a message: best and second best sentence, all together, the whole."""
    if len(sentences) == 0:
        sentences = np.full((1, len(message)), NO_SENTENCE, dtype=np.float32)
    ordered = np.sort(sentences, axis=0)
    second = ordered[-2] if len(ordered) > 1 else ordered[-1] - np.float32(2)
    together = np.logaddexp.reduce(sentences, axis=0)
    return np.stack([ordered[-1], second, together, message], axis=-1).astype(np.float32)


def likeness_scores(
    learned: Floats, codes: tuple[str, ...], examples: Sequence[Vector], parts: Vector, centre: Vector
) -> Scores:
    """Score topics that nothing was learned about, by their examples; `learned` (2,) is slope and bias."""
    if len(codes) == 0 or len(parts) == 0:
        return no_scores(codes, len(parts))
    close = likeness(examples, parts, centre)
    odds = (close.max(axis=0) * learned[0] + learned[1]).astype(np.float32)
    return Scores(codes, probability(odds), np.full(len(codes), 0.5, dtype=np.float32), close)


def likeness(examples: Sequence[Vector], parts: Vector, centre: Vector) -> Floats:
    """How close each sentence comes to each topic, (s, n), cosine; `examples` holds for a topic its phrases (e, d)."""
    left = towards(parts, centre)
    return np.stack([(left @ towards(own, centre).T).max(axis=1) for own in examples], axis=-1)


def no_scores(codes: tuple[str, ...], sentences: int) -> Scores:
    """Scores of a message that says nothing."""
    nothing = np.zeros(len(codes), dtype=np.float32)
    return Scores(codes, nothing, nothing + 1, np.zeros((sentences, len(codes)), dtype=np.float32))


def found_needs(scores: Sequence[Scores], sentences: Sequence[str]) -> tuple[Need, ...]:
    """The needs that count, surest first, at most MOST_NEEDS, each with the sentence that shows it best."""
    found = [
        Need(code, float(one.probabilities[topic]), sentences[int(one.sentences[:, topic].argmax())])
        for one in scores
        for topic, code in enumerate(one.codes)
        if sentences and one.probabilities[topic] >= one.thresholds[topic]
    ]
    return tuple(sorted(found, key=lambda need: (-need.confidence, need.code))[:MOST_NEEDS])


def likeliest_need(scores: Sequence[Scores], sentences: Sequence[str], least: float) -> tuple[Need, ...]:
    """The one need that is closest to counting, when it is at least `least` times its threshold; else none."""
    near = [
        (float(one.probabilities[topic] / one.thresholds[topic]), one, topic)
        for one in scores
        for topic in range(len(one.codes))
    ]
    if not near or not sentences:
        return ()
    ratio, one, topic = max(near, key=lambda candidate: candidate[0])
    if ratio < least:
        return ()
    evidence = sentences[int(one.sentences[:, topic].argmax())]
    return (Need(one.codes[topic], float(one.probabilities[topic]), evidence),)


def strongest_odds(probabilities: Floats) -> Floats:
    """The log odds of the likeliest need and of the next, (…, 2): how much there is to ask help for.

    `probabilities` is (…, topics); where there are fewer than two topics, never stands in.
    """
    never = np.full((*probabilities.shape[:-1], 2), LEAST_SURE, dtype=np.float32)
    known = np.clip(np.concatenate([probabilities, never], axis=-1), LEAST_SURE, 1 - LEAST_SURE)
    sure = np.sort(known, axis=-1)[..., ::-1][..., :2]
    odds: Floats = np.log(sure / (1 - sure)).astype(np.float32)
    return odds


def towards(vectors: Vector, centre: Vector) -> Vector:
    """Take away what all texts share and bring the rest to length 1."""
    left = vectors - centre
    unit: Vector = left / np.maximum(np.linalg.norm(left, axis=-1, keepdims=True), np.float32(1e-9))
    return unit


def probability(odds: Floats) -> Floats:
    """Turn log odds into probabilities."""
    chances: Floats = (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).astype(np.float32)
    return chances
