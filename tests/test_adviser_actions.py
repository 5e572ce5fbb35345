"""What an adviser can do with a proposal by mail, in natural words: other experts, a colleague; doubt is asked."""

import re
from datetime import timedelta

import pytest

from bot.store import offered, proposals
from bot.story import Story, letter_to
from tests.proposed_cases import (
    a_colleague,
    open_proposal,
    person,
    propose,
    proposed,
    templates,
    the_case,
    the_proposal,
)


def other_organisation(story: Story) -> str:
    return {"Zet": "Zorgbelang", "Zorgbelang": "Zet"}[person(story, open_proposal(story).adviser_id).organisation]


# Other experts


@pytest.mark.parametrize("words", ["is er nog iemand anders?", "Wie heb je nog meer?", "WIE NOG MEER"])
def test_the_next_three_are_named_and_numbered_and_nothing_is_decided(story: Story, words: str) -> None:
    letter = proposed(story)
    before = open_proposal(story)
    (more,) = story.answer(letter, words)
    assert re.findall(r"^(\d+)\. ", more.text, re.MULTILINE) == ["4", "5", "6"]
    assert open_proposal(story) == before
    story.answer(more, "doe maar nummer 5")
    replaced, chosen = proposals.of_case(story.db, the_case(story).id)
    assert (replaced.state, chosen.state) == ("replaced", "accepted")
    assert chosen.expert_id == offered.of_proposal(story.db, replaced.id)[5]
    assert person(story, chosen.expert_id).name in more.text


def test_a_number_keeps_its_expert_in_every_letter(story: Story) -> None:
    letter = proposed(story)
    second = offered.of_proposal(story.db, open_proposal(story).id)[2]
    for _ in range(2):
        story.answer(letter, "Wie nog meer")
        story.later(timedelta(minutes=1))
    story.answer(letter, "nummer 2")
    assert proposals.of_case(story.db, the_case(story).id)[-1].expert_id == second


def test_a_number_that_nobody_was_given_is_asked_back(story: Story) -> None:
    letter = proposed(story)
    story.answer(letter, "doe maar nummer 7")
    assert open_proposal(story).state == "open"
    assert templates(story)[-1] == "unclear_answer"


def test_somebody_of_an_organisation_is_looked_up_and_shown_with_why_not(story: Story) -> None:
    letter = proposed(story)
    story.db.execute("UPDATE experts SET active = 0 WHERE organisation = 'Fontys'")
    (found,) = story.answer(letter, "heb je ook iemand van Fontys?")
    assert "Je zocht: “Fontys”" in found.text
    assert found.text.count(", Fontys (niet te kiezen)") == 3
    assert "doet nu niet mee" in found.text
    (found,) = story.answer(letter, "heb je ook iemand van KNHM?")
    assert ", KNHM" in found.text
    assert open_proposal(story).state == "open"


def test_a_name_with_a_typing_error_is_found_and_only_its_number_decides(story: Story) -> None:
    letter = proposed(story)
    (found,) = story.answer(letter, "Zoek Docent beld en verhal")
    number = re.search(r"^(\d+)\. Docent beeld en verhaal, Avans", found.text, re.MULTILINE)
    assert number is not None
    assert open_proposal(story).state == "open"
    story.answer(found, f"nummer {number[1]}")
    chosen = proposals.of_case(story.db, the_case(story).id)[-1]
    assert (chosen.state, person(story, chosen.expert_id).name) == ("accepted", "Docent beeld en verhaal")


def test_a_name_nobody_has_says_so(story: Story) -> None:
    (found,) = story.answer(proposed(story), "zoek Xyzzy Qwrtzp")
    assert "We vonden niemand met die naam." in found.text


def test_a_shown_expert_may_be_chosen_by_the_whole_name(story: Story) -> None:
    letter = proposed(story)
    second = person(story, offered.of_proposal(story.db, open_proposal(story).id)[2])
    story.answer(letter, f"Liever {second.name.split()[0]}")
    assert open_proposal(story).state == "open", "half a name of several people decides nothing"
    story.answer(letter, f"ik kies voor {second.name}")
    assert proposals.of_case(story.db, the_case(story).id)[-1].expert_id == second.id


@pytest.mark.parametrize("question", ["Wie nog meer", "Zoek Docent beeld en verhaal", "laat een collega dit doen"])
def test_a_bare_yes_to_a_list_of_people_is_asked_back(story: Story, question: str) -> None:
    (several,) = story.answer(proposed(story), question)
    (asked,) = story.answer(several, "Ja, doe maar")
    assert asked.subject.startswith("We begrepen je antwoord niet")
    assert open_proposal(story).state == "open"
    first = person(story, open_proposal(story).expert_id)
    assert f"JA: dan gaan we verder met {first.name}." in asked.text
    story.answer(asked, "Ja")
    assert proposals.of_case(story.db, the_case(story).id)[0].state == "accepted"


def test_number_1_is_the_first_proposal_in_every_list(story: Story) -> None:
    (more,) = story.answer(proposed(story), "Wie nog meer")
    story.answer(more, "nummer 1")
    (only,) = proposals.of_case(story.db, the_case(story).id)
    assert only.state == "accepted"


# Handing over


def test_an_organisation_takes_over_and_the_old_letter_decides_nothing_any_more(story: Story) -> None:
    old = proposed(story)
    organisation = other_organisation(story)
    sent = story.answer(old, f"laat {organisation} dit doen")
    new = the_proposal(sent)
    adviser = person(story, open_proposal(story).adviser_id)
    assert (adviser.organisation, adviser.email) == (organisation, new.recipient)
    assert letter_to(sent, old.recipient).subject.startswith("Je collega beslist nu")
    assert "geeft dit voorstel aan jou door" in new.text
    (polite,) = story.answer(old, "Ja, doe maar")
    assert (polite.recipient, polite.subject.split(" (")[0]) == (old.recipient, "Een collega beslist hierover")
    assert the_case(story).state == "proposed"
    story.answer(new, "Ja")
    assert the_case(story).state == "accepted"


def test_a_colleague_by_name_takes_over_and_may_give_it_back(story: Story) -> None:
    old = proposed(story)
    first = person(story, open_proposal(story).adviser_id)
    colleague = a_colleague(story)
    new = the_proposal(story.answer(old, f"Geef dit maar door aan {colleague.name}"))
    assert open_proposal(story).adviser_id == colleague.id
    back = the_proposal(story.answer(new, f"laat {first.name} dit doen"))
    assert (open_proposal(story).adviser_id, back.recipient) == (first.id, first.email)
    story.answer(old, "Nee")
    assert open_proposal(story).state == "open", "the first secret stays without power"
    story.answer(back, "Nee, te druk")
    assert proposals.of_case(story.db, the_case(story).id)[0].state == "declined"


@pytest.mark.parametrize("words", ["laat een collega dit doen", "laat Adviseur dit doen", "laat Piet dit doen"])
def test_which_colleague_is_asked_when_it_is_not_clear(story: Story, words: str) -> None:
    letter = proposed(story)
    before = open_proposal(story)
    (asked,) = story.answer(letter, words)
    assert asked.subject.startswith("Welke collega bedoel je?")
    assert open_proposal(story) == before
    colleague = a_colleague(story)
    story.answer(asked, f"laat {colleague.name} dit doen")
    assert open_proposal(story).adviser_id == colleague.id


def test_somebody_away_takes_nothing_over(story: Story) -> None:
    letter = proposed(story)
    colleague = a_colleague(story)
    story.db.execute("UPDATE experts SET away_until = '2026-12-31' WHERE id = ?", [colleague.id])
    (asked,) = story.answer(letter, f"laat {colleague.name} dit doen")
    assert asked.subject.startswith("Welke collega")
    assert f"{colleague.name}, {colleague.organisation}" not in asked.text.partition("overnemen")[2]


# Doubt, and two at once


@pytest.mark.parametrize(
    "words", ["Ja maar eerst iets anders", "Nee, tenzij ze uit Oss komen", "Ja, vraag ze of de gemeente meedoet", "Hm?"]
)
def test_doubt_is_asked_and_changes_nothing(story: Story, words: str) -> None:
    letter = proposed(story)
    before = open_proposal(story)
    (asked,) = story.answer(letter, words)
    assert asked.subject.startswith("We begrepen je antwoord niet")
    assert open_proposal(story) == before
    assert not {"adviser_question", "later_confirmed"} & set(templates(story))


def test_the_first_of_two_advisers_decides_and_the_other_gets_a_polite_answer(story: Story) -> None:
    old = proposed(story)
    colleague = a_colleague(story)
    new = the_proposal(story.answer(old, f"laat {colleague.name} dit doen"))
    story.answer(new, "Nee, te druk")
    story.answer(old, "Ja")
    first = proposals.of_case(story.db, the_case(story).id)[0]
    assert (first.state, first.reason) == ("declined", "te druk")
    assert the_case(story).state == "proposed"
    assert templates(story)[-1] == "passed_on"


def test_the_letter_tells_what_would_change_the_choice(story: Story) -> None:
    letter = proposed(story)
    best = person(story, open_proposal(story).expert_id)
    assert "Wat zou de keuze veranderen?" not in letter.text
    case_id = the_case(story).id
    story.db.execute("UPDATE experts SET capacity = 1 WHERE id = ?", [best.id])
    propose(story, "tweede@example.org")
    second = the_proposal(story.go_on())
    assert f"{best.name}, {best.organisation} past het best. Maar deze expert heeft geen plek." in second.text
    assert case_id == the_case(story).id
