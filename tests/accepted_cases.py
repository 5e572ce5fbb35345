"""Cases that wait for an adviser, or for consent after an adviser said yes. No tests live here."""

from dataclasses import replace

from bot import brokering
from bot.store import cases, proposals
from bot.store.database import transaction
from bot.story import Story
from bot.turn import Turn
from expertise.experts import Expert
from inbox.facts import Facts
from inbox.found_need import Need
from inbox.message import Channel
from matcher.proposal import Case, Proposal
from matcher.rules import assess

QUESTION = "We zoeken iemand die met ons een verdienmodel en een meerjarenbegroting maakt."
FACTS = Facts(municipality="Oss", province="Noord-Brabant", budget="closing", provincial_dependence=False)


def turn_of(story: Story, cause: str, channel: str = "mail") -> Turn:
    """A turn of this moment, to be used inside a transaction."""
    return Turn(story.db, story.wiring, story.shelf.current(story.db), story.now, cause, channel)


def accepted_case(story: Story, initiator: str, channel: Channel = "chat", language: str = "nl") -> Case:
    """A complete case with an expert whom an adviser has just accepted."""
    pool = story.shelf.current(story.db).experts
    adviser = next(one for one in pool if one.role == "adviser")
    proposal = open_proposal(story, initiator, adviser, channel, language)
    case = cases.find(story.db, proposal.case_id)
    assert case is not None
    with transaction(story.db):
        return brokering.accept(turn_of(story, f"accepted:{case.id}"), case, proposal)


def open_proposal(
    story: Story, initiator: str, adviser: Expert, channel: Channel = "mail", language: str = "nl"
) -> Proposal:
    """A complete case that waits for an adviser; no letter tells of it."""
    with transaction(story.db):
        turn = turn_of(story, f"proposed:{initiator}")
        case = cases.open_case(
            story.db, initiator=initiator, name="Bewoner", channel=channel, language=language, now=story.now
        )
        needs = (Need("financing", 0.9, QUESTION),)
        case = replace(case, facts=FACTS, needs=needs, eligibility=assess(FACTS).eligibility)
        cases.keep(story.db, case, QUESTION, story.now)
        brokering.keep_state(turn, case, "proposed")
        expert = next(one for one in turn.pool.experts if one.role == "expert" and one.active)
        return proposals.keep_new(story.db, case.id, expert.id, adviser.id, story.now)


def case_now(story: Story, case: Case) -> Case:
    """The case as it stands."""
    found = cases.find(story.db, case.id)
    assert found is not None
    return found
