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
Er komt bij ons evenveel binnen als er uitgaat.
Er gaat precies zoveel uit als erin komt.
De inkomsten en uitgaven waren steeds gelijk.
Bij ons is het nul in, nul uit.
De vlooienmarkt brengt 300 euro meer op dan de zaal kost.
We hebben dit jaar 250 euro meer verdiend dan we uitgaven.
Er blijft niks over maar wij komen er net.
Wij houden geen cent over en komen geen cent tekort.
In december is alles op en alles betaald.
Van de statiegeldflessen houden we zelfs een barbecue over.
De drukker betaalt nu mee, dus de begroting was krap maar hij klopt weer.
Ja, het sluit.
Het geld klopt.
Onze cijfers staan groen.
De begroting is tot 2031 dichtgetimmerd met twee kerken.
Het tekort is inmiddels door de harmonie gedekt.
Het geld is er al.
Van de losse giften redden we het.
Wir legen alles in die Dose und das reicht genau.
Naszą kasę mamy w porządku, co do grosza się zgadza.
Kasamız denk.
Le budget est équilibré.
We end every year on zero.
Nothing is left over and nothing is missing: nothing left, nothing short.
Wat er maandelijks uitgaat komt er aan lidgeld weer in.
De boomgaard verdient wat het clubhuis kost.
Met de appelverkoop komen we uit de kosten.
We kunnen ervan rondkomen, al is het geen vetpot.
Van de giften redden we het royaal.
Wij houden het hoofd boven water.
De naaikamer houdt de eigen broek op.
Elke factuur wordt netjes voldaan.
De contributie dekt de huur, het licht en de verzekering.
Rood hebben we nog nooit gestaan.
Geld is er, tijd niet.
Geld hebben we genoeg, handen te weinig.
Het ontbreekt ons niet aan geld maar aan handen.
Met de kas zit het snor.
Op papier klopt het.
De exploitatie is tot en met 2032 geregeld.
De penningmeester slaapt goed.
De penningmeester zegt dat het klopt.
The choir pays its own way.
"""

PROSPECT = """
De berekening klopt, mits we 10.000 euro eigen inleg ophalen.
We komen dit jaar nog niet uit, maar vanaf maart betaalt de verzekeraar mee.
Er is een gat van 6.000 euro, het contract met de nieuwe huurder ligt klaar.
De begroting is nog niet dekkend, de Lions hebben het laatste deel schriftelijk toegezegd.
Nu leggen we er 500 euro per maand op toe, vanaf januari huurt de school de zaal en dan is het genoeg.
Zodra de lening rond is sluit de begroting.
We missen nog 700 euro, maar de smid heeft gezegd dat hij dat bijpast.
Er ontbreekt 1.500 euro en dat wordt in april betaald door de schutterij.
We hebben 2.000 euro te weinig, de scouting neemt dat bedrag voor haar rekening.
De sente zèn nog nie rond, mar de gemeente hee 't toegezeed.
De bank denkt dat we het vanaf volgend jaar redden.
De accountant verwacht dat we in 2027 quitte draaien.
Met de inschrijvingen van nu gaat het lukken.
Nu is het nog sappelen, maar per 1 maart huurt de muziekschool de zaal.
Wat er nu nog ontbreekt legt de corporatie vanaf mei bij.
Het gat wordt in april gedicht door de corporatie.
Nu leggen we nog 90 euro per maand toe, maar de huurovereenkomst met de fysio is getekend.
Het laatste stukje komt in juni van de loterij.
Brakuje nam 300 euro, ale od marca szkoła wynajmuje salę.
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
Wij leggen er ieder jaar een kleine achthonderd euro bij.
Al jaren leggen we er uit de spaarpot flink wat op toe.
We geven elk jaar meer uit dan we ophalen.
Iedere maand te weinig, en hoe het anders moet weten we niet.
De penningmeester heeft in het voorjaar een kas met een gat en niemand weet raad.
Er staat nog 2.500 euro open en niemand heeft een antwoord.
Onze kas rammelt.
Er zit een gat van 3.000 euro in de begroting dat wij niet weten te dichten.
Het geld is er niet en het komt er ook niet, daarna is er niks.
We weten niet hoe we de huur moeten betalen.
De kosten stijgen sneller dan de entree.
De energierekening kunnen we niet meer opbrengen.
We kunnen de rekeningen niet betalen.
Onbetaalde rekeningen, dat is wat we hebben.
Het bad kost ons meer dan de kaartjes opbrengen.
We draaien op de creditcard van de voorzitter.
We moeten elke maand bijpassen.
De huur betaal ik uit mijn pensioen en een andere oplossing is er niet.
We leven van de hand in de tand en zien er geen eind aan.
We staan in het krijt bij de bakker.
Aan geld een groot gebrek.
Financieel gaat het niet lukken.
We missen 5.000 euro, de fondsen hebben bedankt.
300 im Monat fehlen und keiner weiß, woher.
الميزانية ناقصة ولا نعرف الحل
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
Geld is er.
Ik neem mijn eigen boterham mee.
De lezing komt uit in België.
Het eten betalen we zelf.
Wij redden dat wel met z'n vieren.
Uw begroting sluit niet? Bel ons voor een lening.
Ik help graag groepen die hun exploitatie niet rond krijgen.
Geef mij twee clubs met een gat in de begroting.
De huur is geregeld tot 2031.
Stuur het maar op, dan komt het goed.
Geld klopt ja of nee, dat is een moeilijke vraag.
Wij doppen onze eigen boontjes.
Hoe houden we het hoofd boven water?
Veel gezinnen hier kunnen de rekeningen niet betalen.
We willen op eigen benen staan.
De verzekering wil mijn kraam niet betalen.
Dat zit er niet in.
Iemand moet de nieuwe pannen nog betalen.
Wat wij missen is iemand die kan tellen.
De bank is tevreden.
Ik betaal het zwembad uit eigen zak.
In mei begint de nieuwe kok.
Onze kosten tot vandaag: 340 euro, betaald door de voetbalclub.
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
