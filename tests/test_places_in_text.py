"""Which municipality is the writer's own, among all the places that a text names."""

import pytest

from inbox.place_mentions import find_mentions, read_tokens
from inbox.places_in_text import find_place


def municipality(text: str, subject: str = "") -> str | None:
    place = find_place(text, subject)
    return place.municipality if place else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wij zijn een buurthuis in Tilburg.", "Tilburg"),
        ("ons dorpshuis staat in elsendorp", "Gemert-Bakel"),
        ("Gemeente Uden, nu Maashorst", "Maashorst"),
        ("Het gaat om een tuin te Veghel.", "Meierijstad"),
        ("wij komen bij elkaar in werkendam", "Altena"),
        ("den bosch", "'s-Hertogenbosch"),
        ("We zitten in 's Gravenmoer.", "Dongen"),
        ("Onze moestuin ligt in St. Anthonis", "Land van Cuijk"),
        ("Wij wonen in Bergen op Zoom", "Bergen op Zoom"),
        ("Onze wijk is Brouwhuis.", "Helmond"),
        ("waspik hier, we zoeken hulp", "Waalwijk"),
        ("Groeten uit Oploo", "Land van Cuijk"),
        ("De Wouwse kerktoren is van ons allemaal.", "Roosendaal"),
        ("Kan iemand meedenken?\n\nGroet,\nde secretaris, Westerhoven", "Bergeijk"),
        ("Adres: Kerkstraat 1, 5688 AB Oirschot", "Oirschot"),
        ("We are a repair café in Veldhoven.", "Veldhoven"),
        ("Mieszkamy w Tilburgu i szukamy pomocy.", "Tilburg"),
        ("Eindhoven'da bir grubuz.", "Eindhoven"),
        ("Wir sind ein Treff aus Boxmeer.", "Land van Cuijk"),
        ("نحن مجموعة جيران في هيلموند", "Helmond"),
        ("Ми живемо в Бреді", "Breda"),
        ("Onze stichting zit in Eindhovn", "Eindhoven"),
        ("Вся наша група живе у Зевенбергені", "Moerdijk"),
        ("Ми з селища Нюнен", "Nuenen, Gerwen en Nederwetten"),
        ("نلتقي كل يوم أحد في سخايندل", "Meierijstad"),
        ("نحن جيران من تيتيرينغن", "Breda"),
        ("Bergen op Zoom'da bir kahvemiz var.", "Bergen op Zoom"),
        ("Wir sind eine Veldhovener Gruppe.", "Veldhoven"),
        ("Nous habitons Chaam.", "Alphen-Chaam"),
        ("Met hartelijke groet,\nImkers van Sterksel", "Heeze-Leende"),
        ("Dank u wel.\nSV Moergestel", "Oisterwijk"),
        ("Groet,\nPlattelandsvrouwen Haghorst", "Hilvarenbeek"),
        ("Onze kapel van Sint Hubert lekt.", "Land van Cuijk"),
        ("A) Knegsel B) nee", "Eersel"),
        ("Helmond-Oost, en het geld is op.", "Helmond"),
        ("Wij zoeken hulp (vijf buren, Sambeek).", "Land van Cuijk"),
        ("gemeente valkenswaart", "Valkenswaard"),
        ("Wij zijn een vzw in Hoogstraten.", "Hoogstraten"),
        ("Ons plan speelt in Kerkdriel.", "Maasdriel"),
        ("Buurtschap in Putte, vlak bij de grens", "Woensdrecht"),
        ("Wij zoeken hulp bij een plan.", None),
        ("Wij wonen in Brabant, in de Kempen.", None),
    ],
)
def test_own_place(text: str, expected: str | None) -> None:
    assert municipality(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Beste mensen, wij zoeken hulp.", None),
        ("Best, Ana", None),
        ("HR and legal are covered.\n\nBest,\nAna", None),
        ("وافق صاحب المزرعة، وأرسل إلينا مسودة عقد", None),
        ("Dat is best lastig.", None),
        ("Wij wonen in Best en zoeken hulp.", "Best"),
        ("de plannen van gemeente best", "Best"),
        ("Made by hand, with love", None),
        ("Wir warten noch auf den Vorschlag.", None),
        ("Wij zijn geen helden, we zitten gewoon klem.", None),
        ("We zitten in Helden.", "Peel en Maas"),
        ("Onze groep in Made groeit.", "Drimmelen"),
        ("mijn son helpt mee met acht buren", None),
        ("Onze tuin in Son groeit.", "Son en Breugel"),
        ("Buren helpen elkaar in onze straat.", None),
        ("We hebben dorst gekregen van het werk.", None),
        ("wij hebben een schuurtje in mill, wie helpt", "Land van Cuijk"),
        ("dorpsraad reek zoekt raad", "Maashorst"),
        ("we komen uit hank", "Altena"),
        ("het gaat best goed", None),
        ("Wandelen in de bergen doen wij elk jaar.", None),
        ("De gemeente de straten laten vegen lukt niet.", None),
        ("Wij zoeken geld voor rekken, een wasmachine en een jaar huur.", None),
        ("al dat gemeente bellen doet hij in zijn hoofd", None),
        ("Nooit gedaan, wel zin in. Groeten, de buurvrouw", None),
        ("milsbeek (ja limburg, ik weet het)", "Gennep"),
    ],
)
def test_a_place_that_is_an_everyday_word_needs_more_than_the_word(text: str, expected: str | None) -> None:
    assert municipality(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wij willen een dorpstuin zoals in Utrecht.", None),
        ("Ik las over een mooi plan in Amersfoort.", None),
        ("Wij werken samen met Tilburg University.", None),
        ("De Rabobank Helmond heeft nee gezegd.", None),
        ("Harrie van Dommelen, voorzitter", None),
        ("mevr. Van Vessem belt terug", None),
        ("Onze eettafel is in Goirle. Ik las over een eettafel in Breda.", "Goirle"),
        ("Wij in Lierop willen net als in Asten een dorpsbus.", "Someren"),
        ("Bij ons in Sterksel rijdt een deelauto. Someren en Maarheeze willen hetzelfde.", "Heeze-Leende"),
        ("Het is Moergestel en niet Deurne.", "Oisterwijk"),
        ("Onze groepen zitten in Breda en Tilburg.", None),
        ("Van Sleeuwijk tot Woudrichem halen wij kleding op.", "Altena"),
        ("Ik woon in Vessem maar de club is in Hapert.", "Bladel"),
        ("Mieszkam w Goirle, ale spotykamy się w Riethoven.", "Bergeijk"),
        ("Wij zitten in Nijmegen, nee grapje, in Haps.", "Land van Cuijk"),
        ("Eerst zaten we in Wouw en nu in Nispen.", "Roosendaal"),
        ("We moved to Liempde last year and started a choir.", "Boxtel"),
        ("Mijn zus in Utrecht heeft dit ook.", None),
        ("Ik ben oma in Leende en pas vaak op.", "Heeze-Leende"),
        ("Het is zoals het bij ons in Ulicoten altijd gaat.", "Baarle-Nassau"),
        ("Kunt u eens komen kijken in Megen?", "Oss"),
        ("In Lage Zwaluwe zeiden ze: dat busje heb je zo.", None),
        ("In vier wijken van Oss doen ze ons na.", "Oss"),
        ("Onze vraag uit Heeze: wie helpt ons?", "Heeze-Leende"),
        ("Er komt vraag uit Someren om dat daar ook te doen.", None),
        ("Hoe weten we of de kinderen in Valkenswaard er beter van worden?", "Valkenswaard"),
        ("Mijn kinderen in Utrecht doen het ook zo.", None),
        ("Uit Den Bosch, van Gedeputeerde Staten dan, komt niets.", None),
        ("Zonder dat geld uit Den Bosch (provinciehuis dus) gaan we niet dood.", None),
        ("Wij zitten in Den Bosch en de provincie betaalt niets.", "'s-Hertogenbosch"),
        ("Wij krijgen elk jaar 12.000 euro van een fonds uit Den Haag.", None),
        ("Ik studeer in Eindhoven, maar dit gaat over een dorp verderop.", None),
    ],
)
def test_a_place_that_is_only_mentioned_is_not_the_writers(text: str, expected: str | None) -> None:
    assert municipality(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wij zitten in Oosterhout.", "Oosterhout"),
        ("Wij zitten in Oosterhout, bij Nijmegen.", "Overbetuwe"),
        ("Wij wonen in Aalst, gemeente Waalre.", "Waalre"),
        ("Ons dorpshuis in Zeeland zoekt hulp.", "Maashorst"),
        ("Wij wonen in de Schilderswijk van Roosendaal.", "Roosendaal"),
        ("Onze tuin ligt in 't Ven in Veldhoven.", "Veldhoven"),
        ("Wij wonen in Heusden.", "Heusden"),
        ("Ons buurthuis staat in de Schadewijk.", "Oss"),
        ("Wij zitten in de Kruidenbuurt.", None),
        ("Wij werken in de provincie Zeeland.", None),
        ("Wij komen uit Zeeland.", None),
        ("Wij zitten in Zeeland (NB).", "Maashorst"),
        ("Dorpshuis Zeeland (Noord-Brabant)", "Maashorst"),
        ("Wij komen uit Goes (Zeeland).", "Goes"),
    ],
)
def test_names_of_several_places(text: str, expected: str | None) -> None:
    assert municipality(text) == expected


def test_the_subject_counts_when_the_text_names_no_place() -> None:
    assert municipality("Kan iemand ons helpen?", "Kerktoren in Hilvarenbeek") == "Hilvarenbeek"


def test_evidence_is_the_name_as_written() -> None:
    place = find_place("hoi, wij zitten in BOXTEL")
    assert place is not None
    assert (place.evidence, place.province) == ("BOXTEL", "Noord-Brabant")


def test_mentions_are_longest_first_and_keep_their_offsets() -> None:
    text = "Van Loon op Zand naar Son en Breugel"
    mentions = find_mentions(text, read_tokens(text))
    assert [text[slice(*mention.span)] for mention in mentions] == ["Loon op Zand", "Son en Breugel"]
