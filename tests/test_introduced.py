"""After an introduction the clock asks how it went, asks once more what was not told, and ends the case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store import follow_ups, pool
from bot.story import Story, letter_to
from tests.accepted_cases import accepted_case
from tests.clock_time import at, on, until, written
from tests.initiator_talk import somebody
from tests.mails import SHOP
from tests.proposed_cases import the_case

FOLLOW_UP = at(14, 12, month=12)
AGAIN = at(16, 12, month=2).replace(year=2027)
END = at(17, 12, month=3).replace(year=2027)


@pytest.fixture
def introduced(story: Story) -> Story:
    accepted_case(story, SHOP, "mail")
    story.answer(letter_to(story.go_on(), SHOP), "Ja, dat mag.")
    assert the_case(story).state == "introduced"
    return story


def test_four_weeks_later_and_after_three_months_and_then_it_ends(introduced: Story) -> None:
    before = len(written(introduced))
    assert until(introduced, at(13, 12, month=12)) == []
    (first,) = on(introduced, FOLLOW_UP)
    assert "Heeft de expert je geholpen?" in first.text
    assert until(introduced, AGAIN - timedelta(days=1)) == []
    (again,) = on(introduced, AGAIN)
    assert "Heeft de expert je geholpen?" in again.text
    assert sum(pool.loads(introduced.db).values()) == 1
    (last,) = until(introduced, END)
    assert last.subject.startswith("We ronden je vraag af")
    assert (the_case(introduced).state, pool.loads(introduced.db)) == ("closed", {})
    assert until(introduced, END + timedelta(days=40), timedelta(days=3)) == []
    assert written(introduced)[before:] == ["follow_up", "follow_up", "case_closed"]


def test_an_answer_ends_it_and_nobody_is_asked_again(introduced: Story) -> None:
    (first,) = on(introduced, FOLLOW_UP)
    introduced.answer(first, "1. ja\n2. 4\n3. niets meer, dank jullie wel")
    assert (the_case(introduced).state, pool.loads(introduced.db)) == ("closed", {})
    assert until(introduced, END, timedelta(days=3)) == []


def test_an_answer_that_comes_after_the_end_is_kept(introduced: Story) -> None:
    letters = until(introduced, END, timedelta(days=1))
    thanks = introduced.answer(letters[-1], "1. een beetje\n2. 3\n3. we zoeken nog iemand")
    told = follow_ups.of_case(introduced.db, the_case(introduced).id)
    assert told is not None
    assert (told.helped, told.phase) == ("partly", 3)
    assert "andere expert" in letter_to(thanks, SHOP).text


def test_the_second_time_only_what_was_not_told_is_asked(story: Story) -> None:
    talk = somebody(story)
    accepted_case(story, talk.address, "web")
    talk.presses("consent", "yes")
    until(story, FOLLOW_UP + timedelta(days=1))
    talk.presses("helped", "yes")
    before = len(talk.read_so_far())
    until(story, AGAIN + timedelta(days=1), timedelta(days=2))
    assert talk.read_so_far()[before:] == ["follow_up"]
    assert talk.asked().questions == ("phase",)
    talk.presses("phase", "4")
    talk.presses("next", "nothing")
    assert talk.case().state == "closed"
