"""A mail that only carries somebody's address changes nothing: its address is asked, and a yes to that does it."""

from __future__ import annotations

import pytest

from bot.store import adviser_questions, cases
from bot.story import Story, letter_to
from tests.mails import INCOMPLETE, SHOP, mail
from tests.proposed_cases import proposed, templates, the_case

STOP = "Wij trekken onze vraag in, stop er maar mee."
ANSWER = "Nee, de gemeente doet helemaal niet mee en wij hebben ook geen pand."


@pytest.mark.parametrize("named", [True, False])
def test_stopping_by_a_loose_mail_is_asked_and_a_yes_does_it(story: Story, named: bool) -> None:
    proposed(story)
    subject = f"Re: {the_case(story).reference}" if named else "Stoppen"
    asked = letter_to(story.mail_arrives(mail(STOP, now=story.now, subject=subject)), SHOP)
    assert "stop er maar mee" in asked.text
    assert the_case(story).state == "proposed"
    story.answer(asked, "Ja, dat klopt")
    assert the_case(story).state == "withdrawn"


def test_a_no_leaves_all_as_it_was(story: Story) -> None:
    proposed(story)
    asked = letter_to(story.mail_arrives(mail(STOP, now=story.now)), SHOP)
    assert story.answer(asked, "Nee, dat was ik niet") == []
    assert the_case(story).state == "proposed"


def test_who_answers_any_letter_of_ours_just_stops(story: Story) -> None:
    letter = proposed(story)
    asked = letter_to(story.answer(letter, "vraag ze of de gemeente meedoet"), SHOP)
    story.answer(asked, STOP)
    assert the_case(story).state == "withdrawn"


def test_nobody_else_says_yes_for_the_owner(story: Story) -> None:
    proposed(story)
    asked = letter_to(story.mail_arrives(mail(STOP, now=story.now)), SHOP)
    story.mail_arrives(mail("Ja", now=story.now, subject=f"Re: {asked.subject}"))
    assert the_case(story).state == "proposed"


def test_a_number_puts_no_words_in_the_initiators_mouth(story: Story) -> None:
    letter = proposed(story)
    story.answer(letter, "vraag ze of de gemeente meedoet")
    case = the_case(story)
    sent = story.mail_arrives(mail(ANSWER, now=story.now, subject=f"Re: {case.reference}"))
    assert [each.recipient for each in sent] == [SHOP]
    assert adviser_questions.waiting_in(story.db, case.id)
    story.answer(letter_to(sent, SHOP), "Ja")
    assert "initiator_answer" in templates(story)


def test_a_loose_mail_tells_what_was_asked_and_changes_nothing_that_is_known(story: Story) -> None:
    story.mail_arrives(mail(INCOMPLETE, sender=SHOP, now=story.now))
    subject = f"Re: {the_case(story).reference}"
    story.mail_arrives(mail("Wij wonen in Helmond.", now=story.now, subject=subject))
    before = the_case(story)
    assert before.facts.municipality == "Helmond"
    asked = letter_to(story.mail_arrives(mail("Wij wonen in Oss.", now=story.now, subject=subject)), SHOP)
    assert asked.subject.startswith("Heb jij ons deze mail gestuurd?")
    assert cases.find(story.db, before.id) == before
    story.answer(asked, "Ja")
    assert the_case(story).facts.municipality == "Oss"
