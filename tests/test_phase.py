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
        ("We willen een prototype bouwen.", None),
        ("Kunnen jullie met ons ideeën bedenken?", None),
        ("Vorig jaar zaten we in fase 1.", None),
        ("Wij zoeken hulp bij een bestuur.", None),
        ("Fase 1 en fase 2 lopen bij ons door elkaar.", None),
    ],
)
def test_phase(text: str, expected: int | None) -> None:
    reading = find_phase(fold_sentences(text, split_sentences(text)))
    assert (reading.phase if reading else None) == expected
