"""What single cells of a budget say: a side, a total, a status, a year; how cells stand together is not known here."""

import functools
import itertools
import re
import tomllib
from importlib import resources
from typing import Literal

from inbox.folding import fold
from inbox.sheet_grid import Cell, is_year

Side = Literal["income", "costs"]
Permanence = Literal["structural", "one_off"]
Status = Literal["", "requested", "missing"]

_LONGEST_HEADING = 6  # words
_YEAR = re.compile(r"(?<![\d.,/-])(20[1-5]\d)(?![\d.,]*\d|[-/]\d\d?[-/])")
_NUMBERED_YEAR = re.compile(r"(?:jaar|year|j) ?([1-9])")
_BOTH = re.compile(r"\b(?:en|and)\b|[&/+]")


def says(name: str, text: str) -> bool:
    """Whether one of the words of this list stands in the text."""
    return _words(name).search(fold(text)) is not None


def is_only(name: str, text: str) -> bool:
    """Whether the whole text is one of the words of this list."""
    return _words(name).fullmatch(fold(text).strip(" :.-*")) is not None


def heading_side(text: str) -> Side | None:
    """The side that a heading opens ("Lasten", "1. Begrote inkomsten"); None for a title of both, or a sentence."""
    folded = fold(text)
    if len(folded.split()) > _LONGEST_HEADING or _names_both(folded):
        return None
    found = _heading().match(folded)
    return _side(found) if found else None


def named_side(text: str) -> Side | None:
    """The side that the words of a total name, None when they name none or both."""
    folded = fold(text)
    found = _sides().search(folded)
    return _side(found) if found and not _names_both(folded) else None


def exact_side(text: str) -> Side | None:
    """The side when the text is nothing but its name, as in a column "soort"."""
    found = _sides().fullmatch(fold(text).strip(" :.-"))
    return _side(found) if found else None


def is_total(text: str) -> bool:
    """Whether a row with this label adds others up."""
    return says("total", text)


def is_balance(text: str) -> bool:
    """Whether a row with this label is what remains of income after costs."""
    folded = fold(text).strip(" :.-")
    return _balance().match(folded) is not None and not says("other_period", folded)


def permanence_of(text: str) -> Permanence | None:
    """Whether words call money structural or one-off; None when they don't say, or say both."""
    found: dict[Permanence, bool] = {"structural": says("structural", text), "one_off": says("one_off", text)}
    told = [name for name, there in found.items() if there]
    return told[0] if len(told) == 1 else None


def status_of(text: str) -> Status:
    """How sure an income is; "" when nothing casts doubt on it."""
    return "missing" if says("missing", text) else "requested" if says("requested", text) else ""


def year_of(cell: Cell) -> str:
    """The one year that a heading names ("2027", "jaar 2"), "" when it names none or several."""
    if is_year(cell) and isinstance(cell, float):
        return str(int(cell))
    if not isinstance(cell, str) or len(cell.split()) > _LONGEST_HEADING:
        return ""
    years = set(_YEAR.findall(cell))
    numbered = _NUMBERED_YEAR.fullmatch(fold(cell).strip(" :."))
    return f"jaar {numbered[1]}" if numbered else years.pop() if len(years) == 1 else ""


def _names_both(folded: str) -> bool:
    sides = list(_sides().finditer(folded))
    between = {folded[one.end() : two.start()].strip() for one, two in itertools.pairwise(sides)}
    return len({_side(found) for found in sides}) == 2 and any(_BOTH.fullmatch(words) for words in between)


def _side(found: re.Match[str]) -> Side:
    return "income" if found.lastgroup == "income" else "costs"


@functools.cache
def _data() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("inbox").joinpath("budget_sheet_words.toml").read_text("utf-8"))


@functools.cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_data()[name])})(?!\w)")


def _either_side() -> str:
    return f"(?:(?P<income>{'|'.join(_data()['income'])})|(?P<costs>{'|'.join(_data()['costs'])}))"


@functools.cache
def _sides() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_either_side()}(?!\w)")


@functools.cache
def _heading() -> re.Pattern[str]:
    before = "|".join(_data()["before_side"])
    return re.compile(rf"\W*(?:(?:{before})\W+){{0,3}}{_either_side()}(?!\w)")


@functools.cache
def _balance() -> re.Pattern[str]:
    before, words = "|".join(_data()["before_balance"]), "|".join(_data()["balance"])
    return re.compile(rf"\W*(?:(?:{before})\W+){{0,2}}(?:{words})(?!\w)")
