"""Own data: everything held is shown, put right by words, and erased only after a clear yes of the right person."""

from __future__ import annotations

import pytest

from bot.settings import Programme
from bot.store import cases, proposals
from bot.story import Story, letter_to, reply_to
from tests.channel_talk import all_letters, says, to
from tests.initiator_talk import Talk, somebody, templates
from tests.mails import COMPLETE, INCOMPLETE, SHOP, mail

COORDINATOR = Programme().coordinator


@pytest.fixture
def sam(story: Story) -> Talk:
    return somebody(story)


def erasures(story: Story) -> list[str]:
    return [row["state"] for row in story.db.query("SELECT state FROM erasures ORDER BY id")]


def to_coordinator(story: Story) -> list[str]:
    return templates(to(all_letters(story.db), COORDINATOR))


def test_everything_held_is_shown(sam: Talk) -> None:
    sam.says(COMPLETE)
    (letter,) = sam.says("Laat mijn gegevens zien.")
    assert letter.template == "own_data"
    for words in (
        sam.case().reference,
        "Eersel",
        "verdienmodel",
        "Goedemiddag, Wij zijn een groep bewoners",
        "12 maanden",
    ):
        assert words in letter.text
    assert to_coordinator(sam.story) == [], "what we can show by ourselves needs no person"


def test_the_bare_command_shows_what_its_menu_promises(story: Story) -> None:
    says(story, 71, COMPLETE)
    assert templates(says(story, 71, "/gegevens")) == ["own_data"]
    assert templates(says(story, 71, "/gegevens wis alles")) == ["erasure"]


def test_who_asked_nothing_holds_nothing(sam: Talk) -> None:
    (letter,) = sam.says("Welke persoonsgegevens hebben jullie van mij? Ik wil inzage.")
    assert "We bewaren nog geen vraag van je." in letter.text


def test_the_overview_goes_to_the_address_itself(story: Story) -> None:
    story.mail_arrives(mail(COMPLETE, now=story.now))
    sent = story.mail_arrives(mail("Graag inzage in mijn persoonsgegevens.", now=story.now))
    assert [letter.recipient for letter in sent] == [SHOP]
    assert "Eersel" in letter_to(sent, SHOP).text


def test_words_put_right_what_we_hold(sam: Talk) -> None:
    sam.says(COMPLETE)
    assert templates(sam.says("Er klopt iets niet in mijn gegevens, dat wil ik verbeteren.")) == ["what_differs"]
    sam.says("We zitten in Helmond.")
    assert sam.case().facts.municipality == "Helmond"


def test_words_that_change_nothing_we_know_go_to_a_person(sam: Talk) -> None:
    sam.says(COMPLETE)
    sam.says("Er klopt iets niet in mijn gegevens, dat wil ik verbeteren.")
    (letter,) = sam.says("Mijn naam schrijf je met een d.")
    assert "Iemand van ons team leest ze" in letter.text
    assert "privacy_request" in to_coordinator(sam.story)


def test_erasing_asks_first_and_says_what_happens(sam: Talk) -> None:
    sam.says(COMPLETE)
    (letter,) = sam.says("Wis al mijn persoonsgegevens.")
    assert letter.template == "erasure"
    assert "Weet je het zeker?" in letter.text
    assert (sam.case().state, to_coordinator(sam.story)) == ("proposed", [])
    (told,) = sam.presses("erase_yes")
    assert "nooit langer dan een maand" in told.text
    assert (sam.case().state, erasures(sam.story)) == ("withdrawn", ["confirmed"])
    assert to_coordinator(sam.story) == ["privacy_request"]
    (proposal,) = proposals.of_case(sam.story.db, sam.case().id)
    assert proposal.state == "withdrawn"


@pytest.mark.parametrize(
    ("words", "state"), [("Ja, wis alles", "confirmed"), ("nee", "kept"), ("wis alles", "confirmed")]
)
def test_the_answer_may_be_words(sam: Talk, words: str, state: str) -> None:
    sam.says(COMPLETE)
    sam.says("Wis al mijn persoonsgegevens.")
    assert templates(sam.says(words)) == ["erasure"]
    assert erasures(sam.story) == [state]
    assert sam.case().state == ("withdrawn" if state == "confirmed" else "proposed")


def test_a_yes_to_a_later_question_erases_nothing(sam: Talk) -> None:
    sam.says(INCOMPLETE)
    sam.says("Wis al mijn persoonsgegevens.")
    sam.says("Hoe staat het ervoor met mijn vraag?")
    sam.says("ja")
    assert erasures(sam.story) == ["asked"]


def test_by_mail_only_the_reader_of_our_letter_can_say_yes(story: Story) -> None:
    story.mail_arrives(mail(COMPLETE, now=story.now))
    (asked,) = story.mail_arrives(mail("Verwijder mijn persoonsgegevens.", now=story.now))
    story.mail_arrives(mail("Ja, wis alles", now=story.now))
    assert erasures(story) == ["asked"], "the From line alone erases nothing"
    story.mail_arrives(reply_to(asked, "Ja, wis alles", story.now).replace(SHOP.encode(), b"vreemde@example.org", 1))
    assert erasures(story) == ["asked"]
    story.answer(asked, "Ja, wis alles")
    assert erasures(story) == ["confirmed"]
    (case,) = cases.of_initiator(story.db, SHOP)
    assert case.state == "withdrawn"
