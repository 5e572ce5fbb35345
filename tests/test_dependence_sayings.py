"""More ways to tell whether the province's money carries an initiative; near misses tell nothing."""

import pytest

from tests.test_dependence import depends, lines

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


SAID = {False: NOT_DEPENDENT, True: DEPENDENT, None: NOTHING}


@pytest.mark.parametrize(("expected", "text"), [(said, text) for said, block in SAID.items() for text in lines(block)])
def test_what_is_told(text: str, expected: bool | None) -> None:
    assert depends(text) is expected
