"""Words for the codes that the program keeps, by language. Which code applies is decided elsewhere."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.foreign import clean

if TYPE_CHECKING:
    from expertise.experts import RowError

LONGEST_CELL = 60  # characters of a wrong cell that are shown


class UnknownWord(LookupError):
    """There are no words for this code in this language; names the table and the code."""


@cache
def word_tables(language: str = "nl") -> Mapping[str, Mapping[str, str]]:
    """All tables of one language: table → code → words. Raises `UnknownWord` for a language without tables."""
    place = files("bot.texts") / f"reasons.{language}.toml"
    if not place.is_file():
        raise UnknownWord(f"no words in language {language!r}")
    tables: Mapping[str, Mapping[str, str]] = tomllib.loads(place.read_text(encoding="utf-8"))
    return tables


def words(table: str, code: object, language: str = "nl") -> str:
    """The words for a code, such as `words("kind", "request")`; True, False and None are yes, no and unknown.

    Raises `UnknownWord` when there are none.
    """
    try:
        return word_tables(language)[table][_as_code(code)]
    except KeyError:
        raise UnknownWord(f"no words for {table}.{_as_code(code)} in language {language!r}") from None


def words_or_code(table: str, code: object, language: str = "nl") -> str:
    """As `words`, but the code itself where there are no words: for what may not fail, such as a report."""
    try:
        return words(table, code, language)
    except UnknownWord:
        return _as_code(code)


def need_words(code: str, label: str, language: str = "nl") -> str:
    """The name of a need: the topic's own Dutch label, or its translation where there is one."""
    return word_tables(language).get("need", {}).get(code, label)


def finding_words(rule: str, outcome: str, language: str = "nl") -> str:
    """What a rule of eligibility found, as a sentence. Raises `UnknownWord` for a rule without one."""
    return words("finding", f"{rule}.{outcome}", language)


def column_problem(error: "RowError") -> str:
    """One mistake in a pool file as a Dutch sentence that names row and column."""
    place = f"Rij {error.row}, kolom {error.column}" if error.row and error.column else f"Rij {error.row}"
    value = f" Er staat: {clean(error.value, LONGEST_CELL)}." if error.value else ""
    return f"{place}: {words_or_code('row_problem', error.problem)}.{value}"


def _as_code(code: object) -> str:
    if code is None:
        return "unknown"
    if isinstance(code, bool):
        return "yes" if code else "no"
    return str(code)
