"""Labelled messages and plain ones as rows of vectors beside their labels, and weights fitted on a part of them.

Which part is learned from, and from where what was learned counts, is training.py's. How the arithmetic goes is in
fitting.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np

from bot.intake_files import plain_message
from bot.learning.fact_fitting import fit_fact
from bot.learning.fitting import Fit, Floats, Rows, fit_kinds, fit_needs
from bot.learning.labels import Labels, Places, hidden_rules
from bot.learning.passages import Passage
from bot.learning.plain_messages import WAYS
from bot.learning.plain_table import PlainMessage
from inbox.facts import read_facts
from inbox.kind import KINDS, message_marks
from inbox.learned_facts import FACT_VALUES, LearnedFact, place_of
from inbox.needs import message_signs, strongest_odds
from inbox.understanding import Prepared, prepare
from inbox.vectors import Embed, TextVectors
from inbox.wording import Wording, wording

NEED_LOOSENESS = (0.0005, 0.0015)
KIND_LOOSENESS = (0.01, 0.003)
"""How freely weights of sentences and of whole messages may grow; the less, the more the model itself has learned."""


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Short texts that are learned from besides the messages: the sentences (s, d) of each, all `wholes` (n, d).

    `halfway` (s, h) is how the sentences of each are read halfway the layers.
    """

    parts: tuple[Floats, ...]
    wholes: Floats
    halfway: tuple[Floats, ...]

    def behind(self, rows: Rows) -> Rows:
        """The rows of messages, followed by these."""
        if not self.parts:
            return rows
        of = np.repeat(np.arange(len(self.parts)) + len(rows.wholes), [len(parts) for parts in self.parts])
        return Rows(
            np.concatenate([rows.parts, *self.parts]),
            np.concatenate([rows.of, of]),
            np.concatenate([rows.wholes, self.wholes]),
            np.concatenate([rows.halfway, *self.halfway]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class PlainTexts:
    """Plain messages as they were read: their `kinds` (n,), the needs each tells as `labels` (n, k), `marks`.

    The labelled messages are mostly stories in which the plainest words are led astray on purpose ("the statutes are
    done"): without these "who helps us with the statutes?" was hardly taken for a question about statutes, and a bare
    "help us with a website" was taken for an offer or for vague in 19 of 26 tries.
    """

    kinds: Places
    labels: Floats
    texts: Texts
    marks: Floats
    worded: tuple[Wording, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ToldPassages:
    """Passages that tell facts, as they were read: by name of a fact what is told (n,) and what the rules read."""

    texts: Texts
    told: dict[str, Places]
    by_rule: dict[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Labels beside the vectors of their rows, and the short texts that every fit learns from besides."""

    labels: Labels
    rows: Rows
    plain: PlainTexts
    passages: ToldPassages

    def needs_fit(self, chosen: Places) -> Fit:
        """Fit the needs on some of the messages."""
        part, own = np.isin(self.rows.of, chosen), self.labels
        told = self.plain.labels
        part_told = np.repeat(told, [len(parts) for parts in self.plain.texts.parts], axis=0)
        return fit_needs(
            self.plain.texts.behind(self.rows.only(chosen)),
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
            plain.texts.behind(self.rows.only(chosen)),
            np.concatenate([marks, plain_marks]),
            np.concatenate([own.kinds[chosen], plain.kinds]),
            len(KINDS),
            KIND_LOOSENESS,
            [*(own.worded[place] for place in chosen.tolist()), *plain.worded],
        )

    def fact_fit(self, name: str, chosen: Places) -> LearnedFact:
        """Fit a fact on some of the messages; nothing is sure enough yet."""
        values, passages = len(FACT_VALUES[name]), self.passages
        fit = fit_fact(
            passages.texts.behind(self.rows.only(chosen)),
            np.concatenate([self.labels.by_rule[name][chosen], passages.by_rule[name]]),
            np.concatenate([self.labels.told[name][chosen], passages.told[name]]),
            values,
        )
        return LearnedFact(
            part_centre=fit.part_centre,
            part_weights=fit.part_weights,
            part_bias=fit.part_bias,
            value_weights=fit.value_weights,
            whole_centre=fit.whole_centre,
            whole_weights=fit.whole_weights,
            rule_weights=fit.rule_weights,
            bias=fit.bias,
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

    def fact_rows_of(self, place: int) -> Floats:
        """The rows (s, d + h) of a message that its facts are read from."""
        return np.hstack([self.parts_of(place), self.rows.halfway[self.rows.of == place]])

    def signs(self, fit: Fit, places: Places) -> Floats:
        """The signs (p, n, 4) by which the needs of messages are told."""
        return np.stack([_signs(fit, self.parts_of(int(place)), self.rows.wholes[place]) for place in places])

    def plain_signs(self, fit: Fit) -> Floats:
        """The signs of the plain messages."""
        texts = self.plain.texts
        return np.stack([_signs(fit, parts, whole) for parts, whole in zip(texts.parts, texts.wholes, strict=True)])


def material_of(labels: Labels, vectors: Sequence[TextVectors], plain: PlainTexts, passages: ToldPassages) -> Material:
    """Lay the vectors of messages beside their labels."""
    parts, halfway = (np.concatenate(of_each) for of_each in ([own.rows for own in vectors], _halfway(vectors)))
    rows = Rows(parts, labels.of, np.stack([own.whole for own in vectors]), halfway)
    return Material(labels, rows, plain, passages)


def plain_texts(messages: Sequence[PlainMessage], codes: Sequence[str], embed: Embed) -> PlainTexts:
    """Read plain messages, each by itself; `codes` are those of the topics."""
    prepared = _as_messages([one.text for one in messages])
    return PlainTexts(
        kinds=np.asarray([KINDS.index(one.kind) for one in messages], dtype=np.int64),
        labels=np.asarray([[code in one.needs for code in codes] for one in messages], dtype=np.float32).reshape(
            -1, len(codes)
        ),
        texts=_texts(prepared, embed),
        marks=np.stack([message_marks(one.message, one.spans) for one in prepared]),
        worded=tuple(wording("", one.message.text) for one in prepared),
    )


def told_passages(passages: Sequence[Passage], embed: Embed) -> ToldPassages:
    """Read passages that tell facts, each as a message by itself."""
    prepared = _as_messages([passage.text for passage in passages])
    return ToldPassages(
        texts=_texts(prepared, embed),
        told={
            name: np.asarray([place_of(name, passage.told[name]) for passage in passages], dtype=np.int64)
            for name in FACT_VALUES
        },
        by_rule=hidden_rules([read_facts(one.message.text) for one in prepared]),
    )


def _as_messages(texts: Sequence[str]) -> list[Prepared]:
    """The texts as messages, by chat and by mail in turn."""
    return [prepare(plain_message("", way, "", text)) for text, way in zip(texts, cycle(WAYS))]


def _texts(prepared: Sequence[Prepared], embed: Embed) -> Texts:
    read = embed([one.read for one in prepared], [one.spans_to_read() for one in prepared])
    wholes = np.stack([vectors.whole for vectors in read]) if read else np.zeros((0, 0), dtype=np.float32)
    return Texts(tuple(vectors.rows for vectors in read), wholes, tuple(_halfway(read)))


def _halfway(read: Sequence[TextVectors]) -> list[Floats]:
    return [own.rows[:, :0] if own.halfway is None else own.halfway for own in read]


def _signs(fit: Fit, parts: Floats, whole: Floats) -> Floats:
    sentences = (parts - fit.part_centre) @ fit.part_weights + fit.part_bias
    message = (whole - fit.whole_centre) @ fit.whole_weights + fit.whole_bias
    return message_signs(sentences.astype(np.float32), message.astype(np.float32))
