"""A budget that closes, that will, or that does not, told in words or figures; a question tells nothing."""

import pytest

from inbox.budget_words import find_budget
from inbox.phrases import fold_sentences
from inbox.sentences import split_sentences


def budget(text: str) -> str | None:
    reading = find_budget(fold_sentences(text, split_sentences(text)))
    return reading.budget if reading else None


CLOSING = """
De inkomsten en uitgaven houden elkaar in evenwicht.
We hebben onze financiën goed op orde.
We kunnen prima rondkomen van de entreegelden.
De exploitatie is al drie jaar positief.
Onder aan de streep blijft er elk jaar een klein bedrag over.
Onze begroting is dekkend dankzij de leden.
Wij bedruipen onszelf met de opbrengst van de kantine.
We draaien zonder verlies.
De vaste lasten worden betaald uit de contributie.
We hebben geen tekorten.
De begroting klopt tot op de laatste cent.
onze kas is gezond
ja hoor, sluitend
de centen zijn in orde
Het bestuur heeft een sluitende begroting vastgesteld.
Voor de komende drie jaar is de financiering rond.
We spelen quitte en dat is genoeg.
De boekhouder zegt dat het plaatje klopt.
We hebben een klein overschot op de jaarrekening.
Het tekort van vorig jaar is weggewerkt.
Na jaren van verlies draaien we nu quitte.
Geldzorgen hebben we gelukkig niet.
Wij houden elk jaar iets over voor een uitje.
Van de verkoop van groente kunnen we net de onkosten betalen.
We zijn vrolijk, we zijn met veel, en de kas klopt.
de sommen kloppen, we houwe zelfs een paar tientjes over
Baten 61.000 euro, lasten 60.400 euro.
Onze omzet was 46 mille, de kosten 45 mille.
Our income covers all expenses.
We break even every year.
Nasz budżet się bilansuje.
Budżet jest zamknięty, wychodzimy na zero.
Bütçemiz denk, gelirimiz giderimizi karşılıyor.
Unser Haushalt ist ausgeglichen.
ميزانيتنا متوازنة
Наш бюджет збалансований.
"""

PROSPECT = """
We komen nog 5.000 euro tekort, maar de gemeente heeft mondeling toegezegd bij te springen.
De begroting is nog niet rond, de bank beslist volgende maand en is positief.
Als de sponsor tekent zijn we rond.
Het gat wordt vanaf september gedicht door een nieuwe huurder.
Over twee jaar draaien we kostendekkend.
De begroting is op 3.000 euro na rond.
80 procent van het geld is binnen, voor de rest ligt er een toezegging.
Vanaf volgend jaar sluit de begroting.
We zijn bijna rond: alleen de handtekening van de woningcorporatie ontbreekt nog.
We missen nog 8 mille maar daar heeft de Rabobank al ja tegen gezegd.
The bank said yes in principle if we find two more members, then the budget closes.
We still have a gap of 4,000 euros but the council promised to cover it.
Brakuje nam 3000 euro, ale fundacja obiecała pomoc.
Bütçede 2000 euro açık var ama belediye söz verdi.
Uns fehlen noch 5.000 Euro, die Gemeinde hat sie aber zugesagt.
Het tekort van 7.000 wordt waarschijnlijk gedekt door het waterschap.
De gemeente heeft in principe ja gezegd tegen de huurverlaging en dan komen we uit.
"""

NOT_CLOSING = """
We komen elk jaar duizenden euro's tekort.
De begroting sluit niet en we weten niet hoe het verder moet.
Er zit een gat van 12 mille in de begroting.
We staan in de rode cijfers.
We draaien al jaren met verlies.
Het geld is bijna op en we hebben geen idee waar we nieuw vandaan moeten halen.
Elke maand moet er geld bij.
Onze begroting is niet sluitend.
we redden het financieel niet meer
de sommetjes kloppen van geen kant
't kumt nie rond, elk jaor motte we geld bijlegge
Inkomsten 20.000 euro, uitgaven 27.500 euro.
In: 10.000. Uit: 19.000.
De restauratie kost 28.000 euro en we hebben 3.500. Hoe dat verder moet weten we niet.
Hoe dichten we het gat van 15.000 euro in onze begroting?
Hoe we de begroting sluitend krijgen weten we niet.
We are losing money every month and see no way out.
Co roku brakuje nam pieniędzy i nie wiemy skąd je wziąć.
Bütçemiz açık veriyor, çözüm yok.
Uns fehlen jedes Jahr 10.000 Euro und wir wissen nicht woher.
لدينا عجز كبير ولا نعرف كيف نحله
У нас дефіцит, і ми не знаємо, де взяти гроші.
"""

NOTHING = """
Of de begroting sluit, weet ik niet.
Of de exploitatie rondkomt weten we nog niet.
Hoe krijgen we de begroting sluitend?
We willen graag quitte draaien.
wie kan ons helpen om de begroting rond te krijgen
Kunnen jullie helpen om een begroting op te stellen?
We willen weten of onze begroting sluit.
Wij komen vrijwilligers tekort.
De begroting stuur ik later.
We zoeken geld voor een nieuwe keuken.
Wij hebben geen geld nodig.
Moet de begroting sluitend zijn om mee te doen?
Onze jaarbegroting is 40.000 euro.
Wij helpen mensen met schulden die niet rondkomen.
Wij koken voor mensen die moeilijk rondkomen.
Mensen die net rondkomen kunnen hier terecht.
We komen moeilijk rond.
Het café in ons dorp sluit.
De cijfers over eenzaamheid kloppen volgens mij niet.
In onze wijk komen gezinnen elke maand geld tekort.
Er zit een gat in het dak.
Ons verhaal moet kloppen en rond zijn.
De vergunning is rond, de bouwer heeft getekend.
Het komt goed uit als jullie dinsdag bellen.
De bus is betaald door de Lions.
Voor de verbouwing is 200.000 euro nodig.
Volgens de verkoper spelen we in 9 jaar quitte.
"""


def lines(block: str) -> list[str]:
    return block.strip().split("\n")


@pytest.mark.parametrize("text", lines(CLOSING))
def test_closing(text: str) -> None:
    assert budget(text) == "closing"


@pytest.mark.parametrize("text", lines(PROSPECT))
def test_prospect(text: str) -> None:
    assert budget(text) == "prospect"


@pytest.mark.parametrize("text", lines(NOT_CLOSING))
def test_not_closing(text: str) -> None:
    assert budget(text) == "not_closing"


@pytest.mark.parametrize("text", lines(NOTHING))
def test_nothing_told(text: str) -> None:
    assert budget(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We hadden een gat van 9.000 euro. Dat tekort is inmiddels opgelost.", "closing"),
        ("Vorig jaar hielden we geld over.", "closing"),
        ("Vorig jaar draaiden we verlies.", "not_closing"),
        ("De kas klopt. Maar volgend jaar missen we 22.000 euro.", None),
        ("Er is een tekort. Dat zoekt de penningmeester uit. De gemeente heeft het toegezegd.", "prospect"),
        ("We hebben werkelijk geen idee hoe het verder moet.", None),
    ],
)
def test_several_sentences_together(text: str, expected: str | None) -> None:
    assert budget(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Inkomsten: gemeente 14.000, verhuur 8.500, samen 22.500.\nUitgaven: 34.000.", "not_closing"),
        ("Inkomsten: gemeente 14.000, verhuur 8.500.\nUitgaven: 34.000.", None),
        ("our costs are 7,100 and so is the income", "closing"),
        ("Er gaat per jaar 6.300 uit (huur en thee) en er komt 6.410 binnen.", "closing"),
        ("8.400 eruit, 8.400 erin, waarvan 2.000 van de slager", "closing"),
        ("5.000 uit, 4.000 in", "not_closing"),
        ("Loonkosten 88.000, omzet 91.500.", "closing"),
        ("De schuur kost jaarlijks 3.800 en brengt 2.200 op.", "not_closing"),
        ("Zaal 4.000, kerk 2.500, samen 6.500; lasten 6.500.", "closing"),
        ("Kerk 2.000, kermis 1.000, koek 3.100. Uitgaven 6.050.", "closing"),
        ("Kerk 2.000. Uitgaven 6.050.", None),
        ("Het orgel is 5.000 euro. De kosten zijn 5.000 euro.", None),
        ("3 ton omzet, 3 ton en 8 duizend kosten", None),
        ("300 mensen erin, 250 eruit", None),
        ("De kosten waren in 2025 hoog.", None),
        ("Een kop soep kost 2 euro, de opbrengst is 60.", None),
    ],
)
def test_figures(text: str, expected: str | None) -> None:
    assert budget(text) == expected


def test_the_reading_rests_on_a_sentence_of_the_text() -> None:
    text = "Dag! Onze begroting sluit precies. Wij zoeken een bestuur."
    sentences = fold_sentences(text, split_sentences(text))
    reading = find_budget(sentences)
    assert reading is not None
    assert text[slice(*reading.sentence.span)] == "Onze begroting sluit precies."
