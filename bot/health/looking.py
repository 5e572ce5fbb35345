"""What a look at one part of an installation finds, and the looking itself; what is looked at stands in health_….py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.config import BadSettings
from bot.settings import Settings
from bot.terminal import Refused


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw, and what to do when it is not well. `code` is English, the rest Dutch, without a person."""

    code: str
    well: bool
    what: str
    advice: str = ""


Check = Callable[[Settings], list[Finding]]


def look(settings: Settings, checks: Sequence[Check]) -> list[Finding]:
    """What these checks find, in their order; a check that breaks is itself a finding and stops no other."""
    return [finding for check in checks for finding in _guarded(check, settings)]


def _guarded(check: Check, settings: Settings) -> list[Finding]:
    try:
        return check(settings)
    except (Refused, BadSettings) as problem:
        return [Finding(check.__name__, False, str(problem), "Kijk in de instellingen.")]
    except OSError as problem:
        where = f" {problem.filename}" if problem.filename else ""
        what = f"{check.__name__}:{where} kan niet worden gebruikt ({problem.strerror or type(problem).__name__})."
        return [Finding(check.__name__, False, what, "Bestaat die map, en mag deze gebruiker erin schrijven?")]
    except Exception as problem:  # whatever a part does to us, the others are looked at
        what = f"De controle '{check.__name__}' kon niet worden gedaan ({type(problem).__name__})."
        return [Finding(check.__name__, False, what, "Kijk of de map en de instellingen kloppen.")]
