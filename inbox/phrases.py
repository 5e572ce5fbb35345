"""Finds the phrases of a table in sentences; what a phrase means for a fact belongs in the file of that fact."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from inbox.folding import fold
from inbox.phrase_table import Phrase, PhraseTable, items_begun_by
from inbox.scope import Scope, read_scope
from inbox.sentences import Span

_WORD = re.compile(r"\w+")
_LONGEST_WORD = 60
_REACH = 25
"""Characters behind a match in which a word can still take its meaning away."""
_MOST_MATCHES = 3
"""So often one phrase is looked for in one sentence: saying it again adds nothing."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text, folded; `span` is its place in the text."""

    number: int
    span: Span
    folded: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A phrase found: `says` already takes a denial into account; `span` is its place in the sentence."""

    name: str
    says: str
    sentence: Sentence
    span: Span
    scope: Scope


def fold_sentences(text: str, spans: Iterable[Span]) -> tuple[Sentence, ...]:
    """The sentences as the tables want them: folded, with the set of their words."""
    sentences: list[Sentence] = []
    for number, (start, end) in enumerate(spans):
        folded = fold(text[start:end])
        words = frozenset(word[:_LONGEST_WORD] for word in _WORD.findall(folded))
        sentences.append(Sentence(number, (start, end), folded, words))
    return tuple(sentences)


def find_phrases(sentences: Iterable[Sentence], table: PhraseTable) -> list[Finding]:
    """Every phrase of the table in the sentences, sentence by sentence, each with its scope."""
    return [
        finding
        for sentence in sentences
        for phrase in _candidates(sentence, table)
        for finding in _findings(sentence, phrase)
    ]


def _candidates(sentence: Sentence, table: PhraseTable) -> list[Phrase]:
    """The phrases whose every item can occur in the sentence, so that few patterns are tried."""
    present: set[str] = set()
    for word in sentence.words:
        begun = items_begun_by(word, table)
        if begun:
            present |= begun
    numbers = {number for key in present & table.by_key.keys() for number in table.by_key[key]}
    return [table.phrases[number] for number in sorted(numbers) if table.phrases[number].keys <= present]


def _findings(sentence: Sentence, phrase: Phrase) -> Iterator[Finding]:
    folded = sentence.folded
    if phrase.beside and not phrase.beside.search(folded):
        return
    for match in islice(phrase.pattern.finditer(folded), _MOST_MATCHES):
        if phrase.unless and phrase.unless.search(folded, match.start(), match.end() + _REACH):
            continue
        if phrase.lacks and phrase.lacks.search(match.group()):
            continue
        scope = read_scope(folded, match.span())
        says = phrase.when_denied if scope.denied and not phrase.fixed else phrase.says
        if says:
            yield Finding(phrase.name, says, sentence, match.span(), scope)
