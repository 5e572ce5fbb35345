"""Who asks in the plainest words is understood as well: learned from stories, the product must not need one."""

import pytest

from expertise.topics import shipped_topics
from inbox.understanding import understand
from matcher.encoder import Encoder
from tests.message_builder import message

PLAIN = (
    ("governance", "Wie helpt ons met de statuten?"),
    ("financing", "Kunnen jullie ons helpen met een businessplan?"),
    ("contracts", "Wie kan ons helpen met het huurcontract met de gemeente?"),
    ("impact", "Wij zoeken iemand die ons helpt met impact meten."),
    ("dialogue", "Hoe betrekken we de buurt bij ons plan?"),
    ("learning", "Onze vrijwilligers willen een training. Kunnen jullie helpen?"),
    ("network", "Zijn er andere zorgcoöperaties waarmee we kunnen uitwisselen?"),
    ("data", "Wie helpt ons met cijfers over onze wijk?"),
    ("scaling", "Hoe kunnen we groeien naar een tweede locatie?"),
    ("communication", "Wie helpt ons met een website?"),
    ("care_technology", "Wij zoeken hulp bij domotica in ons zorghuis."),
)


@pytest.mark.parametrize(("need", "text"), PLAIN)
def test_a_plain_request_is_understood(need: str, text: str, encoder: Encoder) -> None:
    (found,) = understand([message(text)], shipped_topics(), encoder.read)
    assert found.kind == "request"
    assert need in {each.code for each in found.needs}


def test_wanting_to_talk_about_a_plan_stays_vague(encoder: Encoder) -> None:
    (found,) = understand([message("Wij hebben een plan. Kunnen jullie helpen?")], shipped_topics(), encoder.read)
    assert found.kind == "vague_request"
    assert found.needs == ()
