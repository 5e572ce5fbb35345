"""What the parts of a short answer say, in Dutch and English; weighing them together belongs in answer.py.

The words are data (answer.toml). A pattern has to fit a whole clause, in lower case and without punctuation;
what fits none of them is not understood, and that is the safe side.
"""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal

ClauseKind = Literal["yes", "no", "reason", "regret", "filler", "unknown"]


def kind_of(clause: str) -> ClauseKind:
    """What one clause says; the clause is in lower case and without punctuation at its ends."""
    if _fits("yes", clause) or _fits("yes_idiom", clause):
        return "yes"
    if _fits("no", clause):
        return "no"
    if _fits("reason", clause):
        return "reason"
    if _fits("regret", clause):
        return "regret"
    if _fits("filler", clause) or _fits("acting", clause):
        return "filler"
    return "unknown"


def calls_off(clause: str) -> bool:
    """Whether a clause only says not to go on with what was begun."""
    return _fits("called_off", clause)


def negates(clause: str) -> bool:
    """Whether a clause holds a negation, apart from the few that mean yes ("geen bezwaar")."""
    return ("n't" in clause or _holds("negation", clause)) and not _fits("yes_idiom", clause)


def consents(clause: str) -> bool:
    """Whether a clause holds a word of consent, wherever it stands in it."""
    return _holds("consent", clause)


def hedges(clause: str) -> bool:
    """Whether a clause puts off, doubts or sets a condition."""
    return _holds("hedge", clause)


def talks(line: str) -> bool:
    """Whether a line says more than who signs: a day, an order, a condition."""
    return _holds("talk", line) or hedges(line) or consents(line) or negates(line)


def _fits(name: str, clause: str) -> bool:
    return bool(_pattern(name).fullmatch(clause))


def _holds(name: str, clause: str) -> bool:
    return bool(re.search(rf"\b(?:{_pattern(name).pattern})\b", clause))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("inbox").joinpath("answer.toml").read_text("utf-8"))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """The lines of one list as alternatives, with the groups put in; a group may use another one."""
    pattern = "|".join(f"(?:{line})" for line in _table()[name])
    for _ in range(2):
        for group, meaning in _table()["groups"].items():
            pattern = pattern.replace(f"<{group}>", meaning)
    return re.compile(pattern)
