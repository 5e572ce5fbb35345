"""What would have changed the choice: who would be first if one thing were otherwise. It stores and words nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from expertise.experts import Expert
from matcher.ranking import Ranking, Told

Otherwise = Literal["full", "region", "language"]
DUTCH = "nl"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Somebody would be first, were it not for one reason."""

    because: Otherwise
    expert: Expert


Rank = Callable[[Told, Mapping[str, int]], Ranking]
"""Ranks a request with these loads, everything else as it is."""


def what_if(told: Told, loads: Mapping[str, int], ranking: Ranking, rank_again: Rank) -> WhatIf | None:
    """The first thing that would put another expert first; None when nothing of OTHERWISE would.

    `ranking` is how things are; `rank_again` is asked at most once for each thing.
    """
    best = ranking.matches[0].expert.id if ranking.matches else ""
    for because, changed in OTHERWISE:
        other = changed(told, loads)
        if other is None:
            continue
        first = next(iter(rank_again(*other).matches), None)
        if first is not None and first.expert.id != best and because in _reasons(ranking, first.expert):
            return WhatIf(because, first.expert)
    return None


def _with_room(told: Told, loads: Mapping[str, int]) -> tuple[Told, Mapping[str, int]] | None:
    return (told, {}) if loads else None


def _with_any_place(told: Told, loads: Mapping[str, int]) -> tuple[Told, Mapping[str, int]] | None:
    if told.facts.municipality is None:
        return None
    return replace(told, facts=replace(told.facts, municipality=None)), loads


def _with_dutch(told: Told, loads: Mapping[str, int]) -> tuple[Told, Mapping[str, int]] | None:
    return (replace(told, language=DUTCH), loads) if told.language != DUTCH else None


OTHERWISE: tuple[tuple[Otherwise, Callable[[Told, Mapping[str, int]], tuple[Told, Mapping[str, int]] | None]], ...] = (
    ("full", _with_room),
    ("region", _with_any_place),
    ("language", _with_dutch),
)


def _reasons(ranking: Ranking, expert: Expert) -> tuple[str, ...]:
    """Why this expert is left out as things are; () for one who is not."""
    return next((left.because for left in ranking.left_out if left.expert.id == expert.id), ())
