"""After a question: what we understood, "is this right?", only what is missing, and other words in its place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import flow
from bot.clock import silence
from bot.store import cases, proposals
from bot.story import Story, letter_to
from matcher.proposal import MOST_ROUNDS
from tests.channel_talk import all_letters
from tests.initiator_talk import Talk, somebody, templates
from tests.mails import COMPLETE, INCOMPLETE, NOT_CLOSING, OUTSIDE, SHOP, mail


@pytest.fixture
def sam(story: Story) -> Talk:
    return somebody(story)


def test_a_question_without_facts_is_confirmed_and_then_asked_on_one_thing_at_a_time(sam: Talk) -> None:
    (letter,) = sam.says(INCOMPLETE)
    assert letter.template == "understood"
    assert "goed gesprek met de buurt" in letter.text, "the own sentence is quoted back"
    assert "In welke gemeente" in letter.text
    assert "begroting" not in letter.text
    assert set(sam.offered()) == {("right", ""), ("wrong", "")}
    (place,) = sam.presses("right")
    assert (place.template, sam.case().rounds_asked) == ("question", 1), "the same question again is no new round"
    (budget,) = sam.says("Oss")
    assert "Sluit je begroting" in budget.text
    assert "provincie" not in budget.text
    assert ("budget", "prospect") in sam.offered()
    (dependence,) = sam.presses("budget", "prospect")
    assert "subsidie van de provincie" in dependence.text
    assert templates(sam.presses("provincial_dependence", "no")) == ["confirmation"]
    case = sam.case()
    facts = (case.facts.municipality, case.facts.budget, case.facts.provincial_dependence)
    assert (case.state, facts, case.rounds_asked) == ("proposed", ("Oss", "prospect", False), MOST_ROUNDS)


def test_who_answers_more_than_was_asked_is_asked_less(sam: Talk) -> None:
    sam.says(INCOMPLETE)
    assert templates(sam.says("In Oss, en de begroting sluit. Van de provincie hebben we niets nodig.")) == [
        "confirmation"
    ]
    assert (sam.case().state, sam.case().rounds_asked) == ("proposed", 1)


def test_a_complete_and_sure_question_goes_on_at_once_and_may_be_put_right(sam: Talk) -> None:
    (letter,) = sam.says(COMPLETE)
    assert (letter.template, sam.case().state) == ("confirmation", "proposed")
    assert templates(sam.presses("wrong")) == ["what_differs"]
    told = sam.says("We zitten niet in Vessem maar in Helmond.")
    assert templates(told) == ["confirmation"]
    case = sam.case()
    assert (case.state, case.facts.municipality) == ("proposed", "Helmond")
    before, now = proposals.of_case(sam.story.db, case.id)
    assert (before.state, now.state) == ("withdrawn", "open"), "the adviser decides on what is asked now"


def test_right_is_thanked_and_changes_nothing(sam: Talk) -> None:
    sam.says(COMPLETE)
    before = proposals.of_case(sam.story.db, sam.case().id)
    (letter,) = sam.presses("right")
    assert "Fijn dat het klopt" in letter.text
    assert proposals.of_case(sam.story.db, sam.case().id) == before


def test_new_words_take_the_place_of_what_was_understood(sam: Talk) -> None:
    sam.says(INCOMPLETE)
    assert templates(sam.presses("wrong")) == ["what_differs"]
    sam.says("We zoeken hulp bij het oprichten van een stichting en het maken van de statuten.")
    case = sam.case()
    assert [need.code for need in case.needs] == ["governance"]
    assert "gesprek met de buurt" not in cases.question_of(sam.story.db, case.id)


def test_no_with_a_reason_is_taken_in_at_once(sam: Talk) -> None:
    sam.says(INCOMPLETE + "\nWe doen dit in Oss.")
    (letter,) = sam.says("Nee, we zitten in Uden.")
    assert letter.template == "question"
    assert sam.case().facts.municipality == "Maashorst"


@pytest.mark.parametrize("words", ["Nee", "dit klopt niet", "Nee, er klopt iets niet."])
def test_a_bare_no_is_asked_on(sam: Talk, words: str) -> None:
    sam.says(INCOMPLETE)
    assert templates(sam.says(words)) == ["what_differs"]
    assert templates(sam.says("Toch wel, het klopt.")) == ["question"]


def test_what_nobody_knows_is_no_longer_asked(sam: Talk) -> None:
    sam.says(INCOMPLETE)
    sam.says("Oss")
    (letter,) = sam.presses("budget", "unknown")
    assert "subsidie van de provincie" in letter.text
    assert templates(sam.says("weet ik niet")) == ["review_notice"]
    assert sam.case().state == "review"


def test_an_unsure_question_waits_for_a_yes_but_not_for_ever(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.initiator.asking.SURE", 2.0)
    sam, kim = somebody(story), somebody(story)
    assert templates(sam.says(COMPLETE)) == ["understood"]
    assert templates(kim.says(COMPLETE)) == ["understood"]
    assert templates(sam.says("Ja, dat klopt!")) == ["confirmation"]
    assert (sam.case().state, kim.case().state) == ("proposed", "asking")
    story.later(timedelta(hours=23))
    assert silence.go_on(story.db, story.wiring, story.shelf, story.now) == 0
    story.later(timedelta(hours=2))
    flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert kim.case().state == "proposed"
    assert silence.go_on(story.db, story.wiring, story.shelf, story.now) == 0


def test_what_was_read_with_doubt_is_shown_and_a_yes_settles_it(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbox.learned_facts.DOUBTED", 2.0)
    sam = somebody(story)
    (letter,) = sam.says(COMPLETE)
    assert letter.template == "understood"
    assert "er is zicht op een begroting die sluit" in letter.text
    assert sam.case().facts.unsure
    assert templates(sam.presses("right")) == ["confirmation"]
    assert (sam.case().state, sam.case().facts.unsure) == ("proposed", ())


def test_a_review_is_put_again_when_the_facts_change(sam: Talk) -> None:
    assert templates(sam.says(NOT_CLOSING + "\nVan de provincie hebben we niets nodig.")) == ["review_notice"]
    sam.says("Dat klopt niet: onze begroting sluit wel, we hebben een fonds gevonden.")
    assert (sam.case().state, sam.case().facts.budget) == ("proposed", "closing")
    (review,) = sam.story.db.query("SELECT state FROM reviews")
    assert review["state"] == "withdrawn"


def test_who_was_referred_and_lies_here_after_all_comes_back(sam: Talk) -> None:
    assert templates(sam.says(OUTSIDE)) == ["referral"]
    reference = sam.case().reference
    sam.says(f"Dat klopt niet, wij zitten in Uden. Het gaat om {reference}.")
    assert sam.case().facts.municipality == "Maashorst"
    assert sam.case().state in ("asking", "proposed")


def test_by_mail_everything_is_asked_at_once_and_a_correction_in_the_thread_counts(story: Story) -> None:
    sent = story.mail_arrives(mail(INCOMPLETE, now=story.now))
    question = letter_to(sent, SHOP)
    for part in ("goed gesprek met de buurt", "Klopt dit niet?", "In welke gemeente", "Sluit je begroting", "expert"):
        assert part in question.text
    sent = story.answer(question, "1. Oss\n2. ja\n3. nee\n4. ja")
    story.answer(letter_to(sent, SHOP), "Er klopt iets niet: wij zitten in Uden.")
    (case,) = cases.of_initiator(story.db, SHOP)
    assert (case.state, case.facts.municipality) == ("proposed", "Maashorst")
    assert [each.state for each in proposals.of_case(story.db, case.id)] == ["withdrawn", "open"]


def test_several_questions_in_one_message_are_one_case(sam: Talk) -> None:
    sam.says(
        "Wij zijn een buurtgroep in Oss. We willen een stichting oprichten en zoeken hulp bij de statuten."
        " Ook zoeken we fondsen die mee willen betalen. De begroting sluit. We vragen niets van de provincie."
    )
    (case,) = cases.of_initiator(sam.story.db, sam.address)
    assert {"governance", "funders"} <= {need.code for need in case.needs}


def test_who_stays_vague_can_choose_a_topic(sam: Talk) -> None:
    assert templates(sam.says("Kunnen jullie ons helpen? We zijn met een paar buren.")) == ["clarify"]
    assert sam.offered() == []
    assert templates(sam.says("Gewoon, een beetje hulp.")) == ["clarify"]
    assert ("need", "governance") in sam.offered()
    assert templates(sam.presses("need", "governance")) == ["question"]
    case = sam.case()
    assert ([need.code for need in case.needs], case.rounds_asked) == (["governance"], MOST_ROUNDS)


def test_stopping_can_be_undone(sam: Talk) -> None:
    sam.says(COMPLETE)
    assert templates(sam.says("Stop maar met mijn vraag.")) == ["withdrawn"]
    assert templates(sam.presses("carry_on")) == ["confirmation"]
    assert sam.case().state == "proposed"


def test_nothing_stays_without_a_letter_or_a_decision(sam: Talk) -> None:
    """A press that comes too late changes nothing and is told."""
    sam.says(INCOMPLETE)
    sam.says("Oss")
    key, position, _ = sam._offered("budget", "closing")
    sam.says("De begroting sluit")
    secret = sam.story.wiring.links.choice_secret(key, position)
    assert templates(sam.presses_secret(secret)) == ["press_refused"]
    assert all_letters(sam.story.db)
