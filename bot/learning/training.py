"""Learns from labelled messages what they tell: needs, kinds and facts, and from where each counts.

The same messages and the same model give the same bytes on the same machine. What is fitted on what is in material.py,
how the model itself learns in tuning.py. What decides from where a probability counts is always judged on writers
that neither the model nor the weights had learned from. The model is learned anew for each fold only, for that takes
long; the weights on its vectors for each group of a fold, so that they have learned from nearly as much as those that
ship.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from bot.learning.cases import Case
from bot.learning.fitting import Fit, Floats, best_thresholds, firm_from, fit_signs, sharpest, sure_enough
from bot.learning.labels import FOLDS, Labels, Places
from bot.learning.material import Material
from expertise.topics import Topic
from inbox.kind import KINDS, LearnedKinds, kind_odds
from inbox.learned import PROBE, Learned
from inbox.learned_facts import FACT_VALUES, LearnedFact, fact_probabilities
from inbox.needs import LearnedNeeds, likeness, probability, strongest_odds
from inbox.understanding import phrases_of_topics
from inbox.vectors import Embed, TextVectors
from matcher.pool import query_means, write_means

AT_ONCE = 2  # fits beside each other; each works with one thread, so the outcome is the same
FIRM, SURE = 0.95, 0.65
"""The precision, on what the rules read otherwise, from which a value is believed: more for one that helps along."""


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """All weights that were fitted on one part of the messages."""

    needs: Fit
    kinds: Fit
    facts: Mapping[str, LearnedFact]


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What is said of every message by what was learned from other writers.

    `signs` (m, n, 4) of the needs, `kind_odds` (m, k) and, by fact, `facts` (m, c); `fits` holds by group the weights
    that learned nothing from it.
    """

    signs: Floats
    kind_odds: Floats
    facts: Mapping[str, Floats]
    fits: Mapping[int, Fits]


def held_out(labels: Labels, by_fold: Mapping[int, Material]) -> HeldOut:
    """Judge each group by what is learned from the others; `by_fold` holds how the model of each fold reads."""
    signs = np.zeros((len(labels), len(labels.codes), 4), dtype=np.float32)

    def needs_without(group: int) -> Fit:
        return by_fold[group % FOLDS].needs_fit(np.flatnonzero(labels.group != group))

    with ThreadPoolExecutor(AT_ONCE) as cores:
        needs = dict(zip(labels.groups, cores.map(needs_without, labels.groups), strict=True))
        for group, fit in needs.items():
            own = labels.in_group(group)
            signs[own] = by_fold[group % FOLDS].signs(fit, own)
        mix = _mix(labels, signs, labels.requests)

        def all_without(group: int) -> Fits:
            others = np.flatnonzero(labels.group != group)
            return _fits(by_fold[group % FOLDS], others, needs[group], signs, mix)

        fits = dict(zip(labels.groups, cores.map(all_without, labels.groups), strict=True))
    return _judged(labels, by_fold, signs, _chances(signs, mix), fits)


def learn(chosen: Places, material: Material, judged: HeldOut, topics: Sequence[Topic], embed: Embed) -> Learned:
    """Learn from the chosen messages; what was said of them while held out decides from where anything counts."""
    mix = _mix(material.labels, judged.signs, np.intersect1d(chosen, material.labels.requests))
    fits = _fits(material, chosen, material.needs_fit(chosen), judged.signs, mix)
    return learned_by(fits, chosen, material, judged, topics, embed)


def learned_by(
    fits: Fits, chosen: Places, material: Material, judged: HeldOut, topics: Sequence[Topic], embed: Embed
) -> Learned:
    """Weights fitted on the chosen messages, with from where what they say counts."""
    labels, fit = material.labels, fits.needs
    (probe,) = embed([PROBE], [()])
    texts, spans = phrases_of_topics(topics)
    examples = [read.parts for read in embed(texts, spans)]
    requests = np.intersect1d(chosen, labels.requests)
    mix, mix_bias = _mix(labels, judged.signs, requests)
    needs = LearnedNeeds(
        codes=labels.codes,
        part_centre=fit.part_centre,
        part_weights=fit.part_weights,
        part_bias=fit.part_bias,
        whole_centre=fit.whole_centre,
        whole_weights=fit.whole_weights,
        whole_bias=fit.whole_bias,
        mix=mix,
        mix_bias=mix_bias,
        thresholds=best_thresholds(_chances(judged.signs[requests], (mix, mix_bias)), labels.labels[requests]),
        likeness=_likeness(material, requests, examples, fit.part_centre),
    )
    kinds = _kinds(fits.kinds, sharpest(judged.kind_odds[chosen], labels.kinds[chosen]))
    facts = {name: _sure_fact(labels, name, own, chosen, judged) for name, own in fits.facts.items()}
    return Learned(probe.whole, needs, kinds, **facts)


def means_of_requests(cases: Sequence[Case], vectors: Sequence[TextVectors]) -> bytes:
    """What all requests have in common, as the file that ranking reads."""
    return write_means(query_means([own for case, own in zip(cases, vectors, strict=True) if case.kind == "request"]))


def _fits(material: Material, chosen: Places, needs: Fit, signs: Floats, mix: tuple[Floats, float]) -> Fits:
    plain_chances = _chances(material.plain_signs(needs), mix)
    return Fits(
        needs,
        material.kinds_fit(chosen, _chances(signs, mix), plain_chances),
        material.facts_fit(chosen),
    )


def _judged(
    labels: Labels, by_fold: Mapping[int, Material], signs: Floats, chances: Floats, fits: Mapping[int, Fits]
) -> HeldOut:
    """What the weights of each group say of its messages."""
    odds = np.zeros((len(labels), len(KINDS)), dtype=np.float32)
    facts = {name: np.zeros((len(labels), len(values)), dtype=np.float32) for name, values in FACT_VALUES.items()}
    for group, own in fits.items():
        material, kinds = by_fold[group % FOLDS], _kinds(own.kinds, 1.0)
        for place in labels.in_group(group):
            parts, whole = material.parts_of(int(place)), material.rows.wholes[place]
            told = material.fact_rows_of(int(place))
            marks = np.concatenate([labels.marks[place], strongest_odds(chances[place])])
            odds[place] = kind_odds(kinds, parts, whole, marks, labels.worded[place])
            for name, fact in own.facts.items():
                facts[name][place] = fact_probabilities(fact, told, whole, labels.by_rule[name][place])
    return HeldOut(signs, odds, facts, fits)


def _mix(labels: Labels, signs: Floats, requests: Places) -> tuple[Floats, float]:
    return fit_signs(signs[requests].reshape(-1, 4), labels.labels[requests].reshape(-1))


def _chances(signs: Floats, mix: tuple[Floats, float]) -> Floats:
    weights, bias = mix
    return probability((signs @ weights + np.float32(bias)).astype(np.float32))


def _likeness(material: Material, requests: Places, examples: Sequence[Floats], centre: Floats) -> Floats:
    """How near to an example a sentence must come: judged on the topics that we do have labels for."""
    close = likeness(examples, material.rows.parts, centre)
    nearest = np.stack([close[material.rows.of == place].max(axis=0) for place in requests])
    weights, bias = fit_signs(nearest.reshape(-1, 1) * 10, material.labels.labels[requests].reshape(-1))
    return np.asarray([weights[0] * 10, bias], dtype=np.float32)


def _kinds(fit: Fit, sharpness: float) -> LearnedKinds:
    return LearnedKinds(
        part_centre=fit.part_centre,
        part_weights=fit.part_weights,
        whole_centre=fit.whole_centre,
        whole_weights=fit.whole_weights,
        mark_weights=fit.mark_weights,
        word_weights=fit.word_weights.astype(np.float16),
        bias=fit.whole_bias,
        sharpness=sharpness,
    )


def _sure_fact(labels: Labels, name: str, fitted: LearnedFact, chosen: Places, judged: HeldOut) -> LearnedFact:
    told, by_rule = labels.told[name][chosen], labels.by_rule[name][chosen]
    odds = np.log(np.clip(judged.facts[name][chosen], 1e-9, 1)).astype(np.float32)
    sharpness = sharpest(odds, told)
    sure = probability_of(odds * np.float32(sharpness))
    read = by_rule.argmax(axis=1)
    least = sure_enough(sure, told, read, SURE)
    return replace(fitted, sharpness=sharpness, least=least, firm=firm_from(sure, told, read, FIRM))


def probability_of(odds: Floats) -> Floats:
    """Turn log odds (m, c) into probabilities that add up to 1 in each row."""
    raised = np.exp(odds - odds.max(axis=1, keepdims=True))
    chances: Floats = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return chances
