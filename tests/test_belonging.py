"""A second question of one person goes on with the first, is a case of its own, or is asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import silence
from bot.store import cases
from bot.story import Story, letter_to
from inbox.facts import Facts
from inbox.found_need import Need
from matcher.belonging import belonging
from tests.initiator_talk import Talk, somebody, templates
from tests.mails import COMPLETE, INCOMPLETE, SHOP, mail
from tests.store_builders import a_case

STATUTES = "We zoeken hulp bij het oprichten van een stichting en het maken van de statuten."
NEW_PLACE = f"Voor een ander plan, in Helmond: {STATUTES}"


@pytest.fixture
def sam(story: Story) -> Talk:
    return somebody(story)


def needs(*codes: str) -> tuple[Need, ...]:
    return tuple(Need(code, 0.9, "") for code in codes)


@pytest.mark.parametrize(
    ("facts", "asked", "said"),
    [
        (Facts(initiative="de buurtkas"), needs("data"), "same"),
        (Facts(initiative="De Molen"), needs("financing"), "new"),
        (Facts(municipality="Helmond"), needs("governance"), "new"),
        (Facts(municipality="Helmond"), needs("financing"), "unsure"),
        (Facts(), needs("financing", "data"), "same"),
        (Facts(municipality="Oss"), needs("financing"), "same"),
        (Facts(), needs("governance"), "unsure"),
        (Facts(), (), "unsure"),
    ],
)
def test_what_speaks_for_the_same_case(story: Story, facts: Facts, asked: tuple[Need, ...], said: str) -> None:
    case = replace(
        a_case(story.db), facts=Facts(municipality="Oss", initiative="De Buurtkas"), needs=needs("financing")
    )
    assert belonging(case, facts, asked) == said


def test_in_doubt_we_ask_and_same_joins_the_two(sam: Talk) -> None:
    sam.says(COMPLETE)
    first = sam.case()
    (letter,) = sam.says(STATUTES)
    assert letter.template == "same_or_new"
    assert first.reference in letter.text
    assert templates(sam.presses("same")) == ["confirmation"]
    joined = cases.find(sam.story.db, first.id)
    assert joined is not None
    assert {"financing", "governance"} <= {need.code for need in joined.needs}
    assert joined.state == "proposed"
    assert [case.state for case in cases.of_initiator(sam.story.db, sam.address)] == ["closed", "proposed"]
    assert STATUTES in cases.question_of(sam.story.db, first.id)
    (status,) = sam.says("Hoe staat het ervoor met mijn vraag?")
    assert status.text.count("Dossier SV-") == 2, "one in the list and one under the letter"


def test_new_is_a_case_of_its_own(sam: Talk) -> None:
    sam.says(COMPLETE)
    sam.says(STATUTES)
    assert templates(sam.presses("new")) == ["understood"]
    assert [case.state for case in cases.of_initiator(sam.story.db, sam.address)] == ["asking", "proposed"]


@pytest.mark.parametrize("words", ["Nieuw", "nieuwe vraag", "Dit is een nieuwe vraag"])
def test_the_answer_may_be_one_word(sam: Talk, words: str) -> None:
    sam.says(COMPLETE)
    sam.says(STATUTES)
    assert templates(sam.says(words)) == ["understood"]


def test_another_place_and_another_need_is_new_without_asking(sam: Talk) -> None:
    sam.says(COMPLETE)
    assert "same_or_new" not in templates(sam.says(NEW_PLACE))
    assert len(cases.of_initiator(sam.story.db, sam.address)) == 2


def test_a_question_that_is_open_is_not_disturbed_by_another_one(sam: Talk) -> None:
    sam.says(INCOMPLETE)
    assert templates(sam.says(STATUTES)) == ["same_or_new"]
    sam.says("Dat hoort erbij")
    (joined, *_) = cases.running_of(sam.story.db, sam.address)
    assert {"dialogue", "governance"} <= {need.code for need in joined.needs}


def test_without_an_answer_it_is_new_after_a_day(sam: Talk) -> None:
    sam.says(COMPLETE)
    sam.says(STATUTES)
    sam.story.later(timedelta(days=1, minutes=1))
    assert silence.go_on(sam.story.db, sam.story.wiring, sam.story.shelf, sam.story.now) == 1
    assert "belongs" not in sam.asked().questions
    assert len(cases.running_of(sam.story.db, sam.address)) == 2


def test_by_mail_outside_the_thread_the_sender_alone_adds_nothing(story: Story) -> None:
    story.mail_arrives(mail(COMPLETE, now=story.now))
    (first,) = cases.of_initiator(story.db, SHOP)
    sent = story.mail_arrives(mail(STATUTES, now=story.now))
    assert cases.find(story.db, first.id) == first
    letter = letter_to(sent, SHOP)
    assert first.reference in letter.text
    story.answer(letter, "Hoort erbij")
    joined = cases.find(story.db, first.id)
    assert joined is not None
    assert "governance" in {need.code for need in joined.needs}


def test_who_has_two_cases_says_which_one_stops(sam: Talk) -> None:
    sam.says(COMPLETE)
    sam.says(STATUTES)
    sam.presses("new")
    older, newer = reversed(cases.of_initiator(sam.story.db, sam.address))
    assert templates(sam.says("Stop maar met mijn vraag.")) == ["status"]
    assert templates(sam.presses("stop", str(older.id))) == ["withdrawn"]
    states = {case.id: case.state for case in cases.of_initiator(sam.story.db, sam.address)}
    assert states == {older.id: "withdrawn", newer.id: "asking"}
