"""Every Dutch text that people read, by where it stands, and how common its words are; judges nothing by itself.

How common a word is, is told by its Zipf frequency in wordfreq: the logarithm of how often it stands among a thousand
million words. Van Heuven and others (2014, doi 10.1080/17470218.2013.850521) call words below 3 rare and words above
4 common.
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from wordfreq import zipf_frequency

RARE = 3.3  # a little more than the 3 of the literature: nearly all our words stand above it
COMMON = 4.0  # what both parts of a compound must be
SHORTEST_PART = 3

WORD = re.compile(r"(?<![/\w.@-])[^\W\d_]+(?:[-’'][^\W\d_]+)*(?![\w@])")
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_VOWELS = re.compile(r"aai|ooi|oei|eeuw|ieuw|aa|ee|oo|uu|ie|oe|ui|ij|ei|au|ou|eu|[aeiouyéëïöü]", re.IGNORECASE)


def dutch_texts() -> Iterator[tuple[str, str]]:
    """Where each text stands, and the text: of templates only what they say themselves, not what is filled in."""
    texts, pages = files("bot.texts"), files("bot.web")
    for each in _in_order(texts.joinpath("nl")):
        yield each.name, _spoken(each)
    for each in _in_order(pages.joinpath("templates")):
        yield each.name, re.sub(r'<[^>]*>|[\w-]+="[^"]*"', "\n", _spoken(each)).replace("&amp;", "&")
    for name in ("reasons.nl.toml", "pages.nl.toml", "report/words.toml"):
        for key, words in _leaves(tomllib.loads(texts.joinpath(name).read_text(encoding="utf-8"))):
            yield f"{name} {key}", re.sub(r"\{\w+\}", " ", words)
    for module in _in_order(pages):
        if module.name.endswith(".py"):
            for words in _sentences_in(module):
                yield f"bot/web/{module.name}", words


def _in_order(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda place: place.name)


def _spoken(place: Traversable) -> str:
    return _JINJA.sub(" ", place.read_text(encoding="utf-8"))


def _leaves(table: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{within}{key}.")
        else:
            yield f"{within}{key}", value if isinstance(value, str) else "\n".join(value)


def _sentences_in(module: Traversable) -> Iterator[str]:
    """The texts in a module that read as sentences; what explains the code itself is English and left out."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in explained:
            continue
        if re.fullmatch(r"[A-Z][^\n]* [^\n]*[.?!]", node.value):
            yield node.value


@cache
def known_words() -> Mapping[str, str]:
    """Words that are rare and stay, each with the reason (known_words.toml)."""
    tables = tomllib.loads(Path(__file__).with_name("known_words.toml").read_text(encoding="utf-8"))
    return {word: reason for table in tables.values() for word, reason in table.items()}


def words_of(text: str) -> set[str]:
    """The different words of a text, in small letters; no commands and no addresses."""
    return {found.lower() for found in WORD.findall(text)}


def is_easy(word: str) -> bool:
    """Whether a word, another form of it, or both parts of a compound are common enough."""
    if "-" in word:
        return all(is_easy(part) or part in known_words() for part in word.split("-"))
    if any(zipf_frequency(form, "nl") >= RARE for form in _forms(word)):
        return True
    return any(_are_common(word[:place], word[place:]) for place in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1))


def _forms(word: str) -> Iterator[str]:
    """The word, its singular or its infinitive: whoever knows "invullen" knows "invult"."""
    yield word
    for ending in ("en", "s", "t"):
        if word.endswith(ending):
            yield word.removesuffix(ending)
    stem = word.removesuffix("t")
    yield from (f"{stem}en", f"{stem}{stem[-1]}en")


def _are_common(first: str, second: str) -> bool:
    """ "dorp" and "winkel" in "dorpswinkel": an s may join them, and the second may be a plural."""
    begins = any(zipf_frequency(part, "nl") >= COMMON for part in {first, first.removesuffix("s")})
    ends = any(zipf_frequency(part, "nl") >= COMMON for part in {second, second.removesuffix("en")} if part)
    return begins and ends and len(first.removesuffix("s")) >= SHORTEST_PART


def reading_ease(words_per_sentence: float, text: str) -> float:
    """Flesch's formula with the constants of Douma (1960) for Dutch: 100 is very easy, 65 and more is plain.

    It only knows how long words and sentences are, so it is a coarse brake beside the rare words.
    """
    words = WORD.findall(text)
    syllables = sum(max(1, len(_VOWELS.findall(word))) for word in words) / len(words)
    return 206.84 - 0.93 * words_per_sentence - 77 * syllables
