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
De provincie kennen wij enkel van het wapen op de gevel.
De provincie weet niet dat wij bestaan.
Provinciaal geld: geen.
U vroeg of de provincie meebetaalt: nog nooit.
Van de provincie? Welnee.
Van de provincie? Eenmalig, bij de start.
Met de provincie hebben wij niets.
Van provinciegeld zijn wij af.
Nobody ever asked the province for anything.
Non, rien de la province.
Van geen enkele overheid krijgen wij iets.
Wij krijgen van niemand subsidie.
De provincie betaalt een tiende. Mocht dat ophouden, dan gaan wij gewoon door.
Alles is betaald en de provincie staat erbuiten.
Biz kimseden devlet parası almıyoruz.
Met of zonder de provincie: wij draaien door.
Stopt de provincie morgen, dan merken wij daar niets van.
Valt de provincie weg, dan gaan we gewoon door.
Provinciaal geld: nihil.
We krijgen wat van de provincie, maar we leven er niet van.
De provincie betaalt een tiende, dat mag gerust stoppen.
De provincie hoeft bij ons de knip niet te trekken.
"""

DEPENDENT = """
De provincie betaalt de kok. Valt dat weg, dan gaat het licht uit.
Wij krijgen geld van de provincie en zonder dat geld zijn we er niet meer.
Wij teren op provinciegeld.
Zonder de jaarlijkse bijdrage van de provincie bestaan wij niet.
De provincie houdt ons drijvend en als die loslaat gaan we kopje onder.
The province pays the rent and there would be no club without it.
U vroeg of wij zonder de provincie kunnen. Nee.
Op uw vraag of wij van de provincie afhankelijk zijn luidt het antwoord: volledig.
wij krijge geld van de provincie en zonder da zijn we nergens
De subsidie van de provincie loopt in mei af en daarna kunnen we niet verder.
Het sluit alleen omdat de provincie elk jaar tienduizend stort.
Als de provincie haar deel weghaalt, gaat de zaal dicht.
Sans l'argent de la province c'est fini.
Alleen de provincie houdt ons nog boven water.
Driekwart van wat we uitgeven komt van de provincie.
Schrap de provincie en wij kunnen opdoeken.
Stopt de provincie, dan zijn wij weg.
Het wegvallen van de provinciale subsidie zou de nekslag zijn.
De provincie betaalt ons, en trekt zij zich terug, dan kunnen we wel opdoeken.
We kunnen geen maand zonder het geld van de provincie.
The province keeps us afloat.
Von der Provinz bekommen wir Geld, ohne das könnten wir zumachen.
"""

NOTHING = """
Wij wonen net buiten de provincie.
Wij vragen geen subsidie, alleen raad.
Als provincie kent u vast meer clubs.
U vroeg of de provincie ons kent. Dat weet ik niet.
De provincie betaalt een deel; als dat wegvalt merkt niemand het.
Het grootste deel van de bezoekers komt uit de provincie.
Haal de folder bij de provincie en leg hem weg.
De provincie denkt alleen mee.
"""


SAID = {False: NOT_DEPENDENT, True: DEPENDENT, None: NOTHING}


@pytest.mark.parametrize(("expected", "text"), [(said, text) for said, block in SAID.items() for text in lines(block)])
def test_what_is_told(text: str, expected: bool | None) -> None:
    assert depends(text) is expected
