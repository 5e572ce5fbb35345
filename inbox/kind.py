"""Which kind of message this is and how sure that is; what the bot does with a kind does not belong here."""

from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from inbox.message import Message
from inbox.phrase_table import shipped_phrases
from inbox.phrases import find_phrases, fold_sentences
from inbox.sentences import Span
from inbox.vectors import Vector
from inbox.wording import Wording

Floats = NDArray[np.float32]
Kind = Literal[
    "request",
    "vague_request",
    "status",
    "withdraw",
    "privacy",
    "offer",
    "answer",
    "thanks",
    "out_of_scope",
    "automatic",
    "spam",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
PHRASES = "kind_words.toml"
MOST_FOUND = 2  # a phrase of a kind counts twice at most: a long text repeats itself
TURNED_AWAY: Final[frozenset[Kind]] = frozenset({"out_of_scope", "offer"})
AWAY = 2.5
"""So many times as likely as a question such a kind must be."""
WORDLESS = 0.3  # how sure we are of the kind of a message without words
REPLIES = ("re:", "antw:", "aw:", "odp:", "ynt:")


@dataclass(frozen=True, slots=True, eq=False)
class LearnedKinds:
    """What was learned about the k kinds, for vectors of length d and m marks of a message.

    Sentences: `part_centre` (d,), `part_weights` (d, k); whole messages alike; `mark_weights` (m, k), for the marks
    of `message_marks` and then the odds of its two likeliest needs; `word_weights` (w, k) for the places of its
    wording; `bias` (k,); `sharpness` scales the log odds so that they are as sure as they should be.
    """

    part_centre: Vector
    part_weights: Floats
    whole_centre: Vector
    whole_weights: Floats
    mark_weights: Floats
    word_weights: NDArray[np.float16]
    bias: Floats
    sharpness: float


def message_marks(message: Message, spans: tuple[Span, ...]) -> Floats:
    """What can be counted in a message, shape (marks,): phrases of each kind, then channel and form."""
    text = message.text
    sentences = fold_sentences(text, spans) + fold_sentences(message.subject, [(0, len(message.subject))])
    found = Counter(finding.says for finding in find_phrases(sentences, shipped_phrases(PHRASES)))
    form = (
        message.channel == "mail",
        message.subject.lower().startswith(REPLIES),
        "?" in text,
        np.log1p(len(text)) / 5,
        any(character.isdigit() for character in text),
        "http" in text or "www." in text,
        bool(message.quoted),
    )
    return np.asarray([*(min(found[kind], MOST_FOUND) for kind in KINDS), *form], dtype=np.float32)


def kind_probabilities(learned: LearnedKinds, parts: Vector, whole: Vector, marks: Floats, worded: Wording) -> Floats:
    """The probability (k,) of each kind; `parts` (s, d) holds at least one sentence."""
    return softmax(kind_odds(learned, parts, whole, marks, worded))


def kind_odds(learned: LearnedKinds, parts: Vector, whole: Vector, marks: Floats, worded: Wording) -> Floats:
    """The log odds (k,) of each kind: one telling sentence is enough, the rest speaks along."""
    sentences = (parts - learned.part_centre) @ learned.part_weights
    message = (whole - learned.whole_centre) @ learned.whole_weights
    together: Floats = np.logaddexp.reduce(sentences, axis=0)
    words = worded.weights @ learned.word_weights[worded.places].astype(np.float32)
    odds = together + message + marks @ learned.mark_weights + words + learned.bias
    return (odds * learned.sharpness).astype(np.float32)


def phrase_probabilities(marks: Floats) -> Floats:
    """The probability (k,) of each kind by its phrases alone, for a model that nothing was learned for."""
    odds = marks[: len(KINDS)] * np.float32(1.5)
    odds[KINDS.index("request")] += 1
    return softmax(odds)


def support_wanted(probabilities: Floats) -> bool:
    """Whether the message asks for support, plainly or vaguely, rather than anything else.

    A question back is a lesser harm than turning somebody away, so it takes more to be out of scope or an offer.
    """
    chances = dict(zip(KINDS, probabilities.tolist(), strict=True))
    asked = chances.pop("request") + chances.pop("vague_request")
    return all(asked * (AWAY if kind in TURNED_AWAY else 1) >= chance for kind, chance in chances.items())


def likeliest_kind(probabilities: Floats) -> tuple[Kind, float]:
    """The likeliest kind and its probability."""
    place = int(probabilities.argmax())
    return KINDS[place], float(probabilities[place])


def without_words(message: Message) -> tuple[Kind, float] | None:
    """The kind of a message that holds not one letter, or None; a lone smiley is a friendly nod."""
    if any(character.isalnum() for character in message.text + message.subject):
        return None
    return ("thanks" if message.text.strip() else "vague_request"), WORDLESS


def softmax(odds: Floats) -> Floats:
    """Turn log odds (k,) into probabilities that add up to 1."""
    raised = np.exp(odds - odds.max())
    chances: Floats = (raised / raised.sum()).astype(np.float32)
    return chances
