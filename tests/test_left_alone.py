"""No adviser is there, or one has left: a proposal waits with a person and moves on; who has left decides nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.adviser import absence
from bot.brokering import put_before
from bot.channels.local_box import KeptLetter
from bot.store import absences, accounts, cases, pool, proposals
from bot.store.database import transaction
from bot.story import Story, letter_to
from expertise.availability import Absence
from expertise.experts import Expert
from tests import chat_service
from tests.accepted_cases import turn_of
from tests.advisers_at_work import (
    a_turn,
    adviser_of,
    ask,
    colleague_of,
    person,
    templates_to,
    the_proposal,
    tick,
    waiting,
)
from tests.bot_api import BotApi
from tests.channel_talk import all_letters, chat_of, says, to
from tests.chat_service import ChatService, somebody
from tests.mails import COMPLETE, SHOP, mail
from tests.proposed_cases import proposed, templates, the_case

service = chat_service.service
TODAY, LAST_DAY = date(2026, 11, 16), date(2026, 11, 20)
COORDINATOR = "coordinator@example.org"
LEFT = ("in_pool = 0, active = 0", "in_pool = 0", "active = 0", "role = 'expert'")
"""How somebody stops being an adviser: out of the pool file, or still in it."""


def advisers(story: Story) -> list[Expert]:
    return [one for one in pool.everyone(story.db) if one.role == "adviser"]


def everybody_away(story: Story) -> None:
    with transaction(story.db):
        for adviser in advisers(story):
            absences.keep(story.db, Absence(adviser.id, TODAY, LAST_DAY), story.now)


def back(story: Story, adviser: Expert) -> None:
    with transaction(story.db):
        absence.end(a_turn(story, "back"), adviser)


def leaves(story: Story, adviser: Expert, how: str = LEFT[0]) -> None:
    with transaction(story.db):
        story.db.execute(f"UPDATE experts SET {how} WHERE id = ?", [adviser.id])


def asked(story: Story) -> list[KeptLetter]:
    return story.mail_arrives(mail(COMPLETE, sender=SHOP, now=story.now))


# Nobody is there


def test_while_all_advisers_are_away_a_proposal_waits_with_the_best_one(story: Story) -> None:
    everybody_away(story)
    sent = asked(story)
    adviser = adviser_of(story)
    assert the_case(story).state == "proposed"
    assert "unserved_notice" not in templates(story)
    assert "Nu is geen enkele adviseur aan het werk." in the_proposal(sent).text
    told = letter_to(sent, COORDINATOR)
    assert told.subject == f"Voorstellen wachten op {adviser.name}"
    assert "is afwezig tot en met 20 november 2026" in told.text
    assert the_case(story).reference in told.text
    story.answer(the_proposal(sent), "Ja, doe maar.")
    assert the_case(story).state == "accepted", "who is away may decide all the same"


def test_a_no_while_all_advisers_are_away_is_no_end_either(story: Story) -> None:
    letter = ask(story)
    everybody_away(story)
    story.answer(letter, "Nee, past niet bij de vraag.")
    assert [one.state for one in proposals.of_case(story.db, 1)] == ["declined", "open"]
    assert templates_to(story, COORDINATOR) == ["proposals_stuck"]


def test_the_first_who_is_back_gets_what_waited(story: Story) -> None:
    everybody_away(story)
    old = the_proposal(asked(story))
    adviser = adviser_of(story)
    assert tick(story) == []
    colleague = colleague_of(story, adviser)
    back(story, colleague)
    story.go_on()
    new = the_proposal(tick(story))
    assert (adviser_of(story).id, new.recipient) == (colleague.id, colleague.email)
    assert templates_to(story, adviser.email)[-1] == "proposals_moved"
    story.answer(old, "Ja, doe maar.")
    assert the_case(story).state == "proposed", "the old secret decides nothing any more"
    assert tick(story) == []


def test_who_is_back_keeps_what_waited(story: Story) -> None:
    everybody_away(story)
    asked(story)
    adviser = adviser_of(story)
    for each in (adviser, colleague_of(story, adviser)):
        back(story, each)
    story.go_on()
    assert tick(story) == []
    assert adviser_of(story).id == adviser.id


def test_what_stayed_when_an_absence_began_moves_on_too(story: Story) -> None:
    ask(story)
    adviser = adviser_of(story)
    others = [one for one in advisers(story) if one.id != adviser.id]
    for one in others:
        leaves(story, one)
    with transaction(story.db):
        absence.keep(a_turn(story, "away"), Absence(adviser.id, TODAY, LAST_DAY))
    story.go_on()
    assert adviser_of(story).id == adviser.id
    assert tick(story) == []
    for one in others:
        leaves(story, one, "in_pool = 1, active = 1")
    assert the_proposal(tick(story)).recipient == adviser_of(story).email != adviser.email
    assert templates_to(story, COORDINATOR) == ["proposals_stuck"]


def test_without_any_adviser_for_the_place_the_question_is_unserved(story: Story) -> None:
    with transaction(story.db):
        story.db.execute("UPDATE experts SET regions = '[\"Limburg\"]' WHERE role = 'adviser'")
    asked(story)
    assert the_case(story).state == "unserved"
    assert templates_to(story, COORDINATOR) == ["unserved"]


# An adviser has left


@pytest.mark.parametrize("how", LEFT)
def test_who_has_left_decides_nothing_by_mail_and_hears_so(story: Story, how: str) -> None:
    letter = ask(story)
    adviser = adviser_of(story)
    leaves(story, adviser, how)
    (told,) = story.answer(letter, "Ja, doe maar.")
    assert (told.recipient, told.subject) == (adviser.email, "Een collega beslist hierover (SV-2026-0001)")
    assert waiting(story).state == "open"
    tick(story)
    (told,) = story.answer(letter, "Ja, doe maar.")
    assert (told.recipient, told.subject) == (adviser.email, "Een collega beslist hierover (SV-2026-0001)")
    assert waiting(story).state == "open"


@pytest.mark.parametrize("how", LEFT)
def test_what_waits_for_who_has_left_goes_to_a_colleague(story: Story, how: str) -> None:
    proposed(story)
    adviser = adviser_of(story)
    leaves(story, adviser, how)
    sent = tick(story)
    taker = adviser_of(story)
    assert taker.id != adviser.id
    assert {letter.recipient for letter in sent} == {taker.email}, "who has left has nothing to do with it"
    assert templates_to(story, taker.email) == ["proposal", "proposals_taken_over"]
    assert f"{adviser.name} is geen adviseur meer." in sent[-1].text + sent[0].text
    assert tick(story) == []
    story.answer(the_proposal(sent), "Ja, doe maar.")
    assert the_case(story).state == "accepted"


def test_when_everybody_has_left_the_coordinator_hears_it_once(story: Story) -> None:
    ask(story)
    adviser = adviser_of(story)
    for one in advisers(story):
        leaves(story, one)
    (told,) = tick(story)
    assert told.recipient == COORDINATOR
    assert f"{adviser.name} is geen adviseur meer." in told.text
    story.later(timedelta(days=1))
    assert tick(story) == []
    assert adviser_of(story).id == adviser.id


def test_who_has_left_decides_nothing_in_the_chat(story: Story) -> None:
    ask(story)
    adviser = adviser_of(story)
    accounts.link(story.db, chat_of(500), adviser.email, story.now)
    with transaction(story.db):
        case = cases.find(story.db, 1)
        assert case is not None
        put_before(turn_of(story, "again"), case, waiting(story), "reminder")
    leaves(story, adviser)
    says(story, 500, "Ja, doe maar.", date=int(story.now.timestamp()))
    says(story, 500, "/openstaand")
    assert waiting(story).state == "open"
    assert "open_proposals" not in [letter.template for letter in to(all_letters(story.db), chat_of(500))]


def test_who_has_left_decides_nothing_by_a_button(telegram: BotApi, service: ChatService) -> None:
    story, chat = service.story, somebody(telegram, service, "Adviseur")
    ask(story)
    adviser = adviser_of(story)
    accounts.link(story.db, f"telegram:{chat.id}", adviser.email, story.now)
    with transaction(story.db):
        put_before(turn_of(story, "again"), the_case(story), waiting(story), "reminder")
    sent = service.told(chat)[-1]
    leaves(story, adviser)
    telegram.presses(chat, sent.message_id, sent.data[0])
    assert len(service.told(chat)) == 1, "a polite answer"
    assert waiting(story).state == "open"


# An expert has left


@pytest.mark.parametrize("how", ["in_pool = 0, active = 0", "active = 0", "capacity = 0", "away_until = '2026-12-31'"])
def test_a_yes_for_an_expert_who_can_not_be_asked_any_more_shows_others(story: Story, how: str) -> None:
    letter = proposed(story)
    expert = person(story, waiting(story).expert_id)
    leaves(story, expert, how)
    (shown,) = story.answer(letter, "Ja, doe maar.")
    assert shown.subject.startswith(f"{expert.name} kan nu niet")
    assert "Er is nog niets besloten." in shown.text
    assert waiting(story).state == "open"
    story.answer(shown, "doe maar nummer 2")
    assert [one.state for one in proposals.of_case(story.db, 1)] == ["replaced", "accepted"]


def test_an_expert_with_just_this_one_question_in_hand_has_room_for_it(story: Story) -> None:
    letter = proposed(story)
    leaves(story, person(story, waiting(story).expert_id), "capacity = 1")
    story.answer(letter, "Ja, doe maar.")
    assert the_case(story).state == "accepted"
