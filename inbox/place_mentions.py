"""Finds place names in text, also inflected or misspelt; which one is the writer's own is not decided here."""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import Any, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from expertise.places import ORDINARY_WORDS, Place, known_names, places_named
from expertise.places import fold as fold_name
from inbox.folding import fold
from inbox.place_sounds import name_by_sound
from inbox.sentences import Span

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_JOINT = re.compile(r"[ \t\n\-‐–'’.]{0,3}")
_BREAK = re.compile(r"[.,;:!?()]")
_SHORTEST_TYPO = 6
_LONGEST_NAME = 30
_MOST_TYPOS = 20
"""So many words of one text are compared with the whole list of names, to keep the time bounded."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text: `plain` is folded letter by letter, `name` the way place names are compared."""

    span: Span
    text: str
    plain: str
    name: str

    @property
    def is_capital(self) -> bool:
        """True also for scripts without capitals."""
        return not self.text[0].islower()


@dataclass(frozen=True, slots=True)
class Mention:
    """A place name in the text, at tokens `first` to `last`; `places` are all places it can stand for."""

    span: Span
    first: int
    last: int
    places: tuple[Place, ...]
    how: Literal["exact", "adjective", "inflected", "typo"]
    ordinary: bool


@functools.cache
def place_words() -> Mapping[str, Any]:
    """The word lists that place finding rests on (places_in_text.toml)."""
    return tomllib.loads(resources.files("inbox").joinpath("places_in_text.toml").read_text("utf-8"))


def read_tokens(text: str) -> tuple[Token, ...]:
    """The words of the text; digits and signs are no words."""
    return tuple(
        Token(found.span(), found.group(), *_folded(found.group()[:_LONGEST_NAME])) for found in _TOKEN.finditer(text)
    )


def find_mentions(text: str, tokens: Sequence[Token]) -> tuple[Mention, ...]:
    """Every place name, longest first and without overlap; misspelt ones only when no other name is found."""
    mentions: list[Mention] = []
    number = 0
    while number < len(tokens):
        mention = _exact(text, tokens, number) or _changed(tokens, number)
        if mention is not None:
            mentions.append(mention)
        number = mention.last + 1 if mention is not None else number + 1
    return tuple(mentions) if mentions else tuple(_misspelt(text, tokens))


def _exact(text: str, tokens: Sequence[Token], first: int) -> Mention | None:
    for length in _lengths().get(tokens[first].name.split(" ", 1)[0], ()):
        last = first + length - 1
        if last >= len(tokens) or not _joined(text, tokens[first : last + 1]):
            continue
        name = " ".join(token.name for token in tokens[first : last + 1])
        if name in _names():
            return _mention(tokens, first, last, name, "exact")
        # Bergen op Zoom'da: an ending behind an apostrophe, on the last word only.
        head = fold_name(tokens[last].plain[:_LONGEST_NAME].partition("'")[0])
        bare = " ".join([*(token.name for token in tokens[first:last]), head])
        if length > 1 and bare in _names():
            return _mention(tokens, first, last, bare, "inflected")
    return None


def _joined(text: str, tokens: Sequence[Token]) -> bool:
    return all(_JOINT.fullmatch(text, left.span[1], right.span[0]) for left, right in pairwise(tokens))


def _changed(tokens: Sequence[Token], number: int) -> Mention | None:
    """A name with an ending of its own language: Tilburgse, Eindhoven'da, Tilburgu."""
    token = tokens[number]
    if token.is_capital and token.name in _adjectives():
        return _mention(tokens, number, number, _adjectives()[token.name], "adjective")
    stem = _stem(token.plain)
    if stem and token.is_capital:
        return _mention(tokens, number, number, stem, "inflected")
    announced = place_words()["before"].get(tokens[number - 1].plain, 0.0) >= 1 if number else False
    heard = name_by_sound(token.plain) if announced and token.is_capital else None
    return _mention(tokens, number, number, heard, "inflected") if heard else None


def _misspelt(text: str, tokens: Sequence[Token]) -> Iterable[Mention]:
    """Names one or two letters wrong, only right after a word that announces a place."""
    tried = 0
    announcing = place_words()["announces"]
    for number, token in enumerate(tokens[1:], start=1):
        strength = announcing.get(tokens[number - 1].plain, 0)
        if token.name in _ordinary() or len(token.name) < _SHORTEST_TYPO:
            continue
        announced = strength and not _BREAK.search(text, tokens[number - 1].span[1], token.span[0])
        if not announced or not (strength > 1 or token.text[0].isupper()):
            continue
        tried += 1
        name = _nearest_name(token.name) if tried <= _MOST_TYPOS else None
        if name is not None:
            yield _mention(tokens, number, number, name, "typo")


def _mention(
    tokens: Sequence[Token],
    first: int,
    last: int,
    name: str,
    how: Literal["exact", "adjective", "inflected", "typo"],
) -> Mention:
    span = (tokens[first].span[0], tokens[last].span[1])
    return Mention(span, first, last, places_named(name), how, name in _ordinary())


@functools.cache
def _names() -> frozenset[str]:
    return known_names()


@functools.lru_cache(maxsize=50_000)
def _folded(word: str) -> tuple[str, str]:
    return fold(word), fold_name(word)


@functools.cache
def _ordinary() -> frozenset[str]:
    return ORDINARY_WORDS | frozenset(fold_name(word) for word in place_words()["ordinary"])


@functools.cache
def _lengths() -> Mapping[str, tuple[int, ...]]:
    """For the first word of a name: how many words the names that begin with it have, longest first."""
    lengths: dict[str, set[int]] = {}
    for name in sorted(_names()):
        words = name.split()
        lengths.setdefault(words[0], set()).add(len(words))
    return {word: tuple(sorted(found, reverse=True)) for word, found in lengths.items()}


@functools.cache
def _adjectives() -> Mapping[str, str]:
    """Adjectives of places in Noord-Brabant, as in "de Raamsdonkse zwemvijver", with the name they come from."""
    adjectives: dict[str, str] = {}
    for name in sorted(_names()):
        if " " in name or len(name) < 4 or name in _ordinary():
            continue
        if any(place.province == "Noord-Brabant" and place.kind != "neighbourhood" for place in places_named(name)):
            stem = name[:-1] if name.endswith("e") else name
            for ending in ("se", "s"):
                adjectives.setdefault(stem + ending, name)
            # German: eine Eindhovener Gruppe.
            if len(name) >= 6 and not name.endswith("e"):
                adjectives.setdefault(name + "er", name)
    for name in sorted(_names()):
        adjectives.pop(name, None)
    for word in place_words()["no_adjectives"]:
        adjectives.pop(fold_name(word), None)
    return adjectives | {fold_name(word): fold_name(name) for word, name in place_words()["adjectives"].items()}


@functools.lru_cache(maxsize=50_000)
def _stem(word: str) -> str | None:
    """The place name inside a word with a Turkish, Polish, Ukrainian or Arabic ending or prefix."""
    if word in _inflected():
        return _inflected()[word]
    head, apostrophe, _ = word.partition("'")
    if apostrophe and fold_name(head) in _names():
        return fold_name(head)
    for prefix in place_words()["prefixes"]:
        if word.startswith(prefix) and fold_name(word[len(prefix) :]) in _names():
            return fold_name(word[len(prefix) :])
    for ending in place_words()["endings"]:
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) > 4 and fold_name(stem) in _names():
            return fold_name(stem) if fold_name(stem) not in _ordinary() else None
    return None


@functools.cache
def _inflected() -> Mapping[str, str]:
    """Forms that no ending explains: the name changes inside."""
    return {fold(form): fold_name(name) for form, name in place_words()["inflected"].items()}


@functools.lru_cache(maxsize=10_000)
def _nearest_name(word: str) -> str | None:
    """The one known name that differs in a single letter (two in a long name), None when there are more."""
    most = 1 if len(word) < 10 else 2
    found = process.extract(word, _long_names(), scorer=OSA.distance, score_cutoff=most, limit=2)
    if not found or (len(found) > 1 and found[0][1] == found[1][1]):
        return None
    return str(found[0][0])


@functools.cache
def _long_names() -> tuple[str, ...]:
    return tuple(sorted(name for name in _names() if len(name) >= _SHORTEST_TYPO and name not in _ordinary()))
