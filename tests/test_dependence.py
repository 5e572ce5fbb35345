"""Whether an initiative hangs on the province's money; silence about the province tells nothing."""

import pytest

from inbox.dependence import find_dependence
from inbox.phrases import fold_sentences
from inbox.sentences import split_sentences


def depends(text: str) -> bool | None:
    reading = find_dependence(fold_sentences(text, split_sentences(text)))
    return reading.depends if reading else None


NOT_DEPENDENT = """
Van de provincie krijgen we geen cent.
van gemeente of provincie ontvangen we niets
De provincie speelt bij ons financieel geen rol.
De provincie heeft er nooit een dubbeltje in gestoken.
We hebben eenmalig een startsubsidie van de provincie gehad, daarna niets meer.
Wij zijn niet afhankelijk van provinciale subsidie.
We krijgen geen subsidie, van niemand.
Provinciaal geld gebruiken we niet.
Overheidsgeld komt er niet aan te pas.
We draaien volledig zonder subsidie.
provincie: nee
Met de provincie hebben we niets te maken, financieel dan.
De provincie heeft ons ooit een duwtje gegeven van 5.000 euro, verder bedruipen we onszelf.
geen subsidie v/d provincie
Wij ontvangen geen enkele overheidssubsidie.
Een bijdrage van de provincie hebben wij nooit aangevraagd.
Ook zonder de provincie redden we het prima.
Wij leunen niet op de provincie.
Subsidie van de provincie is bij ons niet aan de orde.
Van provinciale steun is geen sprake.
We do not receive any money from the province.
We have never had a provincial subsidy.
Od prowincji nie dostajemy żadnych pieniędzy.
Eyaletten para almıyoruz.
Von der Provinz bekommen wir kein Geld.
لا نحصل على أي دعم من المقاطعة
Ми не отримуємо грошей від провінції.
"""

DEPENDENT = """
Zonder de subsidie van de provincie moeten we sluiten.
Wij zijn volledig afhankelijk van de provincie.
De provincie betaalt onze coördinator en als dat stopt, stoppen wij.
De provincie betaalt de begeleider. Houdt dat op, dan houdt het project op.
We leven van een provinciale subsidie.
Ons geld komt voor driekwart van de provincie; valt dat weg dan is het over.
We kunnen niet bestaan zonder provinciegeld.
De provinciale bijdrage houdt ons overeind.
als de provincie de kraan dichtdraait kunnen wij inpakken
we draaien op provinciesubsidie
ja, helaas wel, zonder provincie geen buurtbus
De provincie is onze enige geldschieter.
onze inkomsten: 90% provincie. stopt dat dan is t klaar
Without the provincial grant we would have to close.
We depend on the subsidy from the province.
Bez dotacji z prowincji musimy zamknąć.
Eyaletin desteği olmadan kapanırız.
Ohne den Zuschuss der Provinz müssen wir schließen.
بدون دعم المقاطعة سنغلق
Без субсидії провінції ми закриємося.
"""

NOTHING = """
Bent u van de provincie?
Kunnen wij subsidie van de provincie krijgen?
De provincie heeft ons naar jullie verwezen.
We zoeken geen subsidie maar advies.
Wij krijgen geen subsidie van de gemeente.
We krijgen subsidie van de provincie.
Ik werk bij de provincie Noord-Brabant.
Van de provincie hebben we nog geen antwoord gehad.
We weten niet of we afhankelijk zijn van de provincie.
De gemeente betaalt ons; valt dat weg dan stoppen we.
We hebben subsidie aangevraagd bij de provincie maar nog niets gehoord.
Zonder vrijwilligers kunnen we niet bestaan.
De gemeente heeft geen geld.
De provincie heeft geen loket voor dit soort vragen.
We hopen op een bijdrage van de provincie.
Moeten we onafhankelijk zijn van de provincie?
"""

LEFT_OPEN = """
Zonder de provincie stort het in.
Zonder de provincie zijn we verloren.
Zonder de provincie raken we in de problemen.
Zonder provinciale bijdrage vallen er gaten.
Eerlijk gezegd: zonder de provincie zakt alles in elkaar.
Without the province's support there is no centre.
Without the province, we are lost.
Without provincial money we're finished.
Ohne das Geld der Provinz müssten wir aufhören.
Ohne Provinz sind wir am Ende.
Sans la province, tout s'arrête.
Bez wsparcia prowincji upadniemy.
Без провінції нам кінець.
"""

GOES_ON = """
Zonder provincie.
Zonder de provincie, zoals altijd.
Zonder provinciale steun redden wij het al jaren.
Zonder de provincie komen we gewoon rond.
We draaien al jaren zonder de provincie.
Ook zonder geld van de provincie gaan we door.
Without the province we manage.
Ohne die Provinz geht es auch.
Bez prowincji też sobie poradzimy.
Без провінції ми теж впораємося.
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


@pytest.mark.parametrize("text", lines(LEFT_OPEN))
def test_what_happens_without_the_province_is_asked_unless_they_go_on(text: str) -> None:
    assert depends(text) is not False


@pytest.mark.parametrize("text", lines(GOES_ON))
def test_who_goes_on_without_the_province_does_not_depend(text: str) -> None:
    assert depends(text) is False


def test_an_end_goes_before_an_earlier_push() -> None:
    text = "De provincie betaalde eenmalig mee en betaalt nu de huur. Stopt dat, dan is het einde verhaal."
    assert depends(text) is True
