"""Whole families of expressions for a budget that closes, may close or does not; near misses tell nothing."""

import pytest

from tests.test_budget_words import budget, lines

CLOSING = """
Het komt elk jaar precies uit.
Met de entree erbij komen we uit.
De rekensom komt uit, dankzij de vaste huurders.
Het geld voor de komende vier jaar is geregeld.
Het geld staat al op de rekening.
Geld is bij ons geen probleem.
Over de centen maken we ons geen zorgen.
De kosten worden volledig vergoed door een familiefonds.
Het buurthuis wordt geheel betaald door de parochie.
De inkomsten zijn gelijk aan de kosten.
Wat erin komt gaat eruit.
Onze kas is goed gevuld.
Er komt geen cent te weinig binnen, nooit een tekort.
Iedereen legt vier euro in en dat is genoeg.
We houden zelfs over.
De kantine maakt een kleine winst.
De bakkerij is winstgevend.
De broodverkoop brengt 900 euro op, de zaal kost 850 euro.
Begroting: ja.
Ticket sales cover our costs.
Koszty pokrywa składka członków.
Die Ausgaben sind gedeckt.
Masraflarımız karşılanıyor, para sorunumuz yok.
"""

PROSPECT = """
De berekening klopt, mits we 10.000 euro eigen inleg ophalen.
We komen dit jaar nog niet uit, maar vanaf maart betaalt de verzekeraar mee.
Er is een gat van 6.000 euro, het contract met de nieuwe huurder ligt klaar.
De begroting is nog niet dekkend, de Lions hebben het laatste deel schriftelijk toegezegd.
Nu leggen we er 500 euro per maand op toe, vanaf januari huurt de school de zaal en dan is het genoeg.
Zodra de lening rond is sluit de begroting.
"""

NOT_CLOSING = """
Onze begroting sluit op geen stukken na; wij hebben geen idee waar zo'n bedrag vandaan moet komen.
De begroting klopt bij lange na niet.
De begroting sluit op 4.000 euro na en niemand weet waar die vandaan moet komen.
We verliezen elke maand 400 euro.
We blijven onder water staan.
Er gaat elke maand 200 euro bij.
Het afgelopen jaar sloot met een nadelig saldo.
Elk jaar 3.000 euro te weinig en niemand weet raad.
Het buffet kost 900 euro per week en brengt 600 euro op.
We lose 300 euros every month.
Her ay eksideyiz.
"""

NOTHING = """
Wij komen er onderling niet uit.
Daarom kwamen we bij u uit.
De opdracht komt uit Boxtel.
Wij weten nog niet wat we gaan doen.
Aan oplossingen zijn we nog niet toe.
Dat doen we later wel.
Voor het dak ontbreekt nog 20.000 euro.
Hoe komen we uit?
Wij trekken ons terug.
We zoeken een manier waarop de winkel zichzelf bedruipt.
De wethouder heeft beloofd te komen.
We zijn met 65-plussers.
"""


SAID = {"closing": CLOSING, "prospect": PROSPECT, "not_closing": NOT_CLOSING, None: NOTHING}


@pytest.mark.parametrize(("expected", "text"), [(said, text) for said, block in SAID.items() for text in lines(block)])
def test_what_is_told(text: str, expected: str | None) -> None:
    assert budget(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Voor dit en volgend jaar is de begroting rond.", "closing"),
        ("Vanaf volgend jaar is de begroting rond.", "prospect"),
        ("Het gat is weg.", "closing"),
        ("Als de zaal verhuurd is, komen we uit.", "prospect"),
        ("We hebben een tekort van 2.000 euro. Iemand heeft ooit een brief getekend.", "prospect"),
        ("We hebben een tekort van 2.000 euro. Wij zoeken mensen. De brief is getekend.", "not_closing"),
    ],
)
def test_where_it_stands(text: str, expected: str | None) -> None:
    assert budget(text) == expected
