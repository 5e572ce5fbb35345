"""Labelled messages and plain requests as rows of vectors beside their labels, and weights fitted on a part of them.

Which part is learned from, and from where what was learned counts, is training.py's. How the arithmetic goes is in
fitting.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np

from bot.fitting import Fit, Floats, Rows, fit_kinds, fit_needs
from bot.intake_files import plain_message
from bot.labels import Labels, Places
from inbox.kind import KINDS, message_marks
from inbox.learned_facts import FACT_VALUES, LearnedFact
from inbox.needs import message_signs, strongest_odds
from inbox.understanding import prepare, sentence_rows
from inbox.vectors import Embed, TextVectors
from inbox.wording import Wording, wording

NEED_LOOSENESS = (0.0005, 0.0015)
KIND_LOOSENESS = (0.01, 0.003)
FACT_LOOSENESS = (0.01, 0.003)
"""How freely weights of sentences and of whole messages may grow; the less, the more the model itself has learned."""

WAYS = ("chat", "mail")


@dataclass(frozen=True, slots=True, eq=False)
class PlainRequests:
    """Requests in the plainest words: the code each asks for, its sentences (s, d), all `wholes` (n, d), `marks`.

    The labelled messages are mostly stories in which the plainest words are led astray on purpose ("the statutes are
    done"): without these "who helps us with the statutes?" was hardly taken for a question about statutes, and a bare
    "help us with a website" was taken for an offer or for vague in 19 of 26 tries.
    """

    codes: tuple[str, ...]
    parts: tuple[Floats, ...]
    wholes: Floats
    marks: Floats
    worded: tuple[Wording, ...]

    def behind(self, rows: Rows) -> Rows:
        """The rows of other messages, followed by these."""
        of = np.repeat(np.arange(len(self.parts)) + len(rows.wholes), [len(parts) for parts in self.parts])
        return Rows(
            np.concatenate([rows.parts, *self.parts]),
            np.concatenate([rows.of, of]),
            np.concatenate([rows.wholes, self.wholes]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Labels beside the vectors of their rows, and the plain requests that every fit learns from besides."""

    labels: Labels
    rows: Rows
    plain: PlainRequests

    def needs_fit(self, chosen: Places) -> Fit:
        """Fit the needs on some of the messages."""
        part, own = np.isin(self.rows.of, chosen), self.labels
        told = np.asarray([[code == each for each in own.codes] for code in self.plain.codes], dtype=np.float32)
        part_told = np.repeat(told, [len(parts) for parts in self.plain.parts], axis=0)
        return fit_needs(
            self.plain.behind(self.rows.only(chosen)),
            np.concatenate([own.part_labels[part], part_told]),
            np.concatenate([own.labels[chosen], told]),
            NEED_LOOSENESS,
        )

    def kinds_fit(self, chosen: Places, chances: Floats, plain_chances: Floats) -> Fit:
        """Fit the kinds on some of the messages; `chances` (m, n) are of the needs of all messages."""
        own, plain = self.labels, self.plain
        marks = np.hstack([own.marks[chosen], strongest_odds(chances[chosen])])
        plain_marks = np.hstack([plain.marks, strongest_odds(plain_chances)])
        return fit_kinds(
            plain.behind(self.rows.only(chosen)),
            np.concatenate([marks, plain_marks]),
            np.concatenate([own.kinds[chosen], np.full(len(plain.codes), KINDS.index("request"))]),
            len(KINDS),
            KIND_LOOSENESS,
            [*(own.worded[place] for place in chosen.tolist()), *plain.worded],
        )

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
            firm=np.ones(values, dtype=np.float32),
        )

    def facts_fit(self, chosen: Places) -> Mapping[str, LearnedFact]:
        """Fit every fact on some of the messages."""
        return {name: self.fact_fit(name, chosen) for name in FACT_VALUES}

    def parts_of(self, place: int) -> Floats:
        """The vectors (s, d) of the rows of a message."""
        parts: Floats = self.rows.parts[self.rows.of == place]
        return parts

    def signs(self, fit: Fit, places: Places) -> Floats:
        """The signs (p, n, 4) by which the needs of messages are told."""
        return np.stack([_signs(fit, self.parts_of(int(place)), self.rows.wholes[place]) for place in places])

    def plain_signs(self, fit: Fit) -> Floats:
        """The signs of the plain requests."""
        plain = self.plain
        return np.stack([_signs(fit, parts, whole) for parts, whole in zip(plain.parts, plain.wholes, strict=True)])


def material_of(labels: Labels, vectors: Sequence[TextVectors], plain: PlainRequests) -> Material:
    """Lay the vectors of messages beside their labels."""
    parts = np.concatenate([sentence_rows(own) for own in vectors])
    return Material(labels, Rows(parts, labels.of, np.stack([own.whole for own in vectors])), plain)


def plain_requests(phrases: Sequence[tuple[str, str]], embed: Embed) -> PlainRequests:
    """Read phrases of topics, pairs of a need and a text, each as a message by itself, by chat and by mail in turn."""
    prepared = [prepare(plain_message("", way, "", phrase)) for (_, phrase), way in zip(phrases, cycle(WAYS))]
    read = embed([one.read for one in prepared], [one.spans_to_read() for one in prepared])
    return PlainRequests(
        codes=tuple(code for code, _ in phrases),
        parts=tuple(sentence_rows(vectors) for vectors in read),
        wholes=np.stack([vectors.whole for vectors in read]),
        marks=np.stack([message_marks(one.message, one.spans) for one in prepared]),
        worded=tuple(wording("", one.message.text) for one in prepared),
    )


def _signs(fit: Fit, parts: Floats, whole: Floats) -> Floats:
    sentences = (parts - fit.part_centre) @ fit.part_weights + fit.part_bias
    message = (whole - fit.whole_centre) @ fit.whole_weights + fit.whole_bias
    return message_signs(sentences.astype(np.float32), message.astype(np.float32))
