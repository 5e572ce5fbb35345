"""An initiator forgets to answer: one kind reminder, a polite end much later, and always a way back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.local_box import KeptLetter
from bot.store import cases, pool, proposals
from bot.story import Story, letter_to
from matcher.proposal import Case
from tests.accepted_cases import accepted_case
from tests.clock_time import at, on, until, written
from tests.initiator_talk import Talk, somebody
from tests.initiator_talk import templates as kinds
from tests.mails import INCOMPLETE, SHOP, mail
from tests.proposed_cases import person, the_case

CLOSED = at(23, 11, month=12)
FACTS = "1. In Oss\n2. Ja, de begroting sluit\n3. Nee, van de provincie hebben we niets nodig\n4. Ja"

STILL = "Sorry voor de stilte. Wie kan ons helpen om een goed gesprek met de buurt te voeren?"


def asked(story: Story) -> KeptLetter:
    """A mail with too little in it, and our letter that asks for the rest."""
    return letter_to(story.mail_arrives(mail(INCOMPLETE, now=story.now)), SHOP)


def asleep(story: Story) -> KeptLetter:
    """The same, and nobody answers until the case is closed; returns the last letter."""
    asked(story)
    return until(story, CLOSED)[-1]


def test_one_reminder_with_the_same_questions_after_five_working_days(story: Story) -> None:
    first = asked(story)
    assert until(story, at(20, 12)) == []
    (reminder,) = on(story, at(23))
    assert reminder.recipient == SHOP
    assert reminder.subject.startswith("We wachten nog op je antwoord")
    for words in ("In welke gemeente", "Sluit je begroting", "Antwoord gerust later", "op 21 december 2026 af"):
        assert words in reminder.text
    assert until(story, at(18, month=12)) == []
    story.answer(first, FACTS)
    case = the_case(story)
    assert (case.state, case.consent) == ("proposed", True), "the first letter can still be answered"


def test_an_answer_to_the_reminder_counts_as_any_other(story: Story) -> None:
    asked(story)
    (reminder,) = on(story, at(23, 11))
    story.answer(reminder, FACTS)
    assert (the_case(story).state, the_case(story).consent) == ("proposed", True)


def test_who_asks_how_it_stands_has_not_gone(story: Story) -> None:
    letter = asked(story)
    until(story, at(20, 12))
    story.answer(letter, "Hoe staat het met onze vraag?")
    assert [each for each in until(story, at(26)) if "We wachten nog" in each.subject] == []
    assert subjects_of(on(story, at(27, 13))) == ["We wachten nog op je antwoord"]


def subjects_of(letters: list[KeptLetter]) -> list[str]:
    return [letter.subject.partition(" (")[0] for letter in letters]


def test_long_after_that_the_case_is_closed_without_a_refusal(story: Story) -> None:
    letter = asleep(story)
    assert letter.subject.startswith("We ronden je vraag af")
    assert "Dat is geen afwijzing." in letter.text
    assert the_case(story).state == "closed"
    assert until(story, at(31, month=12)) == []
    assert written(story) == ["question", "initiator_reminder", "case_closed"]


@pytest.mark.parametrize("answers", [0, 1, 2])
def test_an_answer_after_all_opens_the_case_again(story: Story, answers: int) -> None:
    letters = [asked(story), *until(story, CLOSED)]
    story.answer(letters[answers], FACTS)
    case = the_case(story)
    assert (case.state, case.facts.municipality) == ("proposed", "Oss")


def test_words_without_an_answer_open_it_too_and_ask_once_more(story: Story) -> None:
    sent = story.answer(asleep(story), STILL)
    assert the_case(story).state in ("asking", "review")
    assert letter_to(sent, SHOP)


def test_thanks_open_nothing(story: Story) -> None:
    assert story.answer(asleep(story), "Dank je wel voor het bericht.") == []
    assert the_case(story).state == "closed"


def test_another_question_is_a_case_of_its_own(story: Story) -> None:
    story.answer(
        asleep(story),
        "Wij zoeken iemand die ons helpt met de statuten en de rolverdeling in het bestuur van onze stichting in"
        " Helmond. De begroting sluit en van de provincie hebben we niets nodig.",
    )
    newer, older = cases.of_initiator(story.db, SHOP)
    assert older.state == "closed"
    assert "governance" in {need.code for need in newer.needs}


# A match waits for consent


def waits_for_consent(story: Story) -> Case:
    case = accepted_case(story, SHOP, "mail")
    story.go_on()
    return case


def test_consent_is_asked_once_more_and_a_yes_introduces(story: Story) -> None:
    waits_for_consent(story)
    (reminder,) = on(story, at(23, 11))
    assert "Mogen we deze expert je naam en contactgegevens geven?" in reminder.text
    assert "Kies hier ja of nee" in reminder.text
    story.answer(reminder, "Ja, dat mag.")
    assert the_case(story).state == "introduced"


def test_without_consent_the_case_ends_the_expert_has_room_again_and_the_adviser_hears_so(story: Story) -> None:
    waits_for_consent(story)
    accepted = proposals.accepted_of_case(story.db, 1)
    assert accepted is not None
    assert pool.loads(story.db)[accepted.expert_id] == 1
    sent = until(story, CLOSED)
    told = letter_to(sent, person(story, accepted.adviser_id).email)
    assert "Daarom ronden we de vraag nu af." in told.text
    assert (the_case(story).state, pool.loads(story.db)) == ("closed", {})


def test_consent_after_all_goes_past_an_adviser_once_more(story: Story) -> None:
    waits_for_consent(story)
    letter = [each for each in until(story, CLOSED) if each.recipient == SHOP][-1]
    sent = story.answer(letter, "Ja hoor, dat mag.")
    case = the_case(story)
    assert (case.state, case.consent) == ("proposed", True)
    proposal = next(each for each in sent if each.subject.startswith("Voorstel"))
    story.answer(proposal, "Ja, doe maar.")
    assert the_case(story).state == "introduced"
    assert sum(pool.loads(story.db).values()) == 1, "a case that was opened again counts"


# In a live conversation


@pytest.fixture
def sam(story: Story) -> Talk:
    return somebody(story)


def test_on_a_page_the_reminder_has_the_choices_and_the_end_a_way_back(sam: Talk, story: Story) -> None:
    sam.says(INCOMPLETE)
    sam.presses("right")
    sam.says("Oss")
    until(story, at(24, 12))
    assert sam.read_so_far()[-1] == "initiator_reminder"
    assert ("budget", "closing") in sam.offered()
    until(story, at(28, 12, month=12))
    assert sam.read_so_far()[-1] == "case_closed"
    assert kinds(sam.presses("carry_on")) == ["question"]
    assert sam.case().state == "asking"


def test_on_a_page_plain_words_answer_after_the_end(sam: Talk, story: Story) -> None:
    sam.says(INCOMPLETE)
    sam.presses("right")
    until(story, at(28, 12, month=12))
    assert sam.case().state == "closed"
    sam.says("Oss")
    assert (sam.case().state, sam.case().facts.municipality) == ("asking", "Oss")


def test_the_consent_button_of_the_reminder_works_and_ja_behind_it_too(story: Story) -> None:
    for press in (True, False):
        talk = somebody(story)
        accepted_case(story, talk.address, "web")
        until(story, story.now + timedelta(days=8))
        assert talk.read_so_far()[-1] == "initiator_reminder"
        if press:
            talk.presses("consent", "yes")
        else:
            talk.says("Ja")
        assert talk.case().state == "introduced"
