"""How a phrase stands in its sentence: denied, asked, conditional, past and so on; not what it says."""

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources

from inbox.sentences import Span

_REACH_BEFORE = 5
_REACH_AFTER = 4
_WORD = re.compile(r"\S+")
_CLAUSE_MARK = re.compile(r"[,;:()]| - ")


@dataclass(frozen=True, slots=True)
class Scope:
    """What surrounds a phrase. `asked` covers questions, wishes and purposes, `whether` what somebody leaves open.

    `partly`: it holds for a part, or hardly, or for one thing and not for another. `demanded`: somebody wants it so.
    """

    denied: bool = False
    asked: bool = False
    whether: bool = False
    conditional: bool = False
    past: bool = False
    future: bool = False
    until: bool = False
    feared: bool = False
    others: bool = False
    claimed: bool = False
    partly: bool = False
    demanded: bool = False


def read_scope(sentence: str, span: Span) -> Scope:
    """The scope of the phrase at `span` in a folded sentence."""
    start, end = span
    left, right = _clause(sentence, start, end)
    before, inside, after = sentence[left:start], sentence[start:end], sentence[end:right]
    near_before = " ".join(before.split()[-_REACH_BEFORE:])
    near_after = " ".join(after.split()[:_REACH_AFTER])
    words = _words()
    whether = sentence[max(0, left - 3) : left].strip() == "of"
    denied = _is_denied(near_before, inside, near_after)
    return Scope(
        denied=denied,
        asked=is_question(_until_colon(sentence, end))
        or bool(words["wish_before"].search(near_before))
        or (not denied and bool(words["wish_after"].match(near_after)))
        or whether,
        whether=whether,
        conditional=bool(words["condition"].search(sentence, sentence.rfind(";", 0, start) + 1, right)),
        past=bool(words["past"].search(sentence[left:right])),
        future=bool(words["future"].search(sentence, left, right)),
        feared=bool(words["feared_before"].search(near_before)),
        others=bool(words["others_before"].search(" ".join(sentence[:start].split()[-_REACH_BEFORE:]))),
        claimed=bool(words["claimed_before"].search(sentence, 0, start)),
        until=bool(words["until"].search(sentence[left:right])),
        partly=bool(words["partly"].search(sentence, left, right) or words["but_not"].match(sentence, right)),
        demanded=bool(words["demanded"].search(sentence, 0, right) or words["duty_inside"].search(inside)),
    )


def _is_denied(near_before: str, inside: str, near_after: str) -> bool:
    words = _words()
    return bool(
        words["deny_before"].search(near_before)
        or words["deny_inside"].search(inside)
        or words["deny_after"].search(near_after)
    )


def is_question(sentence: str) -> bool:
    """True for a folded sentence that asks, with or without a question mark (chat leaves it out)."""
    stripped = sentence.rstrip("\"')» ")
    return stripped.endswith(("?", "؟")) or bool(_words()["question_opener"].match(sentence))


def _until_colon(sentence: str, end: int) -> str:
    """The sentence up to a colon behind the phrase: what follows the colon may ask, the phrase does not."""
    colon = sentence.find(":", end)
    return sentence if colon < 0 else sentence[:colon]


def _clause(sentence: str, start: int, end: int) -> Span:
    """The part of the sentence between the nearest clause borders around the phrase."""
    left, right = 0, len(sentence)
    window = sentence[max(0, start - 120) : start]
    for border in _borders(window):
        left = max(0, start - 120) + border.end()
    following = next(iter(_borders(sentence[end : end + 120])), None)
    if following is not None:
        right = end + following.start()
    return left, right


def _borders(part: str) -> list[re.Match[str]]:
    return sorted(
        [*_CLAUSE_MARK.finditer(part), *_words()["clause_opener"].finditer(part)],
        key=lambda match: match.start(),
    )


@functools.cache
def _words() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads(resources.files("inbox").joinpath("scope.toml").read_text("utf-8"))
    patterns: dict[str, re.Pattern[str]] = {}
    for name, entries in data.items():
        body = "|".join(sorted(entries, key=len, reverse=True))
        lead = r"\W*" if name in ("question_opener", "wish_after", "but_not") else r"(?<!\w)"
        patterns[name] = re.compile(rf"{lead}(?:{body})(?!\w)")
    return patterns
