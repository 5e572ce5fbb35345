"""What an initiator tells of health, numbers and addresses reaches no adviser and no expert, by letter or page."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from bot.letter_sample_facts import SAMPLE
from bot.letters import write_letter
from bot.store import cases
from bot.story import Story, letter_to
from tests.channel_talk import all_letters
from tests.mails import COMPLETE, SHOP, mail

SECRETS = {"111222333", "NL91ABNA0417164300", "06-12345678", "Kerkstraat 7", "schizofrenie", "lithium"}
TOLD = COMPLETE.replace(
    "We zoeken iemand die met ons een verdienmodel en een meerjarenbegroting maakt.",
    "We zoeken iemand die met ons een verdienmodel en een meerjarenbegroting maakt, ook omdat mijn zoon"
    " schizofrenie heeft en lithium slikt. Bel 06-12345678 of kom op Kerkstraat 7. Mijn BSN is 111222333, rekening"
    " NL91ABNA0417164300.",
)


def secrets_in(text: str) -> set[str]:
    plain = re.sub(r"\s+", " ", text)
    return {each for each in SECRETS if each in plain}


def test_no_letter_to_others_tells_it(story: Story) -> None:
    sent = story.mail_arrives(mail(TOLD, now=story.now))
    (case,) = cases.of_initiator(story.db, SHOP)
    assert secrets_in(cases.question_of(story.db, case.id)) == SECRETS, "the case keeps what was written"
    others = [letter for letter in sent if letter.recipient != SHOP]
    assert others, [letter.text for letter in sent]
    asked = story.answer(others[0], "Kun je vragen wat er al is?")
    question = letter_to(asked, SHOP)
    others += story.answer(question, f"Er is al een plan. {TOLD.splitlines()[4]}")
    told = [letter for letter in others if letter.recipient != SHOP]
    assert len(told) > 1
    assert [letter.subject for letter in told if secrets_in(letter.text)] == []
    assert [each.template for each in all_letters(story.db) if each.recipient != SHOP and secrets_in(each.html)] == []


def test_the_page_for_the_adviser_does_not_tell_it_either(story: Story, browser: TestClient) -> None:
    sent = story.mail_arrives(mail(TOLD, now=story.now))
    (proposal,) = (letter for letter in sent if letter.recipient != SHOP)
    (link,) = set(re.findall(r"/besluit/[\w.=-]+", proposal.text))
    page = browser.get(link)
    assert page.status_code == 200
    assert secrets_in(page.text) == set()


@pytest.mark.parametrize("name", ["initiative", "municipality", "own_words", "question"])
def test_what_a_template_forgets_is_masked_all_the_same(name: str) -> None:
    facts = {**SAMPLE, name: "bel 06-12345678"}
    for template in ("proposal", "unclear_answer", "question_passed_on"):
        letter = write_letter(template, key="k", recipient="adviseur@example.org", language="nl", **facts)
        assert secrets_in(letter.text + letter.subject) == set()
