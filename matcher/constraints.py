"""Who can never be proposed: the hard constraints, one claim each, asked of the whole pool at once; no scores."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from expertise.experts import Expert
from expertise.places import BRABANT, covers
from matcher.pool import Bools, Ints, PoolVectors, folded_address

Reason = Literal[
    "inactive", "away", "full", "region", "language", "no_need", "declined", "is_initiator", "ranked_lower"
]
ReasonBits = NDArray[np.uint16]

# In these languages initiator and expert can find each other when they share no other.
COMMON_LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a request asks of every expert; `loads` (n,) counts running introductions, `near` (n,) marks the experts
    to be considered whatever the needs: the profile lies remarkably close, or a topic of theirs may well be meant."""

    needs: tuple[str, ...]
    municipality: str | None
    language: str
    today: date
    loads: Ints
    near: Bools
    declined: Collection[str] = ()
    initiator: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An expert who is not among the matches, with every reason; "ranked_lower" only ever stands alone."""

    expert: Expert
    because: tuple[Reason, ...]


Constraint = Callable[[PoolVectors, Asked], Bools]


def is_active(pool: PoolVectors, asked: Asked) -> Bools:
    """The expert takes part."""
    del asked
    return pool.active


def is_present(pool: PoolVectors, asked: Asked) -> Bools:
    """The expert is not away today (the same claim as availability.is_away, for all at once)."""
    return pool.away_until < asked.today.toordinal()


def has_room(pool: PoolVectors, asked: Asked) -> Bools:
    """The expert can take one more (the same claim as availability.has_room, for all at once)."""
    return asked.loads < pool.capacity


def covers_region(pool: PoolVectors, asked: Asked) -> Bools:
    """The expert works where the initiative is; as long as that place is unknown nobody is left out."""
    if reaches(BRABANT, asked.municipality) is None:
        return np.ones(len(pool), dtype=np.bool_)
    return pool.regions.any_of(word for word in pool.regions.words if reaches(word, asked.municipality))


def shares_a_language(pool: PoolVectors, asked: Asked) -> Bools:
    """The expert speaks Dutch with a Dutch writer; with others their language, Dutch or English will do."""
    usable = {asked.language} if asked.language == "nl" else {asked.language, *COMMON_LANGUAGES}
    return pool.languages.any_of(usable)


def serves_a_need(pool: PoolVectors, asked: Asked) -> Bools:
    """The expert declared one of the needs or is close to the message; without needs there is none to miss."""
    if not asked.needs:
        return np.ones(len(pool), dtype=np.bool_)
    return pool.needs.any_of(asked.needs) | asked.near


def has_not_declined(pool: PoolVectors, asked: Asked) -> Bools:
    """The expert, or an adviser about the expert, has not already said no in this case."""
    return _all_but(pool, pool.rows(asked.declined))


def is_someone_else(pool: PoolVectors, asked: Asked) -> Bools:
    """The expert is not the initiator."""
    return _all_but(pool, pool.rows_of_address.get(folded_address(asked.initiator), ()))


@functools.lru_cache(maxsize=50_000)
def reaches(word: str, municipality: str | None) -> bool | None:
    """Whether one word of a working area covers the place; None when the place is unknown."""
    return covers((word,), municipality)


# In the order in which reasons are told. Every claim is asked of everyone: all reasons are known.
CONSTRAINTS: tuple[tuple[Reason, Constraint], ...] = (
    ("inactive", is_active),
    ("away", is_present),
    ("full", has_room),
    ("region", covers_region),
    ("language", shares_a_language),
    ("no_need", serves_a_need),
    ("declined", has_not_declined),
    ("is_initiator", is_someone_else),
)
REASONS: tuple[Reason, ...] = (*(reason for reason, _ in CONSTRAINTS), "ranked_lower")
MAY_BE_OVERRULED: frozenset[Reason] = frozenset({"region", "language", "no_need", "ranked_lower"})
"""Judgements about the fit: an adviser may know better. What the expert can't or won't do is for nobody to overrule."""
RANKED_LOWER = np.uint16(1 << REASONS.index("ranked_lower"))


def reason_bits(pool: PoolVectors, asked: Asked) -> ReasonBits:
    """Return (n,): bit k is set for whoever fails constraint k; 0 means that the expert may be proposed."""
    bits = np.zeros(len(pool), dtype=np.uint16)
    for place, (_, holds) in enumerate(CONSTRAINTS):
        bits |= np.left_shift(~holds(pool, asked), place, dtype=np.uint16)
    return bits


def why_left_out(bits: int) -> tuple[Reason, ...]:
    """Return all reasons in a number made by `reason_bits`; () for somebody who may be proposed."""
    return tuple(reason for place, reason in enumerate(REASONS) if bits >> place & 1)


@dataclass(frozen=True, slots=True, eq=False)
class LeftOutView(Sequence[LeftOut]):
    """Everyone in `experts` whose bits (n,) are not 0, in that order. A record is made only when it is
    looked at, because a pool may hold many thousands and most readers look at a few."""

    experts: tuple[Expert, ...]
    bits: ReasonBits
    rows: Ints

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> LeftOut: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[LeftOut, ...]: ...
    def __getitem__(self, place: int | slice) -> LeftOut | tuple[LeftOut, ...]:
        if isinstance(place, slice):
            return tuple(self._record(int(row)) for row in self.rows[place])
        return self._record(int(self.rows[place]))

    def _record(self, row: int) -> LeftOut:
        return LeftOut(self.experts[row], why_left_out(int(self.bits[row])))


def left_out_view(pool: PoolVectors, bits: ReasonBits) -> LeftOutView:
    """Return everyone whose bits hold a reason."""
    return LeftOutView(pool.experts, bits, np.flatnonzero(bits))


def _all_but(pool: PoolVectors, rows: Sequence[int]) -> Bools:
    kept = np.ones(len(pool), dtype=np.bool_)
    kept[list(rows)] = False
    return kept
