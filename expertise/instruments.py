"""Instruments and funders that can be recommended beside an expert; choosing an expert does not belong here."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, cast

InstrumentKind = Literal["instrument", "funder"]

MOST_RECOMMENDED: Final = 3
NOT_KNOWN: Final = 0.5  # how much something helps of which too little was told
_NOBODY_TOLD: Final[Mapping[str, float]] = {}


@dataclass(frozen=True, slots=True)
class Instrument:
    """Something to recommend: offered_by names organisations, needs holds topic codes, description is Dutch.

    A funder is a door to knock on, never a promise of money.
    """

    code: str
    name: str
    offered_by: tuple[str, ...]
    needs: tuple[str, ...]
    description: str
    kind: InstrumentKind


def read_instruments(text: str) -> tuple[Instrument, ...]:
    """The instruments of a TOML text, one table [code] each; raises ValueError naming the one at fault."""
    return tuple(_read_instrument(code, table) for code, table in tomllib.loads(text).items())


@cache
def shipped_instruments() -> tuple[Instrument, ...]:
    """The instruments and funders that ship with the product."""
    return read_instruments(files("expertise").joinpath("instruments.toml").read_text(encoding="utf-8"))


def recommend(
    needs: Sequence[str], instruments: Sequence[Instrument], helped: Mapping[str, float] = _NOBODY_TOLD
) -> tuple[Instrument, ...]:
    """At most three instruments for these needs (topic codes, most certain first), best covering first.

    Each next one covers as many needs as possible that the earlier ones left open, so that three needs do not get
    three answers to the first; among equals the one that helped others most, and then the order of the list decides.
    `helped` tells by code how much, from 0 (never) to 1 (always). Nothing is recommended that serves none of the needs.
    """
    fitting = [instrument for instrument in instruments if set(instrument.needs) & set(needs)]
    chosen: list[Instrument] = []
    while fitting and len(chosen) < MOST_RECOMMENDED:
        covered = {need for instrument in chosen for need in instrument.needs}
        best = min(fitting, key=lambda instrument: _rank(instrument, needs, covered, helped))
        fitting.remove(best)
        chosen.append(best)
    return tuple(chosen)


def _rank(
    instrument: Instrument, needs: Sequence[str], covered: set[str], helped: Mapping[str, float]
) -> tuple[int, int, int, float]:
    """Lower is better: open needs covered, needs covered, place of the first need among them, help to others."""
    served = [place for place, need in enumerate(needs) if need in instrument.needs]
    still_open = [place for place in served if needs[place] not in covered]
    return -len(still_open), -len(served), (still_open or served)[0], -helped.get(instrument.code, NOT_KNOWN)


def _read_instrument(code: str, table: Any) -> Instrument:
    try:
        name, description, kind = (str(table[field]) for field in ("name", "description", "kind"))
        offered_by, needs = (tuple(map(str, table[field])) for field in ("offered_by", "needs"))
    except (KeyError, TypeError) as error:
        raise ValueError(f"instrument {code}: {error} is missing or wrong") from error
    if kind not in {"instrument", "funder"}:
        raise ValueError(f"instrument {code}: kind must be instrument or funder, not {kind}")
    return Instrument(code, name, offered_by, needs, description, cast(InstrumentKind, kind))
