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

_MONEY = (
    r"(?<![\w.,])(\d{1,3}(?:[.,' ]\d{3})+|\d{1,7})(?:[.,](\d{1,2}))?(?!\d)\s?(k|mille|duizend|ton|miljoen|mln)?(?!\w)"
)
_AMOUNT = re.compile(_MONEY)
_SCALE = {"k": 1e3, "mille": 1e3, "duizend": 1e3, "ton": 1e5, "miljoen": 1e6, "mln": 1e6}
_SMALLEST = 100
"""Sums below this are prices, people or dates."""
_IN_TWO_PARTS = re.compile(r"\d (?:k|mille|duizend|ton|miljoen|mln) en $")
"""Before the second part of a sum such as "4 ton en 12 duizend": that part alone is not the sum."""
_JUST_ENOUGH = 1.05
"""Sums without a name that add up to so many times the costs, or less, are taken for the income."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """An amount with what it stands for; None when the text says that it equals the other side."""

    side: Literal["income", "costs"]
    amount: float | None
    sentence: Sentence
    start: int
    end: int


def find_figures(sentences: Sequence[Sentence]) -> list[Finding]:
    """A finding "closing" or "shortfall" for each pair of income and costs told in one or two sentences.

    Income without a name counts only when it adds up to the costs of a year.
    """
    sums = [told for sentence in sentences for told in _sums(sentence)]
    findings = _nameless(sums, sentences)
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
    """Each labelled sum of the sentence in its order; a label behind a sum is surer than one before it."""
    behind = [
        _Sum("income" if found["income"] else "costs", _value(found), sentence, found.start(), found.end())
        for found in _label_behind().finditer(sentence.folded)
        if _counts(_value(found), found.group(), 0) and not _IN_TWO_PARTS.search(sentence.folded[: found.start()])
    ]
    taken = {told.start for told in behind}
    before = [told for told in _sums_after_labels(sentence) if told.start not in taken]
    return sorted(behind + before, key=lambda told: told.start)


def _nameless(sums: Sequence[_Sum], sentences: Sequence[Sentence]) -> list[Finding]:
    """A finding for each year's costs that the sums told before it, without a name, are just enough for."""
    if {told.side for told in sums} != {"costs"}:
        return []
    findings = []
    for costs in sums:
        text, number = costs.sentence.folded, costs.sentence.number
        if costs.amount is None or not _words("whole_costs").search(text[max(0, costs.start - 20) : costs.end]):
            continue
        told = (*(sentence.folded for sentence in sentences[:number][-1:]), text[: costs.start])
        amounts = [value for part in told for _, value in _amounts(part)]
        if costs.amount in amounts[-1:] or (len(amounts) > 1 and 1 <= sum(amounts) / costs.amount <= _JUST_ENOUGH):
            findings.append(Finding("figures", "closing", costs.sentence, (0, costs.end), Scope()))
    return findings


def _amounts(part: str) -> list[tuple[int, float]]:
    """The sums of money in a part of a sentence, each with its place."""
    found = [(each.start(), _value(each)) for each in _AMOUNT.finditer(part)]
    return [(at, value) for at, value in found if _counts(value, part, at)]


def _sums_after_labels(sentence: Sentence) -> list[_Sum]:
    """Each sum behind its label; a label with several amounts counts only with a total."""
    labels = list(_label().finditer(sentence.folded))
    ends = [label.start() for label in labels[1:]] + [len(sentence.folded)] * bool(labels)
    sums: list[_Sum] = []
    for label, end in zip(labels, ends, strict=True):
        side: Literal["income", "costs"] = "income" if label.lastgroup == "income" else "costs"
        part = sentence.folded[label.end() : end]
        amounts = _amounts(part)
        total = _words("total").search(part)
        if total:
            amounts = [(at, value) for at, value in amounts if at >= total.start()][:1]
        if len(amounts) == 1:
            sums.append(_Sum(side, amounts[0][1], sentence, label.end() + amounts[0][0], end))
        elif not amounts and _words("same").search(sentence.folded):
            sums.append(_Sum(side, None, sentence, label.start(), end))
    return sums


def _value(found: re.Match[str]) -> float:
    whole = float(re.sub(r"\D", "", found.group(1)))
    cents = float("0." + found.group(2)) if found.group(2) else 0.0
    return (whole + cents) * _SCALE.get(found.group(3) or "", 1)


def _counts(value: float, part: str, at: int) -> bool:
    """True for a sum of money, false for a price, a number of people or a year."""
    return value >= _SMALLEST and not (1990 <= value <= 2060 and part[at : at + 4].isdigit())


@functools.cache
def _data() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("inbox").joinpath("budget_figures.toml").read_text("utf-8"))


@functools.cache
def _label() -> re.Pattern[str]:
    income, costs = "|".join(_data()["income"]), "|".join(_data()["costs"])
    return re.compile(rf"(?<!\w)(?:(?P<income>{income})|(?P<costs>{costs}))(?!\w)")


@functools.cache
def _label_behind() -> re.Pattern[str]:
    """A sum with its label right behind it, at the end of a clause."""
    income, costs = "|".join(_data()["income_behind"]), "|".join(_data()["costs_behind"])
    return re.compile(
        rf"{_MONEY}(?: euro| eur)?,? (?:(?P<income>{income})|(?P<costs>{costs}))"
        r"(?=\W*$|\W*[,.;:!?()]|\W+(?:en|maar|dus|und|and)(?!\w))"
    )


@functools.cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_data()[name])})(?!\w)")
