"""Reads a table of phrases and the small pattern language they are written in; finding them is done in phrases.py.

A table (TOML) has word groups and phrases. A pattern is a row of items with white space between them:
`word`, `word*`, `*word*`, `a|b`, `{group}`, `#` a number, `##` a sum of money;
`~` a gap of at most six words, `~2` of at most two, `~~` and `~~2` the same inside the clause;
`<>`, `<2>`, `<<>>`, `<<2>>` such a gap with the two sides in either order; `$` the clause ends here.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from inbox.folding import fold

_GAP = 6
_JOIN = r"\W{1,6}+"
_INSIDE_JOIN = r"(?!\W*maar(?!\w))[^\w,.;:!?()]{1,3}+"
_GAP_WORD = r"(?:\d++(?:[.,]\d++)*+\w*+|\w++(?:'\w++)*+)"
_CLAUSE_END = r"(?=\W*(?:$|[,.;:!?()]|(?:en|maar|met|van|dankzij|voor|aan|als|want|dus|hoor|na|per|in|and|but)(?!\w)))"
_NUMBERS = {
    "#": r"(?:\d++(?:[.,']\d++)*+k?)",
    "##": r"(?:(?!(?:19|20)\d\d(?!\d))(?:\d{1,3}(?:[.,]\d{3})++|\d{3,}+|\d++(?:[.,]\d++)?k))",
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say something.

    `says` is what it says, `when_denied` what its denial says ("" for nothing), `fixed` that a denial near it
    changes nothing. `unless`: words that, in the match or right behind it, take its meaning away; `lacks`: words
    that do so inside the match only. `beside`: words of which the sentence must hold one. `keys`: items that a
    sentence must hold for the pattern to match.
    """

    name: str
    says: str
    when_denied: str
    fixed: bool
    expression: str
    unless: re.Pattern[str] | None
    lacks: re.Pattern[str] | None
    beside: re.Pattern[str] | None
    keys: frozenset[str]

    @property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled when a sentence first may hold it: most of three thousand never are."""
        return _pattern(self.expression)


@dataclass(frozen=True, slots=True)
class Openers:
    """Which items a single word of a text can begin, by the shape of the word in the table."""

    exact: Mapping[str, frozenset[str]]
    prefix: Mapping[str, frozenset[str]]
    suffix: Mapping[str, frozenset[str]]
    infix: Mapping[str, frozenset[str]]
    number: frozenset[str]


@dataclass(frozen=True, eq=False, slots=True)
class PhraseTable:
    """The phrases of one fact in the order of the file; `by_key` finds them by their rarest item."""

    phrases: tuple[Phrase, ...]
    openers: Openers
    by_key: Mapping[str, tuple[int, ...]]


def read_phrases(text: str) -> PhraseTable:
    """Read a table. Raises ValueError naming the phrase that has no pattern or an unknown group."""
    data = tomllib.loads(text)
    groups: dict[str, list[str]] = data.get("words", {})
    phrases = tuple(_phrase(row, pattern, groups) for row in data["phrase"] for pattern in _patterns(row))
    by_key: dict[str, list[int]] = {}
    for number, phrase in enumerate(phrases):
        rarest = max(sorted(phrase.keys), key=lambda key: (not key.startswith("{"), len(key)))
        by_key.setdefault(rarest, []).append(number)
    openers = _openers(frozenset().union(*(phrase.keys for phrase in phrases)), groups)
    return PhraseTable(phrases, openers, {key: tuple(numbers) for key, numbers in by_key.items()})


@functools.cache
def shipped_phrases(*filenames: str) -> PhraseTable:
    """The table in a data file of this room, or in several read as one."""
    room = resources.files("inbox")
    return read_phrases("\n".join(room.joinpath(filename).read_text("utf-8") for filename in filenames))


@functools.lru_cache(maxsize=50_000)
def items_begun_by(word: str, table: PhraseTable) -> frozenset[str]:
    """The items of the table that a folded word can begin."""
    openers = table.openers
    found: set[str] = set(openers.exact.get(word, ()))
    if word[0].isdigit():
        found |= openers.number
    for length in range(1, len(word) + 1):
        found |= openers.prefix.get(word[:length], frozenset())
        found |= openers.suffix.get(word[-length:], frozenset())
    for part, keys in openers.infix.items():
        if part in word:
            found |= keys
    return frozenset(found)


def _patterns(row: Mapping[str, Any]) -> list[str]:
    if not row.get("patterns"):
        raise ValueError(f"phrase {row.get('name', '?')!r} has no patterns")
    return [order for pattern in row["patterns"] for order in _orders(pattern)]


def _orders(pattern: str) -> list[str]:
    """The pattern itself, or both orders of its two sides."""
    sides = re.split(r"\s+<(<?)(\d*)>>?\s+", pattern)
    if len(sides) == 1:
        return [pattern]
    left, inside, gap, right = sides
    join = ("~~" if inside else "~") + gap
    return [f"{left} {join} {right}", f"{right} {join} {left}"]


def _phrase(row: Mapping[str, Any], pattern: str, groups: Mapping[str, list[str]]) -> Phrase:
    try:
        expression, keys = _spelt_out(pattern, groups)
        unless, lacks, beside = (_any_of(row.get(part), groups) for part in ("unless", "lacks", "beside"))
    except KeyError as error:
        raise ValueError(f"phrase {row['name']!r} uses the unknown group {error}") from error
    return Phrase(
        name=row["name"],
        says=row["says"],
        when_denied=row.get("when_denied", ""),
        fixed=row.get("fixed", False),
        expression=rf"(?<!\w){expression}(?!\w)",
        unless=unless,
        lacks=lacks,
        beside=beside,
        keys=keys,
    )


@functools.cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _spelt_out(pattern: str, groups: Mapping[str, list[str]]) -> tuple[str, frozenset[str]]:
    """The regular expression of a pattern and its items; raises KeyError for an unknown group."""
    expression, join, keys = "", "", set()
    for item in fold(pattern).split():
        if item == "$":
            expression += _CLAUSE_END
        elif item.startswith("~"):
            between = _INSIDE_JOIN if item.startswith("~~") else _JOIN
            join = rf"(?:{between}{_GAP_WORD}){{0,{item.lstrip('~') or _GAP}}}?{between}"
        else:
            expression += join + _item(item, groups)
            join = _JOIN
            keys.add(item)
    return expression, frozenset(keys)


def _item(item: str, groups: Mapping[str, list[str]]) -> str:
    entries = (_JOIN.join(_word(word) for word in entry.split()) for entry in _entries(item, groups))
    return f"(?:{'|'.join(entries)})"


def _entries(item: str, groups: Mapping[str, list[str]]) -> list[str]:
    """What an item stands for: its alternatives, groups spelt out."""
    return [
        entry
        for part in item.split("|")
        for entry in ([fold(word) for word in groups[part[1:-1]]] if part.startswith("{") else [part])
    ]


@functools.cache
def _word(word: str) -> str:
    return _NUMBERS.get(word) or re.escape(word).replace(r"\*", r"\w*")


def _any_of(group: str | None, groups: Mapping[str, list[str]]) -> re.Pattern[str] | None:
    if group is None:
        return None
    return re.compile(rf"(?<!\w){_item('{' + group + '}', groups)}(?!\w)")


def _openers(keys: Iterable[str], groups: Mapping[str, list[str]]) -> Openers:
    shapes: dict[str, dict[str, set[str]]] = {"exact": {}, "prefix": {}, "suffix": {}, "infix": {}}
    number: set[str] = set()
    for key in keys:
        for entry in _entries(key, groups):
            # A hyphen or an apostrophe splits a word into several words of the text: the first one opens it.
            word = re.split(r"[^\w*#]+", entry.split()[0].lstrip("'"))[0]
            if word in _NUMBERS:
                number.add(key)
                continue
            shape = {(0, 0): "exact", (0, 1): "prefix", (1, 0): "suffix", (1, 1): "infix"}[
                word.startswith("*"), word.endswith("*")
            ]
            shapes[shape].setdefault(word.strip("*"), set()).add(key)
    frozen = {shape: {word: frozenset(keys) for word, keys in words.items()} for shape, words in shapes.items()}
    return Openers(frozen["exact"], frozen["prefix"], frozen["suffix"], frozen["infix"], frozenset(number))
