"""What holds for a part of the costs, hardly, or is only demanded is no budget that closes: it is asked."""

import pytest

from tests.test_budget_words import budget, lines

IN_PART = """
De kosten zijn deels gedekt.
De kosten zijn voor 80 procent gedekt.
De kosten zijn voor 80% gedekt.
De helft van de kosten is gedekt.
Een deel van de kosten is gedekt.
De begroting is voor de helft rond.
De meeste kosten zijn gedekt.
De inkomsten dekken maar de helft van de kosten.
De inkomsten dekken alleen de huur.
De contributie dekt de huur, meer niet.
Alles behalve de huur is gedekt.
De begroting is sluitend, behalve de personeelskosten.
De huur is gedekt, de energie niet.
De huur is gedekt maar de rest nog niet.
Het eerste jaar is gedekt, daarna niet meer.
We komen amper rond.
We draaien zelden quitte.
Een sluitende begroting hebben we nog lang niet.
Begroting sluit: nee
Our costs are partly covered.
We cover part of our costs.
We barely break even.
Koszty są pokryte tylko w połowie.
نغطي نصف التكاليف فقط
Die Kosten sind nur zur Hälfte gedeckt.
Nos coûts sont à moitié couverts.
"""

DEMANDED = """
De gemeente eist dat de begroting sluit.
Jullie vragen een sluitende begroting.
Een van de voorwaarden is dat de begroting sluit.
De begroting moet sluiten van de gemeente.
De begroting zou moeten sluiten.
We hebben een sluitende begroting nodig.
We need a balanced budget.
"""

DENIED = """
De begroting is allesbehalve sluitend.
Wij zijn verre van kostendekkend.
Our budget is far from balanced.
Notre budget n'est pas équilibré.
Giderlerimizi karşılayamıyoruz.
"""

WHOLE = """
De kosten zijn voor 100 procent gedekt.
De begroting sluit, de helft komt uit de contributie.
De begroting sluit, maar het bestuur niet de vergadering.
Aan de voorwaarden is voldaan: de begroting sluit.
Onze begroting sluit en de provincie betaalt niets.
"""


@pytest.mark.parametrize("text", lines(IN_PART))
def test_what_holds_for_a_part_is_asked(text: str) -> None:
    assert budget(text) not in ("closing", "prospect")


@pytest.mark.parametrize("text", lines(DEMANDED))
def test_what_somebody_demands_is_not_told(text: str) -> None:
    assert budget(text) is None


@pytest.mark.parametrize("text", lines(DENIED))
def test_a_stronger_word_than_not_denies_as_well(text: str) -> None:
    assert budget(text) == "not_closing"


@pytest.mark.parametrize("text", lines(WHOLE))
def test_what_is_said_of_something_else_takes_nothing_away(text: str) -> None:
    assert budget(text) == "closing"
