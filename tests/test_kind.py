"""The kind of a message is recognised, in the languages of the province, and never surer than it may be."""

import numpy as np
import pytest

from expertise.topics import shipped_topics
from inbox.kind import KINDS, Kind, message_marks, phrase_probabilities, support_wanted, without_words
from inbox.sentences import split_sentences
from inbox.understanding import understand
from matcher.encoder import Encoder
from tests.message_builder import message

PLAIN: tuple[tuple[Kind, str], ...] = (
    ("request", "Wij zoeken fondsen die willen meebetalen aan het dak van ons dorpshuis. Wie kan ons daarbij helpen?"),
    (
        "vague_request",
        "Wij zijn een groep bewoners en willen graag hulp, maar weten nog niet waarmee. Kunnen we eens praten?",
    ),
    (
        "status",
        "Vorige maand heb ik een vraag gestuurd over onze statuten. Hoe staat het daarmee? Ik heb nog niets gehoord.",
    ),
    ("withdraw", "Wij trekken onze aanvraag in, want we zijn gestopt. U hoeft niet verder te zoeken."),
    ("privacy", "Welke persoonsgegevens bewaren jullie van mij? Ik wil dat ze worden verwijderd."),
    ("offer", "Ik ben gepensioneerd accountant en bied gratis mijn hulp aan initiatieven aan."),
    ("thanks", "Hartelijk bedankt voor jullie snelle hulp!"),
    ("out_of_scope", "Ik wil mijn paspoort verlengen. Waar kan ik een afspraak maken?"),
    ("spam", "Uw account is geblokkeerd. Klik hier en bevestig uw wachtwoord binnen 24 uur."),
)


@pytest.mark.parametrize(("kind", "text"), PLAIN)
def test_a_plain_message_of_each_kind(kind: Kind, text: str, encoder: Encoder) -> None:
    (found,) = understand([message(text, channel="chat")], shipped_topics(), encoder.read)
    assert found.kind == kind
    assert 0 < found.kind_confidence <= 1


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("status", "Hello, we sent you a question six weeks ago and heard nothing. Any news?"),
        ("privacy", "Proszę o usunięcie moich danych osobowych z Państwa bazy."),
        ("thanks", "Yardımınız için çok teşekkür ederiz!"),
        ("thanks", "شكرا جزيلا على مساعدتكم"),
    ],
)
def test_kinds_in_other_languages(kind: Kind, text: str, encoder: Encoder) -> None:
    (found,) = understand([message(text, channel="chat")], shipped_topics(), encoder.read)
    assert found.kind == kind


def test_what_a_machine_wrote_is_automatic_whatever_it_says(encoder: Encoder) -> None:
    machine = message("Wij zoeken fondsen voor ons dak.", automatic="auto_submitted")
    (found,) = understand([machine], shipped_topics(), encoder.read)
    assert (found.kind, found.kind_confidence, found.needs) == ("automatic", 1.0, ())


def test_a_message_without_words_gets_a_careful_kind() -> None:
    assert without_words(message("")) == ("vague_request", 0.3)
    assert without_words(message("👍")) == ("thanks", 0.3)
    assert without_words(message("ok")) is None
    assert without_words(message("", subject="hulp")) is None


def test_phrases_count_for_their_kind_and_twice_at_most() -> None:
    text = "Hoe staat het? Al iets bekend? Nog niets gehoord. In behandeling?"
    marks = message_marks(message(text), split_sentences(text))
    assert marks[KINDS.index("status")] == 2
    assert KINDS[int(phrase_probabilities(marks).argmax())] == "status"


def test_probabilities_of_kinds_add_up(encoder: Encoder) -> None:
    marks = message_marks(message("Hallo"), ((0, 5),))
    assert phrase_probabilities(marks).sum() == pytest.approx(1)
    assert np.isfinite(marks).all()


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        ({"request": 0.40, "offer": 0.60}, True),
        ({"request": 0.25, "offer": 0.75}, False),
        ({"request": 0.20, "vague_request": 0.20, "out_of_scope": 0.60}, True),
        ({"vague_request": 0.10, "out_of_scope": 0.90}, False),
        ({"request": 0.40, "withdraw": 0.60}, False),
        ({"request": 0.30, "offer": 0.32, "status": 0.38}, False),
    ],
)
def test_who_may_be_asking_is_not_turned_away(chances: dict[Kind, float], expected: bool) -> None:
    assert support_wanted(np.asarray([chances.get(kind, 0.0) for kind in KINDS], dtype=np.float32)) is expected
