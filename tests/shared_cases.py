"""Cases that were introduced, with a name and a place, for tests about sharing. No tests live here."""

from dataclasses import replace

from bot import brokering
from bot.case_told import told_of
from bot.store import cases, proposals
from bot.store.database import transaction
from bot.story import Story
from inbox.found_need import Need
from inbox.message import Channel
from matcher.proposal import Case
from tests.accepted_cases import FACTS, accepted_case, case_now, turn_of


def introduced_case(
    story: Story,
    initiator: str,
    *,
    name: str = "",
    municipality: str = "Oss",
    question: str = "Wie helpt ons met een verdienmodel voor de buurttuin?",
    need: str = "financing",
    channel: Channel = "mail",
    language: str = "nl",
) -> Case:
    """A case whose initiator was introduced to an expert, with its question read by the model."""
    case = accepted_case(story, initiator, channel, language)
    proposal = proposals.accepted_of_case(story.db, case.id)
    assert proposal is not None
    with transaction(story.db):
        turn = turn_of(story, f"introduced:{case.id}", channel)
        facts = replace(FACTS, initiative=name or None, municipality=municipality, phase=3)
        case = replace(case, facts=facts, needs=(Need(need, 0.9, question),), consent=True)
        cases.keep(story.db, case, question, story.now)
        told_of(story.db, story.wiring, case)
        brokering.introduce(turn, case, proposal)
    return case_now(story, case)
