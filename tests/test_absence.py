"""An adviser is away: announced with proof, begun on its day, proposals go to who stands in, everybody is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.adviser import absence
from bot.channels.local_box import KeptLetter
from bot.store import absences, pool, proposals
from bot.store.database import transaction
from bot.story import Story, letter_to, reply_to
from expertise.availability import Absence, stand_in
from expertise.experts import Expert
from tests.advisers_at_work import (
    a_turn,
    adviser_of,
    ask,
    colleague_of,
    page_in,
    person,
    templates_to,
    the_proposal,
    tick,
    waiting,
)
from tests.mails import SHOP, mail
from tests.proposed_cases import proposed

DAY = timedelta(days=1)
TODAY = date(2026, 11, 16)
NEXT_WEEK = "Ik ben afwezig van 23 november tot en met 27 november."


def away(story: Story, adviser: Expert) -> list[Absence]:
    return [each.absence for each in absences.of_person(story.db, adviser.id, TODAY)]


def keep(story: Story, adviser: Expert, first: date, last: date, substitute: str = "") -> list[KeptLetter]:
    with transaction(story.db):
        absence.keep(a_turn(story, f"test:{story.now}"), Absence(adviser.id, first, last, substitute))
    return story.go_on()


def test_an_absence_from_today_on_moves_what_waits_to_the_substitute(story: Story) -> None:
    old = proposed(story)
    adviser = adviser_of(story)
    colleague = colleague_of(story, adviser)
    sent = keep(story, adviser, TODAY, TODAY + DAY, colleague.id)
    assert adviser_of(story).id == colleague.id
    assert templates_to(story, adviser.email) == ["proposal", "absence_kept", "proposals_moved"]
    assert templates_to(story, colleague.email) == ["substitute_asked", "proposal", "proposals_taken_over"]
    assert colleague.name in letter_to(sent, adviser.email).text
    new = the_proposal(sent)
    assert "Je neemt waar voor een collega." in new.text
    assert SHOP not in "".join(letter.raw.decode() for letter in sent)

    story.answer(old, "Ja, doe maar.")
    assert waiting(story).adviser_id == colleague.id, "the old secret decides nothing any more"
    story.answer(new, "Ja, doe maar.")
    assert proposals.open_of_case(story.db, 1) is None
    accepted = proposals.accepted_of_case(story.db, 1)
    assert accepted is not None
    assert accepted.adviser_id == colleague.id


def test_an_absence_later_on_begins_when_its_day_comes_and_only_once(story: Story) -> None:
    ask(story)
    adviser = adviser_of(story)
    keep(story, adviser, TODAY + 2 * DAY, TODAY + 4 * DAY)
    assert tick(story) == []
    assert adviser_of(story) == adviser
    story.later(2 * DAY)
    sent = tick(story)
    assert adviser_of(story).id != adviser.id
    assert {letter.recipient for letter in sent} == {adviser.email, adviser_of(story).email}
    assert tick(story) == []
    assert person(story, adviser.id).away_until == TODAY + 4 * DAY, "and nobody introduces who is away"
    story.later(3 * DAY)
    tick(story)
    assert person(story, adviser.id).away_until is None


def test_new_questions_pass_over_who_is_away(story: Story) -> None:
    ask(story)
    adviser = adviser_of(story)
    keep(story, adviser, TODAY, TODAY + DAY)
    story.later(timedelta(hours=1))
    ask(story, "een.ander@example.org")
    assert adviser_of(story, 2).id != adviser.id
    colleague = colleague_of(story, adviser)
    keep(story, adviser, TODAY, TODAY + DAY, colleague.id)
    ask(story, "nog.een@example.org")
    assert adviser_of(story, 3).id == colleague.id


def test_when_nobody_can_take_over_the_proposal_stays_and_the_coordinator_hears_of_it(story: Story) -> None:
    ask(story)
    adviser = adviser_of(story)
    with transaction(story.db):
        others = [one for one in pool.everyone(story.db) if one.role != "adviser" or one.id == adviser.id]
        pool.replace(story.db, others)
    sent = keep(story, adviser, TODAY, TODAY + DAY)
    assert adviser_of(story) == person(story, adviser.id)
    to_coordinator = letter_to(sent, story.wiring.settings.programme.coordinator)
    assert to_coordinator.subject.startswith(f"Voorstellen wachten op {adviser.name}")


def test_a_pool_that_is_imported_anew_forgets_no_absence(story: Story) -> None:
    adviser = colleague_of(story, person(story, "p001"))
    keep(story, adviser, TODAY, TODAY + DAY)
    with transaction(story.db):
        pool.replace(story.db, pool.everyone(story.db) and [person(story, one.id) for one in pool.everyone(story.db)])
        story.db.execute("UPDATE experts SET away_until = NULL")
    tick(story)
    assert person(story, adviser.id).away_until == TODAY + DAY


def test_a_reply_to_the_own_proposal_proves_who_is_away(story: Story) -> None:
    proposal = ask(story)
    adviser = adviser_of(story)
    colleague = colleague_of(story, adviser)
    sent = story.answer(proposal, f"{NEXT_WEEK} {colleague.name} neemt waar.")
    assert away(story, adviser) == [Absence(adviser.id, date(2026, 11, 23), date(2026, 11, 27), colleague.id)]
    assert {letter.recipient for letter in sent} == {adviser.email, colleague.email}
    assert waiting(story).state == "open"
    assert adviser_of(story) == adviser, "until the first day it stays"


def test_a_no_with_absence_as_its_reason_is_a_no(story: Story) -> None:
    proposal = ask(story)
    adviser = adviser_of(story)
    story.answer(proposal, "Nee, ik ben afwezig van 23 november tot en met 27 november.")
    assert proposals.of_case(story.db, 1)[0].state == "declined"
    assert away(story, adviser) == []


@pytest.mark.parametrize(
    "words",
    [
        "Ja, leuk! Ik ben volgende week vrij voor een gesprek.",
        "Akkoord, maar ik ben er vrijdag niet bij",
        "de expert is volgende week met verlof",
    ],
)
def test_words_about_the_proposal_keep_no_absence_and_are_asked(story: Story, words: str) -> None:
    proposal = ask(story)
    adviser = adviser_of(story)
    (asked,) = story.answer(proposal, words)
    assert away(story, adviser) == []
    assert asked.subject.startswith("We begrepen je antwoord niet")


@pytest.mark.parametrize("words", [f"Akkoord! {NEXT_WEEK}", "Prima. Ik ben er volgende week niet."])
def test_a_decision_beside_an_absence_is_not_lost_and_both_are_asked(story: Story, words: str) -> None:
    proposal = ask(story)
    adviser = adviser_of(story)
    story.answer(proposal, words)
    assert away(story, adviser) == []
    assert templates_to(story, adviser.email)[-2:] == ["absence_confirm", "unclear_answer"]
    assert waiting(story).state == "open"


def test_words_that_may_mean_being_away_are_asked_to_be_confirmed(story: Story) -> None:
    proposal = ask(story)
    adviser = adviser_of(story)
    (asked,) = story.answer(proposal, "Ik ben er volgende week niet.")
    assert page_in(asked).endswith("?van=2026-11-23&tot=2026-11-29&collega=")
    assert away(story, adviser) == []


def test_a_year_that_nobody_can_mean_is_asked_about(story: Story) -> None:
    proposal = ask(story)
    (asked,) = story.answer(proposal, "Ik ben afwezig tot 0001-01-01")
    assert asked.recipient == adviser_of(story).email
    assert [row["state"] for row in story.db.query("SELECT DISTINCT state FROM messages")] == ["handled"]


def test_a_from_line_alone_keeps_nothing_and_the_mailbox_gets_a_link(story: Story) -> None:
    adviser = person(story, "p002")
    for _ in range(5):
        sent = story.mail_arrives(mail(NEXT_WEEK, sender=adviser.email, subject="Volgende week", now=story.now))
        assert all(letter.recipient == adviser.email for letter in sent)
    assert away(story, adviser) == []
    assert templates_to(story, adviser.email) == ["absence_confirm"] * 3, "a mailbox is not to be flooded"


def test_the_link_fills_in_what_the_mail_said(story: Story) -> None:
    adviser, colleague = person(story, "p002"), person(story, "p008")
    text = f"{NEXT_WEEK} {colleague.name} vervangt mij."
    sent = story.mail_arrives(mail(text, sender=adviser.email, subject="Volgende week", now=story.now))
    assert page_in(letter_to(sent, adviser.email)).endswith("?van=2026-11-23&tot=2026-11-27&collega=p008")


def test_a_secret_of_somebody_else_proves_nothing(story: Story) -> None:
    proposal = ask(story)
    adviser = adviser_of(story)
    forger = colleague_of(story, adviser)
    forged = reply_to(proposal, NEXT_WEEK, story.now).replace(adviser.email.encode(), forger.email.encode(), 1)
    story.mail_arrives(forged)
    assert away(story, forger) == away(story, adviser) == []


def test_somebody_who_is_no_adviser_is_not_away(story: Story) -> None:
    story.mail_arrives(mail(NEXT_WEEK, sender=SHOP, subject="Volgende week", now=story.now))
    assert not any(template.startswith("absence") for template in templates_to(story, SHOP))


def test_doubt_is_asked_and_the_answer_counts(story: Story) -> None:
    adviser = person(story, "p002")
    with transaction(story.db):
        done = absence.announce(a_turn(story), adviser, "een paar weken")
    asked = letter_to(story.go_on(), adviser.email)
    assert done == "absence_unclear"
    assert away(story, adviser) == []
    story.answer(asked, "van 23 t/m 27 november")
    assert away(story, adviser) == [Absence("p002", date(2026, 11, 23), date(2026, 11, 27))]


def test_a_colleague_who_is_not_known_is_asked_for(story: Story) -> None:
    adviser = person(story, "p002")
    with transaction(story.db):
        done = absence.announce(a_turn(story), adviser, f"{NEXT_WEEK} Roodkapje neemt waar.")
    assert done == "absence_unclear"
    assert "welke collega" in letter_to(story.go_on(), adviser.email).text


def test_a_new_word_about_the_same_days_counts_and_the_old_substitute_is_released(story: Story) -> None:
    adviser = person(story, "p002")
    first, last = date(2026, 11, 23), date(2026, 11, 27)
    keep(story, adviser, first, last, "p008")
    keep(story, adviser, first, last + DAY, "p001")
    assert away(story, adviser) == [Absence("p002", first, last + DAY, "p001")]
    assert templates_to(story, person(story, "p008").email) == ["substitute_asked", "substitute_released"]
    keep(story, adviser, first, last + DAY, "p001")
    assert templates_to(story, person(story, "p001").email) == ["substitute_asked"], "the same again says nothing new"


def test_back_again(story: Story) -> None:
    ask(story)
    adviser = adviser_of(story)
    sent = keep(story, adviser, TODAY, TODAY + 4 * DAY)
    kept = next(letter for letter in sent if letter.subject.startswith("Je bent afwezig"))
    sent = story.answer(kept, "Ik ben er weer!")
    assert away(story, adviser) == []
    assert person(story, adviser.id).away_until is None
    assert letter_to(sent, adviser.email).subject == "Je bent er weer"
    assert adviser_of(story).id != adviser.id, "what a colleague took over stays there"


@pytest.mark.parametrize("words", ["Dank je wel!", "Prima!", "Top, dank je", "Ok", "Bedankt"])
def test_thanks_behind_such_a_letter_bring_no_letter(story: Story, words: str) -> None:
    adviser = person(story, "p002")
    sent = keep(story, adviser, TODAY + DAY, TODAY + 2 * DAY)
    assert story.answer(letter_to(sent, adviser.email), words) == []


def test_other_days_behind_such_a_letter_put_it_right(story: Story) -> None:
    adviser = person(story, "p002")
    sent = keep(story, adviser, TODAY + DAY, TODAY + 2 * DAY)
    story.answer(letter_to(sent, adviser.email), "Nee, van 17 tot en met 20 november")
    assert away(story, adviser) == [Absence("p002", TODAY + DAY, TODAY + 4 * DAY)]


def test_an_automatic_reply_keeps_nothing(story: Story) -> None:
    proposal = ask(story)
    adviser = adviser_of(story)
    text = f"{NEXT_WEEK} Bij spoed kunt u contact opnemen met mijn collega."
    assert story.answer(proposal, text) == []
    assert away(story, adviser) == []


def test_nobody_stands_in_for_themselves_and_time_goes_forward() -> None:
    with pytest.raises(ValueError, match="themselves"):
        Absence("a", TODAY, TODAY, "a")
    with pytest.raises(ValueError, match="before"):
        Absence("a", TODAY, TODAY - DAY)


def test_who_stands_in_today() -> None:
    days = (TODAY, TODAY + DAY)
    absences_ = [Absence("a", *days, "b"), Absence("b", *days, "c"), Absence("d", *days), Absence("e", *days, "f")]
    assert stand_in("a", absences_, TODAY) == "c"
    assert stand_in("c", absences_, TODAY) == "c"
    assert stand_in("d", absences_, TODAY) is None
    assert stand_in("e", absences_, TODAY - DAY) == "e"
    assert stand_in("e", [*absences_, Absence("f", *days, "e")], TODAY) is None
