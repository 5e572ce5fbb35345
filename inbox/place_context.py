"""The surroundings of a place name in its sentence and the words that count there; their weight is not decided here."""

import functools
import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inbox.folding import fold
from inbox.place_mentions import Mention, Token, place_words
from inbox.sentences import Span

_REACH = 8
_LONGEST_FIRST_NAME = 10
_IN_BRACKETS = re.compile(r"\((?:[^()]*,)?\s*$")
_BRACKET_ENDS = re.compile(r"\s*[),]")
_CLAUSE_MARK = re.compile(r"[,;:()]")
_NO_NAME_MARK = re.compile(r"[,;:!?()]")
_TOUCH_MARK = re.compile(r"[,.;:!?()]")


@dataclass(frozen=True, slots=True)
class Context:
    """A mention with its surroundings: the words before and after it in its sentence, folded, nearest first."""

    mention: Mention
    before: tuple[str, ...]
    after: tuple[str, ...]
    touches_before: bool
    text_before: str
    clause_before: str
    capital: bool
    after_a_name: bool
    after_a_capital: bool
    sentence: str
    number: int
    alone: bool
    closes_text: bool
    text_after: str
    in_brackets: bool


def read_context(text: str, tokens: Sequence[Token], mention: Mention, spans: Sequence[Span], number: int) -> Context:
    begin, _ = mention.span
    start, end = spans[max(0, bisect(spans, (begin, len(text))) - 1)]
    before = [token for token in tokens[max(0, mention.first - _REACH) : mention.first] if token.span[0] >= start]
    after = [token for token in tokens[mention.last + 1 : mention.last + 1 + _REACH] if token.span[0] < end]
    gap = text[before[-1].span[1] if before else begin : begin]
    text_after = fold(text[mention.span[1] : mention.span[1] + 40])
    in_brackets = _IN_BRACKETS.search(text, max(0, begin - 60), begin) and _BRACKET_ENDS.match(text_after)
    return Context(
        mention=mention,
        before=tuple(token.plain for token in reversed(before)),
        after=tuple(token.plain for token in after),
        touches_before=bool(before) and not _TOUCH_MARK.search(gap),
        text_before=text[max(0, begin - 12) : begin],
        clause_before=" ".join(_CLAUSE_MARK.split(fold(text[max(start, begin - 90) : begin]))[-1].split()[-_REACH:]),
        capital=tokens[mention.first].is_capital,
        after_a_name=mention.first == mention.last
        and not _NO_NAME_MARK.search(gap)
        and _is_after_a_name(before, after),
        after_a_capital=bool(before) and _may_be_a_first_name(before[-1]),
        sentence=fold(text[start:end]),
        number=number,
        alone=len(before) + len(after) <= 3,
        closes_text=end == spans[-1][1] and not after,
        text_after=text_after,
        in_brackets=bool(in_brackets),
    )


def _is_after_a_name(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """True for what follows "Harrie van", "mevr. van", "Van" or an initial: then it is a surname."""
    words = context_words()
    if before and len(before[-1].text) == 1 and before[-1].text.isupper():
        return True
    if not before or before[-1].plain not in words["surname_before"]:
        return False
    if before[-1].text[0].isupper() and (len(before) > 1 or (after and after[0].text[0].isupper())):
        return True
    named = before[-2] if len(before) > 1 else None
    if named is None or matches(named.plain, "no_first_names"):
        return False
    return _may_be_a_first_name(named) or named.plain in words["titles"]


def _may_be_a_first_name(token: Token) -> bool:
    """A word with a capital that is no group: "Harrie", but not "VV", "Leesclub" or "Plattelandsvrouwen"."""
    if not token.text[0].isupper() or matches(token.plain, "group") or matches(token.plain, "named_group"):
        return False
    return len(token.text) <= _LONGEST_FIRST_NAME and not (token.text.isupper() and len(token.text) > 1)


@functools.cache
def context_words() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in place_words()["context"].items()}


def matches(word: str, name: str) -> bool:
    return _word_pattern(name).fullmatch(word) is not None


def any_word(sentence: str, name: str) -> bool:
    return phrase_pattern(name).search(sentence) is not None


@functools.cache
def _word_pattern(name: str) -> re.Pattern[str]:
    entries = (re.escape(entry).replace(r"\*", r"\w*") for entry in place_words()["context"][name])
    return re.compile("|".join(entries))


@functools.cache
def phrase_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_word_pattern(name).pattern})(?!\w)")
