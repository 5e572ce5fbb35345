"""Everything a message says, as one record: kind, language, needs, facts; what to do with it is not decided here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np

from expertise.topics import Topic
from inbox.budget_sheet import BudgetSheet, find_budget_sheet
from inbox.facts import Facts, read_facts, with_sheet
from inbox.found_need import Need
from inbox.kind import (
    Kind,
    kind_probabilities,
    likeliest_kind,
    message_marks,
    phrase_probabilities,
    support_wanted,
    without_words,
)
from inbox.language import detect_language
from inbox.learned import PROBE, Learned, shipped_learned
from inbox.learned_facts import second_opinion
from inbox.message import Attachment, Message
from inbox.needs import Scores, found_needs, learned_scores, likeliest_need, likeness_scores, strongest_odds
from inbox.sentences import Span, split_sentences
from inbox.sheet_cells import SheetRefusal
from inbox.vectors import Embed, TextVectors, Vector
from inbox.wording import wording

FindSheet = Callable[[Sequence[Attachment]], BudgetSheet | SheetRefusal | None]
"""As `find_budget_sheet`; files of strangers may be read elsewhere, within limits."""
LONGEST_READ = 20_000
"""Characters of a text that the model reads; what people ask stands before that."""
ALMOST = 0.3
"""A request must ask for something: where no need reaches its threshold, one counts from this part of it."""
SURELY_ASKED = 9
"""So many times as likely as a vague one a request gets its likeliest need, however far that is from its threshold."""
PLAINLY = 0.8
"""From this confidence on a second need is taken from likeness to the plain phrases of topics as well."""
SURE = 0.6
"""From this confidence on a need shows that a message which seemed vague is not."""

NOT_OF_AN_INITIATIVE: frozenset[Kind] = frozenset({"out_of_scope", "spam", "automatic"})
"""The budget, the subsidy and the phase told in such a message are not those of an initiative."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What one message says; `kind_confidence` is 0 to 1, `language` an ISO 639-1 code."""

    kind: Kind
    kind_confidence: float
    language: str
    needs: tuple[Need, ...]
    facts: Facts


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A message understood, with the text it was read from, its sentences and the vectors of both.

    `probabilities` tells of every topic how likely it is asked for, also of those too unlikely to be a need.
    """

    understood: Understood
    text: str
    spans: tuple[Span, ...]
    vectors: TextVectors
    probabilities: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A message as the model will read it: `read` is subject and text, `offset` where the text begins in it."""

    message: Message
    spans: tuple[Span, ...]
    read: str
    offset: int

    def spans_to_read(self) -> tuple[Span, ...]:
        """The subject, if there is one, then the sentences, as spans of `read`."""
        sentences = tuple((start + self.offset, end + self.offset) for start, end in self.spans)
        return ((0, len(self.message.subject)), *sentences) if self.offset else sentences


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What helps to understand with the model in use: what was learned, if for this model, and other topics.

    `plain` pairs every topic with how the model reads what is known of it by words alone; it reads when called.
    """

    learned: Learned
    fits: bool
    topics: tuple[str, ...]
    examples: tuple[Vector, ...]
    centre: Vector
    plain: Callable[[], tuple[tuple[str, Vector], ...]]


def understand(
    messages: Sequence[Message], topics: Sequence[Topic], embed: Embed, learned: Learned | None = None
) -> list[Understood]:
    """Understand messages, in their order. Evidence is always an exact piece of the message's text.

    `embed` reads with the model's query prompt. Topics that nothing was learned about are found by their
    examples. Nothing in a message makes this fail.
    """
    return [reading.understood for reading in understand_with_vectors(messages, topics, embed, learned)]


def understand_with_vectors(
    messages: Sequence[Message],
    topics: Sequence[Topic],
    embed: Embed,
    learned: Learned | None = None,
    find_sheet: FindSheet = find_budget_sheet,
) -> list[Reading]:
    """Understand messages and hand on the vectors of their sentences, so that nothing is read twice."""
    prepared = [prepare(message) for message in messages]
    vectors = embed([PROBE, *(one.read for one in prepared)], [(), *(one.spans_to_read() for one in prepared)])
    knowledge = _knowledge(learned or shipped_learned(), vectors[0].whole, topics, embed)
    wanted = frozenset(topic.code for topic in topics)
    return [_reading(one, own, knowledge, wanted, find_sheet) for one, own in zip(prepared, vectors[1:], strict=True)]


def prepare(message: Message) -> Prepared:
    """Make a message ready for reading: a text too long for anybody is cut, the subject goes before it."""
    text = message.text[:LONGEST_READ]
    subject = message.subject.strip()
    before = f"{subject}\n\n" if subject else ""
    return Prepared(replace(message, subject=subject), split_sentences(text), before + text, len(before))


def _knowledge(learned: Learned, probe: Vector, topics: Sequence[Topic], embed: Embed) -> Knowledge:
    fits = learned.fits(probe)
    known = learned.needs.codes if fits else ()
    others = [topic for topic in topics if topic.code not in known]
    examples = tuple(own for _, own in _read_phrases(others, embed))
    if fits:
        centre = learned.needs.part_centre
    else:
        centre = np.concatenate(examples).mean(axis=0) if examples else np.zeros_like(probe)
    codes = tuple(topic.code for topic in others)
    return Knowledge(learned, fits, codes, examples, centre, cache(partial(_read_phrases, topics, embed)))


def _read_phrases(topics: Sequence[Topic], embed: Embed) -> tuple[tuple[str, Vector], ...]:
    """Each topic with the vectors of its phrases."""
    read = embed(*phrases_of_topics(topics)) if topics else []
    return tuple((topic.code, own.parts) for topic, own in zip(topics, read, strict=True))


def phrases_of_topics(topics: Sequence[Topic]) -> tuple[list[str], list[tuple[Span, ...]]]:
    """What is known of topics by words alone, as texts with the spans of their phrases."""
    phrases = [(topic.label, topic.definition, *topic.examples) for topic in topics]
    return ["\n".join(own) for own in phrases], [_lines(own) for own in phrases]


def _lines(phrases: Sequence[str]) -> tuple[Span, ...]:
    """The spans of phrases that are joined by line ends."""
    ends = np.cumsum([len(phrase) + 1 for phrase in phrases]).tolist()
    return tuple((end - 1 - len(phrase), end - 1) for end, phrase in zip(ends, phrases, strict=True))


def _reading(
    one: Prepared, vectors: TextVectors, knowledge: Knowledge, wanted: frozenset[str], find_sheet: FindSheet
) -> Reading:
    text = one.message.text
    before = len(vectors.parts) - len(one.spans)  # a subject line, or nothing
    subject, parts = vectors.parts[:before], vectors.parts[before:]
    scores = _scores(subject, parts, vectors.whole, knowledge, wanted)
    sentences = [text[start:end] for start, end in one.spans]
    kind, confidence, needs = _judged(one, vectors, knowledge, scores, sentences)
    told = read_facts(text, one.message.subject)
    if knowledge.fits:
        rows, extra = vectors.fact_rows[before:], vectors.fact_rows[:before]
        told = second_opinion(told, knowledge.learned.facts, rows, extra, vectors.whole, sentences)
    if kind in NOT_OF_AN_INITIATIVE:
        told = told.of_nobody()
    facts = _with_begroting(told, one.message, find_sheet)
    understood = Understood(kind, confidence, detect_language(text), needs, facts)
    return Reading(understood, text, one.spans, TextVectors(vectors.whole, parts), _probabilities(scores))


def topic_probabilities(
    vectors: TextVectors, topics: Sequence[Topic], embed: Embed, learned: Learned | None = None
) -> dict[str, float]:
    """How likely each topic is asked for in a text of which only the vectors are at hand, as of a kept question."""
    (probe,) = embed([PROBE], [()])
    knowledge = _knowledge(learned or shipped_learned(), probe.whole, topics, embed)
    wanted = frozenset(topic.code for topic in topics)
    return _probabilities(_scores(vectors.parts[:0], vectors.parts, vectors.whole, knowledge, wanted))


def _probabilities(scores: Sequence[Scores]) -> dict[str, float]:
    return {code: float(chance) for one in scores for code, chance in zip(one.codes, one.probabilities, strict=True)}


def _with_begroting(told: Facts, message: Message, find_sheet: FindSheet) -> Facts:
    """What the words tell, with what an attached begroting shows; a machine's attachments are left alone."""
    return told if message.automatic else with_sheet(told, find_sheet(message.attachments))


def _scores(
    subject: Vector, parts: Vector, whole: Vector, knowledge: Knowledge, wanted: frozenset[str]
) -> tuple[Scores, ...]:
    learned = knowledge.learned.needs
    others = likeness_scores(learned.likeness, knowledge.topics, knowledge.examples, parts, knowledge.centre)
    if not knowledge.fits:
        return (others,)
    return (_only(learned_scores(learned, parts, whole, subject), wanted), others)


def _only(scores: Scores, wanted: frozenset[str]) -> Scores:
    """Leave out topics that a coordinator has taken from the list."""
    if wanted.issuperset(scores.codes):
        return scores
    kept = [place for place, code in enumerate(scores.codes) if code in wanted]
    codes = tuple(scores.codes[place] for place in kept)
    return Scores(codes, scores.probabilities[kept], scores.thresholds[kept], scores.sentences[:, kept])


def _judged(
    one: Prepared, vectors: TextVectors, knowledge: Knowledge, scores: Sequence[Scores], sentences: Sequence[str]
) -> tuple[Kind, float, tuple[Need, ...]]:
    if one.message.automatic:
        return "automatic", 1.0, ()
    wordless = without_words(one.message)
    if wordless:
        return *wordless, ()
    chances = _chances(one, vectors, knowledge, scores)
    if support_wanted(chances):
        return kind_and_needs(chances, scores, sentences, partial(_plainly_said, vectors, len(one.spans), knowledge))
    return *likeliest_kind(chances), ()


def _chances(one: Prepared, vectors: TextVectors, knowledge: Knowledge, scores: Sequence[Scores]) -> Vector:
    marks = message_marks(one.message, one.spans)
    if not knowledge.fits:
        return phrase_probabilities(marks)
    strongest = strongest_odds(np.concatenate([one.probabilities for one in scores]))
    marks = np.concatenate([marks, strongest])
    worded = wording(one.message.subject, one.message.text)
    return kind_probabilities(knowledge.learned.kinds, vectors.rows, vectors.whole, marks, worded)


def _plainly_said(vectors: TextVectors, sentences: int, knowledge: Knowledge) -> Scores:
    """What is asked in the plainest words: learned from stories, the weights can miss a bare "help with statutes"."""
    phrases = knowledge.plain()
    codes, examples = tuple(code for code, _ in phrases), [own for _, own in phrases]
    parts = vectors.parts[len(vectors.parts) - sentences :]
    return likeness_scores(knowledge.learned.needs.likeness, codes, examples, parts, knowledge.centre)


def kind_and_needs(
    chances: Vector, scores: Sequence[Scores], sentences: Sequence[str], plain: Callable[[], Scores]
) -> tuple[Kind, float, tuple[Need, ...]]:
    """Make kind and needs agree: a request asks for something we can name, a vague request does not."""
    request, vague = float(chances[0]), float(chances[1])
    needs = found_needs(scores, sentences)
    if vague > request and (not needs or needs[0].confidence < SURE):
        return "vague_request", vague, ()
    if not needs:
        alike = found_needs((plain(),), sentences)
        needs = alike[:1] + tuple(need for need in alike[1:] if need.confidence >= PLAINLY)
    needs = needs or likeliest_need(scores, sentences, 0.0 if request >= SURELY_ASKED * vague else ALMOST)
    if needs:
        return "request", max(request, (request + vague) * needs[0].confidence), needs
    return "vague_request", (request + vague) / 2, ()
