"""Finds people of the pool by a name or an organisation as it was typed; who fits a question is judged elsewhere."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from expertise.experts import Expert
from expertise.places import fold

LEAST_ALIKE = 78.0
"""From this likeness on (0 to 100) a name may be the one that was meant, typing errors and all."""


def people_named(typed: str, people: Sequence[Expert]) -> tuple[Expert, ...]:
    """Everyone whose name or organisation the words may mean, most alike first; people of one likeness in their order.

    The words may name a part of a name, and a person with an organisation: "Piet van Zet".
    """
    wanted = fold(typed)
    if not wanted:
        return ()
    alike = [(_likeness(wanted, fold(f"{person.name} {person.organisation}")), person) for person in people]
    found = sorted((each for each in alike if each[0] >= LEAST_ALIKE), key=lambda each: -each[0])
    return tuple(person for _, person in found)


def the_one_named(typed: str, people: Iterable[Expert]) -> Expert | None:
    """The only person whose name holds every word that was typed, as whole words; None for nobody, or several."""
    wanted = set(fold(typed).split())
    clear = [person for person in people if wanted and wanted <= set(fold(person.name).split())]
    exact = [person for person in clear if fold(person.name) == fold(typed)]
    if len(exact) == 1:
        return exact[0]
    return clear[0] if len(clear) == 1 else None


def people_of(organisation: str, people: Iterable[Expert]) -> tuple[Expert, ...]:
    """Everyone who works at an organisation that is called just this, whatever its case and accents."""
    wanted = fold(organisation)
    return tuple(person for person in people if wanted and fold(person.organisation) == wanted)


def _likeness(typed: str, known: str) -> float:
    """How much of what was typed stands in a name, word by word, 0 to 100."""
    words, names = typed.split(), known.split()
    total = sum(max(fuzz.ratio(word, name) for name in names) * len(word) for word in words)
    return total / sum(map(len, words))
