"""Cases with a proposal that was put before an adviser by the real ranking and letters. No tests live here."""

from dataclasses import replace

from bot import brokering
from bot.channels.local_box import KeptLetter
from bot.store import cases, pool, proposals
from bot.store.database import transaction
from bot.story import Story
from expertise.experts import Expert
from inbox.facts import Facts
from inbox.found_need import Need
from inbox.message import Channel
from matcher.proposal import Case, Proposal
from matcher.rules import assess
from tests.accepted_cases import turn_of
from tests.mails import SHOP

QUESTION = "We zoeken iemand die met ons een verdienmodel en een meerjarenbegroting maakt."
FACTS = Facts(municipality="Eersel", province="Noord-Brabant", budget="closing", provincial_dependence=False)


def propose(story: Story, initiator: str = SHOP, channel: Channel = "mail", language: str = "nl") -> Case:
    """Open a complete case and put the best expert before an adviser; the letters wait."""
    with transaction(story.db):
        turn = turn_of(story, f"proposed:{initiator}:{story.now.isoformat()}", channel)
        case = cases.open_case(
            story.db, initiator=initiator, name="Bewoner", channel=channel, language=language, now=story.now
        )
        needs = (Need("financing", 0.9, QUESTION),)
        case = replace(case, facts=FACTS, needs=needs, eligibility=assess(FACTS).eligibility)
        cases.keep(story.db, case, QUESTION, story.now)
        return brokering.propose_next(turn, case)


def proposed(story: Story, initiator: str = SHOP, channel: Channel = "mail", language: str = "nl") -> KeptLetter:
    """The same, and the letter that asks an adviser for the decision."""
    propose(story, initiator, channel, language)
    return the_proposal(story.go_on())


def the_proposal(sent: list[KeptLetter]) -> KeptLetter:
    """The letter that puts a proposal before somebody."""
    return next(letter for letter in sent if letter.subject.startswith("Voorstel"))


def the_case(story: Story, initiator: str = SHOP) -> Case:
    """The only case of somebody, as it stands."""
    (case,) = cases.of_initiator(story.db, initiator)
    return case


def open_proposal(story: Story) -> Proposal:
    """The proposal that waits in the case."""
    found = proposals.open_of_case(story.db, the_case(story).id)
    assert found is not None
    return found


def person(story: Story, person_id: str) -> Expert:
    """Somebody of the pool."""
    found = pool.find(story.db, person_id)
    assert found is not None
    return found


def a_colleague(story: Story) -> Expert:
    """An adviser who does not have the proposal."""
    everyone = pool.everyone(story.db)
    return next(one for one in everyone if one.role == "adviser" and one.id != open_proposal(story).adviser_id)


def templates(story: Story) -> list[str]:
    """Every letter written so far, by template, in order."""
    return [row["template"] for row in story.db.query("SELECT template FROM letters ORDER BY id")]
