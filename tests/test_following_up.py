"""After an introduction: did it help, which phase now, what next; and what the answers lead to."""

from __future__ import annotations

import pytest

from bot.initiator import following_up
from bot.store import cases, follow_ups, proposals
from bot.store.database import transaction
from bot.story import Story, letter_to
from matcher.proposal import Case
from tests.accepted_cases import accepted_case, case_now, turn_of
from tests.initiator_talk import Talk, somebody, templates
from tests.mails import SHOP

NEW_QUESTION = (
    "We gaan nu bouwen. We zoeken hulp bij een contract met de gemeente over het gebruik van het gebouw,"
    " wie kan dat met ons opstellen?"
)


@pytest.fixture
def sam(story: Story) -> Talk:
    talk = somebody(story)
    accepted_case(story, talk.address, "web")
    talk.presses("consent", "yes")
    assert talk.case().state == "introduced"
    asks(story, talk.case())
    return talk


def asks(story: Story, case: Case) -> None:
    with transaction(story.db):
        following_up.ask_how_it_went(turn_of(story, f"follow_up:{case.id}", case.channel), case)


def test_it_helped_and_the_case_is_finished(sam: Talk) -> None:
    assert sam.read_so_far()[-1] == "follow_up"
    (phase,) = sam.presses("helped", "yes")
    assert "Waar ben je nu" in phase.text
    (following,) = sam.presses("phase", "4")
    assert "Wat ga je nu doen?" in following.text
    (thanks,) = sam.says("We gaan verder met de proef.")
    assert "Je vraag is nu klaar" in thanks.text
    case = sam.case()
    assert (case.state, case.facts.phase) == ("closed", 4)
    told = follow_ups.of_case(sam.story.db, case.id)
    assert told is not None
    assert (told.helped, told.phase, told.next) == ("yes", 4, "We gaan verder met de proef.")


def test_words_answer_as_well_and_not_knowing_is_an_answer(sam: Talk) -> None:
    sam.says("Ja, heel fijn gesprek gehad")
    sam.says("weet ik niet")
    sam.presses("next", "nothing")
    case = sam.case()
    assert (case.state, case.facts.phase) == ("closed", None)


def test_it_did_not_help_and_another_expert_is_looked_for(sam: Talk) -> None:
    before = proposals.accepted_of_case(sam.story.db, sam.case().id)
    assert before is not None
    sam.presses("helped", "no")
    sam.presses("phase", "unknown")
    (again,) = sam.says("We zoeken nog steeds iemand")
    assert "andere expert" in again.text
    sam.presses("again", "yes")
    case = sam.case()
    now = proposals.open_of_case(sam.story.db, case.id)
    assert now is not None
    assert (case.state, case.consent) == ("proposed", None)
    assert now.expert_id != before.expert_id


def test_no_other_expert_is_wanted(sam: Talk) -> None:
    for action, value in (("helped", "partly"), ("phase", "2"), ("next", "nothing")):
        sam.presses(action, value)
    assert templates(sam.says("nee hoor")) == ["follow_up"]
    assert sam.case().state == "closed"


def test_a_new_question_becomes_a_second_case(sam: Talk) -> None:
    sam.presses("helped", "yes")
    sam.presses("phase", "3")
    sam.says(NEW_QUESTION)
    newer, older = cases.of_initiator(sam.story.db, sam.address)
    assert (older.state, newer.state) == ("closed", "asking")
    assert "contracts" in {need.code for need in newer.needs}


def test_by_mail_all_is_asked_at_once(story: Story) -> None:
    case = accepted_case(story, SHOP, "mail")
    story.answer(letter_to(story.go_on(), SHOP), "Ja, dat mag.")
    assert case_now(story, case).state == "introduced"
    asks(story, case_now(story, case))
    letter = letter_to(story.go_on(), SHOP)
    for words in ("1. Heeft de expert", "2. Waar ben je", "3. Wat ga je nu doen"):
        assert words in letter.text
    story.answer(letter, "1. ja\n2. 5\n3. niets meer, dank jullie wel")
    told = follow_ups.of_case(story.db, case.id)
    assert told is not None
    assert (told.helped, told.phase, case_now(story, case).state) == ("yes", 5, "closed")


def test_only_an_introduction_is_asked_after(story: Story) -> None:
    case = accepted_case(story, SHOP, "mail")
    with pytest.raises(ValueError, match="introduction"), transaction(story.db):
        following_up.ask_how_it_went(turn_of(story, "follow_up:1"), case)
