"""Which experts stand at the top together, so that every need is served there; no scores."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from itertools import combinations
from operator import or_

MOST_NEEDS = 6
"""Needs beyond these are not counted: the combinations to look at grow with their number."""


def cover_needs(served: Sequence[int], top: int) -> list[int]:
    """Return the places of a ranking in a new order, in which the first `top` serve as many needs as they can.

    `served` holds, best first, a number for each expert in which bit k says that need k is served.
    Each place goes to the best who leaves that possible, so a top that is good enough keeps its order.
    """
    wanted = [number & ((1 << MOST_NEEDS) - 1) for number in served]
    kinds = _widest(set(wanted))
    goal = _reachable(0, kinds, top)
    left, chosen, covered = list(range(len(wanted))), list[int](), 0
    while left and len(chosen) < top:
        places_after = top - len(chosen) - 1
        reaches = {kind: _reachable(covered | kind, kinds, places_after) for kind in set(wanted)}
        pick = next((place for place in left if reaches[wanted[place]] == goal), left[0])
        chosen.append(pick)
        left.remove(pick)
        covered |= wanted[pick]
    return chosen + left


def _widest(kinds: Collection[int]) -> list[int]:
    """Leave out who serves nothing that another of the kinds does not serve as well."""
    return sorted(kind for kind in kinds if not any(kind != other and kind | other == other for other in kinds))


def _reachable(covered: int, kinds: Sequence[int], places: int) -> int:
    """Return how many needs can be served by what is covered and the best of so many more."""
    choices = combinations(kinds, min(places, len(kinds)))
    return max(reduce(or_, chosen, covered).bit_count() for chosen in choices)
