"""The design phase that a writer tells, from looking around to improving; plans for later do not count."""

import pytest

from inbox.phase import find_phase
from inbox.phrases import fold_sentences
from inbox.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We zitten in fase 2.", 2),
        ("stap drie zo ongeveer", 3),
        ("we zijn nog vooral aan het kijken en luisteren", 1),
        ("Wij zijn aan het onderzoeken wat er speelt in de wijk.", 1),
        ("We zijn bezig de opdracht scherp te formuleren.", 2),
        ("Wij weten nu precies wat het probleem is.", 2),
        ("We zijn ideeën aan het verzinnen.", 3),
        ("Op dit moment bouwen we het eerste prototype.", 4),
        ("Een eerste proefopstelling staat in de gymzaal.", 4),
        ("We testen nu vier maanden en stellen elke week iets bij.", 5),
        ("We zijn een half jaar aan het proefdraaien.", 5),
        ("Wij observeren voorlopig alleen.", 1),
        ("We willen eerst snappen waar het misgaat.", 1),
        ("We zitten nog in de luisterfase.", 1),
        ("Wir beobachten zurzeit nur.", 1),
        ("Na razie słuchamy mieszkańców.", 1),
        ("نحن نراقب فقط.", 1),
        ("De opgave is afgebakend, hoe het eruit gaat zien weten we niet.", 2),
        ("We scherpen deze weken de opdracht aan.", 2),
        ("We have defined the problem, no solutions yet.", 2),
        ("Görevimizi tanımladık, çözümler henüz yok.", 2),
        ("De opgave is helder. Nu zijn we ideeën aan het verzinnen.", 3),
        ("We buigen ons over mogelijke varianten.", 3),
        ("We are collecting ideas at the moment.", 3),
        ("Зараз придумуємо рішення.", 3),
        ("We zijn een eerste model aan het lassen, wie kan er helpen?", 4),
        ("Een maquette staat in de bibliotheek.", 4),
        ("Wir bauen gerade den ersten Prototyp.", 4),
        ("Şimdi ilk prototipi yapıyoruz.", 4),
        ("We hebben een prototype en testen het bij zes gezinnen.", 5),
        ("Elke maand passen we iets aan.", 5),
        ("Wij zijn aan het bijschaven (al een jaar).", 5),
        ("Testujemy i co tydzień coś zmieniamy.", 5),
        ("Щотижня щось змінюємо і тестуємо.", 5),
        ("We willen een prototype bouwen.", None),
        ("We willen samen met de school en de buren uit de straat een prototype bouwen.", None),
        ("Wij zoeken studenten die een paar prototypes maken.", None),
        ("Jullie student die een prototype heeft gemaakt was fijn.", None),
        ("We zijn aan het uitzoeken welke rechtsvorm past.", None),
        ("De eerste versie van de begroting is klaar.", None),
        ("We gaan nu naar de volgende stap: een tweede huis.", None),
        ("Dat is het probleem.", None),
        ("Ze zeggen elke week wat anders.", None),
        ("Ideeën verzinnen doen we later wel.", None),
        ("De proefperiode is afgelopen.", None),
        ("Kunnen jullie met ons ideeën bedenken?", None),
        ("Vorig jaar zaten we in fase 1.", None),
        ("Wij zoeken hulp bij een bestuur.", None),
        ("Fase 1 en fase 2 lopen bij ons door elkaar.", None),
    ],
)
def test_phase(text: str, expected: int | None) -> None:
    reading = find_phase(fold_sentences(text, split_sentences(text)))
    assert (reading.phase if reading else None) == expected
