"""What advisers do in stories about who gets a proposal and who is away, for tests."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import flow
from bot.channels.local_box import KeptLetter
from bot.pool_vectors import PoolShelf
from bot.store import pool, proposals
from bot.story import Story
from bot.turn import Turn
from expertise.experts import Expert
from matcher.proposal import Proposal
from tests.mails import COMPLETE, SHOP, mail

PAGE = re.compile(r"http://127\.0\.0\.1:8080(/adviseur/[\w.=-]+(?:\?[\w=&-]*)?)")


def ask(story: Story, sender: str = SHOP) -> KeptLetter:
    """Somebody asks; returns the proposal that leaves because of it."""
    return the_proposal(story.mail_arrives(mail(COMPLETE, sender=sender, now=story.now)))


def the_proposal(sent: Sequence[KeptLetter]) -> KeptLetter:
    return next(letter for letter in sent if letter.subject.startswith("Voorstel"))


def waiting(story: Story, case_id: int = 1) -> Proposal:
    """The proposal that waits in a case."""
    found = proposals.open_of_case(story.db, case_id)
    assert found is not None
    return found


def adviser_of(story: Story, case_id: int = 1) -> Expert:
    """The adviser who has the proposal of a case."""
    return person(story, waiting(story, case_id).adviser_id)


def person(story: Story, expert_id: str) -> Expert:
    found = pool.find(story.db, expert_id)
    assert found is not None
    return found


def colleague_of(story: Story, adviser: Expert) -> Expert:
    """Another adviser, who was not the next choice."""
    others = [one for one in pool.everyone(story.db) if one.role == "adviser" and one.id != adviser.id]
    return others[-1]


def a_turn(story: Story, cause: str = "test") -> Turn:
    """A turn of the story; open a transaction around what is done in it."""
    return Turn(story.db, story.wiring, PoolShelf(story.wiring.encoder).current(story.db), story.now, cause)


def tick(story: Story) -> list[KeptLetter]:
    """The clock comes by; returns the letters that leave because of it."""
    flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    return story.go_on()


def templates_to(story: Story, address: str) -> list[str]:
    """The templates of every mail to one address, in order."""
    sql = "SELECT template FROM letters WHERE recipient = ? AND channel = 'mail' ORDER BY id"
    return [row["template"] for row in story.db.query(sql, [address])]


def page_in(letter: KeptLetter) -> str:
    """The path of the adviser's own page in a letter."""
    found = PAGE.search(letter.text)
    assert found is not None, letter.text
    return found[1]
