"""Which cells of a sheet depend on themselves through their formulas; no formula is calculated here."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

Place = tuple[int, int]

MAX_FORMULAS: Final = 3_000  # beyond this the rest is not looked at
MAX_REFERENCES: Final = 200  # of one formula
MAX_STEPS: Final = 300_000
_RANGE = re.compile(r"(?<![\w!'.$])\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?(?![\w(!])")
_TEXT = re.compile(r'"[^"]*"')
_OTHER_SHEET = re.compile(r"(?:'[^']*'|[\w.]+)!\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?")


def circular_cells(formulas: Mapping[Place, str]) -> frozenset[Place]:
    """The cells (row and column from 0) that lie on a circle of references within their sheet.

    References to other sheets, and formulas that Excel shares between cells, are not followed.
    """
    known = dict(islice(formulas.items(), MAX_FORMULAS))
    columns: dict[int, list[int]] = {}
    for row, column in sorted(known):
        columns.setdefault(column, []).append(row)
    leads_to: dict[Place, list[Place]] = {}
    steps = 0
    for place, formula in known.items():
        leads_to[place] = list(islice(_formulas_used(formula, columns), max(0, MAX_STEPS - steps)))
        steps += len(leads_to[place])
    return frozenset(_on_a_circle(leads_to))


def _formulas_used(formula: str, columns: Mapping[int, list[int]]) -> Iterator[Place]:
    """The cells with a formula that this formula names."""
    own = _OTHER_SHEET.sub(" ", _TEXT.sub(" ", formula))
    for found in islice(_RANGE.finditer(own), MAX_REFERENCES):
        left, top = _number(found[1]), int(found[2]) - 1
        right, bottom = (_number(found[3]), int(found[4]) - 1) if found[3] else (left, top)
        top, bottom = min(top, bottom), max(top, bottom)
        for column in columns.keys() & range(min(left, right), max(left, right) + 1):
            rows = columns[column]
            yield from ((row, column) for row in rows[bisect_left(rows, top) : bisect_right(rows, bottom)])


def _on_a_circle(leads_to: Mapping[Place, list[Place]]) -> set[Place]:
    """What remains when cells that lead nowhere, or that nothing leads to, are taken away again and again."""
    left = {place: set(targets) for place, targets in leads_to.items()}
    backwards: dict[Place, set[Place]] = {place: set() for place in left}
    for place, targets in left.items():
        for target in targets:
            backwards[target].add(place)
    return _peeled(backwards, left, _peeled(left, backwards, set(left)))


def _peeled(forth: Mapping[Place, set[Place]], back: Mapping[Place, set[Place]], places: set[Place]) -> set[Place]:
    counts = {place: len(forth[place] & places) for place in places}
    ready = [place for place, count in counts.items() if count == 0]
    kept = set(places)
    while ready:
        place = ready.pop()
        kept.discard(place)
        for before in back[place] & kept:
            counts[before] -= 1
            if counts[before] == 0:
                ready.append(before)
    return kept


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
