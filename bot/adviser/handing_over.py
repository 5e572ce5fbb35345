"""Another adviser decides: a colleague by name, or whoever is right for it at an organisation. In doubt it is asked."""

from bot import brokering
from bot.adviser.buttons import colleague_choices
from bot.adviser.routing import adviser_among
from bot.store import absences, tokens
from bot.turn import Turn
from expertise.availability import unavailable_because
from expertise.experts import Expert
from expertise.named_people import people_named, people_of, the_one_named
from matcher.proposal import Case, Proposal

MOST_NAMED = 8
"""So many colleagues a letter names; the page names all."""


def colleagues(turn: Turn, proposal: Proposal) -> list[Expert]:
    """The advisers who could take this proposal over today: at work, and not the one who has it."""
    away = {absence.person_id for absence in absences.on(turn.db, turn.today)}
    return [
        person
        for person in turn.pool.experts
        if person.role == "adviser"
        and person.id not in {proposal.adviser_id, *away}
        and unavailable_because(person, 0, turn.today) in (None, "full")
    ]


def named(turn: Turn, case: Case, proposal: Proposal, words: str) -> Expert | None:
    """The colleague whom these words (a name or an id) can only mean; at an organisation, who would get it there."""
    able = colleagues(turn, proposal)
    chosen = next((one for one in able if one.id == words), None)
    if chosen is not None:
        return chosen
    at_work = people_of(words, able)
    if at_work:
        own = turn.person(proposal.adviser_id)
        if people_of(words, [own]):
            return None  # the own organisation: somebody else there, but who?
        return adviser_among(turn, case, at_work)
    return the_one_named(words, able)


def hand_over(turn: Turn, case: Case, proposal: Proposal, to: Expert) -> None:
    """Let a colleague decide, and tell the one who had the proposal."""
    own = turn.person(proposal.adviser_id)
    brokering.pass_on(turn, case, proposal, to, handed_over_by=own.name)
    turn.to_person(own, case, "handed_over", colleague_name=to.name, colleague_organisation=to.organisation)


def ask_which(turn: Turn, case: Case, proposal: Proposal, words: str) -> None:
    """Ask which colleague is meant; those whom the words may mean come first. A page asks by itself."""
    if turn.channel == "web":
        return
    able = colleagues(turn, proposal)
    alike = people_named(words, able)
    shown = (alike or able)[:MOST_NAMED]
    listed = [{"id": one.id, "name": one.name, "organisation": one.organisation} for one in shown]
    adviser = turn.person(proposal.adviser_id)
    secret = turn.invite("proposal", proposal.id, adviser.email)
    tokens.ask_which(turn.db, secret)
    buttons = colleague_choices(listed)
    turn.to_person(adviser, case, "which_colleague", secret, buttons, proposal.id, own_words=words, colleagues=listed)
