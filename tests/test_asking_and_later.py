"""An adviser asks the initiator something through us, or wants to come back to a proposal on another day."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from bot import flow
from bot.store import adviser_questions, cases
from bot.store.database import transaction
from bot.story import Story, letter_to, reply_to
from tests.mails import SHOP
from tests.proposed_cases import a_colleague, open_proposal, person, proposed, templates, the_case

PHONE = "06 12345678"


def open_adviser(story: Story) -> str:
    """The address of the adviser who decides."""
    return person(story, open_proposal(story).adviser_id).email


# A question to the initiator


def test_a_question_goes_through_us_and_the_answer_comes_back_without_contact_details(story: Story) -> None:
    letter = proposed(story)
    adviser = person(story, open_proposal(story).adviser_id)
    question = "vraag ze eerst of de gemeente meedoet, en mail mij op geheim@example.org"
    sent = story.answer(letter, question)
    asked = letter_to(sent, SHOP)
    assert "of de gemeente meedoet" in asked.text
    assert not re.search(rf"geheim@|{adviser.email}|{adviser.name}", asked.raw.decode())
    assert letter_to(sent, adviser.email).subject.startswith("We stelden je vraag")
    assert the_case(story).state == "proposed"
    sent = story.answer(asked, f"Ja, de gemeente doet mee. Bel me op {PHONE}.")
    answer = letter_to(sent, adviser.email)
    assert "Ja, de gemeente doet mee." in answer.text
    assert not re.search(rf"{PHONE}|{SHOP}", answer.raw.decode())
    assert letter_to(sent, SHOP).subject.startswith("We geven je antwoord door")
    story.answer(answer, "Ja, doe maar")
    assert the_case(story).state == "accepted"


def test_an_answer_that_looks_like_a_question_of_its_own_opens_no_second_case(story: Story) -> None:
    sent = story.answer(proposed(story), "vraag ze wat ze precies zoeken")
    story.answer(letter_to(sent, SHOP), "Wij zoeken iemand die met ons een verdienmodel en een begroting maakt.")
    assert templates(story)[-2:] == ["initiator_answer", "answer_passed_on"]
    assert the_case(story).state == "proposed"


def test_while_a_question_waits_the_initiator_may_still_stop(story: Story) -> None:
    sent = story.answer(proposed(story), "vraag ze of de gemeente meedoet")
    story.answer(letter_to(sent, SHOP), "Wij trekken onze vraag in. Het gaat niet door, bedankt voor de moeite.")
    assert "initiator_answer" not in templates(story)


def test_an_answer_after_handing_over_goes_to_who_decides_now(story: Story) -> None:
    letter = proposed(story)
    asked = letter_to(story.answer(letter, "vraag ze of de gemeente meedoet"), SHOP)
    colleague = a_colleague(story)
    story.answer(letter, f"laat {colleague.name} dit doen")
    sent = story.answer(asked, "Ja, de gemeente doet mee.")
    assert letter_to(sent, colleague.email).subject.startswith("De initiatiefnemer gaf antwoord")
    assert letter.recipient not in {one.recipient for one in sent}


def test_in_a_chat_the_next_words_are_the_answer(story: Story) -> None:
    letter = proposed(story, channel="chat")
    story.answer(letter, "vraag ze of de gemeente meedoet")
    said = "\n".join(story.chat_arrives(SHOP, "Ja, de gemeente doet mee"))
    assert "of de gemeente meedoet" in said
    assert "We geven je antwoord door" in said
    assert templates(story)[-2:] == ["initiator_answer", "answer_passed_on"]


def test_putting_it_off_leaves_the_question_open(story: Story) -> None:
    asked = letter_to(story.answer(proposed(story), "vraag ze of de gemeente meedoet"), SHOP)
    assert story.answer(asked, "Dank je wel, ik zoek het uit en kom er morgen op terug.") == []
    sent = story.answer(asked, "Ja, de gemeente doet mee en geeft ons een pand.")
    assert letter_to(sent, open_adviser(story)).subject.startswith("De initiatiefnemer gaf antwoord")


def test_what_comes_behind_an_answer_is_passed_on_too(story: Story) -> None:
    asked = letter_to(story.answer(proposed(story), "vraag ze of de gemeente meedoet"), SHOP)
    story.answer(asked, "Dat weet ik even niet uit mijn hoofd.")
    sent = story.answer(asked, "De gemeente doet mee.")
    assert "De gemeente doet mee." in letter_to(sent, open_adviser(story)).text


def test_in_a_chat_too_later_words_are_passed_on(story: Story) -> None:
    story.answer(proposed(story, channel="chat"), "vraag ze of de gemeente meedoet")
    story.chat_arrives(SHOP, "Dat weet ik even niet uit mijn hoofd")
    story.chat_arrives(SHOP, "De gemeente doet mee en er is een pand")
    assert templates(story).count("initiator_answer") == 2


@pytest.mark.parametrize(("costs", "state"), [(900, "proposed"), (1200, "review")])
def test_a_begroting_in_the_answer_is_read_and_told(story: Story, costs: int, state: str) -> None:
    asked = letter_to(story.answer(proposed(story), "vraag ze wat de begroting is"), SHOP)
    adviser = open_adviser(story)
    answer = message_from_bytes(reply_to(asked, "Zie de bijlage.", story.now), policy=default)
    sheet = f"post;bedrag\ninkomsten;1000\nuitgaven;{costs}\n".encode()
    answer.add_attachment(sheet, maintype="text", subtype="csv", filename="begroting.csv")
    sent = story.mail_arrives(answer.as_bytes())
    told = next(each for each in sent if each.recipient == adviser and "gaf antwoord" in each.subject)
    assert "begroting.csv" in told.text
    assert f"kosten € {costs:,}".replace(",", ".") in told.text
    assert the_case(story).state == state


def test_a_question_about_something_else_is_a_case_of_its_own(story: Story) -> None:
    story.answer(proposed(story, channel="chat"), "vraag ze of de gemeente meedoet")
    story.chat_arrives(
        SHOP, "Iets heel anders: wij willen in Oss een stichting oprichten en zoeken hulp bij de statuten."
    )
    assert len(cases.of_initiator(story.db, SHOP)) == 2
    assert "initiator_answer" not in templates(story)


def test_the_question_that_we_asked_last_gets_the_answer_of_two_that_wait(story: Story) -> None:
    proposal = proposed(story, channel="chat")
    asking = the_case(story).id
    with transaction(story.db):
        other = cases.open_case(story.db, initiator=SHOP, name="", channel="chat", language="nl", now=story.now)
        cases.keep(story.db, replace(other, state="asking"), "", story.now)
    story.answer(proposal, "vraag ze of de gemeente meedoet")
    story.chat_arrives(SHOP, "Ja, de gemeente doet mee")
    assert adviser_questions.waiting_in(story.db, asking) is None
    assert "initiator_answer" in templates(story)


def test_no_number_address_or_link_of_a_person_is_passed_on(story: Story) -> None:
    asked = letter_to(story.answer(proposed(story), "vraag ze wie het aanspreekpunt is"), SHOP)
    said = "Dat ben ik, BSN 111222333. Ons adres is Dorpsstraat 12, 5511 AB. App: wa.me/31612345678 of t.me/bewoner."
    told = letter_to(story.answer(asked, said), open_adviser(story)).text
    assert "Dat ben ik" in told
    assert not re.search(r"111222333|Dorpsstraat|5511|wa\W+me|t\W+me/", told)


@pytest.mark.parametrize(
    ("language", "frame"),
    [
        ("en", "wrote the question in Dutch"),
        ("pl", "napisane po niderlandzku"),
        ("tr", "Hollandaca yazdı"),
        ("uk", "нідерландською мовою"),
        ("ar", "بالهولندية"),
    ],
)
def test_the_question_has_a_frame_in_the_initiators_language(story: Story, language: str, frame: str) -> None:
    sent = story.answer(proposed(story, language=language), "vraag ze of de gemeente meedoet")
    asked = letter_to(sent, SHOP)
    assert frame in asked.text
    assert "of de gemeente meedoet" in asked.text


# Later


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("later, morgen", "17 november 2026"),
        ("LATER VOLGENDE WEEK", "23 november 2026"),
        ("Later: over twee weken graag", "30 november 2026"),
    ],
)
def test_the_words_that_the_letter_names_are_understood(story: Story, words: str, day: str) -> None:
    (confirmed,) = story.answer(proposed(story), words)
    assert day in confirmed.text


def test_the_reminder_comes_once_on_its_day_and_decides_as_the_proposal(story: Story) -> None:
    letter = proposed(story)
    (confirmed,) = story.answer(letter, "kom er volgende week op terug")
    assert "23 november 2026" in confirmed.text
    for days in (1, 3):
        story.later(timedelta(days=days))
        flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert "reminder" not in templates(story)
    story.later(timedelta(days=3))
    for _ in range(2):
        flow.on_clock(story.db, story.wiring, story.shelf, story.now)
        story.later(timedelta(hours=1))
    assert templates(story).count("reminder") == 1
    reminder = next(one for one in story.go_on() if one.subject.startswith("Je zou hier nog op terugkomen"))
    story.answer(reminder, "Ja")
    assert the_case(story).state == "accepted"


def test_no_reminder_of_what_was_decided_meanwhile(story: Story) -> None:
    letter = proposed(story)
    story.answer(letter, "Ik kom er morgen op terug")
    story.answer(letter, "Ja")
    story.later(timedelta(days=2))
    flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert "reminder" not in templates(story)


def test_no_reminder_before_the_working_day_begins(story: Story) -> None:
    story.answer(proposed(story), "morgen")
    story.now = story.now.replace(hour=5) + timedelta(days=1)
    flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert "reminder" not in templates(story)
    story.later(timedelta(hours=3))
    flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert "reminder" in templates(story)
