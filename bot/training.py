"""Rebuilds everything that is learned from labelled messages: weights for needs and kinds, and what all requests share.

The same messages and the same model give the same bytes on the same machine. How the arithmetic goes is in fitting.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import inbox
import matcher
from bot.cases import DEVELOPMENT, Case, read_cases
from bot.fitting import Fit, Floats, Rows, best_thresholds, fit_kinds, fit_needs, fit_signs, sharpest
from expertise.topics import Topic, shipped_topics
from inbox.kind import KINDS, LearnedKinds, kind_odds, message_marks
from inbox.learned import PROBE, SHIPPED_FILE, Learned, write_learned
from inbox.needs import LearnedNeeds, likeness, message_signs, probability, strongest_odds
from inbox.understanding import Prepared, phrases_of_topics, prepare, sentence_rows
from inbox.vectors import Embed, TextVectors
from matcher.encoder import Encoder
from matcher.pool import query_means

Progress = Callable[[str], None]
Places = NDArray[np.int64]

NEED_LOOSENESS = (0.01, 0.03)
KIND_LOOSENESS = (0.3, 0.03)
FOLDS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Labelled messages ready for fitting; `part_labels` (sentences, topics), `labels` (messages, topics)."""

    codes: tuple[str, ...]
    rows: Rows
    part_labels: Floats
    labels: Floats
    marks: Floats
    kinds: Places
    fold: Places

    @property
    def requests(self) -> Places:
        """The places of the messages that ask for something."""
        return np.flatnonzero(self.kinds == KINDS.index("request"))

    def needs_fit(self, chosen: Places) -> Fit:
        """Fit the needs on some of the messages."""
        part = np.isin(self.rows.of, chosen)
        return fit_needs(self.rows.only(chosen), self.part_labels[part], self.labels[chosen], NEED_LOOSENESS)

    def kinds_fit(self, chosen: Places) -> Fit:
        """Fit the kinds on some of the messages."""
        rows = self.rows.only(chosen)
        return fit_kinds(rows, self.marks[chosen], self.kinds[chosen], len(KINDS), KIND_LOOSENESS)


def train(cases_dir: Path, out: Path | None, encoder: Encoder, progress: Progress) -> tuple[Path, Path]:
    """Learn from the cases of a folder and write what is learned; returns the two files written.

    Without `out` the files that ship with the product are replaced. Raises BadCases and OSError.
    """
    cases = tuple(case for case in read_cases(cases_dir) if case.writer != DEVELOPMENT)
    progress(f"{len(cases)} berichten lezen")
    learned_file = out or Path(inbox.__path__[0]) / SHIPPED_FILE
    means_file = learned_file.with_name("query_means.npz") if out else Path(matcher.__path__[0]) / "query_means.npz"
    encoder.forget()  # what was read before must make no difference
    vectors = read_vectors(cases, encoder.read)
    progress("leren")
    learned = learn(cases, vectors, shipped_topics(), encoder.read)
    learned_file.write_bytes(write_learned(learned))
    means_file.write_bytes(means_of_requests(cases, vectors))
    return learned_file, means_file


def read_vectors(cases: Sequence[Case], embed: Embed) -> list[TextVectors]:
    """Read the cases as understanding reads messages: the parts are the subject, if any, and the sentences."""
    prepared = [prepare(case.message) for case in cases]
    return embed([one.read for one in prepared], [one.spans_to_read() for one in prepared])


def means_of_requests(cases: Sequence[Case], vectors: Sequence[TextVectors]) -> bytes:
    """What all requests have in common, as the file that ranking reads."""
    means = query_means([own for case, own in zip(cases, vectors, strict=True) if case.kind == "request"])
    file = BytesIO()
    np.savez(file, whole=means.whole, parts=means.parts)
    return file.getvalue()


def learn(cases: Sequence[Case], vectors: Sequence[TextVectors], topics: Sequence[Topic], embed: Embed) -> Learned:
    """Learn needs and kinds from labelled messages."""
    material = _material(cases, vectors, tuple(topic.code for topic in topics))
    (probe,) = embed([PROBE], [()])
    texts, spans = phrases_of_topics(topics)
    examples = [read.parts for read in embed(texts, spans)]
    needs, chances = _learned_needs(material, examples)
    material = replace(material, marks=np.hstack([material.marks, strongest_odds(chances)]))
    return Learned(probe.whole, needs, _learned_kinds(material))


def _material(cases: Sequence[Case], vectors: Sequence[TextVectors], codes: tuple[str, ...]) -> Material:
    prepared = [prepare(case.message) for case in cases]
    of = [place for place, own in enumerate(vectors) for _ in sentence_rows(own)]
    part_labels = [row for case, one in zip(cases, prepared, strict=True) for row in _shown(case, one, codes)]
    return Material(
        codes=codes,
        rows=Rows(
            parts=np.concatenate([sentence_rows(own) for own in vectors]),
            of=np.asarray(of, dtype=np.int64),
            wholes=np.stack([own.whole for own in vectors]),
        ),
        part_labels=np.asarray(part_labels, dtype=np.float32),
        labels=np.asarray([[code in case.needs for code in codes] for case in cases], dtype=np.float32),
        marks=np.stack([message_marks(one.message, one.spans) for one in prepared]),
        kinds=np.asarray([[str(kind) for kind in KINDS].index(case.kind) for case in cases], dtype=np.int64),
        fold=np.asarray(writer_folds(cases), dtype=np.int64),
    )


def _shown(case: Case, one: Prepared, codes: tuple[str, ...]) -> list[list[float]]:
    """The needs that each row of a message shows; not known of a subject line, which no label points at."""
    unknown = [[np.nan] * len(codes)] if one.offset or not one.spans else []
    shown = [case.shown_in(span) for span in one.spans]
    return unknown + [[float(code in needs) for code in codes] for needs in shown]


def writer_folds(cases: Sequence[Case]) -> list[int]:
    """Which of FOLDS folds each case is judged in; the requests of one writer all in the same.

    The other kinds have too few writers for that: they are dealt out evenly within each kind and writer.
    """
    writers = sorted({case.writer for case in cases if case.kind == "request"})
    dealt: dict[tuple[str, str], int] = {}
    folds = []
    for case in cases:
        key = (case.writer, case.kind)
        dealt[key] = dealt.get(key, -1) + 1
        by_writer = case.kind == "request" and len(writers) > 1
        folds.append((writers.index(case.writer) if by_writer else dealt[key]) % FOLDS)
    return folds


def _learned_needs(material: Material, examples: Sequence[Floats]) -> tuple[LearnedNeeds, Floats]:
    """The needs, and the probability of each for every message (m, n) by what was learned from the other folds."""
    requests = material.requests
    signs = np.zeros((len(material.kinds), len(material.codes), 4), dtype=np.float32)
    for fold in np.unique(material.fold):
        fit = material.needs_fit(np.flatnonzero(material.fold != fold))
        for place in np.flatnonzero(material.fold == fold):
            signs[place] = _signs(fit, material.rows, int(place))
    labels = material.labels[requests]
    mix, mix_bias = fit_signs(signs[requests].reshape(-1, 4), labels.reshape(-1))
    chances = probability(signs @ mix + np.float32(mix_bias))
    fit = material.needs_fit(np.arange(len(material.kinds)))
    learned = LearnedNeeds(
        codes=material.codes,
        part_centre=fit.part_centre,
        part_weights=fit.part_weights,
        part_bias=fit.part_bias,
        whole_centre=fit.whole_centre,
        whole_weights=fit.whole_weights,
        whole_bias=fit.whole_bias,
        mix=mix,
        mix_bias=mix_bias,
        thresholds=best_thresholds(chances[requests], labels),
        likeness=_likeness(material, examples, fit.part_centre),
    )
    return learned, chances


def _signs(fit: Fit, rows: Rows, place: int) -> Floats:
    sentences: Floats = (rows.parts[rows.of == place] - fit.part_centre) @ fit.part_weights + fit.part_bias
    message: Floats = (rows.wholes[place] - fit.whole_centre) @ fit.whole_weights + fit.whole_bias
    return message_signs(sentences, message)


def _likeness(material: Material, examples: Sequence[Floats], centre: Floats) -> Floats:
    """How near to an example a sentence must come: judged on the topics that we do have labels for."""
    close = likeness(examples, material.rows.parts, centre)
    requests = material.requests
    nearest = np.stack([close[material.rows.of == place].max(axis=0) for place in requests])
    weights, bias = fit_signs(nearest.reshape(-1, 1) * 10, material.labels[requests].reshape(-1))
    return np.asarray([weights[0] * 10, bias], dtype=np.float32)


def _learned_kinds(material: Material) -> LearnedKinds:
    odds = np.zeros((len(material.kinds), len(KINDS)), dtype=np.float32)
    for fold in np.unique(material.fold):
        learned = _kinds(material.kinds_fit(np.flatnonzero(material.fold != fold)), 1.0)
        for place in np.flatnonzero(material.fold == fold):
            own = material.rows.parts[material.rows.of == place]
            odds[place] = kind_odds(learned, own, material.rows.wholes[place], material.marks[place])
    fit = material.kinds_fit(np.arange(len(material.kinds)))
    return _kinds(fit, sharpest(odds, material.kinds))


def _kinds(fit: Fit, sharpness: float) -> LearnedKinds:
    return LearnedKinds(
        part_centre=fit.part_centre,
        part_weights=fit.part_weights,
        whole_centre=fit.whole_centre,
        whole_weights=fit.whole_weights,
        mark_weights=fit.mark_weights,
        bias=fit.whole_bias,
        sharpness=sharpness,
    )
