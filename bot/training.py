"""Learns from the vectors of labelled messages what they tell: needs, kinds and facts, and from where it counts.

The same messages and the same model give the same bytes on the same machine. How the arithmetic goes is in fitting.py,
how the model itself learns in tuning.py. What decides from where a probability counts is always judged on writers
that neither the model nor the weights had learned from: those of the fold that was left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.cases import Case
from bot.fitting import Fit, Floats, Rows, best_thresholds, fit_kinds, fit_needs, fit_signs, sharpest, sure_enough
from bot.intake_files import plain_message
from bot.labels import Labels, Places
from expertise.topics import Topic
from inbox.kind import KINDS, LearnedKinds, kind_odds, message_marks
from inbox.learned import PROBE, Learned
from inbox.learned_facts import FACT_VALUES, GENEROUS, LearnedFact, fact_probabilities
from inbox.needs import LearnedNeeds, learned_scores, likeness, message_signs, probability, strongest_odds
from inbox.understanding import Prepared, phrases_of_topics, prepare, sentence_rows
from inbox.vectors import Embed, TextVectors
from inbox.wording import Wording, wording
from matcher.pool import query_means, write_means

Progress = Callable[[str], None]

NEED_LOOSENESS = (0.0005, 0.0015)
KIND_LOOSENESS = (0.01, 0.003)
FACT_LOOSENESS = (0.01, 0.003)
"""How freely weights of sentences and of whole messages may grow; the less, the more the model itself has learned."""
GENEROUSLY_SURE, SURE = 0.8, 0.7
"""The precision, on what the rules read otherwise, from which a value is believed: more for one that helps along."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Labels beside the vectors of their rows, ready for fitting."""

    labels: Labels
    rows: Rows
    marks: Floats

    def needs_fit(self, chosen: Places) -> Fit:
        """Fit the needs on some of the messages."""
        part = np.isin(self.rows.of, chosen)
        own = self.labels
        return fit_needs(self.rows.only(chosen), own.part_labels[part], own.labels[chosen], NEED_LOOSENESS)

    def kinds_fit(self, chosen: Places) -> Fit:
        """Fit the kinds on some of the messages."""
        kinds, worded = self.labels.kinds[chosen], self.worded(chosen)
        return fit_kinds(self.rows.only(chosen), self.marks[chosen], kinds, len(KINDS), KIND_LOOSENESS, worded)

    def worded(self, chosen: Places) -> list[Wording]:
        """The wordings of some of the messages."""
        return [self.labels.worded[place] for place in chosen.tolist()]

    def fact_fit(self, name: str, chosen: Places) -> LearnedFact:
        """Fit a fact on some of the messages; nothing is sure enough yet."""
        values, told = len(FACT_VALUES[name]), self.labels.told[name][chosen]
        by_rule = self.labels.by_rule[name][chosen]
        fit = fit_kinds(self.rows.only(chosen), by_rule, told, values, FACT_LOOSENESS)
        return LearnedFact(
            *(fit.part_centre, fit.part_weights, fit.whole_centre, fit.whole_weights, fit.mark_weights),
            bias=fit.whole_bias,
            sharpness=1.0,
            least=np.ones(values, dtype=np.float32),
        )

    def parts_of(self, place: int) -> Floats:
        """The vectors (s, d) of the rows of a message."""
        parts: Floats = self.rows.parts[self.rows.of == place]
        return parts


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What is said of every message by what was learned from the other folds.

    `signs` (m, n, 4) and `chances` (m, n) of the needs, `kind_odds` (m, k) and, by fact, `facts` (m, c).
    """

    signs: Floats
    chances: Floats
    kind_odds: Floats
    facts: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class PlainRequests:
    """Phrases of topics as messages: the code each asks for, its sentences (s, d), and all `wholes` (n, d)."""

    codes: tuple[str, ...]
    prepared: tuple[Prepared, ...]
    parts: tuple[Floats, ...]
    wholes: Floats

    def behind(self, rows: Rows) -> Rows:
        """The rows of other messages, followed by these."""
        of = np.repeat(np.arange(len(self.parts)) + len(rows.wholes), [len(parts) for parts in self.parts])
        return Rows(
            np.concatenate([rows.parts, *self.parts]),
            np.concatenate([rows.of, of]),
            np.concatenate([rows.wholes, self.wholes]),
        )


def material_of(labels: Labels, vectors: Sequence[TextVectors]) -> Material:
    """Lay the vectors of messages beside their labels."""
    parts = np.concatenate([sentence_rows(own) for own in vectors])
    return Material(labels, Rows(parts, labels.of, np.stack([own.whole for own in vectors])), labels.marks)


def held_out(labels: Labels, by_fold: Mapping[int, Sequence[TextVectors]]) -> HeldOut:
    """Judge each fold by what is learned from the others; `by_fold` holds for each how its model reads all messages."""
    count, topics = len(labels), len(labels.codes)
    signs = np.zeros((count, topics, 4), dtype=np.float32)
    odds = np.zeros((count, len(KINDS)), dtype=np.float32)
    facts = {name: np.zeros((count, len(values)), dtype=np.float32) for name, values in FACT_VALUES.items()}
    materials = {fold: material_of(labels, vectors) for fold, vectors in by_fold.items()}
    for fold, material in materials.items():
        fit = material.needs_fit(np.flatnonzero(labels.fold != fold))
        for place in np.flatnonzero(labels.fold == fold):
            signs[place] = _signs(fit, material, int(place))
    mix, mix_bias = _mix(labels, signs, labels.requests)
    chances = probability(signs @ mix + np.float32(mix_bias))
    for fold, material in materials.items():
        others, own = np.flatnonzero(labels.fold != fold), np.flatnonzero(labels.fold == fold)
        marked = _with_odds(material, chances)
        kinds = _kinds(marked.kinds_fit(others), 1.0)
        fitted = {name: material.fact_fit(name, others) for name in FACT_VALUES}
        for place in own:
            parts, whole = material.parts_of(int(place)), material.rows.wholes[place]
            odds[place] = kind_odds(kinds, parts, whole, marked.marks[place], labels.worded[place])
            for name, fact in fitted.items():
                facts[name][place] = fact_probabilities(fact, parts, whole, labels.by_rule[name][place])
    return HeldOut(signs, chances, odds, facts)


def learn(
    labels: Labels,
    chosen: Places,
    vectors: Sequence[TextVectors],
    judged: HeldOut,
    topics: Sequence[Topic],
    embed: Embed,
    plainly: Sequence[tuple[str, str]] = (),
) -> Learned:
    """Learn from the chosen messages; what was said of them while held out decides from where anything counts.

    `plainly` are requests in the plainest words, pairs of a need and a text, to learn from besides.
    """
    phrases = [(topic.code, phrase) for topic in topics for phrase in topic.examples]
    material, plain = material_of(labels, vectors), plain_requests([*phrases, *plainly], embed)
    (probe,) = embed([PROBE], [()])
    texts, spans = phrases_of_topics(topics)
    examples = [read.parts for read in embed(texts, spans)]
    requests = np.intersect1d(chosen, labels.requests)
    mix, mix_bias = _mix(labels, judged.signs, requests)
    chances = probability(judged.signs @ mix + np.float32(mix_bias))
    fit = needs_fit_with_phrases(material, plain, chosen)
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
        thresholds=best_thresholds(chances[requests], labels.labels[requests]),
        likeness=_likeness(material, requests, examples, fit.part_centre),
    )
    kinds = _kinds(
        kinds_fit_with_phrases(_with_odds(material, chances), plain, needs, chosen),
        sharpest(judged.kind_odds[chosen], labels.kinds[chosen]),
    )
    facts = {name: _fact(material, name, chosen, judged.facts[name]) for name in FACT_VALUES}
    return Learned(probe.whole, needs, kinds, facts["budget"], facts["provincial_dependence"])


def plain_requests(phrases: Sequence[tuple[str, str]], embed: Embed) -> PlainRequests:
    """Read phrases of topics, pairs of a need and a text, each as a message by itself."""
    prepared = [prepare(plain_message("", "chat", "", phrase)) for _, phrase in phrases]
    read = embed([one.read for one in prepared], [one.spans_to_read() for one in prepared])
    return PlainRequests(
        codes=tuple(code for code, _ in phrases),
        prepared=tuple(prepared),
        parts=tuple(sentence_rows(vectors) for vectors in read),
        wholes=np.stack([vectors.whole for vectors in read]),
    )


def needs_fit_with_phrases(material: Material, plain: PlainRequests, chosen: Places) -> Fit:
    """Fit the needs on the chosen messages and on plain requests.

    The messages are mostly stories in which the plainest words are led astray on purpose ("the statutes are done"):
    without them "who helps us with the statutes?" was hardly taken for a question about statutes.
    """
    own = material.labels
    told = np.asarray([[code == each for each in own.codes] for code in plain.codes], dtype=np.float32)
    part_told = np.repeat(told, [len(parts) for parts in plain.parts], axis=0)
    part = np.isin(material.rows.of, chosen)
    return fit_needs(
        plain.behind(material.rows.only(chosen)),
        np.concatenate([own.part_labels[part], part_told]),
        np.concatenate([own.labels[chosen], told]),
        NEED_LOOSENESS,
    )


def kinds_fit_with_phrases(material: Material, plain: PlainRequests, needs: LearnedNeeds, chosen: Places) -> Fit:
    """Fit the kinds on the chosen messages and on plain requests, each a request by itself.

    The messages seldom ask in so few and plain words; without these a bare "help us with a website" was taken for an
    offer or for vague in 19 of 26 tries.
    """
    nothing = plain.wholes[:0]
    scores = [
        learned_scores(needs, parts, whole, nothing) for parts, whole in zip(plain.parts, plain.wholes, strict=True)
    ]
    marks = np.hstack(
        [
            np.stack([message_marks(one.message, one.spans) for one in plain.prepared]),
            strongest_odds(np.stack([one.probabilities for one in scores])),
        ]
    )
    return fit_kinds(
        plain.behind(material.rows.only(chosen)),
        np.concatenate([material.marks[chosen], marks]),
        np.concatenate([material.labels.kinds[chosen], np.full(len(plain.codes), KINDS.index("request"))]),
        len(KINDS),
        KIND_LOOSENESS,
        [*material.worded(chosen), *(wording("", one.message.text) for one in plain.prepared)],
    )


def means_of_requests(cases: Sequence[Case], vectors: Sequence[TextVectors]) -> bytes:
    """What all requests have in common, as the file that ranking reads."""
    return write_means(query_means([own for case, own in zip(cases, vectors, strict=True) if case.kind == "request"]))


def _mix(labels: Labels, signs: Floats, requests: Places) -> tuple[Floats, float]:
    wanted = labels.labels[requests]
    return fit_signs(signs[requests].reshape(-1, 4), wanted.reshape(-1))


def _with_odds(material: Material, chances: Floats) -> Material:
    """The marks of the messages with the odds of their likeliest needs."""
    return replace(material, marks=np.hstack([material.labels.marks, strongest_odds(chances)]))


def _signs(fit: Fit, material: Material, place: int) -> Floats:
    sentences = (material.parts_of(place) - fit.part_centre) @ fit.part_weights + fit.part_bias
    message = (material.rows.wholes[place] - fit.whole_centre) @ fit.whole_weights + fit.whole_bias
    return message_signs(sentences.astype(np.float32), message.astype(np.float32))


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


def _fact(material: Material, name: str, chosen: Places, judged: Floats) -> LearnedFact:
    told, by_rule = material.labels.told[name][chosen], material.labels.by_rule[name][chosen]
    odds = np.log(np.clip(judged[chosen], 1e-9, 1)).astype(np.float32)
    sharpness = sharpest(odds, told)
    sure = probability_of(odds * np.float32(sharpness))
    strict = [GENEROUSLY_SURE if value in GENEROUS else SURE for value in FACT_VALUES[name]]
    return replace(
        material.fact_fit(name, chosen),
        sharpness=sharpness,
        least=sure_enough(sure, told, by_rule.argmax(axis=1), strict),
    )


def probability_of(odds: Floats) -> Floats:
    """Turn log odds (m, c) into probabilities that add up to 1 in each row."""
    raised = np.exp(odds - odds.max(axis=1, keepdims=True))
    chances: Floats = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return chances
