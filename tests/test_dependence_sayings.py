"""More ways to tell whether the province's money carries an initiative; near misses tell nothing."""

import pytest

from inbox.dependence import find_dependence
from inbox.phrases import fold_sentences
from inbox.sentences import split_sentences


def depends(text: str) -> bool | None:
    reading = find_dependence(fold_sentences(text, split_sentences(text)))
    return reading.depends if reading else None


NOT_DEPENDENT = """
De provincie staat er helemaal buiten.
De provincie komt er niet bij kijken.
Bij de provincie kloppen we niet aan.
De begroting sluit, zonder de provincie.
Provincie? Nul.
Geld van Brabant krijgen wij niet.
De provincie is bij ons geen partij.
We krijgen 0 euro van de provincie.
De provincie betaalde bij de start één keer mee.
Geen subsidie, van wie dan ook.
Zonder een cent overheid draaien wij al jaren.
Op de provincie hebben wij nooit geleund.
We have no dealings with the province.
"""

DEPENDENT = """
De provincie betaalt de kok. Valt dat weg, dan gaat het licht uit.
Wij krijgen geld van de provincie en zonder dat geld zijn we er niet meer.
Wij teren op provinciegeld.
Zonder de jaarlijkse bijdrage van de provincie bestaan wij niet.
De provincie houdt ons drijvend en als die loslaat gaan we kopje onder.
The province pays the rent and there would be no club without it.
"""

NOTHING = """
Wij wonen net buiten de provincie.
Wij vragen geen subsidie, alleen raad.
Als provincie kent u vast meer clubs.
De provincie betaalt een deel; als dat wegvalt merkt niemand het.
"""


def lines(block: str) -> list[str]:
    return block.strip().split("\n")


@pytest.mark.parametrize("text", lines(NOT_DEPENDENT))
def test_not_dependent(text: str) -> None:
    assert depends(text) is False


@pytest.mark.parametrize("text", lines(DEPENDENT))
def test_dependent(text: str) -> None:
    assert depends(text) is True


@pytest.mark.parametrize("text", lines(NOTHING))
def test_nothing_told(text: str) -> None:
    assert depends(text) is None
