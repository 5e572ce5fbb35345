"""Whole stories by mail through the real pipeline: from a question to an introduction, and every turn aside."""

import re
from datetime import timedelta

import pytest

from bot.channels.local_box import KeptLetter
from bot.settings import Programme
from bot.store import cases, letters, messages, pool, proposals
from bot.story import Story, letter_to, reply_to
from matcher.proposal import Case
from tests.mails import COMPLETE, INCOMPLETE, NOT_CLOSING, OUTSIDE, SHOP, mail

COORDINATOR = Programme().coordinator


def templates(story: Story) -> list[str]:
    """Every letter written so far, by template, in order."""
    return [row["template"] for row in story.db.query("SELECT template FROM letters ORDER BY id")]


def only_case(story: Story) -> Case:
    (case,) = cases.of_initiator(story.db, SHOP)
    return case


def ask(story: Story, text: str, sender: str = SHOP) -> list[KeptLetter]:
    return story.mail_arrives(mail(text, sender=sender, now=story.now))


def the_proposal(sent: list[KeptLetter]) -> KeptLetter:
    return next(letter for letter in sent if letter.subject.startswith("Voorstel"))


def test_a_complete_question_becomes_an_introduction(story: Story) -> None:
    sent = ask(story, COMPLETE)
    case = only_case(story)
    assert case.state == "proposed"
    assert case.eligibility == "eligible"
    assert case.facts.municipality == "Eersel"
    assert case.needs
    assert SHOP not in the_proposal(sent).raw.decode(), "no contact details before everybody agreed"

    sent = story.answer(the_proposal(sent), "Ja, doe maar.")
    assert only_case(story).state == "accepted"
    sent = story.answer(letter_to(sent, SHOP), "Ja, dat mag.")
    case = only_case(story)
    assert (case.state, case.consent) == ("introduced", True)
    accepted = proposals.accepted_of_case(story.db, case.id)
    assert accepted is not None
    expert = pool.find(story.db, accepted.expert_id)
    assert expert is not None
    to_expert = letter_to(sent, expert.email)
    assert SHOP in to_expert.text
    introduction = next(letter for letter in sent if expert.email in letter.text)
    assert introduction.recipient == SHOP


def test_missing_facts_are_asked_together_and_the_answer_goes_on(story: Story) -> None:
    sent = ask(story, INCOMPLETE)
    assert only_case(story).state == "asking"
    question = letter_to(sent, SHOP)
    assert all(word in question.text for word in ("gemeente", "begroting", "provincie", "weet ik niet"))
    answer = "1. In Oss\n2. Ja, de begroting sluit\n3. Nee, geen subsidie van de provincie\n4. Ja, delen mag"
    sent = story.answer(question, answer)
    case = only_case(story)
    assert (case.state, case.consent) == ("proposed", True)
    assert (case.facts.municipality, case.facts.budget, case.facts.provincial_dependence) == ("Oss", "closing", False)
    sent = story.answer(the_proposal(sent), "JA")
    assert only_case(story).state == "introduced", "consent was given already: nothing more to ask"
    assert "consent_request" not in templates(story)


def test_without_consent_the_expert_gets_no_address(story: Story) -> None:
    sent = ask(story, COMPLETE)
    sent = story.answer(the_proposal(sent), "Ja")
    sent = story.answer(letter_to(sent, SHOP), "Nee, liever niet.")
    case = only_case(story)
    assert (case.state, case.consent) == ("introduced", False)
    to_others = [letter for letter in sent if letter.recipient != SHOP]
    assert to_others
    assert not any(SHOP in letter.raw.decode() for letter in to_others)


def test_a_refusal_goes_to_the_next_expert_with_the_reason_kept(story: Story) -> None:
    first = the_proposal(ask(story, COMPLETE))
    sent = story.answer(first, "Nee, te druk.")
    case = only_case(story)
    declined, following = proposals.of_case(story.db, case.id)
    assert (declined.state, declined.reason) == ("declined", "te druk")
    assert following.state == "open"
    assert following.expert_id != declined.expert_id
    assert the_proposal(sent).name != first.name


def test_another_expert_by_number_is_a_yes_for_that_one(story: Story) -> None:
    sent = ask(story, COMPLETE)
    story.answer(the_proposal(sent), "Doe maar nummer 2")
    replaced, chosen = proposals.of_case(story.db, only_case(story).id)
    assert (replaced.state, chosen.state) == ("replaced", "accepted")
    assert only_case(story).state == "accepted"


def test_doubt_is_asked_back_and_decides_nothing(story: Story) -> None:
    sent = ask(story, COMPLETE)
    sent = story.answer(the_proposal(sent), "Misschien. Wat kost het?")
    assert only_case(story).state == "proposed"
    assert templates(story)[-1] == "unclear_answer"
    story.answer(sent[0], "Ja")
    assert only_case(story).state == "accepted", "the letter that asks back carries a way to decide"


def test_one_decision_whatever_arrives(story: Story) -> None:
    proposal = the_proposal(ask(story, COMPLETE))
    story.answer(proposal, "Ja")
    story.answer(proposal, "Nee, toch niet")
    story.later(timedelta(hours=1))
    story.answer(proposal, "Ja")
    (kept,) = proposals.of_case(story.db, only_case(story).id)
    assert kept.state == "accepted"
    assert templates(story).count("already_decided") == 2
    assert templates(story).count("consent_request") == 1


def test_somebody_elses_mail_with_the_secret_decides_nothing(story: Story) -> None:
    proposal = the_proposal(ask(story, COMPLETE))
    forged = reply_to(proposal, "Ja", story.now).replace(proposal.recipient.encode(), b"vreemde@example.org", 1)
    sent = story.mail_arrives(forged)
    assert only_case(story).state == "proposed"
    assert {letter.recipient for letter in sent} == {proposal.recipient}, "a stranger hears nothing, the adviser does"
    assert "Was jij dat?" in sent[0].text


def test_an_advisers_address_without_the_secret_decides_nothing(story: Story) -> None:
    proposal = the_proposal(ask(story, COMPLETE))
    story.mail_arrives(mail("Ja, doe maar", sender=proposal.recipient, subject="Re: voorstel", now=story.now))
    assert only_case(story).state == "proposed"


def test_a_budget_that_does_not_close_goes_to_the_coordinator(story: Story) -> None:
    sent = ask(story, NOT_CLOSING)
    assert only_case(story).state == "review"
    assert "afwijz" not in letter_to(sent, SHOP).text.replace("geen afwijzing", "")
    sent = story.answer(letter_to(sent, COORDINATOR), "JA")
    assert only_case(story).state == "proposed"
    assert templates(story).count("proposal") == 1


def test_a_coordinators_no_sends_the_initiator_nothing(story: Story) -> None:
    sent = ask(story, NOT_CLOSING)
    sent = story.answer(letter_to(sent, COORDINATOR), "Nee, ik bel ze zelf")
    assert only_case(story).state == "closed"
    assert all(letter.recipient == COORDINATOR for letter in sent)


def test_outside_noord_brabant_is_a_friendly_referral(story: Story) -> None:
    sent = ask(story, OUTSIDE)
    assert only_case(story).state == "referred"
    assert [letter.recipient for letter in sent] == [SHOP]


def test_automatic_mail_and_our_own_are_never_answered(story: Story) -> None:
    away = mail(
        "Ik ben afwezig tot maandag.", subject="Automatisch antwoord", now=story.now, Auto_Submitted="auto-replied"
    )
    assert story.mail_arrives(away) == []
    own = mail(COMPLETE, sender="socialeveerkracht@example.org", now=story.now)
    assert story.mail_arrives(own) == []
    assert messages.counts_by_state(story.db) == {"handled": 2}


def test_our_own_letter_coming_back_starts_no_loop(story: Story) -> None:
    for letter in ask(story, COMPLETE):
        assert story.mail_arrives(letter.raw) == []
    assert len(cases.of_initiator(story.db, SHOP)) == 1


def test_the_same_mail_twice_is_one_case(story: Story) -> None:
    raw = mail(COMPLETE, now=story.now)
    story.mail_arrives(raw)
    assert story.mail_arrives(b"Received: from elsewhere\r\n" + raw) == []
    assert len(cases.of_initiator(story.db, SHOP)) == 1


def test_an_unreadable_mail_is_quarantined_and_blocks_nothing(story: Story) -> None:
    story.mail_arrives(b"")
    ask(story, COMPLETE)
    assert only_case(story).state == "proposed", "the next mail went on"
    for _ in range(3):
        story.later(timedelta(minutes=5))
        sent = story.go_on()
    assert messages.counts_by_state(story.db)["quarantined"] == 1
    assert templates(story).count("quarantined") == 1
    del sent


def test_status_withdraw_and_a_late_decision(story: Story) -> None:
    proposal = the_proposal(ask(story, COMPLETE))
    confirmation = letters.of_case(story.db, only_case(story).id)[0]
    sent = ask(story, "Hallo, drie weken geleden stuurden wij een vraag in. Hoe staat het ermee?")
    assert only_case(story).reference in letter_to(sent, SHOP).text
    withdraw = mail(
        "Wij trekken onze vraag in. Het gaat niet door, bedankt voor de moeite.",
        now=story.now,
        In_Reply_To=confirmation.message_id,
    )
    sent = story.mail_arrives(withdraw)
    assert only_case(story).state == "withdrawn"
    assert {letter.recipient for letter in sent} == {SHOP, proposal.recipient}
    story.answer(proposal, "Ja")
    assert only_case(story).state == "withdrawn"
    assert templates(story)[-1] == "already_decided"


def test_a_reply_to_our_question_may_stop_the_case(story: Story) -> None:
    question = letter_to(ask(story, INCOMPLETE), SHOP)
    story.answer(question, "Wij trekken onze vraag in. Het gaat niet door, bedankt voor de moeite.")
    assert only_case(story).state == "withdrawn"


def test_what_somebody_does_not_know_is_not_asked_again(story: Story) -> None:
    question = letter_to(ask(story, INCOMPLETE), SHOP)
    sent = story.answer(question, "1. In Oss\n2. Weet ik niet\n3. Weet ik niet\n4. Ja, delen mag")
    case = only_case(story)
    assert (case.state, case.facts.municipality, case.consent) == ("review", "Oss", True)
    assert {letter.recipient for letter in sent} == {SHOP, COORDINATOR}


def test_when_nobody_fits_a_person_hears_it(story: Story) -> None:
    story.db.execute("UPDATE experts SET capacity = 0")
    sent = ask(story, COMPLETE)
    assert only_case(story).state == "unserved"
    assert {letter.recipient for letter in sent} == {SHOP, COORDINATOR}


def test_every_letter_says_it_is_automatic_and_stays_in_the_thread(story: Story) -> None:
    raw = mail(COMPLETE, now=story.now)
    asked = re.search(rb"Message-ID: (<[^>]+>)", raw)
    assert asked is not None
    for letter in story.mail_arrives(raw):
        head = letter.raw.decode()
        assert "Auto-Submitted: auto-" in head
        assert (f"In-Reply-To: {asked[1].decode()}" in head) == (letter.recipient == SHOP)


@pytest.mark.parametrize("words", ["", "   \n", "🙂🙂🙂"])
def test_a_mail_that_says_nothing_gets_a_kind_question_or_silence_but_no_failure(story: Story, words: str) -> None:
    ask(story, words)
    assert messages.counts_by_state(story.db) == {"handled": 1}
