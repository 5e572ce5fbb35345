"""Income and costs told as figures in a text, laid side by side; words about money belong in budget_words.py."""

import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import Literal

from inbox.phrases import Finding, Sentence
from inbox.scope import Scope

_AMOUNT = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[.,' ]\d{3})+|\d{1,7})(?:[.,](\d{1,2}))?(?!\d)\s?(k|mille|duizend|ton|miljoen|mln)?(?!\w)"
)
_SCALE = {"k": 1e3, "mille": 1e3, "duizend": 1e3, "ton": 1e5, "miljoen": 1e6, "mln": 1e6}
_SMALLEST = 100
"""Sums below this are prices, people or dates."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """An amount with what it stands for; None when the text says that it equals the other side."""

    side: Literal["income", "costs"]
    amount: float | None
    sentence: Sentence
    end: int


def find_figures(sentences: Sequence[Sentence]) -> list[Finding]:
    """A finding "closing" or "shortfall" for each pair of income and costs told in one or two sentences."""
    sums = [told for sentence in sentences if _label().search(sentence.folded) for told in _sums(sentence)]
    findings: list[Finding] = []
    for first, second in pairwise(sums):
        near = second.sentence.number - first.sentence.number <= 1
        if first.side == second.side or not near:
            continue
        income, costs = (first, second) if first.side == "income" else (second, first)
        if income.amount is None or costs.amount is None:
            says = "closing" if (income.amount or costs.amount) is not None else ""
        else:
            says = "closing" if income.amount >= costs.amount else "shortfall"
        if says:
            findings.append(Finding("figures", says, second.sentence, (0, second.end), Scope()))
    return findings


def _sums(sentence: Sentence) -> list[_Sum]:
    """Each labelled sum of the sentence; a label with several amounts counts only with a total."""
    labels = list(_label().finditer(sentence.folded))
    ends = [label.start() for label in labels[1:]] + [len(sentence.folded)]
    sums: list[_Sum] = []
    for label, end in zip(labels, ends, strict=True):
        side: Literal["income", "costs"] = "income" if label.lastgroup == "income" else "costs"
        part = sentence.folded[label.end() : end]
        amounts = [(found.start(), _value(found)) for found in _AMOUNT.finditer(part)]
        amounts = [(at, value) for at, value in amounts if value >= _SMALLEST and not _is_year(value, part, at)]
        total = _words("total").search(part)
        if total:
            amounts = [(at, value) for at, value in amounts if at >= total.start()][:1]
        if len(amounts) == 1:
            sums.append(_Sum(side, amounts[0][1], sentence, end))
        elif not amounts and _words("same").search(sentence.folded):
            sums.append(_Sum(side, None, sentence, end))
    return sums


def _value(found: re.Match[str]) -> float:
    whole = float(re.sub(r"\D", "", found.group(1)))
    cents = float("0." + found.group(2)) if found.group(2) else 0.0
    return (whole + cents) * _SCALE.get(found.group(3) or "", 1)


def _is_year(value: float, part: str, at: int) -> bool:
    return 1990 <= value <= 2060 and part[at : at + 4].isdigit()


@functools.cache
def _data() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("inbox").joinpath("budget_figures.toml").read_text("utf-8"))


@functools.cache
def _label() -> re.Pattern[str]:
    income, costs = "|".join(_data()["income"]), "|".join(_data()["costs"])
    return re.compile(rf"(?<!\w)(?:(?P<income>{income})|(?P<costs>{costs}))(?!\w)")


@functools.cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_data()[name])})(?!\w)")
