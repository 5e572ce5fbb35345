"""Nobody decides on a proposal of oneself as the expert, as long as another adviser is there."""

from __future__ import annotations

from datetime import date

from bot.adviser.routing import adviser_for
from bot.store import absences, pool, proposals
from bot.store.database import transaction
from bot.story import Story
from expertise.availability import Absence
from expertise.experts import Expert
from matcher.routing import Routed
from tests.accepted_cases import turn_of
from tests.advisers_at_work import tick
from tests.proposed_cases import open_proposal, person, propose, proposed, the_case


def two_advisers(story: Story) -> tuple[Expert, Expert]:
    """Let the best expert for the sample question be one of two advisers, and the one who suits it best at that."""
    propose(story, "eerder@example.org")
    story.go_on()
    (before,) = proposals.of_case(story.db, 1)
    other = next(one for one in pool.everyone(story.db) if one.role == "adviser" and one.id != before.expert_id)
    story.db.execute("UPDATE experts SET role = 'expert' WHERE id != ?", [other.id])
    everywhere = "regions = '[\"Noord-Brabant\"]'"
    sql = f"UPDATE experts SET role = 'adviser', organisation = ?, capacity = 9, {everywhere} WHERE id = ?"
    story.db.execute(sql, ["Zet", before.expert_id])
    story.db.execute(sql, ["Zorgbelang", other.id])
    return person(story, before.expert_id), person(story, other.id)


def routed(story: Story, expert: Expert) -> Routed | None:
    with transaction(story.db):
        return adviser_for(turn_of(story, "routed"), the_case(story), expert_id=expert.id)


def test_the_best_expert_does_not_decide_on_the_own_proposal(story: Story) -> None:
    expert, other = two_advisers(story)
    letter = proposed(story)
    waiting = open_proposal(story)
    assert (waiting.expert_id, waiting.adviser_id) == (expert.id, other.id)
    assert letter.recipient == other.email
    with transaction(story.db):
        by_anybody = adviser_for(turn_of(story, "anybody"), the_case(story))
    assert by_anybody is not None
    assert by_anybody.adviser.id == expert.id, "of another's proposal this would be the adviser"


def test_a_second_line_of_the_same_person_is_the_same_person(story: Story) -> None:
    expert, other = two_advisers(story)
    propose(story)
    story.db.execute("UPDATE experts SET email = upper(?) WHERE id = ?", [expert.email, other.id])
    found = routed(story, expert)
    assert found is not None, "nobody else is there: it is better put before oneself than before nobody"
    assert found.adviser.id == expert.id


def test_where_nobody_else_is_there_the_expert_decides_after_all(story: Story) -> None:
    expert, other = two_advisers(story)
    propose(story)
    story.db.execute("UPDATE experts SET active = 0 WHERE id = ?", [other.id])
    found = routed(story, expert)
    assert found is not None
    assert found.adviser.id == expert.id


def test_when_the_adviser_goes_away_it_goes_to_a_third_one(story: Story) -> None:
    expert, other = two_advisers(story)
    propose(story)
    third = next(one for one in pool.everyone(story.db) if one.id not in (expert.id, other.id))
    sql = "UPDATE experts SET role = 'adviser', active = 1, regions = '[\"Noord-Brabant\"]' WHERE id = ?"
    story.db.execute(sql, [third.id])
    with transaction(story.db):
        absences.keep(story.db, Absence(other.id, date(2026, 11, 16), date(2026, 11, 20)), story.now)
    tick(story)
    assert open_proposal(story).adviser_id == third.id
