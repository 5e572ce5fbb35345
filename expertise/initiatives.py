"""The initiatives with which the portfolio starts; their cases and progress do not belong here."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Initiative:
    """One initiative of the starting portfolio.

    municipalities is empty where the area is a region; phases are design phases 1 to 5; instruments and needs hold
    codes; question is Dutch.
    """

    code: str
    name: str
    initiator: str
    area: str
    municipalities: tuple[str, ...]
    phases: tuple[int, ...]
    partners: tuple[str, ...]
    instruments: tuple[str, ...]
    needs: tuple[str, ...]
    question: str


def read_initiatives(text: str) -> tuple[Initiative, ...]:
    """The initiatives of a TOML text, one table [code] each; raises ValueError naming the one at fault."""
    return tuple(_read_initiative(code, table) for code, table in tomllib.loads(text).items())


@cache
def shipped_initiatives() -> tuple[Initiative, ...]:
    """The eleven initiatives that ship with the product."""
    return read_initiatives(files("expertise").joinpath("initiatives.toml").read_text(encoding="utf-8"))


def _read_initiative(code: str, table: Any) -> Initiative:
    try:
        name, initiator, area, question = (str(table[f]) for f in ("name", "initiator", "area", "question"))
        municipalities, partners, instruments, needs = (
            tuple(map(str, table[f])) for f in ("municipalities", "partners", "instruments", "needs")
        )
        phases = tuple(map(int, table["phases"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"initiative {code}: {error} is missing or wrong") from error
    if not phases or not set(phases) <= {1, 2, 3, 4, 5}:
        raise ValueError(f"initiative {code}: phases must be 1 to 5")
    return Initiative(code, name, initiator, area, municipalities, phases, partners, instruments, needs, question)
