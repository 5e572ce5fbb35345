"""Somebody stops after an adviser said yes: that match is taken back, and going on finds one again."""

from __future__ import annotations

import pytest

from bot import brokering
from bot.coordinator import at_the_desk
from bot.initiator import stopping
from bot.store import proposals
from bot.store.database import transaction
from bot.story import Story
from matcher.proposal import Case, ProposalState
from tests.accepted_cases import accepted_case, case_now, turn_of
from tests.initiator_talk import Talk, somebody, templates
from tests.proposed_cases import person
from tests.proposed_cases import templates as written


@pytest.fixture
def sam(story: Story) -> Talk:
    return somebody(story)


def states(story: Story, case: Case) -> list[ProposalState]:
    return [each.state for each in proposals.of_case(story.db, case.id)]


def accept_again(story: Story, case: Case) -> Case:
    waiting = proposals.open_of_case(story.db, case.id)
    assert waiting is not None
    with transaction(story.db):
        return brokering.accept(turn_of(story, "again"), case_now(story, case), waiting)


def test_a_match_that_waits_for_consent_can_be_stopped_and_taken_up_again(sam: Talk, story: Story) -> None:
    case = accepted_case(story, sam.address, "web")
    assert templates(sam.says("Stop maar met mijn vraag.")) == ["withdrawn"]
    assert (case_now(story, case).state, states(story, case)) == ("withdrawn", ["withdrawn"])
    sam.presses("carry_on")
    assert states(story, case) == ["withdrawn", "open"]
    accept_again(story, case)
    assert states(story, case) == ["withdrawn", "accepted"]
    assert templates(sam.presses("consent", "yes")) == ["decision_thanks", "introduction_initiator"]
    assert case_now(story, case).state == "introduced"


def test_the_adviser_who_said_yes_hears_that_it_stops(sam: Talk, story: Story) -> None:
    case = accepted_case(story, sam.address, "web")
    (accepted,) = proposals.of_case(story.db, case.id)
    before = len(written(story))
    sam.says("Stop maar met mijn vraag.")
    told = [row["recipient"] for row in story.db.query("SELECT recipient FROM letters WHERE id > ?", [before])]
    assert "proposal_withdrawn" in written(story)[before:]
    assert person(story, accepted.adviser_id).email in told


def test_an_introduction_that_was_made_stays_one(sam: Talk, story: Story) -> None:
    case = accepted_case(story, sam.address, "web")
    sam.presses("consent", "yes")
    with transaction(story.db):
        stopping.stop(turn_of(story, "stop"), case_now(story, case))
    assert states(story, case) == ["accepted"]


def test_a_coordinator_closes_and_reopens_it(sam: Talk, story: Story) -> None:
    case = accepted_case(story, sam.address, "web")
    with transaction(story.db):
        at_the_desk.close(turn_of(story, "close"), case_now(story, case), "Dubbel.")
    assert states(story, case) == ["withdrawn"]
    with transaction(story.db):
        at_the_desk.reopen(turn_of(story, "reopen"), case_now(story, case), "Toch niet dubbel.")
    accept_again(story, case)
    assert states(story, case) == ["withdrawn", "accepted"]
