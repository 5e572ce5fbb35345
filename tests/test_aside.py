"""What is no question for us: an offer goes to the coordinator, all else gets a pointer, the same in each channel."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.settings import Programme
from bot.store import cases
from bot.store.letters import KeptLetter
from bot.story import Story
from inbox.wants_person import wants_person
from tests.channel_talk import chat_of, mails, says, to
from tests.initiator_talk import somebody
from tests.mails import SHOP

COORDINATOR = Programme().coordinator
OFFER = "Ik ben gepensioneerd jurist en wil mijn kennis gratis aanbieden aan initiatieven in Brabant."
POINTERS = (
    ("Ik wil mijn paspoort verlengen. Waar kan ik een afspraak maken?", "gemeente"),
    ("Kan ik bij jullie solliciteren? Hebben jullie een vacature voor mij?", "vacature"),
    ("De straatlantaarn voor mijn huis is al een week kapot, kunt u die maken?", "gemeente"),
)

CHANNELS: dict[str, tuple[str, Callable[[Story, str], list[KeptLetter]]]] = {
    "mail": (SHOP, lambda story, words: mails(story, SHOP, words)),
    "telegram": (chat_of(77), lambda story, words: says(story, 77, words)),
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_offer_is_thanked_for_and_put_before_the_coordinator(story: Story, channel: str) -> None:
    address, write = CHANNELS[channel]
    written = write(story, OFFER)
    assert [one.template for one in to(written, address)] == ["offer_thanks"]
    (told,) = to(written, COORDINATOR)
    assert "gepensioneerd jurist" in told.text
    assert cases.of_initiator(story.db, address) == []


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("words", "who"), POINTERS)
def test_what_is_not_ours_gets_a_pointer_to_who_can_help(story: Story, channel: str, words: str, who: str) -> None:
    address, write = CHANNELS[channel]
    (letter,) = write(story, words)
    assert (letter.template, letter.recipient) == ("pointer", address)
    assert who in letter.text
    assert cases.of_initiator(story.db, address) == []


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "words", ["Kan ik een mens spreken?", "Ben jij een robot?", "Can I talk to a real person please?"]
)
def test_who_wants_a_person_gets_one_and_opens_no_question(story: Story, channel: str, words: str) -> None:
    address, write = CHANNELS[channel]
    written = write(story, words)
    assert [one.template for one in to(written, address)] == ["person_asked"]
    assert words in to(written, COORDINATOR)[0].text
    assert cases.of_initiator(story.db, address) == []


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("Mag ik met een medewerker praten?", True),
        ("Chcę rozmawiać z człowiekiem", True),
        ("Bir insanla konuşmak istiyorum", True),
        ("Чи можна поговорити з людиною?", True),
        ("هل أنت روبوت؟", True),
        ("We zoeken iemand die met ons over een begroting wil praten.", False),
        ("Ieder mens telt in onze buurt.", False),
        ("Wij bouwen met jongeren een robot en willen een medewerker aannemen.", False),
    ],
)
def test_asking_for_a_person_is_told_from_asking_for_help(text: str, wants: bool) -> None:
    assert wants_person(text) is wants


def test_on_a_page_the_same(story: Story) -> None:
    page = somebody(story)
    assert [one.template for one in page.says(OFFER)] == ["offer_thanks"]
    assert [one.template for one in page.says(POINTERS[0][0])] == ["pointer"]
